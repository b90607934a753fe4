from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from orgchart import browser, clock, selectors
from orgchart.headcounts import headcounts
from orgchart.models import Organization
from orgchart.permissions import AUDITOR, HR, may_see_organization_people, roles_over
from orgchart.views.shared import crumbs_to, is_for, paged, person
from orgchart.views.unit_chart import MOST_UNITS, unit_chart

MOST_NAMED = 200
TABS = [("units", "Units below"), ("people", "People in this unit"), ("chart", "Chart")]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    unit: Organization
    people: int


@require_safe
def organization_list(request: HttpRequest) -> HttpResponse:
    """The tree, open as the address says; with words, the units of that name."""
    asked = request.GET.get("q", "").strip()
    if asked:
        named = selectors.first_organizations_named(asked, most=MOST_NAMED + 1)
        found = {
            "asked": asked,
            "page": paged(request, named[:MOST_NAMED]),
            "more": len(named) > MOST_NAMED,
            "crumbs": crumbs_to([], "Search"),
        }
        return render(request, "orgchart/organization_search.html", found)
    user, today = person(request), clock.today()
    codes = request.GET.getlist("open") if "open" in request.GET else None
    to = Organization.objects.filter(code=request.GET.get("to", "")).first()
    tree = browser.tree(codes, user, on=today, to=to)
    if is_for(request, "tree"):
        return render(request, "orgchart/_tree.html", {"tree": tree})
    own = selectors.assignment_of(user, on=today)
    context: dict[str, Any] = {
        "tree": tree,
        "own": own.organization if own else None,
        "headed": selectors.organizations_headed_by(user),
        "granted": selectors.grants_of(user, on=today).select_related("organization"),
    }
    return render(request, "orgchart/organization_list.html", context)


@require_safe
def organization_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One unit: those right below it, the people in it whom the reader may see, or both as a drawing."""
    user, today = person(request), clock.today()
    units = selectors.with_seen_heads(Organization.objects.all(), user, on=today)
    unit = get_object_or_404(selectors.with_units(units, on=today), code=code)
    shown = _shown(request, unit)
    below = selectors.units_under(unit, user, on=today)
    people = selectors.people_of_unit(unit, user, on=today)
    page = None if shown == "chart" else paged(request, people if shown == "people" else below)
    drawn = below[: MOST_UNITS + 1] if shown == "chart" else []
    listed: list[Organization] = list(page or drawn) if shown != "people" else []
    counts = headcounts([unit.pk, *(found.pk for found in listed)], on=today)
    here, in_all = counts[unit.pk]
    sees_all, roles = may_see_organization_people(user, unit), roles_over(user, unit)
    context = {
        "unit": unit,
        "is_closed": unit.closed_on is not None and unit.closed_on <= today,
        "crumbs": crumbs_to(selectors.ancestors_of(unit), unit.name),
        "people_here": here,
        "people_below": in_all,
        "shown": shown,
        "sees_all": sees_all,
        "tabs": _tabs(unit, shown),
        "page": page,
        "rows": [UnitRow(unit=found, people=counts[found.pk][1]) for found in listed],
        "chart": unit_chart(unit, listed, people, counts) if shown == "chart" else None,
        "cycle_url": _address("unit_cycle", unit) if sees_all and roles != {AUDITOR} else "",
        "links": _links(unit, roles, sees_all=sees_all),
    }
    return render(request, "orgchart/organization_detail.html", context)


def _shown(request: HttpRequest, unit: Organization) -> str:
    chosen = request.GET.get("show", "")
    known = {name for name, _ in TABS}
    usual = "units" if getattr(unit, "units", 0) else "people"
    return chosen if chosen in known else usual


def _tabs(unit: Organization, shown: str) -> list[dict[str, str | bool]]:
    url = unit.get_absolute_url()
    return [
        {"label": label, "url": f"{url}?show={name}", "current": name == shown}
        for name, label in TABS
    ]


def _links(unit: Organization, roles: set[str], *, sees_all: bool) -> list[dict[str, str]]:
    """What else there is about this unit for those who lead, administer or audit it."""
    wanted = (
        ("Reorganize", "reorganize", HR in roles),
        ("History", "organization_events", bool(roles)),
        ("Health of the hierarchy", "hierarchy_health", sees_all and roles != {AUDITOR}),
    )
    return [
        {"label": label, "url": url}
        for label, name, is_for_reader in wanted
        if is_for_reader and (url := _address(name, unit))
    ]


def _address(name: str, unit: Organization) -> str:
    """Some of these are another app's pages, and may not be there."""
    try:
        return reverse(name, args=[unit.code])
    except NoReverseMatch:
        return ""
