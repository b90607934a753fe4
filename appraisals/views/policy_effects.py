"""Whom one effect of a policy draft meets, name by name."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from appraisals.editions import (
    Effect,
    Reach,
    Row,
    cycles_under_way,
    effects_of,
    reach_of_draft,
    row_of,
    rows_of,
)
from appraisals.exports import Column, Table, download
from appraisals.views.policy_drafts import draft_crumbs, visible_draft
from appraisals.views.units import PAGE


@require_safe
def policy_effect(request: HttpRequest, pk: int, key: str) -> HttpResponseBase:
    """404 when the draft no longer has this effect: it was edited, or the edition is in force."""
    draft = visible_draft(request, pk)
    reach = reach_of_draft(draft)
    effects = effects_of(reach, draft.rules(), cycles_under_way(reach))
    effect = next((each for each in effects if each.key == key), None)
    if effect is None:
        raise Http404
    found = rows_of(reach, effect)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    table = _table(effect, reach, [row_of(effect, each) for each in page], page.paginator.count)
    file = download(request, table, about=draft.organization)
    if file:
        return file
    context = {
        "draft": draft,
        "effect": effect,
        "page": page,
        "table": table,
        "crumbs": draft_crumbs(draft, "Whom it meets"),
    }
    return render(request, "appraisals/policy/effect.html", context)


def _url(row: Row) -> str:
    if row.record_id:
        return reverse("appraisal_detail", args=[row.record_id])
    return reverse("person_detail", args=[row.person.dod_id])


def _table(effect: Effect, reach: Reach, rows: list[Row], total: int) -> Table[Row]:
    return Table(
        name="effect",
        title=effect.title,
        columns=[
            Column("Employee", lambda row: row.person.full_name, url=_url),
            Column("Unit", lambda row: row.unit.name),
            Column(
                "Rating official" if effect.base.has_record else "Supervisor",
                lambda row: row.supervisor.full_name if row.supervisor else "Nobody named",
            ),
            Column("As it stands", lambda row: row.detail),
        ],
        rows=rows,
        everything=lambda: (
            row_of(effect, each) for each in rows_of(reach, effect).iterator(chunk_size=500)
        ),
        total=total,
        names_people=True,
    )
