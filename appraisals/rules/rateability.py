"""Whether somebody can be rated this cycle, from which day on, and why: in words for the employee."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from appraisals.rules.dates import days_under_plan
from appraisals.rules.policy import Policy
from appraisals.rules.words import counted, date_words

UNION_TIME = "union_time"
FEW_DAYS = "few_days"
NO_PLAN = "no_plan"

_FAR = timedelta(days=3660)


@dataclass(frozen=True)
class Away:
    """A time in which somebody is specially situated (R7.13). `ends_on` None: it goes on."""

    kind: str
    name: str
    starts_on: date
    ends_on: date | None = None


def is_left_out(kind: str, policy: Policy) -> bool:
    """R7.13a: no agency work is done on 100% union time, so no rule lets it count; the rest is a setting."""
    return kind == UNION_TIME or not policy.absence_counts


def days_left_out(first: date, last: date, away: Iterable[Away], policy: Policy) -> int:
    """R7.13: days from first to last that do not count, each once however many times it is covered."""
    left_out, covered_until = 0, first - timedelta(days=1)
    for each in sorted(away, key=lambda each: each.starts_on):
        if not is_left_out(each.kind, policy):
            continue
        begins = max(each.starts_on, covered_until + timedelta(days=1))
        ends = min(each.ends_on or last, last)
        if ends >= begins:
            left_out += (ends - begins).days + 1
            covered_until = ends
    return left_out


def counted_days(approved_on: date, until: date, away: Sequence[Away], policy: Policy) -> int:
    """R1.5, R7.13: days under the approved plan, less those that do not count."""
    days = days_under_plan(approved_on, until, policy)
    return max(days - days_left_out(approved_on, until, away, policy), 0)


def reached_on(approved_on: date, away: Sequence[Away], policy: Policy) -> date | None:
    """The first day on which the days suffice; None while nobody can say."""
    day = approved_on + timedelta(days=max(policy.minimum_period_days - 1, 0))
    last = approved_on + _FAR
    while day <= last:
        short = policy.minimum_period_days - counted_days(approved_on, day, away, policy)
        if short <= 0:
            return day
        if any(_goes_on(each, day, policy) for each in away):
            return None
        day += timedelta(days=short)
    return None


def _goes_on(each: Away, day: date, policy: Policy) -> bool:
    return each.ends_on is None and each.starts_on <= day and is_left_out(each.kind, policy)


@dataclass(frozen=True)
class Rateability:
    """The answer for one record. `bar` says why not: "" when the days suffice."""

    approved_on: date | None
    until: date
    days: int
    needed: int
    left_out: int
    reached_on: date | None
    is_extended: bool
    bar: str
    away: tuple[Away, ...]

    @property
    def is_rateable(self) -> bool:
        return not self.bar


def rateability(
    approved_on: date | None,
    *,
    cycle_ends_on: date,
    extended_until: date | None,
    away: Sequence[Away],
    policy: Policy,
) -> Rateability:
    """R1.5, R1.11, R7.8, R7.13"""
    until = extended_until or cycle_ends_on
    days = left_out = 0
    reached = None
    if approved_on is not None:
        days = counted_days(approved_on, until, away, policy)
        left_out = days_left_out(approved_on, until, away, policy)
        reached = reached_on(approved_on, away, policy)
    return Rateability(
        approved_on=approved_on,
        until=until,
        days=days,
        needed=policy.minimum_period_days,
        left_out=left_out,
        reached_on=reached,
        is_extended=extended_until is not None,
        bar=_bar(approved_on, days, left_out, until, away, policy),
        away=tuple(away),
    )


def _bar(
    approved_on: date | None,
    days: int,
    left_out: int,
    until: date,
    away: Sequence[Away],
    policy: Policy,
) -> str:
    if approved_on is None:
        return NO_PLAN
    if days >= policy.minimum_period_days:
        return ""
    if not left_out:
        return FEW_DAYS
    longest = max(
        (each for each in away if is_left_out(each.kind, policy)),
        key=lambda each: days_left_out(approved_on, until, [each], policy),
    )
    return longest.kind


def explain_rateability(answer: Rateability, *, today: date) -> tuple[str, ...]:
    """Plain words for the employee; the first sentence is the answer."""
    if answer.approved_on is None:
        return (
            "No plan is approved yet, so nobody can be rated by it.",
            f"{counted(answer.needed, 'day')} under an approved plan are needed by "
            f"{date_words(answer.until)}.",
        )
    has = "has had" if today > answer.until else "will have had"
    arithmetic = (
        f"The plan was approved on {date_words(answer.approved_on)}. By {date_words(answer.until)} "
        f"it {has} {counted(answer.days, 'day')} that count, and {answer.needed} are needed."
    )
    return (_verdict(answer), arithmetic, *_days_away(answer), *_way_out(answer))


def _verdict(answer: Rateability) -> str:
    what = "this appraisal period, which was extended," if answer.is_extended else "this cycle"
    if answer.is_rateable:
        return f"A rating can be given for {what}."
    return f"As it stands, no rating can be given for {what}, and none is ever guessed."


def _days_away(answer: Rateability) -> tuple[str, ...]:
    """R7.13"""
    if not answer.left_out:
        return ()
    names = dict.fromkeys(each.name for each in answer.away)
    verb = "does" if answer.left_out == 1 else "do"
    return (
        f"{counted(answer.left_out, 'day')} {verb} not count, because no work under the plan could be "
        f"done: {'; '.join(names)}.",
    )


def _way_out(answer: Rateability) -> tuple[str, ...]:
    """R1.11, R7.8"""
    if answer.is_rateable:
        return ()
    if answer.reached_on is None:
        return ("How long that lasts is not known, so no day can be named on which it could be.",)
    return (
        f"On {date_words(answer.reached_on)} the days would suffice: HR may extend the period until "
        "then, or close the year without a rating.",
    )


def shifted(due_on: date, cycle_ends_on: date, extended_until: date | None) -> date:
    """R1.11: what is due after the period moves with its end."""
    return due_on + ((extended_until - cycle_ends_on) if extended_until else timedelta())


def extension_problem(until: date, *, cycle_ends_on: date, today: date, policy: Policy) -> str:
    """R1.11: why a period cannot be extended until that day; "" when it can."""
    last = cycle_ends_on + timedelta(days=policy.extension_longest_days)
    if until <= cycle_ends_on:
        return f"The cycle ends on {date_words(cycle_ends_on)}. Choose a later day."
    if until < today:
        return "This day is over. Choose today or a later day."
    if until > last:
        return (
            f"A period is extended by {policy.extension_longest_days} days at most: until "
            f"{date_words(last)}."
        )
    return ""


def effective_after_extension(
    cycle_effective_on: date, extended_until: date | None, issued_on: date
) -> date:
    """R1.2, R1.11: the usual day; of an extended period not before the rating was given."""
    return max(cycle_effective_on, issued_on) if extended_until else cycle_effective_on
