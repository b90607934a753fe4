"""One's own line of sight: from the mission of the department to what I do each day (R14.1)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from appraisals.charts_alignment import SightNode, sight_drawing
from appraisals.goal_counts import NOBODY, Served, served
from appraisals.models import Appraisal, Element, Goal, MissionStatement
from appraisals.selectors import lines_of_sight, plan_elements_of
from appraisals.views.rows import show_cycle
from appraisals.views.shared import person
from orgchart import clock
from orgchart.templatetags.ui import plural


@require_safe
def line_of_sight(request: HttpRequest) -> HttpResponse:
    """Each element of my own plan up to the mission of the department, drawn and in words."""
    mine = Appraisal.objects.filter(employee=person(request)).select_related(
        "cycle", "organization"
    )
    records = list(mine.order_by("-cycle__starts_on"))
    elements = list(
        plan_elements_of(record.pk for record in records).select_related("goal", "plan")
    )
    planned = {element.plan.appraisal_id for element in elements}
    records = [record for record in records if record.pk in planned]
    asked = request.GET.get("cycle", "")
    record = next((each for each in records if str(each.cycle_id) == asked), None)
    record = record or _running(records)
    if record is None:
        return render(request, "appraisals/goals/line_of_sight.html", {"record": None})
    show_cycle(request, record.cycle)
    own = [each for each in elements if each.plan.appraisal_id == record.pk and each.accepted]
    return render(request, "appraisals/goals/line_of_sight.html", _context(record, records, own))


def _running(records: list[Appraisal]) -> Appraisal | None:
    """The record of the cycle that runs today, else the newest."""
    today = clock.today()
    running = [each for each in records if each.cycle.starts_on <= today <= each.cycle.ends_on]
    return next(iter([*running, *records]), None)


def _context(
    record: Appraisal, records: list[Appraisal], elements: list[Element]
) -> dict[str, Any]:
    lines = lines_of_sight(element.goal_id for element in elements)
    counted = served({goal.pk for line in lines.values() for goal in line})
    place = record.organization
    missions = MissionStatement.objects.filter(
        cycle=record.cycle,
        organization__in=[*place.ancestor_ids, place.pk],
        published_at__isnull=False,
    ).select_related("organization")
    ordered = sorted(missions, key=lambda each: len(each.organization.path))
    top = ordered[0] if ordered else None
    cycles = reversed(records) if len(records) > 1 else []
    return {
        "record": record,
        "rows": [
            _row(element, lines.get(element.goal_id or 0, []), counted) for element in elements
        ],
        "linked": sum(element.goal_id is not None for element in elements),
        "top": top,
        "missions": ordered[1:],
        "drawing": sight_drawing(
            [
                _node_of(element, lines.get(element.goal_id or 0, []), counted)
                for element in elements
            ],
            mission=top.text if top else "",
            mission_of=top.organization.name if top else "",
        ),
        "cycles": [
            {
                "label": each.cycle.name,
                "url": f"{reverse('line_of_sight')}?cycle={each.cycle_id}",
                "current": each == record,
            }
            for each in cycles
        ],
    }


def _row(element: Element, line: list[Goal], counted: dict[int, Served]) -> dict[str, Any]:
    return {
        "title": element.title or "Untitled element",
        "steps": [
            {
                "title": goal.label,
                "url": reverse("goal_below", args=[goal.pk]),
                "owner": getattr(goal, "organization_name", ""),
                "others": others_words(counted.get(goal.pk, NOBODY)),
            }
            for goal in line
        ],
    }


def others_words(counted: Served) -> str:
    """The reader is one of those who serve it."""
    others = counted.people - 1
    return f"with {plural(others, 'other person,others')}" if others > 0 else "you alone, so far"


def _node_of(element: Element, line: list[Goal], counted: dict[int, Served]) -> SightNode:
    return SightNode(
        key=f"element-{element.pk}",
        title=element.title or "Untitled element",
        owner="",
        above=tuple(
            SightNode(
                key=f"goal-{goal.pk}",
                title=goal.label,
                owner=getattr(goal, "organization_name", ""),
                note=plural(
                    counted.get(goal.pk, NOBODY).people, "person serves it,people serve it"
                ),
            )
            for goal in line
        ),
    )
