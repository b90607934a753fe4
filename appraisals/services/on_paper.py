"""Entering a paper DD Form 2906 afterwards (R4.7): the texts are ordinary texts, the steps ordinary steps."""

import uuid
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction

from appraisals.models import Appraisal, Document, Kind, State
from appraisals.permissions import may_enter_paper
from appraisals.problems import plan_of
from appraisals.sections import spec_of
from appraisals.services.records import start_annual_appraisal, start_progress_review
from appraisals.services.writing import lock_document
from appraisals.workflow import Given, TransitionNotAllowed, advance, record_event
from orgchart.errors import Refused
from orgchart.models import Person

ENTERED = (Kind.PERFORMANCE_PLAN, Kind.PROGRESS_REVIEW, Kind.ANNUAL_APPRAISAL)


@transaction.atomic
def begin_paper(appraisal: Appraisal, kind: Kind, *, why: str, by: Person) -> Document:
    """The document that the paper form becomes, opened if it is not there yet. Asking again returns it."""
    if not may_enter_paper(by, appraisal):
        raise PermissionDenied
    document = lock_document(_opened(appraisal, kind, by))
    if document.is_being_entered:
        return document
    if document.state != State.DRAFT:
        raise TransitionNotAllowed(
            f"This {document.title.lower()} is no longer being written, so no paper form can be entered "
            "for it. What was signed on paper since is recorded on its own page."
        )
    if _has_unsent_words(document):
        raise Refused(
            f"{appraisal.employee.full_name} has begun to write in this {document.title.lower()} here and has "
            "not sent it. Nobody else may read that. Ask them to send it or to clear it first."
        )
    document.on_paper = True
    document.save(update_fields=["on_paper"])
    record_event(document, name="begin_paper", by=by, reason=why)
    return document


def _opened(appraisal: Appraisal, kind: Kind, by: Person) -> Document:
    if kind == Kind.PROGRESS_REVIEW:
        return start_progress_review(appraisal, by=by, on_paper=True)
    if kind == Kind.ANNUAL_APPRAISAL:
        return start_annual_appraisal(appraisal, by=by, on_paper=True)
    plan = plan_of(appraisal)
    if plan is None:
        raise Refused("This record has no plan. Start the record again.")
    return plan


def _has_unsent_words(document: Document) -> bool:
    """Texts that the employee keeps to themselves until they send them."""
    return document.input_shared_at is None and any(
        section.text and spec_of(document.kind, section.kind).held_back
        for section in document.sections.all()
    )


@transaction.atomic
def leave_paper(document: Document, *, by: Person) -> Document:
    """It is written here after all; what was typed stays."""
    locked = lock_document(document)
    if not may_enter_paper(by, locked.appraisal):
        raise PermissionDenied
    if not locked.on_paper:
        return locked
    if locked.state != State.DRAFT:
        raise TransitionNotAllowed("What stands on the paper form has been entered already.")
    locked.on_paper = False
    locked.save(update_fields=["on_paper"])
    record_event(locked, name="leave_paper", by=by)
    return locked


@transaction.atomic
def enter_signed(
    document: Document,
    steps: Sequence[tuple[str, Given]],
    *,
    by: Person,
    request_key: uuid.UUID | None = None,
) -> Document:
    """The steps that are signed on the form, in their order: all of them or none.

    A `request_key` that was seen before means a double click: nothing happens twice.
    """
    if request_key and document.events.filter(request_key=request_key, by=by).exists():
        return document
    for number, (name, given) in enumerate(steps):
        key = request_key if number == 0 else None
        document = advance(document, name, by=by, given=given, request_key=key)
    return document
