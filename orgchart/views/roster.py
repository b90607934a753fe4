from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orgchart import clock, selectors
from orgchart.forms import RosterForm
from orgchart.models import Organization, RoleGrant, RosterUpload
from orgchart.permissions import may_import_any_roster, may_import_roster
from orgchart.roster import Changes, Outcome
from orgchart.roster.compare import Known
from orgchart.roster.held import HeldEmployee
from orgchart.roster.rows import EmployeeRow
from orgchart.roster.uploads import WAITING, apply_upload, discard_upload, keep_upload
from orgchart.roster.uploads import preview_upload as preview
from orgchart.views.shared import person

SHOWN = 25
PROBLEMS_SHOWN = 100
EARLIER_SHOWN = 5

Somebody = EmployeeRow | HeldEmployee


@require_http_methods(["GET", "HEAD", "POST"])
def roster_import(request: HttpRequest) -> HttpResponse:
    user = person(request)
    if not may_import_any_roster(user):
        raise PermissionDenied
    organizations = _organizations(request)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = RosterForm(*posted, organizations=organizations)
    if form.is_valid():
        upload = keep_upload(**form.cleaned_data, by=user)
        return redirect("roster_preview", upload.pk)
    context = {
        "form": form,
        "waiting": RosterUpload.objects.filter(uploaded_by=user, state=WAITING).first(),
        "earlier": selectors.roster_imports(organizations)[:EARLIER_SHOWN],
    }
    return render(request, "orgchart/roster_import.html", context)


@require_safe
def roster_preview(request: HttpRequest, pk: int) -> HttpResponse:
    upload = _upload(request, pk)
    return _page(request, upload, preview(upload))


@require_POST
def roster_apply(request: HttpRequest, pk: int) -> HttpResponse:
    upload = _upload(request, pk)
    wants_separation = request.POST.get("separate_missing") == "yes"
    outcome = apply_upload(upload, separate_missing=wants_separation, by=person(request))
    if not outcome.applied:
        return _page(request, upload, outcome, status=409)
    messages.success(request, "The roster is applied.")
    return redirect("roster_import")


@require_POST
def roster_discard(request: HttpRequest, pk: int) -> HttpResponse:
    discard_upload(_upload(request, pk), by=person(request))
    messages.success(request, "The roster is discarded. Nothing was changed.")
    return redirect("roster_import")


def _organizations(request: HttpRequest) -> list[Organization]:
    role = RoleGrant.Role.HR_ADMINISTRATOR
    return list(selectors.scope_organizations(person(request), role, on=clock.today()))


def _upload(request: HttpRequest, pk: int) -> RosterUpload:
    """One's own, and only while one may still import there."""
    mine = RosterUpload.objects.filter(uploaded_by=person(request)).select_related("organization")
    upload = get_object_or_404(mine, pk=pk)
    if not may_import_roster(person(request), upload.organization):
        raise PermissionDenied
    return upload


def _page(
    request: HttpRequest, upload: RosterUpload, outcome: Outcome, *, status: int = 200
) -> HttpResponse:
    total, changes = len(outcome.problems), outcome.changes
    context: dict[str, Any] = {
        "upload": upload,
        "crumbs": [
            {"label": "Import a roster", "url": reverse("roster_import")},
            {"label": "What it would change", "url": ""},
        ],
        "total": total,
        "found": outcome.problems[:PROBLEMS_SHOWN],
        "not_shown": max(0, total - PROBLEMS_SHOWN),
        "parts": _parts(changes) if changes else [],
        "numbers": _numbers(changes) if changes else [],
        "changes": changes,
        "missing": len(changes.missing) if changes else 0,
        "nothing": changes is not None and changes.is_nothing,
    }
    return render(request, "orgchart/roster_preview.html", context, status=status)


def _numbers(changes: Changes) -> list[dict[str, str]]:
    counts = (
        (len(changes.joined), "join"),
        (changes.changed, "change: unit, supervisor, position or name"),
        (changes.unchanged, "stay as they are"),
        (len(changes.missing), "are missing from the file"),
    )
    return [{"value": f"{count:,}", "words": words} for count, words in counts]


def _parts(changes: Changes) -> list[dict[str, Any]]:
    """The first of each kind of change, in words: who, what was, what comes."""
    named = changes.name_of
    parts = (
        ("Join", changes.joined, lambda row: (row, "", _place(row, named))),
        (
            "Move to another unit",
            changes.moved,
            lambda pair: _both(pair, lambda one: named(one.organization_code)),
        ),
        (
            "Get another supervisor",
            changes.under_another_supervisor,
            lambda pair: _both(pair, lambda one: named(one.supervisor_dod_id) or "nobody"),
        ),
        ("Get another position", changes.in_another_position, lambda pair: _both(pair, _position)),
        (
            "Get another name or address",
            changes.renamed,
            lambda pair: _both(pair, lambda one: f"{_name(one)}, {one.email}"),
        ),
        (
            "Are missing from the file",
            changes.missing,
            lambda held: (held, _place(held, named), ""),
        ),
    )
    return [_part(title, rows, words) for title, rows, words in parts if rows]


def _part(
    title: str, rows: Sequence[Any], words: Callable[[Any], tuple[Somebody, str, str]]
) -> dict[str, Any]:
    shown = [words(row) for row in rows[:SHOWN]]
    return {
        "title": title,
        "count": len(rows),
        "has_was": any(was for _, was, _ in shown),
        "has_now": any(now for _, _, now in shown),
        "rows": [
            {"name": _name(one), "dod_id": one.dod_id, "was": was, "now": now}
            for one, was, now in shown
        ],
        "not_shown": max(0, len(rows) - SHOWN),
    }


def _both(pair: Known, words: Callable[[Somebody], str]) -> tuple[Somebody, str, str]:
    row, held = pair
    return row, words(held), words(row)


def _place(one: Somebody, named: Callable[[str | None], str]) -> str:
    return f"{one.position_title}, {named(one.organization_code)}"


def _position(one: Somebody) -> str:
    step = f", step {one.step}" if one.step else ""
    code = f"{one.pay_plan}-{one.occupational_series}-{one.grade}{step}"
    return f"{one.position_title}, {code}, {one.duty_station}"


def _name(one: Somebody) -> str:
    return f"{one.last_name}, {one.first_name}"
