"""What stands in the way of changing an approved plan, and what it means for a rating (R3.9, R1.5, R1.9)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from appraisals.rules.dates import days_under_plan, rateable_from
from appraisals.rules.facts import Problem
from appraisals.rules.limits import text_limit_problems
from appraisals.rules.policy import Policy
from appraisals.rules.text import is_blank
from appraisals.rules.words import counted, date_words

TOO_LATE = (
    "The annual appraisal by this plan has gone up, so the plan is not changed any more. What is new "
    "belongs in the next cycle’s plan."
)


@dataclass(frozen=True)
class ChangeFacts:
    """An element that a change adds, rewords or removes; `number` is its place in the plan as it shall be.

    `is_outdated`: the element was changed or removed after this was written against it.
    `says_the_same`: no word of the element is another.
    """

    title: str
    number: int | None = None
    is_outdated: bool = False
    says_the_same: bool = False


def plan_change_problems(
    changes: Sequence[ChangeFacts], *, reason: str, is_too_late: bool, policy: Policy
) -> list[Problem]:
    """R3.9: beside the problems of the plan as it shall be (`plan_problems`)."""
    problems = [*_in_time(is_too_late), *_something_changes(changes), *_reason(reason, policy)]
    for change in changes:
        problems += _newest(change)
        problems += _other_words(change)
    return problems


def _in_time(is_too_late: bool) -> Iterator[Problem]:
    """R3.9"""
    if is_too_late:
        yield Problem("R3.9", TOO_LATE)


def _something_changes(changes: Sequence[ChangeFacts]) -> Iterator[Problem]:
    """R3.9"""
    if not changes:
        yield Problem(
            "R3.9",
            "Nothing changes yet. Change, add or remove at least one element.",
            field="change",
        )


def _reason(reason: str, policy: Policy) -> Iterator[Problem]:
    """R3.9, R6.5"""
    if is_blank(reason):
        yield Problem(
            "R3.9",
            "It does not say why the plan changes. The employee and the reviewer ask this first.",
            field="change_reason",
        )
    yield from text_limit_problems(
        reason, policy.comment_limit, where="The reason of the change", field="change_reason"
    )


def _newest(change: ChangeFacts) -> Iterator[Problem]:
    """R3.9: nothing that came into force meanwhile is overwritten unread."""
    if change.is_outdated:
        yield Problem(
            "R3.9",
            f"“{change.title}” was changed in the plan after this was written. Look at what it says now, "
            "then save yours again or take it out.",
            change.number,
            "title",
        )


def _other_words(change: ChangeFacts) -> Iterator[Problem]:
    """R3.9"""
    if change.says_the_same and not change.is_outdated:
        yield Problem(
            "R3.9",
            f"“{change.title}” says the same as in the plan. Write what is different or take it out.",
            change.number,
            "standards",
        )


def standard_too_new(since: date | None, cycle_ends_on: date, policy: Policy) -> str:
    """R1.5, R1.9: of an element whose standard came into the plan by a change; "" when there is time enough."""
    if since is None or not policy.late_change_warning:
        return ""
    days = days_under_plan(since, cycle_ends_on, policy)
    if days >= policy.minimum_period_days:
        return ""
    return (
        f"Its standard counts from {date_words(since)}: {counted(max(days, 0), 'day')} by "
        f"{date_words(cycle_ends_on)}, and {policy.minimum_period_days} are needed (reached on "
        f"{date_words(rateable_from(since, policy))}). It cannot be rated in this cycle: choose “not rated” then."
    )
