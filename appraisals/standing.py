"""Where everybody under the program stands in one cycle: for a unit and all below it, whatever the size.

The same questions as `turns.current_turn` asks of one record, answered from kept rows and counts, so that counts,
lists behind counts and late records agree. A covered person without a record counts too (R16.3: the
denominator is covered people).
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection

from appraisals import rules
from appraisals.models import (
    OF_THE_YEAR,
    WALK,
    AppraisalCycle,
    Kind,
    MilestoneKind,
    PolicyEdition,
    State,
)
from appraisals.rollups.alike import Alike, on_day
from appraisals.rollups.reading import Counted, Unit, kept_counts
from appraisals.shapes import Shape, shape_of
from orgchart import clock
from orgchart.models import Organization

LADDER = [state.value for state in WALK]
"""A state's place in this list, from 1, is how far a document has come; 0 is not begun."""

FETCHED = 1000
SORTED_UP_TO = 2000
"""A list of more people than this is not sorted by name: nobody reads it to the end."""


class Stage(StrEnum):
    """The three parts of a year; the values are what addresses are called."""

    PLANS = "plan"
    REVIEWS = "review"
    APPRAISALS = "annual"


LATE_FOR: Mapping[Stage, tuple[MilestoneKind, ...]] = {
    Stage.PLANS: (MilestoneKind.PLAN_DUE,),
    Stage.REVIEWS: (MilestoneKind.PROGRESS_REVIEW_DUE,),
    Stage.APPRAISALS: (
        MilestoneKind.APPRAISAL_DUE,
        MilestoneKind.REVIEW_DUE,
        MilestoneKind.DISCUSSION_DUE,
        MilestoneKind.ACKNOWLEDGMENT_DUE,
    ),
}
"""What somebody can be late for, and in which part of the year. Nobody is late in two."""

_STAGE_OF = {kind: stage for stage, kinds in LATE_FOR.items() for kind in kinds}

_LISTED = """
SELECT {total}, s.shape, s.appraisal_id, employee.id,
    employee.dod_id, employee.first_name, employee.last_name,
    concat_ws(' ', supervisor.first_name, supervisor.last_name),
    concat_ws(' ', reviewer.first_name, reviewer.last_name),
    unit.name, s.since
FROM appraisals_recordstanding s
JOIN orgchart_organization unit ON unit.id = s.organization_id
JOIN orgchart_person employee ON employee.id = s.employee_id
LEFT JOIN orgchart_person supervisor ON supervisor.id = s.supervisor_id
LEFT JOIN orgchart_person reviewer ON reviewer.id = s.reviewer_id
WHERE s.cycle_id = %(cycle)s AND s.shape = ANY(%(shapes)s)
    AND unit.path LIKE %(under)s AND NOT unit.path LIKE ANY(%(elsewhere)s)
"""
_FOUND = "to_tsvector('simple', employee.search_text) @@ to_tsquery('simple', %(words)s)"
_BESIDE = {Kind.NARRATIVE_STATEMENT, Kind.PLAN_CHANGE}
_HOLDS = """EXISTS (
    SELECT FROM appraisals_document d
    WHERE d.appraisal_id = s.appraisal_id AND d.kind = ANY(%(kinds)s) AND d.state = ANY(%(states)s)
)"""


@dataclass(frozen=True, slots=True)
class Judged:
    """A shape on one day. `waits_for` None: nobody has to do anything now; else `rung` says how far the
    document in question has come. `not_rateable`: no rating is asked for, also where HR closed the year."""

    plan: int
    review: int
    annual: int
    not_rateable: bool
    is_closed: bool
    extended_until: dt.date | None
    waits_for: MilestoneKind | None
    rung: int | None
    due_on: dt.date | None
    is_late: bool

    @property
    def late_for(self) -> MilestoneKind | None:
        return self.waits_for if self.is_late else None

    @property
    def late_in(self) -> Stage | None:
        return _STAGE_OF[self.waits_for] if self.is_late and self.waits_for else None


class Tally(NamedTuple):
    """How many people stand alike; only their due days may differ.

    `unit` is the key of the unit just below, None for the unit itself.
    """

    unit: Unit
    judged: Judged
    people: int


@dataclass(frozen=True, slots=True)
class Standing(Judged):
    """One person's row of a list. `appraisal_id` None: no record has been started.

    `holder` is whose turn it is, "" when nobody is named.
    """

    appraisal_id: int | None
    pk: int
    dod_id: str
    first_name: str
    last_name: str
    supervisor: str
    reviewer: str
    unit: str
    since: dt.datetime | None

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def initials(self) -> str:
        return f"{self.first_name[:1]}{self.last_name[:1]}".upper()

    @property
    def holder(self) -> str:
        return {2: self.reviewer, 4: self.full_name}.get(self.rung or 0, self.supervisor)


@dataclass(frozen=True)
class Asked:
    """What a list is narrowed to.

    `directly_in` leaves out the units below; `words` is a tsquery; `supervisor` is a person's key, 0 for
    nobody; `turn` are rungs that somebody has to go on from; `kind` and `state` are of a document that the record holds; `recorded` leaves out who has no record, `unreviewed` finds open records without a reviewer.
    """

    stage: Stage = Stage.APPRAISALS
    rungs: tuple[int, ...] | None = None
    not_rateable: bool | None = None
    is_closed: bool | None = None
    is_extended: bool = False
    late: bool = False
    late_anywhere: bool = False
    on_time: bool = False
    turn: tuple[int, ...] | None = None
    directly_in: int | None = None
    supervisor: int | None = None
    words: str = ""
    kind: str = ""
    state: str = ""
    recorded: bool = False
    unreviewed: bool = False

    def includes(self, shape: Shape, judged: Judged) -> bool:
        return (
            (self.rungs is None or getattr(judged, self.stage.value) in self.rungs)
            and (self.not_rateable is None or judged.not_rateable == self.not_rateable)
            and (self.is_closed is None or judged.is_closed == self.is_closed)
            and not (self.is_extended and judged.extended_until is None)
            and (not self.late or judged.late_in == self.stage)
            and (not self.late_anywhere or judged.is_late)
            and not (self.on_time and judged.is_late)
            and (self.turn is None or judged.rung in self.turn)
            and self._holds_document(shape)
            and (shape.edition is not None or not (self.recorded or self.unreviewed))
            and (not self.unreviewed or shape.annual < len(LADDER))
        )

    def _holds_document(self, shape: Shape) -> bool:
        """What is no part of a shape `clauses` looks for."""
        if self._is_beside() or not (self.kind or self.state):
            return True
        rungs = {
            Kind.PERFORMANCE_PLAN: {shape.plan},
            Kind.PROGRESS_REVIEW: {shape.review, shape.open_review},
            Kind.ANNUAL_APPRAISAL: {shape.annual},
        }
        held = rungs[Kind(self.kind)] if self.kind else set().union(*rungs.values())
        return bool(held & {LADDER.index(self.state) + 1} if self.state else held - {0})

    def clauses(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """What a shape does not say; every such list is counted row by row."""
        if self.words:
            yield _FOUND, {"words": self.words}
        if self.supervisor is not None:
            asked = {"supervisor": self.supervisor or None}
            yield "s.supervisor_id IS NOT DISTINCT FROM %(supervisor)s", asked
        if self.unreviewed:
            yield "s.reviewer_id IS NULL", {}
        if self._is_beside():
            kinds = [self.kind] if self.kind else list(OF_THE_YEAR)
            states = [self.state] if self.state else list(State)
            yield _HOLDS, {"kinds": kinds, "states": states}

    def _is_beside(self) -> bool:
        """Asks for documents that leave no mark on the shape of a record."""
        return self.kind in _BESIDE or self.state == State.CLOSED


@dataclass(frozen=True)
class Standings:
    """Everybody at or below an organization in one cycle, today.

    `elsewhere` are paths of units below that follow a cycle of their own instead.
    """

    organization: Organization
    cycle: AppraisalCycle
    editions: Sequence[PolicyEdition]
    usual: rules.Policy
    elsewhere: tuple[str, ...] = ()

    @cached_property
    def tallies(self) -> list[Tally]:
        """Counts for each unit just below and all below it, and for the unit itself; one query."""
        counted = self._counted()
        known = {
            measure: self.judge(shape_of(measure)) for measure in {row.measure for row in counted}
        }
        return [
            Tally(row.unit, judged, row.people)
            for row in counted
            if (judged := known[row.measure]) is not None
        ]

    def alike_today(self) -> Alike:
        """Who is judged the same today; only a plan's due day goes by the day somebody began."""
        today = clock.today()
        policies = {"": self.usual, **{str(key): each for key, each in self._policies.items()}}
        new_since = {
            key: today - (rules.plan_due_on(today, policy) - today)
            for key, policy in policies.items()
        }
        return on_day(self._on(today), new_since)

    def _counted(self, **asked: bool) -> list[Counted]:
        return kept_counts(
            self.organization,
            [self.cycle],
            "at",
            elsewhere=self.elsewhere,
            alike=self.alike_today(),
            **asked,
        )

    def held(self, asked: Asked) -> tuple[list[str], int]:
        """The shapes that a list holds, and how many people there are of them."""
        by_unit = asked.directly_in is not None
        shapes, people = list[str](), 0
        for row in self._counted(by_unit=by_unit, with_each=True):
            shape = shape_of(row.measure)
            judged = self.judge(shape)
            if judged and row.unit is None and asked.includes(shape, judged):
                shapes += row.each
                people += row.people
        return shapes, people

    def listed(self, asked: Asked, *, page: int, size: int) -> tuple[list[Standing], int]:
        """The people of one page, and how many there are on all pages; by name up to `SORTED_UP_TO`."""
        shapes, total = self.held(asked)
        is_counted = any(asked.clauses())
        is_sorted = total <= SORTED_UP_TO or is_counted
        by_name = " ORDER BY employee.last_name, employee.first_name, employee.id"
        rows = self._rows(
            asked,
            shapes,
            f"{by_name if is_sorted else ''} LIMIT %(limit)s OFFSET %(offset)s",
            limit=size,
            offset=(page - 1) * size,
        )
        if is_counted:
            total = rows[0][0] if rows else 0
        return [self._standing(row) for row in rows], total

    def all_listed(self, asked: Asked) -> Iterator[Standing]:
        """Everybody of a list, one after the other, by name; never more than a few in memory."""
        by_name = " ORDER BY employee.last_name, employee.first_name, employee.id"
        shapes, _ = self.held(asked)
        if shapes:
            with connection.chunked_cursor() as cursor:
                cursor.execute(*self._statement(asked, shapes, by_name))
                while rows := cursor.fetchmany(FETCHED):
                    yield from map(self._standing, rows)

    def _standing(self, row: tuple[Any, ...]) -> Standing:
        judged = self.judge(shape_of(row[1]))
        if judged is None:
            raise ValueError(f"nobody counts as {row[1]} today")
        return Standing(*(getattr(judged, each.name) for each in fields(Judged)), *row[2:])

    def _rows(
        self, asked: Asked, shapes: list[str], tail: str, **more: Any
    ) -> list[tuple[Any, ...]]:
        if not shapes:
            return []
        with connection.cursor() as cursor:
            cursor.execute(*self._statement(asked, shapes, tail, **more))
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def _statement(
        self, asked: Asked, shapes: list[str], tail: str, **more: Any
    ) -> tuple[str, dict[str, Any]]:
        clauses = dict(asked.clauses())
        total = "COUNT(*) OVER ()" if clauses else "NULL"
        if asked.directly_in is not None:
            clauses["s.organization_id = %(directly_in)s"] = {"directly_in": asked.directly_in}
        values = {name: value for given in clauses.values() for name, value in given.items()}
        conditions = "".join(f" AND {clause}" for clause in clauses)
        return _LISTED.format(total=total) + conditions + tail, {
            "cycle": self.cycle.pk,
            "shapes": shapes,
            "under": f"{self.organization.path}%",
            "elsewhere": [f"{path}%" for path in self.elsewhere],
            **values,
            **more,
        }

    @cached_property
    def _policies(self) -> dict[int, rules.Policy]:
        return {edition.pk: edition.rules() for edition in self.editions}

    @cached_property
    def _due(self) -> dict[str, dt.date]:
        return {row.kind: row.due_on for row in self.cycle.milestones.all()}

    def _on(self, today: dt.date) -> dt.date:
        """The day of the cycle on which people count."""
        return min(max(today, self.cycle.starts_on), self.cycle.ends_on)

    def judge(self, shape: Shape) -> Judged | None:
        """Where a shape stands today; None when it does not count on this day."""
        today = clock.today()
        on = self._on(today)
        if shape.from_day is not None and not shape.from_day <= on <= (shape.until_day or on):
            return None
        policy = self._policies.get(shape.edition or 0, self.usual)
        waits_for, rung = self._waits_for(shape, policy, today)
        due_on = self._due.get(waits_for) if waits_for else None
        if waits_for == MilestoneKind.PLAN_DUE and due_on and shape.first_day:
            due_on = max(due_on, rules.plan_due_on(shape.first_day, policy))
        if waits_for in LATE_FOR[Stage.APPRAISALS]:
            due_on = shape.appraisal_due_on(due_on, self.cycle.ends_on)
        annual = 0 if shape.is_closed else shape.annual
        return Judged(
            plan=shape.plan,
            review=shape.review,
            annual=annual,
            not_rateable=shape.is_closed or (annual == 0 and shape.rateable is False),
            is_closed=shape.is_closed,
            extended_until=shape.extended_until,
            waits_for=waits_for,
            rung=rung,
            due_on=due_on,
            is_late=due_on is not None and due_on < today,
        )

    def _waits_for(
        self, shape: Shape, policy: rules.Policy, today: dt.date
    ) -> tuple[MilestoneKind | None, int | None]:
        finished = len(LADDER)
        if shape.is_closed:
            return None, None
        if shape.annual:
            kinds = LATE_FOR[Stage.APPRAISALS]
            waits_for = kinds[shape.annual - 1] if shape.annual < finished else None
            return waits_for, shape.annual if waits_for else None
        if shape.plan < finished:
            return MilestoneKind.PLAN_DUE, shape.plan
        if shape.open_review or shape.reviews < policy.progress_reviews_minimum:
            return MilestoneKind.PROGRESS_REVIEW_DUE, shape.open_review
        ends_on = shape.extended_until or self.cycle.ends_on
        if today >= rules.appraisal_opens_on(ends_on, policy) and shape.rateable:
            return MilestoneKind.APPRAISAL_DUE, shape.annual
        return None, None
