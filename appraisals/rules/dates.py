"""Cycles, the minimum period and every day something is due. Calendar days throughout (R1.5)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta

from appraisals.rules.policy import Policy
from appraisals.rules.words import date_words


def day_of(year: int, month: int, day: int) -> date:
    """That day, or the month's last day when it has no such day (29 February)."""
    year = min(max(year, MINYEAR), MAXYEAR)
    return date(year, month, min(day, monthrange(year, month)[1]))


def years_later(day: date, years: int) -> date:
    """The same day some years on; 29 February becomes 1 March, so that a period is never cut short."""
    year = min(max(day.year + years, MINYEAR), MAXYEAR)
    if (day.month, day.day) == (2, 29) and monthrange(year, 2)[1] == 28:
        return date(year, 3, 1)
    return day.replace(year=year)


def days_inclusive(first: date, last: date) -> int:
    """Both ends counted; 0 when `last` comes before `first`."""
    return max((last - first).days + 1, 0)


@dataclass(frozen=True)
class CycleBounds:
    starts_on: date
    ends_on: date
    effective_on: date
    name: str


def cycle_bounds(on: date, policy: Policy) -> CycleBounds:
    """R1.1, R1.2, R1.12: the cycle that a day lies in."""
    starts_on = day_of(on.year, policy.cycle_start_month, policy.cycle_start_day)
    if on < starts_on:
        starts_on = day_of(on.year - 1, policy.cycle_start_month, policy.cycle_start_day)
    next_start = day_of(starts_on.year + 1, policy.cycle_start_month, policy.cycle_start_day)
    ends_on = next_start - timedelta(days=1)
    return CycleBounds(
        starts_on=starts_on,
        ends_on=ends_on,
        effective_on=effective_on(ends_on, policy),
        name=policy.cycle_name.replace("{year}", str(ends_on.year)),
    )


def effective_on(cycle_ends_on: date, policy: Policy) -> date:
    """R1.2: the first 1 June after the cycle's end."""
    same_year = day_of(cycle_ends_on.year, policy.effective_month, policy.effective_day)
    if same_year > cycle_ends_on:
        return same_year
    return day_of(cycle_ends_on.year + 1, policy.effective_month, policy.effective_day)


def plan_due_on(starts_on: date, policy: Policy) -> date:
    """R1.3: from the cycle's start, or the start of a new position or new duties."""
    days = policy.plan_due_days - (1 if policy.plan_due_counts_first_day else 0)
    return starts_on + timedelta(days=days)


def days_under_plan(approved_on: date, until: date, policy: Policy) -> int:
    """R1.5, R1.6: the clock starts when the plan is approved, not when the employee arrives."""
    days = days_inclusive(approved_on, until)
    return days if policy.count_both_ends else max(days - 1, 0)


def is_rateable(approved_on: date | None, until: date, policy: Policy) -> bool:
    """R1.5, R7.8"""
    if approved_on is None:
        return False
    return days_under_plan(approved_on, until, policy) >= policy.minimum_period_days


def rateable_from(approved_on: date, policy: Policy) -> date:
    """R1.5: the first day on which a plan approved that day has run long enough."""
    days = policy.minimum_period_days - (1 if policy.count_both_ends else 0)
    return approved_on + timedelta(days=max(days, 0))


def last_rateable_approval(cycle_ends_on: date, policy: Policy) -> date:
    """R1.6: a plan approved later than this cannot be rated when the cycle ends."""
    days = policy.minimum_period_days - (1 if policy.count_both_ends else 0)
    return cycle_ends_on - timedelta(days=max(days, 0))


def late_change_warning(today: date, cycle_ends_on: date, policy: Policy) -> str:
    """R1.9: said while a plan is written or changed too late to be rated; "" when it is not."""
    last = last_rateable_approval(cycle_ends_on, policy)
    if not policy.late_change_warning or today <= last:
        return ""
    return (
        f"A plan approved after {date_words(last)} has fewer than {policy.minimum_period_days} days "
        f"before the cycle ends on {date_words(cycle_ends_on)}. What is new in it cannot be rated in "
        "this cycle."
    )


def progress_review_opens_on(approved_on: date, policy: Policy) -> date:
    """R1.8"""
    return approved_on + timedelta(days=policy.progress_review_minimum_days)


def appraisal_opens_on(cycle_ends_on: date, policy: Policy) -> date:
    """R1.10: the annual appraisal may be started from here, unless someone leaves early (R9.5)."""
    return cycle_ends_on - timedelta(days=policy.appraisal_opens_days_before_end)


def step_day_problem(day: date, *, today: date, not_before: date | None, why: str) -> str:
    """R4.3: a step recorded afterwards lies neither ahead nor before what it follows; "" when it is right.

    `why` says what happened on `not_before`: "It was approved on".
    """
    if day > today:
        return "This day has not come yet. Record it afterwards."
    if not_before is not None and day < not_before:
        return f"{why} {date_words(not_before)}; this comes after that."
    return ""


def retain_until(effective_on: date, policy: Policy) -> date:
    """R13.1: the rating of record and its plan."""
    return years_later(effective_on, policy.retention_years)
