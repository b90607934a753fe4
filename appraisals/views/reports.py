"""What an organization reports of its program (R16): how much was done and in time, quarters, returns."""

from collections import Counter
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from appraisals.compliance import (
    DUE,
    GIVEN,
    LONG,
    PROPOSED,
    InTime,
    Quarter,
    completed,
    in_time_below,
    quarters_of,
)
from appraisals.counts import STAGE_NAMES, Counts, due_on, percent, unit_counts
from appraisals.exports import Column, Table, download
from appraisals.figures import returns_by_reason
from appraisals.models import ActionDecision, ReturnReason
from appraisals.permissions import is_hr_for
from appraisals.standing import Stage
from appraisals.views.shared import person
from appraisals.views.unit_pages import frame, page_url, visible_unit
from appraisals.views.units import Unit

DONE = {Stage.PLANS: "Approved", Stage.REVIEWS: "Held", Stage.APPRAISALS: "Issued"}
ASKED = {
    Stage.PLANS: "People",
    Stage.REVIEWS: "People",
    Stage.APPRAISALS: "People with enough days",
}


@dataclass(frozen=True)
class ComplianceRow:
    name: str
    url: str
    counts: Counts
    in_time: InTime


@require_safe
def unit_reports(request: HttpRequest, code: str) -> HttpResponseBase:
    unit = visible_unit(request, code)
    stage = unit.stage(request.GET.get("stage", ""))
    rows = _rows(unit)
    tables = {each: _compliance(unit, rows, each) for each in Stage}
    is_hr = is_hr_for(person(request), unit.organization)
    quarters, returns = _quarters(unit, with_assistance=is_hr), _returns(unit)
    if file := download(request, *tables.values(), quarters, returns, about=unit.organization):
        return file
    context = {
        **frame(request, unit, "unit_reports", stage),
        "compliance": [
            {
                "name": STAGE_NAMES[each],
                "slug": each.value,
                "table": table,
                "due_on": due_on(unit.cycle, DUE[each]),
            }
            for each, table in tables.items()
        ],
        "quarters": quarters,
        "is_hr": is_hr,
        "returns": returns,
    }
    return render(request, "appraisals/oversight/reports.html", context)


def _rows(unit: Unit) -> list[ComplianceRow]:
    """The unit with all below it, each unit just below, and who works in the unit itself."""
    standings = unit.standings()
    counts, in_time = unit_counts(standings), in_time_below(standings)
    whole = sum((Counter(each) for each in in_time.values()), Counter[Stage]())
    rows = [ComplianceRow(unit.organization.name, "", counts.whole, dict(whole))]
    for place in unit.below:
        url = page_url("unit_reports", Unit(place, unit.calendar, unit.cycle))
        known = in_time.get(place.pk, {})
        rows.append(ComplianceRow(place.name, url, counts.below.get(place.pk, Counts()), known))
    if unit.below and counts.alone.people:
        own = in_time.get(None, {})
        rows.append(ComplianceRow("Directly in this unit", "", counts.alone, own))
    return rows


_NOT_RATED = [
    Column[ComplianceRow]("Not rateable", lambda row: row.counts.not_rateable, is_number=True),
    Column[ComplianceRow]("Of them closed", lambda row: row.counts.closed, is_number=True),
    Column[ComplianceRow]("More time", lambda row: row.counts.extended, is_number=True),
]


def _compliance(unit: Unit, rows: list[ComplianceRow], stage: Stage) -> Table[ComplianceRow]:
    def share(row: ComplianceRow, part: int) -> int | None:
        return percent(part, row.counts.required(stage))

    def is_due() -> bool:
        return due_on(unit.cycle, DUE[stage]) is not None

    columns = [
        Column[ComplianceRow]("Unit", lambda row: row.name, url=lambda row: row.url),
        Column[ComplianceRow](ASKED[stage], lambda row: row.counts.required(stage), is_number=True),
        Column[ComplianceRow](
            DONE[stage], lambda row: completed(row.counts, stage), is_number=True
        ),
        Column[ComplianceRow](
            "Share done",
            lambda row: share(row, completed(row.counts, stage)),
            is_number=True,
            unit="%",
        ),
        Column[ComplianceRow](
            "In time",
            lambda row: row.in_time.get(stage, 0) if is_due() else None,
            is_number=True,
        ),
        Column[ComplianceRow](
            "Share in time",
            lambda row: share(row, row.in_time.get(stage, 0)) if is_due() else None,
            is_number=True,
            unit="%",
        ),
    ]
    if stage == Stage.APPRAISALS:
        columns += _NOT_RATED
    return Table(
        name=f"compliance-{stage.value}",
        title=f"{STAGE_NAMES[stage]}, {unit.cycle.name}",
        columns=columns,
        rows=rows,
    )


_ASSISTANCE = {
    GIVEN: "Opportunity periods given",
    LONG: "Of them over the target",
    PROPOSED: "Actions proposed",
    ActionDecision.REMOVAL: "Removals",
    ActionDecision.DEMOTION: "Reductions in grade",
}


def _quarters(unit: Unit, *, with_assistance: bool) -> Table[Quarter]:
    """Opportunities and actions are so few that each would be known: only human resources reads them."""

    def count(what: str, words: str) -> Column[Quarter]:
        return Column(words, lambda row: row.assistance[what], is_number=True)

    def done(stage: Stage, words: str) -> Column[Quarter]:
        return Column(words, lambda row: row.shares[stage], is_number=True, unit="%")

    return Table(
        name="quarters",
        title=f"Quarters, {unit.cycle.name}",
        columns=[
            Column("Quarter ending", lambda row: row.ends_on),
            done(Stage.PLANS, "Plans approved"),
            done(Stage.REVIEWS, "Progress reviews held"),
            done(Stage.APPRAISALS, "Ratings approved"),
            Column("Policy editions in force anew", lambda row: row.editions, is_number=True),
            Column("Ratings changed", lambda row: row.amended, is_number=True),
            Column("Of them by settlement", lambda row: row.settled, is_number=True),
            *(count(what, words) for what, words in _ASSISTANCE.items() if with_assistance),
            Column("Requests to look again", lambda row: row.requests, is_number=True),
            Column("Of them answered in time", lambda row: row.answered_in_time, is_number=True),
        ],
        rows=quarters_of(unit.standings(), with_assistance=with_assistance),
    )


def _returns(unit: Unit) -> Table[tuple[str, int]]:
    """R16.3: how often higher level review sent a document back, and what for."""
    counted = returns_by_reason(unit.organization, unit.cycle)
    return Table(
        name="returns",
        title=f"Returned by the higher level reviewer, {unit.cycle.name}",
        columns=[
            Column("What for", lambda row: row[0]),
            Column("Documents", lambda row: row[1], is_number=True),
        ],
        rows=[(str(reason.label), counted[reason.value]) for reason in ReturnReason],
    )
