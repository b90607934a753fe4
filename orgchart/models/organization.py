"""Places: a tree whose paths a trigger keeps."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

NAME_VECTOR = SearchVector("name", config="simple")
SENIOR = ("department", "component", "command", "activity")
"""Kinds of which there are some hundreds, not thousands: a senior leader heads each."""


class OrganizationKind(models.Model):
    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=40)
    rank = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering = ["rank"]

    def __str__(self) -> str:
        return self.name


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def open_on(self, day: date) -> OrganizationQuerySet:
        """Those that can be chosen and worked in on that day; closed ones are kept for history."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day))


class Organization(models.Model):
    """`path` is "/id/id/id/" from the top to this one, kept by a trigger: never write it."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    kind = models.ForeignKey(
        OrganizationKind, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    head = models.ForeignKey(
        "Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="headed_organizations",
    )
    path = models.TextField(default="", editable=False)
    closed_on = models.DateField(null=True, blank=True, editable=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["path"], name="organization_path", opclasses=["text_pattern_ops"]),
            models.Index(
                fields=["code"], name="organization_code_begins", opclasses=["text_pattern_ops"]
            ),
            GinIndex(NAME_VECTOR, name="organization_named"),
            # Of a word that half of all units have, the first by name are found where they stand in line.
            models.Index(fields=["name", "code"], name="organization_by_name"),
            models.Index(fields=["kind"], condition=Q(kind__in=SENIOR), name="organization_senior"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name=""), name="organization_is_named"
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="organization_not_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organization_detail", args=[self.code])

    @property
    def ancestor_ids(self) -> list[int]:
        """From the top to the parent."""
        return [int(part) for part in self.path.strip("/").split("/")[:-1]]

    @property
    def level(self) -> int:
        return len(self.ancestor_ids)

    def contains(self, other: Organization) -> bool:
        """Itself and everything below it."""
        return other.path.startswith(self.path)
