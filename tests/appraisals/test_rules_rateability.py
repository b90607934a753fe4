"""Whether somebody can be rated, and why (R1.5, R1.11, R7.8, R7.13)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisals.rules import (
    Away,
    Policy,
    counted_days,
    days_left_out,
    effective_after_extension,
    explain_rateability,
    extension_problem,
    rateability,
    reached_on,
    shifted,
)

POLICY = Policy()
STRICT = Policy(absence_counts=False)
ENDS = date(2027, 3, 31)
APRIL = date(2026, 4, 20)


def union(first: date, last: date | None = None) -> Away:
    return Away("union_time", "Union representative on 100% official time", first, last)


def military(first: date, last: date | None = None) -> Away:
    return Away("military", "Military duty", first, last)


def asked(
    approved_on: date | None, *away: Away, policy: Policy = POLICY, until: date | None = None
):
    return rateability(
        approved_on, cycle_ends_on=ENDS, extended_until=until, away=away, policy=policy
    )


@pytest.mark.parametrize(
    ("approved_on", "days", "bar"),
    [(date(2027, 1, 1), 90, ""), (date(2027, 1, 2), 89, "few_days"), (None, 0, "no_plan")],
)
def test_d6_and_d7_with_their_reason(approved_on: date | None, days: int, bar: str) -> None:
    answer = asked(approved_on)
    assert (answer.days, answer.bar, answer.is_rateable) == (days, bar, not bar)


def test_d7_can_be_rated_once_the_period_is_extended_r1_11() -> None:
    late = asked(date(2027, 1, 2))
    assert late.reached_on == date(2027, 4, 1)
    assert asked(date(2027, 1, 2), until=date(2027, 4, 1)).is_rateable


def test_union_time_never_counts_o8_r7_13() -> None:
    answer = asked(APRIL, union(date(2026, 4, 1)))
    assert (answer.days, answer.bar, answer.reached_on) == (0, "union_time", None)


def test_other_absences_count_unless_policy_says_no_r7_13() -> None:
    duty = military(date(2026, 5, 1), date(2027, 2, 28))
    assert asked(APRIL, duty).is_rateable
    answer = asked(APRIL, duty, policy=STRICT)
    assert (answer.bar, answer.days, answer.left_out) == ("military", 42, 304)


def test_days_covered_twice_are_left_out_once() -> None:
    first, last = date(2026, 6, 1), date(2026, 6, 30)
    away = [
        union(date(2026, 6, 5), date(2026, 6, 14)),
        military(date(2026, 6, 10), date(2026, 6, 20)),
    ]
    assert days_left_out(first, last, away, STRICT) == 16
    assert days_left_out(first, last, away, POLICY) == 10
    assert days_left_out(first, last, [union(date(2026, 1, 1))], POLICY) == 30


aways = st.lists(
    st.builds(
        lambda kind, start, length: Away(
            kind, kind, start, None if length is None else start + timedelta(days=length)
        ),
        st.sampled_from(["union_time", "military"]),
        st.dates(date(2026, 1, 1), date(2027, 12, 31)),
        st.none() | st.integers(0, 200),
    ),
    max_size=4,
)


@given(st.dates(date(2026, 4, 1), date(2027, 3, 31)), aways, st.booleans(), st.integers(1, 120))
def test_the_day_on_which_it_suffices_is_the_first_such_day(
    approved_on: date, away: list[Away], both_ends: bool, least: int
) -> None:
    policy = replace(STRICT, count_both_ends=both_ends, minimum_period_days=least)
    day = reached_on(approved_on, away, policy)
    if day is None:
        assert any(each.ends_on is None for each in away)
        assert counted_days(approved_on, date(2036, 1, 1), away, policy) < least
    else:
        assert counted_days(approved_on, day, away, policy) >= least
        assert counted_days(approved_on, day - timedelta(days=1), away, policy) < least


@given(st.dates(date(2026, 4, 1), date(2027, 3, 31)), aways)
def test_days_left_out_are_counted_day_by_day(approved_on: date, away: list[Away]) -> None:
    days = [approved_on + timedelta(days=n) for n in range((ENDS - approved_on).days + 1)]
    covered = [
        day for day in days if any(each.starts_on <= day <= (each.ends_on or ENDS) for each in away)
    ]
    assert days_left_out(approved_on, ENDS, away, STRICT) == len(covered)


def test_the_explanation_says_days_reason_and_what_can_be_done() -> None:
    said = explain_rateability(asked(date(2027, 1, 14)), today=date(2027, 2, 1))
    assert said == (
        "As it stands, no rating can be given for this cycle, and none is ever guessed.",
        "The plan was approved on 14 January 2027. By 31 March 2027 it will have had 77 days that "
        "count, and 90 are needed.",
        "On 13 April 2027 the days would suffice: HR may extend the period until then, or close the "
        "year without a rating.",
    )


def test_the_explanation_names_what_does_not_count() -> None:
    said = " ".join(explain_rateability(asked(APRIL, union(APRIL)), today=date(2027, 4, 6)))
    assert "346 days do not count" in said
    assert "Union representative on 100% official time" in said
    assert "no day can be named" in said


def test_the_explanation_of_somebody_who_can_be_rated_and_of_no_plan() -> None:
    assert explain_rateability(asked(APRIL), today=ENDS)[0] == (
        "A rating can be given for this cycle."
    )
    extended = asked(date(2027, 1, 14), until=date(2027, 5, 1))
    assert "which was extended" in explain_rateability(extended, today=ENDS)[0]
    assert "No plan is approved yet" in explain_rateability(asked(None), today=ENDS)[0]


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (date(2027, 3, 31), "Choose a later day"),
        (date(2027, 4, 5), "This day is over"),
        (date(2027, 9, 28), "180 days at most: until 27 September 2027"),
        (date(2027, 9, 27), ""),
        (date(2027, 4, 6), ""),
    ],
)
def test_how_far_a_period_may_be_extended_r1_11(until: date, words: str) -> None:
    said = extension_problem(until, cycle_ends_on=ENDS, today=date(2027, 4, 6), policy=POLICY)
    assert words in said
    assert bool(words) == bool(said)


def test_what_is_due_after_the_period_moves_with_its_end_r1_11() -> None:
    assert shifted(date(2027, 4, 15), ENDS, date(2027, 4, 30)) == date(2027, 5, 15)
    assert shifted(date(2027, 4, 15), ENDS, None) == date(2027, 4, 15)


def test_a_rating_after_an_extension_takes_effect_when_given_at_the_earliest_r1_2() -> None:
    june = date(2027, 6, 1)
    assert effective_after_extension(june, date(2027, 7, 1), date(2027, 7, 9)) == date(2027, 7, 9)
    assert effective_after_extension(june, date(2027, 4, 20), date(2027, 5, 2)) == june
    assert effective_after_extension(june, None, date(2027, 7, 9)) == june
