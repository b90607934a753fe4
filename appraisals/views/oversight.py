"""Where a unit stands in its cycle: numbers, stages and whose turn; never a text, never a rating."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from appraisals.charts import Past, ProgressChart, progress_chart
from appraisals.counts import (
    DONE_WORDS,
    DUE,
    STAGE_NAMES,
    Counts,
    Progress,
    UnitCounts,
    due_on,
    progress_of,
    unit_counts,
)
from appraisals.exports import Table, download
from appraisals.goal_counts import unit_goals
from appraisals.models import AppraisalCycle
from appraisals.permissions import may_edit_goals
from appraisals.rules import appraisal_opens_on
from appraisals.standing import Stage
from appraisals.unit_people import supervisors_of
from appraisals.views.shared import person
from appraisals.views.unit_pages import frame, stage_links, visible_unit
from appraisals.views.unit_rows import (
    forecast_words,
    is_over,
    progress_table,
    records_url,
    supervisors_table,
    unit_rows,
    units_table,
)
from appraisals.views.units import Unit
from orgchart import clock


@require_safe
def unit_cycle(request: HttpRequest, code: str) -> HttpResponseBase:
    unit = visible_unit(request, code)
    stage = unit.stage(request.GET.get("stage", ""))
    counts = unit_counts(unit.standings())
    chart = _progress(unit, stage, counts.whole)
    rows = unit_rows(unit.organization, unit.below, counts, cycle=unit.cycle, stage=stage)
    table = units_table(unit, rows, stage) if rows else _supervisors(unit, stage)
    weeks = progress_table(unit, chart, stage)
    if file := download(request, table, weeks, about=unit.organization):
        return file
    context = {
        **frame(request, unit, "unit_cycle", stage),
        "stages": stage_links(unit, "unit_cycle", stage, counts.whole),
        "stage_name": STAGE_NAMES[stage],
        "done_words": DONE_WORDS[stage],
        "counts": counts,
        "numbers": _numbers(unit, stage, counts, chart),
        "rows": rows,
        "parts": counts.whole.parts(stage),
        "due_on": due_on(unit.cycle, DUE[stage]),
        "chart": chart,
        "table": table,
        "weeks": weeks,
        "forecast": _forecast(unit, stage, chart),
        "goals": _goals(unit, counts),
        "may_edit_goals": may_edit_goals(person(request), unit.organization),
        "elsewhere": unit.calendar.elsewhere(unit.cycle),
    }
    return render(request, "appraisals/oversight/cycle.html", context)


def _supervisors(unit: Unit, stage: Stage) -> Table[Any]:
    rows = supervisors_of(unit.standings(), stage, below=False)
    return supervisors_table(unit, rows, stage, alone=False)


def _numbers(
    unit: Unit, stage: Stage, counts: UnitCounts, chart: ProgressChart | None
) -> list[dict[str, Any]]:
    """How far the stage is, compared with a year ago; who is late and who is not; who has no plan."""
    whole, share = counts.whole, counts.whole.share(stage)
    words = DONE_WORDS[stage]
    if chart and chart.past:
        words += f" · last cycle {chart.past.share_by(clock.today())}% on this day"
    late, without = whole.late.total(), whole.rungs[Stage.PLANS][0]
    late_in = [(whole.late_in(each), STAGE_NAMES[each].lower()) for each in Stage]
    late_with = [f"{people:,} with {name}" for people, name in late_in if people]

    def listed(**asked: str) -> str:
        return records_url(unit.organization, unit.cycle, stage, **asked)

    return [
        {
            "value": "–" if share is None else f"{share}%",
            "words": words,
            "url": listed(step="done"),
        },
        {
            "value": f"{late:,}",
            "words": " · ".join(["people late", *late_with]),
            "kind": "late" if late else "good",
            "url": listed(late="any"),
        },
        {
            "value": f"{whole.people - late:,}",
            "words": "people on time",
            "url": listed(late="no"),
        },
        {
            "value": f"{without:,}",
            "words": "people without a plan",
            "url": records_url(unit.organization, unit.cycle, Stage.PLANS, step="Not started"),
        },
    ]


def _progress(unit: Unit, stage: Stage, counts: Counts) -> ProgressChart | None:
    """The line of this cycle, and that of the cycle before on the same days of its year."""
    before = unit.calendar.before(unit.cycle)
    cycles = [unit.cycle, *([before] if before else [])]
    progress = progress_of(unit.organization, cycles, stage)
    first = unit.cycle.starts_on
    if stage == Stage.APPRAISALS:
        first = appraisal_opens_on(unit.cycle.ends_on, unit.policy)
    return progress_chart(
        progress[unit.cycle.pk, stage].done,
        required=counts.required(stage),
        first=first,
        today=clock.today(),
        due_on=due_on(unit.cycle, DUE[stage]),
        weeks_from=unit.cycle.starts_on,
        past=_past(unit.cycle, before, progress[before.pk, stage]) if before else None,
    )


def _past(cycle: AppraisalCycle, before: AppraisalCycle, past: Progress) -> Past | None:
    later = cycle.starts_on - before.starts_on
    done = {day + later: number for day, number in past.done.items()}
    return Past(done, past.records) if past.records else None


def _forecast(unit: Unit, stage: Stage, chart: ProgressChart | None) -> str:
    if chart is None or is_over(unit.cycle, clock.today()):
        return ""
    return forecast_words(chart.forecast, stage)


def _goals(unit: Unit, counts: UnitCounts) -> list[dict[str, Any]]:
    """R14.1: what the unit's plans serve, and how many units below serve a goal with nothing."""
    staffed = {place.pk for place in unit.below if counts.below.get(place.pk, Counts()).people}
    return [
        {"found": found, "without": len(staffed - found.units)}
        for found in unit_goals(unit.organization, unit.cycle)
    ]
