"""What the pages of a unit's numbers share: who may open them, the tabs between them, whose people are meant."""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from appraisals.counts import STAGE_NAMES, Counts
from appraisals.permissions import may_see_unit_numbers
from appraisals.standing import Stage
from appraisals.views.shared import person
from appraisals.views.units import Unit, crumbs_of, load_unit, organization_with

PAGES = (
    ("unit_cycle", "Overview"),
    ("unit_waiting", "Waiting and returns"),
    ("unit_ratings", "Ratings"),
    ("unit_supervisors", "Supervisors"),
    ("unit_records", "People"),
    ("unit_reports", "Reports"),
)


def visible_unit(request: HttpRequest, code: str) -> Unit:
    organization = organization_with(code)
    if not may_see_unit_numbers(person(request), organization):
        raise Http404
    return load_unit(request, organization)


def page_url(name: str, unit: Unit, **asked: str) -> str:
    query = urlencode({"cycle": str(unit.cycle.pk), **asked})
    return f"{reverse(name, args=[unit.organization.code])}?{query}"


def frame(request: HttpRequest, unit: Unit, page: str, stage: Stage) -> dict[str, Any]:
    """Breadcrumbs that lead to the same page of the units above, tabs, cycles."""
    return {
        "unit": unit,
        "crumbs": crumbs_of(unit, person(request), address=page),
        "tabs": [
            {
                "label": label,
                "url": page_url(name, unit, stage=stage.value),
                "current": name == page,
            }
            for name, label in PAGES
        ],
        "cycles": unit.cycle_links(page, stage=stage.value),
        "section": "organization_list",
    }


def stage_links(
    unit: Unit, page: str, current: Stage, counts: Counts | None = None
) -> list[dict[str, object]]:
    """The parts of the year, with how far each has come."""
    found: list[dict[str, object]] = []
    for stage, name in STAGE_NAMES.items():
        share = counts.share(stage) if counts else None
        found.append(
            {
                "label": name if share is None else f"{name} {share}%",
                "url": page_url(page, unit, stage=stage.value),
                "current": stage == current,
            }
        )
    return found
