from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from orgchart import clock, selectors
from orgchart.models import Organization
from orgchart.permissions import may_see_organization_people
from orgchart.views.shared import crumbs_to, paged, person

MOST_LISTED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    unit: Organization
    people: int


@require_safe
def organization_list(request: HttpRequest) -> HttpResponse:
    """The top, and the places that are the reader's own; with words, the units of that name."""
    asked = request.GET.get("q", "").strip()
    if asked:
        page = paged(request, selectors.organizations_named(asked))
        crumbs = crumbs_to([], "Search")
        found = {"asked": asked, "page": page, "crumbs": crumbs}
        return render(request, "orgchart/organization_search.html", found)
    user, today = person(request), clock.today()
    listed = list(selectors.units_under(None, user, on=today)[:MOST_LISTED])
    # Where one organization is above all, the level below it says more.
    top = listed[0] if len(listed) == 1 else None
    if top:
        listed = list(selectors.units_under(top, user, on=today)[:MOST_LISTED])
    counts = selectors.headcounts(top, on=today)
    own = selectors.assignment_of(user, on=today)
    context: dict[str, Any] = {
        "top": top,
        "people": sum(counts.values()),
        "rows": _rows(listed, counts),
        "own": own.organization if own else None,
        "headed": selectors.organizations_headed_by(user),
        "granted": selectors.grants_of(user, on=today).select_related("organization"),
    }
    return render(request, "orgchart/organization_list.html", context)


@require_safe
def organization_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One unit: those right below it, or the people in it whom the reader may see."""
    user, today = person(request), clock.today()
    units = selectors.with_seen_heads(Organization.objects.all(), user, on=today)
    unit = get_object_or_404(units, code=code)
    below = selectors.units_under(unit, user, on=today)
    counts = selectors.headcounts(unit, on=today)
    chosen = request.GET.get("show", "units" if counts.keys() - {0} else "people")
    shows_people = chosen == "people"
    people = selectors.people_of_unit(unit, user, on=today)
    page = paged(request, people if shows_people else below)
    sees_all = may_see_organization_people(user, unit)
    context = {
        "unit": unit,
        "crumbs": crumbs_to(selectors.ancestors_of(unit), unit.name),
        "people_here": counts.get(0, 0),
        "people_below": sum(counts.values()),
        "shows_people": shows_people,
        "sees_all": sees_all,
        "tabs": _tabs(unit, shows_people),
        "page": page,
        "rows": [] if shows_people else _rows(page, counts),
        "cycle_url": _cycle_url(unit) if sees_all else "",
    }
    return render(request, "orgchart/organization_detail.html", context)


def _rows(units: Iterable[Organization], counts: Mapping[int, int]) -> list[UnitRow]:
    return [UnitRow(unit=unit, people=counts.get(unit.pk, 0)) for unit in units]


def _tabs(unit: Organization, shows_people: bool) -> list[dict[str, str | bool]]:
    url = unit.get_absolute_url()
    return [
        {"label": "Units below", "url": f"{url}?show=units", "current": not shows_people},
        {"label": "People in this unit", "url": f"{url}?show=people", "current": shows_people},
    ]


def _cycle_url(unit: Organization) -> str:
    """The appraisals of a unit are another app's page, and may not be there."""
    try:
        return reverse("unit_cycle", args=[unit.code])
    except NoReverseMatch:
        return ""
