"""Mission and goals of a unit, and one's own line of sight up to them (R14.1)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from appraisals.charts import SightNode, sight_drawing
from appraisals.counts import UnitGoal, unit_goals
from appraisals.forms.program import GoalForm, MissionForm
from appraisals.models import Appraisal, AppraisalCycle, Element, Goal, MissionStatement
from appraisals.permissions import may_edit_goals
from appraisals.selectors import lines_of_sight, plan_elements_of
from appraisals.services.program import delete_goal, save_goal, set_mission
from appraisals.views.rows import show_cycle
from appraisals.views.shared import person
from appraisals.views.units import Unit, crumbs_of, load_unit, organization_with
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Organization

edit_methods = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def goals(request: HttpRequest, code: str) -> HttpResponse:
    unit = load_unit(request, organization_with(code))
    user = person(request)
    may_edit = may_edit_goals(user, unit.organization)
    missions = MissionStatement.objects.filter(
        cycle=unit.cycle, organization__in=[*unit.organization.ancestor_ids, unit.organization.pk]
    )
    texts = {mission.organization_id: mission.text for mission in missions}
    above = [{"name": each.name, "text": texts.get(each.pk)} for each in unit.above]
    context = {
        "unit": unit,
        "mission": texts.get(unit.organization.pk, ""),
        "above": [each for each in above if each["text"]],
        "rows": _goal_rows(unit_goals(unit.organization, unit.cycle), unit.cycle),
        "may_edit": may_edit and not _is_over(unit.cycle),
        "is_closed": may_edit and _is_over(unit.cycle),
        "crumbs": crumbs_of(unit, user, address="goals"),
        "cycles": unit.cycle_links("goals"),
        "section": "organization_list",
    }
    return render(request, "appraisals/goals/list.html", context)


def _goal_rows(goals: list[UnitGoal], cycle: AppraisalCycle) -> list[dict[str, Any]]:
    lines = lines_of_sight(each.goal.serves_id for each in goals)
    below: dict[int, list[Goal]] = {}
    helpers = Goal.objects.filter(serves__in=[each.goal.pk for each in goals])
    for helper in helpers.select_related("organization"):
        below.setdefault(helper.serves_id or 0, []).append(helper)
    return [
        {
            "goal": each.goal,
            "line": _line(lines.get(each.goal.serves_id or 0, []), cycle),
            "below": below.get(each.goal.pk, []),
            "count": each,
        }
        for each in goals
    ]


def _line(line: list[Goal], cycle: AppraisalCycle) -> list[dict[str, str]]:
    """For components/line_of_sight.html; the nearest goal first."""
    return [
        {"title": f"{goal.title} ({getattr(goal, 'organization_name', '')})", "url": ""}
        for goal in line
    ]


def _is_over(cycle: AppraisalCycle) -> bool:
    return cycle.ends_on < clock.today()


def _goals_url(organization: Organization, cycle: AppraisalCycle) -> str:
    return f"{reverse('goals', args=[organization.code])}?cycle={cycle.pk}"


def _unit_to_edit(request: HttpRequest, organization: Organization) -> Unit:
    if not may_edit_goals(person(request), organization):
        raise PermissionDenied
    unit = load_unit(request, organization)
    return _still_open(unit)


def _still_open(unit: Unit) -> Unit:
    if _is_over(unit.cycle):
        raise Refused(
            f"The {unit.cycle.name} cycle is over. Its mission and goals stay as its plans served them."
        )
    return unit


def _form_page(
    request: HttpRequest, unit: Unit, form: MissionForm | GoalForm, *, heading: str
) -> HttpResponse:
    context = {
        "unit": unit,
        "form": form,
        "heading": heading,
        "crumbs": crumbs_of(unit, person(request), address="goals", last=heading),
        "section": "organization_list",
    }
    status = 422 if form.is_bound else 200
    return render(request, "appraisals/goals/edit.html", context, status=status)


@edit_methods
def mission_edit(request: HttpRequest, code: str) -> HttpResponse:
    unit = _unit_to_edit(request, organization_with(code))
    back = _goals_url(unit.organization, unit.cycle)
    held = MissionStatement.objects.filter(cycle=unit.cycle, organization=unit.organization)
    mission = held.first()
    initial = {"text": mission.text if mission else ""}
    form = MissionForm(request.POST or None, initial=initial, back=back)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        set_mission(unit.organization, cycle=unit.cycle, text=text, by=person(request))
        messages.success(request, "The mission is saved.")
        return redirect(back)
    return _form_page(request, unit, form, heading="Mission")


@edit_methods
def goal_new(request: HttpRequest, code: str) -> HttpResponse:
    unit = _unit_to_edit(request, organization_with(code))
    held = Goal.objects.filter(cycle=unit.cycle, organization=unit.organization).count()
    goal = Goal(cycle=unit.cycle, organization=unit.organization, position=held + 1)
    return _edit_goal(request, unit, goal, heading="New goal")


@edit_methods
def goal_edit(request: HttpRequest, pk: int) -> HttpResponse:
    goal = get_object_or_404(Goal.objects.select_related("organization", "cycle"), pk=pk)
    return _edit_goal(request, _unit_of(request, goal), goal, heading="Change goal")


def _unit_of(request: HttpRequest, goal: Goal) -> Unit:
    if not may_edit_goals(person(request), goal.organization):
        raise PermissionDenied
    unit = load_unit(request, goal.organization)
    show_cycle(request, goal.cycle)
    return _still_open(Unit(goal.organization, unit.calendar, goal.cycle))


def _edit_goal(request: HttpRequest, unit: Unit, goal: Goal, *, heading: str) -> HttpResponse:
    back = _goals_url(unit.organization, unit.cycle)
    names = ("title", "statement", "serves", "position")
    form = GoalForm(
        request.POST or None,
        organization=unit.organization,
        cycle=unit.cycle,
        verb="Save goal" if goal.pk else "Add goal",
        back=back,
        initial={**{name: getattr(goal, name) for name in names}, "serves": goal.serves_id},
    )
    if request.method == "POST" and form.is_valid():
        for name in names:
            setattr(goal, name, form.cleaned_data[name])
        save_goal(goal, by=person(request))
        messages.success(request, f"“{goal.title}” is saved.")
        return redirect(back)
    return _form_page(request, unit, form, heading=heading)


@edit_methods
def goal_delete(request: HttpRequest, pk: int) -> HttpResponse:
    goal = get_object_or_404(Goal.objects.select_related("organization", "cycle"), pk=pk)
    unit = _unit_of(request, goal)
    back = _goals_url(unit.organization, unit.cycle)
    if request.method == "POST":
        delete_goal(goal, by=person(request))
        messages.success(request, f"“{goal.title}” is deleted.")
        return redirect(back)
    used = goal.elements.exists() or goal.served_by.exists()
    context = {
        "unit": unit,
        "goal": goal,
        "used": used,
        "back": back,
        "crumbs": crumbs_of(unit, person(request), address="goals", last="Delete goal"),
        "section": "organization_list",
    }
    return render(request, "appraisals/goals/delete.html", context)


@require_safe
def line_of_sight(request: HttpRequest) -> HttpResponse:
    """Each element of my own plan up to the mission of the department, drawn and as a list."""
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
    return render(
        request, "appraisals/goals/line_of_sight.html", _sight_context(record, records, own)
    )


def _running(records: list[Appraisal]) -> Appraisal | None:
    """The record of the cycle that runs today, else the newest."""
    today = clock.today()
    running = [each for each in records if each.cycle.starts_on <= today <= each.cycle.ends_on]
    return next(iter([*running, *records]), None)


def _sight_context(
    record: Appraisal, records: list[Appraisal], elements: list[Element]
) -> dict[str, Any]:
    lines = lines_of_sight(element.goal_id for element in elements)
    place = record.organization
    missions = MissionStatement.objects.filter(
        cycle=record.cycle, organization__in=[*place.ancestor_ids, place.pk]
    ).select_related("organization")
    ordered = sorted(missions, key=lambda each: len(each.organization.path))
    rows = [
        {
            "element": element,
            "title": element.title or "Untitled element",
            "line": _line(lines.get(element.goal_id or 0, []), record.cycle),
        }
        for element in elements
    ]
    top = ordered[0] if ordered else None
    return {
        "record": record,
        "rows": rows,
        "missions": ordered,
        "top": top,
        "drawing": sight_drawing(
            [_node_of(element, lines.get(element.goal_id or 0, [])) for element in elements],
            mission=top.text if top else "",
            mission_of=top.organization.name if top else "",
        ),
        "cycles": [
            {
                "label": each.cycle.name,
                "url": f"{reverse('line_of_sight')}?cycle={each.cycle_id}",
                "current": each == record,
            }
            for each in reversed(records)
        ]
        if len(records) > 1
        else [],
    }


def _node_of(element: Element, line: list[Goal]) -> SightNode:
    return SightNode(
        key=f"element-{element.pk}",
        title=element.title or "Untitled element",
        owner="",
        above=tuple(
            SightNode(
                key=f"goal-{goal.pk}",
                title=goal.title,
                owner=getattr(goal, "organization_name", ""),
            )
            for goal in line
        ),
    )
