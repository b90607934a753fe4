"""What keeps a change of an approved plan from being sent on, and what it means for the rating."""

from datetime import date

import pytest

from appraisals.rules import (
    TOO_LATE,
    ChangeFacts,
    Policy,
    plan_change_problems,
    standard_too_new,
)

POLICY = Policy()
MARCH = date(2027, 3, 31)


def problems(*changes: ChangeFacts, reason: str = "New duties.", late: bool = False) -> list[str]:
    found = plan_change_problems(changes, reason=reason, is_too_late=late, policy=POLICY)
    return [problem.message for problem in found]


def test_a_change_with_other_words_and_a_reason_may_go():
    assert problems(ChangeFacts("Fire response", 1)) == []


def test_something_must_change():
    assert problems() == ["Nothing changes yet. Change, add or remove at least one element."]


def test_it_must_say_why():
    (said,) = problems(ChangeFacts("Fire response", 1), reason="  \n")
    assert said.startswith("It does not say why the plan changes.")


def test_the_reason_is_not_too_long():
    (said,) = problems(ChangeFacts("Fire response", 1), reason="x" * (POLICY.comment_limit + 1))
    assert said.startswith("The reason of the change")


def test_nothing_new_is_overwritten_unread():
    (said,) = problems(ChangeFacts("Fire response", 1, is_outdated=True, says_the_same=True))
    assert said.startswith("“Fire response” was changed in the plan after this was written.")


def test_the_same_words_are_no_change():
    (said,) = problems(ChangeFacts("Fire response", 1, says_the_same=True))
    assert said.startswith("“Fire response” says the same as in the plan.")


def test_after_the_appraisal_went_up_the_plan_stays():
    assert problems(ChangeFacts("Fire response", 1), late=True) == [TOO_LATE]


@pytest.mark.parametrize(
    ("since", "ends_on", "is_too_new"),
    [
        pytest.param(date(2027, 1, 1), MARCH, False, id="90 days"),
        pytest.param(date(2027, 1, 2), MARCH, True, id="89 days"),
        pytest.param(date(2028, 1, 2), date(2028, 3, 31), False, id="90 days of a leap year"),
        pytest.param(date(2027, 4, 2), MARCH, True, id="after the cycle"),
        pytest.param(None, MARCH, False, id="as long as the plan"),
    ],
)
def test_a_new_standard_needs_its_own_days(since, ends_on, is_too_new):
    said = standard_too_new(since, ends_on, POLICY)
    assert bool(said) == is_too_new


def test_a_new_standard_says_how_many_days_it_has():
    assert standard_too_new(date(2027, 2, 20), MARCH, POLICY) == (
        "Its standard counts from 20 February 2027: 40 days by 31 March 2027, and 90 are needed "
        "(reached on 20 May 2027). It cannot be rated in this cycle: choose “not rated” then."
    )


def test_where_policy_does_not_warn_nothing_is_said():
    assert standard_too_new(date(2027, 2, 20), MARCH, Policy(late_change_warning=False)) == ""
