"""What a rating leads to: pay, awards, reduction in force, and action on unacceptable performance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from appraisals.rules.dates import years_later
from appraisals.rules.policy import LEVEL_NAMES, UNACCEPTABLE, Policy


@dataclass(frozen=True)
class Answer:
    allowed: bool
    reason: str


@dataclass(frozen=True)
class RatingGiven:
    """A past rating of record with the day it took effect."""

    level: int
    effective_on: date


def quality_step_answer(level: int | None, policy: Policy) -> Answer:
    """R12.2: never automatic."""
    if level is None:
        return Answer(False, "There is no rating of record.")
    needed = LEVEL_NAMES[policy.quality_step_level]
    if level != policy.quality_step_level:
        return Answer(False, f"A quality step increase needs a rating of record of {needed}.")
    return Answer(True, f"A rating of record of {needed} allows it; it is never automatic.")


def within_grade_answer(
    level: int | None,
    *,
    work_is_acceptable: bool,
    policy: Policy,
    is_recent: bool = True,
    is_on_union_time: bool = False,
) -> Answer:
    """R10.7: the decision must match the latest rating, else a more current one comes first.

    `is_recent`: that rating is of the last completed period or later. `is_on_union_time`: R7.13, without
    assigned work nothing can be rated, and nothing is asked for.
    """
    if is_on_union_time:
        return Answer(
            True,
            "A representative on 100% official time needs no rating for it: the determination of acceptable "
            "competence is waived.",
        )
    if level is None:
        return Answer(False, "There is no rating of record to decide on.")
    minimum = LEVEL_NAMES[policy.within_grade_minimum]
    if not is_recent:
        return Answer(
            False,
            "The latest rating of record is from before the last completed period. Issue the rating of "
            "that period, or prepare a more current rating of record, first.",
        )
    level_suffices = level >= policy.within_grade_minimum
    if level_suffices != work_is_acceptable:
        return Answer(
            False,
            "The latest rating of record no longer matches the work. Prepare a more current rating "
            "of record first.",
        )
    if not level_suffices:
        return Answer(False, f"The latest rating of record is below {minimum}.")
    return Answer(True, f"The latest rating of record is {minimum} or better.")


def award_answer(level: int | None, policy: Policy, *, is_on_union_time: bool = False) -> Answer:
    """R12.3, R7.13: without a rating of record there is no rating-based award."""
    if is_on_union_time:
        return Answer(
            False,
            "100% official time gives no rating of record for this cycle, so there is no rating-based award.",
        )
    if level is None:
        return Answer(False, "Without a rating of record there is no rating-based award.")
    if level < policy.award_minimum:
        minimum = LEVEL_NAMES[policy.award_minimum]
        return Answer(
            False, f"A rating-based award needs a rating of record of {minimum} or better."
        )
    return Answer(True, "The rating of record allows a rating-based award.")


def reduction_in_force_rating(
    ratings: Sequence[RatingGiven], *, cut_off_on: date, policy: Policy
) -> Fraction | None:
    """R12.7: the average of the ratings that count."""
    counted = counted_in_reduction(ratings, cut_off_on=cut_off_on, policy=policy)
    if not counted:
        return None
    return Fraction(sum(each.level for each in counted), len(counted))


def counted_in_reduction(
    ratings: Sequence[RatingGiven], *, cut_off_on: date, policy: Policy
) -> list[RatingGiven]:
    """R12.7: the two latest ratings of the four years before the cut-off; a latest 1 stands alone."""
    counted = sorted(
        (
            each
            for each in ratings
            if each.effective_on
            <= cut_off_on
            <= years_later(each.effective_on, policy.reduction_in_force_years)
        ),
        key=lambda each: each.effective_on,
        reverse=True,
    )[:2]
    return counted[:1] if counted and counted[0].level == UNACCEPTABLE else counted


@dataclass(frozen=True)
class ActionDates:
    """The days of a proposed removal or demotion for unacceptable performance."""

    reply_due_on: date
    earliest_action_on: date
    decision_due_on: date


def action_dates(noticed_on: date, policy: Policy, *, more_days: int = 0) -> ActionDates:
    """R10.3, R10.6; `more_days`: the notice was extended by so many."""
    return ActionDates(
        reply_due_on=noticed_on + timedelta(days=policy.reply_days),
        earliest_action_on=noticed_on + timedelta(days=policy.notice_days + more_days),
        decision_due_on=noticed_on + timedelta(days=policy.decision_days + more_days),
    )


def instances_count_from(noticed_on: date) -> date:
    """R10.3: an action rests on instances within the year before its notice."""
    return years_later(noticed_on, -1)


def is_new_opportunity_owed(*, opportunity_began_on: date, failed_on: date, policy: Policy) -> bool:
    """R10.4: acceptable for a year from the start of the last opportunity, then failing again."""
    held_until = opportunity_began_on + timedelta(days=policy.opportunity_holds_days)
    return policy.opportunity_period_required and failed_on >= held_until
