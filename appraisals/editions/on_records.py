"""Reviews to come and days that move for records under way."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from appraisals import rules
from appraisals.editions.bases import Base
from appraisals.editions.effect import Change, Effect, What
from orgchart.templatetags.ui import day

TO_BE_STARTED = Q(annual=0)
SETTLED = "A year whose plan is opened before that day keeps what its plan was opened under."


def _reviews(change: Change) -> Iterator[Effect]:
    """R3.9, R5.5, R8.5"""
    changeable = Q(annual=0, plan_approved_on__isnull=False)
    to_come = Q(annual=0, begun__lt=max(change.after.progress_reviews_minimum, 1))
    for name, rule, kind, condition in (
        ("plan_change_needs_review", "R3.9", "plan change", changeable),
        ("progress_review_needs_review", "R5.5", "progress review", to_come),
        ("annual_appraisal_needs_review", "R8.5", "annual appraisal", TO_BE_STARTED),
    ):
        if not change.differs(name):
            continue
        needed = getattr(change.after, name)
        way = "goes to higher level review" if needed else "no longer goes to higher level review"
        yield Effect(
            key=f"{kind.replace(' ', '-')}-reviewed",
            what=What.REVIEWS,
            rule=rule,
            title=f"The {kind} still to be opened {way}",
            then=f"A {kind} opened before that day keeps its way.".replace("A annual", "An annual"),
            condition=condition,
        )
        if needed:
            yield Effect(
                key=f"{kind.replace(' ', '-')}-unnamed",
                what=What.REVIEWS,
                rule=rule,
                title=f"Of these, the {kind} could not be sent up: nobody is named to review it",
                then="Name a higher level reviewer before that day.",
                condition=condition & Q(higher_level_reviewer__isnull=True),
            )


def _unacceptable(change: Change) -> Iterator[Effect]:
    """R8.1: nothing changes where all appraisals are reviewed anyway."""
    before, after = (
        policy.unacceptable_needs_review or policy.annual_appraisal_needs_review
        for policy in (change.before, change.after)
    )
    if before == after:
        return
    yield Effect(
        key="unacceptable-reviewed",
        what=What.REVIEWS,
        rule="R8.1",
        title="An Unacceptable rating would "
        + ("have to be reviewed" if after else "take effect without higher level review"),
        then="Annual appraisals started before that day keep their way.",
        condition=TO_BE_STARTED,
    )


def _progress_reviews(change: Change) -> Iterator[Effect]:
    """R1.7"""
    old, new = change.values("progress_reviews_minimum")
    if old == new:
        return
    yield Effect(
        key="progress-reviews",
        what=What.REVIEWS,
        rule="R1.7",
        title="No plan yet: progress reviews needed before the annual appraisal",
        then=SETTLED,
        old=str(old),
        new=str(new),
        base=Base.NEWCOMERS,
        condition=Q(),
        detail=_newcomer_detail,
    )


def _minimum_period(change: Change) -> Iterator[Effect]:
    """R1.5, R1.6: each cycle has its own last day."""
    for cycle in change.cycles:
        old, new = (
            rules.last_rateable_approval(cycle.ends_on, policy)
            for policy in (change.before, change.after)
        )
        if old == new or max(old, new) <= change.on:
            continue
        yield Effect(
            key=f"last-day-{cycle.pk}",
            what=What.DATES,
            rule="R1.5",
            title=f"{cycle.name}: no plan yet, and the last day to approve one that can be rated",
            then=SETTLED,
            old=day(old),
            new=day(new),
            base=Base.NEWCOMERS,
            condition=Q(),
            detail=_newcomer_detail,
        )


def _opening_days(change: Change) -> Iterator[Effect]:
    """R1.10: of a cycle whose day is over either way, nothing moves."""
    if not change.differs("appraisal_opens_days_before_end"):
        return
    for cycle in change.cycles:
        old, new = (
            rules.appraisal_opens_on(cycle.ends_on, policy)
            for policy in (change.before, change.after)
        )
        if max(old, new) <= change.on:
            continue
        yield Effect(
            key=f"appraisal-opens-{cycle.pk}",
            what=What.DATES,
            rule="R1.10",
            title=f"{cycle.name}: the annual appraisal can be started from",
            then="Those started already go on.",
            old=day(old),
            new=day(new),
            condition=Q(annual=0, cycle=cycle),
        )


def _days(change: Change) -> Iterator[Effect]:
    """R1.3, R1.8"""
    old, new = change.values("plan_due_days")
    if old != new:
        yield Effect(
            key="plans-due",
            what=What.DATES,
            rule="R1.3",
            title="No plan yet: days to have one approved",
            then="Counted for plans that are opened from that day on.",
            old=str(old),
            new=str(new),
            base=Base.NEWCOMERS,
            condition=Q(),
            detail=_newcomer_detail,
        )
    old, new = change.values("progress_review_minimum_days")
    if old != new:
        yield Effect(
            key="first-review",
            what=What.DATES,
            rule="R1.8",
            title="No progress review yet: days under the plan before one",
            then="Reviews started already go on.",
            old=str(old),
            new=str(new),
            condition=Q(annual=0, begun=0, plan_approved_on__isnull=False),
        )


def _newcomer_detail(row: Any) -> str:
    return f"{row.position_title}, since {day(row.starts_on)}"


RECORD_FINDERS = (_reviews, _unacceptable, _progress_reviews, _minimum_period, _opening_days, _days)
