"""What follows from a rating: policy §18.3 and the last lines of §18.2."""

from datetime import date
from fractions import Fraction

import pytest

from appraisals.rules import (
    ANNUAL_APPRAISAL,
    ActionDates,
    Answer,
    Policy,
    RatingGiven,
    action_dates,
    award_answer,
    instances_count_from,
    is_new_opportunity_owed,
    is_rateable,
    needs_review,
    quality_step_answer,
    reduction_in_force_rating,
    summary_level,
    within_grade_answer,
)

POLICY = Policy()
CUT_OFF_ON = date(2027, 9, 1)


def test_quality_step_o1_refused_at_3():
    assert quality_step_answer(3, POLICY) == Answer(
        False, "A quality step increase needs a rating of record of Outstanding."
    )


def test_quality_step_o2_allowed_at_5_but_not_automatic():
    assert quality_step_answer(5, POLICY) == Answer(
        True, "A rating of record of Outstanding allows it; it is never automatic."
    )


def test_quality_step_needs_a_rating():
    assert not quality_step_answer(None, POLICY).allowed


def test_within_grade_o3_refused_at_1():
    assert within_grade_answer(1, work_is_acceptable=False, policy=POLICY) == Answer(
        False, "The latest rating of record is below Fully Successful."
    )


def test_within_grade_o4_a_more_current_rating_comes_first():
    assert within_grade_answer(3, work_is_acceptable=False, policy=POLICY) == Answer(
        False,
        "The latest rating of record no longer matches the work. Prepare a more current rating of "
        "record first.",
    )


@pytest.mark.parametrize("level", [3, 5])
def test_within_grade_allowed_at_3_and_5(level):
    assert within_grade_answer(level, work_is_acceptable=True, policy=POLICY).allowed


def test_within_grade_without_a_rating():
    assert not within_grade_answer(None, work_is_acceptable=True, policy=POLICY).allowed


def given_in_june(**levels: int) -> list[RatingGiven]:
    return [RatingGiven(level, date(int(year[1:]), 6, 1)) for year, level in levels.items()]


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        pytest.param(given_in_june(y2026=5, y2027=3), 4, id="O5"),
        pytest.param(given_in_june(y2026=5, y2027=1), 1, id="O6"),
        pytest.param(
            given_in_june(y2027=3, y2025=1, y2026=5), 4, id="the two latest, in any order"
        ),
        pytest.param(given_in_june(y2026=1, y2027=5), 3, id="an earlier 1 is averaged"),
        pytest.param(given_in_june(y2022=5, y2027=3), 3, id="older than four years"),
        pytest.param(given_in_june(y2027=5, y2028=1), 5, id="after the cut-off"),
        pytest.param([], None, id="none"),
    ],
)
def test_reduction_in_force_rating(ratings, expected):
    found = reduction_in_force_rating(ratings, cut_off_on=CUT_OFF_ON, policy=POLICY)

    assert found == (None if expected is None else Fraction(expected))


def test_level_1_o7_cannot_be_issued_without_higher_level_review():
    relaxed = Policy(annual_appraisal_needs_review=False)

    assert needs_review(relaxed, ANNUAL_APPRAISAL, level=1)
    assert not needs_review(relaxed, ANNUAL_APPRAISAL, level=3)


def test_union_time_all_cycle_o8_no_rating_and_no_rating_based_award():
    nothing_to_rate = summary_level([], POLICY)

    assert nothing_to_rate is None
    assert not is_rateable(None, date(2027, 3, 31), POLICY)
    assert award_answer(nothing_to_rate, POLICY) == Answer(
        False, "Without a rating of record there is no rating-based award."
    )


@pytest.mark.parametrize(("level", "allowed"), [(1, False), (3, True), (5, True)])
def test_award_answer_r12_3(level, allowed):
    assert award_answer(level, POLICY).allowed is allowed


def test_action_dates_d15():
    assert action_dates(date(2026, 11, 2), POLICY) == ActionDates(
        reply_due_on=date(2026, 11, 9),
        earliest_action_on=date(2026, 12, 2),
        decision_due_on=date(2026, 12, 2),
    )


def test_instances_count_from_r10_3():
    assert instances_count_from(date(2026, 11, 2)) == date(2025, 11, 2)


@pytest.mark.parametrize(
    ("failed_on", "owed"),
    [
        pytest.param(date(2027, 4, 10), True, id="D16"),
        pytest.param(date(2027, 3, 1), True, id="the first day after the year"),
        pytest.param(date(2027, 2, 28), False, id="the last day of the year"),
        pytest.param(date(2026, 5, 1), False, id="during the opportunity"),
    ],
)
def test_new_opportunity_owed(failed_on, owed):
    found = is_new_opportunity_owed(
        opportunity_began_on=date(2026, 3, 1), failed_on=failed_on, policy=POLICY
    )

    assert found is owed


def test_new_opportunity_is_not_owed_where_none_is_required():
    policy = Policy(opportunity_period_required=False)

    assert not is_new_opportunity_owed(
        opportunity_began_on=date(2026, 3, 1), failed_on=date(2027, 4, 10), policy=policy
    )


def test_union_time_gives_no_award_and_waives_what_a_within_grade_increase_asks_for_o8_r7_13() -> (
    None
):
    assert not award_answer(3, POLICY, is_on_union_time=True).allowed
    answer = within_grade_answer(
        None, work_is_acceptable=False, is_recent=False, policy=POLICY, is_on_union_time=True
    )
    assert answer.allowed
