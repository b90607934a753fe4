"""What is owed when an employee or a rating official moves on."""

from dataclasses import dataclass
from datetime import date

from appraisals.rules.dates import days_under_plan
from appraisals.rules.policy import ANNUAL_APPRAISAL, NARRATIVE_STATEMENT, Policy
from appraisals.rules.words import counted


@dataclass(frozen=True)
class Departure:
    """`owed` is the kind of document to write now, None when nothing is; `reason` says why."""

    owed: str | None
    days_on_plan: int
    days_left: int
    reason: str


def narrative_statement_owed(
    *, approved_on: date | None, leaves_on: date, cycle_ends_on: date, policy: Policy
) -> Departure:
    """R9.1, R9.4, R9.5: for an employee or a rating official whose last day together is `leaves_on`."""
    on_plan = days_under_plan(approved_on, leaves_on, policy) if approved_on else 0
    left = max((cycle_ends_on - leaves_on).days, 0)
    if approved_on is None:
        return Departure(None, on_plan, left, "There was no approved plan, so nothing is owed.")
    so_far = f"{counted(on_plan, 'day')} under an approved plan"
    ahead = f"{counted(left, 'day')} of the cycle left"
    if on_plan < policy.narrative_statement_days_on_plan:
        reason = (
            f"Only {so_far}, fewer than {policy.narrative_statement_days_on_plan}: nothing is owed. "
            "A few words to the next rating official are good practice."
        )
        return Departure(None, on_plan, left, reason)
    if left > policy.narrative_statement_days_left:
        reason = f"{so_far} and {ahead}: a narrative statement is owed. It carries no rating."
        return Departure(NARRATIVE_STATEMENT, on_plan, left, reason)
    reason = (
        f"{so_far} and only {ahead}, {policy.narrative_statement_days_left} or fewer: the departing "
        "rating official completes the annual appraisal now, and it stands for the cycle."
    )
    return Departure(ANNUAL_APPRAISAL, on_plan, left, reason)
