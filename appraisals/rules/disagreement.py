"""When an employee may question a rating, and what may change one that was issued (R7.11, R11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from appraisals.rules.policy import LEVEL_NAMES, NOT_RATED, UNACCEPTABLE, Policy
from appraisals.rules.rating import summary_level
from appraisals.rules.words import date_words

INFORMAL, GRIEVANCE = "informal", "grievance"


@dataclass(frozen=True)
class DisagreementDays:
    """`last_day`: to ask or to put a disagreement on record. `grievance_by` None: ratings are not grieved."""

    last_day: date
    grievance_by: date | None


def disagreement_days(discussed_on: date, policy: Policy) -> DisagreementDays:
    """R7.11, R11.2, R11.4: counted from the day the rating was given to the employee."""
    grievance_by = discussed_on + timedelta(days=policy.grievance_days)
    return DisagreementDays(
        last_day=discussed_on + timedelta(days=policy.reconsideration_days),
        grievance_by=grievance_by if policy.rating_grievable else None,
    )


def answer_due_on(filed_on: date, policy: Policy) -> date:
    """R11.2"""
    return filed_on + timedelta(days=policy.reconsideration_answer_days)


def filing_problem(filed_on: date, *, discussed_on: date, today: date, policy: Policy) -> str:
    """R7.11: why a request of that day cannot be taken; "" when it can."""
    last = disagreement_days(discussed_on, policy).last_day
    if filed_on > today:
        return "This day has not come yet. Give the day on which it was said or received."
    if filed_on < discussed_on:
        return f"The rating was discussed on {date_words(discussed_on)}; nobody can disagree before that."
    if filed_on > last:
        return (
            f"The {policy.reconsideration_days} days ended on {date_words(last)}. After that only a formal "
            "decision changes a rating: a grievance, a complaint, a settlement, or the correction of a "
            "mistake."
        )
    return ""


def amendment_problems(
    levels: Sequence[int],
    former: Sequence[int],
    *,
    reason: str,
    was_asked: bool,
    approved_by: str,
    policy: Policy,
) -> list[str]:
    """R7.11, R8.1, R11.4: all that keeps an issued rating from being changed to these levels.

    `former` is empty where the element ratings are not held here; `was_asked`: it answers a request of
    the employee.
    """
    found = []
    level = summary_level(levels, policy)
    if former and len(levels) != len(former):
        found.append(f"Give a rating for each of the {len(former)} elements.")
    if level is None:
        found.append("No element is rated, so there is no rating of record (R7.9).")
    if former and list(levels) == list(former):
        found.append("Every element is rated as before, so nothing would change.")
    if reason == INFORMAL and not was_asked:
        found.append(
            "An informal change answers a request that the employee made in time. Record the request "
            "first, then answer it."
        )
    if reason == GRIEVANCE and not policy.rating_grievable:
        found.append("Under the policy of this rating, ratings cannot be grieved (R11.4).")
    if _needs_approval(level, former, approved_by, policy):
        found.append(
            f"A rating of {LEVEL_NAMES[UNACCEPTABLE]} is approved by a higher level official (R8.1). "
            "Name who approved it."
        )
    return found


def _needs_approval(
    level: int | None, former: Sequence[int], approved_by: str, policy: Policy
) -> bool:
    was = summary_level([each for each in former if each != NOT_RATED], policy) if former else None
    return (
        level == UNACCEPTABLE
        and was != UNACCEPTABLE
        and policy.unacceptable_needs_review
        and bool(former)
        and not approved_by.strip()
    )
