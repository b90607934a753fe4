"""Who did what, and who looked. Rows are only ever added (a trigger sees to it)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from appraisals.models.appraisal import CONFIDENTIAL, Document
from appraisals.models.scope import under_paths
from orgchart.models import Person


class ReturnReason(models.TextChoices):
    """What a reviewer returned a document for; kept in the event's details as "about"."""

    STANDARDS = "standards", "Standards cannot be measured or are not clear"
    ALIGNMENT = "alignment", "Elements do not serve the unit’s goals"
    NARRATIVE = "narrative", "Narrative does not support the rating"
    RATING = "rating", "Rating is not applied alike across people"
    INCOMPLETE = "incomplete", "Something is missing"
    OTHER = "other", "Something else"


class AppraisalEventQuerySet(models.QuerySet["AppraisalEvent"]):
    def in_scope(self, paths: list[str]) -> AppraisalEventQuerySet:
        """For an auditor: what is confidential did not happen."""
        return self.filter(under_paths(paths, "appraisal__organization__path")).exclude(
            document__kind__in=CONFIDENTIAL
        )

    def readable_by(self, user: Person) -> AppraisalEventQuerySet:
        """Of a record that this person may see: not what happens to a document that they may not."""
        confidential = Q(document__kind__in=CONFIDENTIAL)
        seen = Document.objects.visible_to(user).confidential()
        return self.filter(~confidential | Q(document__isnull=True) | Q(document__in=seen))


class AppraisalEvent(models.Model):
    """One thing that happened to a record. `text_mark` is the newest TextVersion at that moment,
    so that the document can be read as it stood."""

    appraisal = models.ForeignKey(
        "appraisals.Appraisal", on_delete=models.PROTECT, related_name="events"
    )
    document = models.ForeignKey(
        "appraisals.Document", on_delete=models.PROTECT, null=True, related_name="events"
    )
    name = models.CharField(max_length=40)
    from_state = models.CharField(max_length=16, blank=True)
    to_state = models.CharField(max_length=16, blank=True)
    by = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    request_key = models.UUIDField(null=True)
    text_mark = models.BigIntegerField(default=0)

    objects = AppraisalEventQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request_key"],
                condition=Q(request_key__isnull=False),
                name="a_request_counts_once",
            )
        ]
        indexes = [
            models.Index("appraisal", condition=Q(name="return_for_change"), name="event_returned")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"


class RecordView(models.Model):
    """Somebody else's record was opened; once a day per person and page."""

    appraisal = models.ForeignKey(
        "appraisals.Appraisal", on_delete=models.PROTECT, related_name="views"
    )
    viewer = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    page = models.CharField(max_length=40)
    viewed_on = models.DateField()
    viewed_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["appraisal", "viewer", "page", "viewed_on"], name="one_view_a_day_and_page"
            )
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.pk}"
