"""An employee's word against their rating of record: asked for, or only put on record (R7.11, R11)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from appraisals.models.rating import RatingAmendment, RatingOfRecord
from appraisals.models.scope import hr_paths, under_paths
from orgchart.models import Person


class DisagreementKind(models.TextChoices):
    RECONSIDERATION = "reconsideration", "Request to look at the rating again"
    STATEMENT = "statement", "Disagreement put on record"


class DisagreementState(models.TextChoices):
    WAITING = "waiting", "Waits for an answer"
    STANDS = "stands", "Answered: the rating stands"
    CHANGED = "changed", "Answered: the rating was changed"
    WITHDRAWN = "withdrawn", "Withdrawn by the employee"
    ON_RECORD = "on_record", "On record"


ANSWERED = (DisagreementState.STANDS, DisagreementState.CHANGED)


class DisagreementQuerySet(models.QuerySet["Disagreement"]):
    def visible_to(self, user: Person) -> DisagreementQuerySet:
        """The employee, the two officials of the record, HR in scope; nobody who acts for one of them."""
        seen = (
            Q(rating__appraisal__employee=user)
            | Q(rating__appraisal__rating_official=user)
            | Q(rating__appraisal__higher_level_reviewer=user)
        )
        paths = hr_paths(user)
        if paths:
            seen |= under_paths(paths, "rating__appraisal__organization__path")
        return self.filter(seen)

    def waiting(self) -> DisagreementQuerySet:
        return self.filter(state=DisagreementState.WAITING)

    def standing(self) -> DisagreementQuerySet:
        return self.exclude(state=DisagreementState.WITHDRAWN)

    def with_people(self) -> DisagreementQuerySet:
        return self.select_related(
            "policy",
            "filed_by",
            "answered_by",
            "amendment",
            "rating__appraisal__cycle",
            "rating__appraisal__organization",
            "rating__appraisal__employee",
            "rating__appraisal__rating_official",
            "rating__appraisal__higher_level_reviewer",
        )


class Disagreement(models.Model):
    """`filed_on` is the day it was said or received, `filed_at` when it was entered. Rows are never deleted."""

    rating = models.ForeignKey(
        RatingOfRecord, on_delete=models.PROTECT, related_name="disagreements"
    )
    policy = models.ForeignKey(
        "appraisals.PolicyEdition", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=16, choices=DisagreementKind.choices)
    state = models.CharField(max_length=12, choices=DisagreementState.choices)
    text = models.TextField()
    filed_on = models.DateField()
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(null=True)
    answer = models.TextField(blank=True)
    authority = models.CharField(max_length=200, blank=True)
    answered_on = models.DateField(null=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    amendment = models.OneToOneField(
        RatingAmendment, on_delete=models.PROTECT, null=True, related_name="disagreement"
    )

    objects = DisagreementQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=DisagreementKind.values), name="disagreement_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind=DisagreementKind.RECONSIDERATION,
                    state__in=["waiting", "stands", "changed", "withdrawn"],
                    due_on__isnull=False,
                )
                | Q(kind=DisagreementKind.STATEMENT, state__in=["on_record", "withdrawn"]),
                name="only_a_request_is_answered",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=ANSWERED, answered_on__isnull=False, answered_by__isnull=False
                )
                & ~Q(authority="")
                & ~Q(answer="")
                | (~Q(state__in=ANSWERED) & Q(answered_on__isnull=True)),
                name="an_answer_says_who_decided_when_and_why",
            ),
            models.CheckConstraint(
                condition=Q(state=DisagreementState.CHANGED, amendment__isnull=False)
                | (~Q(state=DisagreementState.CHANGED) & Q(amendment__isnull=True)),
                name="a_changed_rating_is_an_amendment",
            ),
            models.UniqueConstraint(
                fields=["rating", "kind"],
                condition=~Q(state=DisagreementState.WITHDRAWN),
                name="one_disagreement_of_a_kind",
            ),
        ]
        indexes = [
            models.Index("due_on", condition=Q(state="waiting"), name="disagreement_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("disagreement_detail", args=[self.pk])
