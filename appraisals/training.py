"""Which supervisor's training is due when: one query for a list of any length (R17.3)."""

import datetime as dt
from enum import StrEnum

from django.db.models import Case, DateField, F, Func, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Greatest

from appraisals.models import SupervisorTraining
from appraisals.rules import Policy
from orgchart import clock
from orgchart.models import Assignment

SOON = dt.timedelta(days=90)


class Due(StrEnum):
    LATE = "late"
    SOON = "soon"
    FINE = "fine"


def due_of(due_on: dt.date, *, today: dt.date) -> Due:
    if due_on < today:
        return Due.LATE
    return Due.SOON if due_on <= today + SOON else Due.FINE


def _months_after(field: str, months: int) -> Func:
    return Func(
        F(field),
        template=f"(%(expressions)s + make_interval(months => {int(months)}))::date",
        output_field=DateField(),
    )


def supervisors(condition: Q, policy: Policy) -> QuerySet[Assignment]:
    """The positions of today's covered supervisors, with `first_led_on`, `last_course`, `last_completed_on`
    and `due_on` as `rules.training_due_on` has it; whoever is due first comes first."""
    today = clock.today()
    led = Assignment.objects.filter(
        employee=OuterRef("employee"), is_supervisor=True, starts_on__lte=today
    ).order_by("position_start_date")
    newest = (
        SupervisorTraining.objects.counted()
        .filter(person=OuterRef("employee"), completed_on__lte=today)
        .order_by("-completed_on", "-pk")
    )
    again = _months_after("last_completed_on", policy.training_every_months)
    first = _months_after("first_led_on", policy.training_first_months)
    return (
        Assignment.objects.on(today)
        .filter(condition, is_supervisor=True)
        .select_related("employee", "organization")
        .annotate(
            first_led_on=Subquery(led.values("position_start_date")[:1]),
            last_completed_on=Subquery(newest.values("completed_on")[:1]),
            last_course=Subquery(newest.values("course")[:1]),
        )
        .annotate(
            due_on=Case(
                When(last_completed_on__isnull=True, then=first),
                When(last_completed_on__lt=F("first_led_on"), then=Greatest(first, again)),
                default=again,
                output_field=DateField(),
            )
        )
        .order_by("due_on", "employee__last_name", "employee__first_name", "pk")
    )


def narrowed(rows: QuerySet[Assignment], show: str) -> QuerySet[Assignment]:
    today = clock.today()
    ranges = {
        Due.LATE: Q(due_on__lt=today),
        Due.SOON: Q(due_on__gte=today, due_on__lte=today + SOON),
        Due.FINE: Q(due_on__gt=today + SOON),
    }
    return rows.filter(ranges[Due(show)]) if show else rows
