"""Progress review, annual appraisal, narrative statement: what stands in the way of each."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisals.rules import (
    AssessmentFacts,
    Policy,
    Problem,
    RatingFacts,
    appraisal_problems,
    narrative_statement_problems,
    progress_review_problems,
    text_limit_problems,
)

POLICY = Policy()
CYCLE_ENDS_ON = date(2027, 3, 31)


def places_of(problems: list[Problem]) -> list[tuple[str, int | None, str]]:
    return [(problem.rule, problem.element, problem.field) for problem in problems]


# The progress review


def review_problems(*texts: str, overall: str = "", level: int | None = None) -> list[Problem]:
    assessments = [
        AssessmentFacts(number, "Readiness", text, level) for number, text in enumerate(texts, 1)
    ]
    return progress_review_problems(assessments, overall=overall, policy=POLICY)


@pytest.mark.parametrize(
    ("texts", "overall"), [(["On track.", ""], ""), (["", ""], "On track."), ([], "On track.")]
)
def test_review_with_one_assessment_or_the_whole_is_sound(texts, overall):
    assert review_problems(*texts, overall=overall) == []


@pytest.mark.parametrize("texts", [[], ["", " \n"]])
def test_review_with_nothing_written(texts):
    assert review_problems(*texts) == [
        Problem(
            "R5.3",
            "Nothing is written yet. Assess at least one element, or the work as a whole.",
            field="overall",
        )
    ]


@pytest.mark.parametrize("level", [5, 3, 1, 0])
def test_review_carries_no_rating_r5_2(level):
    (problem,) = review_problems("On track.", level=level)

    assert problem == Problem(
        "R5.2",
        "Element 1 (Readiness) has a rating. A progress review carries none: take it out.",
        1,
        "level",
    )


def test_review_texts_have_limits():
    assert review_problems("x" * 2000, overall="x" * 2000) == []
    assert places_of(review_problems("x" * 2001, "y", "x" * 2001, overall="x" * 2001)) == [
        ("R6.5", 1, "text"),
        ("R6.5", 3, "text"),
        ("R6.5", None, "overall"),
    ]


# The annual appraisal


def rating(number: int = 1, level: int | None = 3, narrative: str = "Met the standard."):
    return RatingFacts(number, "Readiness", level, narrative)


def appraisal(*ratings: RatingFacts, policy: Policy = POLICY, **changes) -> list[Problem]:
    facts = {
        "approved_on": date(2026, 4, 20),
        "cycle_ends_on": CYCLE_ENDS_ON,
        "reviews_done": 1,
        **changes,
    }
    return appraisal_problems(ratings, policy=policy, **facts)


def test_a_sound_appraisal_has_no_problem():
    assert appraisal(rating(1, 5), rating(2, 3, ""), rating(3, 1), rating(4, 0, "")) == []


@pytest.mark.parametrize("level", [4, 2])
def test_rating_t19_refused(level):
    (problem,) = appraisal(rating(1, 3), rating(2, level))

    assert problem == Problem(
        "R7.1",
        f"Element 2 (Readiness) is rated {level}, which is not a rating. "
        "Choose 5, 3, 1 or not rated.",
        2,
        "level",
    )


@pytest.mark.parametrize(("level", "name"), [(5, "Outstanding"), (1, "Unacceptable")])
@pytest.mark.parametrize("narrative", ["", "  \r\n"])
def test_rating_t20_without_narrative_blocked(level, name, narrative):
    (problem,) = appraisal(rating(1, level, narrative))

    assert problem == Problem(
        "R7.7",
        f"Element 1 (Readiness) is rated {level} ({name}) without a narrative. "
        "Say what was done, against the standard, and what came of it.",
        1,
        "narrative",
    )


def test_narrative_for_3_is_a_setting():
    policy = Policy(narrative_required_levels=(5, 3, 1))

    assert appraisal(rating(1, 3, "")) == []
    assert places_of(appraisal(rating(1, 3, ""), policy=policy)) == [("R7.7", 1, "narrative")]


def test_element_still_to_be_rated():
    (problem,) = appraisal(rating(1), rating(2, None))

    assert problem == Problem(
        "R7.2",
        "Element 2 (Readiness) is still to be rated. Choose 5, 3, 1 or not rated.",
        2,
        "level",
    )


@pytest.mark.parametrize("levels", [[], [0], [0, 0, 0]])
def test_rating_t18_nothing_rated_gives_no_rating_of_record(levels):
    problems = appraisal(*(rating(number, level) for number, level in enumerate(levels, 1)))

    assert places_of(problems) == [("R7.9", None, "")]


def test_narrative_too_long():
    assert appraisal(rating(narrative="x" * 2000)) == []
    assert places_of(appraisal(rating(narrative="x" * 2001))) == [("R6.5", 1, "narrative")]


@pytest.mark.parametrize(
    ("approved_on", "sound"), [(date(2027, 1, 1), True), (date(2027, 1, 2), False)]
)
def test_minimum_period_r7_8(approved_on, sound):
    assert (appraisal(rating(), approved_on=approved_on) == []) is sound


def test_minimum_period_says_when_it_is_reached():
    (problem,) = appraisal(rating(), approved_on=date(2027, 1, 2))

    assert problem == Problem(
        "R7.8",
        "The plan was approved on 2 January 2027: 89 days under it by 31 March 2027, and 90 are "
        "needed (reached on 1 April 2027). Extend the period or give no rating of record this cycle; "
        "never guess one.",
    )


def test_appraisal_without_an_approved_plan():
    (problem,) = appraisal(rating(), approved_on=None)

    assert problem.rule == "R7.8"
    assert problem.message.startswith("There is no approved plan")


def test_appraisal_without_a_progress_review_r4_1():
    assert appraisal(rating(), reviews_done=0) == [
        Problem(
            "R4.1",
            "This cycle has no progress reviews on record; at least one must be there. Hold the "
            "review and record it first.",
        )
    ]
    assert appraisal(rating(), reviews_done=0, policy=Policy(progress_reviews_minimum=0)) == []


FAULTS = {
    "period": ("R7.8", None, ""),
    "review": ("R4.1", None, ""),
    "unrated": ("R7.2", 1, "level"),
    "wrong": ("R7.1", 2, "level"),
    "narrative": ("R7.7", 3, "narrative"),
    "limit": ("R6.5", 4, "narrative"),
}


@given(st.sets(st.sampled_from(sorted(FAULTS))))
def test_every_problem_is_listed_and_each_can_be_put_right_alone(spoiled):
    problems = appraisal(
        rating(1, None if "unrated" in spoiled else 3),
        rating(2, 4 if "wrong" in spoiled else 3),
        rating(3, 5, "" if "narrative" in spoiled else "Did more."),
        rating(4, 3, "x" * (2001 if "limit" in spoiled else 2000)),
        approved_on=date(2027, 2 if "period" in spoiled else 1, 1),
        reviews_done=0 if "review" in spoiled else 1,
    )

    assert places_of(problems) == [place for fault, place in FAULTS.items() if fault in spoiled]


any_rating = st.builds(
    RatingFacts,
    number=st.integers(1, 12),
    title=st.text(max_size=80),
    level=st.none() | st.integers(),
    narrative=st.text(max_size=30),
)


@given(st.lists(any_rating, max_size=12), st.none() | st.dates(), st.integers(0, 3))
def test_appraisal_problems_never_crash_and_always_say_something(ratings, approved_on, done):
    approved_on = approved_on and min(approved_on, date(9000, 1, 1))

    problems = appraisal(*ratings, approved_on=approved_on, reviews_done=done)

    assert all(each.rule.startswith("R") and each.message.endswith(".") for each in problems)


@given(st.lists(any_rating, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_order_of_ratings_does_not_change_the_problems(ratings, random):
    numbered = [replace(each, number=number) for number, each in enumerate(ratings)]
    shuffled = random.sample(numbered, len(numbered))

    assert set(appraisal(*shuffled)) == set(appraisal(*numbered))


# The narrative statement


def statement(text: str = "Led the move.", **changes) -> list[Problem]:
    facts = {"starts_on": date(2026, 4, 20), "ends_on": date(2026, 11, 30), **changes}
    return narrative_statement_problems(text, policy=POLICY, **facts)


def test_a_sound_statement_has_no_problem():
    assert statement() == []
    assert statement(starts_on=date(2026, 11, 30)) == []


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"text": " "}, ("R9.2", None, "text")),
        ({"text": "x" * 2001}, ("R6.5", None, "text")),
        ({"starts_on": None}, ("R9.2", None, "starts_on")),
        ({"ends_on": None}, ("R9.2", None, "ends_on")),
        ({"ends_on": date(2026, 4, 19)}, ("R9.2", None, "ends_on")),
        ({"level": 3}, ("R9.2", None, "level")),
    ],
)
def test_statement_problems_r9_2(changes, place):
    assert places_of(statement(**changes)) == [place]


def test_statement_problems_are_all_listed():
    problems = statement("", starts_on=None, ends_on=None, level=5)

    assert [each.field for each in problems] == ["starts_on", "ends_on", "text", "level"]


# Any other text


def test_text_limit_problems_of_a_comment():
    (problem,) = text_limit_problems("x" * 2100, POLICY.comment_limit, where="The comment")

    assert problem.message == (
        "The comment has 2,100 characters; 2,000 are allowed. Shorten it by 100."
    )
