"""Whose turn it is, since when, due when, and what happens next: derived, never stored.

Works on records loaded by `selectors.with_documents`, without a query of its own.
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal

from django.utils import timezone

from appraisals import rules
from appraisals.models import (
    PLANNING,
    WALK,
    Appraisal,
    Document,
    Kind,
    MilestoneKind,
    State,
)
from appraisals.models.scope import TURN, Party
from appraisals.rateability import rateability_of
from appraisals.turn_words import STAGE, WHAT
from orgchart import clock
from orgchart.models import Person

DUE: dict[tuple[str, str], MilestoneKind] = {
    (Kind.ANNUAL_APPRAISAL, State.DRAFT): MilestoneKind.APPRAISAL_DUE,
    (Kind.ANNUAL_APPRAISAL, State.IN_REVIEW): MilestoneKind.REVIEW_DUE,
    (Kind.ANNUAL_APPRAISAL, State.APPROVED): MilestoneKind.DISCUSSION_DUE,
    (Kind.ANNUAL_APPRAISAL, State.COMMUNICATED): MilestoneKind.ACKNOWLEDGMENT_DUE,
    **dict.fromkeys([(Kind.PERFORMANCE_PLAN, state) for state in WALK], MilestoneKind.PLAN_DUE),
    **dict.fromkeys(
        [(Kind.PROGRESS_REVIEW, state) for state in WALK], MilestoneKind.PROGRESS_REVIEW_DUE
    ),
}


@dataclass(frozen=True)
class Turn:
    """Where a record stands. `party` None: nobody has to do anything now.

    `action` says what the link behind it does: "open" a document, or POST to start one.
    """

    appraisal: Appraisal
    document: Document | None
    party: Party | None
    what: str
    verb: str = "View"
    since: dt.date | None = None
    due_on: dt.date | None = None
    action: Literal["open", "start_progress_review", "start_annual_appraisal"] = "open"
    detail: str = ""
    stage: int = 0

    @property
    def person(self) -> Person | None:
        if self.party is None:
            return None
        holder: Person | None = getattr(self.appraisal, self.party.value)
        return holder

    @property
    def is_late(self) -> bool:
        return self.party is not None and self.due_on is not None and self.due_on < clock.today()

    def is_mine(self, user: Person) -> bool:
        person = self.person
        return person is not None and person.pk == user.pk

    def seen_by(self, user: Person) -> "Turn":
        """To its employee a rating that came back is being written, as before: what the reviewer thought
        of it is between the officials until it is discussed."""
        document = self.document
        if (
            document is None
            or user.pk != self.appraisal.employee_id
            or document.kind in PLANNING
            or not was_returned(document)
        ):
            return self
        what, verb, detail = _writing_words(document)
        return replace(self, what=what, verb=verb, detail=detail)


AFTER_THE_PERIOD = frozenset(
    {
        MilestoneKind.INPUT_DUE,
        MilestoneKind.APPRAISAL_DUE,
        MilestoneKind.REVIEW_DUE,
        MilestoneKind.DISCUSSION_DUE,
        MilestoneKind.ACKNOWLEDGMENT_DUE,
    }
)
"""What moves with the end of a period that was extended (R1.11)."""


def milestone(appraisal: Appraisal, kind: MilestoneKind) -> dt.date | None:
    cycle = appraisal.cycle
    due = next((row.due_on for row in cycle.milestones.all() if row.kind == kind), None)
    if due is None or kind not in AFTER_THE_PERIOD:
        return due
    return rules.shifted(due, cycle.ends_on, appraisal.extended_until)


def due_on(document: Document, appraisal: Appraisal) -> dt.date | None:
    """When the step that is open now is due; a plan of somebody who came later has its own 30 days (R1.3).

    What is written because somebody leaves is due by their last day (R9.3, R9.5).
    """
    kind = DUE.get((document.kind, document.state))
    due = milestone(appraisal, kind) if kind else None
    if document.covers_until is not None:
        return min(due, document.covers_until) if due else document.covers_until
    if document.kind == Kind.PERFORMANCE_PLAN and due is not None:
        return max(due, rules.plan_due_on(appraisal.starts_on, document.policy.rules()))
    return due


def documents_of(appraisal: Appraisal, kind: Kind) -> list[Document]:
    """In order, without what was closed."""
    found = [
        document
        for document in appraisal.documents.all()
        if document.kind == kind and document.state != State.CLOSED
    ]
    return sorted(found, key=lambda document: document.number)


def turn_of(document: Document, appraisal: Appraisal) -> Turn:
    """Where one document stands."""
    stage = STAGE[Kind(document.kind)]
    if document.state == State.ACKNOWLEDGED:
        return Turn(appraisal, document, None, f"{document.title} acknowledged", stage=stage)
    if document.state == State.CLOSED:
        return Turn(appraisal, document, None, f"{document.title} closed", stage=stage)
    what, verb = WHAT[document.kind][document.state]
    detail = ""
    if document.state == State.DRAFT:
        what, verb, detail = _draft_words(document)
    return Turn(
        appraisal,
        document,
        TURN[document.state],
        what,
        verb,
        since=timezone.localdate(document.state_since),
        due_on=due_on(document, appraisal),
        detail=detail,
        stage=stage,
    )


def was_returned(document: Document) -> bool:
    """A draft that came back and that nothing has happened to since."""
    last = getattr(document, "last_event_name", "")
    return document.state == State.DRAFT and last == "return_for_change"


def _draft_words(document: Document) -> tuple[str, str, str]:
    if was_returned(document):
        reason = getattr(document, "last_event_reason", "")
        return "Returned by the reviewer", "Revise", f"“{reason}”"
    return _writing_words(document)


def _writing_words(document: Document) -> tuple[str, str, str]:
    what, verb = WHAT[document.kind][State.DRAFT]
    rated, to_rate = getattr(document, "rated", 0), getattr(document, "to_rate", 0)
    if document.kind == Kind.ANNUAL_APPRAISAL and to_rate:
        elements = "1 element" if to_rate == 1 else f"{to_rate} elements"
        what, verb = f"Rate {elements}", "Continue" if rated else "Rate"
        heard = "Employee input received" if document.input_shared_at else "No input yet"
        return what, verb, f"{heard} · {rated} of {to_rate} rated"
    if document.input_shared_at:
        return what, verb, "Employee input received"
    return what, verb, ""


BESIDE_THE_YEAR = (Kind.NARRATIVE_STATEMENT, Kind.PLAN_CHANGE)
"""What is on its way beside the plan, the reviews and the appraisal that counts and due days go by."""


def first_turn(appraisal: Appraisal) -> Turn:
    """As it is shown to people: a statement or a change on its way, else what the year waits for."""
    for kind in BESIDE_THE_YEAR:
        for document in documents_of(appraisal, kind):
            if document.state in TURN:
                return turn_of(document, appraisal)
    return current_turn(appraisal)


def current_turn(appraisal: Appraisal) -> Turn:
    """The one thing the year waits for now, as `standing` counts it; a finished or idle one waits for nobody."""
    if appraisal.not_rated:
        words = f"Closed without a rating: {appraisal.get_not_rated_display().lower()}"
        return Turn(appraisal, None, None, words, stage=2)
    annual = documents_of(appraisal, Kind.ANNUAL_APPRAISAL)
    if annual:
        return turn_of(annual[0], appraisal)
    plans = documents_of(appraisal, Kind.PERFORMANCE_PLAN)
    if plans and plans[0].state != State.ACKNOWLEDGED:
        return turn_of(plans[0], appraisal)
    if not plans:
        return Turn(appraisal, None, None, "No plan yet")
    reviews = documents_of(appraisal, Kind.PROGRESS_REVIEW)
    if reviews and reviews[-1].state != State.ACKNOWLEDGED:
        return turn_of(reviews[-1], appraisal)
    return _nothing_open(appraisal, plans[0], reviews)


def _nothing_open(appraisal: Appraisal, plan: Document, reviews: list[Document]) -> Turn:
    policy = plan.policy.rules()
    today = clock.today()
    opens = rules.appraisal_opens_on(appraisal.period_ends_on, policy)
    if len(reviews) < policy.progress_reviews_minimum:
        return Turn(
            appraisal,
            None,
            Party.RATING_OFFICIAL,
            "Progress review to be held",
            "Start review",
            since=plan.acknowledged_on,
            due_on=milestone(appraisal, MilestoneKind.PROGRESS_REVIEW_DUE),
            action="start_progress_review",
            stage=1,
        )
    if today >= opens:
        answer = rateability_of(appraisal, plan)
        if not answer.is_rateable:
            return Turn(appraisal, plan, None, _not_rateable(answer), stage=2)
        return Turn(
            appraisal,
            None,
            Party.RATING_OFFICIAL,
            "Annual appraisal to be started",
            "Start appraisal",
            since=opens,
            due_on=milestone(appraisal, MilestoneKind.APPRAISAL_DUE),
            action="start_annual_appraisal",
            stage=2,
        )
    return Turn(
        appraisal,
        plan,
        None,
        f"Nothing due until the appraisal opens on {opens:%-d %B}",
        stage=1,
    )


def _not_rateable(answer: rules.Rateability) -> str:
    """R7.8"""
    if answer.bar == rules.NO_PLAN:
        return "Not rateable: no approved plan"
    return f"Not rateable: {answer.days} of {answer.needed} days"


def walk(appraisal: Appraisal) -> tuple[str, str, str]:
    """The three segments plan, review, rating: each "done", "now" or "" (not begun)."""
    plans = documents_of(appraisal, Kind.PERFORMANCE_PLAN)
    reviews = documents_of(appraisal, Kind.PROGRESS_REVIEW)
    annual = documents_of(appraisal, Kind.ANNUAL_APPRAISAL)
    return _segment(plans), _segment(reviews), _segment(annual)


def _segment(documents: list[Document]) -> str:
    if any(document.state == State.ACKNOWLEDGED for document in documents):
        return "done"
    return "now" if documents else ""
