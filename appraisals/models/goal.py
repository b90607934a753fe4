"""Mission and goals: the upper part of every line of sight (R14.1)."""

from django.db import models
from django.db.models import F, Q


class MissionStatement(models.Model):
    cycle = models.ForeignKey(
        "appraisals.AppraisalCycle", on_delete=models.PROTECT, related_name="mission_statements"
    )
    organization = models.ForeignKey(
        "orgchart.Organization", on_delete=models.PROTECT, related_name="mission_statements"
    )
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "organization"], name="one_mission_per_cycle_and_organization"
            )
        ]

    def __str__(self) -> str:
        return self.text


class Goal(models.Model):
    """A goal of one organization for one cycle, and the goal above that it serves."""

    cycle = models.ForeignKey(
        "appraisals.AppraisalCycle", on_delete=models.PROTECT, related_name="goals"
    )
    organization = models.ForeignKey(
        "orgchart.Organization", on_delete=models.PROTECT, related_name="goals"
    )
    serves = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="served_by"
    )
    position = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    statement = models.TextField(blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(serves=F("pk")), name="goal_does_not_serve_itself"),
        ]

    def __str__(self) -> str:
        return self.title


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
