"""Reorganizations that were decided: what lies ahead, what came of the others, and taking back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from appraisals.services.reorganizing import undo
from appraisals.views.administration import hr_crumbs, scope_of
from appraisals.views.reorganize import row_of, seen_by
from appraisals.views.shared import person
from orgchart.models.reorganization import State
from orgchart.services.reorganizing import may_decide

PAGE = 25
PEOPLE_SHOWN = 50
TABS = {
    State.PLANNED: "Ahead",
    State.FAILED: "Could not be done",
    State.APPLIED: "Done",
    State.UNDONE: "Taken back",
}


@require_safe
def reorganization_list(request: HttpRequest) -> HttpResponse:
    scope_of(request)
    asked = request.GET.get("state", "")
    chosen = State(asked) if asked in State.values else State.PLANNED
    order = ("effective_on", "pk") if chosen == State.PLANNED else ("-settled_at", "-pk")
    rows = seen_by(person(request)).filter(state=chosen).order_by(*order)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [row_of(row) for row in page],
        "chosen": chosen,
        "tabs": [
            {"label": label, "url": f"?state={state}", "current": state == chosen}
            for state, label in TABS.items()
        ],
        "crumbs": hr_crumbs("Reorganizations"),
    }
    return render(request, "appraisals/reorganize/list.html", context)


@require_safe
def reorganization_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    row = get_object_or_404(seen_by(user), pk=pk)
    context: dict[str, Any] = {
        **row_of(row),
        "people": row.people.by_name()[:PEOPLE_SHOWN],
        "more_people": max(0, getattr(row, "ticked", 0) - PEOPLE_SHOWN),
        "lines": row.outcome.splitlines(),
        "may_undo": row.is_ahead and may_decide(user, row),
        "crumbs": hr_crumbs("Decision", reorganization_list="Reorganizations"),
        "section": "hr_home",
    }
    return render(request, "appraisals/reorganize/detail.html", context)


@require_POST
def reorganization_undo(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(seen_by(person(request)), pk=pk)
    undo(row, by=person(request))
    messages.success(request, "Taken back. Nothing was changed.")
    return redirect(f"{reverse('reorganization_list')}?state={State.UNDONE}")
