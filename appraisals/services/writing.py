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
    LibraryElement,
    Section,
    TextVersion,
)
from appraisals.permissions import (
    acts_for,
    may_draft_plan,
    may_edit_element,
    may_propose_element,
    may_write_section,
)
from appraisals.rules import normalize_text
from appraisals.workflow import TransitionNotAllowed, record_event
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person

V = TypeVar("V", Element, Section)


class StaleVersion(Refused):
    """Somebody saved this text after it was opened. Holds both, so that the page can show them."""

    def __init__(self, *, current: Element | Section, ours: Mapping[str, Any]) -> None:
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


def content_of(item: Element | Section) -> dict[str, Any]:
    return {name: getattr(item, name) for name in item.CONTENT}


def write_version(item: Element | Section, document: Document, *, by: Person) -> None:
    """Count up, stamp and keep the text as it now stands. The caller holds the document's lock."""
    item.version += 1
    item.written_by, item.written_at = by, clock.now()
    item.written_for = acts_for(by, document)
    item.save()
    TextVersion.objects.create(
        document=document,
        element=item if isinstance(item, Element) else None,
        section=item if isinstance(item, Section) else None,
        version=item.version,
        content=content_of(item),
        written_by=by,
        written_at=item.written_at,
        written_for=item.written_for,
    )


def _save(
    item: V, document: Document, *, by: Person, expected_version: int, values: Mapping[str, Any]
) -> V:
    item.refresh_from_db()
    cleaned = {
        name: normalize_text(value) if isinstance(value, str) else value
        for name, value in values.items()
    }
    if all(getattr(item, name) == value for name, value in cleaned.items()):
        return item
    if item.version != expected_version:
        raise StaleVersion(current=item, ours=cleaned)
    for name, value in cleaned.items():
        setattr(item, name, value)
    write_version(item, document, by=by)
    return item


def _closed(document: Document) -> TransitionNotAllowed:
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
            raise _closed(document)
        raise PermissionDenied
    return _save(
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
            raise _closed(document)
        raise PermissionDenied
    return _save(element, document, by=by, expected_version=expected_version, values=values)


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
            raise _closed(document)
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
        **{
            name: normalize_text(value) if isinstance(value, str) else value
            for name, value in values.items()
        },
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
            raise _closed(document)
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
            raise _closed(document)
        raise PermissionDenied
    element.removed_at = clock.now()
    element.save(update_fields=["removed_at"])
    for later in document.elements.filter(
        removed_at__isnull=True, number__gt=element.number
    ).order_by("number"):
        later.number -= 1
        later.save(update_fields=["number"])
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
            raise _closed(document)
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
