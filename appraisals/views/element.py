"""Elements of a plan: written by the rating official, proposed by the employee (R3.6)."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from appraisals.forms.writing import ElementForm
from appraisals.models import Document, Element, State
from appraisals.permissions import may_draft_plan, may_edit_element, may_propose_element
from appraisals.selectors import goals_for
from appraisals.services.writing import (
    accept_element,
    add_element,
    move_element_up,
    remove_element,
    save_element,
)
from appraisals.views.saving import Editing, edited
from appraisals.views.shared import after_writing, crumbs_to, person, visible_document


def _visible_element(request: HttpRequest, pk: int) -> tuple[Element, Document]:
    element = get_object_or_404(
        Element.objects.select_related("written_by", "goal", "mandatory"),
        pk=pk,
        removed_at__isnull=True,
        plan__in=Document.objects.visible_to(person(request)),
    )
    return element, visible_document(request, element.plan_id)


def element_new(request: HttpRequest, pk: int) -> HttpResponse:
    document = visible_document(request, pk)
    by = person(request)
    proposes = may_propose_element(by, document)
    if not (proposes or may_draft_plan(by, document)):
        raise PermissionDenied
    form = ElementForm(
        request.POST if request.method == "POST" else None,
        document=document,
        goals=goals_for(document.appraisal.organization, document.appraisal.cycle),
        url=reverse("element_new", args=[document.pk]),
        submit="Propose this element" if proposes else "Add this element",
        initial={"request_key": uuid.uuid4()},
    )
    if request.method == "POST" and form.is_valid():
        add_element(
            document,
            by=by,
            values=form.values(),
            request_key=form.cleaned_data["request_key"],
        )
        said = "Proposed to your rating official." if proposes else "Element added."
        messages.success(request, said)
        return redirect(after_writing(document))
    context = {
        "form": form,
        "document": document,
        "proposes": proposes,
        "crumbs": crumbs_to(document, "New element"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "appraisals/writing/element.html", context, status=status)


def element_edit(request: HttpRequest, pk: int) -> HttpResponse:
    element, document = _visible_element(request, pk)
    if not may_edit_element(person(request), element, document):
        if document.state == State.DRAFT or request.method == "POST":
            raise PermissionDenied
        messages.info(request, "This plan is no longer being written, so it can only be read.")
        return redirect(after_writing(document))
    editing = Editing(
        item=element,
        document=document,
        url=reverse("element_edit", args=[element.pk]),
        form_id=f"element-{element.pk}",
        save=lambda version, values: save_element(
            element, by=person(request), expected_version=version, values=values
        ),
        template="appraisals/writing/element.html",
        context={
            "element": element,
            "crumbs": crumbs_to(document, f"Element {element.number}"),
            "may_draft": may_draft_plan(person(request), document),
        },
    )
    return edited(request, editing)


@require_POST
def element_accept(request: HttpRequest, pk: int) -> HttpResponse:
    element, document = _visible_element(request, pk)
    accept_element(element, by=person(request))
    messages.success(request, f"“{element.title}” is now part of the plan.")
    return redirect(after_writing(document))


@require_POST
def element_remove(request: HttpRequest, pk: int) -> HttpResponse:
    element, document = _visible_element(request, pk)
    remove_element(element, by=person(request))
    messages.success(
        request, f"“{element.title}” is out of the draft. Its text stays in the history."
    )
    return redirect(after_writing(document))


@require_POST
def element_up(request: HttpRequest, pk: int) -> HttpResponse:
    element, document = _visible_element(request, pk)
    move_element_up(element, by=person(request))
    return redirect(after_writing(document))
