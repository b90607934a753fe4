"""Dates: policy §18.2, worked example by worked example, then the boundaries and leap years."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisals.rules import (
    ANNUAL_APPRAISAL,
    NARRATIVE_STATEMENT,
    CycleBounds,
    Policy,
    appraisal_opens_on,
    cycle_bounds,
    days_inclusive,
    days_under_plan,
    effective_on,
    handover_opens_on,
    is_rateable,
    last_rateable_approval,
    late_change_warning,
    narrative_statement_owed,
    plan_due_on,
    progress_review_opens_on,
    rateable_from,
    retain_until,
)

POLICY = Policy()
EXCLUSIVE = Policy(count_both_ends=False)
SCHOOL_POLICY = Policy(cycle_start_month=5)
CYCLE_ENDS_ON = date(2027, 3, 31)

dates = st.dates(date(1990, 1, 1), date(2200, 12, 31))


# Cycles


@pytest.mark.parametrize("on", [date(2026, 4, 1), date(2026, 12, 31), date(2027, 3, 31)])
def test_cycle_bounds_d1(on):
    assert cycle_bounds(on, POLICY) == CycleBounds(
        starts_on=date(2026, 4, 1),
        ends_on=date(2027, 3, 31),
        effective_on=date(2027, 6, 1),
        name="FY 2027",
    )


def test_effective_on_d2():
    assert effective_on(date(2020, 3, 31), POLICY) == date(2020, 6, 1)


def test_cycle_bounds_d3_school_year():
    cycle = cycle_bounds(date(2027, 4, 15), SCHOOL_POLICY)

    assert (cycle.starts_on, cycle.ends_on) == (date(2026, 5, 1), date(2027, 4, 30))


def test_cycle_name_is_a_setting():
    assert cycle_bounds(date(2026, 4, 1), Policy(cycle_name="{year}")).name == "2027"


def test_effective_on_falls_after_a_cycle_that_ends_in_autumn():
    assert effective_on(date(2026, 9, 30), POLICY) == date(2027, 6, 1)


@given(dates, st.integers(1, 12), st.integers(1, 31))
def test_a_day_lies_in_its_cycle_and_cycles_follow_each_other(on, month, day):
    policy = Policy(cycle_start_month=month, cycle_start_day=day)
    cycle = cycle_bounds(on, policy)
    following = cycle_bounds(cycle.ends_on + timedelta(days=1), policy)

    assert cycle.starts_on <= on <= cycle.ends_on < cycle.effective_on
    assert following.starts_on == cycle.ends_on + timedelta(days=1)


# The plan's due date


def test_plan_due_on_d4():
    assert plan_due_on(date(2026, 4, 1), POLICY) == date(2026, 4, 30)


def test_plan_due_on_d5_new_position():
    assert plan_due_on(date(2026, 9, 14), POLICY) == date(2026, 10, 13)


def test_plan_due_on_d5_when_the_first_day_does_not_count():
    policy = Policy(plan_due_counts_first_day=False)

    assert plan_due_on(date(2026, 9, 14), policy) == date(2026, 10, 14)


# The minimum period


@pytest.mark.parametrize(
    ("approved_on", "cycle_ends_on", "days", "rateable"),
    [
        pytest.param(date(2027, 1, 1), date(2027, 3, 31), 90, True, id="D6"),
        pytest.param(date(2027, 1, 2), date(2027, 3, 31), 89, False, id="D7"),
        pytest.param(date(2028, 1, 2), date(2028, 3, 31), 90, True, id="D8 leap year"),
        pytest.param(date(2028, 1, 3), date(2028, 3, 31), 89, False, id="leap year, a day late"),
        pytest.param(date(2026, 12, 31), date(2027, 3, 31), 91, True, id="91 days"),
        pytest.param(date(2027, 3, 31), date(2027, 3, 31), 1, False, id="the last day"),
        pytest.param(date(2027, 4, 1), date(2027, 3, 31), 0, False, id="after the cycle"),
    ],
)
def test_days_under_plan(approved_on, cycle_ends_on, days, rateable):
    assert days_under_plan(approved_on, cycle_ends_on, POLICY) == days
    assert is_rateable(approved_on, cycle_ends_on, POLICY) is rateable


def test_counting_one_end_only_is_a_setting():
    assert days_under_plan(date(2027, 1, 1), CYCLE_ENDS_ON, EXCLUSIVE) == 89
    assert last_rateable_approval(CYCLE_ENDS_ON, EXCLUSIVE) == date(2026, 12, 31)


def test_nobody_is_rateable_without_an_approved_plan():
    assert not is_rateable(None, CYCLE_ENDS_ON, POLICY)


@pytest.mark.parametrize(
    ("cycle_ends_on", "last"),
    [(date(2027, 3, 31), date(2027, 1, 1)), (date(2028, 3, 31), date(2028, 1, 2))],
)
def test_last_rateable_approval_r1_6(cycle_ends_on, last):
    assert last_rateable_approval(cycle_ends_on, POLICY) == last


@given(dates, st.booleans(), st.integers(0, 400))
def test_last_rateable_approval_is_the_boundary(cycle_ends_on, count_both_ends, minimum):
    policy = Policy(count_both_ends=count_both_ends, minimum_period_days=max(minimum, 1))
    last = last_rateable_approval(cycle_ends_on, policy)

    assert is_rateable(last, cycle_ends_on, policy)
    assert not is_rateable(last + timedelta(days=1), cycle_ends_on, policy)


@given(dates, st.booleans())
def test_rateable_from_is_the_boundary(approved_on, count_both_ends):
    policy = Policy(count_both_ends=count_both_ends)
    first = rateable_from(approved_on, policy)

    assert is_rateable(approved_on, first, policy)
    assert not is_rateable(approved_on, first - timedelta(days=1), policy)


@given(dates, dates)
def test_days_inclusive_counts_both_ends(first, last):
    days = sum(1 for _ in range(first.toordinal(), last.toordinal() + 1))

    assert days_inclusive(first, last) == days


# Warnings and openings


def test_late_change_warning_r1_9():
    assert late_change_warning(date(2027, 1, 1), CYCLE_ENDS_ON, POLICY) == ""
    assert late_change_warning(date(2027, 1, 2), CYCLE_ENDS_ON, POLICY) == (
        "A plan approved after 1 January 2027 has fewer than 90 days before the cycle ends on "
        "31 March 2027. What is new in it cannot be rated in this cycle."
    )


def test_late_change_warning_can_be_switched_off():
    policy = Policy(late_change_warning=False)

    assert late_change_warning(date(2027, 3, 1), CYCLE_ENDS_ON, policy) == ""


def test_appraisal_opens_on_is_a_setting():
    assert appraisal_opens_on(CYCLE_ENDS_ON, POLICY) == date(2027, 2, 28)
    assert appraisal_opens_on(CYCLE_ENDS_ON, Policy(appraisal_opens_days_before_end=0)) == (
        CYCLE_ENDS_ON
    )


def test_progress_review_opens_at_once_unless_a_component_waits_r1_8():
    approved_on = date(2026, 4, 20)

    assert progress_review_opens_on(approved_on, POLICY) == approved_on
    assert progress_review_opens_on(approved_on, Policy(progress_review_minimum_days=90)) == (
        date(2026, 7, 19)
    )


# Moves


@pytest.mark.parametrize(
    ("leaves_on", "days_on_plan", "days_left", "owed"),
    [
        pytest.param(date(2026, 11, 30), 225, 121, NARRATIVE_STATEMENT, id="D9"),
        pytest.param(date(2026, 12, 30), 255, 91, NARRATIVE_STATEMENT, id="D10"),
        pytest.param(date(2026, 12, 31), 256, 90, ANNUAL_APPRAISAL, id="D11"),
        pytest.param(date(2026, 6, 15), 57, 289, None, id="D12"),
        pytest.param(date(2026, 7, 18), 90, 256, NARRATIVE_STATEMENT, id="D13"),
        pytest.param(date(2026, 7, 17), 89, 257, None, id="a day before D13"),
        pytest.param(date(2027, 3, 31), 346, 0, ANNUAL_APPRAISAL, id="the last day"),
        pytest.param(date(2027, 6, 30), 346, 0, ANNUAL_APPRAISAL, id="after the cycle"),
    ],
)
def test_narrative_statement_owed(leaves_on, days_on_plan, days_left, owed):
    departure = narrative_statement_owed(
        approved_on=date(2026, 4, 20),
        leaves_on=leaves_on,
        cycle_ends_on=CYCLE_ENDS_ON,
        policy=POLICY,
    )

    assert (departure.days_on_plan, departure.days_left) == (days_on_plan, days_left)
    assert departure.owed == owed


def departure_reason(approved_on: date | None, leaves_on: date) -> str:
    return narrative_statement_owed(
        approved_on=approved_on, leaves_on=leaves_on, cycle_ends_on=CYCLE_ENDS_ON, policy=POLICY
    ).reason


def test_days_with_the_rating_official_count_where_policy_asks_for_them_r9_1():
    asked = {
        "approved_on": date(2026, 4, 20),
        "leaves_on": date(2026, 11, 30),
        "cycle_ends_on": CYCLE_ENDS_ON,
        "rated_since": date(2026, 10, 1),
    }

    assert narrative_statement_owed(policy=POLICY, **asked).owed == NARRATIVE_STATEMENT
    least = Policy(narrative_statement_days_with_official=90)
    refused = narrative_statement_owed(policy=least, **asked)
    assert refused.owed is None
    assert refused.reason == (
        "Only 61 days with this rating official, fewer than 90: policy asks for nothing."
    )


def test_handover_opens_on_r9_3():
    assert handover_opens_on(date(2026, 11, 30), POLICY) == date(2026, 10, 31)
    assert handover_opens_on(date(2026, 11, 30), Policy(handover_lead_days=0)) == date(2026, 11, 30)


def test_narrative_statement_owed_says_why():
    approved_on = date(2026, 4, 20)

    assert departure_reason(approved_on, date(2026, 11, 30)) == (
        "225 days under an approved plan and 121 days of the cycle left: a narrative statement is "
        "owed. It carries no rating."
    )
    assert departure_reason(approved_on, date(2026, 12, 31)) == (
        "256 days under an approved plan and only 90 days of the cycle left, 90 or fewer: the "
        "departing rating official completes the annual appraisal now, and it stands for the cycle."
    )
    assert departure_reason(approved_on, date(2027, 6, 30)) == (
        "346 days under an approved plan, and the cycle is over by then: the departing rating official "
        "completes the annual appraisal before leaving."
    )
    assert departure_reason(approved_on, date(2026, 6, 15)) == (
        "Only 57 days under an approved plan, fewer than 90: nothing is owed. A few words to the next "
        "rating official are good practice."
    )
    assert departure_reason(None, date(2026, 6, 15)) == (
        "There was no approved plan, so nothing is owed."
    )


# Retention


def test_retain_until_d14():
    assert retain_until(date(2027, 6, 1), POLICY) == date(2031, 6, 1)


def test_retention_from_29_february_is_not_cut_short():
    assert retain_until(date(2028, 2, 29), Policy(retention_years=4)) == date(2032, 2, 29)
    assert retain_until(date(2028, 2, 29), Policy(retention_years=3)) == date(2031, 3, 1)
