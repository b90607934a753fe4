"""What each way of standing in a cycle waits for, and when that is due: from shapes, not from people."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db import connection

from appraisals import rules
from appraisals.models import AppraisalCycle, MilestoneKind
from appraisals.reminders.schedules import Schedules
from appraisals.rules.reminders import Occasion
from appraisals.shapes import Shape, shape_of
from appraisals.standing import Judged, Standings
from orgchart import clock

OFFICIAL, REVIEWER, EMPLOYEE = "official", "reviewer", "employee"

_WRITING = {
    MilestoneKind.PLAN_DUE: Occasion.PLAN_DUE,
    MilestoneKind.PROGRESS_REVIEW_DUE: Occasion.PROGRESS_REVIEW_DUE,
    MilestoneKind.APPRAISAL_DUE: Occasion.APPRAISAL_DUE,
    MilestoneKind.DISCUSSION_DUE: Occasion.DISCUSSION_DUE,
}
_AT_REVIEWER, _AT_EMPLOYEE, _APPROVED = 2, 4, 3
_DRAFT = 1

# One look-up a shape instead of one a person: thousands beside hundreds of thousands.
_ALIKE = """
WITH RECURSIVE alike AS (
    SELECT c.id AS cycle_id, (
        SELECT min(s.shape) FROM appraisals_recordstanding s WHERE s.cycle_id = c.id
    ) AS shape
    FROM unnest(%s::bigint[]) AS c (id)
    UNION ALL
    SELECT cycle_id, (
        SELECT min(s.shape) FROM appraisals_recordstanding s
        WHERE s.cycle_id = alike.cycle_id AND s.shape > alike.shape
    )
    FROM alike WHERE shape IS NOT NULL
)
SELECT cycle_id, shape FROM alike WHERE shape IS NOT NULL
"""


class Point(NamedTuple):
    """Everybody of this cycle who stands like this: what waits, at whom, until when."""

    cycle_id: int
    shape: str
    occasion: Occasion
    role: str
    due_on: dt.date


def cycles_near(day: dt.date) -> list[AppraisalCycle]:
    """Cycles that are not over for a year, those ahead too: they decide who follows which."""
    return list(
        AppraisalCycle.objects.filter(ends_on__gte=day - dt.timedelta(days=365))
        .select_related("organization")
        .prefetch_related("milestones")
        .order_by("pk")
    )


def begun(cycles: Iterable[AppraisalCycle], day: dt.date) -> list[AppraisalCycle]:
    """Those that somebody may be reminded of."""
    return [cycle for cycle in cycles if cycle.starts_on <= day]


def elsewhere(cycle: AppraisalCycle, cycles: Iterable[AppraisalCycle]) -> list[str]:
    """Paths of units below that follow a cycle of their own in these days."""
    above = cycle.organization.path
    return sorted(
        {
            other.organization.path
            for other in cycles
            if other.organization.path != above
            and other.organization.path.startswith(above)
            and other.starts_on <= cycle.ends_on
            and other.ends_on >= cycle.starts_on
        }
    )


def shapes_of(cycles: Iterable[AppraisalCycle]) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, [[cycle.pk for cycle in cycles]])
        return list(cursor.fetchall())


def points_of(cycles: Iterable[AppraisalCycle], schedules: Schedules) -> list[Point]:
    """As `standing` judges them today, so that a reminder and the list behind it agree."""
    held = {cycle.pk: cycle for cycle in cycles}
    judges = {
        cycle.pk: Standings(
            organization=cycle.organization,
            cycle=cycle,
            editions=schedules.editions,
            usual=schedules.policy_of(schedules.edition_at(cycle.organization.path, clock.today())),
        )
        for cycle in held.values()
    }
    return [
        Point(cycle_id, text, *point)
        for cycle_id, text in shapes_of(held.values())
        for point in _points(judges[cycle_id], shape_of(text), schedules)
    ]


Waiting = Iterator[tuple[Occasion, str, dt.date]]


def _points(standings: Standings, shape: Shape, schedules: Schedules) -> Waiting:
    judged = standings.judge(shape)
    if judged is None:
        return
    policy = schedules.policy_of(shape.edition) if shape.edition else standings.usual
    yield from _turns(judged, policy)
    if shape.is_closed:
        return
    ends_on = shape.extended_until or standings.cycle.ends_on
    if shape.annual == _DRAFT:
        yield from _input(standings.cycle, ends_on)
    if shape.plan < _APPROVED and not shape.annual:
        role = REVIEWER if shape.plan == _AT_REVIEWER else OFFICIAL
        last = rules.last_rateable_approval(ends_on, policy)
        yield Occasion.LAST_RATEABLE_DAY, role, last


def _turns(judged: Judged, policy: rules.Policy) -> Waiting:
    if judged.waits_for is None or judged.due_on is None:
        return
    if judged.rung == _AT_REVIEWER:
        yield Occasion.APPROVAL_WAITING, REVIEWER, judged.due_on
    elif judged.rung == _AT_EMPLOYEE:
        yield Occasion.ACKNOWLEDGMENT_WAITING, EMPLOYEE, judged.due_on
    elif judged.waits_for in _WRITING:
        yield _WRITING[judged.waits_for], OFFICIAL, judged.due_on
    if judged.waits_for == MilestoneKind.PROGRESS_REVIEW_DUE and not judged.rung:
        days = dt.timedelta(days=policy.progress_review_window_days)
        yield Occasion.REVIEW_WINDOW, OFFICIAL, judged.due_on - days


def _input(cycle: AppraisalCycle, ends_on: dt.date) -> Waiting:
    for row in cycle.milestones.all():
        if row.kind == MilestoneKind.INPUT_DUE:
            due_on = rules.shifted(row.due_on, cycle.ends_on, ends_on)
            yield Occasion.INPUT_DUE, EMPLOYEE, due_on
