"""R17.3: supervisors are trained within a year of their first appointment, and every three years."""

import datetime as dt

import pytest

from appraisals.rules import Policy, training_due_on

LED = dt.date(2024, 1, 15)


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (None, dt.date(2025, 1, 15)),
        (dt.date(2024, 6, 1), dt.date(2027, 6, 1)),
        (LED, dt.date(2027, 1, 15)),
        (dt.date(2023, 12, 1), dt.date(2026, 12, 1)),
        (dt.date(2020, 2, 29), dt.date(2025, 1, 15)),
        (dt.date(2024, 2, 29), dt.date(2027, 2, 28)),
    ],
)
def test_training_due_on_r17_3(last: dt.date | None, due: dt.date) -> None:
    assert training_due_on(LED, last, Policy()) == due


def test_the_months_are_policy() -> None:
    policy = Policy(training_first_months=6, training_every_months=24)
    assert training_due_on(dt.date(2026, 8, 31), None, policy) == dt.date(2027, 2, 28)
    assert training_due_on(LED, dt.date(2026, 8, 31), policy) == dt.date(2028, 8, 31)
