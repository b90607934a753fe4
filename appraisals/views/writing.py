"""Writing: one text to a screen, what it is judged by beside it (design §3)."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from appraisals import rules
from appraisals.beside import beside, team_neighbours
from appraisals.forms.writing import SectionForm
from appraisals.models import PLANNING, Appraisal, Document, Kind, Section, SectionKind, State
from appraisals.permissions import (
    acts_for,
    may_read_section,
    may_write_section,
    parties,
    writers_of,
)
from appraisals.problems import plan_of, rating_facts
from appraisals.rateability import rateability_of
from appraisals.sections import SECTIONS, SectionSpec, spec_of
from appraisals.selectors import lines_of_sight, readable_sections
from appraisals.services.writing import StaleVersion, save_section
from appraisals.talk import lines_put, noted_beside, with_line
from appraisals.turns import due_on
from appraisals.views.rows import show_cycle
from appraisals.views.shared import after_writing, crumbs_to, person, visible_document
from appraisals.workflow import TransitionNotAllowed
from orgchart import clock
from orgchart.models import Person


def writable_walk(
    document: Document, sections: list[Section], request: HttpRequest
) -> list[Section]:
    """The texts this person writes in this document, in the order of the walk."""
    return [each for each in sections if may_write_section(person(request), each, document)]


def first_empty(document: Document, walk: list[Section]) -> Section | None:
    """What is rated is written once it has its level; where that needs a narrative the document says so."""

    def is_written(section: Section) -> bool:
        has_levels = bool(spec_of(document.kind, section.kind).levels)
        return section.level is not None if has_levels else bool(section.text)

    return next((each for each in walk if not is_written(each)), None)


@require_safe
def document_write(request: HttpRequest, pk: int) -> HttpResponse:
    """Where whoever writes goes on: at the first empty text, or at the whole. A plan is written as a whole."""
    document = visible_document(request, pk)
    is_by_texts = document.kind not in PLANNING and not document.is_being_entered
    walk = writable_walk(document, readable_sections(document, person(request)), request)
    empty = first_empty(document, walk) if is_by_texts else None
    return redirect("section_edit", pk=empty.pk) if empty else redirect(document)


def _visible_section(request: HttpRequest, pk: int) -> tuple[Section, Document]:
    documents = Document.objects.visible_to(person(request)).with_contents()
    document = get_object_or_404(documents, sections=pk)
    section = next(each for each in document.sections.all() if each.pk == pk)
    if not may_read_section(person(request), section, document):
        raise Http404
    if not writers_of(section, document) & parties(person(request), document.appraisal):
        raise PermissionDenied
    return section, document


def _spec(section: Section, document: Document) -> SectionSpec:
    """A text that is copied from paper is called by what it is, not by whose it would be to write."""
    spec = spec_of(document.kind, section.kind)
    if not document.is_being_entered:
        return spec
    return replace(
        spec, label=section.get_kind_display(), hint="Word for word as on the paper form."
    )


def section_edit(request: HttpRequest, pk: int) -> HttpResponse:
    section, document = _visible_section(request, pk)
    if request.method != "POST" and document.state != State.DRAFT:
        messages.info(request, "This is no longer being written, so it can only be read.")
        return redirect(document)
    sections = readable_sections(document, person(request))
    walk = writable_walk(document, sections, request)
    following = _following(section, walk)
    form = SectionForm(
        _sent(request, section, document),
        section=section,
        spec=_spec(section, document),
        policy=document.policy.rules(),
        url=reverse("section_edit", args=[section.pk]),
        **_labels(following, document),
    )
    if request.method == "POST":
        return _save(request, form, section, document, walk)
    return _page(request, form, section, document, walk)


def _sent(request: HttpRequest, section: Section, document: Document) -> QueryDict | None:
    """What was sent; by a button beside the text, with a note of the writer's own put into it."""
    if request.method != "POST":
        return None
    put = request.POST.get("put", "")
    if not put:
        return request.POST
    sent = request.POST.copy()
    for line in lines_put(put, section, document, person(request)):
        sent["text"] = with_line(sent.get("text", ""), line)
    return sent


def _following(section: Section, walk: list[Section]) -> Section | None:
    later = [each.pk for each in walk]
    if section.pk not in later:
        return None
    place = later.index(section.pk) + 1
    return walk[place] if place < len(walk) else None


def _labels(following: Section | None, document: Document) -> dict[str, str]:
    """Of the buttons: what saving leads to is said where it leads away."""
    if following is None:
        whole = "" if document.is_being_entered else " and read the whole"
        return {"save_label": f"Save{whole}"}
    where = f"element {following.element.number}" if following.element else f"“{following}”"
    return {"next_label": f"Save and go to {where}"}


def _save(
    request: HttpRequest,
    form: SectionForm,
    section: Section,
    document: Document,
    walk: list[Section],
) -> HttpResponse:
    if not form.is_valid():
        return _refused(request, form, section, document, walk, form.sentences())
    cleaned = form.cleaned_data
    try:
        saved = save_section(
            section,
            by=person(request),
            expected_version=cleaned["version"] or 0,
            text=cleaned["text"],
            level=cleaned.get("level"),
        )
    except StaleVersion as stale:
        return _conflict(request, form, stale, document, walk)
    except TransitionNotAllowed as closed:
        return _refused(request, form, section, document, walk, [closed.message], status=409)
    if request.htmx:  # type: ignore[attr-defined]  # django-htmx's middleware sets it
        return render(request, "appraisals/writing/_saved.html", _saved(saved, walk))
    if "put" in request.POST:
        return redirect(reverse("section_edit", args=[section.pk]) + "#id_text")
    following = _following(section, walk)
    if "save_next" in request.POST and following:
        return redirect("section_edit", pk=following.pk)
    messages.success(request, "Saved.")
    return (
        redirect("section_edit", pk=section.pk) if following else redirect(after_writing(document))
    )


def _saved(section: Section, walk: list[Section]) -> dict[str, Any]:
    """The explanation counts what was just saved, so the document is loaded anew."""
    document = Document.objects.select_related("policy").get(pk=section.document_id)
    return {
        "form_id": f"section-{section.pk}",
        "saved_at": section.written_at,
        "version": section.version,
        "listed": section if len(walk) > 1 else None,
        "explanation": explanation_of(document),
    }


def explanation_of(document: Document) -> rules.Explanation | None:
    """The summary rating so far, and why; only of what is rated."""
    if not any(spec.kind == SectionKind.RATING for spec in SECTIONS[document.kind]):
        return None
    return rules.explain_rating(rating_facts(document), document.policy.rules())


def _refused(
    request: HttpRequest,
    form: SectionForm,
    section: Section,
    document: Document,
    walk: list[Section],
    problems: list[str],
    *,
    status: int = 422,
) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        context = {"problems": problems}
        return render(request, "components/_not_saved.html", context, status=422)
    if status == 409:
        form.add_error(None, problems[0])
    return _page(request, form, section, document, walk, status=status)


def _conflict(
    request: HttpRequest,
    form: SectionForm,
    stale: StaleVersion,
    document: Document,
    walk: list[Section],
) -> HttpResponse:
    current = stale.current
    context = {
        "form_id": f"section-{current.pk}",
        "field_id": "id_text",
        "version_id": "id_version",
        "mine": stale.ours["text"],
        "theirs": getattr(current, "text", ""),
        "theirs_by": current.written_by,
        "theirs_at": current.written_at,
        "version": current.version,
    }
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "components/_conflict.html", context, status=409)
    form.at_version(current.version)
    assert isinstance(current, Section)  # noqa: S101  # this view saves sections only
    return _page(request, form, current, document, walk, status=409, conflict=context)


def _days_on_plan(document: Document) -> int | None:
    """R1.5, as it will count at the end of the cycle; only where it decides about a rating."""
    plan = plan_of(document.appraisal) if document.kind == Kind.ANNUAL_APPRAISAL else None
    if plan is None or plan.approved_on is None:
        return None
    return rateability_of(document.appraisal, plan).days


def _for_the_official(document: Document, appraisal: Appraisal, user: Person) -> dict[str, Any]:
    """What only they or their delegate see beside a text; `principal`: whose delegate this is."""
    principal = acts_for(user, document)
    is_official = user.pk == appraisal.rating_official_id or document.is_being_entered
    if principal is None and not is_official:
        return {}
    return {
        "principal": principal,
        "explanation": explanation_of(document),
        "days_on_plan": _days_on_plan(document),
        "neighbours": team_neighbours(appraisal, user, kind=document.kind, whose_team=principal),
    }


def _of_the_standard(section: Section, document: Document) -> list[str]:
    """What a change of the plan means for this text (R1.5, R3.9)."""
    element, policy = section.element, document.policy.rules()
    if element is None:
        return []
    notes = []
    if section.element_version is not None and section.element_version < element.version:
        notes.append(
            "The plan changed after this was written: its standard reads as you see it now. "
            "Read your text again and change what needs it."
        )
    if section.kind == SectionKind.RATING:
        ends_on = document.appraisal.cycle.ends_on
        notes.append(rules.standard_too_new(element.standard_since, ends_on, policy))
    return [note for note in notes if note]


def _page(
    request: HttpRequest,
    form: SectionForm,
    section: Section,
    document: Document,
    walk: list[Section],
    *,
    status: int = 200,
    conflict: dict[str, Any] | None = None,
) -> HttpResponse:
    appraisal = document.appraisal
    show_cycle(request, appraisal.cycle)
    element = section.element
    mine = person(request)
    place = [each.pk for each in walk].index(section.pk) + 1 if section in walk else 0
    context = {
        "form": form,
        "section": section,
        "document": document,
        "appraisal": appraisal,
        "element": element,
        "spec": _spec(section, document),
        "walk": walk,
        "place": place,
        "conflict": conflict,
        "crumbs": crumbs_to(document, spec_of(document.kind, section.kind).label),
        "beside": beside(section, document, mine),
        "noted": None if document.is_being_entered else noted_beside(section, document, mine),
        "sight": lines_of_sight([element.goal_id]).get(element.goal_id)
        if element and element.goal_id
        else None,
        "due_on": due_on(document, appraisal),
        "notes": _of_the_standard(section, document),
        "is_planning": document.kind in PLANNING,
        "today": clock.today(),
        **_for_the_official(document, appraisal, mine),
    }
    return render(request, "appraisals/writing/section.html", context, status=status)
