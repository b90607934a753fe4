"""§18.1: from element ratings to the rating of record."""

from collections.abc import Callable
from datetime import date
from itertools import groupby

from appraisals.rules.discussions import appraisal_problems
from appraisals.rules.examples.facts import WorkedExample
from appraisals.rules.facts import Problem, RatingFacts
from appraisals.rules.policy import NOT_RATED, OUTSTANDING, UNACCEPTABLE, Policy
from appraisals.rules.rating import summary_level
from appraisals.rules.words import joined, number_word

NONE_GIVEN = "no rating of record"


def _level(levels: tuple[int, ...], policy: Policy) -> str:
    level = summary_level(levels, policy)
    return NONE_GIVEN if level is None else str(level)


def _given(levels: tuple[int, ...]) -> str:
    """ "5, 5, not rated, 3"; from seven on "six 5s and four 3s"."""
    if len(levels) < 7:
        return ", ".join("not rated" if each == NOT_RATED else str(each) for each in levels)
    runs = [(level, len(list(run))) for level, run in groupby(levels)]
    return joined(
        [f"{number_word(count)} {level}{'' if count == 1 else 's'}" for level, count in runs]
    )


def _rated(number: str, *levels: int, expected: int) -> WorkedExample:
    def answer(policy: Policy) -> str:
        return _level(levels, policy)

    return WorkedExample(number, "R7.4", f"Elements rated {_given(levels)}", str(expected), answer)


def _single(policy: Policy) -> str:
    return " / ".join(_level((level,), policy) for level in (5, 3, 1))


def _nothing_rated(policy: Policy) -> str:
    answers = [_level(levels, policy) for levels in ((NOT_RATED,) * 3, ())]
    return answers[0] if len(set(answers)) == 1 else " / ".join(answers)


def _no_rating(policy: Policy) -> str:
    refused = []
    for wrong in (4, 2):
        try:
            summary_level((5, wrong, 3), policy)
        except ValueError:
            refused.append(wrong)
    return "rejected" if refused == [4, 2] else "accepted"


def _without_narrative(policy: Policy) -> str:
    """Of a 5 and of a 1, everything else in order."""
    blocked = [
        any(problem.field == "narrative" for problem in _problems(level, policy))
        for level in (OUTSTANDING, UNACCEPTABLE)
    ]
    if all(blocked):
        return "submission blocked"
    return "blocked for one of the two" if any(blocked) else "submission possible"


def _problems(level: int, policy: Policy) -> list[Problem]:
    return appraisal_problems(
        [RatingFacts(1, "Emergency response", level)],
        policy=policy,
        approved_on=date(2026, 4, 20),
        cycle_ends_on=date(2027, 3, 31),
        reviews_done=policy.progress_reviews_minimum,
    )


def _asks(number: str, given: str, expected: str, answer: Callable[[Policy], str]) -> WorkedExample:
    rule = {"T16": "R7.4", "T18": "R7.9", "T19": "R7.1", "T20": "R7.7"}[number]
    return WorkedExample(number, rule, given, expected, answer)


RATINGS = (
    _rated("T1", 5, 5, 5, expected=5),
    _rated("T2", 5, 5, 3, expected=5),
    _rated("T3", 5, 3, 3, expected=3),
    _rated("T4", 5, 5, 3, 3, expected=3),
    _rated("T5", 5, 5, 5, 3, expected=5),
    _rated("T6", 5, 5, 5, 3, 3, expected=3),
    _rated("T7", 5, 5, 5, 5, 3, expected=5),
    _rated("T8", 5, 5, 5, 5, 3, 3, expected=5),
    _rated("T9", 5, 5, 5, 5, 5, 3, 3, 3, expected=3),
    _rated("T10", *(5,) * 6, *(3,) * 4, expected=3),
    _rated("T11", *(5,) * 7, *(3,) * 3, expected=5),
    _rated("T12", 3, 3, 3, expected=3),
    _rated("T13", 5, 5, 5, 5, 1, expected=1),
    _rated("T14", *(5,) * 9, 1, expected=1),
    _rated("T15", 3, 3, 1, expected=1),
    _asks("T16", "A single element rated 5 / 3 / 1", "5 / 3 / 1", _single),
    _rated("T17", 5, 5, NOT_RATED, 3, expected=5),
    _asks("T18", "All elements not rated, or no element at all", NONE_GIVEN, _nothing_rated),
    _asks("T19", "4 or 2 entered for an element", "rejected", _no_rating),
    _asks(
        "T20", "An element at 5 or 1 without narrative", "submission blocked", _without_narrative
    ),
)
