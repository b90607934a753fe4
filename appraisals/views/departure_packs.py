"""What goes with a departure: the pack for whoever takes over, and what goes along to another Component."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from appraisals.models import Appraisal, Departure, DepartureState, Element, Kind, Section
from appraisals.permissions import may_export_forms, may_read_section
from appraisals.sections import spec_of
from appraisals.selectors import plan_elements_of, with_documents
from appraisals.services.records import record_views
from appraisals.services.sending import Side, gaining_side, losing_side
from appraisals.views.departure_words import title_of
from appraisals.views.departures import crumbs_of, visible_departure
from appraisals.views.rows import Row, record_row
from appraisals.views.shared import person
from orgchart import clock
from orgchart.models import Person

PAGE = 25
YEAR = (Kind.NARRATIVE_STATEMENT, Kind.PROGRESS_REVIEW, Kind.ANNUAL_APPRAISAL)


@dataclass(frozen=True, slots=True)
class Told:
    """A text of the year."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Handed:
    """One record as whoever takes it over meets it."""

    record: Appraisal
    row: Row
    elements: list[Element]
    told: list[Told]


@require_safe
def departure_pack(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan, texts and next step of every record that came; only of those this reader may open."""
    departure, user = visible_departure(request, pk), person(request)
    mine = (
        Appraisal.objects.visible_to(user)
        .filter(departures__departure=departure, departures__handed_over_at__isnull=False)
        .exclude(employee=user)
    )
    by_name = ("employee__last_name", "employee__first_name", "cycle__starts_on", "pk")
    page = Paginator(with_documents(mine).order_by(*by_name), PAGE).get_page(
        request.GET.get("page")
    )
    records = list(page.object_list)
    record_views(records, by=user, page="pack")
    context = {
        "departure": departure,
        "title": title_of(departure),
        "page": page,
        "outcome": departure.outcome.splitlines() if departure.state == DepartureState.DONE else [],
        "handed": _handed(records, user),
        "today": clock.today(),
        "crumbs": crumbs_of("Hand-over pack", departure=departure),
    }
    return render(request, "appraisals/departures/pack.html", context)


def _handed(records: list[Appraisal], user: Person) -> list[Handed]:
    """Two queries for the texts of all of them."""
    keys = [record.pk for record in records]
    elements: dict[int, list[Element]] = defaultdict(list)
    for element in plan_elements_of(keys).select_related("plan").order_by("number"):
        elements[element.plan.appraisal_id].append(element)
    told: dict[int, list[Told]] = defaultdict(list)
    by_key = {record.pk: record for record in records}
    for section in _texts(keys):
        document = section.document
        document.appraisal = by_key[document.appraisal_id]
        if may_read_section(user, section, document):
            told[document.appraisal_id].append(Told(_title(section), section.text))
    today = clock.today()
    return [
        Handed(record, record_row(record, user, today=today), elements[record.pk], told[record.pk])
        for record in records
    ]


def _texts(keys: list[int]) -> Any:
    return (
        Section.objects.filter(document__appraisal__in=keys, document__kind__in=YEAR)
        .exclude(text="")
        .select_related("document__policy", "element")
        .order_by("-document__opened_at", "element__number", "kind")
    )


def _title(section: Section) -> str:
    label = spec_of(section.document.kind, section.kind).kind.label.lower()
    about = f", element {section.element.number}" if section.element else ""
    return f"{section.document.title}{about}: {label}"


def _side(request: HttpRequest, pk: int) -> Side:
    """HR of where they went reads what came along; who sends it is HR of where they left."""
    user = person(request)
    arrived = Departure.objects.arrived_at(user).with_names().filter(pk=pk).first()
    if arrived is not None:
        return gaining_side(arrived, user)
    departure = visible_departure(request, pk)
    if not may_export_forms(user, departure.organization):
        raise PermissionDenied
    return losing_side(departure, user)


@require_safe
def departure_goes_along(request: HttpRequest, pk: int) -> HttpResponse:
    side = _side(request, pk)
    departure = side.departure
    name = "What came along" if side.came else "What goes along"
    whole = (
        Appraisal.objects.visible_to(side.reader)
        .filter(employee=departure.person, departures__departure=departure)
        .select_related("cycle")
    )
    context = {
        "departure": departure,
        "name": name,
        "title": title_of(departure),
        "came": side.came,
        "enclosures": side.enclosures(),
        "whole": whole if side.came else (),
        "crumbs": crumbs_of(f"{name} with {departure.person.full_name}")
        if side.came
        else crumbs_of(name, departure=departure),
    }
    return render(request, "appraisals/departures/goes_along.html", context)


@require_safe
def departure_goes_along_form(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    side = _side(request, pk)
    found = next((each for each in side.enclosures() if each.key == key), None)
    if found is None:
        raise Http404
    printed = side.printed(found)
    return _file(printed.pdf, printed.name, "application/pdf", is_attachment=False)


@require_safe
def departure_goes_along_file(request: HttpRequest, pk: int) -> HttpResponse:
    side = _side(request, pk)
    departure = side.departure
    name = f"goes-along-{departure.person.dod_id}-{departure.last_day:%Y-%m-%d}.zip"
    return _file(side.packed(), name, "application/zip", is_attachment=True)


def _file(data: bytes, name: str, content_type: str, *, is_attachment: bool) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    disposition = content_disposition_header(as_attachment=is_attachment, filename=name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    return response
