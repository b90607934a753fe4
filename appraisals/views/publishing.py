"""Publishing a unit's mission and goals, carrying them over from the cycle before, and their history."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from appraisals.models import Goal, GoalPublication, GoalVersion
from appraisals.permissions import may_edit_goals, may_see_unit_numbers
from appraisals.selectors import not_yet_told
from appraisals.services.goals import carry_over, publish
from appraisals.views.goals import edit_methods, goals_url, unit_to_edit
from appraisals.views.shared import person
from appraisals.views.units import crumbs_of, load_unit, organization_with
from orgchart.errors import Refused
from orgchart.templatetags.ui import day, plural

SHOWN = 25
FIELDS = {
    "text": "Mission",
    "title": "Goal",
    "statement": "How everybody will know it was reached",
    "serves_id": "Goal above that it serves",
    "serves_none": "Why it serves none",
    "position": "Place in the list",
    "retired_on": "Retired from",
    "retired_reason": "Why it is retired",
}


@edit_methods
def goals_publish(request: HttpRequest, code: str) -> HttpResponse:
    """What those below will be told, then telling them."""
    unit = unit_to_edit(request, organization_with(code))
    user = person(request)
    if request.method == "POST":
        publish(unit.organization, unit.cycle, by=user)
        messages.success(
            request,
            f"Published. The people of {unit.organization.name} and below see it on their home page.",
        )
        return redirect(goals_url(unit.organization, unit.cycle))
    context = {
        "unit": unit,
        "news": not_yet_told(unit.organization, unit.cycle),
        "last": GoalPublication.objects.filter(organization=unit.organization, cycle=unit.cycle)
        .select_related("by")
        .last(),
        "back": goals_url(unit.organization, unit.cycle),
        "crumbs": crumbs_of(unit, user, address="goals", last="Publish"),
        "section": "organization_list",
    }
    return render(request, "appraisals/goals/publish.html", context)


@require_POST
def goals_carry_over(request: HttpRequest, code: str) -> HttpResponse:
    unit = unit_to_edit(request, organization_with(code))
    before = unit.calendar.before(unit.cycle)
    if before is None:
        raise Refused("There is no cycle before this one to carry goals over from.")
    count = carry_over(unit.organization, before=before, into=unit.cycle, by=person(request))
    messages.success(
        request,
        f"{plural(count, 'goal')} of {before.name} carried over as drafts. "
        "Look through them, then publish."
        if count
        else f"{before.name} has no goals that are not here already.",
    )
    return redirect(goals_url(unit.organization, unit.cycle))


@require_safe
def goals_history(request: HttpRequest, code: str) -> HttpResponse:
    """Every change with its words before and after, newest first. Drafts are in it, so it is not for all."""
    organization, user = organization_with(code), person(request)
    if not (may_edit_goals(user, organization) or may_see_unit_numbers(user, organization)):
        raise PermissionDenied
    unit = load_unit(request, organization)
    versions = GoalVersion.objects.filter(organization=organization, cycle=unit.cycle)
    page = Paginator(versions.select_related("by").order_by("-pk"), SHOWN).get_page(
        request.GET.get("page")
    )
    context = {
        "unit": unit,
        "page": page,
        "rows": _history_rows(list(page.object_list)),
        "crumbs": crumbs_of(unit, user, address="goals", last="History"),
        "cycles": unit.cycle_links("goals_history"),
        "section": "organization_list",
    }
    return render(request, "appraisals/goals/history.html", context)


def _history_rows(versions: list[GoalVersion]) -> list[dict[str, Any]]:
    asked = [
        content["serves_id"]
        for each in versions
        for content in (each.before, each.after)
        if content.get("serves_id")
    ]
    titles = dict(Goal.objects.filter(pk__in=asked).values_list("pk", "title")) if asked else {}
    return [_history_row(each, titles) for each in versions]


def _history_row(version: GoalVersion, titles: dict[int, str]) -> dict[str, Any]:
    held = version.after or version.before
    is_new = not version.before
    fields = []
    for name, label in FIELDS.items():
        if is_new and name in ("title", "position"):
            continue
        old, new = (
            _in_words(name, content.get(name), titles)
            for content in (version.before, version.after)
        )
        if old != new:
            fields.append({"label": label, "old": old, "new": new})
    return {
        "version": version,
        "what": version.get_what_display(),
        "about": f"“{held['title']}”" if "title" in held else "Mission",
        "fields": fields if version.what != GoalVersion.What.PUBLISHED else [],
        "is_new": is_new,
    }


def _in_words(name: str, value: Any, titles: dict[int, str]) -> str:
    if value in (None, ""):
        return ""
    if name == "serves_id":
        return titles.get(value, "")
    if name == "retired_on":
        return day(dt.date.fromisoformat(value))
    return str(value)
