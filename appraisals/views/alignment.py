"""How the work of a unit and all below it serves its goals, level by level, and where the gaps are (R14.1)."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from appraisals.charts_alignment import AlignmentDrawing, AlignNode, alignment_drawing
from appraisals.goal_counts import (
    NOBODY,
    Elements,
    Served,
    UnitGoal,
    elements_in,
    served,
    share_of,
    straight_by_unit,
    unit_goals,
    unit_just_below,
)
from appraisals.models import Goal, MissionStatement
from appraisals.permissions import may_see_unit_numbers
from appraisals.selectors import lines_of_sight
from appraisals.views.goals import line_words
from appraisals.views.rows import show_cycle
from appraisals.views.shared import person
from appraisals.views.units import Unit, crumbs_of, load_unit, organization_with
from orgchart import clock
from orgchart.models import Organization, Person
from orgchart.templatetags.ui import plural

DRAWN = 14


@dataclass(frozen=True)
class Linked:
    """A published goal of a unit just below, and what serves it."""

    goal: Goal
    served: Served


@dataclass(frozen=True)
class UnitRow:
    unit: Organization
    url: str
    goals: int
    linked: int
    elements: Elements

    @property
    def is_gap(self) -> bool:
        return not self.goals and bool(self.elements.elements)


@require_safe
def alignment(request: HttpRequest, code: str) -> HttpResponse:
    """Goals are there for everybody; numbers for the unit's head, those above and HR in scope."""
    unit = load_unit(request, organization_with(code))
    user = person(request)
    numbers = may_see_unit_numbers(user, unit.organization)
    found = unit_goals(unit.organization, unit.cycle)
    below = _linked(unit, numbers=numbers)
    rows = _unit_rows(unit, found, below, numbers=numbers)
    whole = rows[0].elements
    missions = MissionStatement.objects.filter(
        cycle=unit.cycle,
        organization__in=[*unit.organization.ancestor_ids, unit.organization.pk],
        published_at__isnull=False,
    ).select_related("organization")
    context = {
        "unit": unit,
        "numbers": numbers,
        "whole": whole,
        "missions": sorted(missions, key=lambda each: len(each.organization.path)),
        "goals": [_goal_row(each, whole=whole, numbers=numbers) for each in found],
        "units": rows[1:],
        "gaps": _gaps(unit, found, rows) if numbers else None,
        "drawing": _drawing(unit, found, below, rows[1:], numbers=numbers),
        "is_cut": len(rows) - 1 > DRAWN or len(found) > DRAWN,
        "crumbs": crumbs_of(unit, user, address="alignment"),
        "cycles": unit.cycle_links("alignment"),
        "section": "organization_list",
    }
    return render(request, "appraisals/goals/alignment.html", context)


def _linked(unit: Unit, *, numbers: bool) -> list[Linked]:
    goals = list(
        Goal.objects.published()
        .filter(cycle=unit.cycle, organization__in=[each.pk for each in unit.below])
        .order_by("organization", "position", "pk")
    )
    counted = served(goal.pk for goal in goals) if numbers else {}
    return [Linked(goal, counted.get(goal.pk, NOBODY)) for goal in goals]


def _unit_rows(
    unit: Unit, found: list[UnitGoal], below: list[Linked], *, numbers: bool
) -> list[UnitRow]:
    """The unit itself first, then the units just below."""
    places = [unit.organization, *unit.below]
    counted = elements_in([each.pk for each in places], unit.cycle) if numbers else {}
    own = {each.goal.pk for each in found}
    goals = Counter(each.goal.organization_id for each in below)
    goals[unit.organization.pk] = len(found)
    linked = Counter(each.goal.organization_id for each in below if each.goal.serves_id in own)
    return [
        UnitRow(
            unit=place,
            url=f"{reverse('alignment', args=[place.code])}?cycle={unit.cycle.pk}",
            goals=goals[place.pk],
            linked=linked[place.pk],
            elements=counted.get(place.pk, Elements()),
        )
        for place in places
    ]


def _goal_row(found: UnitGoal, *, whole: Elements, numbers: bool) -> dict[str, Any]:
    return {
        "goal": found.goal,
        "is_retired": found.goal.is_retired(clock.today()),
        "owner": "",
        "serves": found.serves,
        "served": found.served,
        "share": share_of(found.served, whole),
        "units": len(found.units),
        "numbers": numbers,
        "opens": bool(found.units) or (numbers and bool(found.served.elements)),
    }


def _gaps(unit: Unit, found: list[UnitGoal], rows: list[UnitRow]) -> dict[str, Any]:
    today = clock.today()
    return {
        "units": [row for row in rows[1:] if row.is_gap],
        "unserved": [
            each.goal
            for each in found
            if not each.served.elements and not each.goal.is_retired(today)
        ],
        "unlinked": [each.goal for each in found if not each.goal.serves_id] if unit.above else [],
        "elements": rows[0].elements,
        "lonely": not found and bool(rows[0].elements.elements),
    }


def _flows(unit: Unit, found: list[UnitGoal], below: list[Linked]) -> Counter[tuple[str, str]]:
    """How many elements of each unit just below serve each goal: through goals of its own, and straight."""
    flows: Counter[tuple[str, str]] = Counter()
    for each in below:
        flows[f"g{each.goal.serves_id}", f"u{each.goal.organization_id}"] += each.served.elements
    for part in straight_by_unit({each.goal.pk: each.served for each in found}):
        lower = unit_just_below(unit.organization, part.path)
        if lower is not None:
            flows[f"g{part.goal_id}", f"u{lower}"] += part.elements
    return flows


def _drawing(
    unit: Unit, found: list[UnitGoal], below: list[Linked], rows: list[UnitRow], *, numbers: bool
) -> AlignmentDrawing | None:
    goals = found[:DRAWN]
    above = {each.goal.serves_id: each.serves for each in goals if each.serves}
    flows = _flows(unit, found, below) if numbers else _links(below)
    units = sorted(rows, key=lambda row: (-row.elements.elements, row.unit.name))[:DRAWN]
    return alignment_drawing(
        [
            AlignNode(f"a{goal_id}", goal.title, goal.organization)
            for goal_id, goal in above.items()
        ],
        [_goal_node(each, numbers=numbers) for each in goals],
        [
            _unit_node(
                row, numbers=numbers, serves=any(key[1] == f"u{row.unit.pk}" for key in flows)
            )
            for row in units
        ],
        serves={f"g{each.goal.pk}": f"a{each.goal.serves_id}" for each in goals},
        served_by=flows,
    )


def _goal_node(found: UnitGoal, *, numbers: bool) -> AlignNode:
    if not numbers:
        return AlignNode(f"g{found.goal.pk}", found.goal.label)
    words = (
        f"{plural(found.people, 'person,people')} · {found.share}% of elements"
        if found.elements
        else "nobody serves it yet"
    )
    return AlignNode(
        f"g{found.goal.pk}",
        found.goal.label,
        notes=(words,),
        share=found.share or 0,
        is_gap=not found.elements,
    )


def _links(below: list[Linked]) -> Counter[tuple[str, str]]:
    return Counter(
        {(f"g{each.goal.serves_id}", f"u{each.goal.organization_id}"): 0 for each in below}
    )


def _unit_node(row: UnitRow, *, numbers: bool, serves: bool) -> AlignNode:
    goals = plural(row.goals, "goal") if row.goals else "no goals of its own"
    share = row.elements.share
    linked = (f"{share}% of elements serve a goal",) if numbers and share is not None else ()
    return AlignNode(
        f"u{row.unit.pk}", row.unit.name, notes=(goals, *linked), is_gap=numbers and not serves
    )


@require_safe
def goal_below(request: HttpRequest, pk: int) -> HttpResponse:
    """One level of the tree: a published goal and those that serve it. htmx asks for the list alone."""
    user = person(request)
    goal = get_object_or_404(
        Goal.objects.published().select_related("organization", "cycle", "serves__organization"),
        pk=pk,
    )
    show_cycle(request, goal.cycle)
    helpers = list(
        goal.served_by.published()
        .select_related("organization")
        .order_by("organization__name", "position", "pk")
    )
    counted = served([goal.pk, *(each.pk for each in helpers)])
    own = counted.get(goal.pk, NOBODY)
    numbers = may_see_unit_numbers(user, goal.organization)
    context = {
        "goal": goal,
        "numbers": numbers,
        "served": own,
        "straight": straight_by_unit({goal.pk: own}) if numbers else [],
        "rows": [_below_row(each, own, counted.get(each.pk, NOBODY), user) for each in helpers],
    }
    if request.htmx:  # type: ignore[attr-defined]  # django-htmx's middleware sets it
        return render(request, "appraisals/goals/_below.html", context)
    unit = load_unit(request, goal.organization)
    unit = Unit(goal.organization, unit.calendar, goal.cycle)
    line = lines_of_sight([goal.serves_id]).get(goal.serves_id or 0, [])
    context |= {
        "unit": unit,
        "line": line_words(line),
        "crumbs": crumbs_of(unit, user, address="alignment", last=goal.title),
        "section": "organization_list",
    }
    return render(request, "appraisals/goals/below.html", context)


def _below_row(goal: Goal, above: Served, counted: Served, user: Person) -> dict[str, Any]:
    """Shares are of what serves the goal above."""
    return {
        "goal": goal,
        "is_retired": goal.is_retired(clock.today()),
        "owner": goal.organization.name,
        "served": counted,
        "share": share_of(counted, Elements(elements=above.elements)),
        "numbers": may_see_unit_numbers(user, goal.organization),
        "opens": True,
    }
