"""Mission and goals of a unit: what they are, writing them, and taking them over from above (R14.1)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appraisals.forms.goals import GoalForm, MissionForm, RetireForm
from appraisals.goal_counts import UnitGoal, unit_goals
from appraisals.models import AppraisalCycle, Goal, MissionStatement, Way
from appraisals.permissions import may_edit_goals, may_see_unit_numbers
from appraisals.selectors import changes_not_told, goals_above, lines_of_sight
from appraisals.services.goals import (
    adopt_goal,
    delete_goal,
    is_used,
    keep_goal,
    next_position,
    note_opened,
    retire_goal,
    save_goal,
    set_mission,
)
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
    is_editor = may_edit_goals(user, unit.organization)
    if not is_editor:
        note_opened(unit.organization, unit.cycle, by=user)
    may_edit = is_editor and not is_over(unit.cycle)
    missions = MissionStatement.objects.filter(
        cycle=unit.cycle, organization__in=[*unit.organization.ancestor_ids, unit.organization.pk]
    )
    held = {mission.organization_id: mission for mission in missions}
    mission = held.get(unit.organization.pk)
    found = unit_goals(unit.organization, unit.cycle, drafts=is_editor)
    context = {
        "unit": unit,
        "mission": mission if mission and (is_editor or mission.published_at) else None,
        "above": [
            {"name": each.name, "text": held[each.pk].text}
            for each in unit.above
            if each.pk in held and held[each.pk].published_at
        ],
        "rows": _goal_rows(found),
        "may_edit": may_edit,
        "numbers": may_see_unit_numbers(user, unit.organization),
        "is_closed": is_editor and not may_edit,
        "crumbs": crumbs_of(unit, user, address="goals"),
        "cycles": unit.cycle_links("goals"),
        "section": "organization_list",
        **(_writing(unit, found, mission) if may_edit else {}),
    }
    return render(request, "appraisals/goals/list.html", context)


def _goal_rows(goals: list[UnitGoal]) -> list[dict[str, Any]]:
    lines = lines_of_sight(each.goal.serves_id for each in goals)
    below: dict[int, list[Goal]] = {}
    helpers = Goal.objects.published().filter(serves__in=[each.goal.pk for each in goals])
    for helper in helpers.select_related("organization"):
        below.setdefault(helper.serves_id or 0, []).append(helper)
    return [
        {
            "goal": each.goal,
            "is_retired": each.goal.is_retired(clock.today()),
            "line": line_words(lines.get(each.goal.serves_id or 0, [])),
            "below": below.get(each.goal.pk, []),
            "count": each,
        }
        for each in goals
    ]


def _writing(unit: Unit, found: list[UnitGoal], mission: MissionStatement | None) -> dict[str, Any]:
    """For those who write them: what those below do not know yet, and what can be taken over."""
    drafts = sum(each.goal.published_at is None for each in found)
    before = unit.calendar.before(unit.cycle)
    above = list(goals_above(unit.organization, unit.cycle))
    offered = _not_reached(above, found)
    return {
        "drafts": drafts,
        "mission_is_draft": mission is not None and mission.published_at is None,
        "changes": changes_not_told(unit.organization, unit.cycle) if found or mission else 0,
        "near": [goal for goal in offered if goal.organization_id == above[0].organization_id],
        "far": [goal for goal in offered if goal.organization_id != above[0].organization_id],
        "has_above": bool(above),
        "before": before if not found else None,
    }


def _not_reached(above: list[Goal], found: list[UnitGoal]) -> list[Goal]:
    """Goals above that no goal here serves, straight or through another one above; nearest first."""
    serves = {goal.pk: goal.serves_id for goal in above}
    reached: set[int | None] = set()
    for each in found:
        step = each.goal.serves_id
        while step is not None and step not in reached:
            reached.add(step)
            step = serves.get(step)
    return [goal for goal in above if goal.pk not in reached]


def line_words(line: list[Goal]) -> list[dict[str, str]]:
    """For components/line_of_sight.html; the nearest goal first."""
    return [
        {"title": f"{goal.label} ({getattr(goal, 'organization_name', '')})", "url": ""}
        for goal in line
    ]


def is_over(cycle: AppraisalCycle) -> bool:
    return cycle.ends_on < clock.today()


def goals_url(organization: Organization, cycle: AppraisalCycle) -> str:
    return f"{reverse('goals', args=[organization.code])}?cycle={cycle.pk}"


def unit_to_edit(request: HttpRequest, organization: Organization) -> Unit:
    if not may_edit_goals(person(request), organization):
        raise PermissionDenied
    return _still_open(load_unit(request, organization))


def _still_open(unit: Unit) -> Unit:
    if is_over(unit.cycle):
        raise Refused(
            f"The {unit.cycle.name} cycle is over. Its mission and goals stay as its plans served them."
        )
    return unit


def _form_page(
    request: HttpRequest,
    unit: Unit,
    form: MissionForm | GoalForm | RetireForm,
    *,
    heading: str,
    goal: Goal | None = None,
) -> HttpResponse:
    context = {
        "unit": unit,
        "form": form,
        "goal": goal,
        "heading": heading,
        "crumbs": crumbs_of(unit, person(request), address="goals", last=heading),
        "section": "organization_list",
    }
    status = 422 if form.is_bound else 200
    return render(request, "appraisals/goals/edit.html", context, status=status)


@edit_methods
def mission_edit(request: HttpRequest, code: str) -> HttpResponse:
    unit = unit_to_edit(request, organization_with(code))
    back = goals_url(unit.organization, unit.cycle)
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
    """An own goal, or with `?above=` one from above to be said in own words."""
    unit = unit_to_edit(request, organization_with(code))
    goal = Goal(
        cycle=unit.cycle,
        organization=unit.organization,
        position=next_position(unit.organization, unit.cycle),
    )
    asked = request.GET.get("above", "")
    if asked.isdecimal() and len(asked) < 18:
        above = goals_above(unit.organization, unit.cycle).filter(pk=int(asked)).first()
        if above is not None:
            goal.serves, goal.way = above, Way.ADAPTED
            goal.title, goal.statement = above.title, above.statement
    return _edit_goal(request, unit, goal, heading="Adapt a goal" if goal.serves else "New goal")


@edit_methods
def goal_edit(request: HttpRequest, pk: int) -> HttpResponse:
    goal = _goal(pk)
    return _edit_goal(request, _unit_of(request, goal), goal, heading="Change goal")


def _goal(pk: int) -> Goal:
    return get_object_or_404(Goal.objects.select_related("organization", "cycle", "serves"), pk=pk)


def _unit_of(request: HttpRequest, goal: Goal) -> Unit:
    if not may_edit_goals(person(request), goal.organization):
        raise PermissionDenied
    unit = load_unit(request, goal.organization)
    show_cycle(request, goal.cycle)
    return _still_open(Unit(goal.organization, unit.calendar, goal.cycle))


def _edit_goal(request: HttpRequest, unit: Unit, goal: Goal, *, heading: str) -> HttpResponse:
    back = goals_url(unit.organization, unit.cycle)
    above = goals_above(unit.organization, unit.cycle)
    if goal.serves_id is not None:
        above |= Goal.objects.filter(pk=goal.serves_id)
    form = GoalForm(
        request.POST or None,
        above=above.select_related("organization"),
        verb="Save goal" if goal.pk else "Add goal as a draft",
        back=back,
        initial={name: getattr(goal, name) for name in GoalForm.base_fields}
        | {"serves": goal.serves_id},
    )
    if request.method == "POST" and form.is_valid():
        for name in GoalForm.base_fields:
            setattr(goal, name, form.cleaned_data[name])
        save_goal(goal, by=person(request))
        messages.success(request, f"“{goal.title}” is saved.")
        return redirect(back)
    return _form_page(request, unit, form, heading=heading, goal=goal if goal.pk else None)


@require_POST
def goal_adopt(request: HttpRequest, code: str) -> HttpResponse:
    unit = unit_to_edit(request, organization_with(code))
    asked = request.POST.get("goal", "")
    above = goals_above(unit.organization, unit.cycle)
    known = above.filter(pk=int(asked)) if asked.isdecimal() and len(asked) < 18 else above.none()
    goal = known.first()
    if goal is None:
        raise Refused("This goal is not offered any more. Choose one of those on the page.")
    adopt_goal(goal, unit.organization, by=person(request))
    messages.success(
        request, f"“{goal.title}” is adopted as a draft. Publish it when all is ready."
    )
    return redirect(goals_url(unit.organization, unit.cycle))


@edit_methods
def goal_delete(request: HttpRequest, pk: int) -> HttpResponse:
    goal = _goal(pk)
    unit = _unit_of(request, goal)
    back = goals_url(unit.organization, unit.cycle)
    if request.method == "POST":
        delete_goal(goal, by=person(request))
        messages.success(request, f"“{goal.title}” is deleted.")
        return redirect(back)
    context = {
        "unit": unit,
        "goal": goal,
        "used": goal.published_at is not None or is_used(goal),
        "back": back,
        "crumbs": crumbs_of(unit, person(request), address="goals", last="Delete goal"),
        "section": "organization_list",
    }
    return render(request, "appraisals/goals/delete.html", context)


@edit_methods
def goal_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Retire a goal, or take its retirement back."""
    goal = _goal(pk)
    unit = _unit_of(request, goal)
    back = goals_url(unit.organization, unit.cycle)
    if goal.retired_on and request.method == "POST":
        keep_goal(goal, by=person(request))
        messages.success(request, f"“{goal.title}” is not retired any more.")
        return redirect(back)
    form = RetireForm(
        request.POST or None, initial={"retired_on": clock.today()}, goal=goal, back=back
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        retire_goal(goal, on=given["retired_on"], reason=given["reason"], by=person(request))
        messages.success(
            request, f"“{goal.title}” is retired from {given['retired_on']:%-d %B %Y}."
        )
        return redirect(back)
    return _form_page(request, unit, form, heading="Retire goal", goal=goal)
