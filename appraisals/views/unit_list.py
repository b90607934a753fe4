"""The people behind a unit's numbers: names, stages and whose turn; never a text, never a rating."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from appraisals.counts import DOING, DONE_FROM, NOT_RATEABLE, STAGE_NAMES
from appraisals.exports import Column, Table, download
from appraisals.forms.program import DONE, TURN, RecordsFilterForm
from appraisals.models import Appraisal
from appraisals.standing import LADDER, SORTED_UP_TO, Asked, Stage, Standing
from appraisals.unit_people import SUPERVISORS_TURN
from appraisals.views.shared import person
from appraisals.views.unit_pages import frame, visible_unit
from appraisals.views.units import STEP_RUNGS, Unit, listed_page
from orgchart import clock
from orgchart.models import Person
from orgchart.rules import prefix_query
from orgchart.templatetags.ui import days_left, since

ANY = tuple(range(len(LADDER) + 1))


@require_safe
def unit_records(request: HttpRequest, code: str) -> HttpResponseBase:
    unit = visible_unit(request, code)
    stage = unit.stage(request.GET.get("stage", ""))
    form = RecordsFilterForm(
        {**request.GET.dict(), "stage": stage.value, "cycle": str(unit.cycle.pk)}
    )
    asked = _asked(unit, stage, form)
    page, rows = listed_page(request, unit.standings(), asked)
    table = _people_table(unit, asked, rows, total=page.paginator.count)
    if form.is_valid() and (file := download(request, table, about=unit.organization)):
        return file
    seen = set(
        Appraisal.objects.visible_to(person(request))
        .filter(pk__in=[row.appraisal_id or 0 for row in rows])
        .values_list("pk", flat=True)
    )
    context = {
        **frame(request, unit, "unit_records", stage),
        "form": form,
        "page": page,
        "rows": [_record_row(row, seen=row.appraisal_id in seen) for row in rows],
        "table": table,
        "stage_name": STAGE_NAMES[stage],
        "alone": asked.directly_in is not None,
        "supervisor": _supervisor(asked),
        "is_unsorted": page.paginator.count > SORTED_UP_TO and not any(asked.clauses()),
    }
    status = 200 if form.is_valid() else 422
    return render(request, "appraisals/oversight/records.html", context, status=status)


def _asked(unit: Unit, stage: Stage, form: RecordsFilterForm) -> Asked:
    """What is not understood is said in the form and not asked."""
    form.is_valid()
    found = form.cleaned_data
    step, late = found.get("step", ""), found.get("late", "")
    return Asked(
        stage=stage,
        rungs=ANY[DONE_FROM[stage] :] if step == DONE else STEP_RUNGS.get(step),
        not_rateable=_not_rateable(stage, step),
        turn=SUPERVISORS_TURN if step == TURN else None,
        late=late == "on",
        late_anywhere=late == "any",
        on_time=late == "no",
        directly_in=unit.organization.pk if found.get("alone") else None,
        supervisor=found.get("supervisor"),
        words=prefix_query(found.get("q", "")),
    )


def _not_rateable(stage: Stage, step: str) -> bool | None:
    """A rating that will not come is told apart from one that was not begun."""
    if step == NOT_RATEABLE:
        return True
    return False if stage == Stage.APPRAISALS and STEP_RUNGS.get(step) == (0,) else None


def _supervisor(asked: Asked) -> str:
    if asked.supervisor is None:
        return ""
    found = Person.objects.filter(pk=asked.supervisor).first()
    return found.full_name if found else "nobody named"


def _people_table(unit: Unit, asked: Asked, rows: list[Standing], *, total: int) -> Table[Standing]:
    return Table(
        name="people",
        title=f"People of {unit.organization.name}, {unit.cycle.name}",
        columns=[
            Column("Last name", lambda row: row.last_name),
            Column("First name", lambda row: row.first_name),
            Column("Unit", lambda row: row.unit),
            Column("Supervisor", lambda row: row.supervisor),
            Column("Reviewer", lambda row: row.reviewer),
            Column("Where it stands", _stands),
            Column("Whose turn", lambda row: row.holder if row.waits_for else ""),
            Column("Due", lambda row: row.due_on),
            Column("Late", lambda row: row.is_late),
        ],
        rows=rows,
        everything=lambda: unit.standings().all_listed(asked),
        total=total,
        names_people=True,
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
    return {
        "person": row,
        "unit": row.unit,
        "supervisor": row.supervisor,
        "stands": _stands(row),
        "kind": kind,
        "words": words,
        "url": reverse("appraisal_detail", args=[row.appraisal_id]) if seen else "",
    }


def _stands(row: Standing) -> str:
    if row.is_closed:
        return "Closed without a rating"
    if row.not_rateable:
        return "Not rateable in this cycle"
    if row.waits_for is None:
        return "Rating acknowledged" if row.annual else "Nothing due now"
    if row.appraisal_id is None:
        return "No plan yet"
    return DOING[row.waits_for][row.rung or 0]
