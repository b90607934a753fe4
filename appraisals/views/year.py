"""One's own year: the steps with dates, what comes next, and what the elements serve."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, OuterRef, When
from django.urls import reverse

from appraisals.models import Appraisal, AppraisalCycle, Element, Goal, Kind, State
from appraisals.selectors import lines_of_sight
from appraisals.turns import Turn, documents_of, first_turn
from appraisals.views.rows import plan_due_on
from appraisals.year_steps import steps_of
from orgchart.models import Assignment, Person
from orgchart.templatetags.ui import day, since

SIGHT_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """One cycle of somebody's own. Without steps `title` and `text` say why; with steps `text` may say how it ends."""

    name: str
    url: str
    steps: list[dict[str, str]]
    title: str = ""
    text: str = ""
    is_cut: bool = False
    start_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What one or more elements serve: the nearest goal, and the line above it."""

    goal: Goal
    above: list[dict[str, str]]
    elements: int


def steps_for(record: Appraisal, user: Person, *, today: dt.date) -> list[dict[str, str]]:
    turn = first_turn(record)
    own = user.pk == record.employee_id
    rows = []
    for step in steps_of(record):
        state, detail, title = {"todo": ""}.get(step.status, step.status), step.note, step.label
        if step.label == "Employee input" and own:
            title = "Your input"
        if step.status == "now":
            state = "now" if _is_mine(record, title, user) else "other"
            parts = (since(turn.since, today), step.note.replace("Due", "due", 1))
            detail = " · ".join(part for part in parts if part)
            detail = detail[:1].upper() + detail[1:]
        rows.append({"title": title, "detail": detail, "state": state})
    return rows


def _is_mine(record: Appraisal, title: str, user: Person) -> bool:
    if title == "Your input":
        return any(
            document.state == State.DRAFT
            for document in documents_of(record, Kind.ANNUAL_APPRAISAL)
        )
    return first_turn(record).is_mine(user)


def years_of(
    user: Person,
    own: list[Appraisal],
    assignment: Assignment | None,
    cycle: AppraisalCycle | None,
    *,
    today: dt.date,
) -> list[Year]:
    """The older year that is not over, then the one that runs."""
    years: list[Year] = []
    for record in sorted(own, key=lambda record: record.cycle.starts_on):
        years.append(_own_year(record, user, is_second=bool(years), today=today))
    if cycle and assignment and all(record.cycle_id != cycle.pk for record in own):
        title = "No plan yet" if assignment.covered else "Not under this program"
        text = _no_plan(assignment, cycle)
        start_url = ""
        if assignment.covered and assignment.supervisor:
            start_url = reverse("record_start", args=[user.dod_id])
        years.append(
            Year(name=cycle.name, url="", steps=[], title=title, text=text, start_url=start_url)
        )
    return years


def _own_year(record: Appraisal, user: Person, *, is_second: bool, today: dt.date) -> Year:
    """Of a year that ends without a rating, what was done; of a second one, also the next step."""
    steps = steps_for(record, user, today=today)
    turn = first_turn(record)
    begun = sum(bool(step["state"]) for step in steps)
    shown, text = steps, ""
    if is_unrated(turn):
        shown = [step for step in steps if step["state"] == "done"]
        text = f"{turn.what} under an approved plan, so there is no rating of record."
    elif is_second:
        shown = steps[: begun + 1]
    return Year(
        name=record.cycle.name,
        url=record.get_absolute_url(),
        steps=shown,
        text=text,
        is_cut=len(shown) < len(steps),
    )


def is_unrated(turn: Turn) -> bool:
    """R7.8: nobody has to do anything, and no appraisal was begun."""
    document = turn.document
    return (
        turn.party is None
        and turn.stage == 2
        and document is not None
        and document.kind != Kind.ANNUAL_APPRAISAL
    )


def _no_plan(assignment: Assignment, cycle: AppraisalCycle) -> str:
    if not assignment.covered:
        return f"Your position is outside it: {assignment.exclusion_reason}."
    if assignment.supervisor is None:
        return "Nobody is named to rate you yet. Ask your HR office."
    due = plan_due_on(cycle)
    by = f" It is due {day(due)}." if due else ""
    return f"{assignment.supervisor.full_name} or you can start the plan; both of you write it.{by}"


def next_words(own: list[Appraisal], years: list[Year], *, today: dt.date) -> str:
    """For somebody with nothing to do: what comes next, and when."""
    for record in sorted(own, key=lambda record: record.cycle.starts_on):
        turn = first_turn(record)
        if turn.person is not None:
            when = f", due {day(turn.due_on)}" if turn.due_on and turn.due_on >= today else ""
            return f"Your {record.cycle.name} record is with {turn.person.full_name}{when}."
    waiting = [year for year in years if not year.steps]
    if waiting:
        return f"{waiting[0].name}: {waiting[0].title.lower()}. {waiting[0].text}"
    if own:
        return f"{first_turn(own[-1]).what}."
    return "When something needs you, it appears here."


def goals_served_by(user: Person) -> Case:
    """For a queryset of records: the goal of each element of `user`'s own plan; None for others, at no cost."""
    elements = Element.objects.standing().filter(plan__appraisal=OuterRef("pk"), goal__isnull=False)
    return Case(
        When(employee=user, then=ArraySubquery(elements.order_by("number").values("goal_id")))
    )


def sights_of(own: list[Appraisal]) -> list[Sight]:
    """Of the newest plan that names goals: each goal its elements serve, with what that serves in turn.

    The records carry `served_goals` (see `goals_served_by`).
    """
    newest_first = sorted(own, key=lambda record: record.cycle.starts_on, reverse=True)
    served: list[int] = next(filter(None, (_served(record) for record in newest_first)), [])
    elements = Counter(served)
    lines = lines_of_sight(elements) if elements else {}
    return [
        Sight(
            goal=line[0],
            above=[{"title": goal.title, "url": ""} for goal in line[1:]],
            elements=elements[goal_id],
        )
        for goal_id, line in lines.items()
        if line
    ][:SIGHT_SHOWN]


def _served(record: Appraisal) -> list[int]:
    served: list[int] = getattr(record, "served_goals", None) or []
    return served
