"""What came of a proposed action (R10.3): its notice, the reply, the decision, the day it takes effect."""

from dataclasses import dataclass
from datetime import date

from appraisals.rules.consequences import action_dates
from appraisals.rules.policy import Policy
from appraisals.rules.words import counted, date_words

ACTIONS = ("removal", "demotion")
"""What may be decided and takes effect on a day; anything else decided is no action."""


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """Empty is not known yet."""

    more_notice_days: int = 0
    replied_on: date | None = None
    decision: str = ""
    decided_on: date | None = None
    decided_by: str = ""
    effective_on: date | None = None


def follow_up_problems(
    noticed_on: date | None, given: FollowUp, *, today: date, policy: Policy
) -> dict[str, str]:
    """R10.3: by the name of the field that is wrong."""
    if noticed_on is None:
        return {"decision": "The employee has not been given the notice yet."}
    return {
        **_day_problems(noticed_on, given, today, policy),
        **_decision_problems(given),
        **(_effect_problems(noticed_on, given, policy) if given.effective_on else {}),
    }


def _day_problems(noticed_on: date, given: FollowUp, today: date, policy: Policy) -> dict[str, str]:
    problems = {}
    if given.more_notice_days > policy.notice_extension_days:
        most = counted(policy.notice_extension_days, "day")
        problems["more_notice_days"] = f"The notice is extended by at most {most}."
    for name in ("replied_on", "decided_on"):
        day = getattr(given, name)
        if day and not noticed_on <= day <= today:
            problems[name] = (
                f"This lies between {date_words(noticed_on)}, when the notice was given, and today."
            )
    return problems


def _decision_problems(given: FollowUp) -> dict[str, str]:
    problems = {}
    if given.decision and not given.decided_on:
        problems["decided_on"] = "Give the day of the decision."
    if given.decision and not given.decided_by.strip():
        problems["decided_by"] = "Say who decided."
    if (given.decided_on or given.decided_by.strip() or given.effective_on) and not given.decision:
        problems["decision"] = "Say what was decided."
    return problems


def _effect_problems(noticed_on: date, given: FollowUp, policy: Policy) -> dict[str, str]:
    dates = action_dates(noticed_on, policy, more_days=given.more_notice_days)
    problem = ""
    if given.decision and given.decision not in ACTIONS:
        problem = "Only a removal or a reduction in grade takes effect on a day."
    elif given.effective_on and given.effective_on < dates.earliest_action_on:
        until = date_words(dates.earliest_action_on)
        problem = f"The notice runs until {until}; nothing takes effect before (R10.3)."
    elif given.effective_on and given.decided_on and given.effective_on < given.decided_on:
        problem = "It takes effect on the day of the decision or later."
    return {"effective_on": problem} if problem else {}
