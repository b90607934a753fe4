"""Plans of today that would not be in order under the edition."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q

from appraisals.editions.bases import Base
from appraisals.editions.effect import Change, Effect, What

STAYS = (
    "They stay as they were approved. Whoever changes one, or copies it into the next cycle, has to "
    "bring it in line first."
)


def _plan(key: str, rule: str, title: str, condition: Q, shown: str, **more: str) -> Effect:
    """`shown`: the annotation that says how far a plan is off."""

    def detail(row: Any) -> str:
        return f"{getattr(row, shown):,} now"

    return Effect(
        key=key,
        what=What.PLANS,
        rule=rule,
        title=title,
        then=STAYS,
        condition=condition,
        base=Base.PLANS,
        detail=detail,
        **more,
    )


def _elements(change: Change) -> Iterator[Effect]:
    """R3.2"""
    old, new = change.values("elements_maximum")
    if new < old:
        condition = Q(elements_held__gt=new, elements_held__lte=old)
        title = "The plan has more elements than would be allowed"
        yield _plan(
            "too-many-elements",
            "R3.2",
            title,
            condition,
            "elements_held",
            old=str(old),
            new=str(new),
        )
    old, new = change.values("elements_minimum")
    if new > old:
        condition = Q(elements_held__lt=new, elements_held__gte=old)
        title = "The plan has fewer elements than would be needed"
        yield _plan(
            "too-few-elements",
            "R3.2",
            title,
            condition,
            "elements_held",
            old=str(old),
            new=str(new),
        )


def _balance_and_goal(change: Change) -> Iterator[Effect]:
    """R3.7, R3.8"""
    if change.after.supervisory_balance_required and not change.before.supervisory_balance_required:
        condition = Q(appraisal__is_supervisor=True, elements_held__gt=2 * F("leading"))
        title = "The supervisor’s plan has fewer supervisory elements than others"
        yield _plan("unbalanced", "R3.7", title, condition, "leading")
    if change.after.goal_required and not change.before.goal_required:
        condition = Q(elements_held__gt=0, serving=0)
        title = "No element of the plan serves a goal"
        yield _plan("no-goal", "R3.8", title, condition, "serving")


def _limits(change: Change) -> Iterator[Effect]:
    """R6.5"""
    for name, shown, text in (
        ("title_limit", "longest_title", "A title"),
        ("description_limit", "longest_description", "A description"),
        ("standards_limit", "longest_standards", "The text of standards"),
        ("values_limit", "values_length", "The text on core values"),
    ):
        old, new = change.values(name)
        if new >= old:
            continue
        condition = Q(**{f"{shown}__gt": new, f"{shown}__lte": old})
        title = f"{text} is longer than would be allowed"
        yield _plan(
            f"long-{name.removesuffix('_limit')}",
            "R6.5",
            title,
            condition,
            shown,
            old=f"{old:,}",
            new=f"{new:,}",
        )


PLAN_FINDERS = (_elements, _balance_and_goal, _limits)
