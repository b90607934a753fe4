"""Who is reminded of what, and when: occasions, the marks around a due day, words with gaps to fill.

A schedule is a list of rules. The defaults follow the policy in force; HR may write others.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from appraisals.rules.facts import Problem
from appraisals.rules.policy import Policy

EARLIEST, LATEST = -60, 180
TITLE_LIMIT, TEXT_LIMIT = 200, 1000
MOST_RULES = 20

GAPS: Mapping[str, str] = MappingProxyType(
    {
        "what": "“9 plans”, or “the plan of Maria Ortega” when it is one",
        "are": "“are”, or “is” when it is one",
        "due": "the due day, “30 April 2027”",
        "when": "“in 7 days”, “today” or “7 days ago”, on the day it is sent",
        "cycle": "the name of the cycle, “FY 2027”",
    }
)
"""What a title or text may leave open, and what is put there."""


class Occasion(StrEnum):
    """What there is to remind of. Each has a due day for each record."""

    PLAN_DUE = "plan_due"
    REVIEW_WINDOW = "review_window"
    PROGRESS_REVIEW_DUE = "progress_review_due"
    INPUT_DUE = "input_due"
    APPRAISAL_DUE = "appraisal_due"
    DISCUSSION_DUE = "discussion_due"
    APPROVAL_WAITING = "approval_waiting"
    ACKNOWLEDGMENT_WAITING = "acknowledgment_waiting"
    NINETY_DAYS = "ninety_days"
    LAST_RATEABLE_DAY = "last_rateable_day"


class Who(StrEnum):
    HOLDER = "holder"
    EMPLOYEE = "employee"
    RATING_OFFICIAL = "rating_official"
    SECOND_LEVEL = "second_level"
    UNIT_HEAD = "unit_head"


@dataclass(frozen=True, slots=True)
class Facts:
    """`one`, `many`, `own`: what {what} says. `is_employees`: the turn is the employee's.

    `can_be_late` False: nothing is owed once the day is over. `stands`: what is told on the day is true later.
    """

    label: str
    explanation: str
    one: str
    many: str
    own: str
    own_many: str
    is_employees: bool = False
    can_be_late: bool = True
    stands: bool = True


def _plain(label: str, explanation: str, noun: str, **more: bool) -> Facts:
    return Facts(
        label,
        explanation,
        one=f"the {noun} of {{name}}",
        many=f"{{n}} {noun}s",
        own=f"your {noun}",
        own_many=f"{{n}} of your {noun}s",
        **more,
    )


OCCASIONS: Mapping[Occasion, Facts] = MappingProxyType(
    {
        Occasion.PLAN_DUE: _plain(
            "Plans due",
            "Plans that are to be started, written or discussed",
            "plan",
        ),
        Occasion.REVIEW_WINDOW: _plain(
            "Progress review window",
            "The day from which progress reviews are to be held",
            "progress review",
            can_be_late=False,
        ),
        Occasion.PROGRESS_REVIEW_DUE: _plain(
            "Progress reviews due",
            "Progress reviews that are to be held, written or discussed",
            "progress review",
        ),
        Occasion.INPUT_DUE: Facts(
            "Employee input",
            "Appraisals whose employee has not sent their input; it is voluntary, so never late",
            one="the input of {name}",
            many="{n} inputs",
            own="your input",
            own_many="{n} of your inputs",
            is_employees=True,
            can_be_late=False,
            stands=False,
        ),
        Occasion.APPRAISAL_DUE: _plain(
            "Appraisals due",
            "Annual appraisals that are to be started, rated and sent up",
            "annual appraisal",
        ),
        Occasion.DISCUSSION_DUE: Facts(
            "Discussions due",
            "Approved annual appraisals that are to be discussed with the employee",
            one="the appraisal discussion with {name}",
            many="{n} appraisal discussions",
            own="your appraisal discussion",
            own_many="{n} of your appraisal discussions",
        ),
        Occasion.APPROVAL_WAITING: Facts(
            "Approvals waiting",
            "Documents at the higher level reviewer, by the day their milestone is due",
            one="your approval for {name}",
            many="{n} approvals",
            own="the approval of your document",
            own_many="{n} approvals of your documents",
        ),
        Occasion.ACKNOWLEDGMENT_WAITING: Facts(
            "Acknowledgments waiting",
            "Discussed documents that the employee has not acknowledged",
            one="the acknowledgment of {name}",
            many="{n} acknowledgments",
            own="your acknowledgment",
            own_many="{n} of your acknowledgments",
            is_employees=True,
        ),
        Occasion.NINETY_DAYS: Facts(
            "Minimum period reached",
            "The day somebody has been long enough under an approved plan to be rated",
            one="the minimum period of {name}",
            many="the minimum periods of {n} people",
            own="your minimum period",
            own_many="your {n} minimum periods",
            can_be_late=False,
        ),
        Occasion.LAST_RATEABLE_DAY: Facts(
            "Last day for a rateable plan",
            "The last day on which a plan can be approved and still be rated in the cycle",
            one="the plan of {name}",
            many="{n} plans",
            own="your plan",
            own_many="{n} of your plans",
            can_be_late=False,
            stands=False,
        ),
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """`offset`: days from the due day, less than 0 before it."""

    offset: int
    who: Who
    title: str
    text: str

    @property
    def mark(self) -> str:
        """Names the moment in the key of what is sent; the same under any wording."""
        when = (
            "on"
            if not self.offset
            else f"{'late' if self.offset > 0 else 'before'}-{abs(self.offset)}"
        )
        return when if self.who == Who.HOLDER else f"{when}-{self.who.value}"


_AHEAD = (-14, -7, -1)
_DUE = "{what} {are} due on {due}"
_LATE = "Late: {what}, due on {due}"
_BELOW = "Late below you: {what}, due on {due}"
_UNIT = "Late in your organization: {what}, due on {due}"
_TEXTS: Mapping[Occasion, str] = MappingProxyType(
    {
        Occasion.PLAN_DUE: "A {cycle} plan is due when it is approved, discussed and acknowledged. "
        "Write what is missing, send it to the reviewer and talk about it with the employee.",
        Occasion.REVIEW_WINDOW: "From now on progress reviews of {cycle} can be held. "
        "Find a time with each employee and start the review before you talk.",
        Occasion.PROGRESS_REVIEW_DUE: "Each employee needs a documented progress review in {cycle}. "
        "Start it, talk, and record the day.",
        Occasion.INPUT_DUE: "Your own account of the year is voluntary and counts. "
        "Your rating official reads it once you send it.",
        Occasion.APPRAISAL_DUE: "Rate each element, write the narratives and send the {cycle} appraisal "
        "to the higher level reviewer.",
        Occasion.DISCUSSION_DUE: "What was approved can be discussed now. "
        "Record the day and how you talked.",
        Occasion.APPROVAL_WAITING: "Read what was sent to you, then approve it or return it with a reason.",
        Occasion.ACKNOWLEDGMENT_WAITING: "To acknowledge means that it was discussed with you, "
        "not that you agree. You may add a comment.",
        Occasion.NINETY_DAYS: "From this day on there can be a rating for {cycle}. "
        "Who moves or leaves from now on may be owed a narrative statement.",
        Occasion.LAST_RATEABLE_DAY: "Without a plan approved by {due} there can be no rating for {cycle}.",
    }
)
_SECOND_LEVEL_TEXT = "Speak with whoever has to act, or help them: the day was {when}."
_UNIT_HEAD_TEXT = (
    "Nobody below you has settled it: the day was {when}. The list names where it waits."
)


def default_rules(occasion: Occasion, policy: Policy) -> tuple[Rule, ...]:
    """What holds where HR wrote nothing; R1.3, R14.4, R14.6 for what is late."""
    text = _TEXTS[occasion]
    single = {
        Occasion.REVIEW_WINDOW: "Progress reviews can be held: {what}",
        Occasion.NINETY_DAYS: "{what} {are} reached on {due}",
    }
    if occasion in single:
        return (Rule(0, Who.HOLDER, single[occasion], text),)
    title = "{what} can still count if approved by {due}"
    ahead = title if occasion == Occasion.LAST_RATEABLE_DAY else _DUE
    rules = [Rule(offset, Who.HOLDER, ahead, text) for offset in (*_AHEAD, 0)]
    if OCCASIONS[occasion].can_be_late:
        rules += [Rule(days, Who.HOLDER, _LATE, text) for days in late_days(policy)]
        rules += _escalations(policy)
    return tuple(rules)


def can_be_prompted(occasion: Occasion) -> bool:
    """Whether somebody has to act on it, or may."""
    return OCCASIONS[occasion].can_be_late or occasion == Occasion.INPUT_DUE


def late_days(policy: Policy) -> list[int]:
    """R14.6: days after the due day on which whoever has to act is reminded again."""
    first, every = policy.late_reminder_first_days, policy.late_reminder_every_days
    days = [first + every * step for step in range(policy.late_reminder_times)]
    return [each for each in days if each <= LATEST]


def _escalations(policy: Policy) -> Iterator[Rule]:
    """R14.4"""
    if policy.late_to_second_level_days:
        yield Rule(policy.late_to_second_level_days, Who.SECOND_LEVEL, _BELOW, _SECOND_LEVEL_TEXT)
    if policy.late_to_unit_head_days:
        yield Rule(policy.late_to_unit_head_days, Who.UNIT_HEAD, _UNIT, _UNIT_HEAD_TEXT)


@dataclass(frozen=True, slots=True)
class Mark:
    """A rule whose day has come: what is due on `due_on` is told of, if it waited on `day` already."""

    due_on: date
    rule: Rule
    day: date


def marks_between(
    occasion: Occasion, schedule: Callable[[date], Sequence[Rule]], *, after: date, until: date
) -> list[Mark]:
    """The marks of the days after `after`, up to `until`, by the schedule in force on each.

    Of several that were missed for one due day only the newest for each person is left, and none that says
    "soon" of a day that is over.
    """
    newest: dict[tuple[date, Who], Mark] = {}
    for ago in range((until - after).days):
        day = until - timedelta(days=ago)
        for rule in schedule(day):
            due_on = day - timedelta(days=rule.offset)
            is_stale = due_on < until and (rule.offset < 0 or not OCCASIONS[occasion].stands)
            if not is_stale:
                newest.setdefault((due_on, rule.who), Mark(due_on, rule, day))
    return sorted(newest.values(), key=lambda each: (each.due_on, each.rule.mark))


def when_words(due_on: date, today: date) -> str:
    days = (due_on - today).days
    if not days:
        return "today"
    if abs(days) == 1:
        return "tomorrow" if days > 0 else "yesterday"
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def schedule_problems(occasion: Occasion, rules: Sequence[Rule]) -> list[Problem]:
    """Every problem of a schedule; `field` is "0-offset" for the first rule."""
    problems = [
        Problem("", wrong, field=f"{at}-{name}")
        for at, rule in enumerate(rules)
        for name, wrong in _wrong_rule(occasion, rule)
    ]
    seen: set[str] = set()
    for at, rule in enumerate(rules):
        if rule.mark in seen:
            wrong = "There is a rule for this day and these people already. Change that one."
            problems.append(Problem("", wrong, field=f"{at}-offset"))
        seen.add(rule.mark)
    if len(rules) > MOST_RULES:
        problems.append(Problem("", f"A schedule has at most {MOST_RULES} rules.", field=""))
    return problems


def _wrong_rule(occasion: Occasion, rule: Rule) -> Iterator[tuple[str, str]]:
    facts = OCCASIONS[occasion]
    if not EARLIEST <= rule.offset <= LATEST:
        yield (
            "offset",
            f"Enter at most {-EARLIEST} days before and {LATEST} days after the due day.",
        )
    elif rule.offset > 0 and not facts.can_be_late:
        yield "offset", f"{facts.label}: nothing is late after this day. Remind before or on it."
    for name, text, limit in (("title", rule.title, TITLE_LIMIT), ("text", rule.text, TEXT_LIMIT)):
        yield from ((name, wrong) for wrong in _wrong_words(text, limit))


def _wrong_words(text: str, limit: int) -> Iterator[str]:
    if not text.strip():
        yield "Write something."
    if len(text) > limit:
        yield f"Shorten it to {limit:,} characters; it has {len(text):,}."
    for gap in dict.fromkeys(re.findall(r"\{([^{}]*)\}", text)):
        if gap not in GAPS:
            known = ", ".join(f"{{{name}}}" for name in GAPS)
            yield f"There is no placeholder {{{gap}}}. Use {known}."
    if re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", text)):
        yield "A brace { or } stands alone. A placeholder has both, as in {what}."
