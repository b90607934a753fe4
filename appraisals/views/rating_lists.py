"""HR: who gets no rating and why, who has more time, whose record follows another calendar, who disagrees."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from appraisals import rules
from appraisals.compliance import without_rating
from appraisals.exports import Column, Table, download
from appraisals.models import (
    Appraisal,
    Disagreement,
    DisagreementState,
    Document,
    Extension,
    ExtensionState,
    Kind,
    NotRatedReason,
)
from appraisals.models.scope import under_paths
from appraisals.selectors import with_documents
from appraisals.services.cycles import astray
from appraisals.services.rateability import close_year
from appraisals.standing import Asked, Stage, Standing
from appraisals.views.administration import chosen_place, hr_crumbs, scope_of
from appraisals.views.rateability import answer_of
from appraisals.views.shared import person
from appraisals.views.units import PAGE, Unit, find_unit, listed_page
from orgchart import clock
from orgchart.errors import Refused

Row = TypeVar("Row")

READ_AT_ONCE = 500
CANNOT, EXTENDED, CLOSED, ASKED, CALENDAR = "cannot", "extended", "closed", "asked", "calendar"
REASONS = "reasons"
LISTS = {
    CANNOT: "Cannot be rated",
    ASKED: "More time asked for",
    EXTENDED: "More time given",
    CLOSED: "Closed without a rating",
    CALENDAR: "On another calendar",
    REASONS: "By reason",
}
_OF_STANDINGS = {
    CANNOT: Asked(stage=Stage.APPRAISALS, not_rateable=True, is_closed=False, recorded=True),
    EXTENDED: Asked(is_extended=True, is_closed=False, recorded=True),
    CLOSED: Asked(is_closed=True, recorded=True),
}


@dataclass(frozen=True)
class Line:
    """One record of a list, and in a sentence why it is there."""

    record: Appraisal
    why: str
    days: str
    url: str
    may_close: bool = False

    @property
    def name(self) -> str:
        return f"{self.record.employee.last_name}, {self.record.employee.first_name}"


@require_safe
def unrated_list(request: HttpRequest) -> HttpResponseBase:
    scope = scope_of(request)
    place = chosen_place(request, scope)
    unit = find_unit(request, place)
    if unit is None:
        raise Http404
    asked = request.GET.get("show", "")
    show = asked if asked in LISTS else CANNOT
    if show == REASONS:
        return _by_reason(request, unit)
    page, lines = _listed(request, unit, show)
    table = _table(unit, show, lines, total=page.paginator.count)
    if file := download(request, table, about=place):
        return file
    context = {
        "unit": unit,
        "show": show,
        "title": LISTS[show],
        "tabs": _tabs(unit, show),
        "page": page,
        "lines": lines,
        "table": table,
        "may_close": show == CANNOT and unit.cycle.ends_on < clock.today(),
        "crumbs": hr_crumbs("Without a rating"),
        "cycles": unit.calendar.cycles,
    }
    return render(request, "appraisals/rateability/list.html", context)


def _by_reason(request: HttpRequest, unit: Unit) -> HttpResponseBase:
    """R16.3: for HR alone, since the leader of a small unit would know whose reason it is."""
    table = Table[tuple[str, str, int]](
        name="without-rating",
        title=f"{LISTS[REASONS]}, {unit.organization.name}, {unit.cycle.name}",
        columns=[
            Column("What", lambda row: row[0]),
            Column("Why", lambda row: row[1]),
            Column("People", lambda row: row[2], is_number=True),
        ],
        rows=without_rating(unit.standings()),
    )
    if file := download(request, table, about=unit.organization):
        return file
    context = {
        "unit": unit,
        "title": LISTS[REASONS],
        "tabs": _tabs(unit, REASONS),
        "by_reason": table,
        "crumbs": hr_crumbs("Without a rating"),
    }
    return render(request, "appraisals/rateability/list.html", context)


def _tabs(unit: Unit, show: str) -> list[dict[str, object]]:
    kept = {"organization": unit.organization.code, "cycle": unit.cycle.pk}
    return [
        {
            "label": label,
            "url": f"?{urlencode({**kept, 'show': name})}",
            "current": name == show,
        }
        for name, label in LISTS.items()
    ]


def _listed(request: HttpRequest, unit: Unit, show: str) -> tuple[Page[Any], list[Line]]:
    if show in _OF_STANDINGS:
        page, rows = listed_page(request, unit.standings(), _OF_STANDINGS[show])
        return page, list(_lines(rows, show))
    records = _records_of(unit, show)
    found = Paginator(records.order_by("pk"), PAGE).get_page(request.GET.get("page"))
    return found, [_line(record, show) for record in _read(row.pk for row in found.object_list)]


def _read(keys: Iterable[int]) -> QuerySet[Appraisal]:
    """With what `answer_of` asks, in three queries."""
    documents = Document.objects.filter(kind=Kind.PERFORMANCE_PLAN).select_related("policy")
    return (
        Appraisal.objects.filter(pk__in=list(keys))
        .with_people()
        .prefetch_related("employee__situations", Prefetch("documents", documents))
        .order_by("pk")
    )


def _records_of(unit: Unit, show: str) -> Any:
    """Asked: whatever the cycle is that somebody waits in; on another calendar: not over yet."""
    place = unit.organization
    records = Appraisal.objects.filter(organization__path__startswith=place.path)
    if show == ASKED:
        asked = Extension.objects.filter(state=ExtensionState.ASKED)
        return records.filter(extensions__in=asked)
    return astray(records.filter(cycle__effective_on__gte=clock.today()))


def _some(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """One part after the other, so that a download of any length stays small in memory."""
    all_rows = iter(rows)
    while some := list(islice(all_rows, READ_AT_ONCE)):
        yield some


def _lines(rows: Iterable[Standing], show: str) -> Iterator[Line]:
    for some in _some(rows):
        keys = [row.appraisal_id or 0 for row in some]
        records = {record.pk: record for record in _read(keys)}
        yield from (_line(records[key], show) for key in keys if key in records)


def _line(record: Appraisal, show: str) -> Line:
    answer = answer_of(record)
    url = reverse("rateability", args=[record.pk])
    if show == CALENDAR:
        why = f"{record.organization.name} follows another cycle than {record.cycle.name}"
        url = reverse("cycle_change", args=[record.pk])
    elif record.not_rated:
        why = record.get_not_rated_display()
    elif answer.is_rateable:
        why = f"The period goes on until {answer.until:%-d %B %Y}"
    else:
        why = _bar(answer)
    return Line(record, why, f"{answer.days} of {answer.needed}", url, may_close=bool(answer.bar))


def _bar(answer: rules.Rateability) -> str:
    if answer.bar == rules.NO_PLAN:
        return "No approved plan"
    names = {each.kind: each.name for each in answer.away}
    why = names.get(answer.bar, "Too few days under an approved plan")
    if answer.reached_on:
        return f"{why}; enough on {answer.reached_on:%-d %B %Y}"
    return why


def _table(unit: Unit, show: str, lines: list[Line], *, total: int) -> Table[Line]:
    return Table(
        name=f"without-a-rating-{show}",
        title=f"{LISTS[show]}, {unit.organization.name}, {unit.cycle.name}",
        columns=[
            Column("Name", lambda line: line.name, url=lambda line: line.url),
            Column("DoD ID", lambda line: line.record.employee.dod_id),
            Column("Unit", lambda line: line.record.organization.name),
            Column("Rating official", lambda line: line.record.rating_official.full_name),
            Column("Why", lambda line: line.why),
            Column("Days under a plan", lambda line: line.days),
        ],
        rows=lines,
        everything=lambda: _everything(unit, show),
        total=total,
        names_people=True,
    )


def _everything(unit: Unit, show: str) -> Iterator[Line]:
    if show in _OF_STANDINGS:
        yield from _lines(unit.standings().all_listed(_OF_STANDINGS[show]), show)
        return
    for some in _some(_records_of(unit, show).order_by("pk").iterator()):
        yield from (_line(record, show) for record in _read(record.pk for record in some))


@require_POST
def years_close(request: HttpRequest) -> HttpResponse:
    """Several years at once, each for the reason that its days give; each by itself."""
    scope, user = scope_of(request), person(request)
    chosen = [
        int(key) for key in request.POST.getlist("record") if key.isdecimal() and len(key) < 19
    ]
    records = with_documents(
        Appraisal.objects.filter(
            under_paths([place.path for place in scope], "organization__path"), pk__in=chosen[:PAGE]
        ).exclude(employee=user)
    )
    closed, refused = 0, list[str]()
    for record in records:
        try:
            close_for_its_reason(record, by=user)
        except Refused as refusal:
            refused.append(f"{record.employee.full_name}: {refusal.message}")
        else:
            closed += 1
    if closed:
        messages.success(
            request, f"Closed without a rating: {closed}. Everybody concerned was told."
        )
    for words in refused:
        messages.error(request, words)
    if not (closed or refused):
        messages.error(request, "Choose whose year to close.")
    query = urlencode(
        {name: request.POST[name] for name in ("organization", "cycle") if name in request.POST}
    )
    return redirect(f"{reverse('unrated_list')}?{query}")


def close_for_its_reason(record: Appraisal, *, by: Any) -> None:
    answer = answer_of(record)
    bar = {rules.NO_PLAN: rules.FEW_DAYS}.get(answer.bar, answer.bar)
    if not bar:
        raise Refused("there are enough days under an approved plan, so a rating is owed.")
    explanation = " ".join(rules.explain_rateability(answer, today=clock.today())[1:3])
    close_year(record, reason=NotRatedReason(bar), explanation=explanation, by=by)


# Disagreements

STATES = {"waiting": "Waiting", "answered": "Answered", "on_record": "Put on record"}
_IN = {
    "waiting": Q(state=DisagreementState.WAITING),
    "answered": Q(state__in=[DisagreementState.STANDS, DisagreementState.CHANGED]),
    "on_record": Q(state=DisagreementState.ON_RECORD),
}


@require_safe
def disagreement_list(request: HttpRequest) -> HttpResponseBase:
    """What is to be answered first; then what was."""
    scope, user = scope_of(request), person(request)
    asked = request.GET.get("show", "")
    show = asked if asked in STATES else "waiting"
    found = (
        Disagreement.objects.filter(
            _IN[show],
            under_paths([place.path for place in scope], "rating__appraisal__organization__path"),
        )
        .exclude(rating__appraisal__employee=user)
        .with_people()
        .order_by("due_on", "pk")
    )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    table = _disagreements(found, page, show)
    if file := download(request, table, about=scope[0]):
        return file
    tabs = [
        {"label": label, "url": f"?show={name}", "current": name == show}
        for name, label in STATES.items()
    ]
    context = {
        "page": page,
        "table": table,
        "tabs": tabs,
        "show": show,
        "today": clock.today(),
        "crumbs": hr_crumbs("Disagreements with ratings"),
    }
    return render(request, "appraisals/disagreement/list.html", context)


def _disagreements(
    found: QuerySet[Disagreement], page: Page[Any], show: str
) -> Table[Disagreement]:
    return Table(
        name=f"disagreements-{show}",
        title=f"Disagreements with ratings: {STATES[show].lower()}",
        columns=[
            Column("Employee", _employee_of, url=lambda row: row.get_absolute_url()),
            Column("Unit", lambda row: row.rating.appraisal.organization.name),
            Column("Cycle", lambda row: row.rating.appraisal.cycle.name),
            Column("What", lambda row: row.get_kind_display()),
            Column("Said on", lambda row: row.filed_on),
            Column("Answer due", lambda row: row.due_on),
            Column("Stands", lambda row: row.get_state_display()),
            Column("Answered on", lambda row: row.answered_on),
        ],
        rows=list(page.object_list),
        everything=lambda: found,
        total=page.paginator.count,
        names_people=True,
    )


def _employee_of(row: Disagreement) -> str:
    employee = row.rating.appraisal.employee
    return f"{employee.last_name}, {employee.first_name}"
