"""What lists of records show: a row per person, where it stands, whose turn it is, what to do next."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Q, Subquery
from django.http import HttpRequest
from django.urls import reverse

from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    Document,
    Kind,
    Milestone,
    MilestoneKind,
    State,
)
from appraisals.models.scope import Party
from appraisals.turns import Turn, current_turn, first_turn, turn_of, walk, was_returned
from orgchart import clock
from orgchart.models import Assignment, Organization, Person
from orgchart.templatetags.ui import days_left, since

SOON = dt.timedelta(days=60)
STAGES = ("Plan", "Progress review", "Rating")
START = {
    "start_progress_review": "progress_review_start",
    "start_annual_appraisal": "annual_appraisal_start",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A button: a link, or with `post` a form of its own."""

    label: str
    url: str
    about: str = ""
    look: str = ""
    post: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person in a list of records. `order` sorts: the reader's turn first, late before the rest."""

    person: Person
    job: str
    url: str
    cycle: str
    stages: list[dict[str, str]]
    stands: str
    detail: str = ""
    kind: str = ""
    words: str = ""
    action: Action | None
    turn: Turn | None = None
    order: tuple[int, int, dt.date, str]


def job_of(position: Assignment | Appraisal) -> str:
    pay = f"{position.pay_plan}-{position.occupational_series}-{position.grade}"
    return f"{position.position_title} · {pay}"


def running_cycles(
    organizations: Iterable[Organization], *, on: dt.date
) -> dict[int, AppraisalCycle]:
    """For each organization the cycle that runs there, the nearest one's (R1.12), with `plan_due_on`."""
    places = list(organizations)
    return nearest(cycles_over(places, on=on), places, on=on)


def cycles_over(
    organizations: Iterable[Organization], *, on: dt.date, also: Q | None = None
) -> list[AppraisalCycle]:
    """Those that run there on that day, and whatever is `also` asked for; with `plan_due_on`."""
    above = {pk for place in organizations for pk in (*place.ancestor_ids, place.pk)}
    asked = Q(organization__in=above, starts_on__lte=on, ends_on__gte=on)
    plan_due = Milestone.objects.filter(cycle=OuterRef("pk"), kind=MilestoneKind.PLAN_DUE)
    return list(
        AppraisalCycle.objects.filter(asked | also if also else asked)
        .select_related("organization")
        .annotate(plan_due_on=Subquery(plan_due.values("due_on")[:1]))
    )


def nearest(
    cycles: Iterable[AppraisalCycle], organizations: Iterable[Organization], *, on: dt.date
) -> dict[int, AppraisalCycle]:
    """Of those that run on that day."""
    places = {place.pk: place for place in organizations}
    running = [cycle for cycle in cycles if cycle.starts_on <= on <= cycle.ends_on]
    return {
        pk: cycle
        for cycle in sorted(running, key=lambda cycle: len(cycle.organization.path))
        for pk, place in places.items()
        if place.path.startswith(cycle.organization.path)
    }


def show_cycle(request: HttpRequest, cycle: AppraisalCycle | None) -> None:
    """The frame names the cycle the page works in, without asking for it again."""
    if cycle is not None:
        request.appraisal_cycle = cycle  # type: ignore[attr-defined]


def open_turns(appraisal: Appraisal) -> list[Turn]:
    """Everything this record waits for: each unfinished document, and what is to be started."""
    turns = [
        turn_of(document, appraisal)
        for document in appraisal.documents.all()
        if document.state not in (State.ACKNOWLEDGED, State.CLOSED)
    ]
    current = current_turn(appraisal)
    return turns if current.document else [*turns, current]


def detail_of(turn: Turn, user: Person) -> str:
    """What was returned and why is between the rating official and the reviewer."""
    readers = (turn.appraisal.rating_official_id, turn.appraisal.higher_level_reviewer_id)
    return turn.detail if user.pk in readers else ""


def short_name(turn: Turn) -> str:
    """The employee of the row by first name: the whole name stands beside it."""
    someone = turn.person
    if someone is None:
        return "No reviewer named"
    if someone.pk == turn.appraisal.employee_id:
        return someone.first_name
    return f"{someone.first_name[:1]}. {someone.last_name}"


def tag_of(turn: Turn, user: Person, *, today: dt.date) -> tuple[str, str]:
    """Kind and words: "You · 9 days left", "Terrence · since 2 April", "H. Okafor · 3 days late"."""
    if turn.party is None:
        document = turn.document
        is_over = document is not None and document.kind == Kind.ANNUAL_APPRAISAL
        return ("good", "Finished") if is_over else ("", "Nobody’s turn")
    mine = turn.is_mine(user)
    name = "You" if mine else short_name(turn)
    if turn.is_late:
        return "late", f"{name} · {days_left(turn.due_on, today)}"
    if mine:
        words = days_left(turn.due_on, today) or since(turn.since, today)
        kind = "" if is_far(turn, today=today) else "turn"
        return kind, f"{name} · {words}" if words else name
    words = since(turn.since, today)
    return "", f"{name} · {words}" if words else name


def stages_of(appraisal: Appraisal, turn: Turn, user: Person) -> list[dict[str, str]]:
    states = ["other" if state == "now" else state for state in walk(appraisal)]
    if turn.party is not None:
        asked = turn.is_mine(user) and not is_far(turn, today=clock.today())
        states[turn.stage] = "now" if asked else "other" if turn.document else ""
    return [{"label": label, "state": state} for label, state in zip(STAGES, states, strict=True)]


def writing_url(document: Document) -> str:
    """A draft straight at its first empty text; what came back at its reason."""
    if document.state != State.DRAFT or was_returned(document):
        return document.get_absolute_url()
    return reverse("document_write", args=[document.pk])


def document_url(turn: Turn, user: Person) -> str:
    """A reviewer who opens one from a list goes on to the next one afterwards."""
    if turn.document is None:
        return turn.appraisal.get_absolute_url()
    url = turn.document.get_absolute_url()
    in_queue = turn.party == Party.HIGHER_LEVEL_REVIEWER and turn.is_mine(user)
    return f"{url}?queue=1" if in_queue else url


def is_far(turn: Turn, *, today: dt.date) -> bool:
    """To be started some time this year: nothing that anybody is asked for now."""
    return turn.action in START and turn.due_on is not None and turn.due_on > today + SOON


def action_of(turn: Turn, user: Person, *, today: dt.date) -> Action:
    """The next step for whose turn it is, named by its verb; a quiet "View" for everybody else."""
    about = turn.appraisal.employee.full_name
    if not turn.is_mine(user):
        return Action(
            label="View", url=turn.appraisal.get_absolute_url(), about=about, look="quiet"
        )
    if turn.action in START:
        url = reverse(START[turn.action], args=[turn.appraisal.pk])
        look = "quiet" if is_far(turn, today=today) else ""
        return Action(label=turn.verb, url=url, about=about, look=look, post=True)
    if turn.document and turn.document.state == State.DRAFT:
        return Action(label=turn.verb, url=writing_url(turn.document), about=about)
    return Action(label=turn.verb, url=document_url(turn, user), about=about)


def order_of(turn: Turn | None, user: Person, employee: Person) -> tuple[int, int, dt.date, str]:
    name = f"{employee.last_name} {employee.first_name}".lower()
    if turn is None or turn.party is None:
        return 2, 1, dt.date.max, name
    return (
        0 if turn.is_mine(user) and not is_far(turn, today=clock.today()) else 1,
        0 if turn.is_late else 1,
        turn.due_on or dt.date.max,
        name,
    )


def record_row(appraisal: Appraisal, user: Person, *, today: dt.date) -> Row:
    """A record loaded by `selectors.with_documents`, as `user` meets it."""
    turn = first_turn(appraisal).seen_by(user)
    kind, words = tag_of(turn, user, today=today)
    return Row(
        person=appraisal.employee,
        job=job_of(appraisal),
        url=appraisal.get_absolute_url(),
        cycle=appraisal.cycle.name,
        stages=stages_of(appraisal, turn, user),
        stands=turn.what,
        detail=detail_of(turn, user),
        kind=kind,
        words=words,
        action=action_of(turn, user, today=today),
        turn=turn,
        order=order_of(turn, user, appraisal.employee),
    )


def plan_due_on(cycle: AppraisalCycle | None) -> dt.date | None:
    """Of a cycle from `running_cycles`."""
    due: dt.date | None = getattr(cycle, "plan_due_on", None)
    return due


def unplanned_row(
    report: Assignment, cycle: AppraisalCycle | None, *, elsewhere: str = "", today: dt.date
) -> Row:
    """A direct report without a record this reader may open. `elsewhere`: who rates them instead."""
    due = plan_due_on(cycle)
    kind, words, action, order = "", "Nobody’s turn", None, (2, 1, dt.date.max)
    if not report.covered:
        stands = f"Not under this program: {report.exclusion_reason}"
    elif elsewhere:
        stands, words = f"The record is with {elsewhere}", elsewhere
    elif cycle is None:
        stands = "No appraisal cycle is open"
    else:
        late = due is not None and due < today
        stands = f"No {cycle.name} plan yet"
        kind, words = ("late" if late else "turn"), f"You · {days_left(due, today) or 'to start'}"
        action = start_plan(report)
        order = (0, 0 if late else 1, due or dt.date.max)
    employee = report.employee
    return Row(
        person=employee,
        job=job_of(report),
        url="",
        cycle=cycle.name if cycle else "",
        stages=[{"label": label, "state": ""} for label in STAGES],
        stands=stands,
        kind=kind,
        words=words,
        action=action,
        order=(*order, f"{employee.last_name} {employee.first_name}".lower()),
    )


def start_plan(report: Assignment) -> Action:
    employee = report.employee
    url = reverse("record_start", args=[employee.dod_id])
    return Action(label="Start plan", url=url, about=f"for {employee.full_name}", post=True)
