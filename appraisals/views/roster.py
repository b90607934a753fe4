"""HR hands over a roster: upload, watch the check, look at what would change, decide, read the receipt."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from appraisals.exports import download
from appraisals.touched import How, touched, touched_counts, ways, with_change
from appraisals.views import roster_tables as tables
from appraisals.views import roster_words as words
from appraisals.views.shared import person
from appraisals.views.watching import Job, watched
from orgchart import clock, selectors
from orgchart.forms import MEGABYTE, RosterForm
from orgchart.models import Organization, RoleGrant, RosterUpload
from orgchart.permissions import may_import_any_roster, may_import_roster
from orgchart.roster.uploads import ask_to_apply, check_again, discard_upload, keep_upload

State = RosterUpload.State
EARLIER_SHOWN = 5
BESIDE = ("employee", "rating_official", "higher_level_reviewer", "organization", "cycle")
BY_NAME = ("employee__last_name", "employee__first_name", "pk")


@require_http_methods(["GET", "HEAD", "POST"])
def roster_import(request: HttpRequest) -> HttpResponse:
    user = person(request)
    if not may_import_any_roster(user):
        raise PermissionDenied
    organizations = _organizations(request)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = RosterForm(*posted, organizations=organizations)
    if form.is_valid():
        asked = form.cleaned_data
        upload = keep_upload(
            asked["organization"],
            files={name: asked[f"{name}_file"] for name in ("organizations", "employees")},
            effective_on=asked["effective_on"],
            by=user,
        )
        return redirect("roster_preview", upload.pk)
    mine = RosterUpload.objects.filter(uploaded_by=user).order_by("-pk")
    context = {
        "form": form,
        "limit": settings.ROSTER_MAX_BYTES // MEGABYTE,
        "waiting": words.waiting(mine.open().first()),
        "receipt": mine.filter(state=State.APPLIED).first(),
        "earlier": selectors.roster_imports(organizations)[:EARLIER_SHOWN],
        "crumbs": [*_crumbs()[:1], {"label": "Import a roster", "url": ""}],
    }
    return render(request, "appraisals/roster/upload.html", context)


@require_safe
def roster_preview(request: HttpRequest, pk: int) -> HttpResponseBase:
    upload = _upload(request, pk)
    title = words.title(upload)
    context: dict[str, Any] = {"upload": upload, "title": title, "crumbs": _crumbs(title)}
    if upload.is_at_work:
        return _progress(request, context)
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRefresh()
    if upload.state == State.DISCARDED:
        return render(request, "appraisals/roster/discarded.html", context)
    if upload.problem_count:
        return _problems(request, context)
    if upload.state != State.FAILED:
        context |= {
            "numbers": words.numbers(upload),
            "units": words.units(upload),
            "parts": words.parts(upload),
            "touched": words.touched_lines(upload, touched_counts(upload, person(request))),
            "missing": upload.counts["missing"],
            "nothing": words.is_nothing(upload),
            "is_applied": upload.state == State.APPLIED,
        }
    return render(request, "appraisals/roster/preview.html", context)


def _problems(request: HttpRequest, context: dict[str, Any]) -> HttpResponseBase:
    upload: RosterUpload = context["upload"]
    page = tables.page_of(request, upload.problems.all(), tables.kept_problems(upload))
    table = tables.problems(upload, page)
    found = download(request, table, about=upload.organization)
    context |= {"page": page, "table": table}
    return found or render(request, "appraisals/roster/problems.html", context)


def _progress(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    upload: RosterUpload = context["upload"]
    percent = min(99, 100 * upload.done // upload.total) if upload.total else None
    job = Job(step=words.step(upload), percent=percent)
    return watched(request, job, "appraisals/roster/progress.html", context)


@require_safe
def roster_changes(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """One kind of change, all of it."""
    upload = _upload(request, pk)
    part = words.part(upload, kind)
    if part is None or not part["count"]:
        raise Http404
    page = tables.page_of(request, upload.changes.filter(kind=kind), part["count"])
    table = tables.changes(upload, part, page)
    context = {
        "upload": upload,
        "table": table,
        "page": page,
        "crumbs": _crumbs(part["title"], upload=upload),
    }
    found = download(request, table, about=upload.organization)
    return found or render(request, "appraisals/roster/changes.html", context)


@require_safe
def roster_records(request: HttpRequest, pk: int, how: str) -> HttpResponseBase:
    """The open records that are touched in one way."""
    upload = _upload(request, pk)
    if how not in ways(upload):
        raise Http404
    way = How(how)
    asked = touched(upload, way, person(request))
    records = with_change(asked.select_related(*BESIDE), upload, way).order_by(*BY_NAME)
    page = Paginator(records, tables.PAGE).get_page(request.GET.get("page"))
    said = words.way(way)
    table = tables.records(said, records, page, how)
    context = {
        "upload": upload,
        "how": said,
        "table": table,
        "page": page,
        "put_right_url": words.put_right_url(upload, way),
        "crumbs": _crumbs(said["title"], upload=upload),
    }
    found = download(request, table, about=upload.organization)
    return found or render(request, "appraisals/roster/records.html", context)


@require_POST
def roster_check(request: HttpRequest, pk: int) -> HttpResponse:
    upload = _upload(request, pk)
    check_again(upload, by=person(request))
    return redirect("roster_preview", upload.pk)


@require_POST
def roster_apply(request: HttpRequest, pk: int) -> HttpResponse:
    upload = _upload(request, pk)
    wants_separation = request.POST.get("separate_missing") == "yes"
    ask_to_apply(upload, separate_missing=wants_separation, by=person(request))
    return redirect("roster_preview", upload.pk)


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
    mine = RosterUpload.objects.filter(uploaded_by=person(request)).select_related(
        "organization", "uploaded_by"
    )
    upload = get_object_or_404(mine, pk=pk)
    if not may_import_roster(person(request), upload.organization):
        raise PermissionDenied
    return upload


def _crumbs(*last: str, upload: RosterUpload | None = None) -> list[dict[str, str]]:
    crumbs = [
        {"label": "HR", "url": reverse("hr_home")},
        {"label": "Import a roster", "url": reverse("roster_import")},
    ]
    if upload:
        url = reverse("roster_preview", args=[upload.pk])
        crumbs.append({"label": words.title(upload), "url": url})
    return crumbs + [{"label": label, "url": ""} for label in last]
