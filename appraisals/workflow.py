"""The one life cycle of every documented discussion (R4.3), its table and its only writer.

    draft -> in_review -> approved -> communicated -> acknowledged
      ^         |
      +---------+  returned for change, or recalled

A document whose policy asks for no higher level review goes from draft to approved at once.
`TRANSITIONS` says who may take which step from where; `advance` takes it. Buttons, confirmation
pages, POST checks, whose-turn texts and the test of the full product all read this table.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
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
from appraisals.models.scope import Party
from appraisals.permissions import parties
from appraisals.problems import document_problems, rated_levels
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person


class TransitionNotAllowed(Refused):
    """The step does not exist from where the document stands now."""


class ProblemsFound(Refused):
    """The document cannot be sent on before these are mended."""

    def __init__(self, problems: list[rules.Problem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = problems


def _always(document: Document) -> bool:
    return True


def needs_review(document: Document) -> bool:
    """R8.5 by the document's own policy edition; an Unacceptable rating always when R8.1 is law."""
    policy = document.policy.rules()
    if document.kind != Kind.ANNUAL_APPRAISAL or rules.needs_review(policy, document.kind):
        return rules.needs_review(policy, document.kind)
    level = rules.summary_level(rated_levels(document), policy)
    return rules.needs_review(policy, document.kind, level=level)


def _needs_no_review(document: Document) -> bool:
    return not needs_review(document)


@dataclass(frozen=True)
class Transition:
    """One row of the table.

    `moves_to` None: the document stays where it is. `asks`: what the actor must give, of
    reason, communication, comment, acknowledgment. `meaning`: what the confirmation page says
    the step does. `checked`: problems of the document block the step.
    """

    name: str
    verb: str
    sources: frozenset[State]
    moves_to: State | None
    who: Party
    meaning: str
    done: str
    asks: str = ""
    when: Callable[[Document], bool] = _always
    checked: bool = False
    kinds: frozenset[Kind] = field(default_factory=lambda: frozenset(Kind))
    quiet: bool = False


_WITH_INPUT = frozenset({Kind.PROGRESS_REVIEW, Kind.ANNUAL_APPRAISAL, Kind.NARRATIVE_STATEMENT})

TRANSITIONS: dict[str, Transition] = {
    row.name: row
    for row in (
        Transition(
            "share_input",
            "Send my input",
            frozenset({State.DRAFT}),
            None,
            Party.EMPLOYEE,
            "Your rating official can read your input from now on. You may go on writing until "
            "they send the document up.",
            "Your input is with your rating official.",
            kinds=_WITH_INPUT,
        ),
        Transition(
            "submit",
            "Send to the higher level reviewer",
            frozenset({State.DRAFT}),
            State.IN_REVIEW,
            Party.RATING_OFFICIAL,
            "The higher level reviewer reads it and approves it or returns it with a reason. "
            "Nobody can change the text meanwhile.",
            "Sent to the higher level reviewer.",
            when=needs_review,
            checked=True,
        ),
        Transition(
            "finish",
            "Finish writing",
            frozenset({State.DRAFT}),
            State.APPROVED,
            Party.RATING_OFFICIAL,
            "No higher level review is asked for. Next you discuss it with the employee.",
            "Finished. Discuss it with the employee next.",
            when=_needs_no_review,
            checked=True,
        ),
        Transition(
            "recall",
            "Take it back",
            frozenset({State.IN_REVIEW}),
            State.DRAFT,
            Party.RATING_OFFICIAL,
            "You can write again, and send it up again when you are done. No text is lost.",
            "Taken back. You can write again.",
            quiet=True,
        ),
        Transition(
            "approve",
            "Approve",
            frozenset({State.IN_REVIEW}),
            State.APPROVED,
            Party.HIGHER_LEVEL_REVIEWER,
            "You agree that it may be discussed with the employee as it stands.",
            "Approved. The rating official discusses it with the employee next.",
        ),
        Transition(
            "return_for_change",
            "Return for change",
            frozenset({State.IN_REVIEW}),
            State.DRAFT,
            Party.HIGHER_LEVEL_REVIEWER,
            "It goes back to the rating official with your reason, which stays on the record.",
            "Returned to the rating official with your reason.",
            asks="reason",
            quiet=True,
        ),
        Transition(
            "communicate",
            "Record the discussion",
            frozenset({State.APPROVED}),
            State.COMMUNICATED,
            Party.RATING_OFFICIAL,
            "You have talked it over with the employee. From now on the employee can read all of it.",
            "Recorded. The employee is asked to acknowledge.",
            asks="communication",
        ),
        Transition(
            "acknowledge",
            "Acknowledge",
            frozenset({State.COMMUNICATED}),
            State.ACKNOWLEDGED,
            Party.EMPLOYEE,
            "You confirm that it was discussed with you and that you have received it. "
            "Acknowledging is not agreeing. You may add a comment, which stays on the record.",
            "Acknowledged.",
            asks="comment",
        ),
        Transition(
            "record_acknowledgment",
            "Record that the employee did not acknowledge",
            frozenset({State.COMMUNICATED}),
            State.ACKNOWLEDGED,
            Party.RATING_OFFICIAL,
            "Use this only when the employee has no access, is away or declines. The record shows "
            "that you did it, when and why. The document counts all the same.",
            "Recorded, with your reason.",
            asks="acknowledgment",
            quiet=True,
        ),
    )
}


@dataclass(frozen=True)
class Given:
    """What the actor gave with a step; each transition says in `asks` which of these it needs.

    `about` is a `ReturnReason`: what a document is returned for, beside the sentence in `reason`.
    """

    reason: str = ""
    about: str = ""
    discussed_on: dt.date | None = None
    method: str = ""
    other: str = ""


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
