"""Elements of a plan: written by the rating official, proposed by the employee (R3.6)."""

import uuid
from typing import Any

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
    StaleVersion,
    accept_element,
    add_element,
    move_element_up,
    remove_element,
    save_element,
)
from appraisals.views.shared import after_writing, crumbs_to, person, visible_document
from appraisals.workflow import TransitionNotAllowed


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
    form = ElementForm(
        request.POST if request.method == "POST" else None,
        document=document,
        element=element,
        goals=goals_for(
            document.appraisal.organization, document.appraisal.cycle, chosen=element.goal_id
        ),
        url=reverse("element_edit", args=[element.pk]),
    )
    if request.method == "POST":
        return _save(request, form, element, document)
    return _page(request, form, element, document)


def _page(
    request: HttpRequest,
    form: ElementForm,
    element: Element,
    document: Document,
    *,
    status: int = 200,
    conflict: dict[str, Any] | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "element": element,
        "document": document,
        "conflict": conflict,
        "crumbs": crumbs_to(document, f"Element {element.number}"),
        "may_draft": may_draft_plan(person(request), document),
    }
    return render(request, "appraisals/writing/element.html", context, status=status)


def _save(
    request: HttpRequest, form: ElementForm, element: Element, document: Document
) -> HttpResponse:
    htmx = bool(request.htmx)  # type: ignore[attr-defined]  # django-htmx's middleware sets it
    if not form.is_valid():
        if htmx:
            return _not_saved(request, form.sentences())
        return _page(request, form, element, document, status=422)
    try:
        saved = save_element(
            element,
            by=person(request),
            expected_version=form.cleaned_data["version"] or 0,
            values=form.values(),
        )
    except StaleVersion as stale:
        return _conflict(request, form, stale, document, htmx=htmx)
    except TransitionNotAllowed as closed:
        if htmx:
            return _not_saved(request, [closed.message])
        form.add_error(None, closed.message)
        return _page(request, form, element, document, status=409)
    if htmx:
        context = {
            "form_id": f"element-{saved.pk}",
            "saved_at": saved.written_at,
            "version": saved.version,
        }
        return render(request, "components/_saved.html", context)
    messages.success(request, "Saved.")
    return redirect(after_writing(document))


def _not_saved(request: HttpRequest, problems: list[str]) -> HttpResponse:
    return render(request, "components/_not_saved.html", {"problems": problems}, status=422)


def _conflict(
    request: HttpRequest, form: ElementForm, stale: StaleVersion, document: Document, *, htmx: bool
) -> HttpResponse:
    current = stale.current
    assert isinstance(current, Element)  # noqa: S101  # this view saves elements only
    context: dict[str, Any] = {
        "url": reverse("element_edit", args=[current.pk]),
        "form_id": f"element-{current.pk}",
        "version_id": "id_version",
        "mine": _as_text(stale.ours),
        "theirs": _as_text({name: getattr(current, name) for name in Element.CONTENT}),
        "theirs_by": current.written_by,
        "theirs_at": current.written_at,
        "version": current.version,
    }
    if htmx:
        return render(request, "appraisals/writing/_element_conflict.html", context, status=409)
    form.at_version(current.version)
    return _page(request, form, current, document, status=409, conflict=context)


def _as_text(values: object) -> str:
    """An element's three texts under each other, for showing two versions side by side."""
    assert isinstance(values, dict)  # noqa: S101  # both callers pass Element.CONTENT
    return "\n\n".join(str(values[name]) for name in ("title", "description", "standards"))


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
