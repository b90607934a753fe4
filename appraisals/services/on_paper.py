"""Entering a paper DD Form 2906 afterwards (R4.7): the texts are ordinary texts, the steps ordinary steps."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from appraisals import rules
from appraisals.models import Appraisal, Document, Kind, State
from appraisals.permissions import may_enter_paper
from appraisals.problems import plan_of
from appraisals.sections import spec_of
from appraisals.selectors import policy_for
from appraisals.services.plan_change import start_plan_change
from appraisals.services.records import (
    open_document,
    start_annual_appraisal,
    start_progress_review,
)
from appraisals.services.writing import lock_document
from appraisals.workflow import Given, TransitionNotAllowed, advance, record_event
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person

Days = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on the form, and who copies it in. `covers`: the days that a statement is about."""

    appraisal: Appraisal
    by: Person
    covers: Days | None = None


@transaction.atomic
def begin_paper(
    appraisal: Appraisal, kind: Kind, *, why: str, by: Person, covers: Days | None = None
) -> Document:
    """The document that the paper form becomes, opened if it is not there yet. Asking again returns it."""
    if not may_enter_paper(by, appraisal):
        raise PermissionDenied
    document = lock_document(OPENED[kind](Paper(appraisal, by, covers)))
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


def _plan(paper: Paper) -> Document:
    plan = plan_of(paper.appraisal)
    if plan is None:
        raise Refused("This record has no plan. Start the record again.")
    return plan


def _statement(paper: Paper) -> Document:
    """The one that is owed here; else one from another office, about the days that stand on it (R9.6)."""
    lock_document(_plan(paper))
    if owed := statement_being_written(paper.appraisal):
        return owed
    first, last = paper.covers or (None, None)
    starts_on, today = paper.appraisal.cycle.starts_on, clock.today()
    problems = rules.outside_statement_problems(first, last, cycle_starts_on=starts_on, today=today)
    if problems:
        raise Refused(" ".join(problem.message for problem in problems))
    return open_document(
        paper.appraisal,
        Kind.NARRATIVE_STATEMENT,
        number=paper.appraisal.documents.filter(kind=Kind.NARRATIVE_STATEMENT).count() + 1,
        policy=policy_for(paper.appraisal.organization, on=today),
        by=paper.by,
        covers=paper.covers,
    )


def statement_being_written(appraisal: Appraisal) -> Document | None:
    statements = appraisal.documents.filter(kind=Kind.NARRATIVE_STATEMENT, state=State.DRAFT)
    return statements.order_by("number").first()


OPENED: dict[Kind, Callable[[Paper], Document]] = {
    Kind.PERFORMANCE_PLAN: _plan,
    Kind.PLAN_CHANGE: lambda paper: start_plan_change(paper.appraisal, by=paper.by, on_paper=True),
    Kind.PROGRESS_REVIEW: lambda paper: start_progress_review(
        paper.appraisal, by=paper.by, on_paper=True
    ),
    Kind.NARRATIVE_STATEMENT: _statement,
    Kind.ANNUAL_APPRAISAL: lambda paper: start_annual_appraisal(
        paper.appraisal, by=paper.by, on_paper=True
    ),
}
"""Every documented discussion of the year; what R10 adds is handed over in writing and signed for by its own steps."""


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
