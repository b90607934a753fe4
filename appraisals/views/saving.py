"""Saving the texts of an element: by the button or while it is typed, refused with both texts when it is old."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from appraisals.forms.writing import ElementForm
from appraisals.models import Element, ElementChange
from appraisals.services.writing import StaleVersion
from appraisals.workflow import TransitionNotAllowed

Written = Element | ElementChange


@dataclass(frozen=True)
class Saving:
    """`save` takes the version and the values; `page` shows the form again; `back` is where a save leads."""

    form: ElementForm
    url: str
    form_id: str
    save: Callable[[int, dict[str, Any]], Written]
    page: Callable[..., HttpResponse]
    back: str


def saved(request: HttpRequest, saving: Saving) -> HttpResponse:
    htmx = bool(request.htmx)  # type: ignore[attr-defined]  # django-htmx's middleware sets it
    form = saving.form
    if not form.is_valid():
        return _not_saved(request, form.sentences()) if htmx else saving.page(status=422)
    try:
        item = saving.save(form.cleaned_data["version"] or 0, form.values())
    except StaleVersion as stale:
        return _conflict(request, saving, stale, htmx=htmx)
    except TransitionNotAllowed as closed:
        if htmx:
            return _not_saved(request, [closed.message])
        form.add_error(None, closed.message)
        return saving.page(status=409)
    if htmx:
        context = {
            "form_id": saving.form_id,
            "saved_at": item.written_at,
            "version": item.version,
        }
        return render(request, "components/_saved.html", context)
    messages.success(request, "Saved.")
    return redirect(saving.back)


def _not_saved(request: HttpRequest, problems: list[str]) -> HttpResponse:
    return render(request, "components/_not_saved.html", {"problems": problems}, status=422)


def _conflict(
    request: HttpRequest, saving: Saving, stale: StaleVersion, *, htmx: bool
) -> HttpResponse:
    current = stale.current
    context: dict[str, Any] = {
        "url": saving.url,
        "form_id": saving.form_id,
        "version_id": "id_version",
        "mine": _as_text(stale.ours),
        "theirs": _as_text({name: getattr(current, name) for name in current.CONTENT}),
        "theirs_by": current.written_by,
        "theirs_at": current.written_at,
        "version": current.version,
    }
    if htmx:
        return render(request, "appraisals/writing/_element_conflict.html", context, status=409)
    saving.form.at_version(current.version)
    return saving.page(status=409, conflict=context)


def _as_text(values: object) -> str:
    """An element's three texts under each other, for showing two versions side by side."""
    assert isinstance(values, dict)  # noqa: S101  # both callers pass Element.CONTENT
    return "\n\n".join(str(values[name]) for name in ("title", "description", "standards"))
