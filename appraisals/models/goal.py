"""Mission and goals: the upper part of every line of sight (R14.1)."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q

from orgchart import clock


class MissionStatement(models.Model):
    """Seen by everybody from the moment it is published; until then by those who write it."""

    CONTENT = ("text",)

    cycle = models.ForeignKey(
        "appraisals.AppraisalCycle", on_delete=models.PROTECT, related_name="mission_statements"
    )
    organization = models.ForeignKey(
        "orgchart.Organization", on_delete=models.PROTECT, related_name="mission_statements"
    )
    text = models.TextField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "organization"], name="one_mission_per_cycle_and_organization"
            )
        ]

    def __str__(self) -> str:
        return self.text


class Way(models.TextChoices):
    """How a goal came down to the unit that holds it."""

    ADOPTED = "adopted", "Adopted"
    ADAPTED = "adapted", "Adapted"
    ADDED = "added", "Added"


class GoalQuerySet(models.QuerySet["Goal"]):
    def published(self) -> GoalQuerySet:
        return self.filter(published_at__isnull=False)

    def offered(self, on: dt.date) -> GoalQuerySet:
        """What an element or a goal below may be linked to on that day."""
        unretired = Q(retired_on__isnull=True) | Q(retired_on__gt=on)
        return self.published().filter(unretired)


class Goal(models.Model):
    """A goal of one organization for one cycle, and the goal above that it serves.

    A draft until it is published. `serves_none` is the reason why it serves none; from `retired_on` it is
    not offered any more, and stays on the plans that serve it.
    """

    CONTENT = ("title", "statement", "serves_id", "serves_none", "position")

    cycle = models.ForeignKey(
        "appraisals.AppraisalCycle", on_delete=models.PROTECT, related_name="goals"
    )
    organization = models.ForeignKey(
        "orgchart.Organization", on_delete=models.PROTECT, related_name="goals"
    )
    serves = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="served_by"
    )
    serves_none = models.CharField(max_length=400, blank=True)
    way = models.CharField(max_length=8, choices=Way.choices, default=Way.ADDED)
    position = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    statement = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True)
    retired_on = models.DateField(null=True)
    retired_reason = models.TextField(blank=True)

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(serves=F("pk")), name="goal_does_not_serve_itself"),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="goal_way_is_known"),
            models.CheckConstraint(
                condition=Q(way=Way.ADDED) | Q(serves__isnull=False),
                name="goal_from_above_serves_one",
            ),
            models.CheckConstraint(
                condition=Q(retired_on__isnull=True, retired_reason="")
                | (Q(retired_on__isnull=False, published_at__isnull=False) & ~Q(retired_reason="")),
                name="goal_retires_published_and_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        """As it stands on a plan, where a retired goal stays."""
        return f"{self.title} (retired)" if self.is_retired(clock.today()) else self.title

    def is_retired(self, on: dt.date) -> bool:
        return self.retired_on is not None and self.retired_on <= on


class GoalVersion(models.Model):
    """What was done to a mission or a goal, with its words before and after; no `goal`: the mission.

    Rows are only ever added (a trigger sees to it), and stay when a draft is deleted.
    """

    class What(models.TextChoices):
        WRITTEN = "written", "Written"
        CARRIED = "carried", "Carried over from the cycle before"
        CHANGED = "changed", "Changed"
        PUBLISHED = "published", "Published"
        RETIRED = "retired", "Retired"
        KEPT = "kept", "Retirement taken back"
        DELETED = "deleted", "Draft deleted"

    cycle = models.ForeignKey(
        "appraisals.AppraisalCycle", on_delete=models.PROTECT, related_name="+"
    )
    organization = models.ForeignKey(
        "orgchart.Organization", on_delete=models.PROTECT, related_name="goal_versions"
    )
    goal = models.ForeignKey(
        Goal, on_delete=models.DO_NOTHING, null=True, db_constraint=False, related_name="versions"
    )
    what = models.CharField(max_length=12, choices=What.choices)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    by = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["organization", "cycle"], name="goal_history")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    what__in=[
                        "written",
                        "carried",
                        "changed",
                        "published",
                        "retired",
                        "kept",
                        "deleted",
                    ]
                ),
                name="goal_version_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.pk}"


class GoalPublication(models.Model):
    """A unit told those below what its goals are. Rows are only ever added; whoever sends mail reads them."""

    cycle = models.ForeignKey(
        "appraisals.AppraisalCycle", on_delete=models.PROTECT, related_name="goal_publications"
    )
    organization = models.ForeignKey(
        "orgchart.Organization", on_delete=models.PROTECT, related_name="goal_publications"
    )
    by = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["organization", "cycle"], name="goal_news")]

    def __str__(self) -> str:
        return f"Publication {self.pk}"


class PublicationRead(models.Model):
    """Somebody below opened what was published."""

    publication = models.ForeignKey(GoalPublication, on_delete=models.PROTECT, related_name="reads")
    person = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["publication", "person"], name="publication_read_once")
        ]

    def __str__(self) -> str:
        return f"Read {self.pk}"


class LibraryElement(models.Model):
    """An element with standards that any rating official may copy into a plan."""

    occupational_series = models.CharField(max_length=4, blank=True)
    is_supervisory = models.BooleanField(default=False)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    standards = models.TextField()

    class Meta:
        ordering = ["occupational_series", "title"]

    def __str__(self) -> str:
        return self.title
