"""A paper DD Form 2906 entered afterwards (R4.7): what it is, its texts, its signatures, its scan."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appraisals.forms.on_paper import BeginPaperForm, ScanForm, SignedForms, SignedKeyForm
from appraisals.models import Appraisal, Document, Kind, Scan, State
from appraisals.permissions import (
    may_enter_paper,
    may_read_scan,
    may_start_annual_appraisal,
    may_start_plan_change,
    may_start_progress_review,
    may_write_section,
)
from appraisals.problems import document_problems, plan_elements, plan_of
from appraisals.scans import open_scan
from appraisals.selectors import policy_for, readable_sections
from appraisals.services.on_paper import (
    OPENED,
    begin_paper,
    enter_signed,
    leave_paper,
    statement_being_written,
)
from appraisals.services.records import record_view
from appraisals.services.scans import attach_scan, remove_scan
from appraisals.views.document import problem_links
from appraisals.views.planned import planning_of
from appraisals.views.record import crumbs_for
from appraisals.views.rows import show_cycle
from appraisals.views.shared import (
    after_writing,
    crumbs_to,
    person,
    visible_appraisal,
    visible_document,
)
from appraisals.views.writing import explanation_of
from appraisals.workflow import ProblemsFound, StepDayRefused
from orgchart import clock
from orgchart.models import Person

CHANGES = ["GET", "HEAD", "POST"]


ONCE = frozenset({Kind.PERFORMANCE_PLAN, Kind.ANNUAL_APPRAISAL})


def _kinds(appraisal: Appraisal, user: Person) -> list[tuple[str, str]]:
    """What a paper form can be entered for now."""
    plan = plan_of(appraisal)
    policy = policy_for(appraisal.organization, on=clock.today()).rules()
    asked = (appraisal, plan, policy)
    documents = [each for each in appraisal.documents.all() if each.mandatory_id is None]
    last = {kind: [each for each in documents if each.kind == kind][-1:] for kind in OPENED}
    is_rated = any(each.state != State.DRAFT for each in last[Kind.ANNUAL_APPRAISAL])
    may = {
        Kind.PERFORMANCE_PLAN: plan is not None,
        Kind.PLAN_CHANGE: not is_rated
        and may_start_plan_change(user, appraisal, plan, on_paper=True),
        Kind.PROGRESS_REVIEW: may_start_progress_review(user, *asked, on_paper=True),
        Kind.NARRATIVE_STATEMENT: plan is not None and not is_rated,
        Kind.ANNUAL_APPRAISAL: may_start_annual_appraisal(user, *asked, on_paper=True),
    }
    over = (State.ACKNOWLEDGED, State.CLOSED)
    return [
        (kind.value, str(kind.label))
        for kind in OPENED
        if may[kind]
        and all(
            each.state == State.DRAFT or (kind not in ONCE and each.state in over)
            for each in last[kind]
        )
    ]


@require_http_methods(CHANGES)
def paper_begin(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal, user = visible_appraisal(request, pk), person(request)
    if not may_enter_paper(user, appraisal):
        raise PermissionDenied
    show_cycle(request, appraisal.cycle)
    record_view(appraisal, by=user, page="on paper")
    kinds = _kinds(appraisal, user)
    form = BeginPaperForm(
        request.POST if request.method == "POST" else None,
        kinds=kinds,
        cycle=appraisal.cycle,
        is_owed=statement_being_written(appraisal) is not None,
        back=appraisal.get_absolute_url(),
    )
    if form.is_valid():
        kind = Kind(form.cleaned_data["kind"])
        document = begin_paper(appraisal, kind, why=form.reason(), by=user, covers=form.covers())
        return redirect("paper_entry", document.pk)
    context = {
        "appraisal": appraisal,
        "form": form,
        "kinds": kinds,
        "crumbs": crumbs_for(appraisal, user, "Enter a paper form"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "appraisals/on_paper/begin.html", context, status=status)


def _being_entered(request: HttpRequest, pk: int) -> Document:
    """404 unless it is a document on paper; 403 unless this person may enter it."""
    document = visible_document(request, pk)
    if not may_enter_paper(person(request), document.appraisal):
        raise PermissionDenied
    if not document.on_paper:
        raise Http404
    show_cycle(request, document.appraisal.cycle)
    return document


@require_safe
def paper_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """All of it at once: which texts are copied, what is missing, the signatures, the scan."""
    document = _being_entered(request, pk)
    if document.state != State.DRAFT:
        return redirect(document)
    user = person(request)
    record_view(document.appraisal, by=user, page=document.kind)
    plan = plan_of(document.appraisal)
    elements = plan_elements(plan) if plan else []
    sections = readable_sections(document, user)
    problems = document_problems(document)
    context = {
        "document": document,
        "appraisal": document.appraisal,
        "elements": elements if document.kind == Kind.PERFORMANCE_PLAN else [],
        "planning": planning_of(document, user) if document.kind == Kind.PLAN_CHANGE else None,
        "sections": [each for each in sections if may_write_section(user, each, document)],
        "to_mend": problem_links(problems, document, elements, sections),
        "scans": document.scans.filter(removed_at=None).select_related("attached_by"),
        "explanation": explanation_of(document),
        "crumbs": crumbs_to(document, "Paper form"),
    }
    return render(request, "appraisals/on_paper/entry.html", context)


@require_http_methods(CHANGES)
def paper_signed(request: HttpRequest, pk: int) -> HttpResponse:
    document = _being_entered(request, pk)
    key = SignedKeyForm(request.POST if request.method == "POST" else None)
    if document.state != State.DRAFT:
        messages.info(request, "The signatures are entered already.")
        return redirect(document)
    if request.method != "POST":
        return _signed_page(request, document, SignedForms(document), key)
    signed = SignedForms(document, request.POST)
    if not signed.is_valid() or not key.is_valid():
        return _signed_page(request, document, signed, key, status=422)
    try:
        enter_signed(
            document,
            signed.steps(),
            by=person(request),
            request_key=key.cleaned_data["request_key"],
        )
    except StepDayRefused as refusal:
        signed.refuse(refusal.row.name, refusal.problem)
        return _signed_page(request, document, signed, key, status=422)
    except ProblemsFound:
        messages.error(request, "Something is missing in the texts. Mend what is listed first.")
        return redirect("paper_entry", document.pk)
    messages.success(request, "The paper form is entered. The employee can read it here.")
    return redirect(document)


def _signed_page(
    request: HttpRequest,
    document: Document,
    signed: SignedForms,
    key: SignedKeyForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "document": document,
        "appraisal": document.appraisal,
        "signed": signed,
        "key": key,
        "explanation": explanation_of(document),
        "crumbs": [
            *crumbs_to(document, "")[:2],
            {"label": "Paper form", "url": reverse("paper_entry", args=[document.pk])},
            {"label": "Signatures", "url": ""},
        ],
    }
    return render(request, "appraisals/on_paper/signed.html", context, status=status)


@require_POST
def paper_leave(request: HttpRequest, pk: int) -> HttpResponse:
    document = _being_entered(request, pk)
    leave_paper(document, by=person(request))
    messages.success(request, "It is written here now. What was typed is kept.")
    return redirect(document)


@require_http_methods(CHANGES)
def scan_attach(request: HttpRequest, pk: int) -> HttpResponse:
    document = _being_entered(request, pk)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ScanForm(*posted)
    if form.is_valid():
        attach_scan(document, form.cleaned_data["scan"], by=person(request))
        messages.success(request, "The scan is attached.")
        return redirect(after_writing(document))
    context = {
        "document": document,
        "appraisal": document.appraisal,
        "form": form,
        "scans": document.scans.filter(removed_at=None).select_related("attached_by"),
        "crumbs": crumbs_to(document, "Scanned form"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "appraisals/on_paper/scan.html", context, status=status)


def _visible_scan(request: HttpRequest, pk: int) -> tuple[Scan, Document]:
    seen = Document.objects.visible_to(person(request))
    scan = get_object_or_404(Scan, pk=pk, removed_at=None, document__in=seen)
    document = visible_document(request, scan.document_id)
    if not may_read_scan(person(request), document):
        raise Http404
    return scan, document


@require_safe
def scan_download(request: HttpRequest, pk: int) -> FileResponse:
    """Never shown inside the site: what is in a file from outside is nobody's page."""
    scan, document = _visible_scan(request, pk)
    record_view(document.appraisal, by=person(request), page="scan")
    name = f"scan-{scan.pk}-{document.kind.replace('_', '-')}.pdf"
    response = FileResponse(
        open_scan(scan), as_attachment=True, filename=name, content_type="application/pdf"
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_POST
def scan_remove(request: HttpRequest, pk: int) -> HttpResponse:
    scan, document = _visible_scan(request, pk)
    remove_scan(scan, by=person(request))
    messages.success(request, "The scan is removed. That it was there stays on the record.")
    return redirect("scan_attach", document.pk)
