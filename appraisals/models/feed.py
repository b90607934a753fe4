"""What the personnel system was sent of ratings, and what it answered. Rows are only ever added.

A rating of record is never overwritten (R11.5): a change is an amendment beside it. The rating itself is its
version 1, its amendments are 2 and up, and each version is sent once; once more only when the personnel
system refused it and HR asked for that.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from appraisals.models.scope import hr_paths, under_paths
from orgchart.models import Person

SHA256 = r"^[0-9a-f]{64}$"


class FeedBatchQuerySet(models.QuerySet["FeedBatch"]):
    def visible_to(self, user: Person) -> FeedBatchQuerySet:
        """HR of the organization or of one above it."""
        return self.filter(under_paths(hr_paths(user), "organization__path"))


class FeedBatch(models.Model):
    """One file for the personnel system. `made_by` None: the nightly run, or the command."""

    number = models.PositiveIntegerField(unique=True)
    cycle = models.ForeignKey(
        "appraisals.AppraisalCycle", on_delete=models.PROTECT, related_name="feed_batches"
    )
    organization = models.ForeignKey(
        "orgchart.Organization", on_delete=models.PROTECT, related_name="feed_batches"
    )
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    ratings = models.PositiveIntegerField(help_text="Sent for the first time")
    corrections = models.PositiveIntegerField()
    repeated = models.PositiveIntegerField(help_text="Sent again after they were refused")
    content_hash = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="Bytes")

    objects = FeedBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(content_hash__regex=SHA256), name="batch_has_its_hash"
            ),
            models.CheckConstraint(
                condition=Q(ratings__gte=1) | Q(corrections__gte=1) | Q(repeated__gte=1),
                name="no_batch_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"Batch {self.number}"

    @property
    def lines_sent(self) -> int:
        return self.ratings + self.corrections + self.repeated


class FeedLine(models.Model):
    """One line of a batch, word for word as it was sent: of a yearly rating, or of one between (R10.8)."""

    batch = models.ForeignKey(FeedBatch, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    appraisal = models.ForeignKey(
        "appraisals.Appraisal", on_delete=models.PROTECT, related_name="feed_lines"
    )
    rating = models.ForeignKey(
        "appraisals.RatingOfRecord", on_delete=models.PROTECT, null=True, related_name="feed_lines"
    )
    more_current = models.ForeignKey(
        "appraisals.MoreCurrentRating",
        on_delete=models.PROTECT,
        null=True,
        related_name="feed_lines",
    )
    version = models.PositiveSmallIntegerField()
    attempt = models.PositiveSmallIntegerField(default=1)
    content = models.TextField()

    class Meta:
        ordering = ["batch", "number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="lines_are_numbered"),
            models.UniqueConstraint(
                fields=["rating", "version", "attempt"], name="a_version_is_sent_once_an_attempt"
            ),
            models.UniqueConstraint(
                fields=["more_current", "attempt"],
                name="a_more_current_rating_is_sent_once_an_attempt",
            ),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) ^ Q(more_current__isnull=True),
                name="a_line_is_of_one_rating",
            ),
        ]

    def __str__(self) -> str:
        return f"Line {self.number}"


class FeedReceipt(models.Model):
    """One file that came back for a batch."""

    batch = models.ForeignKey(FeedBatch, on_delete=models.PROTECT, related_name="receipts")
    content_hash = models.CharField(max_length=64)
    read_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "content_hash"], name="a_receipt_is_read_once")
        ]

    def __str__(self) -> str:
        return f"Receipt {self.pk}"


class FeedAnswer(models.Model):
    """What the personnel system said of one line."""

    receipt = models.ForeignKey(FeedReceipt, on_delete=models.PROTECT, related_name="answers")
    line = models.OneToOneField(FeedLine, on_delete=models.PROTECT, related_name="answer")
    accepted = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["line"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted=True) | ~Q(reason=""), name="a_refusal_has_its_reason"
            )
        ]

    def __str__(self) -> str:
        return "accepted" if self.accepted else f"refused: {self.reason}"


class FeedRetry(models.Model):
    """HR asked for a refused line to be sent once more."""

    line = models.OneToOneField(FeedLine, on_delete=models.PROTECT, related_name="retry")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Retry of line {self.line_id}"
