"""§18.3: what follows from a rating, and what a plan must hold."""

from datetime import date
from fractions import Fraction

from appraisals.rules.consequences import (
    RatingGiven,
    award_answer,
    quality_step_answer,
    reduction_in_force_rating,
    within_grade_answer,
)
from appraisals.rules.examples.facts import WorkedExample
from appraisals.rules.facts import ElementFacts, MandatoryFacts
from appraisals.rules.plan import mandatory_in_force, plan_problems
from appraisals.rules.policy import ANNUAL_APPRAISAL, PLAN_CHANGE, Policy, needs_review
from appraisals.rules.rateability import UNION_TIME, Away, rateability

WHISTLEBLOWER = MandatoryFacts(
    "whistleblower", "Whistleblower protection", supervisors_only=True, starts_on=date(2018, 1, 1)
)
ACCOUNTABILITY = MandatoryFacts(
    "accountability",
    "Holding employees accountable",
    supervisors_only=True,
    starts_on=date(2025, 7, 17),
)


def _allowed(allowed: bool) -> str:
    return "allowed" if allowed else "denied"


def _quality_step(level: int, policy: Policy) -> str:
    answer = quality_step_answer(level, policy)
    return "allowed, never automatic" if answer.allowed else "denied"


def _within_grade_of_poor_work(level: int, policy: Policy) -> str:
    answer = within_grade_answer(level, work_is_acceptable=False, policy=policy)
    if not answer.allowed and "more current rating" in answer.reason:
        return "a more current rating of record first"
    return _allowed(answer.allowed)


def _reduction_in_force(earlier: int, latest: int, policy: Policy) -> str:
    ratings = [RatingGiven(earlier, date(2026, 6, 1)), RatingGiven(latest, date(2027, 6, 1))]
    found = reduction_in_force_rating(ratings, cut_off_on=date(2027, 9, 1), policy=policy)
    return "no rating" if found is None else str(Fraction(found))


def _unacceptable_unreviewed(policy: Policy) -> str:
    needed = needs_review(policy, ANNUAL_APPRAISAL, level=1)
    return "cannot be issued" if needed else "can be issued"


def _union_time(policy: Policy) -> str:
    away = (Away(UNION_TIME, "100% official time", date(2026, 4, 1), None),)
    answer = rateability(
        date(2026, 4, 10),
        cycle_ends_on=date(2027, 3, 31),
        extended_until=None,
        away=away,
        policy=policy,
    )
    rating = "a rating of record" if answer.is_rateable else "no rating of record"
    award = award_answer(None, policy, is_on_union_time=answer.bar == UNION_TIME)
    return f"{rating}, {'an award possible' if award.allowed else 'no rating-based award'}"


def _supervisor_without(missing: MandatoryFacts, held: MandatoryFacts, policy: Policy) -> str:
    on = date(2026, 4, 1)
    element = ElementFacts(
        1, held.title, standards="As required.", is_supervisory=True, mandatory_code=held.code
    )
    problems = plan_problems(
        [element],
        core_values="Core values.",
        is_supervisor=True,
        mandatory=mandatory_in_force([missing, held], on=on, is_supervisor=True),
        policy=policy,
    )
    found = any(missing.title in problem.message for problem in problems)
    return "validation error" if found else "accepted"


def _changed_plan(policy: Policy) -> str:
    again = "approved and acknowledged again"
    return again if needs_review(policy, PLAN_CHANGE) else "acknowledged again"


DECISIONS = (
    WorkedExample(
        "O1",
        "R12.2",
        "Rating of record 3, quality step increase asked for",
        "denied",
        lambda policy: _quality_step(3, policy),
    ),
    WorkedExample(
        "O2",
        "R12.2",
        "Rating of record 5, quality step increase asked for",
        "allowed, never automatic",
        lambda policy: _quality_step(5, policy),
    ),
    WorkedExample(
        "O3",
        "R10.7",
        "Latest rating of record 1, within-grade increase due",
        "denied",
        lambda policy: _within_grade_of_poor_work(1, policy),
    ),
    WorkedExample(
        "O4",
        "R10.7",
        "Latest rating of record 3 but the work is now poor, within-grade increase due",
        "a more current rating of record first",
        lambda policy: _within_grade_of_poor_work(3, policy),
    ),
    WorkedExample(
        "O5",
        "R12.7",
        "Reduction in force: ratings of record 5, then 3",
        "4",
        lambda policy: _reduction_in_force(5, 3, policy),
    ),
    WorkedExample(
        "O6",
        "R12.7",
        "Reduction in force: latest rating of record 1, an earlier 5",
        "1",
        lambda policy: _reduction_in_force(5, 1, policy),
    ),
    WorkedExample(
        "O7",
        "R8.1",
        "Rating of record 1 without approval by the higher level reviewer",
        "cannot be issued",
        _unacceptable_unreviewed,
    ),
    WorkedExample(
        "O8",
        "R7.13",
        "Union time all cycle",
        "no rating of record, no rating-based award",
        _union_time,
    ),
    WorkedExample(
        "O9",
        "R3.8",
        "Supervisor’s plan without the whistleblower element",
        "validation error",
        lambda policy: _supervisor_without(WHISTLEBLOWER, ACCOUNTABILITY, policy),
    ),
    WorkedExample(
        "O10",
        "R3.8",
        "Supervisor’s plan after 17 July 2025 without “holding employees accountable”",
        "validation error",
        lambda policy: _supervisor_without(ACCOUNTABILITY, WHISTLEBLOWER, policy),
    ),
    WorkedExample(
        "O11",
        "R3.9",
        "Plan changed after it was approved",
        "approved and acknowledged again",
        _changed_plan,
    ),
)
