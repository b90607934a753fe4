"""The year of one record as an ordered list with dates: what is done, what is now, what comes."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from django.utils import timezone

from appraisals.models import Appraisal, Kind, MilestoneKind, State
from appraisals.turns import documents_of, due_on, milestone


@dataclass(frozen=True)
class Step:
    """One row of "your cycle": status is done, now or todo."""

    label: str
    note: str
    status: Literal["done", "now", "todo"]


def steps_of(appraisal: Appraisal) -> list[Step]:
    """The whole year as one ordered list with dates; exactly one step is "now" until the end."""
    rows = [
        *_plan_steps(appraisal),
        *_change_steps(appraisal),
        *_review_steps(appraisal),
        *_appraisal_steps(appraisal),
    ]
    steps: list[Step] = []
    turn_given = False
    for label, done_note, todo_note, is_done in rows:
        if is_done:
            steps.append(Step(label, done_note, "done"))
        elif not turn_given:
            turn_given = True
            steps.append(Step(label, todo_note, "now"))
        else:
            steps.append(Step(label, todo_note, "todo"))
    return steps


Row = tuple[str, str, str, bool]


def _day(value: dt.date | None) -> str:
    return f"{value:%-d %B %Y}" if value else ""


def _due(appraisal: Appraisal, kind: MilestoneKind) -> str:
    due = milestone(appraisal, kind)
    return f"Due {_day(due)}" if due else ""


def _plan_steps(appraisal: Appraisal) -> list[Row]:
    plans = documents_of(appraisal, Kind.PERFORMANCE_PLAN)
    plan = plans[0] if plans else None
    due = _day(due_on(plan, appraisal)) if plan else ""
    return [
        (
            "Plan approved",
            _day(plan.approved_on if plan else None),
            f"Due {due}" if due else "",
            bool(plan and plan.approved_on),
        ),
        (
            "Plan acknowledged",
            _day(plan.acknowledged_on if plan else None),
            "",
            bool(plan and plan.acknowledged_on),
        ),
    ]


def _change_steps(appraisal: Appraisal) -> list[Row]:
    return [
        (change.title, _day(change.acknowledged_on), "", change.acknowledged_on is not None)
        for change in documents_of(appraisal, Kind.PLAN_CHANGE)
    ]


def _review_steps(appraisal: Appraisal) -> list[Row]:
    reviews = documents_of(appraisal, Kind.PROGRESS_REVIEW)
    held = [review for review in reviews if review.communicated_on]
    count = len(held)
    note = f"{_day(held[-1].communicated_on)} · {count} of at least 1" if held else ""
    begun = documents_of(appraisal, Kind.ANNUAL_APPRAISAL)
    return [
        (
            "Progress review",
            note or "Not held",
            _due(appraisal, MilestoneKind.PROGRESS_REVIEW_DUE),
            bool(held) or bool(begun),
        )
    ]


def _appraisal_steps(appraisal: Appraisal) -> list[Row]:
    annual = documents_of(appraisal, Kind.ANNUAL_APPRAISAL)
    document = annual[0] if annual else None
    shared = document.input_shared_at if document else None
    sent = document is not None and document.state != State.DRAFT
    record = getattr(appraisal, "rating_of_record", None)
    acknowledged = document is not None and document.acknowledged_on is not None
    effective_on = record.effective_on if record else appraisal.cycle.effective_on
    effective = f"Effective {_day(effective_on)}"
    return [
        (
            "Employee input",
            _day(timezone.localdate(shared)) if shared else "None was sent; it is voluntary",
            _due(appraisal, MilestoneKind.INPUT_DUE),
            bool(shared) or sent,
        ),
        (
            f"Rating by {appraisal.rating_official.full_name}",
            "",
            _due(appraisal, MilestoneKind.APPRAISAL_DUE),
            sent,
        ),
        (
            "Higher level review",
            _day(document.approved_on if document else None),
            _due(appraisal, MilestoneKind.REVIEW_DUE),
            bool(document and document.approved_on),
        ),
        (
            "Discussion and acknowledgment",
            _day(document.acknowledged_on if document else None),
            _due(appraisal, MilestoneKind.DISCUSSION_DUE),
            acknowledged,
        ),
        ("Rating of record", effective, effective, bool(record) and acknowledged),
    ]
