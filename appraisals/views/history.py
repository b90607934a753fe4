"""Everything that happened to a record, and every text as it stood."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from appraisals.forms.history import CompareForm
from appraisals.models import (
    AppraisalEvent,
    ApprovalWay,
    Document,
    Element,
    ElementChange,
    Goal,
    Method,
    ReturnReason,
    Section,
    TextVersion,
)
from appraisals.permissions import may_read_reason, may_read_section, may_read_timeline
from appraisals.rules import LEVEL_NAMES
from appraisals.rules.words import date_words
from appraisals.selectors import readable_sections, texts_at
from appraisals.services.records import record_view
from appraisals.versions import Text
from appraisals.views.rating_words import RATING_WORDS, period_words
from appraisals.views.record import crumbs_for
from appraisals.views.rows import show_cycle
from appraisals.views.shared import crumbs_to, person, visible_appraisal
from orgchart.models import Person

EVENTS_SHOWN = 25

WORDS = {
    "open": "{title} begun",
    "share_input": "Input sent to the rating official: {title}",
    "submit": "{title} sent to the higher level reviewer",
    "finish": "{title} finished; no higher level review is asked for",
    "recall": "{title} taken back from review",
    "approve": "{title} approved",
    "record_approval": "Approved outside, as recorded: {title}",
    "return_for_change": "{title} returned for change",
    "communicate": "{title} discussed with the employee",
    "acknowledge": "{title} acknowledged",
    "record_signature": "Signed on paper by the employee: {title}",
    "note_difference": "The employee says that something differs: {title}",
    "begin_paper": "Entering of a paper form begun: {title}",
    "leave_paper": "Written here after all, not on paper: {title}",
    "attach_scan": "Scan of the paper form attached: {title}",
    "remove_scan": "Scan of the paper form removed: {title}",
    "record_acknowledgment": "Recorded that the employee did not acknowledge: {title}",
    "add_element": "Element added to the plan",
    "propose_element": "Element proposed by the employee",
    "accept_element": "Proposed element accepted",
    "remove_element": "Element removed from the plan",
    "copy_elements": "Elements copied into the plan",
    "add_to_change": "An element to be added: {title}",
    "reword_in_change": "An element to be changed: {title}",
    "remove_in_change": "An element to be removed: {title}",
    "take_out_of_change": "An element stays as it is after all: {title}",
    "plan_changed": "The plan changed",
    "put_in": "Mandatory element put in by HR: {title}",
    "withdraw": "{title} withdrawn",
    "take_back": "{title} taken back by HR",
    "discard": "{title} deleted before it was approved",
    "set_aside": "{title} set aside",
    "close_as_erroneous": "{title} closed as erroneous",
    "name_officials": "Officials named",
    "report_draft": "Draft ready for the rating official: {title}",
    "give_up": "{title} withdrawn",
    "record_meeting": "Meeting held in the opportunity period",
    "answer_meeting": "The employee’s word on a meeting",
    "extend_opportunity": "Opportunity period extended",
    "follow_action": "Entered of the proposed action",
    "amend_rating": "Rating of record changed",
    **RATING_WORDS,
    "hold_check_in": "Check-in held",
    "ask_support": "The employee asked for support",
    "answer_support": "The employee’s request for support was answered",
    "end_support": "The employee’s request for support ended",
    "recognize": "Recognition",
    "sent": "Sent to another installation",
    "received": "Came from another installation",
    "change_organization": "The record went to another unit",
    "departure_due": "Due earlier, since somebody leaves",
    "departure_undone": "Due as usual again: the departure was taken back",
}
TAKEN_BACK = {
    "return_for_change",
    "recall",
    "remove_element",
    "record_acknowledgment",
    "withdraw",
    "take_back",
    "discard",
    "set_aside",
    "close_as_erroneous",
}
OUTSIDE = {"record_approval": "Approved", "record_acknowledgment": "Asked"}
TEXTS: dict[str, QuerySet[Any]] = {
    "element": Element.objects.all(),
    "change": ElementChange.objects.select_related("element"),
    "section": Section.objects.select_related("element"),
}
FIELD_WORDS = {
    "title": "Title",
    "description": "Description",
    "standards": "Standards",
    "goal_id": "Goal it serves",
    "is_supervisory": "Kind of element",
    "level": "Rating",
    "text": "Text",
}


def _outside(event: AppraisalEvent) -> Iterator[str]:
    """What was done outside of here: a talk, a signature, an approval (R4.2, R4.6, R8.4)."""
    details = event.details
    if "discussed_on" in details and event.document:
        method = event.document.get_communicated_method_display().lower()
        how = details.get("other") or method
        day = date_words(dt.date.fromisoformat(details["discussed_on"]))
        yield f"Discussed on {day}" + (f", {how}" if how else "")
    if "happened_on" in details:
        yield _done_outside(event.name, details)
    if details.get("witness"):
        yield f"Witness: {details['witness']}"
    if details.get("on_paper"):
        yield "As on the paper form"


def _talked(details: dict[str, Any]) -> Iterator[str]:
    """Of the talk through the year the record knows the day and the kind, and no word."""
    if "held_on" in details:
        yield f"Held on {date_words(dt.date.fromisoformat(details['held_on']))}"
    for name in ("support", "answer", "recognition"):
        if name in details:
            yield str(details[name]).capitalize()


def _details(event: AppraisalEvent) -> list[str]:
    details = event.details
    lines = []
    if details.get("about") in ReturnReason.values:
        lines.append(ReturnReason(details["about"]).label)
    if "title" in details:
        lines.append(f"“{details['title'] or 'Untitled element'}”")
    if "by_change" in details:
        lines.append(f"By {details['by_change'].lower()}")
    if "copied" in details:
        count = details["copied"]
        lines.append("1 element" if count == 1 else f"{count} elements")
    lines += _talked(details)
    lines += _outside(event)
    if "effective_on" in details:
        lines.append(f"From {date_words(dt.date.fromisoformat(details['effective_on']))} on")
    lines += period_words(details)
    for name, label in (
        ("organization", "Unit"),
        ("cycle", "Cycle"),
        ("rating_official", "Rating official"),
        ("higher_level_reviewer", "Higher level reviewer"),
    ):
        before, after = details.get(name, ["", ""])
        if before != after:
            lines.append(f"{label}: {before or 'nobody'}, now {after or 'nobody'}")
    return lines


def _done_outside(name: str, details: dict[str, Any]) -> str:
    """ "Approved on 3 June 2026 by Henry Okafor, signed on paper"."""
    ways = ApprovalWay if name == "record_approval" else Method
    verb = OUTSIDE.get(name, "Signed")
    line = f"{verb} on {date_words(dt.date.fromisoformat(details['happened_on']))}"
    if details.get("signed_by"):
        line += f" by {details['signed_by']}"
    method = details.get("method", "")
    how = details.get("other") or (ways(method).label.lower() if method in ways.values else "")
    return f"{line}, {how}" if how else line


def _event_row(event: AppraisalEvent, user: Person) -> dict[str, Any]:
    document = event.document
    title = document.title if document else "Record"
    words = WORDS.get(event.name, event.name.replace("_", " ").capitalize() + ": {title}")
    readable = may_read_reason(user, event)
    has_text = document is not None and event.text_mark
    return {
        "event": event,
        "what": words.format(title=title),
        "behalf": event.on_behalf_of.full_name if event.on_behalf_of else "",
        "details": _details(event) if readable else [],
        "reason": event.reason if readable else "",
        "kind": "back" if event.name in TAKEN_BACK else "",
        "url": reverse("timeline_text", args=[event.appraisal_id, event.pk]) if has_text else "",
    }


@require_safe
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """Newest first."""
    user = person(request)
    appraisal = visible_appraisal(request, pk)
    if not may_read_timeline(user, appraisal):
        raise Http404
    record_view(appraisal, by=user, page="timeline")
    show_cycle(request, appraisal.cycle)
    events = (
        AppraisalEvent.objects.filter(appraisal=appraisal)
        .readable_by(user)
        .select_related("by", "on_behalf_of", "document", "appraisal")
        .order_by("-pk")
    )
    page = Paginator(events, EVENTS_SHOWN).get_page(request.GET.get("page"))
    return render(
        request,
        "appraisals/history/timeline.html",
        {
            "appraisal": appraisal,
            "own": user.pk == appraisal.employee_id,
            "page": page,
            "rows": [_event_row(event, user) for event in page.object_list],
            "crumbs": crumbs_for(appraisal, user, "Timeline"),
        },
    )


@require_safe
def timeline_text(request: HttpRequest, pk: int, event_pk: int) -> HttpResponse:
    """A document's texts at one moment: of those that this reader may read now, and no others."""
    user = person(request)
    appraisal = visible_appraisal(request, pk)
    event = get_object_or_404(
        AppraisalEvent.objects.readable_by(user)
        .select_related("by", "document__policy")
        .prefetch_related("document__sections__element"),
        pk=event_pk,
        appraisal=appraisal,
        document__isnull=False,
    )
    record_view(appraisal, by=user, page="timeline")
    show_cycle(request, appraisal.cycle)
    document = event.document
    if document is None:
        raise Http404
    document.appraisal = appraisal
    event.appraisal = appraisal
    return render(
        request,
        "appraisals/history/text.html",
        {
            "appraisal": appraisal,
            "document": document,
            "row": _event_row(event, user),
            "texts": texts_as_stood(document, event.text_mark, user),
            "crumbs": [
                *crumbs_for(appraisal, user, "Timeline")[:-1],
                {"label": "Timeline", "url": reverse("timeline", args=[appraisal.pk])},
                {"label": "As it stood", "url": ""},
            ],
        },
    )


def texts_as_stood(document: Document, mark: int, user: Person) -> list[dict[str, Any]]:
    contents = texts_at(document, mark)
    elements = {each.pk: each for each in document.elements.all()}
    sections = {each.pk: each for each in readable_sections(document, user)}
    goals = _goal_titles(contents.values())
    found = [
        {
            "label": f"Element {element.number}" if not element.removed_at else "Removed element",
            "fields": _fields(contents["element", pk], goals),
            "url": reverse("versions", args=["element", pk]),
        }
        for pk, element in elements.items()
        if ("element", pk) in contents
    ]
    found += [
        {
            "label": f"{change.get_action_display()} element",
            "fields": _fields(contents["change", change.pk], goals),
            "url": reverse("versions", args=["change", change.pk]),
        }
        for change in document.element_changes.all()
        if ("change", change.pk) in contents
    ]
    found += [
        {
            "label": _section_label(section),
            "fields": _fields(contents["section", pk], goals),
            "url": reverse("versions", args=["section", pk]),
        }
        for pk, section in sections.items()
        if ("section", pk) in contents
    ]
    return found


def _section_label(section: Section) -> str:
    if section.element is None:
        return str(section)
    return f"{section}, element {section.element.number}"


def _goal_titles(contents: Any) -> dict[int, str]:
    asked = [content.get("goal_id") for content in contents if content.get("goal_id")]
    return dict(Goal.objects.filter(pk__in=asked).values_list("pk", "title")) if asked else {}


def _fields(content: dict[str, Any], goals: dict[int, str]) -> list[dict[str, str]]:
    """A version's content in words, in the order in which it was kept; what is empty is left out."""
    return [
        {"label": FIELD_WORDS[name], "text": text}
        for name in FIELD_WORDS
        if name in content and (text := _in_words(name, content[name], goals))
    ]


def _in_words(name: str, value: Any, goals: dict[int, str]) -> str:
    if name == "is_supervisory":
        return "Supervisory" if value else ""
    if name == "goal_id":
        return goals.get(value, "") if value else ""
    if name == "level":
        return "" if value is None else LEVEL_NAMES[value]
    return str(value)


def _versioned(request: HttpRequest, of: str, pk: int) -> tuple[Text, Document]:
    """404 for a text this reader may not read now, as if it were not there."""
    if of not in TEXTS:
        raise Http404
    user = person(request)
    item: Text = get_object_or_404(TEXTS[of], pk=pk)
    at = item.plan_id if isinstance(item, Element) else item.document_id
    document = get_object_or_404(Document.objects.visible_to(user).with_people(), pk=at)
    if isinstance(item, Section) and not may_read_section(user, item, document):
        raise Http404
    return item, document


def _label(item: Text) -> str:
    if isinstance(item, Section):
        return _section_label(item)
    if isinstance(item, ElementChange):
        return f"Element {item.element.number}" if item.element else "New element"
    return f"Element {item.number}"


@require_safe
def versions(request: HttpRequest, of: str, pk: int) -> HttpResponse:
    """All versions of one text; the two newest are compared until the reader chooses others."""
    item, document = _versioned(request, of, pk)
    record_view(document.appraisal, by=person(request), page="versions")
    show_cycle(request, document.appraisal.cycle)
    kept = list(
        TextVersion.objects.filter(**{of: item})
        .select_related("written_by", "written_for")
        .order_by("-version")
    )
    form = CompareForm(request.GET if "new" in request.GET else None, versions=kept)
    label = _label(item)
    return render(
        request,
        "appraisals/history/versions.html",
        {
            "appraisal": document.appraisal,
            "document": document,
            "label": label,
            "versions": kept,
            "form": form,
            "compared": compared(*form.chosen()),
            "crumbs": crumbs_to(document, f"Versions of {label[:1].lower()}{label[1:]}"),
        },
    )


def compared(old: TextVersion | None, new: TextVersion | None) -> dict[str, Any] | None:
    if old is None or new is None:
        return None
    goals = _goal_titles([old.content, new.content])
    fields = []
    for name, label in FIELD_WORDS.items():
        before, after = (
            _in_words(name, version.content.get(name), goals) if name in version.content else ""
            for version in (old, new)
        )
        if before or after:
            fields.append({"label": label, "old": before, "new": after, "same": before == after})
    return {"old": old, "new": new, "fields": fields}
