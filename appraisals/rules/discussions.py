"""What stands in the way of a progress review, an annual appraisal or a narrative statement."""

from collections.abc import Iterator, Sequence
from datetime import date

from appraisals.rules.facts import AssessmentFacts, Problem, RatingFacts
from appraisals.rules.limits import element_name, text_limit_problems
from appraisals.rules.policy import ELEMENT_LEVELS, LEVEL_NAMES, NOT_RATED, Policy
from appraisals.rules.rateability import Away, counted_days, reached_on
from appraisals.rules.text import is_blank
from appraisals.rules.words import counted, date_words, number_word


def progress_review_problems(
    assessments: Sequence[AssessmentFacts], *, overall: str, policy: Policy
) -> list[Problem]:
    """R5.2, R5.3, R6.5"""
    problems = [*_something_assessed(assessments, overall)]
    for assessment in assessments:
        problems += _no_rating_at_a_review(assessment)
        problems += text_limit_problems(
            assessment.text,
            policy.assessment_limit,
            where=f"{element_name(assessment.number, assessment.title)}: the assessment",
            element=assessment.number,
        )
    problems += text_limit_problems(
        overall, policy.assessment_limit, where="The text on the discussion", field="overall"
    )
    return problems


def _something_assessed(assessments: Sequence[AssessmentFacts], overall: str) -> Iterator[Problem]:
    """R5.3"""
    if is_blank(overall) and all(is_blank(each.text) for each in assessments):
        yield Problem(
            "R5.3",
            "Nothing is written yet. Assess at least one element, or the work as a whole.",
            field="overall",
        )


def _no_rating_at_a_review(assessment: AssessmentFacts) -> Iterator[Problem]:
    """R5.2"""
    if assessment.level is not None:
        yield Problem(
            "R5.2",
            f"{element_name(assessment.number, assessment.title)} has a rating. A progress review "
            "carries none: take it out.",
            assessment.number,
            "level",
        )


# The annual appraisal


def appraisal_problems(
    ratings: Sequence[RatingFacts],
    *,
    policy: Policy,
    approved_on: date | None,
    cycle_ends_on: date,
    reviews_done: int,
    away: Sequence[Away] = (),
) -> list[Problem]:
    """R4.1, R6.5, R7.1 to R7.9. `cycle_ends_on` is the last day of this employee's period: later where it was
    extended (R1.11), for an early appraisal (R9.5) the last day together."""
    problems = [
        *_minimum_period(approved_on, cycle_ends_on, away, policy),
        *_progress_reviews(reviews_done, policy),
        *_something_rated(ratings),
    ]
    for rating in ratings:
        problems += _element_level(rating)
        problems += _narrative(rating, policy)
        problems += text_limit_problems(
            rating.narrative,
            policy.narrative_limit,
            where=f"{element_name(rating.number, rating.title)}: the narrative",
            element=rating.number,
            field="narrative",
        )
    return problems


def _minimum_period(
    approved_on: date | None, cycle_ends_on: date, away: Sequence[Away], policy: Policy
) -> Iterator[Problem]:
    """R1.5, R7.8, R7.13"""
    least = policy.minimum_period_days
    advice = "Extend the period or give no rating of record this cycle; never guess one."
    if approved_on is None:
        yield Problem("R7.8", f"There is no approved plan, so nobody can be rated by it. {advice}")
        return
    days = counted_days(approved_on, cycle_ends_on, away, policy)
    if days < least:
        enough_on = reached_on(approved_on, away, policy)
        reached = f"reached on {date_words(enough_on)}" if enough_on else "on no day that is known"
        yield Problem(
            "R7.8",
            f"The plan was approved on {date_words(approved_on)}: {counted(days, 'day')} under it by "
            f"{date_words(cycle_ends_on)}, and {least} are needed ({reached}). {advice}",
        )


def _progress_reviews(reviews_done: int, policy: Policy) -> Iterator[Problem]:
    """R1.7, R4.1"""
    least = policy.progress_reviews_minimum
    if reviews_done < least:
        done = (
            f"{number_word(reviews_done)} progress {'review' if reviews_done == 1 else 'reviews'}"
        )
        yield Problem(
            "R4.1",
            f"This cycle has {done} on record; at least {number_word(least)} must be there. Hold the "
            "review and record it first.",
        )


def _something_rated(ratings: Sequence[RatingFacts]) -> Iterator[Problem]:
    """R7.9, T18"""
    if all(each.level == NOT_RATED for each in ratings):
        yield Problem(
            "R7.9",
            "No element is rated, so there can be no rating of record. Rate at least one element, or "
            "give no rating this cycle.",
        )


def _element_level(rating: RatingFacts) -> Iterator[Problem]:
    """R7.1, R7.2"""
    name = element_name(rating.number, rating.title)
    if rating.level is None:
        yield Problem(
            "R7.2",
            f"{name} is still to be rated. Choose 5, 3, 1 or not rated.",
            rating.number,
            "level",
        )
    elif rating.level not in ELEMENT_LEVELS:
        yield Problem(
            "R7.1",
            f"{name} is rated {rating.level}, which is not a rating. Choose 5, 3, 1 or not rated.",
            rating.number,
            "level",
        )


def _narrative(rating: RatingFacts, policy: Policy) -> Iterator[Problem]:
    """R7.7; employee input does not stand in for it (R6.3)."""
    if rating.level in policy.narrative_required_levels and is_blank(rating.narrative):
        level = LEVEL_NAMES.get(rating.level, "")
        yield Problem(
            "R7.7",
            f"{element_name(rating.number, rating.title)} is rated {rating.level} ({level}) without a "
            "narrative. Say what was done, against the standard, and what came of it.",
            rating.number,
            "narrative",
        )


# The narrative statement


def narrative_statement_problems(
    text: str,
    *,
    starts_on: date | None,
    ends_on: date | None,
    policy: Policy,
    level: int | None = None,
    assessments: Sequence[AssessmentFacts] = (),
) -> list[Problem]:
    """R9.2: an account of a stated time, without a rating. `text` is of the whole, `assessments` of elements."""
    problems = [
        *_statement_period(starts_on, ends_on),
        *_statement_text(text, assessments, policy),
        *_statement_level(level),
    ]
    for assessment in assessments:
        problems += _statement_level(assessment.level)
        problems += text_limit_problems(
            assessment.text,
            policy.assessment_limit,
            where=f"{element_name(assessment.number, assessment.title)}: the account",
            element=assessment.number,
        )
    return problems


def _statement_period(starts_on: date | None, ends_on: date | None) -> Iterator[Problem]:
    """R9.2"""
    for day, field, name in ((starts_on, "starts_on", "first"), (ends_on, "ends_on", "last")):
        if day is None:
            yield Problem(
                "R9.2", f"The {name} day the statement covers is missing. Enter it.", field=field
            )
    if starts_on and ends_on and ends_on < starts_on:
        yield Problem(
            "R9.2",
            f"The statement ends on {date_words(ends_on)}, before it starts on "
            f"{date_words(starts_on)}. Put the dates right.",
            field="ends_on",
        )


def outside_statement_problems(
    first: date | None, last: date | None, *, cycle_starts_on: date, today: date
) -> list[Problem]:
    """R9.2, R9.6: the days that a statement from another office says it is about."""
    problems = list(_statement_period(first, last))
    if first and first < cycle_starts_on:
        problems.append(
            Problem(
                "R9.2",
                f"The cycle begins on {date_words(cycle_starts_on)}. A statement about the days before it "
                "belongs to the record of that cycle.",
                field="starts_on",
            )
        )
    if last and last > today:
        problems.append(
            Problem(
                "R9.2",
                "This day has not come yet. Enter the statement afterwards.",
                field="ends_on",
            )
        )
    return problems


def _statement_text(
    text: str, assessments: Sequence[AssessmentFacts], policy: Policy
) -> Iterator[Problem]:
    """R9.2, R6.5"""
    if is_blank(text) and all(is_blank(each.text) for each in assessments):
        yield Problem(
            "R9.2",
            "The statement is empty. Describe performance and contributions in that time.",
            field="text",
        )
    yield from text_limit_problems(text, policy.narrative_limit, where="The statement")


def _statement_level(level: int | None) -> Iterator[Problem]:
    """R9.2"""
    if level is not None:
        yield Problem(
            "R9.2", "A narrative statement carries no rating. Take it out.", field="level"
        )
