"""Saving what people write: a version per text, refused when it is not the newest (design §3)."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from appraisals.models import (
    Document,
    Element,
    ElementChange,
    LibraryElement,
    Section,
)
from appraisals.permissions import (
    may_draft_plan,
    may_edit_element,
    may_propose_element,
    may_write_section,
)
from appraisals.plan_changes import take_out_of_plan
from appraisals.rules import normalize_text
from appraisals.versions import content_of as content_of
from appraisals.versions import write_version as write_version
from appraisals.workflow import TransitionNotAllowed, record_event
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person

V = TypeVar("V", Element, ElementChange, Section)


class StaleVersion(Refused):
    """Somebody saved this text after it was opened. Holds both, so that the page can show them."""

    def __init__(
        self, *, current: Element | ElementChange | Section, ours: Mapping[str, Any]
    ) -> None:
        super().__init__(
            "This text was changed after you opened it. Both versions are shown; nothing is lost."
        )
        self.current = current
        self.ours = ours


def lock_document(document: Document) -> Document:
    """The document with its people, locked until the transaction ends."""
    return (
        Document.objects.select_for_update(of=("self",), no_key=True)
        .with_people()
        .get(pk=document.pk)
    )


def normalized(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: normalize_text(value) if isinstance(value, str) else value
        for name, value in values.items()
    }


def save_text(
    item: V, document: Document, *, by: Person, expected_version: int, values: Mapping[str, Any]
) -> V:
    """Keep a text if it was written on the newest version. The caller holds the document's lock."""
    try:
        item.refresh_from_db()
    except item.DoesNotExist:
        raise TransitionNotAllowed(
            "The element that this was written for was taken out of the plan meanwhile. "
            "What you typed is still on this page: copy it before you leave."
        ) from None
    cleaned = normalized(values)
    if all(getattr(item, name) == value for name, value in cleaned.items()):
        return item
    if item.version != expected_version:
        raise StaleVersion(current=item, ours=cleaned)
    for name, value in cleaned.items():
        setattr(item, name, value)
    write_version(item, document, by=by)
    return item


def closed(document: Document) -> TransitionNotAllowed:
    return TransitionNotAllowed(
        f"This {document.title.lower()} is no longer being written, so it cannot be changed. "
        "What you typed is still on this page: copy it before you leave."
    )


@transaction.atomic
def save_section(
    section: Section, *, by: Person, expected_version: int, text: str, level: int | None = None
) -> Section:
    """Raises StaleVersion, TransitionNotAllowed (no longer a draft) or PermissionDenied."""
    document = lock_document(section.document)
    if not may_write_section(by, section, document):
        if document.state != "draft":
            raise closed(document)
        raise PermissionDenied
    return save_text(
        section,
        document,
        by=by,
        expected_version=expected_version,
        values={"text": text, "level": level},
    )


@transaction.atomic
def save_element(
    element: Element, *, by: Person, expected_version: int, values: Mapping[str, Any]
) -> Element:
    """`values`: any of Element.CONTENT. Raises like `save_section`."""
    document = lock_document(element.plan)
    element.refresh_from_db()
    if not may_edit_element(by, element, document):
        if document.state != "draft":
            raise closed(document)
        raise PermissionDenied
    return save_text(element, document, by=by, expected_version=expected_version, values=values)


def next_number(plan: Document) -> int:
    last = plan.elements.filter(removed_at__isnull=True).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


@transaction.atomic
def add_element(
    plan: Document,
    *,
    by: Person,
    values: Mapping[str, Any],
    request_key: uuid.UUID | None = None,
) -> Element:
    """Added by the rating official, or proposed by the employee (R3.6). A repeated key adds nothing."""
    document = lock_document(plan)
    proposes = may_propose_element(by, document)
    if not (proposes or may_draft_plan(by, document)):
        if document.state != "draft":
            raise closed(document)
        raise PermissionDenied
    if request_key:
        seen = document.events.filter(request_key=request_key, by=by).first()
        if seen:
            return document.elements.get(pk=seen.details["element"])
    element = Element(
        plan=document,
        number=next_number(document),
        proposed_by_employee=proposes,
        accepted=not proposes,
        **normalized(values),
    )
    write_version(element, document, by=by)
    record_event(
        document,
        name="propose_element" if proposes else "add_element",
        by=by,
        details={"element": element.pk, "title": element.title},
        request_key=request_key,
    )
    return element


def _drafting(element: Element, by: Person) -> Document:
    document = lock_document(element.plan)
    element.refresh_from_db()
    if not may_draft_plan(by, document):
        if document.state != "draft":
            raise closed(document)
        raise PermissionDenied
    return document


@transaction.atomic
def accept_element(element: Element, *, by: Person) -> Element:
    document = _drafting(element, by)
    if element.accepted:
        return element
    element.accepted = True
    element.save(update_fields=["accepted"])
    record_event(
        document,
        name="accept_element",
        by=by,
        details={"element": element.pk, "title": element.title},
    )
    return element


@transaction.atomic
def remove_element(element: Element, *, by: Person, reason: str = "") -> None:
    """Out of the draft, never out of the history. An employee may take back their own proposal."""
    document = lock_document(element.plan)
    element.refresh_from_db()
    if element.removed_at is not None:
        return
    if not may_edit_element(by, element, document):
        if document.state != "draft":
            raise closed(document)
        raise PermissionDenied
    take_out_of_plan(element)
    record_event(
        document,
        name="remove_element",
        by=by,
        reason=reason,
        details={"element": element.pk, "title": element.title},
    )


@transaction.atomic
def move_element_up(element: Element, *, by: Person) -> None:
    document = _drafting(element, by)
    above = document.elements.filter(removed_at__isnull=True, number=element.number - 1).first()
    if above is None or element.removed_at is not None:
        return
    number = element.number
    # Parked at 0 for a moment: numbers are unique at every statement.
    element.number = 0
    element.save(update_fields=["number"])
    above.number, element.number = number, number - 1
    above.save(update_fields=["number"])
    element.save(update_fields=["number"])


def copied_values(source: Element | LibraryElement, plan: Document) -> dict[str, Any]:
    """A source's texts, its goal replaced by the goal of the same name in the plan's own cycle."""
    goal_id = None
    if isinstance(source, Element) and source.goal:
        goal_id = (
            plan.appraisal.cycle.goals.offered(clock.today())
            .filter(organization_id=source.goal.organization_id, title=source.goal.title)
            .values_list("pk", flat=True)
            .first()
        )
    return {
        "title": source.title,
        "description": source.description,
        "standards": source.standards,
        "is_supervisory": source.is_supervisory,
        "goal_id": goal_id,
    }


@transaction.atomic
def copy_elements(
    sources: Sequence[Element | LibraryElement],
    *,
    into: Document,
    by: Person,
    request_key: uuid.UUID | None = None,
) -> int:
    """Copy what the plan does not hold yet (by title); R3.11: the copy is reviewed like any draft.

    Returns how many were copied.
    """
    document = lock_document(into)
    if not (may_draft_plan(by, document) or may_propose_element(by, document)):
        if document.state != "draft":
            raise closed(document)
        raise PermissionDenied
    if request_key and document.events.filter(request_key=request_key, by=by).exists():
        return 0
    held = set(document.elements.filter(removed_at__isnull=True).values_list("title", flat=True))
    copied = 0
    for source in sources:
        if source.title in held:
            continue
        add_element(document, by=by, values=copied_values(source, document))
        copied += 1
    record_event(
        document,
        name="copy_elements",
        by=by,
        details={"copied": copied},
        request_key=request_key,
    )
    return copied
