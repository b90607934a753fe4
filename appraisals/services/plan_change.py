"""Changing an approved plan (R3.9): the change is opened, written element by element, taken out again."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from appraisals import rules
from appraisals.models import (
    Appraisal,
    Document,
    Element,
    ElementAction,
    ElementChange,
    Kind,
    State,
)
from appraisals.permissions import may_draft_change, may_start_plan_change
from appraisals.plan_changes import is_outdated
from appraisals.problems import plan_of
from appraisals.selectors import policy_for
from appraisals.services.records import open_document
from appraisals.services.writing import closed, lock_document, normalized, save_text
from appraisals.versions import content_of, write_version
from appraisals.workflow import record_event
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person

IN_PLAN = {"removed_at__isnull": True, "accepted": True}


@transaction.atomic
def start_plan_change(appraisal: Appraisal, *, by: Person, on_paper: bool = False) -> Document:
    """One of the rating official’s at a time: while one is on its way, asking again returns that one."""
    plan = plan_of(appraisal)
    locked = lock_document(plan) if plan else None
    if not may_start_plan_change(by, appraisal, locked, on_paper=on_paper):
        if locked is not None and locked.approved_on is None:
            raise Refused("This plan is not approved yet: change it where it is written.")
        raise PermissionDenied
    changes = appraisal.documents.filter(kind=Kind.PLAN_CHANGE)
    walking = changes.filter(mandatory=None).exclude(state__in=[State.ACKNOWLEDGED, State.CLOSED])
    if found := walking.first():
        return found
    annual = appraisal.documents.filter(kind=Kind.ANNUAL_APPRAISAL).exclude(state=State.DRAFT)
    if annual.exists():
        raise Refused(rules.TOO_LATE)
    return open_plan_change(appraisal, by=by)


def open_plan_change(appraisal: Appraisal, *, by: Person) -> Document:
    """The caller holds the lock of the plan, so that two get two numbers."""
    policy = policy_for(appraisal.organization, on=clock.today())
    number = appraisal.documents.filter(kind=Kind.PLAN_CHANGE).count() + 1
    return open_document(appraisal, Kind.PLAN_CHANGE, number=number, policy=policy, by=by)


def _drafting(document: Document, by: Person) -> Document:
    locked = lock_document(document)
    if not may_draft_change(by, locked):
        if locked.state != State.DRAFT:
            raise closed(locked)
        raise PermissionDenied
    return locked


@transaction.atomic
def add_to_change(
    document: Document,
    *,
    by: Person,
    values: Mapping[str, Any],
    request_key: uuid.UUID | None = None,
) -> ElementChange:
    """One more element for the plan. A repeated key adds nothing."""
    locked = _drafting(document, by)
    if request_key:
        seen = locked.events.filter(request_key=request_key, by=by).first()
        if seen:
            return locked.element_changes.get(pk=seen.details["change"])
    change = ElementChange(document=locked, action=ElementAction.ADD, **normalized(values))
    return _kept(change, "add_to_change", by=by, request_key=request_key)


@transaction.atomic
def reword_in_change(document: Document, element: Element, *, by: Person) -> ElementChange:
    """The element as it stands, to be written anew. Asking again returns what is being written."""
    return _of_element(document, element, ElementAction.REWORD, by=by)


@transaction.atomic
def remove_in_change(document: Document, element: Element, *, by: Person) -> ElementChange:
    """The element leaves the plan when the change comes into force."""
    return _of_element(document, element, ElementAction.REMOVE, by=by)


def _of_element(
    document: Document, element: Element, action: ElementAction, *, by: Person
) -> ElementChange:
    locked = _drafting(document, by)
    current = Element.objects.filter(
        pk=element.pk, plan__appraisal=locked.appraisal, **IN_PLAN
    ).first()
    if current is None:
        raise Refused("This element is no longer in the plan.")
    held = locked.element_changes.filter(element=current, removed_at__isnull=True).first()
    if held is not None and held.action == action:
        return held
    if held is not None:
        _take_out(held)
    change = ElementChange(
        document=locked,
        action=action,
        element=current,
        mandatory=current.mandatory,
        made_from=current.version,
        was=content_of(current),
        **content_of(current),
    )
    return _kept(change, f"{action}_in_change", by=by)


def _kept(
    change: ElementChange, name: str, *, by: Person, request_key: uuid.UUID | None = None
) -> ElementChange:
    write_version(change, change.document, by=by)
    record_event(
        change.document,
        name=name,
        by=by,
        details={"change": change.pk, "title": change.title},
        request_key=request_key,
    )
    return change


@transaction.atomic
def save_element_change(
    change: ElementChange, *, by: Person, expected_version: int, values: Mapping[str, Any]
) -> ElementChange:
    """Raises StaleVersion, TransitionNotAllowed (no longer a draft) or PermissionDenied.

    Whoever saves has the element before them as it stands now, so the text is made from that.
    """
    locked = _drafting(change.document, by)
    change.refresh_from_db()
    if change.removed_at is not None:
        raise Refused("This was taken out of the change. Nothing was saved.")
    if change.action == ElementAction.REMOVE:
        raise Refused("An element that is removed has no text to write.")
    if is_outdated(change) and change.element is not None:
        change.made_from, change.was = change.element.version, content_of(change.element)
        change.save(update_fields=["made_from", "was"])
    return save_text(change, locked, by=by, expected_version=expected_version, values=values)


@transaction.atomic
def take_out_of_change(change: ElementChange, *, by: Person) -> None:
    """The element stays in the plan as it is; what was written stays in the history."""
    locked = _drafting(change.document, by)
    change.refresh_from_db()
    if change.removed_at is not None:
        return
    _take_out(change)
    record_event(
        locked,
        name="take_out_of_change",
        by=by,
        details={"change": change.pk, "title": change.title},
    )


def _take_out(change: ElementChange) -> None:
    change.removed_at = clock.now()
    change.save(update_fields=["removed_at"])
