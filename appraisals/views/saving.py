"""The texts of an element on a page of their own: saved by the button or while they are typed, refused with both
texts when what is sent is old."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from appraisals.forms.writing import ElementForm
from appraisals.models import Document, Element, ElementChange
from appraisals.selectors import goals_for
from appraisals.services.writing import StaleVersion
from appraisals.views.shared import after_writing
from appraisals.workflow import TransitionNotAllowed

Written = Element | ElementChange


@dataclass(frozen=True)
class Editing:
    """`save` takes the version and the values; `context` is what the page holds beside the form."""

    item: Written
    document: Document
    url: str
    form_id: str
    save: Callable[[int, dict[str, Any]], Written]
    template: str
    context: dict[str, Any]


def edited(request: HttpRequest, editing: Editing) -> HttpResponse:
    """The page, or what came of saving it."""
    item, appraisal = editing.item, editing.document.appraisal
    form = ElementForm(
        request.POST if request.method == "POST" else None,
        document=editing.document,
        element=item,
        goals=goals_for(appraisal.organization, appraisal.cycle, chosen=item.goal_id),
        url=editing.url,
        form_id=editing.form_id,
    )
    return _saved(request, editing, form) if form.is_bound else _page(request, editing, form)


def _page(
    request: HttpRequest,
    editing: Editing,
    form: ElementForm,
    *,
    status: int = 200,
    conflict: dict[str, Any] | None = None,
) -> HttpResponse:
    context = {"form": form, "document": editing.document, "conflict": conflict}
    return render(request, editing.template, context | editing.context, status=status)


def _saved(request: HttpRequest, editing: Editing, form: ElementForm) -> HttpResponse:
    htmx = bool(request.htmx)  # type: ignore[attr-defined]  # django-htmx's middleware sets it
    if not form.is_valid():
        if htmx:
            return _not_saved(request, form.sentences())
        return _page(request, editing, form, status=422)
    try:
        item = editing.save(form.cleaned_data["version"] or 0, form.values())
    except StaleVersion as stale:
        return _conflict(request, editing, form, stale, htmx=htmx)
    except TransitionNotAllowed as closed:
        if htmx:
            return _not_saved(request, [closed.message])
        form.add_error(None, closed.message)
        return _page(request, editing, form, status=409)
    if htmx:
        context = {
            "form_id": editing.form_id,
            "saved_at": item.written_at,
            "version": item.version,
        }
        return render(request, "components/_saved.html", context)
    messages.success(request, "Saved.")
    return redirect(after_writing(editing.document))


def _not_saved(request: HttpRequest, problems: list[str]) -> HttpResponse:
    return render(request, "components/_not_saved.html", {"problems": problems}, status=422)


def _conflict(
    request: HttpRequest,
    editing: Editing,
    form: ElementForm,
    stale: StaleVersion,
    *,
    htmx: bool,
) -> HttpResponse:
    current = stale.current
    context: dict[str, Any] = {
        "url": editing.url,
        "form_id": editing.form_id,
        "version_id": "id_version",
        "mine": _as_text(stale.ours),
        "theirs": _as_text({name: getattr(current, name) for name in current.CONTENT}),
        "theirs_by": current.written_by,
        "theirs_at": current.written_at,
        "version": current.version,
    }
    if htmx:
        return render(request, "appraisals/writing/_element_conflict.html", context, status=409)
    form.at_version(current.version)
    return _page(request, editing, form, status=409, conflict=context)


def _as_text(values: object) -> str:
    """An element's three texts under each other, for showing two versions side by side."""
    assert isinstance(values, dict)  # noqa: S101  # both callers pass Element.CONTENT
    return "\n\n".join(str(values[name]) for name in ("title", "description", "standards"))
