"""Where everybody under the program stands in one cycle, as SQL: one row a person, whatever the size.

The same questions as `turns.current_turn` asks of one record, answered for a whole organization at
once, so that counts, lists behind counts and late records agree. A covered person without a record
is a row too (R16.3: the denominator is covered people).
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from appraisals import rules
from appraisals.models import AppraisalCycle, MilestoneKind, PolicyEdition, State
from orgchart import clock
from orgchart.models import Organization

LADDER = [state.value for state in State]
"""A state's place in this list, from 1, is how far a document has come; 0 is not begun."""


class Stage(StrEnum):
    """The three parts of a year; the values are what addresses and SQL columns are called."""

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

# Each text names its values; every one of them is bound, none is pasted in.
_STANDING = """
WITH place AS (
    SELECT id, path FROM orgchart_organization
    WHERE path LIKE ANY(%(under)s) AND NOT path LIKE ANY(%(elsewhere)s)
), edition AS (
    SELECT * FROM unnest(
        %(edition_ids)s::bigint[], %(plan_days)s::int[], %(reviews_minimum)s::int[],
        %(rateable_until)s::date[], %(opens_on)s::date[]
    ) AS edition (id, plan_days, reviews_minimum, rateable_until, opens_on)
), milestone AS (
    SELECT * FROM unnest(%(milestone_kinds)s::text[], %(milestone_days)s::date[])
        AS milestone (kind, due_on)
), record AS (
    SELECT a.id AS appraisal_id, a.employee_id, a.rating_official_id AS supervisor_id,
        a.organization_id, a.starts_on,
        COALESCE(MAX(step.at) FILTER (WHERE d.kind = 'performance_plan'), 0) AS plan,
        COALESCE(MAX(step.at) FILTER (WHERE d.kind = 'progress_review'), 0) AS review,
        COALESCE(MAX(step.at) FILTER (WHERE d.kind = 'annual_appraisal'), 0) AS annual,
        COUNT(*) FILTER (WHERE d.kind = 'progress_review') AS reviews,
        MAX(step.at) FILTER (WHERE d.kind = 'progress_review' AND step.at < 5) AS open_review,
        MAX(d.state_since) AS since, a.higher_level_reviewer_id AS reviewer_id,
        MAX(d.approved_on) FILTER (WHERE d.kind = 'performance_plan') AS plan_approved_on,
        MAX(d.policy_id) FILTER (WHERE d.kind = 'performance_plan') AS edition_id
    FROM appraisals_appraisal a
    JOIN place ON place.id = a.organization_id
    LEFT JOIN appraisals_document d ON d.appraisal_id = a.id
    LEFT JOIN LATERAL (SELECT array_position(%(ladder)s::text[], d.state::text) AS at) step ON TRUE
    WHERE a.cycle_id = %(cycle)s
    GROUP BY a.id
), waiting AS (
    SELECT r.*, edition.plan_days,
        COALESCE(r.annual = 0 AND r.plan_approved_on > edition.rateable_until, FALSE) AS not_rateable,
        CASE
            WHEN r.annual = 5 THEN NULL
            WHEN r.annual > 0 THEN (%(annual_milestones)s::text[])[r.annual]
            WHEN r.plan < 5 THEN 'plan_due'
            WHEN r.open_review > 0 OR r.reviews < edition.reviews_minimum THEN 'progress_review_due'
            WHEN %(today)s >= edition.opens_on AND r.plan_approved_on <= edition.rateable_until
                THEN 'appraisal_due'
        END AS waits_for
    FROM record r LEFT JOIN edition ON edition.id = r.edition_id
    UNION ALL
    SELECT NULL, a.employee_id, a.supervisor_id, a.organization_id,
        GREATEST(a.position_start_date, %(starts_on)s), 0, 0, 0, 0, NULL, NULL, NULL, NULL, NULL,
        %(usual_plan_days)s, FALSE, 'plan_due'
    FROM orgchart_assignment a JOIN place ON place.id = a.organization_id
    WHERE a.covered AND a.starts_on <= %(on)s AND (a.ends_on IS NULL OR a.ends_on >= %(on)s)
        AND NOT EXISTS (
            SELECT FROM appraisals_appraisal r
            WHERE r.employee_id = a.employee_id AND r.cycle_id = %(cycle)s
        )
), dated AS (
    SELECT waiting.*,
        CASE WHEN waits_for = 'plan_due' THEN plan
            WHEN waits_for = 'progress_review_due' THEN COALESCE(open_review, 0)
            WHEN waits_for IS NOT NULL THEN annual
        END AS rung,
        CASE WHEN waits_for <> 'plan_due' OR milestone.due_on IS NULL THEN milestone.due_on
            ELSE GREATEST(milestone.due_on, starts_on + plan_days)
        END AS due_on
    FROM waiting LEFT JOIN milestone ON milestone.kind = waits_for
), standing AS (
    SELECT dated.*, CASE WHEN due_on < %(today)s THEN waits_for END AS late_for,
        CASE WHEN due_on >= %(today)s THEN NULL
            WHEN waits_for = 'plan_due' THEN 'plan'
            WHEN waits_for = 'progress_review_due' THEN 'review'
            WHEN due_on IS NOT NULL THEN 'annual'
        END AS late_in
    FROM dated
)
"""

_COUNTED = """
SELECT split_part(substr(place.path, length(%(base)s) + 1), '/', 1) AS unit,
    plan, review, annual, not_rateable, late_for, COUNT(*), COUNT(DISTINCT supervisor_id),
    COUNT(DISTINCT supervisor_id) FILTER (WHERE late_in IS NOT NULL), GROUPING(plan)
FROM standing JOIN place ON place.id = standing.organization_id
GROUP BY GROUPING SETS ((unit, plan, review, annual, not_rateable, late_for), ())
"""

_LISTED = """
SELECT COUNT(*) OVER (), standing.appraisal_id, employee.id,
    employee.dod_id, employee.first_name, employee.last_name,
    concat_ws(' ', supervisor.first_name, supervisor.last_name),
    unit.name, standing.plan, standing.review, standing.annual, standing.not_rateable,
    standing.waits_for, standing.rung,
    CASE standing.rung WHEN 2 THEN concat_ws(' ', reviewer.first_name, reviewer.last_name)
        WHEN 4 THEN concat_ws(' ', employee.first_name, employee.last_name)
        ELSE concat_ws(' ', supervisor.first_name, supervisor.last_name)
    END,
    standing.since, standing.due_on, standing.late_for IS NOT NULL
FROM standing
JOIN orgchart_person employee ON employee.id = standing.employee_id
JOIN orgchart_organization unit ON unit.id = standing.organization_id
LEFT JOIN orgchart_person supervisor ON supervisor.id = standing.supervisor_id
LEFT JOIN orgchart_person reviewer ON reviewer.id = standing.reviewer_id
"""

_FOUND = "to_tsvector('simple', employee.search_text) @@ to_tsquery('simple', %(words)s)"
_LATE = "SELECT appraisal_id FROM standing WHERE late_in IS NOT NULL"


@dataclass(frozen=True)
class Tally:
    """How many people stand alike. `unit` is the key of the unit just below, "" for the unit itself."""

    unit: str
    plan: int
    review: int
    annual: int
    not_rateable: bool
    late_for: str | None
    people: int


@dataclass(frozen=True)
class Totals:
    people: int = 0
    supervisors: int = 0
    supervisors_late: int = 0


@dataclass(frozen=True)
class Standing:
    """One person's row of a list. `appraisal_id` None: no record has been started.

    `waits_for` None: nobody has to do anything now; else `rung` says how far the document in
    question has come, and `holder` whose turn it is ("" when nobody is named).
    """

    appraisal_id: int | None
    pk: int
    dod_id: str
    first_name: str
    last_name: str
    supervisor: str
    unit: str
    plan: int
    review: int
    annual: int
    not_rateable: bool
    waits_for: str | None
    rung: int | None
    holder: str
    since: dt.datetime | None
    due_on: dt.date | None
    is_late: bool

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def initials(self) -> str:
        return f"{self.first_name[:1]}{self.last_name[:1]}".upper()


@dataclass(frozen=True)
class Asked:
    """What a list is narrowed to; `directly_in` leaves out the units below, `words` is a tsquery."""

    stage: Stage = Stage.APPRAISALS
    rungs: tuple[int, ...] | None = None
    not_rateable: bool | None = None
    late: bool = False
    late_anywhere: bool = False
    directly_in: int | None = None
    words: str = ""

    def clauses(self) -> Iterator[tuple[str, dict[str, Any]]]:
        if self.rungs is not None:
            yield f"standing.{self.stage.value} = ANY(%(rungs)s)", {"rungs": list(self.rungs)}
        if self.not_rateable is not None:
            yield "standing.not_rateable = %(not_rateable)s", {"not_rateable": self.not_rateable}
        if self.late:
            yield "standing.late_in = %(late_in)s", {"late_in": self.stage.value}
        if self.late_anywhere:
            yield "standing.late_in IS NOT NULL", {}
        if self.directly_in is not None:
            yield "standing.organization_id = %(directly_in)s", {"directly_in": self.directly_in}
        if self.words:
            yield _FOUND, {"words": self.words}


@dataclass(frozen=True)
class Standings:
    """Everybody of these organizations (LIKE patterns of paths) in one cycle, on one day."""

    cycle: AppraisalCycle
    under: tuple[str, ...]
    editions: Sequence[PolicyEdition]
    usual: rules.Policy
    elsewhere: tuple[str, ...] = ()

    def counted(self, base: Organization) -> tuple[list[Tally], Totals]:
        """Counts for each unit just below `base` and all below it, in one query."""
        tallies, totals = list[Tally](), Totals()
        for *row, officials, late, is_total in self._rows(_COUNTED, base=base.path):
            if is_total:
                totals = Totals(row[-1], officials, late)
            else:
                tallies.append(Tally(*row))
        return tallies, totals

    def listed(self, asked: Asked, *, page: int, size: int) -> tuple[list[Standing], int]:
        """The people of one page by name, and how many there are on all pages; one query."""
        clauses = dict(asked.clauses())
        values = {name: value for given in clauses.values() for name, value in given.items()}
        found = self._rows(
            f"{_LISTED} WHERE {' AND '.join(['TRUE', *clauses])}"
            " ORDER BY employee.last_name, employee.first_name, employee.id"
            " LIMIT %(limit)s OFFSET %(offset)s",
            limit=size,
            offset=(page - 1) * size,
            **values,
        )
        return [Standing(*row) for _, *row in found], found[0][0] if found else 0

    def late_records(self) -> RawSQL:
        """For `pk__in`: the records somebody is late with."""
        sql, values = by_place(_STANDING + _LATE, self._values())
        return RawSQL(sql, values)  # noqa: S611  a constant from above

    def _rows(self, statement: str, **more: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(_STANDING + statement, self._values() | more)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def _values(self) -> dict[str, Any]:
        today = clock.today()
        known = {edition.pk: edition.rules() for edition in self.editions}
        ends_on = self.cycle.ends_on
        return {
            "under": list(self.under),
            "elsewhere": list(self.elsewhere),
            "cycle": self.cycle.pk,
            "starts_on": self.cycle.starts_on,
            "today": today,
            "on": min(max(today, self.cycle.starts_on), ends_on),
            "ladder": LADDER,
            "annual_milestones": [kind.value for kind in LATE_FOR[Stage.APPRAISALS]],
            "milestone_kinds": [row.kind for row in self.cycle.milestones.all()],
            "milestone_days": [row.due_on for row in self.cycle.milestones.all()],
            "usual_plan_days": plan_days(self.usual),
            "edition_ids": list(known),
            "plan_days": [plan_days(policy) for policy in known.values()],
            "reviews_minimum": [policy.progress_reviews_minimum for policy in known.values()],
            "rateable_until": [
                rules.last_rateable_approval(ends_on, policy) for policy in known.values()
            ],
            "opens_on": [rules.appraisal_opens_on(ends_on, policy) for policy in known.values()],
        }


def by_place(statement: str, values: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """RawSQL takes its values by place, the texts above by name."""
    names = re.findall(r"%\((\w+)\)s", statement)
    return re.sub(r"%\(\w+\)s", "%s", statement), [values[name] for name in names]


def plan_days(policy: rules.Policy) -> int:
    """R1.3: how many days after its first day a plan is due."""
    return (rules.plan_due_on(dt.date(2001, 1, 1), policy) - dt.date(2001, 1, 1)).days
