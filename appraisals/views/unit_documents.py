"""The documents behind a unit's numbers of what waits and what came back: whose, since when, never a text."""

from collections import Counter
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from appraisals.exports import Column, Table, download
from appraisals.figures import returns_by_reason, waiting_below
from appraisals.forms.program import WEEKS, ReturnedFilterForm, WaitingFilterForm
from appraisals.models import AppraisalEvent, Document, ReturnReason
from appraisals.standing import SORTED_UP_TO
from appraisals.unit_people import in_review, returned, returned_for, waiting_between
from appraisals.views.unit_pages import frame, visible_unit
from appraisals.views.units import PAGE, Unit
from orgchart.models import Person


@require_safe
def unit_in_review(request: HttpRequest, code: str) -> HttpResponseBase:
    unit = visible_unit(request, code)
    form = WaitingFilterForm({**request.GET.dict(), "cycle": str(unit.cycle.pk)})
    is_right = form.is_valid()
    found = in_review(unit.organization, unit.cycle).filter(_waiting(unit, form.cleaned_data))
    page, rows = _listed(request, found, _how_many_wait(unit, form.cleaned_data))
    table = _waiting_table(unit, rows, found, total=page.paginator.count)
    if is_right and (file := download(request, table, about=unit.organization)):
        return file
    context = {
        "heading": "In higher level review",
        "lead": "the longest waiting first",
        "reviewer": _reviewer(form.cleaned_data.get("reviewer")),
    }
    return _page(request, unit, form, table, page, context, is_right=is_right)


@require_safe
def unit_returned(request: HttpRequest, code: str) -> HttpResponseBase:
    unit = visible_unit(request, code)
    form = ReturnedFilterForm({**request.GET.dict(), "cycle": str(unit.cycle.pk)})
    is_right = form.is_valid()
    reason, about = form.cleaned_data.get("reason"), (unit.organization, unit.cycle)
    found, counted = returned(*about), returns_by_reason(*about)
    if reason:
        found = found.filter(returned_for(ReturnReason(reason)))
    page, rows = _listed(request, found, counted[reason] if reason else counted.total())
    table = _returned_table(unit, rows, found, total=page.paginator.count)
    if is_right and (file := download(request, table, about=unit.organization)):
        return file
    context = {"heading": "Returned for change", "lead": "the newest first"}
    return _page(request, unit, form, table, page, context, is_right=is_right)


def _listed(
    request: HttpRequest, found: QuerySet[Any], total: int | None
) -> tuple[Page[int], list[Any]]:
    """A page of a list whose length may be kept already; a long one is not sorted: nobody reads it to the end."""
    length = found.count() if total is None else total
    page = Paginator(range(length), PAGE).get_page(request.GET.get("page"))
    first = PAGE * (page.number - 1)
    rows = found.order_by() if total is not None and total > SORTED_UP_TO else found
    return page, list(rows[first : first + PAGE])


def _how_many_wait(unit: Unit, asked: dict[str, Any]) -> int | None:
    """What is kept does not tell reviewers apart."""
    if asked.get("reviewer") is not None:
        return None
    below = waiting_below(unit.organization, unit.cycle)
    counted = below.get(None, Counter()) if asked.get("alone") else sum(below.values(), Counter())
    first = asked.get("weeks")
    if first is None:
        return counted.total()
    end = WEEKS[first][0]
    return sum(n for weeks, n in counted.items() if first <= weeks and (not end or weeks < end))


def _page(
    request: HttpRequest,
    unit: Unit,
    form: Any,
    table: Table[Any],
    page: Any,
    more: dict[str, Any],
    *,
    is_right: bool,
) -> HttpResponseBase:
    stage = unit.stage(request.GET.get("stage", ""))
    context = {
        **frame(request, unit, "unit_waiting", stage),
        "form": form,
        "table": table,
        "page": page,
        "is_unsorted": page.paginator.count > SORTED_UP_TO and not more.get("reviewer"),
        **more,
    }
    status = 200 if is_right else 422
    return render(request, "appraisals/oversight/documents.html", context, status=status)


def _waiting(unit: Unit, asked: dict[str, Any]) -> Q:
    found, weeks, reviewer = Q(), asked.get("weeks"), asked.get("reviewer")
    if weeks is not None:
        found &= waiting_between(weeks, WEEKS[weeks][0])
    if reviewer is not None:
        found &= Q(appraisal__higher_level_reviewer=reviewer or None)
    if asked.get("alone"):
        found &= Q(appraisal__organization=unit.organization)
    return found


def _reviewer(key: int | None) -> str:
    if key is None:
        return ""
    found = Person.objects.filter(pk=key).first()
    return found.full_name if found else "nobody named"


def _waiting_table(
    unit: Unit, rows: list[Document], everything: QuerySet[Document], *, total: int
) -> Table[Document]:
    return Table(
        name="in-review",
        title=f"In higher level review: {unit.organization.name}, {unit.cycle.name}",
        columns=[
            Column("Employee", lambda row: row.appraisal.employee.full_name),
            Column("Unit", lambda row: row.appraisal.organization.name),
            Column("Document", lambda row: row.title),
            Column("Sent by", lambda row: row.appraisal.rating_official.full_name),
            Column("Higher level reviewer", _reviewer_of),
            Column("Since", lambda row: timezone.localtime(row.state_since).date()),
        ],
        rows=rows,
        everything=lambda: everything,
        total=total,
        names_people=True,
    )


def _reviewer_of(row: Document) -> str:
    reviewer = row.appraisal.higher_level_reviewer
    return reviewer.full_name if reviewer else "Nobody named"


def _returned_table(
    unit: Unit, rows: list[AppraisalEvent], everything: QuerySet[AppraisalEvent], *, total: int
) -> Table[AppraisalEvent]:
    return Table(
        name="returned",
        title=f"Returned for change: {unit.organization.name}, {unit.cycle.name}",
        columns=[
            Column("Employee", lambda row: row.appraisal.employee.full_name),
            Column("Unit", lambda row: row.appraisal.organization.name),
            Column("Document", lambda row: row.document.title if row.document else ""),
            Column("Returned to", lambda row: row.appraisal.rating_official.full_name),
            Column("By", lambda row: row.by.full_name),
            Column("Because", _reason),
            Column("On", lambda row: timezone.localtime(row.at).date()),
        ],
        rows=rows,
        everything=lambda: everything,
        total=total,
        names_people=True,
    )


def _reason(row: AppraisalEvent) -> str:
    return str(ReturnReason(row.details.get("about") or ReturnReason.OTHER).label)
