"""What is wrong in the hierarchy of a unit and all below it: the first of each kind, and a list behind it."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from appraisals.exports import Column, Table, download
from appraisals.forms.reorganizing import NOBODY, MostForm
from appraisals.health import BY_KEY, WITHOUT_PLAN, looked
from appraisals.permissions import may_see_unit_numbers
from appraisals.views.reorganize import crumbs_of
from appraisals.views.shared import person
from orgchart import clock
from orgchart.health import (
    HEAD_ELSEWHERE,
    LEFT,
    LOOPS,
    NO_HEAD,
    NOBODY_ABOVE,
    TOO_MANY,
    Finding,
    Listed,
    Of,
    Row,
    everything,
    look,
)
from orgchart.models import Organization
from orgchart.permissions import may_reorganize

FIRST, PAGE = 5, 25
NOUNS = {Of.PEOPLE: "person,people", Of.SUPERVISORS: "supervisor", Of.UNITS: "unit"}


def _unit(request: HttpRequest, code: str) -> Organization:
    """HR in scope, its head and those above; for others the page does not exist."""
    unit = get_object_or_404(Organization, code=code)
    if not may_see_unit_numbers(person(request), unit):
        raise Http404
    return unit


@require_safe
def hierarchy_health(request: HttpRequest, code: str) -> HttpResponse:
    unit = _unit(request, code)
    form = MostForm(request.GET or None)
    may_mend = may_reorganize(person(request), unit)
    found = []
    seen = looked(
        unit,
        person(request),
        most=form.most_reports,
        first=FIRST,
        again="again" in request.GET,
    )
    for finding, listed in seen.found.items():
        found.append(
            {
                "finding": finding,
                "total": listed.total,
                "rows": [_row(unit, finding, row, may_mend=may_mend) for row in listed.rows],
                "is_more": listed.total > len(listed.rows),
                "url": _list_url(unit, finding, form.most_reports),
                "noun": NOUNS[finding.of],
            }
        )
    context = {
        "unit": unit,
        "form": form,
        "looked_at": seen.at,
        "found": [each for each in found if each["total"]],
        "clean": [each for each in found if not each["total"]],
        "crumbs": crumbs_of(unit, "Health of the hierarchy"),
    }
    status = 422 if form.errors else 200
    return render(request, "appraisals/health/unit.html", context, status=status)


@require_safe
def hierarchy_finding(request: HttpRequest, code: str, key: str) -> HttpResponseBase:
    unit = _unit(request, code)
    if key not in BY_KEY:
        raise Http404
    finding, form = BY_KEY[key], MostForm(request.GET or None)
    given = request.GET.get("page", "")
    number = int(given) if given.isdecimal() and 0 < len(given) < 7 and int(given) else 1
    today, most = clock.today(), form.most_reports
    listed = look(finding, unit, on=today, most=most, page=number, size=PAGE)
    table = _table(finding, unit, listed, lambda: everything(finding, unit, on=today, most=most))
    downloaded = download(request, table, about=unit)
    if downloaded:
        return downloaded
    may_mend = may_reorganize(person(request), unit)
    context = {
        "unit": unit,
        "finding": finding,
        "most": most if finding == TOO_MANY else None,
        "rows": [_row(unit, finding, row, may_mend=may_mend) for row in listed.rows],
        "table": table,
        "page": Paginator(range(listed.total), PAGE).get_page(number),
        "noun": NOUNS[finding.of],
        "crumbs": crumbs_of(unit, finding.title, hierarchy_health="Health of the hierarchy"),
    }
    return render(request, "appraisals/health/finding.html", context)


def _table(
    finding: Finding,
    unit: Organization,
    listed: Listed,
    all_rows: Callable[[], Iterator[Row]],
) -> Table[Row]:
    is_unit = finding.of == Of.UNITS
    return Table(
        name=finding.key,
        title=f"{finding.title}, {unit.name}",
        columns=[
            Column("Unit" if is_unit else "Name", lambda row: row.name),
            Column("Code" if is_unit else "DoD ID", lambda row: row.code),
            Column("Unit above" if is_unit else "Unit", lambda row: row.place),
            Column("Code of that unit", lambda row: row.place_code),
            Column("What is to be seen", lambda row: _detail(finding, row)),
        ],
        rows=listed.rows,
        everything=all_rows,
        total=listed.total,
        names_people=not is_unit,
    )


def _list_url(unit: Organization, finding: Finding, most: int) -> str:
    url = reverse("hierarchy_finding", args=[unit.code, finding.key])
    return f"{url}?most={most}" if finding == TOO_MANY else url


def _row(unit: Organization, finding: Finding, row: Row, *, may_mend: bool) -> dict[str, Any]:
    """`mend` leads HR to where it is put right; who left has no page to lead to."""
    return {
        "name": row.name,
        "url": "" if finding == LEFT else row.address(finding),
        "place": row.place,
        "detail": _detail(finding, row),
        "mend": _mend(unit, finding, row) if may_mend else None,
    }


def _detail(finding: Finding, row: Row) -> str:
    if row.number is not None:
        return (
            "1 person answers to them"
            if row.number == 1
            else f"{row.number:,} people answer to them"
        )
    if finding == HEAD_ELSEWHERE:
        where = f"works in {row.other_place}" if row.other_place else "has left"
        return f"{row.other} {where}"
    if finding.of == Of.PEOPLE:
        return f"Supervisor: {row.other}" if row.other else "No supervisor"
    return ""


def _mend(unit: Organization, finding: Finding, row: Row) -> dict[str, str] | None:
    team = reverse("reorganize_team", args=[unit.code])
    if finding in (NO_HEAD, HEAD_ELSEWHERE):
        return {
            "url": reverse("reorganize_step", args=[row.code, "head"]),
            "label": "Appoint a head",
        }
    if finding in (LEFT, TOO_MANY):
        return {"url": f"{team}?supervisor={row.code}", "label": "Change supervisor"}
    if finding == LOOPS:
        return {"url": f"{team}?supervisor={row.other_code}", "label": "Change supervisor"}
    if finding == NOBODY_ABOVE:
        return {"url": f"{team}?supervisor={NOBODY}", "label": "Name a supervisor"}
    if finding == WITHOUT_PLAN:
        query = urlencode({"organization": row.place_code, "q": row.code})
        return {"url": f"{reverse('without_plan')}?{query}", "label": "Start plan"}
    return None
