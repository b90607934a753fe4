"""From element ratings to the summary rating, in whole numbers, and the same in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from appraisals.rules.facts import RatingFacts
from appraisals.rules.policy import (
    ELEMENT_LEVELS,
    FULLY_SUCCESSFUL,
    LEVEL_NAMES,
    NOT_RATED,
    OUTSTANDING,
    RATED_LEVELS,
    UNACCEPTABLE,
    Policy,
)
from appraisals.rules.words import capitalized, joined, number_word


def sum_and_count(levels: Iterable[int]) -> tuple[int, int]:
    """R7.2, R7.3: what was rated, "not rated" left out of both. ValueError on any other number (T19)."""
    rated = []
    for level in levels:
        if level not in ELEMENT_LEVELS:
            raise ValueError(f"{level!r} is not 5, 3, 1 or 0 (not rated)")
        if level != NOT_RATED:
            rated.append(level)
    return sum(rated), len(rated)


def summary_level(levels: Iterable[int], policy: Policy) -> int | None:
    """R7.4, R7.5, R7.9: None when nothing was rated, for a level is never presumed."""
    rated = [level for level in levels if level != NOT_RATED]
    total, count = sum_and_count(rated)
    if not count:
        return None
    if UNACCEPTABLE in rated:
        return UNACCEPTABLE
    outstanding = 10 * total >= policy.outstanding_threshold_tenths * count
    return OUTSTANDING if outstanding else FULLY_SUCCESSFUL


def average_text(total: int, count: int) -> str:
    """The average to two decimals for the eye, half up; nothing is decided by it (R7.5)."""
    hundredths = (200 * total + count) // (2 * count)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def rounding_would_decide(levels: Iterable[int], policy: Policy) -> bool:
    """R7.5: below the threshold, yet at it if the average were rounded to one decimal.

    With ten elements or fewer and a threshold of 4.3 that is five 5s and three 3s (4.25), nothing else.
    """
    rated = [level for level in levels if level != NOT_RATED]
    if summary_level(rated, policy) != FULLY_SUCCESSFUL:
        return False
    total, count = sum_and_count(rated)
    return (20 * total + count) // (2 * count) >= policy.outstanding_threshold_tenths


@dataclass(frozen=True)
class Explanation:
    """`level` is what the ratings given so far come to; it is final when `still_to_rate` is 0."""

    level: int | None
    name: str
    total: int
    count: int
    average_text: str
    still_to_rate: int
    flag_for_hr: bool
    sentences: tuple[str, ...]

    @property
    def headline(self) -> str:
        return self.sentences[0]

    @property
    def reasons(self) -> tuple[str, ...]:
        return self.sentences[1:]


def explain_rating(ratings: Sequence[RatingFacts], policy: Policy) -> Explanation:
    """R7.4, R7.5, R7.9: the summary rating, and why, as a person would say it."""
    known = [each for each in ratings if each.level in ELEMENT_LEVELS]
    levels = [each.level for each in known if each.level is not None]
    still_to_rate = len(ratings) - len(known)
    level = summary_level(levels, policy)
    total, count = sum_and_count(levels)
    flag_for_hr = not still_to_rate and rounding_would_decide(levels, policy)
    sentences = (
        _headline(level, still_to_rate),
        *_reason(known, level, policy),
        *_left_out(levels, still_to_rate),
        *_rounding(flag_for_hr, total, count, policy),
        *_remaining(still_to_rate),
    )
    return Explanation(
        level=level,
        name="" if level is None else LEVEL_NAMES[level],
        total=total,
        count=count,
        average_text=average_text(total, count) if count else "",
        still_to_rate=still_to_rate,
        flag_for_hr=flag_for_hr,
        sentences=sentences,
    )


def _headline(level: int | None, still_to_rate: int) -> str:
    if level is None:
        return "Nothing is rated yet." if still_to_rate else "No rating of record."
    name = LEVEL_NAMES[level]
    return f"So far: {name}." if still_to_rate else f"Summary rating: {name}."


def _reason(known: Sequence[RatingFacts], level: int | None, policy: Policy) -> tuple[str, ...]:
    if level is None:
        return ()
    total, count = sum_and_count(each.level for each in known if each.level is not None)
    sum_words = f"{_rated_words(known)} rated: {total} ÷ {count} = {average_text(total, count)}"
    if level == UNACCEPTABLE:
        return _overriding(known), f"{sum_words}."
    side = "at or above" if level == OUTSTANDING else "below"
    return (f"{sum_words}, {side} {_threshold(policy)}, and no element at 1.",)


def _rated_words(known: Sequence[RatingFacts]) -> str:
    """ "Two 5s and one 3"."""
    given = [each.level for each in known]
    parts = [
        f"{number_word(given.count(level))} {level}{'' if given.count(level) == 1 else 's'}"
        for level in RATED_LEVELS
        if level in given
    ]
    return capitalized(joined(parts))


def _overriding(known: Sequence[RatingFacts]) -> str:
    """R7.4: name the elements whose 1 decides."""
    names = [_element_name(each) for each in known if each.level == UNACCEPTABLE]
    verb = "is" if len(names) == 1 else "are"
    return (
        f"{capitalized(joined(names))} {verb} rated 1; one element at 1 makes the whole rating "
        "Unacceptable, whatever the average."
    )


def _element_name(rating: RatingFacts) -> str:
    title = rating.title.strip()
    return f"element {rating.number} ({title})" if title else f"element {rating.number}"


def _threshold(policy: Policy) -> str:
    tenths = policy.outstanding_threshold_tenths
    return f"{tenths // 10}.{tenths % 10}"


def _left_out(levels: Sequence[int], still_to_rate: int) -> tuple[str, ...]:
    """R7.2"""
    count = levels.count(NOT_RATED)
    if not count:
        return ()
    if count == len(levels) and not still_to_rate:
        return ("No element was rated, and a rating is never presumed.",)
    verb = "is" if count == 1 else "are"
    return (f"{_elements(count)} {verb} not rated, for want of a chance to perform, and left out.",)


def _rounding(flag: bool, total: int, count: int, policy: Policy) -> tuple[str, ...]:
    """R7.5"""
    if not flag:
        return ()
    return (
        f"Rounded to one decimal, {average_text(total, count)} would be {_threshold(policy)}; the "
        "average is not rounded. Human resources should look at this rating.",
    )


def _remaining(still_to_rate: int) -> tuple[str, ...]:
    if not still_to_rate:
        return ()
    verb = "is" if still_to_rate == 1 else "are"
    return (f"{_elements(still_to_rate)} {verb} still to be rated.",)


def _elements(count: int) -> str:
    return f"{capitalized(number_word(count))} {'element' if count == 1 else 'elements'}"
