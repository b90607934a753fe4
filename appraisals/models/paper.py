"""What was printed: the form of a final record, or of one final document, as it was rendered once."""

from __future__ import annotations

from pathlib import PurePosixPath

from django.db import models
from django.db.models import Q

from appraisals.models.scope import hr_paths, party_to, under_paths
from orgchart.models import Person

HASH = 64
"""Hexadecimal digits of a SHA-256."""


def place_of_form(file_hash: str) -> str:
    """Below MEDIA_ROOT. The name of a file is its own SHA-256: `sha256sum` checks it."""
    return f"forms/{file_hash[:2]}/{file_hash[2:4]}/{file_hash}.pdf"


class StoredFormQuerySet(models.QuerySet["StoredForm"]):
    def visible_to(self, user: Person) -> StoredFormQuerySet:
        """Whoever sees the record."""
        seen = party_to(user, "appraisal__")
        paths = hr_paths(user)
        if paths:
            seen |= under_paths(paths, "appraisal__organization__path")
        return self.filter(seen)

    def made(self) -> StoredFormQuerySet:
        return self.filter(made_at__isnull=False)

    def due(self) -> StoredFormQuerySet:
        return self.filter(made_at__isnull=True)


class StoredForm(models.Model):
    """Written in the transaction that makes it final, still to be rendered; never changed once it is.

    `document` None: the whole record. A record is final anew when a review was added to it later, so
    `final_since` is part of what this row stands for. `content_hash` is of what the form says, and
    printed on it; `file_hash` is of the file, and its name. Both are hexadecimal SHA-256.
    """

    appraisal = models.ForeignKey(
        "appraisals.Appraisal", on_delete=models.PROTECT, related_name="stored_forms"
    )
    document = models.ForeignKey(
        "appraisals.Document", on_delete=models.PROTECT, null=True, related_name="stored_forms"
    )
    final_since = models.DateTimeField()
    content_hash = models.CharField(max_length=HASH, blank=True)
    file_hash = models.CharField(max_length=HASH, blank=True)
    pages = models.PositiveIntegerField(null=True)
    size = models.PositiveIntegerField(null=True, help_text="Bytes")
    made_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(
        null=True, help_text="Of a worker; by the database's clock, whatever the practice date"
    )
    problem = models.TextField(blank=True)

    objects = StoredFormQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["appraisal", "document", "final_since"],
                name="one_form_of_what_is_final",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["content_hash"],
                condition=Q(made_at__isnull=False),
                name="a_printed_hash_names_one_form",
            ),
            models.CheckConstraint(
                condition=Q(
                    made_at__isnull=True,
                    content_hash="",
                    file_hash="",
                    pages__isnull=True,
                    size__isnull=True,
                )
                | Q(
                    made_at__isnull=False,
                    content_hash__regex=r"^[0-9a-f]{64}$",
                    file_hash__regex=r"^[0-9a-f]{64}$",
                    pages__isnull=False,
                    pages__gte=1,
                    size__isnull=False,
                    size__gte=1,
                ),
                name="a_made_form_is_described",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(made_at__isnull=True), name="forms_to_be_rendered"
            )
        ]

    def __str__(self) -> str:
        return f"Form {self.pk}"

    @property
    def path(self) -> PurePosixPath:
        return PurePosixPath(place_of_form(self.file_hash))
