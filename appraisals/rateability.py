"""From a record to the question of `rules.rateability`, and to what its counting leaves out."""

import datetime as dt

from django.db.models import prefetch_related_objects

from appraisals import rules
from appraisals.models import (
    Appraisal,
    Document,
    Kind,
    NotRatedReason,
    SituationKind,
    State,
)
from appraisals.rules.words import date_words


def away_of(appraisal: Appraisal) -> tuple[rules.Away, ...]:
    """R7.13: what the employee is specially situated by; no query where it was read along or before."""
    read: list[dict[str, str]] | None = vars(appraisal).get("away")
    if read is not None:
        return tuple(_away(**each) for each in read)
    prefetch_related_objects([appraisal.employee], "situations")
    return tuple(
        rules.Away(each.kind, each.get_kind_display(), each.starts_on, each.ends_on)
        for each in appraisal.employee.situations.all()
        if each.removed_at is None
    )


def _away(kind: str, starts_on: str, ends_on: str | None) -> rules.Away:
    """One of those that `selectors.with_documents` reads along."""
    return rules.Away(
        kind,
        SituationKind(kind).label,
        dt.date.fromisoformat(starts_on),
        dt.date.fromisoformat(ends_on) if ends_on else None,
    )


def rateability_of(appraisal: Appraisal, plan: Document | None) -> rules.Rateability:
    """R1.5, R7.8, R7.13, by the policy of the plan."""
    return rules.rateability(
        plan.approved_on if plan else None,
        cycle_ends_on=appraisal.cycle.ends_on,
        extended_until=appraisal.extended_until,
        away=away_of(appraisal),
        policy=plan.policy.rules() if plan else rules.Policy(),
    )


def is_lost_to_union_time(appraisal: Appraisal, plan: Document | None) -> bool:
    """R7.13a: 100% official time in this period, and not enough beside it for a rating."""
    answer, starts_on = rateability_of(appraisal, plan), appraisal.cycle.starts_on
    return not answer.is_rateable and any(
        each.kind == rules.UNION_TIME
        and each.starts_on <= answer.until
        and (each.ends_on is None or each.ends_on >= starts_on)
        for each in answer.away
    )


def closing_problem(appraisal: Appraisal, reason: str, explanation: str) -> str:
    """Why the year cannot be closed for this reason now; "" when it can (R7.8, R7.9)."""
    by_kind = {each.kind: each for each in appraisal.documents.all()}
    answer = rateability_of(appraisal, by_kind.get(Kind.PERFORMANCE_PLAN))
    annual = by_kind.get(Kind.ANNUAL_APPRAISAL)
    if annual and annual.state != State.DRAFT:
        return (
            "The annual appraisal has been sent up. Have it taken back or returned first, or let "
            "the rating be given."
        )
    if reason == NotRatedReason.FEW_DAYS and answer.is_rateable:
        return (
            f"There are {answer.days} days under the approved plan by {date_words(answer.until)}, and "
            f"{answer.needed} are needed. A rating is owed; choose the reason that keeps it from being "
            "given."
        )
    if reason != NotRatedReason.FEW_DAYS and not explanation.strip():
        return "Say in a sentence or two why no rating can be given. The employee reads it."
    return ""
