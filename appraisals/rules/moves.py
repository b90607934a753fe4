"""What is owed when an employee or a rating official moves on."""

from dataclasses import dataclass
from datetime import date, timedelta

from appraisals.rules.dates import days_inclusive, days_under_plan
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
    *,
    approved_on: date | None,
    leaves_on: date,
    cycle_ends_on: date,
    policy: Policy,
    rated_since: date | None = None,
    leaves_service: bool = False,
) -> Departure:
    """R9.1, R9.4, R9.5: for an employee or a rating official whose last day together is `leaves_on`.

    `rated_since`: the first day of this rating official, where the plan is older than that.
    Days after the end of the cycle count for the next one.
    """
    counted_until = min(leaves_on, cycle_ends_on)
    on_plan = days_under_plan(approved_on, counted_until, policy) if approved_on else 0
    left = max((cycle_ends_on - leaves_on).days, 0)
    if approved_on is None:
        return Departure(None, on_plan, left, "There was no approved plan, so nothing is owed.")
    if why := _not_asked(rated_since, leaves_on, policy, leaves_service=leaves_service):
        return Departure(None, on_plan, left, why)
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
    if leaves_on > cycle_ends_on:
        reason = (
            f"{so_far}, and the cycle is over by then: the departing rating official completes the annual "
            "appraisal before leaving."
        )
        return Departure(ANNUAL_APPRAISAL, on_plan, left, reason)
    reason = (
        f"{so_far} and only {ahead}, {policy.narrative_statement_days_left} or fewer: the departing "
        "rating official completes the annual appraisal now, and it stands for the cycle."
    )
    return Departure(ANNUAL_APPRAISAL, on_plan, left, reason)


def _not_asked(
    rated_since: date | None, leaves_on: date, policy: Policy, *, leaves_service: bool
) -> str:
    """Why policy asks for nothing whatever the days under the plan; "" when it asks."""
    if leaves_service and not policy.narrative_statement_on_separation:
        return "The employee leaves the service, and policy asks for nothing then."
    least = policy.narrative_statement_days_with_official
    together = days_inclusive(rated_since, leaves_on) if rated_since else least
    if together < least:
        return (
            f"Only {counted(together, 'day')} with this rating official, fewer than {least}: "
            "policy asks for nothing."
        )
    return ""


def handover_opens_on(last_day: date, policy: Policy) -> date:
    """R9.3: from when the departing rating official can write what is owed."""
    return last_day - timedelta(days=policy.handover_lead_days)
