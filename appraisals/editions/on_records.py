"""Reviews to come and days that move for records under way."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from appraisals import rules
from appraisals.editions.bases import Base
from appraisals.editions.effect import Change, Effect, What
from orgchart.templatetags.ui import day

TO_BE_STARTED = Q(annual=0)


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
    more = new > old
    yield Effect(
        key="progress-reviews-more" if more else "progress-reviews-fewer",
        what=What.REVIEWS,
        rule="R1.7",
        title="Another progress review is needed before the annual appraisal"
        if more
        else "No further progress review is needed before the annual appraisal",
        then="Asked when the annual appraisal is sent on, if it is started from that day on.",
        old=str(old),
        new=str(new),
        condition=Q(annual=0, held__lt=new) if more else Q(annual=0, held__gte=new, held__lt=old),
    )


# Dates that move


def _minimum_period(change: Change) -> Iterator[Effect]:
    """R1.5, R1.6: each cycle has its own last day."""
    if not change.differs("minimum_period_days", "count_both_ends"):
        return
    for cycle in change.cycles:
        old, new = (
            rules.last_rateable_approval(cycle.ends_on, policy)
            for policy in (change.before, change.after)
        )
        if old == new:
            continue
        usual = Q(annual=0, cycle=cycle, situated=False, extended_until__isnull=True)
        between = Q(plan_approved_on__gt=min(old, new), plan_approved_on__lte=max(old, new))
        lost = new < old
        yield Effect(
            key=f"{'not-' if lost else ''}rateable-{cycle.pk}",
            what=What.DATES,
            rule="R1.5",
            title=f"{cycle.name}: the last day to approve a plan that can be rated; approved between the two days",
            then=f"They could {'no longer be rated at the end of the cycle' if lost else 'be rated after all'}. "
            "Whose period is extended, or who is specially situated, is not counted here.",
            old=day(old),
            new=day(new),
            condition=usual & between,
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
