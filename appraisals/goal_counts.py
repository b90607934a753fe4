"""How many elements and people serve which goal, exact at any moment (design of the counts: docs/adr/0006)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from appraisals.counts import percent
from appraisals.models import AppraisalCycle, Goal
from orgchart import clock
from orgchart.models import Organization


@dataclass(frozen=True, slots=True)
class Served:
    """`straight` elements serve the goal itself; `elements` of `people` serve it or a goal below it."""

    straight: int = 0
    elements: int = 0
    people: int = 0


NOBODY = Served()


@dataclass(frozen=True, slots=True)
class Elements:
    """Of the plans of a unit and all below it."""

    elements: int = 0
    without_goal: int = 0

    @property
    def serving(self) -> int:
        return self.elements - self.without_goal

    @property
    def share(self) -> int | None:
        """Whole percents of elements that serve a goal."""
        return percent(self.serving, self.elements)


_SERVED = """
SELECT goal_id, sum(straight)::int, sum(elements)::int, sum(people)::int FROM (
    SELECT goal_id, straight, elements, people FROM appraisals_goalcount WHERE goal_id = ANY(%(goals)s)
    UNION ALL
    SELECT goal_id, straight, elements, people FROM appraisals_goaldifference
    WHERE goal_id = ANY(%(goals)s)
) AS known GROUP BY goal_id
"""

_ELEMENTS = """
SELECT organization_id, sum(elements)::int AS elements, sum(without_goal)::int AS without_goal FROM (
    SELECT organization_id, elements, without_goal FROM appraisals_unitelements
    WHERE cycle_id = %(cycle)s AND organization_id = ANY(%(places)s)
    UNION ALL
    SELECT upper.id::bigint, changed.elements, changed.without_goal
    FROM appraisals_unitelementsdifference changed
    JOIN orgchart_organization place ON place.id = changed.organization_id
    CROSS JOIN LATERAL unnest(CASE WHEN changed.is_own
        THEN string_to_array(trim(BOTH '/' FROM place.path), '/')
        ELSE ARRAY[place.id::text] END) AS upper (id)
    WHERE changed.cycle_id = %(cycle)s AND upper.id::bigint = ANY(%(places)s)
) AS known GROUP BY organization_id
"""


def served(goal_ids: Iterable[int]) -> dict[int, Served]:
    """One query; a goal that nothing ever served is not among the answers."""
    with connection.cursor() as cursor:
        cursor.execute(_SERVED, {"goals": list(goal_ids)})
        return {goal_id: Served(*numbers) for goal_id, *numbers in cursor.fetchall()}


def elements_in(places: Iterable[int], cycle: AppraisalCycle) -> dict[int, Elements]:
    """For each unit with all below it, in one query; a unit without elements is not among the answers."""
    with connection.cursor() as cursor:
        cursor.execute(_ELEMENTS, {"places": list(places), "cycle": cycle.pk})
        return {place_id: Elements(*numbers) for place_id, *numbers in cursor.fetchall()}


# So many elements of a goal are looked up one by one; of more only their number is told.
LOOKED_UP = 200

_STRAIGHT = """
SELECT e.goal_id, place.id, place.name, place.path, count(*), count(DISTINCT d.appraisal_id)
FROM appraisals_element e
JOIN appraisals_document d ON d.id = e.plan_id AND d.state <> 'closed'
JOIN appraisals_appraisal a ON a.id = d.appraisal_id
JOIN orgchart_organization place ON place.id = a.organization_id
WHERE e.goal_id = ANY(%s) AND e.accepted AND e.removed_at IS NULL
GROUP BY e.goal_id, place.id ORDER BY count(*) DESC, place.name
"""


@dataclass(frozen=True, slots=True)
class Straight:
    """Elements of one unit's own people that serve a goal straight."""

    goal_id: int
    organization_id: int
    name: str
    path: str
    elements: int
    people: int


def straight_by_unit(counted: Mapping[int, Served]) -> list[Straight]:
    """For goals that few enough elements serve straight; one query, or none."""
    asked = [goal for goal, numbers in counted.items() if 0 < numbers.straight <= LOOKED_UP]
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_STRAIGHT, [asked])
        return [Straight(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Above:
    """The goal that a goal serves, as far as it is named beside it."""

    title: str
    code: str
    organization: str

    def __str__(self) -> str:
        return f"“{self.title}” ({self.code})"


@dataclass(frozen=True, slots=True)
class UnitGoal:
    """A goal with what serves it. `share` is of the elements of the unit and all below.

    `units` are the keys of the units just below that have a goal for it, themselves or further down.
    """

    goal: Goal
    serves: Above | None
    served: Served
    share: int | None
    units: frozenset[int]

    @property
    def elements(self) -> int:
        return self.served.elements

    @property
    def people(self) -> int:
        return self.served.people


def share_of(served: Served, whole: Elements) -> int | None:
    """An element may have moved to another unit with its record and still serve the goal."""
    return percent(min(served.elements, whole.elements), whole.elements)


_UNIT_GOALS = f"""
WITH whole AS ({_ELEMENTS})
SELECT own.*, above.title AS above_title, upper.code AS above_code, upper.name AS above_name,
    coalesce(kept.straight, 0) + coalesce(changed.straight, 0) AS straight,
    coalesce(kept.elements, 0) + coalesce(changed.elements, 0) AS serving,
    coalesce(kept.people, 0) + coalesce(changed.people, 0) AS people,
    (SELECT elements FROM whole) AS all_elements,
    ARRAY(
        SELECT lower.path FROM appraisals_goal below
        JOIN orgchart_organization lower ON lower.id = below.organization_id
        WHERE below.serves_id = own.id AND below.published_at IS NOT NULL
    ) AS paths_below
FROM appraisals_goal own
LEFT JOIN appraisals_goal above ON above.id = own.serves_id
LEFT JOIN orgchart_organization upper ON upper.id = above.organization_id
LEFT JOIN appraisals_goalcount kept ON kept.goal_id = own.id
LEFT JOIN LATERAL (
    SELECT sum(straight)::int AS straight, sum(elements)::int AS elements, sum(people)::int AS people
    FROM appraisals_goaldifference WHERE goal_id = own.id
) AS changed ON TRUE
WHERE own.organization_id = %(organization)s AND own.cycle_id = %(cycle)s
ORDER BY own.position, own.id
"""  # noqa: S608  a constant from above


def unit_goals(
    organization: Organization, cycle: AppraisalCycle, *, drafts: bool = False
) -> list[UnitGoal]:
    """The unit's goals in their order with what serves them; one query.

    Retired ones only while something serves them; `drafts`: for those who write them.
    """
    values = {"organization": organization.pk, "cycle": cycle.pk, "places": [organization.pk]}
    rows: Iterable[Any] = Goal.objects.raw(_UNIT_GOALS, values)
    today = clock.today()
    return [
        _unit_goal(row, organization)
        for row in rows
        if (drafts or row.published_at) and (row.serving or not row.is_retired(today))
    ]


def _unit_goal(row: Any, organization: Organization) -> UnitGoal:
    counted = Served(row.straight, row.serving, row.people)
    return UnitGoal(
        goal=row,
        serves=Above(row.above_title, row.above_code, row.above_name) if row.serves_id else None,
        served=counted,
        share=share_of(counted, Elements(elements=row.all_elements or 0)),
        units=units_just_below(organization, row.paths_below),
    )


def units_just_below(organization: Organization, paths: Iterable[str]) -> frozenset[int]:
    """Which units just below `organization` these paths lead through."""
    found = (unit_just_below(organization, path) for path in paths)
    return frozenset(unit for unit in found if unit is not None)


def unit_just_below(organization: Organization, path: str) -> int | None:
    """None: the unit itself, or one that lies elsewhere."""
    if not path.startswith(organization.path) or path == organization.path:
        return None
    return int(path[len(organization.path) :].split("/", 1)[0])
