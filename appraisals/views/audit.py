"""Who did what to which record, and who looked: names, actions and times, never a text, reason or rating."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from appraisals.forms.administration import AuditForm
from appraisals.models import AppraisalEvent, Document, Kind, RecordView
from appraisals.models.scope import under_paths
from appraisals.views.shared import person
from appraisals.workflow import TRANSITIONS
from orgchart import clock
from orgchart.models import Person, RoleGrant
from orgchart.selectors import scope_paths
from orgchart.views.paging import FirstPages

PAGE = 50
ACTIONS = {
    **{name: row.verb for name, row in TRANSITIONS.items()},
    "open": "Open a document",
    "name_officials": "Name officials",
    "change_organization": "Take the record to another unit",
    "add_element": "Add an element",
    "propose_element": "Propose an element",
    "accept_element": "Accept an element",
    "remove_element": "Remove an element",
    "copy_elements": "Copy elements",
}
PAGES = {
    "record": "The record",
    "document": "A document",
    "timeline": "The timeline",
    "versions": "Earlier texts",
    "form": "The form (PDF)",
    "archive": "The form (PDF), in an export",
    "viewers": "Who looked",
    "came_along": "A form that came along with a move",
}
TABS = (("events", "What was done"), ("views", "Who looked"))


@require_safe
def audit_list(request: HttpRequest) -> HttpResponse:
    paths = scope_paths(person(request), RoleGrant.Role.AUDITOR, on=clock.today())
    if not paths:
        raise Http404
    tab = "views" if request.GET.get("tab") == "views" else "events"
    form = AuditForm(
        {**request.GET.dict(), "tab": tab}, actions=PAGES if tab == "views" else ACTIONS
    )
    is_right = form.is_valid()
    rows = _views(paths) if tab == "views" else _events(paths)
    names = ("viewer", "viewed_at", "page") if tab == "views" else ("by", "at", "name")
    found = rows.filter(_asked(form.cleaned_data, *names)) if is_right else rows.none()
    page = FirstPages(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [_row(row) for row in page],
        "tab": tab,
        "tabs": [
            {"label": label, "url": f"?{urlencode({'tab': name})}", "current": name == tab}
            for name, label in TABS
        ],
    }
    status = 200 if is_right else 422
    return render(request, "appraisals/audit/list.html", context, status=status)


def _events(paths: list[str]) -> QuerySet[AppraisalEvent]:
    """Reason, details and rating are not even read."""
    return (
        AppraisalEvent.objects.in_scope(paths)
        .select_related("by", "on_behalf_of", "appraisal__employee", "appraisal__cycle", "document")
        .only(*_person("by"), *_person("on_behalf_of"), *_RECORD, *_DOCUMENT, "name", "at")
        .order_by("-pk")
    )


def _views(paths: list[str]) -> QuerySet[RecordView]:
    return (
        RecordView.objects.filter(under_paths(paths, "appraisal__organization__path"))
        .select_related("viewer", "appraisal__employee", "appraisal__cycle")
        .order_by("-pk")
    )


def _person(prefix: str) -> list[str]:
    return [f"{prefix}__{name}" for name in ("first_name", "last_name")]


_RECORD = [*_person("appraisal__employee"), "appraisal__cycle__name"]
_DOCUMENT = ["document__kind", "document__number"]


def _asked(asked: dict[str, Any], actor: str, moment: str, action: str) -> Q:
    found = Q()
    if asked["employee"]:
        found &= Q(appraisal__employee__in=Person.objects.search(asked["employee"]))
    if asked["actor"]:
        found &= Q(**{f"{actor}__in": Person.objects.search(asked["actor"])})
    if asked["action"]:
        found &= Q(**{action: asked["action"]})
    if asked["since"]:
        found &= Q(**{f"{moment}__gte": _midnight(asked["since"])})
    if asked["until"]:
        found &= Q(**{f"{moment}__lt": _midnight(asked["until"] + dt.timedelta(days=1))})
    return found


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _row(row: AppraisalEvent | RecordView) -> dict[str, Any]:
    return _view_row(row) if isinstance(row, RecordView) else _event_row(row)


def _event_row(event: AppraisalEvent) -> dict[str, Any]:
    return {
        "at": event.at,
        "actor": event.by,
        "behalf": event.on_behalf_of,
        "what": ACTIONS.get(event.name, event.name.replace("_", " ").capitalize()),
        "employee": event.appraisal.employee,
        "cycle": event.appraisal.cycle.name,
        "document": _title(event.document),
    }


def _view_row(view: RecordView) -> dict[str, Any]:
    return {
        "at": view.viewed_at,
        "actor": view.viewer,
        "behalf": None,
        "what": PAGES.get(view.page, view.page.replace("_", " ").capitalize()),
        "employee": view.appraisal.employee,
        "cycle": view.appraisal.cycle.name,
        "document": "",
    }


def _title(document: Document | None) -> str:
    if document is None:
        return ""
    label = str(Kind(document.kind).label)
    return label if document.number == 1 else f"{label} {document.number}"
