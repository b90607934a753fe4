"""The tables of a unit's numbers: the units below it, its supervisors, its weeks; the list behind each number."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from appraisals.charts import Forecast, ProgressChart, ProgressRow
from appraisals.counts import DONE_WORDS, NOT_RATEABLE, STEPS, Counts, UnitCounts
from appraisals.exports import Column, Table
from appraisals.models import AppraisalCycle
from appraisals.standing import Stage
from appraisals.unit_people import SupervisorRow
from appraisals.views.units import Unit
from orgchart.models import Organization
from orgchart.templatetags.ui import day, day_month, plural

ALL_DONE = {
    Stage.PLANS: "all plans are approved",
    Stage.REVIEWS: "all progress reviews are held",
    Stage.APPRAISALS: "all ratings are approved",
}


def cycle_url(place: Organization, cycle: AppraisalCycle, stage: Stage) -> str:
    return f"{reverse('unit_cycle', args=[place.code])}?{_asked(cycle, stage)}"


def records_url(place: Organization, cycle: AppraisalCycle, stage: Stage, **asked: str) -> str:
    return f"{reverse('unit_records', args=[place.code])}?{_asked(cycle, stage, **asked)}"


def _asked(cycle: AppraisalCycle, stage: Stage, **asked: str) -> str:
    return urlencode({"cycle": cycle.pk, "stage": stage.value, **asked})


@dataclass(frozen=True)
class UnitRow:
    """A unit just below with all below it; or, with `alone`, who works in the unit itself."""

    place: Organization
    name: str
    head: str
    counts: Counts
    url: str
    records_url: str
    late_url: str
    parts: list[dict[str, object]]
    stage: Stage

    @property
    def people(self) -> int:
        return self.counts.people

    @property
    def share(self) -> str:
        share = self.counts.share(self.stage)
        return "–" if share is None else f"{share}%"

    @property
    def late(self) -> int:
        return self.counts.late.total()


def unit_rows(
    organization: Organization,
    below: list[Organization],
    counts: UnitCounts,
    *,
    cycle: AppraisalCycle,
    stage: Stage,
) -> list[UnitRow]:
    """Each unit just below; last, who works in the unit itself, which leads to their supervisors."""
    rows = [
        _row(place, counts.below.get(place.pk, Counts()), cycle=cycle, stage=stage)
        for place in below
    ]
    if counts.alone.people and below:
        own = _row(organization, counts.alone, cycle=cycle, stage=stage, alone="on")
        url = reverse("unit_supervisors", args=[organization.code])
        asked = _asked(cycle, stage, alone="on")
        rows.append(replace(own, name="Directly in this unit", head="", url=f"{url}?{asked}"))
    return rows


def _row(
    place: Organization, counts: Counts, *, cycle: AppraisalCycle, stage: Stage, **alone: str
) -> UnitRow:
    return UnitRow(
        place=place,
        name=place.name,
        head=place.head.full_name if place.head else "",
        counts=counts,
        url=cycle_url(place, cycle, stage),
        records_url=records_url(place, cycle, stage, **alone),
        late_url=records_url(place, cycle, stage, late="any", **alone),
        parts=counts.parts(stage),
        stage=stage,
    )


def units_table(unit: Unit, rows: list[UnitRow], stage: Stage) -> Table[UnitRow]:
    """What the bars show, in numbers."""
    labels = [label for label, _ in STEPS]
    if stage == Stage.APPRAISALS:
        labels.append(NOT_RATEABLE)
    return Table(
        name="units",
        title=f"Units of {unit.organization.name}, {unit.cycle.name}: {DONE_WORDS[stage]}",
        columns=[
            Column("Unit", lambda row: row.name),
            Column("Head", lambda row: row.head),
            Column("People", lambda row: row.people, is_number=True),
            *(_part_column(number, label) for number, label in enumerate(labels)),
            Column("Done", lambda row: row.counts.share(row.stage), is_number=True, unit="%"),
            Column("On time", lambda row: row.people - row.late, is_number=True),
            Column("Late", lambda row: row.late, is_number=True),
            Column("No plan", lambda row: row.counts.rungs[Stage.PLANS][0], is_number=True),
        ],
        rows=rows,
    )


def _part_column(number: int, label: str) -> Column[UnitRow]:
    def count(row: UnitRow) -> int:
        found = row.parts[number]["count"]
        return found if isinstance(found, int) else 0

    return Column(label, count, is_number=True)


def supervisors_table(
    unit: Unit, rows: Iterable[SupervisorRow], stage: Stage, *, alone: bool, **more: Any
) -> Table[SupervisorRow]:
    kept = {"alone": "on"} if alone else {}

    def list_of(**asked: str) -> Any:
        def url(row: SupervisorRow) -> str:
            whose = {"supervisor": str(row.key or 0)}
            return records_url(unit.organization, unit.cycle, stage, **whose, **kept, **asked)

        return url

    return Table(
        name="supervisors",
        title=f"Supervisors of {unit.organization.name}, {unit.cycle.name}: {DONE_WORDS[stage]}",
        columns=[
            Column("Supervisor", lambda row: row.name, url=list_of()),
            Column("People", lambda row: row.people, is_number=True, url=list_of()),
            Column("Done", lambda row: row.done, is_number=True, url=list_of(step="done")),
            Column("Late", lambda row: row.late, is_number=True, url=list_of(late="any")),
            Column("Their turn", lambda row: row.turn, is_number=True, url=list_of(step="turn")),
        ],
        rows=list(rows),
        **more,
    )


def progress_table(unit: Unit, chart: ProgressChart | None, stage: Stage) -> Table[ProgressRow]:
    columns: list[Column[ProgressRow]] = [
        Column("By", lambda row: f"{day(row.day)}, expected" if row.is_ahead else row.day),
        Column("Number", lambda row: row.done, is_number=True),
        Column("Share", lambda row: row.share, is_number=True, unit="%"),
    ]
    if chart and chart.past:
        columns.append(Column("Last cycle", lambda row: row.before, is_number=True, unit="%"))
    return Table(
        name="progress",
        title=f"{DONE_WORDS[stage].capitalize()} of {unit.organization.name}, {unit.cycle.name}",
        columns=columns,
        rows=chart.rows if chart else [],
    )


def forecast_words(forecast: Forecast | None, stage: Stage) -> str:
    """“At the pace of the last two weeks all plans are approved on 3 June, 12 days late.”"""
    if forecast is None:
        return f"{ALL_DONE[stage].capitalize()}."
    pace = "At the pace of the last two weeks"
    if not forecast.lately:
        return "Nothing was done in the last two weeks, so there is no pace to tell an end by."
    if forecast.done_on is None:
        return f"{pace} it takes more than two years until {ALL_DONE[stage]}."
    return f"{pace} {ALL_DONE[stage]} on {day_month(forecast.done_on)}{_against(forecast)}."


def _against(forecast: Forecast) -> str:
    if forecast.due_on is None:
        return ""
    late = forecast.days_late
    if late == 0:
        return ", the day they are due"
    return f", {plural(late, 'day')} late" if late > 0 else f", {plural(-late, 'day')} early"


def is_over(cycle: AppraisalCycle, today: dt.date) -> bool:
    return cycle.effective_on < today
