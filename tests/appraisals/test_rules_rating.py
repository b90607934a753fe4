"""The rating: policy §18.1, worked example by worked example, then properties over all ratings."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisals.rules import (
    FULLY_SUCCESSFUL,
    LEVEL_NAMES,
    NOT_RATED,
    OUTSTANDING,
    UNACCEPTABLE,
    Policy,
    RatingFacts,
    average_text,
    explain_rating,
    rounding_would_decide,
    sum_and_count,
    summary_level,
)

POLICY = Policy()
NR = NOT_RATED

WORKED_EXAMPLES = {
    "T1": ([5, 5, 5], 5),
    "T2": ([5, 5, 3], 5),
    "T3": ([5, 3, 3], 3),
    "T4": ([5, 5, 3, 3], 3),
    "T5": ([5, 5, 5, 3], 5),
    "T6": ([5, 5, 5, 3, 3], 3),
    "T7": ([5, 5, 5, 5, 3], 5),
    "T8": ([5, 5, 5, 5, 3, 3], 5),
    "T9": ([5, 5, 5, 5, 5, 3, 3, 3], 3),
    "T10": ([5] * 6 + [3] * 4, 3),
    "T11": ([5] * 7 + [3] * 3, 5),
    "T12": ([3, 3, 3], 3),
    "T13": ([5, 5, 5, 5, 1], 1),
    "T14": ([5] * 9 + [1], 1),
    "T15": ([3, 3, 1], 1),
    "T16 five": ([5], 5),
    "T16 three": ([3], 3),
    "T16 one": ([1], 1),
    "T17": ([5, 5, NR, 3], 5),
    "T18 all not rated": ([NR, NR, NR], None),
    "T18 nothing": ([], None),
}

element_levels = st.sampled_from([5, 3, 1, NR])
rated_levels = st.sampled_from([5, 3, 1])
some_rated = st.lists(rated_levels, min_size=1, max_size=20)


def facts(*levels: int | None) -> list[RatingFacts]:
    return [RatingFacts(number, f"Title {number}", level) for number, level in enumerate(levels, 1)]


@pytest.mark.parametrize(
    ("levels", "expected"), WORKED_EXAMPLES.values(), ids=list(WORKED_EXAMPLES)
)
def test_summary_level(levels, expected):
    assert summary_level(levels, POLICY) == expected


@pytest.mark.parametrize("wrong", [4, 2, 6, -1, 35])
def test_summary_level_t19_refuses_what_is_no_rating(wrong):
    with pytest.raises(ValueError, match="not 5, 3, 1 or 0"):
        summary_level([5, wrong, 3], POLICY)


@pytest.mark.parametrize(
    ("count", "fives"),
    [(1, 1), (2, 2), (3, 2), (4, 3), (5, 4), (6, 4), (7, 5), (8, 6), (9, 6), (10, 7)],
)
def test_fives_needed_for_outstanding_r7_6(count, fives):
    enough = [5] * fives + [3] * (count - fives)
    one_short = [5] * (fives - 1) + [3] * (count - fives + 1)

    assert summary_level(enough, POLICY) == OUTSTANDING
    assert summary_level(one_short, POLICY) == FULLY_SUCCESSFUL


def test_threshold_is_met_exactly_at_4_3():
    """Thirteen 5s and seven 3s are 86 / 20, exactly 4.3."""
    assert summary_level([5] * 13 + [3] * 7, POLICY) == OUTSTANDING
    assert summary_level([5] * 12 + [3] * 8, POLICY) == FULLY_SUCCESSFUL


def test_threshold_is_a_setting():
    assert summary_level([5, 5, 5, 3, 3], Policy(outstanding_threshold_tenths=42)) == OUTSTANDING


@given(st.lists(element_levels, max_size=12), st.randoms(use_true_random=False))
def test_order_of_elements_does_not_matter(levels, random):
    shuffled = random.sample(levels, len(levels))

    assert summary_level(shuffled, POLICY) == summary_level(levels, POLICY)


@given(some_rated, st.integers(0, 20))
def test_a_single_1_overrides_everything(levels, position):
    assert summary_level([*levels[:position], 1, *levels[position:]], POLICY) == UNACCEPTABLE


@given(st.lists(element_levels, max_size=12))
def test_level_1_if_and_only_if_an_element_is_1(levels):
    assert (summary_level(levels, POLICY) == UNACCEPTABLE) == (UNACCEPTABLE in levels)


@given(some_rated, st.data())
def test_a_5_in_place_of_a_3_never_lowers(levels, data):
    position = data.draw(st.integers(0, len(levels) - 1))
    before = [*levels[:position], 3, *levels[position + 1 :]]
    after = [*levels[:position], 5, *levels[position + 1 :]]

    assert summary_level(after, POLICY) >= summary_level(before, POLICY)


@given(some_rated, st.integers(0, 5))
def test_not_rated_elements_change_nothing(levels, more):
    assert summary_level(levels + [NR] * more, POLICY) == summary_level(levels, POLICY)


@given(st.lists(st.sampled_from([5, 3]), min_size=1, max_size=20), st.integers(31, 50))
def test_whole_numbers_agree_with_fractions(levels, tenths):
    outstanding = Fraction(sum(levels), len(levels)) >= Fraction(tenths, 10)

    level = summary_level(levels, Policy(outstanding_threshold_tenths=tenths))

    assert level == (OUTSTANDING if outstanding else FULLY_SUCCESSFUL)


def test_sum_and_count_leave_out_not_rated():
    assert sum_and_count([5, 5, NR, 3]) == (13, 3)


# R7.5: rounding


def mixes(most: int) -> list[list[int]]:
    """Every mix of 5s and 3s of up to `most` elements."""
    return [[5] * fives + [3] * (n - fives) for n in range(1, most + 1) for fives in range(n + 1)]


def test_rounding_would_decide_only_at_five_5s_and_three_3s():
    decided = [mix for mix in mixes(10) if rounding_would_decide(mix, POLICY)]

    assert decided == [[5, 5, 5, 5, 5, 3, 3, 3]]


def test_rounding_never_decides_over_a_1():
    assert not rounding_would_decide([5, 5, 5, 5, 5, 3, 3, 3, 1], POLICY)


@pytest.mark.parametrize("tenths", range(31, 51))
def test_average_shown_never_contradicts_the_rating(tenths):
    policy = Policy(outstanding_threshold_tenths=tenths)
    for mix in mixes(20):
        shown = Fraction(average_text(sum(mix), len(mix)))

        assert (shown >= Fraction(tenths, 10)) == (summary_level(mix, policy) == OUTSTANDING)


@pytest.mark.parametrize(
    ("total", "count", "text"),
    [(13, 3, "4.33"), (11, 3, "3.67"), (34, 8, "4.25"), (15, 3, "5.00"), (86, 20, "4.30")],
)
def test_average_text(total, count, text):
    assert average_text(total, count) == text


# In words


def test_explanation_while_rating():
    explanation = explain_rating(facts(5, 5, 3, None), POLICY)

    assert explanation.headline == "So far: Outstanding."
    assert explanation.reasons == (
        "Two 5s and one 3 rated: 13 ÷ 3 = 4.33, at or above 4.3, and no element at 1.",
        "One element is still to be rated.",
    )
    assert (explanation.level, explanation.name) == (5, "Outstanding")
    assert (explanation.total, explanation.count, explanation.average_text) == (13, 3, "4.33")
    assert explanation.still_to_rate == 1


def test_explanation_when_all_is_rated():
    assert explain_rating(facts(5, 5, 3), POLICY).sentences == (
        "Summary rating: Outstanding.",
        "Two 5s and one 3 rated: 13 ÷ 3 = 4.33, at or above 4.3, and no element at 1.",
    )


def test_explanation_below_the_threshold():
    assert explain_rating(facts(5, 3, 3), POLICY).sentences == (
        "Summary rating: Fully Successful.",
        "One 5 and two 3s rated: 11 ÷ 3 = 3.67, below 4.3, and no element at 1.",
    )


def test_explanation_names_the_element_that_overrides():
    assert explain_rating(facts(5, 5, 5, 5, 1), POLICY).sentences == (
        "Summary rating: Unacceptable.",
        "Element 5 (Title 5) is rated 1; one element at 1 makes the whole rating Unacceptable, "
        "whatever the average.",
        "Four 5s and one 1 rated: 21 ÷ 5 = 4.20.",
    )


def test_explanation_names_every_element_that_overrides():
    overriding = explain_rating(facts(1, 3, 1), POLICY).sentences[1]

    assert overriding.startswith("Element 1 (Title 1) and element 3 (Title 3) are rated 1;")


def test_explanation_flags_4_25_to_human_resources():
    explanation = explain_rating(facts(5, 5, 5, 5, 5, 3, 3, 3), POLICY)

    assert explanation.level == FULLY_SUCCESSFUL
    assert explanation.flag_for_hr
    assert explanation.sentences[-1] == (
        "Rounded to one decimal, 4.25 would be 4.3; the average is not rounded. "
        "Human resources should look at this rating."
    )


def test_explanation_does_not_flag_before_all_is_rated():
    assert not explain_rating(facts(5, 5, 5, 5, 5, 3, 3, 3, None), POLICY).flag_for_hr


def test_explanation_says_what_is_left_out():
    assert explain_rating(facts(5, NR, 5, 3), POLICY).reasons == (
        "Two 5s and one 3 rated: 13 ÷ 3 = 4.33, at or above 4.3, and no element at 1.",
        "One element is not rated, for want of a chance to perform, and left out.",
    )


def test_explanation_when_nothing_could_be_rated():
    explanation = explain_rating(facts(NR, NR), POLICY)

    assert explanation.level is None
    assert explanation.sentences == (
        "No rating of record.",
        "No element was rated, and a rating is never presumed.",
    )


def test_explanation_before_anything_is_rated():
    assert explain_rating(facts(None, None), POLICY).sentences == (
        "Nothing is rated yet.",
        "Two elements are still to be rated.",
    )


def test_explanation_takes_a_wrong_number_for_not_yet_rated():
    assert explain_rating(facts(5, 4), POLICY).still_to_rate == 1


@given(st.lists(st.one_of(st.none(), element_levels, st.integers()), max_size=12))
def test_explanation_agrees_with_the_rating_and_never_crashes(levels):
    explanation = explain_rating(facts(*levels), POLICY)
    known = [level for level in levels if level in (5, 3, 1, NR)]

    assert explanation.level == summary_level(known, POLICY)
    assert explanation.name == LEVEL_NAMES.get(explanation.level, "")
    assert explanation.still_to_rate == len(levels) - len(known)
    assert all(sentence.endswith(".") for sentence in explanation.sentences)
