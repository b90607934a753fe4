"""When work is not good enough (R10): what a notice must say, when an opportunity ends, what may follow it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from appraisals.rules.consequences import Answer, instances_count_from, is_new_opportunity_owed
from appraisals.rules.facts import AssessmentFacts, Problem, RatingFacts
from appraisals.rules.limits import element_name, text_limit_problems
from appraisals.rules.policy import UNACCEPTABLE, Policy
from appraisals.rules.text import is_blank
from appraisals.rules.words import counted, date_words

STILL_UNACCEPTABLE = UNACCEPTABLE
ACCEPTABLE = 3


@dataclass(frozen=True)
class Opportunity:
    """One that was given. `succeeded` None: its result has not been told yet."""

    began_on: date
    ends_on: date
    succeeded: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is settled of an opportunity before its notice is written."""

    days: int
    meeting_every: int
    consulted: str = ""
    consulted_on: date | None = None


def terms_problems(terms: Terms, *, today: date, policy: Policy) -> dict[str, str]:
    """R10.1, R10.2: by the name of the field that is wrong."""
    problems = {}
    least = max(policy.opportunity_minimum_days, 1)
    if terms.days < least:
        problems["days"] = f"An opportunity period lasts at least {counted(least, 'day')} here."
    name, day = terms.consulted.strip(), terms.consulted_on
    if not name and (policy.hr_consultation_required or day):
        problems["consulted"] = "Say whom in human resources you consulted (R10.1)."
    if day is None and (policy.hr_consultation_required or name):
        problems["consulted_on"] = "Say on which day you consulted human resources (R10.1)."
    if day and day > today:
        problems["consulted_on"] = "This day has not come yet. Consult them first."
    return problems


def opportunity_ends_on(began_on: date, days: int) -> date:
    """R10.2: the day of the notice is not one of them, so that none is lost to it."""
    return began_on + timedelta(days=days)


def meeting_days(began_on: date, ends_on: date, every: int) -> list[date]:
    """R10.2: the days by which the meetings of an opportunity are held, the last before its end."""
    found = []
    day = began_on + timedelta(days=every)
    while day < ends_on:
        found.append(day)
        day += timedelta(days=every)
    return found


def proposal_due_on(told_on: date, policy: Policy) -> date:
    """R10.6: from the day the employee was told that the opportunity failed."""
    return told_on + timedelta(days=policy.proposal_days)


def action_answer(
    today: date, given: Sequence[Opportunity], policy: Policy, *, failed_on: date | None = None
) -> Answer:
    """R10.2 to R10.6: may a removal or demotion be proposed today? `given`: the newest last."""
    if not policy.opportunity_period_required:
        return Answer(
            True, "The policy in force asks for no opportunity period before an action (R10.6)."
        )
    if not given:
        return Answer(
            False, "An opportunity to show acceptable performance comes before an action (R10.2)."
        )
    last = given[-1]
    if last.succeeded is None:
        until = f"The opportunity period runs until {date_words(last.ends_on)}"
        if today > last.ends_on:
            until = f"The opportunity period ended on {date_words(last.ends_on)}"
        return Answer(False, f"{until}. Tell the employee its result first (R10.3).")
    if last.succeeded and is_new_opportunity_owed(
        opportunity_began_on=last.began_on, failed_on=failed_on or today, policy=policy
    ):
        return Answer(
            False,
            f"The last opportunity began on {date_words(last.began_on)} and counts for "
            f"{counted(policy.opportunity_holds_days, 'day')}. A new one is owed (R10.4).",
        )
    if last.succeeded:
        return Answer(
            True,
            f"The opportunity that began on {date_words(last.began_on)} still counts. If work on the same "
            "elements is unacceptable again, no new one is owed (R10.4).",
        )
    return Answer(True, "The opportunity has ended, and work is still unacceptable (R10.3).")


# What a document must say before it is sent on


def shortfall_problems(
    shortfalls: Sequence[AssessmentFacts], *, support: str, warning: str | None, policy: Policy
) -> list[Problem]:
    """R10.1, R10.2: each element with what is wrong and what would do, the help, and of a notice the warning."""
    rule = "R10.1" if warning is None else "R10.2"
    problems = []
    for each in shortfalls:
        if is_blank(each.text):
            problems.append(
                Problem(
                    rule,
                    f"{element_name(each.number, each.title)}: say what is not good enough, and what "
                    "acceptable work on it looks like.",
                    each.number,
                    "text",
                )
            )
        problems += _within(each, policy)
    if is_blank(support):
        problems.append(
            Problem(rule, "Say what help the employee gets, from whom and when.", field="support")
        )
    if warning is not None and is_blank(warning):
        problems.append(
            Problem(
                rule,
                "Say what may follow: removal or a lower grade. Without that it is no notice.",
                field="warning",
            )
        )
    for text, where in ((support, "support"), (warning or "", "warning")):
        problems += text_limit_problems(
            text, policy.narrative_limit, where=f"The text on {where}", field=where
        )
    return problems


def outcome_problems(outcomes: Sequence[RatingFacts], policy: Policy) -> list[Problem]:
    """R10.3: element by element, acceptable or not, and why."""
    problems = []
    for each in outcomes:
        name = element_name(each.number, each.title)
        if each.level is None:
            problems.append(
                Problem("R10.3", f"{name}: say whether it is acceptable now.", each.number, "level")
            )
        if is_blank(each.narrative):
            problems.append(
                Problem(
                    "R10.3",
                    f"{name}: say what was done in the opportunity period, against the standard.",
                    each.number,
                    "text",
                )
            )
        problems += _within(AssessmentFacts(each.number, each.title, each.narrative), policy)
    return problems


def action_problems(
    grounds: Sequence[AssessmentFacts], instances: Sequence[date], *, today: date, policy: Policy
) -> list[Problem]:
    """R10.3: an action names its elements and rests on instances of the year before its notice."""
    problems = []
    for each in grounds:
        if is_blank(each.text):
            name = element_name(each.number, each.title)
            problems.append(
                Problem("R10.3", f"{name}: say why it is unacceptable.", each.number, "text")
            )
        problems += _within(each, policy)
    if not instances:
        problems.append(
            Problem(
                "R10.3", "No instance is named. Name at least one, with its day.", field="instances"
            )
        )
    problems += _too_old(instances, today)
    return problems


def _too_old(instances: Sequence[date], today: date) -> Iterator[Problem]:
    """R10.3"""
    first = instances_count_from(today)
    for day in sorted(set(instances)):
        if day < first:
            yield Problem(
                "R10.3",
                f"The instance of {date_words(day)} is more than a year old: only those from "
                f"{date_words(first)} on count. Take it out.",
                field="instances",
            )


def _within(each: AssessmentFacts, policy: Policy) -> list[Problem]:
    found = text_limit_problems(
        each.text,
        policy.narrative_limit,
        where=f"{element_name(each.number, each.title)}: the text",
        element=each.number,
        field="text",
    )
    return list(found)
