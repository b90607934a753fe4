"""How long approvals wait in a unit and at whom, and what reviewers returned: kinds of reasons, never a text."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from appraisals.charts import bar_chart
from appraisals.exports import Column, Table, download
from appraisals.figures import returns_by_reason, waiting_below
from appraisals.forms.program import WEEKS
from appraisals.models import ReturnReason
from appraisals.standing import SORTED_UP_TO
from appraisals.unit_people import REVIEWERS, ReviewerRow, reviewers_waited_for
from appraisals.views.unit_pages import frame, page_url, visible_unit
from appraisals.views.units import Unit
from orgchart.models import Organization

LONG = 2


@dataclass(frozen=True)
class Bucket:
    """One bar: its words, its number, the list behind it."""

    label: str
    documents: int
    url: str


@dataclass(frozen=True)
class WaitingRow:
    """A unit just below with all below it, or who works in the unit itself."""

    name: str
    documents: int
    long: int
    longest: int
    url: str


@require_safe
def unit_waiting(request: HttpRequest, code: str) -> HttpResponseBase:
    unit = visible_unit(request, code)
    stage = unit.stage(request.GET.get("stage", ""))
    below = waiting_below(unit.organization, unit.cycle)
    counted = sum(below.values(), Counter[int]())
    weeks = _weeks(unit, counted)
    reasons = _reasons(unit)
    units = _units_table(unit, below)
    is_large = counted.total() > SORTED_UP_TO
    waited_for = [] if is_large else reviewers_waited_for(unit.organization, unit.cycle)
    reviewers = _reviewers_table(unit, waited_for)
    if file := download(request, weeks, reasons, units, reviewers, about=unit.organization):
        return file
    context = {
        **frame(request, unit, "unit_waiting", stage),
        "numbers": _numbers(unit, weeks, reasons),
        "weeks": weeks,
        "weeks_chart": bar_chart([(row.label, row.documents) for row in weeks.rows]),
        "reasons": reasons,
        "reasons_chart": bar_chart([(row.label, row.documents) for row in reasons.rows]),
        "units": units,
        "reviewers": reviewers,
        "most": REVIEWERS,
        "is_large": is_large,
        "large": SORTED_UP_TO,
    }
    return render(request, "appraisals/oversight/waiting.html", context)


def _numbers(unit: Unit, weeks: Table[Bucket], reasons: Table[Bucket]) -> list[dict[str, Any]]:
    waiting = sum(row.documents for row in weeks.rows)
    came_back = sum(row.documents for row in reasons.rows)
    return [
        {
            "value": f"{waiting:,}",
            "words": "documents in higher level review",
            "url": page_url("unit_in_review", unit),
        },
        {
            "value": f"{came_back:,}",
            "words": "documents returned in this cycle",
            "url": page_url("unit_returned", unit),
        },
    ]


def _weeks(unit: Unit, counted: Counter[int]) -> Table[Bucket]:
    rows = [
        Bucket(
            label,
            sum(n for weeks, n in counted.items() if first <= weeks and (not end or weeks < end)),
            page_url("unit_in_review", unit, weeks=str(first)),
        )
        for first, (end, label) in WEEKS.items()
    ]
    last = max((place for place, row in enumerate(rows) if row.documents), default=-1)
    rows = rows[: last + 1]
    return _buckets(unit, rows, name="waiting", first="In review for", what="Waiting documents")


def _reasons(unit: Unit) -> Table[Bucket]:
    counted = returns_by_reason(unit.organization, unit.cycle)
    rows = [
        Bucket(
            str(reason.label),
            counted[reason.value],
            page_url("unit_returned", unit, reason=reason.value),
        )
        for reason in ReturnReason
        if counted[reason.value]
    ]
    return _buckets(unit, rows, name="returned", first="Because", what="Returned documents")


def _buckets(unit: Unit, rows: list[Bucket], *, name: str, first: str, what: str) -> Table[Bucket]:
    return Table(
        name=name,
        title=f"{what} of {unit.organization.name}, {unit.cycle.name}",
        columns=[
            Column(first, lambda row: row.label),
            Column("Documents", lambda row: row.documents, is_number=True, url=lambda row: row.url),
        ],
        rows=rows,
    )


def _units_table(unit: Unit, below: dict[int | None, Counter[int]]) -> Table[WaitingRow]:
    def row(place: Organization, name: str, counted: Counter[int], url: str) -> WaitingRow:
        return WaitingRow(
            name=name,
            documents=counted.total(),
            long=sum(number for weeks, number in counted.items() if weeks >= LONG),
            longest=max(counted, default=0),
            url=url,
        )

    rows = []
    for place in unit.below:
        url = page_url("unit_waiting", Unit(place, unit.calendar, unit.cycle))
        rows.append(row(place, place.name, below.get(place.pk, Counter()), url))
    if unit.below and None in below:
        url = page_url("unit_in_review", unit, alone="on")
        rows.append(row(unit.organization, "Directly in this unit", below[None], url))
    return Table(
        name="units",
        title=f"Waiting documents by unit of {unit.organization.name}, {unit.cycle.name}",
        columns=[
            Column("Unit", lambda row: row.name, url=lambda row: row.url),
            Column("Waiting", lambda row: row.documents, is_number=True),
            Column(f"{LONG} weeks or more", lambda row: row.long, is_number=True),
            Column("Longest, in weeks", lambda row: row.longest, is_number=True),
        ],
        rows=[each for each in rows if each.documents],
    )


def _reviewers_table(unit: Unit, rows: list[ReviewerRow]) -> Table[ReviewerRow]:
    def listed(row: ReviewerRow) -> str:
        key = row.reviewer.pk if row.reviewer else 0
        return page_url("unit_in_review", unit, reviewer=str(key))

    return Table(
        name="reviewers",
        title=f"Reviewers of {unit.organization.name} with the oldest documents, {unit.cycle.name}",
        columns=[
            Column("Higher level reviewer", lambda row: row.name),
            Column("Oldest since", lambda row: row.oldest_on),
            Column("Days", lambda row: row.days, is_number=True),
            Column("Waiting", lambda row: row.documents, is_number=True, url=listed),
        ],
        rows=rows,
    )
