"""Records that came from another installation or went to one (R9.8)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from appraisals.models.retention import SHA256
from appraisals.models.scope import hr_paths, under_paths
from orgchart.models import Person


class SentFileQuerySet(models.QuerySet["SentFile"]):
    def visible_to(self, user: Person) -> SentFileQuerySet:
        return self.filter(under_paths(hr_paths(user), "organization__path"))


class SentFile(models.Model):
    """A person's records were written to a file for somebody else. The file itself is not kept."""

    class Purpose(models.TextChoices):
        TRANSFER = "transfer", "Transfer to another component or agency"
        WHOLE = "whole", "Everything, to go on elsewhere"

    employee = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sent_files")
    organization = models.ForeignKey(
        "orgchart.Organization", on_delete=models.PROTECT, related_name="+"
    )
    purpose = models.CharField(max_length=8, choices=Purpose)
    to_whom = models.CharField(max_length=200)
    records = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    objects = SentFileQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(content_hash__regex=SHA256), name="sent_file_has_its_hash"
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=["transfer", "whole"]), name="sent_file_has_a_purpose"
            ),
        ]

    def __str__(self) -> str:
        return f"Sent file {self.pk}"

    @property
    def fingerprint(self) -> str:
        """What two people can compare on the telephone."""
        return " ".join(self.content_hash[start : start + 4] for start in range(0, 16, 4))


class ReceivedFileQuerySet(models.QuerySet["ReceivedFile"]):
    def visible_to(self, user: Person) -> ReceivedFileQuerySet:
        return self.filter(under_paths(hr_paths(user), "organization__path"))


class ReceivedFile(models.Model):
    """A file of another installation whose records are here now."""

    installation = models.CharField(max_length=200)
    format_version = models.PositiveSmallIntegerField()
    content_hash = models.CharField(max_length=64, unique=True)
    is_signed = models.BooleanField()
    employee = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="received_files")
    organization = models.ForeignKey(
        "orgchart.Organization", on_delete=models.PROTECT, related_name="+"
    )
    records = models.PositiveIntegerField()
    received_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField()

    objects = ReceivedFileQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(content_hash__regex=SHA256), name="received_file_has_its_hash"
            ),
        ]

    def __str__(self) -> str:
        return f"Received file {self.pk}"


class ReceivedRecord(models.Model):
    """A record that was not begun here. `origin`: what its own columns said where it came from."""

    appraisal = models.OneToOneField(
        "appraisals.Appraisal", on_delete=models.PROTECT, related_name="received"
    )
    file = models.ForeignKey(ReceivedFile, on_delete=models.PROTECT, related_name="received")
    origin = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"Received record {self.pk}"


class Counterpart(models.Model):
    """What stands here for something of another installation that a record points to: a policy edition, a
    goal, a unit. The same reference finds the same row, and goes out again as it came."""

    model = models.CharField(max_length=80)
    row = models.BigIntegerField()
    reference = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "row"], name="a_row_stands_for_one_thing"),
            models.CheckConstraint(
                condition=Q(digest__regex=SHA256), name="counterpart_has_its_digest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.row}"
