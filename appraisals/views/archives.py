"""HR takes forms away: choose, see how many and how large, start, watch, fetch."""

from contextlib import ExitStack
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)
from django_htmx.http import HttpResponseClientRefresh

from appraisals.archives import store
from appraisals.archives.choosing import MOST
from appraisals.forms.archives import ArchiveForm
from appraisals.models import Archive, ArchivePart
from appraisals.permissions import may_export_forms
from appraisals.services.archives import (
    cancel_archive,
    go_on,
    note_download,
    start_archive,
    too_many,
)
from appraisals.views import archive_words as words
from appraisals.views.administration import scope_of
from appraisals.views.shared import person
from appraisals.views.watching import watched
from orgchart.errors import Refused

State = Archive.State
PAGE = 20
LEFT_OUT_SHOWN = 50


@require_safe
def archive_list(request: HttpRequest) -> HttpResponse:
    scope_of(request)
    mine = Archive.objects.of(person(request)).select_related("organization", "cycle")
    page = Paginator(mine.order_by("-asked_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [words.row(archive) for archive in page],
        "crumbs": words.crumbs(),
    }
    return render(request, "appraisals/archives/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def archive_new(request: HttpRequest) -> HttpResponse:
    scope, user = scope_of(request), person(request)
    data = request.POST if request.method == "POST" else None
    initial = {"organization": request.GET.get("organization") or scope[0].code}
    form = ArchiveForm(data, user=user, scope=scope, initial=initial)
    context: dict[str, Any] = {"form": form, "crumbs": words.crumbs("Export forms")}
    if not form.is_valid():
        status = 200 if data is None else 422
        return render(request, "appraisals/archives/new.html", context, status=status)
    size = form.choice.size()
    shown = request.POST.get("shown")
    if shown == str(size.forms) and 0 < size.forms <= MOST:
        key = form.cleaned_data["request_key"]
        archive = start_archive(form.choice, words=form.words, by=user, request_key=key)
        return redirect("archive_detail", archive.pk)
    context |= {
        "size": size,
        "numbers": words.numbers(size),
        "warning": words.warning(size, shown=shown, room=store.room()),
        "too_many": too_many(size.forms) if size.forms > MOST else "",
        "fields": {name: form.data.get(name, "") for name in form.fields} | {"shown": size.forms},
        "words": form.words,
    }
    return render(request, "appraisals/archives/new.html", context)


@require_safe
def archive_detail(request: HttpRequest, pk: int) -> HttpResponse:
    archive = _archive(request, pk)
    context: dict[str, Any] = {
        "archive": archive,
        "title": words.title(archive),
        "crumbs": words.crumbs(words.title(archive)),
    }
    if archive.state == State.WORKING:
        job = words.progress(archive)
        return watched(request, job, "appraisals/archives/progress.html", context)
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRefresh()
    if words.is_there(archive):
        left_out = archive.entries.exclude(left_out="").select_related("appraisal__employee")
        context |= {
            "files": words.files(archive),
            "left_out": left_out[:LEFT_OUT_SHOWN],
            "downloads": archive.downloads.select_related("part").order_by("-pk")[:PAGE],
        }
    return render(request, "appraisals/archives/detail.html", context)


@require_GET
def archive_download(request: HttpRequest, pk: int, part_pk: int) -> HttpResponseBase:
    """Noted before the first byte goes out."""
    archive = _archive(request, pk)
    parts = archive.parts.filter(state=ArchivePart.State.DONE).exclude(file_name="")
    part = get_object_or_404(parts, pk=part_pk)
    if not words.is_there(archive):
        raise Refused("This archive is not there any more. Start a new one.")
    try:
        file = store.part_path(part).open("rb")
    except FileNotFoundError:
        raise Refused(
            "The file of this archive is gone from the server. Cancel the archive and start it again."
        ) from None
    with ExitStack() as unless_noted:
        unless_noted.callback(file.close)
        note_download(part, by=person(request))
        unless_noted.pop_all()
    return FileResponse(file, as_attachment=True, filename=words.file_name(archive, part))


@require_POST
def archive_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    archive = _archive(request, pk)
    cancel_archive(archive, by=person(request))
    messages.success(request, "The archive is cancelled, and what was made of it is deleted.")
    return redirect("archive_list")


@require_POST
def archive_go_on(request: HttpRequest, pk: int) -> HttpResponse:
    archive = _archive(request, pk)
    go_on(archive, by=person(request))
    return redirect("archive_detail", archive.pk)


def _archive(request: HttpRequest, pk: int) -> Archive:
    """One's own, and only while one administers there."""
    mine = Archive.objects.of(person(request)).select_related("organization", "cycle")
    archive = get_object_or_404(mine, pk=pk)
    if not may_export_forms(person(request), archive.organization):
        raise Http404
    return archive
