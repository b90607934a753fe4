"""A private journal: notes with a day and the elements they belong to, searched and brought into texts."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from appraisals.forms.talk import JournalForm
from appraisals.models import Element, JournalEntry
from appraisals.services.journal import NewerEntry, change_entry, delete_entry, write_entry
from appraisals.talk import elements_of
from appraisals.talk_permissions import may_keep_journal
from appraisals.views.administration import edit_methods
from appraisals.views.shared import person
from appraisals.views.talk import EVERYBODY, About, about_whom, talk_tabs
from orgchart.models import Person

PAGE = 25


@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """`?about=` keeps notes of people the reader no longer rates within reach: they are in "all"."""
    return _page(request, about_whom(request))


def _page(
    request: HttpRequest, about: About, *, form: JournalForm | None = None, status: int = 200
) -> HttpResponse:
    user = person(request)
    choices = list(elements_of(about.person, user)) if about.person else []
    asked, element = request.GET.get("q", "").strip(), request.GET.get("element", "")
    entries = JournalEntry.objects.visible_to(user).holding(asked)
    if about.person:
        entries = entries.filter(about=about.person)
        form = form or _form(about.person, user)
    if element.isdecimal():
        entries = entries.filter(elements=int(element[:18]))
    listed = entries.select_related("about").prefetch_related("elements")
    context = {
        "about": about,
        "has_others": bool(about.people)
        or JournalEntry.objects.visible_to(user).exclude(about=user).exists(),
        "form": form,
        "choices": choices,
        "page": Paginator(listed, PAGE).get_page(request.GET.get("page")),
        "asked": asked,
        "element": element,
        "is_narrowed": bool(asked or element),
        "tabs": talk_tabs("journal"),
        "section": "journal",
    }
    return render(request, "appraisals/talk/journal.html", context, status=status)


def _form(about: Person, user: Person, data: Any = None) -> JournalForm:
    action = reverse("journal_new") + (f"?about={about.dod_id}" if about != user else "")
    return JournalForm(data, elements=elements_of(about, user), action=action)


@require_POST
def journal_new(request: HttpRequest) -> HttpResponse:
    user, about = person(request), about_whom(request)
    whom = about.person or user
    form = _form(whom, user, request.POST)
    if not form.is_valid():
        return _page(request, About(whom, about.people), form=form, status=422)
    cleaned = form.cleaned_data
    write_entry(
        whom,
        by=user,
        noted_on=cleaned["noted_on"],
        text=cleaned["text"],
        elements=cleaned["elements"],
    )
    messages.success(request, "Kept, for you alone.")
    return redirect(_address(whom, user))


def _address(about: Person, user: Person) -> str:
    return reverse("journal") + (f"?about={about.dod_id}" if about != user else "")


def _own(request: HttpRequest, pk: int) -> JournalEntry:
    own = JournalEntry.objects.visible_to(person(request)).select_related("about")
    return get_object_or_404(own.prefetch_related("elements"), pk=pk)


@edit_methods
def journal_edit(request: HttpRequest, pk: int) -> HttpResponse:
    entry, user = _own(request, pk), person(request)
    form = JournalForm(
        request.POST if request.method == "POST" else None,
        entry=entry,
        elements=_choices(entry, user),
        action=reverse("journal_edit", args=[entry.pk]),
    )
    conflict, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            cleaned = form.cleaned_data
            version = cleaned.pop("version") or 0
            try:
                change_entry(entry, by=user, expected_version=version, **cleaned)
            except NewerEntry as newer:
                conflict, status = _both(form, newer.current), 409
            else:
                messages.success(request, "Saved.")
                return redirect(_listed_at(entry, user))
    context = {
        "entry": entry,
        "form": form,
        "conflict": conflict,
        "crumbs": _crumbs(entry, user, "Change a note"),
        "section": "journal",
    }
    return render(request, "appraisals/talk/journal_edit.html", context, status=status)


def _choices(entry: JournalEntry, user: Person) -> Any:
    """Also those it is tied to already: a note of an earlier cycle stays with its element."""
    held = Element.objects.filter(pk__in=[element.pk for element in entry.elements.all()])
    offered = elements_of(entry.about, user).values("pk")
    return (
        (Element.objects.filter(pk__in=offered) | held)
        .select_related("plan__appraisal__cycle")
        .order_by("-plan__appraisal__cycle__starts_on", "number")
    )


def _both(form: JournalForm, current: JournalEntry) -> dict[str, Any]:
    form.at_version(current.version)
    return {"mine": form.cleaned_data["text"], "theirs": current.text, "at": current.written_at}


def _listed_at(entry: JournalEntry, user: Person) -> str:
    """A note about somebody the writer no longer rates is found under everybody."""
    if may_keep_journal(user, entry.about):
        return f"{_address(entry.about, user)}#note-{entry.pk}"
    return f"{reverse('journal')}?about={EVERYBODY}#note-{entry.pk}"


@edit_methods
def journal_delete(request: HttpRequest, pk: int) -> HttpResponse:
    entry, user = _own(request, pk), person(request)
    if request.method == "POST":
        delete_entry(entry, by=user)
        messages.success(request, "The note is deleted for good.")
        return redirect("journal")
    context = {
        "entry": entry,
        "crumbs": _crumbs(entry, user, "Delete a note"),
        "section": "journal",
    }
    return render(request, "appraisals/talk/journal_delete.html", context)


def _crumbs(entry: JournalEntry, user: Person, last: str) -> list[dict[str, str]]:
    name = "Your journal" if entry.about == user else f"Journal about {entry.about.full_name}"
    return [
        {"label": name, "url": _listed_at(entry, user)},
        {"label": last, "url": ""},
    ]
