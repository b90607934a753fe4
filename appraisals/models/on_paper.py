"""The paper itself: the scanned form behind what was entered from it (R4.7)."""

from __future__ import annotations

from pathlib import PurePosixPath

from django.db import models
from django.db.models import Q

HASH = 64
"""Hexadecimal digits of a SHA-256."""


class Scan(models.Model):
    """A PDF file of the signed form. The file is named by its hash, so the same one lies there once."""

    document = models.ForeignKey(
        "appraisals.Document", on_delete=models.PROTECT, related_name="scans"
    )
    content_hash = models.CharField(max_length=HASH)
    size = models.PositiveIntegerField(help_text="Bytes")
    attached_by = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    attached_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "content_hash"],
                condition=Q(removed_at__isnull=True),
                name="a_scan_is_attached_once",
            ),
            models.CheckConstraint(
                condition=Q(content_hash__regex=rf"^[0-9a-f]{{{HASH}}}$"), name="scan_has_its_hash"
            ),
        ]

    def __str__(self) -> str:
        return f"Scan {self.pk}"

    @property
    def path(self) -> PurePosixPath:
        """Below MEDIA_ROOT."""
        digits = self.content_hash
        return PurePosixPath("scans", digits[:2], digits[2:4], f"{digits}.pdf")
