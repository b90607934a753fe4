"""Who works where and answers to whom, on which days. Triggers forbid two supervisors on one day and loops."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import F, Q

from orgchart.models.dates import is_current
from orgchart.models.organization import Organization


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The facts of a position, as an assignment holds them under the same names."""

    position_title: str
    position_number: str
    pay_plan: str
    occupational_series: str
    grade: str
    step: str
    duty_station: str
    is_supervisor: bool
    bargaining_unit: str
    position_start_date: date
    covered: bool
    exclusion_reason: str


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def on(self, day: date) -> AssignmentQuerySet:
        return self.filter(is_current(day))

    def in_subtree(self, organization: Organization) -> AssignmentQuerySet:
        return self.filter(organization__path__startswith=organization.path)


class Assignment(models.Model):
    """Where somebody works and to whom they answer, from `starts_on` to `ends_on` (both included)."""

    # Each of the three begins an index below.
    employee = models.ForeignKey(
        "orgchart.Person",
        on_delete=models.PROTECT,
        related_name="assignments",
        db_index=False,
    )
    supervisor = models.ForeignKey(
        "orgchart.Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supervised",
        db_index=False,
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="assignments", db_index=False
    )
    position_title = models.CharField(max_length=200)
    position_number = models.CharField(max_length=40, blank=True)
    pay_plan = models.CharField(max_length=4)
    occupational_series = models.CharField(max_length=4)
    grade = models.CharField(max_length=4)
    step = models.CharField(max_length=4, blank=True)
    duty_station = models.CharField(max_length=200)
    is_supervisor = models.BooleanField(default=False)
    bargaining_unit = models.CharField(max_length=10, blank=True)
    position_start_date = models.DateField()
    covered = models.BooleanField(default=True)
    exclusion_reason = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["supervisor", "ends_on"], name="assignment_reports"),
            models.Index(fields=["organization", "ends_on"], name="assignment_people"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "starts_on"], name="assignment_one_start_a_day"
            ),
            models.UniqueConstraint(
                fields=["employee"], condition=Q(ends_on=None), name="assignment_one_open"
            ),
            models.CheckConstraint(
                condition=Q(supervisor=None) | ~Q(supervisor=F("employee")),
                name="assignment_not_own_supervisor",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="assignment_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(covered=True, exclusion_reason="")
                | (Q(covered=False) & ~Q(exclusion_reason="")),
                name="assignment_exclusion_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position_title} from {self.starts_on}"

    @property
    def position(self) -> Position:
        return Position(**{name: getattr(self, name) for name in Position.__slots__})

    @property
    def in_bargaining_unit(self) -> bool:
        """7777 and 8888 are the codes for "eligible but in none" and "not eligible"."""
        return self.bargaining_unit not in {"", "7777", "8888"}

    @property
    def pay(self) -> str:
        """GS-0343-12, as people say it."""
        return f"{self.pay_plan}-{self.occupational_series}-{self.grade}"
