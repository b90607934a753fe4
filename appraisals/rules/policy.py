"""The numbers and switches of the rule book as one value. `docs/rules.md` explains each rule id.

The defaults are the DoD-wide rules where one was found and the recommended ones where not. A policy
edition (dated, scoped to an organization) holds what differs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, TypeVar

OUTSTANDING = 5
FULLY_SUCCESSFUL = 3
UNACCEPTABLE = 1
NOT_RATED = 0

RATED_LEVELS = (OUTSTANDING, FULLY_SUCCESSFUL, UNACCEPTABLE)
ELEMENT_LEVELS = (*RATED_LEVELS, NOT_RATED)

LEVEL_NAMES: Mapping[int, str] = MappingProxyType(
    {
        OUTSTANDING: "Outstanding",
        FULLY_SUCCESSFUL: "Fully Successful",
        UNACCEPTABLE: "Unacceptable",
        NOT_RATED: "Not rated",
    }
)

PERFORMANCE_PLAN = "performance_plan"
PLAN_CHANGE = "plan_change"
PROGRESS_REVIEW = "progress_review"
ANNUAL_APPRAISAL = "annual_appraisal"
NARRATIVE_STATEMENT = "narrative_statement"
EARLY_TALK = "early_talk"
OPPORTUNITY_NOTICE = "opportunity_notice"
OPPORTUNITY_RESULT = "opportunity_result"
PROPOSED_ACTION = "proposed_action"
MORE_CURRENT_RATING = "more_current_rating"

_WITH_LEVELS = frozenset({ANNUAL_APPRAISAL, OPPORTUNITY_RESULT, MORE_CURRENT_RATING})
"""Kinds that say whether work is acceptable: an Unacceptable one is reviewed while R8.1 is law."""

Value = TypeVar("Value")


def setting(rule: str, default: Value, label: str) -> Value:
    """A field of `Policy` that knows its rule id and what to call it on a screen."""
    return field(default=default, metadata={"rule": rule, "label": label})


@dataclass(frozen=True, kw_only=True)
class Policy:
    # The cycle and its dates
    cycle_start_month: int = setting("R1.1", 4, "Month the cycle starts in")
    cycle_start_day: int = setting("R1.1", 1, "Day of the month the cycle starts on")
    cycle_name: str = setting("R1.1", "FY {year}", "Name of a cycle; {year} is the year it ends in")
    effective_month: int = setting("R1.2", 6, "Month the rating of record takes effect in")
    effective_day: int = setting("R1.2", 1, "Day of the month the rating of record takes effect on")
    plan_due_days: int = setting("R1.3", 30, "Days to have a plan approved")
    plan_due_counts_first_day: bool = setting("R1.3", True, "The first day counts as day 1")
    minimum_period_days: int = setting("R1.5", 90, "Days under an approved plan before a rating")
    count_both_ends: bool = setting("R1.6", True, "Count both the first and the last day")
    progress_reviews_minimum: int = setting("R1.7", 1, "Progress reviews needed in a cycle")
    progress_review_minimum_days: int = setting("R1.8", 0, "Days under a plan before a review")
    late_change_warning: bool = setting("R1.9", True, "Warn when a plan changes too late to rate")
    appraisal_opens_days_before_end: int = setting(
        "R1.10", 31, "Days before the cycle’s end from which the annual appraisal may be started"
    )

    extension_longest_days: int = setting(
        "R1.11", 180, "Days an appraisal period may be extended for one employee, at most"
    )
    reviewer_may_extend: bool = setting(
        "R1.11", False, "The higher level reviewer may extend a period as well as HR"
    )

    # The plan
    elements_minimum: int = setting("R3.2", 1, "Fewest elements in a plan")
    elements_maximum: int = setting("R3.2", 10, "Most elements in a plan")
    supervisory_balance_required: bool = setting(
        "R3.7", True, "A supervisor’s supervisory elements equal or outnumber the others"
    )
    goal_required: bool = setting("R3.8", True, "At least one element serves a goal")

    # Discussions and input
    employee_may_start_progress_review: bool = setting(
        "R5.1", False, "An employee may start a progress review"
    )
    request_answer_days: int = setting(
        "R5.3", 14, "Days to answer a request for tools, training or resources"
    )
    feedback_days: int = setting("R5.3", 21, "Days in which feedback that was asked can be given")
    feedback_outside_at_once: int = setting(
        "R5.3", 10, "Feedback asked of people outside, open at once for one asker; 0 for none"
    )
    title_limit: int = setting("R6.5", 200, "Characters in an element’s title")
    description_limit: int = setting("R6.5", 1000, "Characters in an element’s description")
    standards_limit: int = setting("R6.5", 2000, "Characters in an element’s standards")
    input_limit: int = setting("R6.5", 2000, "Characters of employee input for each element")
    assessment_limit: int = setting("R6.5", 2000, "Characters of a progress review assessment")
    narrative_limit: int = setting("R6.5", 2000, "Characters of a narrative")
    comment_limit: int = setting("R6.5", 2000, "Characters of a comment")
    values_limit: int = setting("R6.5", 4000, "Characters of core values and organizational goals")

    # The rating
    outstanding_threshold_tenths: int = setting(
        "R7.4", 43, "Average from which the rating is Outstanding, in tenths"
    )
    narrative_required_levels: tuple[int, ...] = setting(
        "R7.7", (OUTSTANDING, UNACCEPTABLE), "Element ratings that need a narrative"
    )
    absence_counts: bool = setting(
        "R7.13", True, "Long absences count towards the days under a plan; union time never does"
    )
    reconsideration_days: int = setting(
        "R7.11", 60, "Days the employee has to ask that a rating be looked at again"
    )
    reconsideration_answer_days: int = setting("R11.2", 30, "Days to answer such a request")
    reviewer_may_reconsider: bool = setting(
        "R7.11", False, "The higher level reviewer may answer such a request as well as HR"
    )
    grievance_days: int = setting("R11.2", 15, "Days the employee is told a grievance is filed in")
    forced_distribution_allowed: bool = setting("R7.16", False, "Ratings may follow a distribution")
    rating_grievable: bool = setting("R7.16", True, "An employee may grieve a rating")

    # Higher level review
    plan_needs_review: bool = setting("R8.5", True, "Plans go to higher level review")
    plan_change_needs_review: bool = setting(
        "R3.9", True, "Changes of an approved plan go to higher level review"
    )
    progress_review_needs_review: bool = setting(
        "R8.5", False, "Progress reviews go to higher level review"
    )
    annual_appraisal_needs_review: bool = setting(
        "R8.5", True, "Annual appraisals go to higher level review"
    )
    narrative_statement_needs_review: bool = setting(
        "R8.5", False, "Narrative statements go to higher level review"
    )
    unacceptable_needs_review: bool = setting(
        "R8.1", True, "An Unacceptable rating always goes to higher level review"
    )
    approval_may_be_documented: bool = setting(
        "R8.4", True, "A rating official may record an approval that was given outside"
    )
    rating_official_may_delegate: bool = setting(
        "R8.4", True, "A rating official may name somebody who drafts for them, and never signs"
    )
    delegation_longest_days: int = setting(
        "R8.4", 180, "Days for which somebody may draft for a rating official, at most"
    )

    # Moves
    narrative_statement_days_on_plan: int = setting(
        "R9.1", 90, "Days under a plan from which a narrative statement is owed"
    )
    narrative_statement_days_left: int = setting(
        "R9.1", 90, "A narrative statement is owed when more than these days are left"
    )
    narrative_statement_days_with_official: int = setting(
        "R9.1", 0, "Days with a rating official from which a narrative statement is owed"
    )
    narrative_statement_on_separation: bool = setting(
        "R9.1", True, "Owed too when the employee leaves the service"
    )
    handover_lead_days: int = setting(
        "R9.3", 30, "Days before somebody’s last day from which what is owed can be written"
    )
    transfer_years: int = setting(
        "R9.8", 4, "Years of ratings that go along to another component or agency"
    )
    rating_official_may_name_officials: bool = setting(
        "R9.9", True, "A rating official may hand a record to another, with its history"
    )
    employee_may_name_officials: bool = setting(
        "R9.9", False, "An employee may name who rates and who reviews them"
    )

    # Unacceptable performance
    opportunity_period_required: bool = setting(
        "R10.2", True, "A period to show acceptable performance comes before an action"
    )
    hr_consultation_required: bool = setting(
        "R10.1", True, "Human resources is consulted before an opportunity period"
    )
    opportunity_target_days: int = setting(
        "R10.2", 30, "Days an opportunity period lasts; longer ones are reported"
    )
    opportunity_minimum_days: int = setting(
        "R10.2", 0, "Fewest days of an opportunity period; 0 for no minimum"
    )
    opportunity_meeting_days: int = setting(
        "R10.2", 7, "Days between meetings in an opportunity period"
    )
    opportunity_notice_needs_review: bool = setting(
        "R10.2", True, "Notices of an opportunity period go to higher level review"
    )
    opportunity_result_needs_review: bool = setting(
        "R10.2", False, "Results of an opportunity period go to higher level review"
    )
    proposed_action_needs_review: bool = setting(
        "R10.3", True, "Proposed actions go to higher level review"
    )
    notice_days: int = setting("R10.3", 30, "Days of notice before an action")
    notice_extension_days: int = setting(
        "R10.3", 30, "Days that the notice of an action may be extended, at most"
    )
    opportunity_holds_days: int = setting(
        "R10.4", 365, "Days from its start that an opportunity counts"
    )
    proposal_days: int = setting(
        "R10.6", 10, "Days to propose an action after a failed opportunity"
    )
    reply_days: int = setting("R10.6", 7, "Days the employee has to reply to a proposed action")
    decision_days: int = setting("R10.6", 30, "Days to decide on a proposed action")

    # What must be told
    mandatory_notices: tuple[str, ...] = setting(
        "R4.3",
        (
            "to_acknowledge",
            "acknowledged_for_you",
            "signed_for_you",
            "entered_for_you",
            "year_closed",
            "reconsideration_answered",
            "rating_changed",
        ),
        "What is mailed on the day at the latest, whatever a person chose",
    )
    progress_review_window_days: int = setting(
        "R1.7", 60, "Days before their due day that progress reviews can be held"
    )
    late_reminder_first_days: int = setting(
        "R14.6", 1, "Days late until the first reminder to whoever has to act"
    )
    late_reminder_every_days: int = setting("R14.6", 7, "Days between reminders of what is late")
    late_reminder_times: int = setting("R14.6", 3, "Reminders of what is late, at most")
    late_to_second_level_days: int = setting(
        "R14.4", 7, "Days late until the second-level supervisor is told; 0 for never"
    )
    late_to_unit_head_days: int = setting(
        "R14.4", 14, "Days late until the head of the unit is told; 0 for never"
    )
    answer_days: int = setting(
        "R4.3", 7, "Days to approve or acknowledge what has no due day of its own"
    )

    # What follows from a rating
    within_grade_minimum: int = setting("R10.7", 3, "Lowest rating for a within-grade increase")
    within_grade_reconsideration_days: int = setting(
        "R10.7", 15, "Days to ask that a denied within-grade increase is reconsidered"
    )
    quality_step_level: int = setting("R12.2", 5, "Rating needed for a quality step increase")
    quality_step_weeks: int = setting("R12.2", 52, "Weeks between two quality step increases")
    award_minimum: int = setting("R12.3", 3, "Lowest rating for a rating-based award")
    time_off_award_hours: int = setting("R12.4", 80, "Most hours of time-off awards in a year")
    cash_award_percent: int = setting("R12.4", 20, "Most percent of basic pay as a cash award")
    one_time_award_least_percent: int = setting(
        "R12.5", 15, "Least percent of basic pay as a one-time award"
    )
    one_time_award_most_percent: int = setting(
        "R12.5", 25, "Most percent of basic pay as a one-time award"
    )
    one_time_award_dollars: int = setting("R12.5", 25_000, "Most dollars of a one-time award")
    one_time_award_top_percent: int = setting(
        "R12.5", 15, "Percent of people, of the best, who may get a one-time award"
    )
    reduction_in_force_years: int = setting(
        "R12.7", 4, "Years of ratings that count in a reduction in force"
    )

    # Records and reports
    retention_years: int = setting("R13.1", 4, "Years a rating and its plan are kept")
    superseded_rating_days: int = setting(
        "R13.2", 0, "Days the content of a rating is kept that another one replaced"
    )
    unacceptable_retention_years: int = setting(
        "R13.3", 1, "Years an Unacceptable appraisal is kept whose action was not carried out"
    )
    small_cell_minimum: int = setting("R16.3", 10, "Smallest group shown in a report")
    training_first_months: int = setting(
        "R17.3", 12, "Months from the first appointment until a supervisor is trained"
    )
    training_every_months: int = setting("R17.3", 36, "Months until a supervisor is trained again")
    leaders_see_distribution: bool = setting(
        "R16.3", True, "Leaders see how ratings are distributed, once they are in effect"
    )


@dataclass(frozen=True)
class PolicySetting:
    name: str
    rule: str
    label: str
    default: object


def policy_settings() -> tuple[PolicySetting, ...]:
    """Every field of `Policy` in reading order, for the screen where HR writes an edition."""
    return tuple(
        PolicySetting(each.name, each.metadata["rule"], each.metadata["label"], each.default)
        for each in fields(Policy)
    )


OF_THE_YEAR = (
    "minimum_period_days",
    "count_both_ends",
    "absence_counts",
    "progress_reviews_minimum",
)
"""What a whole year asks of somebody: settled when its plan is opened, and no later edition changes it."""


def for_the_year(policy: Policy, *, plan: Policy) -> Policy:
    """The policy of a later document, with what the edition of the year's plan settled."""
    settled: dict[str, Any] = {name: getattr(plan, name) for name in OF_THE_YEAR}
    return replace(policy, **settled)


def needs_review(policy: Policy, kind: str, *, level: int | None = None) -> bool:
    """R8.1, R8.5: does a document of this kind (with this summary level) go to higher level review?"""
    if kind in _WITH_LEVELS and level == UNACCEPTABLE and policy.unacceptable_needs_review:
        return True
    return {
        PERFORMANCE_PLAN: policy.plan_needs_review,
        PLAN_CHANGE: policy.plan_change_needs_review,
        PROGRESS_REVIEW: policy.progress_review_needs_review,
        ANNUAL_APPRAISAL: policy.annual_appraisal_needs_review,
        NARRATIVE_STATEMENT: policy.narrative_statement_needs_review,
        EARLY_TALK: False,
        OPPORTUNITY_NOTICE: policy.opportunity_notice_needs_review,
        OPPORTUNITY_RESULT: policy.opportunity_result_needs_review,
        PROPOSED_ACTION: policy.proposed_action_needs_review,
        MORE_CURRENT_RATING: policy.annual_appraisal_needs_review,
    }[kind]
