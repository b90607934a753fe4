"""A unit's first-level supervisors: by name, with the list of their people; from here nobody is further than a click."""

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from appraisals.counts import DONE_WORDS, unit_counts
from appraisals.exports import download
from appraisals.unit_people import SMALL_UNIT, supervisors_of
from appraisals.views.unit_pages import frame, stage_links, visible_unit
from appraisals.views.unit_rows import supervisors_table, unit_rows

PAGE = 50


@require_safe
def unit_supervisors(request: HttpRequest, code: str) -> HttpResponseBase:
    unit = visible_unit(request, code)
    stage = unit.stage(request.GET.get("stage", ""))
    standings = unit.standings()
    counts = unit_counts(standings)
    alone = counts.whole.people > SMALL_UNIT or "alone" in request.GET
    found = supervisors_of(standings, stage, below=not alone)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    table = supervisors_table(
        unit, page, stage, alone=alone, everything=lambda: found, total=len(found)
    )
    if file := download(request, table, about=unit.organization):
        return file
    context = {
        **frame(request, unit, "unit_supervisors", stage),
        "stages": stage_links(unit, "unit_supervisors", stage, counts.whole),
        "done_words": DONE_WORDS[stage],
        "table": table,
        "page": page,
        "alone": alone,
        "small": SMALL_UNIT,
        "rows": unit_rows(unit.organization, unit.below, counts, cycle=unit.cycle, stage=stage),
        "counts": counts,
    }
    return render(request, "appraisals/oversight/supervisors.html", context)
