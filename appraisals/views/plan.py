"""Copying: into one plan from elsewhere, and from one plan to many people."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from appraisals.beside import copy_sources
from appraisals.forms.copying import CopyForm, CopyToManyForm
from appraisals.models import Kind
from appraisals.models.scope import drafts_for
from appraisals.permissions import may_draft_plan, may_propose_element, parties
from appraisals.problems import plan_of
from appraisals.selectors import cycle_for
from appraisals.services.records import (
    copy_plan_to_many,
    start_annual_appraisal,
    start_progress_review,
    start_record,
)
from appraisals.services.writing import copy_elements
from appraisals.views.shared import crumbs_to, person, visible_appraisal, visible_document
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Assignment, Person
from orgchart.selectors import direct_reports


def plan_copy(request: HttpRequest, pk: int) -> HttpResponse:
    document = visible_document(request, pk)
    by = person(request)
    if not (may_draft_plan(by, document) or may_propose_element(by, document)):
        raise PermissionDenied
    sources = copy_sources(document, by, search=request.GET.get("q", ""))
    form = CopyForm(
        request.POST if request.method == "POST" else None,
        sources=sources,
        initial={"request_key": uuid.uuid4()},
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen()
        copied = copy_elements(
            chosen, into=document, by=by, request_key=form.cleaned_data["request_key"]
        )
        left = len(chosen) - copied
        said = f"{copied} element{'' if copied == 1 else 's'} copied into the draft."
        messages.success(request, f"{said} {left} was there already." if left else said)
        return redirect(document)
    context = {
        "form": form,
        "document": document,
        "q": request.GET.get("q", ""),
        "crumbs": crumbs_to(document, "Copy elements"),
    }
    return render(
        request, "appraisals/writing/copy.html", context, status=422 if form.is_bound else 200
    )


def plan_copy_to_many(request: HttpRequest, pk: int) -> HttpResponse:
    document = visible_document(request, pk)
    by = person(request)
    if document.kind != Kind.PERFORMANCE_PLAN or "rating_official" not in parties(
        by, document.appraisal
    ):
        raise PermissionDenied
    people = direct_reports(by, on=clock.today()).exclude(pk=document.appraisal.employee_id)
    form = CopyToManyForm(request.POST if request.method == "POST" else None, people=people)
    if request.method == "POST" and form.is_valid():
        for outcome in copy_plan_to_many(document, list(form.cleaned_data["people"]), by=by):
            name = outcome.employee.full_name
            if outcome.refused:
                messages.error(request, f"{name}: {outcome.refused}")
            else:
                messages.success(request, f"{name}: {outcome.copied} elements in the draft.")
        return redirect("team")
    context = {"form": form, "document": document, "crumbs": crumbs_to(document, "Copy to others")}
    return render(
        request,
        "appraisals/writing/copy_to_many.html",
        context,
        status=422 if form.is_bound else 200,
    )


@require_POST
def record_start(request: HttpRequest, dod_id: str) -> HttpResponse:
    today = clock.today()
    user = person(request)
    seen = Person.objects.visible_to(user, on=today)
    if principals := drafts_for(user):
        reports = Assignment.objects.on(today).filter(supervisor__in=principals)
        seen |= Person.objects.filter(pk__in=reports.values("employee"))
    employee = get_object_or_404(seen, dod_id=dod_id)
    cycle = cycle_for(employee, on=today)
    if cycle is None:
        raise Refused("No appraisal cycle is open for this person today. HR opens one.")
    appraisal = start_record(employee, cycle=cycle, by=user)
    return redirect(plan_of(appraisal) or appraisal)


@require_POST
def progress_review_start(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal = visible_appraisal(request, pk)
    return redirect(start_progress_review(appraisal, by=person(request)))


@require_POST
def annual_appraisal_start(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal = visible_appraisal(request, pk)
    return redirect(start_annual_appraisal(appraisal, by=person(request)))
