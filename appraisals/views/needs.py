"""What somebody has to do now: what, for whom, since when, due when, and the button that does it."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from appraisals.models import CONFIDENTIAL, Appraisal, Document, Kind, MilestoneKind, State
from appraisals.models.scope import Party
from appraisals.rules.words import joined
from appraisals.sections import SECTIONS
from appraisals.turns import Turn, milestone, was_returned
from appraisals.views.board import Team
from appraisals.views.rows import Action, action_of, is_far, open_turns, plan_due_on, start_plan
from orgchart import clock
from orgchart.models import Person
from orgchart.templatetags.ui import day_month, days_left, due_kind, since

REVIEWS_SHOWN = 3

NOUN = {
    Kind.PERFORMANCE_PLAN: "plan",
    Kind.PLAN_CHANGE: "plan change",
    Kind.PROGRESS_REVIEW: "progress review",
    Kind.ANNUAL_APPRAISAL: "rating",
    Kind.NARRATIVE_STATEMENT: "narrative statement",
    **{kind: kind.label.lower() for kind in CONFIDENTIAL},
}
START_TITLE = {
    "start_progress_review": "Hold a progress review with {name}",
    "start_annual_appraisal": "Start the annual appraisal of {name}",
}


@dataclass(frozen=True, slots=True)
class Several:
    """Stands where a person's picture stands, for a line about more than one."""

    pk: int

    @property
    def initials(self) -> str:
        return str(self.pk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """`order`: late first, then by the day it is due, what came back before what was begun."""

    person: Person | Several
    title: str
    detail: str = ""
    kind: str = "turn"
    words: str = ""
    action: Action
    order: tuple[int, dt.date, int, str]


def need(
    *,
    person: Person | Several,
    title: str,
    detail: str,
    due: dt.date | None,
    action: Action,
    rank: int = 1,
) -> Need:
    today = clock.today()
    kind = due_kind(due, today)
    return Need(
        person=person,
        title=title,
        detail=detail,
        kind=kind,
        words=days_left(due, today),
        action=action,
        order=(0 if kind == "late" else 1, due or dt.date.max, rank, title),
    )


def _noun(document: Document, appraisal: Appraisal) -> str:
    noun = NOUN[Kind(document.kind)]
    return f"{appraisal.cycle.name} {noun}" if document.kind == Kind.PERFORMANCE_PLAN else noun


def _title(turn: Turn) -> str:
    name = turn.appraisal.employee.full_name
    document = turn.document
    if document is None:
        return START_TITLE[turn.action].format(name=name)
    noun = _noun(document, turn.appraisal)
    if turn.party == Party.EMPLOYEE:
        return f"Acknowledge your {noun}"
    if turn.party == Party.HIGHER_LEVEL_REVIEWER:
        return f"Review the {noun} of {name}"
    if document.state == State.APPROVED:
        return f"Discuss the {noun} with {name}"
    if was_returned(document):
        return f"Revise the {noun} of {name}"
    if document.kind == Kind.ANNUAL_APPRAISAL:
        return f"Rate {name}"
    return f"Write the {noun} of {name}"


def _detail(turn: Turn) -> str:
    """Who did what before, in the words of the person who asks "why me, why now"."""
    document, appraisal = turn.document, turn.appraisal
    when = since(turn.since, clock.today())
    if document is None:
        return f"Yours to start {when}" if when else "Yours to start"
    if turn.party == Party.EMPLOYEE:
        method = document.get_communicated_method_display().lower()
        by = appraisal.rating_official.full_name
        return f"Discussed with {by} on {day_month(document.communicated_on)}, {method}"
    if turn.party == Party.HIGHER_LEVEL_REVIEWER:
        return f"Sent by {appraisal.rating_official.full_name} · {when}"
    if document.state == State.APPROVED:
        reviewer = appraisal.higher_level_reviewer
        by = f" by {reviewer.full_name}" if reviewer else ""
        return f"Approved{by} on {day_month(document.approved_on)}"
    if was_returned(document):
        reviewer = appraisal.higher_level_reviewer
        by = reviewer.full_name if reviewer else "the reviewer"
        return f"Returned by {by}: {turn.detail}"
    return " · ".join(part for part in (turn.detail or "Draft", when) if part)


def turn_need(turn: Turn, user: Person) -> Need:
    return need(
        person=turn.appraisal.employee,
        title=_title(turn),
        detail=_detail(turn),
        due=turn.due_on,
        action=action_of(turn, user, today=clock.today()),
        rank=0 if turn.document and was_returned(turn.document) else 1,
    )


def _takes_input(document: Document) -> bool:
    return (
        document.state == State.DRAFT
        and document.input_shared_at is None
        and any(spec.held_back for spec in SECTIONS[document.kind])
    )


def input_needs(record: Appraisal) -> list[Need]:
    """The employee's own words, not sent yet. They are voluntary, so they are never late."""
    official = record.rating_official.full_name
    due = milestone(record, MilestoneKind.INPUT_DUE)
    return [
        need(
            person=record.employee,
            title=f"Send your input for the {document.title.lower()}",
            detail=f"{official} reads it once you send it. It is voluntary, and counts.",
            due=due if due and due >= clock.today() else None,
            action=Action(label="Write input", url=reverse("document_write", args=[document.pk])),
        )
        for document in record.documents.all()
        if _takes_input(document)
    ]


def _review_needs(turns: list[Turn], user: Person) -> list[Need]:
    if len(turns) <= REVIEWS_SHOWN:
        return [turn_need(turn, user) for turn in turns]
    late = sum(turn.is_late for turn in turns)
    officials = {turn.appraisal.rating_official.full_name for turn in turns}
    return [
        need(
            person=Several(len(turns)),
            title=f"Review {len(turns)} plans and ratings",
            detail=f"Sent by {joined(sorted(officials))}" + (f" · {late} late" if late else ""),
            due=min((turn.due_on for turn in turns if turn.due_on), default=None),
            action=Action(label="Open the queue", url=reverse("review_queue")),
        )
    ]


def _plan_needs(team: Team) -> list[Need]:
    unplanned = team.without_plan()
    if not unplanned:
        return []
    cycle = team.cycle_of(unplanned[0])
    name, due = (cycle.name if cycle else ""), plan_due_on(cycle)
    if len(unplanned) == 1:
        report = unplanned[0]
        return [
            need(
                person=report.employee,
                title=f"Start the {name} plan of {report.employee.full_name}",
                detail="There is no plan yet",
                due=due,
                action=start_plan(report),
            )
        ]
    names = [report.employee.full_name for report in unplanned]
    shown = names if len(names) <= 4 else [*names[:3], f"{len(names) - 3} more"]
    return [
        need(
            person=Several(len(unplanned)),
            title=f"Start {len(unplanned)} {name} plans",
            detail=f"{joined(shown)} have none yet",
            due=due,
            action=Action(label="Start plans", url=reverse("team") + "#start"),
        )
    ]


def needs_of(user: Person, records: list[Appraisal], team: Team) -> list[Need]:
    """Late first, then by due date. Works on records loaded by `selectors.with_documents`."""
    today = clock.today()
    mine = [
        turn
        for record in records
        for turn in open_turns(record)
        if turn.is_mine(user) and not is_far(turn, today=today)
    ]
    reviews = [turn for turn in mine if turn.party == Party.HIGHER_LEVEL_REVIEWER]
    others = [turn for turn in mine if turn.party != Party.HIGHER_LEVEL_REVIEWER]
    own = [record for record in records if record.employee_id == user.pk]
    found = [
        *(turn_need(turn, user) for turn in others),
        *_review_needs(reviews, user),
        *_plan_needs(team),
        *(need for record in own for need in input_needs(record)),
    ]
    return sorted(found, key=lambda need: need.order)
