"""Where a unit stands in its cycle: numbers, stages and whose turn; never a text, never a rating."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from appraisals.charts import ProgressChart, progress_chart
from appraisals.counts import (
    DOING,
    DONE_WORDS,
    DUE,
    NOT_RATEABLE,
    STAGE_NAMES,
    Counts,
    UnitCounts,
    due_on,
    progress_of,
    rating_distribution,
    unit_counts,
)
from appraisals.forms.program import RecordsFilterForm
from appraisals.goal_counts import unit_goals
from appraisals.models import Appraisal
from appraisals.permissions import may_edit_goals, may_see_unit_numbers
from appraisals.standing import Asked, Stage, Standing
from appraisals.views.shared import person
from appraisals.views.unit_rows import records_url, unit_rows
from appraisals.views.units import (
    STEP_RUNGS,
    Unit,
    crumbs_of,
    listed_page,
    load_unit,
    organization_with,
    stage_tabs,
)
from orgchart import clock
from orgchart.templatetags.ui import days_left, plural, since


def _visible_unit(request: HttpRequest, code: str) -> Unit:
    organization = organization_with(code)
    if not may_see_unit_numbers(person(request), organization):
        raise Http404
    return load_unit(request, organization)


@require_safe
def unit_cycle(request: HttpRequest, code: str) -> HttpResponse:
    unit = _visible_unit(request, code)
    user, stage = person(request), unit.stage(request.GET.get("stage", ""))
    counts = unit_counts(unit.standings())
    chart, last_year = _progress(unit, stage, counts.whole)
    address = reverse("unit_cycle", args=[code])
    context = {
        "unit": unit,
        "stage": stage,
        "stage_name": STAGE_NAMES[stage],
        "done_words": DONE_WORDS[stage],
        "counts": counts,
        "numbers": _numbers(unit, stage, counts, last_year=last_year),
        "rows": unit_rows(unit.organization, unit.below, counts, cycle=unit.cycle, stage=stage),
        "parts": counts.whole.parts(stage),
        "due_on": due_on(unit.cycle, DUE[stage]),
        "chart": chart,
        "goals": _goals(unit, counts),
        "may_edit_goals": may_edit_goals(user, unit.organization),
        "distribution": _distribution(unit, stage),
        "elsewhere": unit.calendar.elsewhere(unit.cycle),
        "crumbs": crumbs_of(unit, user, address="unit_cycle"),
        "tabs": stage_tabs(address, unit.cycle, stage),
        "cycles": unit.cycle_links("unit_cycle", stage=stage.value),
        "section": "organization_list",
    }
    return render(request, "appraisals/oversight/cycle.html", context)


def _numbers(
    unit: Unit, stage: Stage, counts: UnitCounts, *, last_year: int | None
) -> list[dict[str, Any]]:
    """The three shares of the year and who is late, the stage on the screen with its comparison."""
    found = []
    for each in Stage:
        share = counts.whole.share(each)
        words = DONE_WORDS[each]
        if each == stage and last_year is not None:
            words += f" · last cycle {last_year}% on this day"
        found.append(
            {
                "value": "–" if share is None else f"{share}%",
                "words": words,
                "url": records_url(unit.organization, unit.cycle, each),
            }
        )
    found.append(_late_number(unit, stage, counts))
    return found


def _late_number(unit: Unit, stage: Stage, counts: UnitCounts) -> dict[str, Any]:
    late = counts.whole.late.total()
    words = ["late"]
    if late:
        parts = ((counts.whole.late_in(each), STAGE_NAMES[each].lower()) for each in Stage)
        words.append(", ".join(f"{number:,} with {name}" for number, name in parts if number))
    return {
        "value": f"{late:,}",
        "words": " · ".join(words),
        "kind": "late" if late else "good",
        "url": records_url(unit.organization, unit.cycle, stage, late="any"),
    }


def _progress(unit: Unit, stage: Stage, counts: Counts) -> tuple[ProgressChart | None, int | None]:
    """The line of this cycle, and the share of the cycle before on the same day of its year."""
    today, before = clock.today(), unit.calendar.before(unit.cycle)
    cycles = [unit.cycle, *([before] if before else [])]
    progress = progress_of(unit.organization, cycles, stage)
    first = unit.cycle.starts_on
    if stage == Stage.APPRAISALS:
        days = unit.policy.appraisal_opens_days_before_end
        first = unit.cycle.ends_on.fromordinal(unit.cycle.ends_on.toordinal() - days)
    chart = progress_chart(
        progress[unit.cycle.pk].done,
        required=counts.required(stage),
        first=first,
        today=today,
        due_on=due_on(unit.cycle, DUE[stage]),
    )
    if before is None:
        return chart, None
    same_day = today - (unit.cycle.starts_on - before.starts_on)
    return chart, progress[before.pk].share_by(same_day)


def _goals(unit: Unit, counts: UnitCounts) -> list[dict[str, Any]]:
    """R14.1: what the unit's plans serve, and how many units below serve a goal with nothing."""
    staffed = {place.pk for place in unit.below if counts.below.get(place.pk, Counts()).people}
    return [
        {"found": found, "without": len(staffed - found.units)}
        for found in unit_goals(unit.organization, unit.cycle)
    ]


def _distribution(unit: Unit, stage: Stage) -> Any:
    if stage != Stage.APPRAISALS:
        return None
    return rating_distribution(unit.organization, unit.cycle, unit.policy)


@require_safe
def unit_records(request: HttpRequest, code: str) -> HttpResponse:
    unit = _visible_unit(request, code)
    user = person(request)
    stage = unit.stage(request.GET.get("stage", ""))
    form = RecordsFilterForm(
        {**request.GET.dict(), "stage": stage.value, "cycle": str(unit.cycle.pk)}
    )
    asked = _asked(unit, stage, form)
    page, rows = listed_page(request, unit.standings(), asked)
    seen = set(
        Appraisal.objects.visible_to(user)
        .filter(pk__in=[row.appraisal_id for row in rows if row.appraisal_id])
        .values_list("pk", flat=True)
    )
    context = {
        "unit": unit,
        "form": form,
        "page": page,
        "rows": [_record_row(row, seen=row.appraisal_id in seen) for row in rows],
        "stage_name": STAGE_NAMES[stage],
        "alone": asked.directly_in is not None,
        "crumbs": crumbs_of(unit, user, address="unit_cycle", last="People"),
        "section": "organization_list",
    }
    return render(request, "appraisals/oversight/records.html", context)


def _asked(unit: Unit, stage: Stage, form: RecordsFilterForm) -> Asked:
    found = form.cleaned_data if form.is_valid() else {}
    step = found.get("step", "")
    not_rateable = stage == Stage.APPRAISALS and step == NOT_RATEABLE
    rungs = (0,) if step == NOT_RATEABLE else STEP_RUNGS.get(step)
    return Asked(
        stage=stage,
        rungs=rungs,
        not_rateable=not_rateable if rungs == (0,) else None,
        late=found.get("late") == "on",
        late_anywhere=found.get("late") == "any",
        directly_in=unit.organization.pk if found.get("alone") else None,
    )


def _record_row(row: Standing, *, seen: bool) -> dict[str, Any]:
    today = clock.today()
    kind, words = "", "Nobody’s turn"
    if row.waits_for:
        name = row.holder or "No reviewer named"
        when = days_left(row.due_on, today) if row.is_late else since(row.since, today)
        kind, words = ("late" if row.is_late else ""), f"{name} · {when}" if when else name
    elif row.annual:
        kind, words = "good", "Finished"
    url = reverse("appraisal_detail", args=[row.appraisal_id]) if seen else ""
    return {
        "person": row,
        "unit": row.unit,
        "supervisor": row.supervisor,
        "stands": _stands(row),
        "kind": kind,
        "words": words,
        "url": url,
    }


def _stands(row: Standing) -> str:
    if row.not_rateable:
        return "Not rateable in this cycle"
    if row.waits_for is None:
        return "Rating acknowledged" if row.annual else "Nothing due now"
    if row.appraisal_id is None:
        return "No plan yet"
    return DOING[row.waits_for][row.rung or 0]
