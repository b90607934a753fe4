"""From when on a changed setting holds, and what a switch does, in words for whoever writes an edition."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from appraisals.rules.policy import Policy, PolicySetting
from appraisals.rules.words import counted


class Hold(StrEnum):
    """A document keeps the edition it was opened under; what no document holds follows the day."""

    CYCLES = "the dates suggested for the next cycle"
    PLANS = "years whose plan is opened from that day on"
    CHANGES = "changes of plans begun from that day on"
    DOCUMENTS = "documents opened from that day on"
    REVIEWS = "progress reviews opened from that day on"
    APPRAISALS = "annual appraisals started from that day on"
    DEPARTURES = "people who move from that day on"
    ACTIONS = "what is begun from that day on"
    AT_ONCE = "everything from that day on"


_BY_NAME: Mapping[str, Hold] = MappingProxyType(
    {
        "cycle_start_month": Hold.CYCLES,
        "cycle_start_day": Hold.CYCLES,
        "cycle_name": Hold.CYCLES,
        "effective_month": Hold.CYCLES,
        "effective_day": Hold.CYCLES,
        "plan_due_days": Hold.PLANS,
        "plan_due_counts_first_day": Hold.PLANS,
        "minimum_period_days": Hold.PLANS,
        "count_both_ends": Hold.PLANS,
        "progress_reviews_minimum": Hold.PLANS,
        "absence_counts": Hold.PLANS,
        "progress_review_minimum_days": Hold.REVIEWS,
        "progress_review_window_days": Hold.AT_ONCE,
        "appraisal_opens_days_before_end": Hold.AT_ONCE,
        "plan_needs_review": Hold.PLANS,
        "plan_change_needs_review": Hold.CHANGES,
        "progress_review_needs_review": Hold.REVIEWS,
        "annual_appraisal_needs_review": Hold.APPRAISALS,
        "unacceptable_needs_review": Hold.APPRAISALS,
        "mandatory_notices": Hold.AT_ONCE,
        "answer_days": Hold.AT_ONCE,
        "employee_may_start_progress_review": Hold.AT_ONCE,
        "forced_distribution_allowed": Hold.AT_ONCE,
        "approval_may_be_documented": Hold.DOCUMENTS,
        "narrative_statement_needs_review": Hold.DOCUMENTS,
        "rating_official_may_name_officials": Hold.AT_ONCE,
        "employee_may_name_officials": Hold.AT_ONCE,
    }
)
_BY_SECTION: Mapping[str, Hold] = MappingProxyType(
    {
        "R3": Hold.PLANS,
        "R5": Hold.REVIEWS,
        "R7": Hold.APPRAISALS,
        "R9": Hold.DEPARTURES,
        "R10": Hold.ACTIONS,
        "R11": Hold.APPRAISALS,
        "R6": Hold.DOCUMENTS,
        "R8": Hold.AT_ONCE,
    }
)


def holds_for(setting: PolicySetting) -> Hold:
    section = setting.rule.partition(".")[0]
    return _BY_NAME.get(setting.name) or _BY_SECTION.get(section, Hold.AT_ONCE)


@dataclass(frozen=True)
class Switch:
    """A setting that may change by law or memorandum (R7.16, R10.6), and what each of its values means here."""

    name: str
    rule: str
    title: str
    says: Callable[[Policy], str]


def _opportunity(policy: Policy) -> str:
    if policy.opportunity_period_required:
        return "A period to show acceptable performance comes before a removal or demotion is proposed."
    return "A removal or demotion can be proposed without a period to show acceptable performance."


def _unacceptable(policy: Policy) -> str:
    if policy.unacceptable_needs_review:
        return "An Unacceptable rating is approved by the higher level reviewer before it is told."
    if policy.annual_appraisal_needs_review:
        return "An Unacceptable rating is reviewed because every annual appraisal is."
    return "An Unacceptable rating is told without higher level review."


def _grievable(policy: Policy) -> str:
    asks = f"asks within {counted(policy.reconsideration_days, 'day')} that it is looked at again"
    if policy.rating_grievable:
        return f"An employee who contests a rating of record files a grievance, or {asks}."
    return f"A rating of record cannot be grieved. An employee who contests it {asks}."


def _distribution(policy: Policy) -> str:
    if policy.forced_distribution_allowed:
        return "Ratings may follow a distribution. Nothing here ranks or caps them, and reports say that it is allowed."
    return "No rating may be fitted to a distribution. Reports say that shares are no target."


def _suspension(policy: Policy) -> str:
    return (
        f"{counted(policy.reply_days, 'day')} to reply to a proposed action, "
        f"{counted(policy.decision_days, 'day')} to decide, {counted(policy.notice_days, 'day')} of notice."
    )


SWITCHES: tuple[Switch, ...] = (
    Switch("forced_distribution_allowed", "R7.16", "Forced distribution", _distribution),
    Switch("unacceptable_needs_review", "R7.16", "Review of level 1", _unacceptable),
    Switch("rating_grievable", "R7.16", "Contesting a rating", _grievable),
    Switch("opportunity_period_required", "R10.6", "Opportunity period", _opportunity),
    Switch("reply_days", "R10.6", "Proposed actions", _suspension),
)
