"""Courses on performance management that supervisors completed (R17.3)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class SupervisorTrainingQuerySet(models.QuerySet["SupervisorTraining"]):
    def counted(self) -> SupervisorTrainingQuerySet:
        """Not those that were entered in error."""
        return self.filter(withdrawn_at__isnull=True)

    def with_people(self) -> SupervisorTrainingQuerySet:
        return self.select_related("person", "recorded_by", "withdrawn_by")


class SupervisorTraining(models.Model):
    """One course that one person completed. Entered in error it is withdrawn, and stays with its reason."""

    person = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, related_name="supervisor_trainings"
    )
    course = models.CharField(max_length=200)
    completed_on = models.DateField()
    recorded_by = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(max_length=500, blank=True)

    objects = SupervisorTrainingQuerySet.as_manager()

    class Meta:
        ordering = ["-completed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "completed_on", "course"],
                condition=Q(withdrawn_at__isnull=True),
                name="a_course_counts_once_a_day",
            ),
            models.CheckConstraint(condition=~Q(course=""), name="a_course_has_its_name"),
            models.CheckConstraint(
                condition=Q(
                    withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawal_reason=""
                )
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawal_reason=""),
                name="a_withdrawal_says_who_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course}, {self.completed_on}"

    @property
    def counts(self) -> bool:
        return self.withdrawn_at is None
