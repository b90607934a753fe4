"""The feed to the personnel system (R12.7, R13.7): what waits, batches, receipts."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appraisals import feed
from appraisals.exports import Column, Table, download
from appraisals.feed.receipts import missing_lines, refused_lines
from appraisals.forms.feed import BatchForm, ReceiptForm
from appraisals.models import FeedBatch, FeedLine
from appraisals.views.shared import person
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Organization, RoleGrant
from orgchart.selectors import scope_organizations
from orgchart.services import record

SHOWN = 20
PAGE = 50
MADE_HERE = 20_000
"""More ratings than these are a batch of the nightly run: a page must not keep somebody waiting."""


def hr_scope(request: HttpRequest) -> list[Organization]:
    role = RoleGrant.Role.HR_ADMINISTRATOR
    scope = list(scope_organizations(person(request), role, on=clock.today()))
    if not scope:
        raise PermissionDenied
    return scope


@require_http_methods(["GET", "HEAD", "POST"])
def feed_list(request: HttpRequest) -> HttpResponse:
    """What waits to be sent, and the batches there are; a POST makes the batch that was shown."""
    scope = hr_scope(request)
    given = request.POST if request.method == "POST" else request.GET
    form = BatchForm(given if "cycle" in given else _first_choice(scope), scope=scope)
    is_right = form.is_valid()
    if request.method == "POST" and is_right:
        return _made(request, form)
    batches = FeedBatch.objects.visible_to(person(request))
    page = Paginator(batches.select_related("cycle", "organization", "made_by"), SHOWN).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form,
        "asked": form.cleaned_data if is_right else None,
        "waiting": feed.pending(form.cleaned_data["cycle"], form.cleaned_data["organization"])
        if is_right
        else None,
        "page": page,
        "is_sent_nightly": settings.FEED_FOLDER is not None,
        "crumbs": [{"label": "HR", "url": reverse("hr_home")}, {"label": TITLE, "url": ""}],
    }
    status = 200 if is_right or "cycle" not in given else 422
    return render(request, "appraisals/feed/list.html", context, status=status)


TITLE = "Ratings to the personnel system"


def _first_choice(scope: list[Organization]) -> dict[str, Any]:
    """Until something is chosen: the first organization, and its newest cycle that has ended."""
    cycles = list(BatchForm(scope=scope).fields["cycle"].queryset)  # type: ignore[attr-defined]
    ended = [cycle for cycle in cycles if cycle.ends_on < clock.today()]
    newest = (ended or cycles or [None])[0]
    return {"organization": scope[0].code, "cycle": newest.pk if newest else ""}


def _made(request: HttpRequest, form: BatchForm) -> HttpResponse:
    cycle, place = form.cleaned_data["cycle"], form.cleaned_data["organization"]
    waiting = feed.pending(cycle, place).total
    if waiting > MADE_HERE:
        raise Refused(
            f"{waiting:,} ratings wait, and {MADE_HERE:,} is the most for a batch made on this page. Choose an "
            "organization below, or leave it to the nightly run."
        )
    batch = feed.make_batch(cycle, place, by=person(request))
    if batch is None:
        messages.info(request, "Nothing new waits, so no batch was made.")
        return redirect("feed_list")
    messages.success(request, f"Batch {batch.number} is made. Download it and hand it over.")
    return redirect("feed_batch", batch.number)


def _batch(request: HttpRequest, number: int) -> FeedBatch:
    seen = FeedBatch.objects.visible_to(person(request))
    return get_object_or_404(seen.select_related("cycle", "organization", "made_by"), number=number)


@require_safe
def feed_batch(request: HttpRequest, number: int) -> HttpResponseBase:
    return _page(request, _batch(request, number))


def _page(
    request: HttpRequest,
    batch: FeedBatch,
    *,
    form: ReceiptForm | None = None,
    problems: list[dict[str, str]] | None = None,
) -> HttpResponseBase:
    report = feed.report_of(batch)
    refused, missing = _table(request, batch, "refused"), _table(request, batch, "missing")
    found = download(request, refused, missing, about=batch.organization)
    if found is not None:
        return found
    context = {
        "batch": batch,
        "report": report,
        "receipts": batch.receipts.select_related("read_by"),
        "refused": refused,
        "missing": missing,
        "form": form or ReceiptForm(url=reverse("feed_receipt", args=[batch.number])),
        "problems": problems or [],
        "crumbs": [
            {"label": "HR", "url": reverse("hr_home")},
            {"label": TITLE, "url": reverse("feed_list")},
            {"label": f"Batch {batch.number}", "url": ""},
        ],
    }
    status = 422 if problems or (form and form.errors) else 200
    return render(request, "appraisals/feed/batch.html", context, status=status)


def _table(request: HttpRequest, batch: FeedBatch, which: str) -> Table[FeedLine]:
    lines = refused_lines(batch) if which == "refused" else missing_lines(batch)
    lines = lines.select_related("appraisal__employee").defer("content")
    answered = Column[FeedLine]("Reason", lambda line: line.answer.reason)
    if which == "refused":
        lines = lines.select_related("answer", "appraisal__employee")
    columns = [
        Column[FeedLine]("Line", lambda line: line.number),
        Column[FeedLine]("Employee", lambda line: line.appraisal.employee.full_name),
        Column[FeedLine]("DoD ID", lambda line: line.appraisal.employee.dod_id),
    ]
    return Table(
        name=f"{which}-lines",
        title="Refused" if which == "refused" else "Not answered",
        columns=[*columns, answered] if which == "refused" else columns,
        rows=list(lines[:PAGE]),
        everything=lambda: lines,
        total=lines.count(),
        names_people=True,
    )


@require_safe
def feed_file(request: HttpRequest, number: int) -> StreamingHttpResponse:
    batch = _batch(request, number)
    if feed.is_incomplete(batch):
        raise Refused(
            "Lines of this batch were destroyed because their records’ years were over (R13). What is left is "
            "its hash, and that it was sent."
        )
    if request.method == "GET":
        record(
            "exported",
            by=person(request),
            organization=batch.organization,
            table=f"Rating feed, batch {batch.number}",
            format="csv",
            rows=batch.lines_sent,
            asked={},
        )
    return StreamingHttpResponse(
        feed.batch_bytes(batch),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="ratings-batch-{batch.number:05d}.csv"',
            "Content-Length": str(batch.size),
        },
    )


@require_POST
def feed_receipt(request: HttpRequest, number: int) -> HttpResponseBase:
    batch = _batch(request, number)
    form = ReceiptForm(
        request.POST, request.FILES, url=reverse("feed_receipt", args=[batch.number])
    )
    if not form.is_valid():
        return _page(request, batch, form=form)
    try:
        feed.read_receipt(batch, form.cleaned_data["receipt"], by=person(request))
    except feed.ReceiptRefused as refused:
        problems = [{"text": str(problem), "url": "#id_receipt"} for problem in refused.problems]
        return _page(request, batch, problems=problems)
    messages.success(request, "The receipt is read.")
    return redirect("feed_batch", batch.number)


@require_POST
def feed_again(request: HttpRequest, number: int) -> HttpResponse:
    batch = _batch(request, number)
    count = feed.send_refused_again(batch, by=person(request))
    if count:
        lines = "1 rating goes" if count == 1 else f"{count:,} ratings go"
        messages.success(request, f"{lines} into the next batch again.")
    else:
        messages.info(request, "Nothing refused is left that has not gone out since.")
    return redirect("feed_batch", batch.number)
