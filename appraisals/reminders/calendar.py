"""The due days of a person's own roles as an iCalendar (RFC 5545): counts only, no names, no texts.

One event for each role, occasion, cycle and due day. Its UID stays, whatever is done in the meantime.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import icalendar
from django.db import connection
from django.urls import reverse

from appraisals import rules
from appraisals.models import AppraisalCycle, MilestoneKind
from appraisals.reminders.points import (
    EMPLOYEE,
    OFFICIAL,
    REVIEWER,
    begun,
    cycles_near,
    elsewhere,
)
from appraisals.reminders.schedules import Schedules, load_schedules
from appraisals.rules.reminders import Occasion
from appraisals.shapes import Shape, shape_of
from orgchart import clock
from orgchart.models import Person

DONE = 5
SHOWN = dt.timedelta(days=60)
"""So long a day that is over stays in the calendar when everything was done; else until it is."""

_APPROVED, _DISCUSSED = 3, 4
# Those of the person and those they rate or review, of which there are at most a few hundred: each by an index.
_OWN = """
SELECT s.cycle_id, 'employee', s.shape, count(*), max(s.since), min(place.path)
FROM appraisals_recordstanding s
JOIN orgchart_organization place ON place.id = s.organization_id
WHERE s.employee_id = %(person)s AND s.cycle_id = ANY(%(cycles)s)
GROUP BY s.cycle_id, s.shape
UNION ALL
SELECT s.cycle_id, mine.role, s.shape, count(*), max(s.since), min(place.path)
FROM (
    SELECT id, cycle_id, 'official' AS role FROM appraisals_appraisal WHERE rating_official_id = %(person)s
    UNION ALL
    SELECT id, cycle_id, 'reviewer' FROM appraisals_appraisal WHERE higher_level_reviewer_id = %(person)s
) AS mine
JOIN appraisals_recordstanding s
  ON s.cycle_id = mine.cycle_id AND s.appraisal_id = mine.id AND s.assignment_id IS NULL
JOIN orgchart_organization place ON place.id = s.organization_id
WHERE s.cycle_id = ANY(%(cycles)s)
GROUP BY s.cycle_id, mine.role, s.shape
UNION ALL
SELECT s.cycle_id, 'official', s.shape, count(*), max(s.since), min(place.path)
FROM orgchart_assignment held
JOIN appraisals_recordstanding s
  ON s.cycle_id = ANY(%(cycles)s) AND s.assignment_id = held.id AND s.appraisal_id IS NULL
JOIN orgchart_organization place ON place.id = s.organization_id
WHERE held.supervisor_id = %(person)s
    AND held.starts_on <= %(day)s AND (held.ends_on IS NULL OR held.ends_on >= %(day)s)
GROUP BY s.cycle_id, s.shape
"""


class Own(NamedTuple):
    cycle_id: int
    role: str
    shape: str
    people: int
    since: dt.datetime | None
    path: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What is due on a day in one role: of `people`, `open` are not done.

    `is_later`: for some of the people the day is later than for the others.
    """

    cycle: AppraisalCycle
    occasion: Occasion
    role: str
    due_on: dt.date
    people: int
    open: int
    is_later: bool

    @property
    def uid(self) -> str:
        """Without the day, so that an event moves when HR moves its milestone."""
        day = f"-{self.due_on}" if self.is_later else ""
        return f"{self.occasion.value}-{self.role}-{self.cycle.pk}{day}@dpmap"

    @property
    def summary(self) -> str:
        return f"{_WORDS[self.occasion][0]} ({self.cycle.name})"

    @property
    def description(self) -> str:
        _, one, many = _WORDS[self.occasion]
        if not self.open:
            return "All done."
        if not one:
            return "Not done yet."
        return f"{self.open} of {self.people} {one if self.open == 1 else many}."


class Task(NamedTuple):
    """A part of the year in a role. It is done when a document has come to `rung`."""

    occasion: Occasion
    milestone: MilestoneKind
    role: str
    stage: str
    rung: int


_TASKS = (
    Task(Occasion.PLAN_DUE, MilestoneKind.PLAN_DUE, OFFICIAL, "plan", DONE),
    Task(Occasion.PROGRESS_REVIEW_DUE, MilestoneKind.PROGRESS_REVIEW_DUE, OFFICIAL, "review", DONE),
    Task(Occasion.INPUT_DUE, MilestoneKind.INPUT_DUE, EMPLOYEE, "annual", 2),
    Task(Occasion.APPRAISAL_DUE, MilestoneKind.APPRAISAL_DUE, OFFICIAL, "annual", 2),
    Task(Occasion.APPROVAL_WAITING, MilestoneKind.REVIEW_DUE, REVIEWER, "annual", _APPROVED),
    Task(Occasion.DISCUSSION_DUE, MilestoneKind.DISCUSSION_DUE, OFFICIAL, "annual", _DISCUSSED),
    Task(
        Occasion.ACKNOWLEDGMENT_WAITING,
        MilestoneKind.ACKNOWLEDGMENT_DUE,
        EMPLOYEE,
        "annual",
        DONE,
    ),
)
_WORDS = {
    Occasion.PLAN_DUE: ("Plans due", "plan is not acknowledged", "plans are not acknowledged"),
    Occasion.REVIEW_WINDOW: ("Progress reviews can be held", "to be held", "to be held"),
    Occasion.PROGRESS_REVIEW_DUE: (
        "Progress reviews due",
        "progress review is open",
        "progress reviews are open",
    ),
    Occasion.INPUT_DUE: ("Your input for the appraisal is due", "", ""),
    Occasion.APPRAISAL_DUE: (
        "Appraisals due to the reviewer",
        "appraisal is not sent",
        "appraisals are not sent",
    ),
    Occasion.APPROVAL_WAITING: (
        "Higher level reviews due",
        "appraisal is not approved",
        "appraisals are not approved",
    ),
    Occasion.DISCUSSION_DUE: (
        "Appraisal discussions due",
        "discussion is not held",
        "discussions are not held",
    ),
    Occasion.ACKNOWLEDGMENT_WAITING: ("Your acknowledgment of the appraisal is due", "", ""),
    Occasion.LAST_RATEABLE_DAY: (
        "Last day for a plan that can be rated",
        "plan is not approved",
        "plans are not approved",
    ),
}


def calendar_of(person: Person) -> tuple[list[Entry], dt.datetime | None]:
    """Everything due in cycles that run or ended lately, and when something last moved: constant queries."""
    today = clock.today()
    among = cycles_near(today)
    cycles = {cycle.pk: cycle for cycle in begun(among, today)}
    away = {pk: elsewhere(cycle, among) for pk, cycle in cycles.items()}
    with connection.cursor() as cursor:
        cursor.execute(_OWN, {"person": person.pk, "cycles": list(cycles), "day": today})
        rows = [Own(*row) for row in cursor.fetchall()]
    rows = [
        row for row in rows if not any(row.path.startswith(each) for each in away[row.cycle_id])
    ]
    schedules = load_schedules()
    counted: dict[tuple[int, Occasion, str, dt.date], tuple[int, int]] = {}
    for row in rows:
        for occasion, role, due_on, is_done in _tasks(cycles[row.cycle_id], row, schedules):
            key = (row.cycle_id, occasion, role, due_on)
            people, open_ = counted.get(key, (0, 0))
            counted[key] = (people + row.people, open_ + (0 if is_done else row.people))
    moved = [row.since for row in rows if row.since]
    return _entries(counted, cycles), max(moved, default=None)


def _entries(
    counted: dict[tuple[int, Occasion, str, dt.date], tuple[int, int]],
    cycles: dict[int, AppraisalCycle],
) -> list[Entry]:
    seen: set[tuple[int, Occasion, str]] = set()
    entries = []
    for (pk, occasion, role, due_on), (people, open_) in sorted(
        counted.items(), key=lambda each: (each[0][3], each[0])
    ):
        is_later = (pk, occasion, role) in seen
        seen.add((pk, occasion, role))
        if open_ or due_on >= clock.today() - SHOWN:
            entries.append(Entry(cycles[pk], occasion, role, due_on, people, open_, is_later))
    return entries


def _tasks(
    cycle: AppraisalCycle, row: Own, schedules: Schedules
) -> Iterator[tuple[Occasion, str, dt.date, bool]]:
    shape = shape_of(row.shape)
    if not _counts(shape):
        return
    days = {each.kind: each.due_on for each in cycle.milestones.all()}
    edition = shape.edition or schedules.edition_at(row.path, clock.today())
    policy = schedules.policy_of(edition)
    for task in _TASKS:
        if task.role == row.role and task.milestone in days:
            due_on = days[task.milestone]
            if task.stage == "annual":
                due_on = shape.appraisal_due_on(due_on, cycle.ends_on) or due_on
            if task.occasion == Occasion.PLAN_DUE and shape.first_day:
                due_on = max(due_on, rules.plan_due_on(shape.first_day, policy))
            is_done = _is_done(task, shape)
            yield task.occasion, row.role, due_on, is_done
            if task.occasion == Occasion.PROGRESS_REVIEW_DUE:
                opens = due_on - dt.timedelta(days=policy.progress_review_window_days)
                yield Occasion.REVIEW_WINDOW, row.role, opens, is_done
    if row.role == OFFICIAL:
        last = rules.last_rateable_approval(shape.extended_until or cycle.ends_on, policy)
        yield Occasion.LAST_RATEABLE_DAY, row.role, last, shape.plan >= _APPROVED


def _is_done(task: Task, shape: Shape) -> bool:
    reached: int = getattr(shape, task.stage)
    return reached >= task.rung or (task.stage != "annual" and shape.annual > 0)


def _counts(shape: Shape) -> bool:
    """Somebody without a record counts while their assignment lasts; whose year was closed, not at all."""
    if shape.is_closed:
        return False
    return shape.edition is not None or shape.until_day is None or shape.until_day >= clock.today()


def as_icalendar(entries: list[Entry], *, changed_at: dt.datetime, site: str, name: str) -> bytes:
    """`changed_at` is DTSTAMP of every event, so that the same calendar is the same bytes."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//DPMAP//Due days//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", dt.timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry, changed_at=changed_at, site=site))
    return bytes(calendar.to_ical())


def _event(entry: Entry, *, changed_at: dt.datetime, site: str) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", changed_at.astimezone(dt.UTC))
    event.add("dtstart", entry.due_on)
    event.add("dtend", entry.due_on + dt.timedelta(days=1))
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("url", site + _link(entry))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def _link(entry: Entry) -> str:
    return reverse({OFFICIAL: "team", REVIEWER: "review_queue"}.get(entry.role, "home"))
