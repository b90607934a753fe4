"""The one life cycle of every documented discussion (R4.3): its only writer.

A document whose policy asks for no higher level review goes from draft to approved at once.
`TRANSITIONS` says who may take which step from where; `advance` takes it.
"""

import datetime as dt
import uuid
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from appraisals import rules
from appraisals.given import Given
from appraisals.models import (
    Appraisal,
    AppraisalEvent,
    Document,
    Kind,
    MoreCurrentRating,
    RatingOfRecord,
    State,
    TextVersion,
)
from appraisals.models.scope import Party
from appraisals.notifications.steps import tell_of_step
from appraisals.pdf import note_final
from appraisals.permissions import acts_for, parties
from appraisals.plan_changes import hindrance, put_into_force
from appraisals.problems import document_problems, plan_of, rated_levels
from appraisals.selectors import later_rating
from appraisals.tasks import render_forms
from appraisals.transitions import TRANSITIONS, Transition, needs_review
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person
from orgchart.waking import wake

__all__ = [
    "TRANSITIONS",
    "Given",
    "ProblemsFound",
    "StepDayRefused",
    "Transition",
    "TransitionNotAllowed",
    "advance",
    "available",
    "check",
    "day_of",
    "day_problem",
    "details_of",
    "happened_on",
    "needs_review",
    "record_event",
]


COMES_INTO_FORCE = (Kind.PLAN_CHANGE, State.COMMUNICATED)
"""Nobody works to a standard they were not told."""


class TransitionNotAllowed(Refused):
    """The step does not exist from where the document stands now."""


class StepDayRefused(Refused):
    """The day given for a step cannot be right."""

    def __init__(self, row: Transition, problem: str) -> None:
        super().__init__(f"“{row.verb}”: {problem}")
        self.row, self.problem = row, problem


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
        if _is_for(row, document, mine)
        and document.state in row.sources
        and document.kind in row.kinds
        and not (row.name == "share_input" and document.input_shared_at)
        and row.when(document)
    ]


def _is_for(row: Transition, document: Document, mine: frozenset[Party]) -> bool:
    """What stands on a paper form HR may enter as well (R4.7); every other step has one party."""
    return row.who in mine or (document.on_paper and row.on_paper and Party.HR in mine)


def check(row: Transition, document: Document, *, by: Person) -> None:
    """Raise PermissionDenied, TransitionNotAllowed or ProblemsFound unless the step may be taken."""
    if not _is_for(row, document, parties(by, document.appraisal)):
        raise PermissionDenied
    if document.kind not in row.kinds or document.state not in row.sources:
        raise TransitionNotAllowed(_too_late(row, document))
    if not row.when(document):
        raise TransitionNotAllowed(
            f"“{row.verb}” does not apply to this {document.title.lower()}: {row.otherwise}."
        )
    if (document.kind, row.moves_to) == COMES_INTO_FORCE and (problem := hindrance(document)):
        raise TransitionNotAllowed(problem)
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


def day_of(row: Transition, given: Given) -> dt.date | None:
    """The day that was given for the step; None: it is taken now."""
    return given.discussed_on if row.asks == "communication" else given.happened_on


def day_problem(document: Document, row: Transition, day: dt.date) -> str:
    """Why a step cannot have been taken on that day; "" when it can."""
    not_before, why = _follows(document, row)
    return rules.step_day_problem(day, today=clock.today(), not_before=not_before, why=why)


def _follows(document: Document, row: Transition) -> tuple[dt.date | None, str]:
    """The day before which the step cannot lie, and what happened on it."""
    if row.moves_to == State.ACKNOWLEDGED:
        return document.communicated_on, "It was discussed on"
    if row.moves_to == State.COMMUNICATED:
        return document.approved_on, "It was approved on"
    if document.state == State.IN_REVIEW:
        sent = document.events.filter(name="submit").order_by("-pk").first()
        return (happened_on(sent) if sent else None), "It was sent up on"
    if document.kind == Kind.PERFORMANCE_PLAN:
        return document.appraisal.starts_on, "This year begins for the employee on"
    if document.kind == Kind.NARRATIVE_STATEMENT:
        return document.covers_from, "It is about the days from"
    plan, policy = plan_of(document.appraisal), document.policy.rules()
    if document.kind == Kind.ANNUAL_APPRAISAL and document.covers_until is None:
        ends_on = document.appraisal.period_ends_on
        return rules.appraisal_opens_on(ends_on, policy), "Appraisals of this cycle open on"
    return (plan.approved_on if plan else None), "The plan was approved on"


def happened_on(event: AppraisalEvent) -> dt.date:
    """The day of a step: of one done outside the day it was done, else the day it was entered."""
    day = event.details.get("happened_on") or event.details.get("discussed_on")
    return dt.date.fromisoformat(day) if day else timezone.localdate(event.at)


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
    day = day_of(row, given)
    if day and (problem := day_problem(locked, row, day)):
        raise StepDayRefused(row, problem)
    came_from = locked.state
    _write_state(locked, row, given)
    event = record_event(
        locked,
        name=name,
        by=by,
        from_state=came_from,
        reason=given.reason,
        details=details_of(row, given, on_paper=locked.on_paper),
        on_behalf_of=_for_whom(row, locked.appraisal, by),
        request_key=request_key,
    )
    tell_of_step(locked, event, row.tells, for_whom=event.on_behalf_of)
    if effect := EFFECTS.get((locked.kind, row.moves_to)):
        effect(locked, by=by)
    # What is said of a final document afterwards stands on a second form beside the first (R4.6).
    if locked.state == State.ACKNOWLEDGED:
        note_final(locked)
        wake(render_forms)
    return locked


def _for_whom(row: Transition, appraisal: Appraisal, by: Person) -> Person | None:
    """Whose part this was, when it is not the part of who enters it."""
    party = row.for_whom or row.who
    whose: Person | None = getattr(appraisal, party.value, None)
    return whose if whose is not None and whose.pk != by.pk else None


def _write_state(document: Document, row: Transition, given: Given) -> None:
    if row.moves_to is None:
        if row.name == "share_input":
            document.input_shared_at = clock.now()
            document.save(update_fields=["input_shared_at"])
        return
    day = day_of(row, given) or clock.today()
    document.state = row.moves_to
    document.state_since = clock.now()
    if row.moves_to == State.APPROVED:
        document.approved_on = day
    if row.moves_to == State.COMMUNICATED:
        document.communicated_on = day
        document.communicated_method = given.method
        document.communicated_other = given.other
    if row.moves_to == State.CLOSED:
        document.approved_on = document.communicated_on = document.acknowledged_on = None
        document.communicated_method = document.communicated_other = ""
    if row.moves_to == State.ACKNOWLEDGED:
        document.acknowledged_on = day
        document.acknowledged_for_employee = row.asks == "acknowledgment"
    document.save()


def details_of(row: Transition, given: Given, *, on_paper: bool = False) -> dict[str, Any]:
    """What the event keeps beside its reason; also for histories that are written in bulk."""
    if row.asks == "reason" and given.about:
        return {"about": given.about}
    if row.asks == "communication" and given.discussed_on:
        day = {"discussed_on": given.discussed_on.isoformat()}
    elif given.happened_on:
        day = {"happened_on": given.happened_on.isoformat()}
    else:
        return {}
    told = {"method": given.method, "other": given.other}
    if row.asks != "communication":
        told |= {"signed_by": given.signed_by, "witness": given.witness}
        told = {name: value for name, value in told.items() if value}
    return {**day, **told, **({"on_paper": True} if on_paper and row.on_paper else {})}


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
        on_behalf_of=on_behalf_of or acts_for(by, document),
        at=clock.now(),
        reason=reason,
        details=details or {},
        request_key=request_key,
        text_mark=newest or 0,
    )


def _issue_rating_of_record(document: Document, *, by: Person) -> None:
    """R7.11: final when issued with the required reviews; stored with its sum and count (R12.7)."""
    if later := later_rating(document.appraisal):
        raise TransitionNotAllowed(later)
    level, levels = _rated(document)
    RatingOfRecord.objects.create(
        appraisal=document.appraisal,
        level=level,
        rated_sum=sum(levels),
        rated_count=len(levels),
        effective_on=rules.effective_after_extension(
            document.appraisal.cycle.effective_on,
            document.appraisal.extended_until,
            clock.today(),
        ),
        issued_at=clock.now(),
        issued_by=by,
    )


def _issue_current_rating(document: Document, *, by: Person) -> None:
    """R10.8: beside the rating of the year, which still comes; it takes effect when it is told."""
    level, levels = _rated(document)
    MoreCurrentRating.objects.create(
        document=document,
        level=level,
        rated_sum=sum(levels),
        rated_count=len(levels),
        effective_on=document.communicated_on or clock.today(),
        issued_at=clock.now(),
        issued_by=by,
    )


def _rated(document: Document) -> tuple[int, list[int]]:
    policy = document.policy.rules()
    levels = [level for level in rated_levels(document) if level != rules.NOT_RATED]
    level = rules.summary_level(levels, policy)
    if level is None:
        raise TransitionNotAllowed("No element was rated, so there is no rating of record (R7.9).")
    return level, levels


def _put_into_force(document: Document, *, by: Person) -> None:
    plan = put_into_force(document)
    record_event(
        plan,
        name="plan_changed",
        by=by,
        details={"change": document.pk, "by_change": document.title},
    )


def _empty(document: Document, *, by: Person) -> None:
    """What was closed serves no goal and is counted nowhere; its elements and their texts stay (R3.10)."""
    document.elements.filter(removed_at__isnull=True).update(removed_at=clock.now())


class Effect(Protocol):
    def __call__(self, document: Document, *, by: Person) -> None: ...


EFFECTS: dict[tuple[str, State | None], Effect] = {
    (Kind.ANNUAL_APPRAISAL, State.COMMUNICATED): _issue_rating_of_record,
    (Kind.MORE_CURRENT_RATING, State.COMMUNICATED): _issue_current_rating,
    COMES_INTO_FORCE: _put_into_force,
    (Kind.PERFORMANCE_PLAN, State.CLOSED): _empty,
}
"""What else happens when a document of this kind comes to this state, in the same transaction."""
