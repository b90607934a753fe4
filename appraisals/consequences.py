"""What follows from a rating (R10.7, R12): computed when it is asked for, from what counts today."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models.functions import Length

from appraisals import rules
from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    Document,
    MoreCurrentRating,
    OpportunityPeriod,
    RatingOfRecord,
    current_rating,
)
from appraisals.rules.words import date_words
from orgchart import clock
from orgchart.models import Organization, Person


@dataclass(frozen=True)
class Given:
    """A rating of record as it counts today. `changed`: by an amendment. `period_ends_on`: of the year it is of."""

    name: str
    level: int
    rated_sum: int
    rated_count: int
    effective_on: dt.date
    issued_at: dt.datetime
    period_ends_on: dt.date
    url: str
    changed: bool = False

    @property
    def words(self) -> str:
        return f"{self.level} {rules.LEVEL_NAMES[self.level]}"

    @property
    def average(self) -> str:
        return rules.average_text(self.rated_sum, self.rated_count)


def ratings_given(employee: Person, *, seen_by: Person) -> list[Given]:
    """Of the records and documents that this reader may see; the last one issued first. Three queries."""
    records = Appraisal.objects.visible_to(seen_by).filter(employee=employee)
    yearly = (
        RatingOfRecord.objects.filter(appraisal__in=records)
        .select_related("appraisal__cycle")
        .prefetch_related("amendments")
    )
    between = MoreCurrentRating.objects.filter(
        document__in=Document.objects.visible_to(seen_by).filter(appraisal__employee=employee)
    ).select_related("document__appraisal__cycle")
    found = [*map(_of_the_year, yearly), *map(_in_between, between)]
    return sorted(found, key=lambda each: each.issued_at, reverse=True)


def _of_the_year(rating: RatingOfRecord) -> Given:
    today, cycle = current_rating(rating), rating.appraisal.cycle
    return Given(
        cycle.name,
        today.level,
        today.rated_sum,
        today.rated_count,
        rating.effective_on,
        rating.issued_at,
        cycle.ends_on,
        rating.appraisal.get_absolute_url(),
        changed=today.amendment is not None,
    )


def _in_between(rating: MoreCurrentRating) -> Given:
    cycle = rating.document.appraisal.cycle
    return Given(
        f"More current rating, {cycle.name}",
        rating.level,
        rating.rated_sum,
        rating.rated_count,
        rating.effective_on,
        rating.issued_at,
        cycle.ends_on,
        rating.document.get_absolute_url(),
    )


def last_completed(organization: Organization, *, on: dt.date) -> AppraisalCycle | None:
    """The period whose rating the within-grade decision rests on (R10.7)."""
    return (
        AppraisalCycle.objects.filter(
            organization__in=[*organization.ancestor_ids, organization.pk], ends_on__lt=on
        )
        .order_by(Length("organization__path").desc(), "-ends_on")
        .first()
    )


@dataclass(frozen=True)
class Work:
    """What is known of the work beside its ratings."""

    is_acceptable: bool
    why: str


def work_of(
    periods: Sequence[OpportunityPeriod], latest: Given | None, policy: rules.Policy
) -> Work:
    """By the newest opportunity that was given, unless a rating came after it; else by the rating."""
    told = [period for period in periods if period.began_on]
    if told:
        last = told[-1]
        if last.succeeded is None:
            return Work(False, f"An opportunity period began on {date_words(last.began_on)}.")  # type: ignore[arg-type]  # told has its day
        ended_on = last.result.communicated_on if last.result else None
        is_rated_since = (
            latest is not None and ended_on is not None and latest.issued_at.date() > ended_on
        )
        if not is_rated_since and ended_on:
            words = "acceptable" if last.succeeded else "still unacceptable"
            said = f"An opportunity period ended on {date_words(ended_on)}: work was {words}."
            return Work(last.succeeded, said)
    level = latest.level if latest else 0
    return Work(
        level >= policy.within_grade_minimum, "Nothing says that it changed since the rating."
    )


@dataclass(frozen=True)
class Consequence:
    """`answer` None: it is a rule to know, not a yes or no."""

    title: str
    rule: str
    allowed: bool | None
    said: str
    more: tuple[str, ...] = ()
    needs_current_rating: bool = False


def consequences_of(
    given: Sequence[Given],
    *,
    work: Work,
    last: AppraisalCycle | None,
    cut_off_on: dt.date,
    policy: rules.Policy,
    is_on_union_time: bool = False,
) -> list[Consequence]:
    """`given`: the last one issued first. `is_on_union_time`: the year cannot be rated for it (R7.13)."""
    latest = given[0] if given else None
    level = latest.level if latest else None
    return [
        _within_grade(latest, work, last, policy, is_on_union_time=is_on_union_time),
        _quality_step(level, policy),
        _award(level, policy, is_on_union_time=is_on_union_time),
        _reduction_in_force(given, cut_off_on, policy),
    ]


def _within_grade(
    latest: Given | None,
    work: Work,
    last: AppraisalCycle | None,
    policy: rules.Policy,
    *,
    is_on_union_time: bool,
) -> Consequence:
    is_recent = latest is None or last is None or latest.period_ends_on >= last.ends_on
    answer = rules.within_grade_answer(
        latest.level if latest else None,
        work_is_acceptable=work.is_acceptable,
        is_recent=is_recent,
        policy=policy,
        is_on_union_time=is_on_union_time,
    )
    days = policy.within_grade_reconsideration_days
    more = [f"The work today: {work.why}"]
    if not answer.allowed:
        more.append(
            f"A denial is told in writing. The employee may ask within {days} days that it is reconsidered."
        )
    more.append(
        "A decision waits only where there was not yet time to perform, or after a demotion for "
        "unacceptable performance."
    )
    needs = (
        not is_on_union_time
        and latest is not None
        and (not is_recent or (latest.level >= policy.within_grade_minimum) != work.is_acceptable)
    )
    return Consequence(
        "Within-grade increase",
        "R10.7",
        answer.allowed,
        answer.reason,
        tuple(more),
        needs_current_rating=needs,
    )


def _quality_step(level: int | None, policy: rules.Policy) -> Consequence:
    answer = rules.quality_step_answer(level, policy)
    since = clock.today() - dt.timedelta(weeks=policy.quality_step_weeks)
    more = (
        (
            f"Not more than one in {policy.quality_step_weeks} weeks: see in the personnel system that none "
            f"was given since {date_words(since)}.",
        )
        if answer.allowed
        else ()
    )
    return Consequence("Quality step increase", "R12.2", answer.allowed, answer.reason, more)


def _award(level: int | None, policy: rules.Policy, *, is_on_union_time: bool) -> Consequence:
    answer = rules.award_answer(level, policy, is_on_union_time=is_on_union_time)
    more = ("No amount is named or promised when a rating is discussed (R12.6).",)
    return Consequence("Rating-based award", "R12.3", answer.allowed, answer.reason, more)


def _reduction_in_force(
    given: Sequence[Given], cut_off_on: dt.date, policy: rules.Policy
) -> Consequence:
    by_day = {(each.level, each.effective_on): each for each in given}
    counted = rules.counted_in_reduction(
        [rules.RatingGiven(each.level, each.effective_on) for each in given],
        cut_off_on=cut_off_on,
        policy=policy,
    )
    if not counted:
        said = (
            f"No rating of the {policy.reduction_in_force_years} years before {date_words(cut_off_on)} "
            "counts. A modal rating may be used (R7.13)."
        )
        return Consequence("Reduction in force", "R12.7", None, said)
    average = sum(each.level for each in counted) / len(counted)
    more = []
    for each in counted:
        source = by_day[each.level, each.effective_on]
        more.append(
            f"{source.name}: {source.words}, in effect {date_words(source.effective_on)}, average of its "
            f"elements {source.average}."
        )
    if counted[0].level == rules.UNACCEPTABLE:
        more.append("A latest rating of 1 stands alone.")
    said = f"On {date_words(cut_off_on)} a rating of {average:g} would be used."
    return Consequence("Reduction in force", "R12.7", None, said, tuple(more))


@dataclass(frozen=True)
class Limit:
    what: str
    most: str
    rule: str


def award_limits(policy: rules.Policy) -> list[Limit]:
    """R12.1, R12.4, R12.5: for whoever administers awards, never beside a rating (R12.6)."""
    return [
        Limit("Time-off awards", f"{policy.time_off_award_hours} hours a year", "R12.4"),
        Limit("Cash awards", f"{policy.cash_award_percent}% of basic pay", "R12.4"),
        Limit(
            "One-time awards (memorandum of 15 December 2025)",
            f"{policy.one_time_award_least_percent} to {policy.one_time_award_most_percent}% of basic pay, at most "
            f"${policy.one_time_award_dollars:,}, for the best {policy.one_time_award_top_percent}% of people",
            "R12.5",
        ),
        Limit("Thanks, plaques and coins", "At any time; they need no rating", "R12.1"),
    ]
