"""What stands in the way of a policy edition: numbers that the rules could not work with."""

from collections.abc import Iterator, Mapping
from dataclasses import fields

from appraisals.rules.facts import Problem
from appraisals.rules.notices import NOTICES
from appraisals.rules.policy import ELEMENT_LEVELS, RATED_LEVELS, Policy

# Up to this many elements an average shown with two decimals never seems to contradict the rating.
MOST_ELEMENTS = 20

_RANGES: Mapping[str, tuple[int, int]] = {
    "cycle_start_month": (1, 12),
    "cycle_start_day": (1, 28),
    "effective_month": (1, 12),
    "effective_day": (1, 28),
    "elements_minimum": (1, MOST_ELEMENTS),
    "elements_maximum": (1, MOST_ELEMENTS),
    "outstanding_threshold_tenths": (31, 50),
    "title_limit": (1, 400),
    "retention_years": (0, 100),
    "transfer_years": (0, 100),
    "unacceptable_retention_years": (0, 100),
    "reduction_in_force_years": (1, 100),
    "late_reminder_first_days": (1, 90),
    "late_reminder_every_days": (1, 90),
    "late_reminder_times": (0, 12),
    "late_to_second_level_days": (0, 180),
    "late_to_unit_head_days": (0, 180),
    "opportunity_target_days": (1, 365),
    "opportunity_minimum_days": (0, 365),
    "opportunity_meeting_days": (1, 365),
    "cash_award_percent": (0, 100),
    "one_time_award_least_percent": (0, 100),
    "one_time_award_most_percent": (0, 100),
    "one_time_award_dollars": (0, 1_000_000),
    "one_time_award_top_percent": (0, 100),
}
_ANY_NUMBER = (0, 3660)
_ANY_LIMIT = (1, 100_000)
_LEVELS = ("within_grade_minimum", "quality_step_level", "award_minimum")


def policy_problems(values: Mapping[str, object]) -> list[Problem]:
    """`values` is what differs from the defaults; each problem's `field` is a field of `Policy`."""
    known = {each.name: each for each in fields(Policy)}
    problems = []
    for name, value in values.items():
        if name not in known:
            problems.append(Problem("", f"A policy has no setting called {name}.", field=name))
            continue
        rule, label = known[name].metadata["rule"], known[name].metadata["label"]
        problems += [
            Problem(rule, f"{label}: {wrong}", field=name)
            for wrong in _wrong_value(name, value, known[name].default)
        ]
    return problems or list(_contradictions(values))


def _wrong_value(name: str, value: object, default: object) -> Iterator[str]:
    if isinstance(default, bool):
        if not isinstance(value, bool):
            yield "answer yes or no."
    elif isinstance(default, int):
        yield from _wrong_number(name, value)
    elif isinstance(default, tuple):
        yield from _wrong_choice(name, value)
    elif not isinstance(value, str) or not value.strip():
        yield "write something."


def _wrong_choice(name: str, value: object) -> Iterator[str]:
    known = NOTICES if name == "mandatory_notices" else ELEMENT_LEVELS
    if isinstance(value, list | tuple) and all(each in known for each in value):
        return
    yield (
        "choose from the kinds of notices there are."
        if known is NOTICES
        else "choose from 5, 3, 1 and 0 (not rated)."
    )


def _wrong_number(name: str, value: object) -> Iterator[str]:
    if name in _LEVELS:
        if value not in RATED_LEVELS:
            yield "choose 5, 3 or 1."
        return
    least, most = _RANGES.get(name, _ANY_LIMIT if name.endswith("_limit") else _ANY_NUMBER)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        yield f"enter a whole number from {least:,} to {most:,}."


def _contradictions(values: Mapping[str, object]) -> Iterator[Problem]:
    """R3.2, R14.4"""
    least = values.get("elements_minimum", Policy.elements_minimum)
    most = values.get("elements_maximum", Policy.elements_maximum)
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield Problem(
            "R3.2",
            "The fewest elements in a plan are more than the most. Change one of the two.",
            field="elements_minimum",
        )
    second = values.get("late_to_second_level_days", Policy.late_to_second_level_days)
    head = values.get("late_to_unit_head_days", Policy.late_to_unit_head_days)
    if isinstance(second, int) and isinstance(head, int) and head and head < second:
        yield Problem(
            "R14.4",
            "The head of the unit would be told before the second-level supervisor. "
            "Change one of the two.",
            field="late_to_unit_head_days",
        )
