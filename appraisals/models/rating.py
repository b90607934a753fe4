"""The official yearly rating, and what changed it since. Rows are only ever added (R11.5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from appraisals.models.appraisal import Appraisal
from orgchart.models import Person


def current_of(field: str, rating: str = "") -> Coalesce:
    """A field of what counts today, for a queryset of ratings or one from which `rating` leads to them."""
    path = f"{rating}__" if rating else ""
    newest = RatingAmendment.objects.filter(rating=OuterRef(f"{path}pk")).order_by("-version")
    return Coalesce(Subquery(newest.values(field)[:1]), F(f"{path}{field}"))


class RatingOfRecordQuerySet(models.QuerySet["RatingOfRecord"]):
    def with_record(self) -> RatingOfRecordQuerySet:
        """With the people of its record."""
        return self.select_related(
            "appraisal__organization",
            "appraisal__employee",
            "appraisal__cycle",
            "appraisal__rating_official",
            "appraisal__higher_level_reviewer",
        )

    def with_current(self) -> RatingOfRecordQuerySet:
        """Adds `current_level`, `current_sum`, `current_count`: what `current_rating` says, in SQL."""
        return self.annotate(
            current_level=current_of("level"),
            current_sum=current_of("rated_sum"),
            current_count=current_of("rated_count"),
        )


class RatingOfRecord(models.Model):
    """The official yearly rating, with what it was computed from (R12.7). Final when issued (R7.11)."""

    appraisal = models.OneToOneField(
        Appraisal, on_delete=models.PROTECT, related_name="rating_of_record"
    )
    level = models.PositiveSmallIntegerField()
    rated_sum = models.PositiveSmallIntegerField()
    rated_count = models.PositiveSmallIntegerField()
    effective_on = models.DateField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    content_destroyed_on = models.DateField(
        null=True, help_text="Replaced by an amendment and destroyed (R13.2): the fact is left"
    )

    objects = RatingOfRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=[1, 3, 5], content_destroyed_on__isnull=True)
                | Q(level=0, rated_sum=0, content_destroyed_on__isnull=False),
                name="level_is_5_3_or_1",
            ),
            models.CheckConstraint(
                condition=Q(rated_count__gte=1, content_destroyed_on__isnull=True)
                | Q(rated_count=0, content_destroyed_on__isnull=False),
                name="something_was_rated",
            ),
        ]

    def __str__(self) -> str:
        return f"Rating of record {self.level}"


class AmendmentReason(models.TextChoices):
    """What changed an issued rating (R11.5)."""

    INFORMAL = "informal", "Informal request"
    GRIEVANCE = "grievance", "Grievance"
    EEO = "eeo", "Equal employment opportunity"
    SETTLEMENT = "settlement", "Settlement"
    CORRECTION = "correction", "Correction"


class RatingAmendment(models.Model):
    """A changed rating beside the original, which stays as it was."""

    rating = models.ForeignKey(RatingOfRecord, on_delete=models.PROTECT, related_name="amendments")
    version = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField()
    rated_sum = models.PositiveSmallIntegerField()
    rated_count = models.PositiveSmallIntegerField()
    levels = models.JSONField(help_text="Of the elements, in their order; 0 is not rated")
    reason = models.CharField(max_length=12, choices=AmendmentReason.choices)
    authority = models.CharField(max_length=200)
    explanation = models.TextField(
        blank=True, help_text="What the decision says; the employee reads it"
    )
    approved_by = models.CharField(
        max_length=200, blank=True, help_text="Who approved a rating of Unacceptable (R8.1)"
    )
    decided_on = models.DateField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    content_destroyed_on = models.DateField(null=True, help_text="As of a rating of record")

    class Meta:
        ordering = ["rating", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["rating", "version"], name="versions_of_a_rating_count_up"
            ),
            models.CheckConstraint(condition=Q(version__gte=2), name="an_amendment_comes_after"),
            models.CheckConstraint(
                condition=Q(
                    level__in=[1, 3, 5], rated_count__gte=1, content_destroyed_on__isnull=True
                )
                | Q(
                    level=0,
                    rated_sum=0,
                    rated_count=0,
                    levels=[],
                    content_destroyed_on__isnull=False,
                ),
                name="an_amended_rating_is_a_rating",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=AmendmentReason.values),
                name="an_amendment_has_a_known_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.version} of a rating"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What changes a rating: who decided what, and why. `levels` of all elements in their order, 0 for not rated."""

    levels: Sequence[int]
    reason: AmendmentReason
    authority: str
    decided_on: dt.date
    explanation: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class CurrentRating:
    """What counts today: the newest amendment, else the rating as it was issued, which is version 1.

    A changed rating takes effect on the day of the rating that it replaces.
    """

    rating: RatingOfRecord
    amendment: RatingAmendment | None
    level: int
    rated_sum: int
    rated_count: int

    @property
    def effective_on(self) -> dt.date:
        return self.rating.effective_on

    @property
    def version(self) -> int:
        return self.amendment.version if self.amendment else 1


def current_rating(rating: RatingOfRecord) -> CurrentRating:
    """One query, or none where `amendments` is prefetched."""
    amendment = max(rating.amendments.all(), key=lambda each: each.version, default=None)
    counts = amendment or rating
    return CurrentRating(rating, amendment, counts.level, counts.rated_sum, counts.rated_count)
