"""R8.4: for how long somebody may draft for a rating official."""

import datetime as dt

import pytest

from appraisals import rules

TODAY = dt.date(2027, 4, 6)


def fields(starts_on: dt.date, ends_on: dt.date, policy: rules.Policy | None = None) -> list[str]:
    found = rules.delegation_problems(
        starts_on, ends_on, today=TODAY, policy=policy or rules.Policy()
    )
    return [problem.field for problem in found]


@pytest.mark.parametrize("days", [0, 1, 179])
def test_from_today_for_as_long_as_policy_lets(days: int) -> None:
    assert fields(TODAY, TODAY + dt.timedelta(days=days)) == []


def test_not_for_a_day_that_is_over() -> None:
    assert fields(TODAY - dt.timedelta(days=1), TODAY) == ["starts_on"]


def test_the_last_day_does_not_come_first() -> None:
    assert fields(TODAY + dt.timedelta(days=2), TODAY + dt.timedelta(days=1)) == ["ends_on"]


def test_one_day_too_long_is_said_with_both_numbers() -> None:
    last = TODAY + dt.timedelta(days=180)
    (problem,) = rules.delegation_problems(TODAY, last, today=TODAY, policy=rules.Policy())
    assert problem.field == "ends_on"
    assert problem.message.startswith("That is 181 days, and 180 days is the most.")


def test_the_longest_time_is_policy() -> None:
    week = rules.Policy(delegation_longest_days=7)
    assert fields(TODAY, TODAY + dt.timedelta(days=6), week) == []
    assert fields(TODAY, TODAY + dt.timedelta(days=7), week) == ["ends_on"]


def test_every_problem_is_named_at_once() -> None:
    late = TODAY - dt.timedelta(days=3)
    assert fields(late, late - dt.timedelta(days=1)) == ["starts_on", "ends_on"]
