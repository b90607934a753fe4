"""The one life cycle of every documented discussion (R4.3): its only writer.

A document whose policy asks for no higher level review goes from draft to approved at once.
`TRANSITIONS` says who may take which step from where; `advance` takes it.
"""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from appraisals import rules
from appraisals.models import (
    AppraisalEvent,
    Document,
    Kind,
    RatingOfRecord,
    State,
    TextVersion,
)
from appraisals.permissions import parties
from appraisals.problems import document_problems, rated_levels
from appraisals.transitions import TRANSITIONS, Given, Transition, needs_review
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person

__all__ = [
    "TRANSITIONS",
    "Given",
    "ProblemsFound",
    "Transition",
    "TransitionNotAllowed",
    "advance",
    "available",
    "check",
    "details_of",
    "needs_review",
    "record_event",
]


class TransitionNotAllowed(Refused):
    """The step does not exist from where the document stands now."""


class ProblemsFound(Refused):
    """The document cannot be sent on before these are mended."""

    def __init__(self, problems: list[rules.Problem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = problems


def available(document: Document, user: Person) -> list[Transition]:
    """The steps this person may take now, main step first."""
    mine = parties(user, document.appraisal)
    return [
        row
        for row in TRANSITIONS.values()
        if row.who in mine
        and document.state in row.sources
        and document.kind in row.kinds
        and not (row.name == "share_input" and document.input_shared_at)
        and row.when(document)
    ]


def check(row: Transition, document: Document, *, by: Person) -> None:
    """Raise PermissionDenied, TransitionNotAllowed or ProblemsFound unless the step may be taken."""
    if row.who not in parties(by, document.appraisal):
        raise PermissionDenied
    if document.kind not in row.kinds or document.state not in row.sources:
        raise TransitionNotAllowed(_too_late(row, document))
    if not row.when(document):
        raise TransitionNotAllowed(
            f"“{row.verb}” does not apply to this {document.title.lower()}: its policy asks "
            f"{'for a' if needs_review(document) else 'for no'} higher level review."
        )
    if row.checked:
        problems = document_problems(document)
        if problems:
            raise ProblemsFound(problems)


def _too_late(row: Transition, document: Document) -> str:
    last = document.events.select_related("by").order_by("-pk").first()
    what = f"“{row.verb}” is not possible now: this {document.title.lower()} is "
    what += f"{State(document.state).label.lower()}."
    if last is None:
        return what
    return f"{what} The last step was {last.by.full_name}’s. Nothing was changed."


@transaction.atomic
def advance(
    document: Document,
    name: str,
    *,
    by: Person,
    given: Given | None = None,
    request_key: uuid.UUID | None = None,
) -> Document:
    """Take one step: lock, check again, write, record.

    A `request_key` that was seen before means a double click or a resubmitted form: nothing
    happens twice and the document is returned as it stands.
    """
    row, given = TRANSITIONS[name], given or Given()
    locked = (
        Document.objects.select_for_update(of=("self",), no_key=True)
        .with_contents()
        .get(pk=document.pk)
    )
    if request_key and locked.events.filter(request_key=request_key, by=by).exists():
        return locked
    check(row, locked, by=by)
    came_from = locked.state
    _write_state(locked, row, given)
    record_event(
        locked,
        name=name,
        by=by,
        from_state=came_from,
        reason=given.reason,
        details=details_of(row, given),
        on_behalf_of=locked.appraisal.employee if row.asks == "acknowledgment" else None,
        request_key=request_key,
    )
    if row.moves_to == State.COMMUNICATED and locked.kind == Kind.ANNUAL_APPRAISAL:
        _issue_rating_of_record(locked, by=by)
    return locked


def _write_state(document: Document, row: Transition, given: Given) -> None:
    if row.moves_to is None:
        document.input_shared_at = clock.now()
        document.save(update_fields=["input_shared_at"])
        return
    document.state = row.moves_to
    document.state_since = clock.now()
    if row.moves_to == State.APPROVED:
        document.approved_on = clock.today()
    if row.moves_to == State.COMMUNICATED:
        document.communicated_on = given.discussed_on or clock.today()
        document.communicated_method = given.method
        document.communicated_other = given.other
    if row.moves_to == State.ACKNOWLEDGED:
        document.acknowledged_on = clock.today()
        document.acknowledged_for_employee = row.asks == "acknowledgment"
    document.save()


def details_of(row: Transition, given: Given) -> dict[str, Any]:
    """What the event keeps beside its reason; also for histories that are written in bulk."""
    if row.asks == "reason" and given.about:
        return {"about": given.about}
    if row.asks != "communication" or given.discussed_on is None:
        return {}
    return {
        "discussed_on": given.discussed_on.isoformat(),
        "method": given.method,
        "other": given.other,
    }


def record_event(
    document: Document,
    *,
    name: str,
    by: Person,
    from_state: str = "",
    reason: str = "",
    details: dict[str, Any] | None = None,
    on_behalf_of: Person | None = None,
    request_key: uuid.UUID | None = None,
) -> AppraisalEvent:
    """Append to the history. Call it inside the transaction of the change, holding the document's lock."""
    newest = TextVersion.objects.filter(document=document).aggregate(newest=Max("pk"))["newest"]
    return AppraisalEvent.objects.create(
        appraisal=document.appraisal,
        document=document,
        name=name,
        from_state=from_state or document.state,
        to_state=document.state,
        by=by,
        on_behalf_of=on_behalf_of,
        at=clock.now(),
        reason=reason,
        details=details or {},
        request_key=request_key,
        text_mark=newest or 0,
    )


def _issue_rating_of_record(document: Document, *, by: Person) -> None:
    """R7.11: final when issued with the required reviews; stored with its sum and count (R12.7)."""
    policy = document.policy.rules()
    levels = [level for level in rated_levels(document) if level != rules.NOT_RATED]
    level = rules.summary_level(levels, policy)
    if level is None:
        raise TransitionNotAllowed("No element was rated, so there is no rating of record (R7.9).")
    RatingOfRecord.objects.create(
        appraisal=document.appraisal,
        level=level,
        rated_sum=sum(levels),
        rated_count=len(levels),
        effective_on=document.appraisal.cycle.effective_on,
        issued_at=clock.now(),
        issued_by=by,
    )
