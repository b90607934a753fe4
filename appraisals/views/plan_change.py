"""Changing an approved plan (R3.9): begun on the record, written element by element."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from appraisals.forms.writing import ElementForm
from appraisals.models import Document, Element, ElementAction, ElementChange
from appraisals.permissions import may_draft_change
from appraisals.plan_changes import is_outdated
from appraisals.selectors import goals_for
from appraisals.services.plan_change import (
    add_to_change,
    remove_in_change,
    reword_in_change,
    save_element_change,
    start_plan_change,
    take_out_of_change,
)
from appraisals.views.planned import compared
from appraisals.views.saving import Editing, edited
from appraisals.views.shared import (
    after_writing,
    crumbs_to,
    person,
    visible_appraisal,
    visible_document,
)


def _visible_change(request: HttpRequest, pk: int) -> tuple[ElementChange, Document]:
    change = get_object_or_404(
        ElementChange.objects.select_related("written_by", "goal", "mandatory", "element"),
        pk=pk,
        removed_at__isnull=True,
        document__in=Document.objects.visible_to(person(request)),
    )
    return change, visible_document(request, change.document_id)


def _element_of(request: HttpRequest, document: Document, pk: int) -> Element:
    return get_object_or_404(
        Element, pk=pk, plan__appraisal=document.appraisal_id, removed_at__isnull=True
    )


@require_POST
def plan_change_start(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal = visible_appraisal(request, pk)
    return redirect(start_plan_change(appraisal, by=person(request)))


def change_add(request: HttpRequest, pk: int) -> HttpResponse:
    document = visible_document(request, pk)
    if not may_draft_change(person(request), document):
        raise PermissionDenied
    form = ElementForm(
        request.POST if request.method == "POST" else None,
        document=document,
        goals=goals_for(document.appraisal.organization, document.appraisal.cycle),
        url=reverse("change_add", args=[document.pk]),
        submit="Add this element",
        initial={"request_key": uuid.uuid4()},
    )
    if request.method == "POST" and form.is_valid():
        add_to_change(
            document,
            by=person(request),
            values=form.values(),
            request_key=form.cleaned_data["request_key"],
        )
        messages.success(request, "Added to the change. The plan itself stays as it is for now.")
        return redirect(after_writing(document))
    context = {"form": form, "document": document, "crumbs": crumbs_to(document, "New element")}
    return render(
        request,
        "appraisals/plan_change/element.html",
        context,
        status=422 if form.is_bound else 200,
    )


@require_POST
def change_reword(request: HttpRequest, pk: int, element_pk: int) -> HttpResponse:
    document = visible_document(request, pk)
    element = _element_of(request, document, element_pk)
    change = reword_in_change(document, element, by=person(request))
    return redirect("change_edit", pk=change.pk)


@require_POST
def change_remove(request: HttpRequest, pk: int, element_pk: int) -> HttpResponse:
    document = visible_document(request, pk)
    element = _element_of(request, document, element_pk)
    remove_in_change(document, element, by=person(request))
    messages.success(request, f"“{element.title}” leaves the plan when this change is in force.")
    return redirect(after_writing(document))


@require_POST
def change_take_out(request: HttpRequest, pk: int) -> HttpResponse:
    change, document = _visible_change(request, pk)
    take_out_of_change(change, by=person(request))
    messages.success(request, f"“{change.title}” is out of this change. What you wrote is kept.")
    return redirect(after_writing(document))


def change_edit(request: HttpRequest, pk: int) -> HttpResponse:
    change, document = _visible_change(request, pk)
    has_text = change.action != ElementAction.REMOVE
    if not (may_draft_change(person(request), document) and has_text):
        if request.method == "POST":
            raise PermissionDenied
        messages.info(request, "This is not being written now, so it can only be read.")
        return redirect(document)
    name = f"Element {change.element.number}" if change.element else "New element"
    editing = Editing(
        item=change,
        document=document,
        url=reverse("change_edit", args=[change.pk]),
        form_id=f"change-{change.pk}",
        save=lambda version, values: save_element_change(
            change, by=person(request), expected_version=version, values=values
        ),
        template="appraisals/plan_change/element.html",
        context={
            "change": change,
            "name": name,
            "compared": compared(change) if change.element else [],
            "outdated": change.element if is_outdated(change) else None,
            "crumbs": crumbs_to(document, name),
        },
    )
    return edited(request, editing)
