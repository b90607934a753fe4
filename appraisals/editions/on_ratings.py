"""Ratings still to be given, how long they are kept, and what they lead to."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q

from appraisals import rules
from appraisals.editions.bases import Base
from appraisals.editions.effect import Change, Effect, What
from orgchart.templatetags.ui import day


def _rating_detail(row: Any) -> str:
    return f"In effect since {day(row.effective_on)}"


def _ratings(change: Change) -> Iterator[Effect]:
    """R7.4, R7.7"""
    old, new = change.values("outstanding_threshold_tenths")
    if old != new:
        yield Effect(
            key="threshold",
            what=What.RATINGS,
            rule="R7.4",
            title="Average from which the rating is Outstanding",
            then="Ratings given under an earlier edition stay.",
            old=f"{old / 10:.1f}",
            new=f"{new / 10:.1f}",
            condition=Q(annual=0),
        )
    if set(change.before.narrative_required_levels) != set(change.after.narrative_required_levels):
        old, new = change.values("narrative_required_levels")
        yield Effect(
            key="narratives",
            what=What.RATINGS,
            rule="R7.7",
            title="Element ratings that need a narrative",
            then="Asked of annual appraisals that are started from that day on.",
            old=_levels(old),
            new=_levels(new),
            condition=Q(annual=0),
        )


def _levels(levels: Sequence[int]) -> str:
    return ", ".join(rules.LEVEL_NAMES[level] for level in sorted(levels, reverse=True)) or "None"


def _consequences(change: Change) -> Iterator[Effect]:
    """R10.7, R12.2, R12.3: of each person's latest rating, whose answer would be another."""
    for name, rule, what, allowed in (
        ("within_grade_minimum", "R10.7", "a within-grade increase", _within_grade),
        ("quality_step_level", "R12.2", "a quality step increase", _quality_step),
        ("award_minimum", "R12.3", "a rating-based award", _award),
    ):
        before = {level for level in rules.RATED_LEVELS if allowed(level, change.before)}
        after = {level for level in rules.RATED_LEVELS if allowed(level, change.after)}
        for key, levels, verb in (
            ("lost", before - after, "no longer"),
            ("gained", after - before, "now"),
        ):
            if not levels:
                continue
            yield Effect(
                key=f"{name.replace('_', '-')}-{key}",
                what=What.CONSEQUENCES,
                rule=rule,
                title=f"The latest rating would {verb} allow {what}",
                then="Decisions made before that day stay.",
                old=_levels(sorted(before)),
                new=_levels(sorted(after)),
                base=Base.RATINGS,
                condition=Q(is_latest=True, current_level__in=sorted(levels)),
                detail=_rating_detail,
            )


def _within_grade(level: int, policy: rules.Policy) -> bool:
    return rules.within_grade_answer(level, work_is_acceptable=True, policy=policy).allowed


def _quality_step(level: int, policy: rules.Policy) -> bool:
    return rules.quality_step_answer(level, policy).allowed


def _award(level: int, policy: rules.Policy) -> bool:
    return rules.award_answer(level, policy).allowed


def _kept(change: Change) -> Iterator[Effect]:
    """R13.1"""
    old, new = change.values("retention_years")
    if old != new:
        yield Effect(
            key="kept",
            what=What.DATES,
            rule="R13.1",
            title="Years a rating of record and its plan are kept",
            then="Also for ratings that are in effect already.",
            old=str(old),
            new=str(new),
            base=Base.RATINGS,
            condition=Q(),
            detail=_rating_detail,
        )


RATING_FINDERS = (_ratings, _kept, _consequences)
