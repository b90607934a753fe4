"""Why somebody can be rated later than others, or not at all (R1.11, R7.8, R7.13). Rows are kept, never deleted.

What counts today stands on the record as well (`Appraisal.extended_until`, `Appraisal.not_rated`), written in the
same transaction, so that lists and counts ask nothing more.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from appraisals.models.appraisal import Appraisal, NotRatedReason
from orgchart.models import Person


class SituationKind(models.TextChoices):
    """R7.13: who does no work under their plan, or another's, for a time."""

    UNION_TIME = "union_time", "Union representative on 100% official time"
    MILITARY = "military", "Military duty"
    ABSENCE = "absence", "Long absence"
    ASSIGNMENT = "assignment", "Assignment to another organization (IPA)"
    TRAINING = "training", "Long-term training"
    INJURY = "injury", "Workers’ compensation"


class SituationQuerySet(models.QuerySet["Situation"]):
    def standing(self) -> SituationQuerySet:
        return self.filter(removed_at__isnull=True)


class Situation(models.Model):
    """A time in which an employee is specially situated. `ends_on` None: nobody knows yet.

    Entered wrongly it is removed, which keeps it and says who did so.
    """

    employee = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="situations")
    kind = models.CharField(max_length=12, choices=SituationKind.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    removed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    objects = SituationQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=SituationKind.values), name="situation_is_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="situation_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="removed_situation_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class ExtensionReason(models.TextChoices):
    """What an appraisal period is extended for (R1.11)."""

    FEW_DAYS = "few_days", "Too few days under an approved plan by the end of the cycle"
    INFORMATION = "information", "Information that matters for the rating is about to arrive"
    AWAY = "away", "The employee is away"
    OTHER = "other", "Another reason"


class ExtensionState(models.TextChoices):
    ASKED = "asked", "Asked for"
    GRANTED = "granted", "Granted"
    DECLINED = "declined", "Declined"
    ENDED = "ended", "Taken back"


class Extension(models.Model):
    """One employee's appraisal period goes on until a later day. `authority`: who approved it."""

    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="extensions")
    until = models.DateField()
    reason = models.CharField(max_length=12, choices=ExtensionReason.choices)
    explanation = models.TextField()
    state = models.CharField(max_length=8, choices=ExtensionState.choices)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    authority = models.CharField(max_length=200, blank=True)
    decided_on = models.DateField(null=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ExtensionState.values), name="extension_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=ExtensionReason.values), name="extension_reason_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=ExtensionState.ASKED, decided_by__isnull=True)
                | Q(
                    ~Q(state=ExtensionState.ASKED),
                    decided_by__isnull=False,
                    decided_on__isnull=False,
                    decided_at__isnull=False,
                ),
                name="decided_extension_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExtensionState.GRANTED) | ~Q(authority=""),
                name="granted_extension_has_its_authority",
            ),
            models.UniqueConstraint(
                fields=["appraisal"],
                condition=Q(state=ExtensionState.ASKED),
                name="one_extension_is_asked_for_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["appraisal"],
                condition=Q(state=ExtensionState.GRANTED),
                name="one_extension_holds_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} until {self.until}"

    def get_absolute_url(self) -> str:
        return reverse("extension_decide", args=[self.pk])


class NotRated(models.Model):
    """A year that ends without a rating of record. Undone, it stays and says why."""

    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="closings")
    reason = models.CharField(max_length=12, choices=NotRatedReason.choices)
    explanation = models.TextField(blank=True)
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()
    undone_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_why = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=NotRatedReason.values), name="not_rated_has_a_known_reason"
            ),
            models.UniqueConstraint(
                fields=["appraisal"],
                condition=Q(undone_at__isnull=True),
                name="a_year_is_closed_once",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True, undone_why="")
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_why="")),
                name="undone_closing_says_by_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"not rated: {self.reason}"
