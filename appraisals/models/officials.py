"""Who rates and who reviews a record, since when; who drafts for a rating official, and until when."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from orgchart import clock
from orgchart.chain import hr_patterns
from orgchart.models import Assignment, Person


class Office(models.TextChoices):
    """The two columns of a record that name an official; the values are the columns' names."""

    RATING_OFFICIAL = "rating_official", "Rating official"
    HIGHER_LEVEL_REVIEWER = "higher_level_reviewer", "Higher level reviewer"


class OfficialChange(models.Model):
    """An office of a record went from one person to another (R9.9). Rows are only ever added.

    The record's columns hold who it is now; these rows hold everybody before, so that who it was on a
    day has one answer. `effective_on`: the first day of the successor. `event` says who did it and why.
    """

    appraisal = models.ForeignKey(
        "appraisals.Appraisal", on_delete=models.PROTECT, related_name="official_changes"
    )
    office = models.CharField(max_length=24, choices=Office.choices)
    former = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    successor = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    effective_on = models.DateField()
    event = models.ForeignKey(
        "appraisals.AppraisalEvent", on_delete=models.PROTECT, related_name="official_changes"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(office__in=Office.values), name="office_is_known"),
            models.UniqueConstraint(
                fields=["event", "office"], name="an_event_changes_an_office_once"
            ),
            models.CheckConstraint(
                condition=(Q(former__isnull=False) | Q(successor__isnull=False))
                & ~Q(former=F("successor")),
                name="an_office_goes_to_somebody_else",
            ),
            models.CheckConstraint(
                condition=~Q(office="rating_official")
                | Q(former__isnull=False, successor__isnull=False),
                name="somebody_always_rates",
            ),
        ]

    def __str__(self) -> str:
        return f"{Office(self.office).label} from {self.effective_on}"


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def in_force(self, on: dt.date) -> DelegationQuerySet:
        """While both work here."""
        agreed = self.filter(ended_at__isnull=True, starts_on__lte=on, ends_on__gte=on)
        held = Assignment.objects.on(on)
        return agreed.filter(
            Exists(held.filter(employee=OuterRef("principal"))),
            Exists(held.filter(employee=OuterRef("delegate"))),
        )

    def not_over(self, on: dt.date) -> DelegationQuerySet:
        """In force, or still to begin."""
        return self.filter(ended_at__isnull=True, ends_on__gte=on)

    def visible_to(self, user: Person) -> DelegationQuerySet:
        """Both sides, and HR where the rating official works or worked last."""
        today = clock.today()
        newest = (
            Assignment.objects.filter(employee=OuterRef("principal"), starts_on__lte=today)
            .order_by("-starts_on")
            .annotate(inside=Q(organization__path__under=hr_patterns(user.pk, today)))
            .values("inside")[:1]
        )
        in_scope = Q(Subquery(newest, output_field=models.BooleanField()))
        return self.filter(Q(principal=user) | Q(delegate=user) | in_scope)

    def with_people(self) -> DelegationQuerySet:
        return self.select_related("principal", "delegate", "made_by", "ended_by")


class Delegation(models.Model):
    """`delegate` drafts for `principal`, the rating official, from `starts_on` to `ends_on` (R8.4).

    It reaches every record the principal rates, and never a step: what a delegate writes says for whom.
    Ended early it ends at that moment, whatever the days say.
    """

    principal = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, related_name="delegations_given"
    )
    delegate = models.ForeignKey(
        "orgchart.Person",
        on_delete=models.PROTECT,
        related_name="delegations_held",
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=500)
    made_by = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=500, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(principal=F("delegate")), name="nobody_drafts_for_themselves"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="a_delegation_ends_after_its_start"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_delegation_has_its_reason"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end_reason="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason=""),
                name="an_early_end_says_who_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"Delegation {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("delegation_detail", args=[self.pk])

    def covers(self, day: dt.date) -> bool:
        """It held on this day, or on a part of it."""
        ended_on = timezone.localdate(self.ended_at) if self.ended_at else self.ends_on
        return self.starts_on <= day <= min(self.ends_on, ended_on)

    def is_in_force(self, on: dt.date) -> bool:
        return self.ended_at is None and self.starts_on <= on <= self.ends_on
