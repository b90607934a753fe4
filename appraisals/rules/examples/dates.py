"""§18.2: cycles, due days, the minimum period, departures, retention and actions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from appraisals.rules.consequences import action_dates, is_new_opportunity_owed
from appraisals.rules.dates import (
    cycle_bounds,
    days_under_plan,
    effective_on,
    is_rateable,
    plan_due_on,
    retain_until,
)
from appraisals.rules.examples.facts import WorkedExample
from appraisals.rules.moves import narrative_statement_owed
from appraisals.rules.policy import ANNUAL_APPRAISAL, NARRATIVE_STATEMENT, Policy
from appraisals.rules.words import date_words

SCHOOL_YEAR_STARTS = 5
_OWED = {
    NARRATIVE_STATEMENT: "narrative statement",
    ANNUAL_APPRAISAL: "annual appraisal now",
    None: "nothing",
}


def _whole_cycle(policy: Policy) -> str:
    days = (date(2026, 4, 1), date(2026, 12, 31), date(2027, 3, 31))
    found = {cycle_bounds(day, policy) for day in days}
    return "; ".join(
        f"{date_words(each.starts_on)} to {date_words(each.ends_on)}, "
        f"effective {date_words(each.effective_on)}"
        for each in sorted(found, key=lambda each: each.starts_on)
    )


def _school_year(policy: Policy) -> str:
    school = replace(policy, cycle_start_month=SCHOOL_YEAR_STARTS, cycle_start_day=1)
    bounds = cycle_bounds(date(2027, 4, 15), school)
    return f"{date_words(bounds.starts_on)} to {date_words(bounds.ends_on)}"


def _new_position(policy: Policy) -> str:
    """As the edition counts, and as it would count the other way."""
    starts_on = date(2026, 9, 14)
    counted, not_counted = (
        date_words(plan_due_on(starts_on, replace(policy, plan_due_counts_first_day=first)))
        for first in (True, False)
    )
    return f"{counted}; {not_counted} where the first day does not count"


def _minimum_period(approved_on: date, ends_on: date) -> Callable[[Policy], str]:
    def answer(policy: Policy) -> str:
        days = days_under_plan(approved_on, ends_on, policy)
        rateable = is_rateable(approved_on, ends_on, policy)
        return f"{days} days: {'rateable' if rateable else 'not rateable'}"

    return answer


def _leaves(leaves_on: date) -> Callable[[Policy], str]:
    def answer(policy: Policy) -> str:
        departure = narrative_statement_owed(
            approved_on=date(2026, 4, 20),
            leaves_on=leaves_on,
            cycle_ends_on=date(2027, 3, 31),
            policy=policy,
        )
        return (
            f"{departure.days_on_plan} days on the plan, {departure.days_left} left: "
            f"{_OWED[departure.owed]}"
        )

    return answer


def _action(policy: Policy) -> str:
    dates = action_dates(date(2026, 11, 2), policy)
    return (
        f"reply by {date_words(dates.reply_due_on)}, "
        f"no action before {date_words(dates.earliest_action_on)}"
    )


def _new_opportunity(policy: Policy) -> str:
    owed = is_new_opportunity_owed(
        opportunity_began_on=date(2026, 3, 1), failed_on=date(2027, 4, 10), policy=policy
    )
    return "a new opportunity is owed" if owed else "no new opportunity is owed"


def _departure(number: str, rule: str, leaves_on: date, expected: str) -> WorkedExample:
    given = f"Plan approved 20 April 2026; the rating official leaves on {date_words(leaves_on)}"
    return WorkedExample(number, rule, given, expected, _leaves(leaves_on))


def _approved(number: str, approved_on: date, ends_on: date, expected: str) -> WorkedExample:
    given = f"Plan approved {date_words(approved_on)}, cycle ends {date_words(ends_on)}"
    return WorkedExample(number, "R1.5", given, expected, _minimum_period(approved_on, ends_on))


DATES = (
    WorkedExample(
        "D1",
        "R1.1",
        "Any day from 1 April 2026 to 31 March 2027",
        "1 April 2026 to 31 March 2027, effective 1 June 2027",
        _whole_cycle,
    ),
    WorkedExample(
        "D2",
        "R1.2",
        "Cycle 1 April 2019 to 31 March 2020: when ratings take effect",
        "1 June 2020",
        lambda policy: date_words(effective_on(date(2020, 3, 31), policy)),
    ),
    WorkedExample(
        "D3",
        "R1.12",
        "15 April 2027 in a school whose cycle starts on 1 May",
        "1 May 2026 to 30 April 2027",
        _school_year,
    ),
    WorkedExample(
        "D4",
        "R1.3",
        "Cycle starts on 1 April 2026: plan due",
        "30 April 2026",
        lambda policy: date_words(plan_due_on(date(2026, 4, 1), policy)),
    ),
    WorkedExample(
        "D5",
        "R1.3",
        "New position on 14 September 2026: plan due",
        "13 October 2026; 14 October 2026 where the first day does not count",
        _new_position,
    ),
    _approved("D6", date(2027, 1, 1), date(2027, 3, 31), "90 days: rateable"),
    _approved("D7", date(2027, 1, 2), date(2027, 3, 31), "89 days: not rateable"),
    _approved("D8", date(2028, 1, 2), date(2028, 3, 31), "90 days: rateable"),
    _departure(
        "D9", "R9.1", date(2026, 11, 30), "225 days on the plan, 121 left: narrative statement"
    ),
    _departure(
        "D10", "R9.1", date(2026, 12, 30), "255 days on the plan, 91 left: narrative statement"
    ),
    _departure(
        "D11", "R9.5", date(2026, 12, 31), "256 days on the plan, 90 left: annual appraisal now"
    ),
    _departure("D12", "R9.4", date(2026, 6, 15), "57 days on the plan, 289 left: nothing"),
    _departure(
        "D13", "R9.1", date(2026, 7, 18), "90 days on the plan, 256 left: narrative statement"
    ),
    WorkedExample(
        "D14",
        "R13.1",
        "Rating of record effective 1 June 2027: kept until",
        "1 June 2031",
        lambda policy: date_words(retain_until(date(2027, 6, 1), policy)),
    ),
    WorkedExample(
        "D15",
        "R10.3",
        "Action proposed on 2 November 2026",
        "reply by 9 November 2026, no action before 2 December 2026",
        _action,
    ),
    WorkedExample(
        "D16",
        "R10.4",
        "Opportunity from 1 March 2026, acceptable for a year, fails again on 10 April 2027",
        "a new opportunity is owed",
        _new_opportunity,
    ),
)
