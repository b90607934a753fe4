"""How long what was written is kept (R13.1 to R13.3), and what goes along (R9.8)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisals import rules

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
YEARS = st.integers(0, 20)


@given(DAYS, DAYS, YEARS)
def test_what_is_due_by_a_day_is_what_was_kept_until_then(effective_on, today, years):
    """R13.1: the list that the database cuts by a day and the day shown on a row never disagree."""
    policy = rules.Policy(retention_years=years)
    is_over = rules.retain_until(effective_on, policy) <= today
    assert is_over == (effective_on <= rules.effective_by(today, policy))


def test_a_replaced_rating_is_due_at_once_unless_policy_waits():
    """R13.2"""
    decided_on = date(2027, 8, 2)
    assert rules.superseded_kept_until(decided_on, rules.Policy()) == decided_on
    waits = rules.Policy(superseded_rating_days=30)
    assert rules.superseded_kept_until(decided_on, waits) == date(2027, 9, 1)


@pytest.mark.parametrize(
    ("notice_on", "until"),
    [(date(2027, 2, 1), date(2028, 2, 1)), (date(2028, 2, 29), date(2029, 3, 1))],
)
def test_an_unacceptable_appraisal_without_its_action_is_kept_one_year(notice_on, until):
    """R13.3"""
    assert rules.unacceptable_kept_until(notice_on, rules.Policy()) == until


@given(DAYS, DAYS, YEARS)
def test_a_notice_is_due_by_a_day_as_its_day_says(noticed_on, today, years):
    """R13.3"""
    policy = rules.Policy(unacceptable_retention_years=years)
    is_over = rules.unacceptable_kept_until(noticed_on, policy) <= today
    assert is_over == (noticed_on <= rules.noticed_by(today, policy))


def test_a_rating_goes_along_until_it_is_more_than_four_years_old():
    """R9.8"""
    policy, effective_on = rules.Policy(), date(2027, 6, 1)
    assert rules.goes_along(effective_on, date(2031, 6, 1), policy)
    assert not rules.goes_along(effective_on, date(2031, 6, 2), policy)
