"""The big numbers of the unit somebody heads, each with its list behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from appraisals.counts import (
    DONE_WORDS,
    STAGE_NAMES,
    Counts,
    calendar_from,
    stage_now,
    unit_counts,
)
from appraisals.models import AppraisalCycle
from appraisals.standing import Stage
from appraisals.views.unit_rows import UnitRow, cycle_url, records_url, unit_rows
from orgchart import clock
from orgchart.models import Assignment, Organization, Person
from orgchart.selectors import SENIOR

MOST_UNITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """`more` units are not among the rows: those have the most late people."""

    organization: Organization
    cycle: str
    url: str
    numbers: list[dict[str, Any]]
    stage_name: str
    rows: list[UnitRow]
    more: int
    parts: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Headed:
    """The uppermost unit somebody heads, mostly the one they work in. For a senior leader with each unit
    just `below`; a division chief's team says as much by itself."""

    organization: Organization
    below: list[Organization]


def headed_unit(user: Person, assignment: Assignment | None) -> Headed | None:
    """One query."""
    place = assignment.organization if assignment else None
    if place and place.head_id == user.pk:
        asked = Q(parent=place)
    else:
        place, asked = None, Q(head=user) | Q(parent__head=user)
    found = list(Organization.objects.filter(asked).select_related("head").order_by("path"))
    unit = place or next((each for each in found if each.head_id == user.pk), None)
    if unit is None:
        return None
    unit.head = user
    is_senior = unit.kind_id in SENIOR
    below = [each for each in found if each.parent_id == unit.pk and is_senior]
    return Headed(unit, sorted(below, key=lambda each: each.name))


def strip_of(
    headed: Headed, cycles: Iterable[AppraisalCycle], *, known: Mapping[int, AppraisalCycle]
) -> Strip | None:
    """Nothing where no cycle was ever opened. Numbers and stages only, as on the unit's own page.

    `cycles`: at least those of the unit; `known` holds those that are read with their milestones.
    """
    organization, today = headed.organization, clock.today()
    calendar = calendar_from(organization, cycles)
    cycle = calendar.chosen("", on=today)
    if cycle is None:
        return None
    cycle = known.get(cycle.pk, cycle)
    policy = calendar.edition(organization, on=today).rules()
    stage = stage_now(cycle, policy, on=today)
    counts = unit_counts(calendar.standings(organization, cycle))
    rows = unit_rows(organization, headed.below, counts, cycle=cycle, stage=stage)
    return Strip(
        organization=organization,
        cycle=cycle.name,
        url=cycle_url(organization, cycle, stage),
        numbers=_numbers(organization, cycle, counts.whole, stage),
        stage_name=STAGE_NAMES[stage],
        rows=_worst(rows),
        more=max(0, len(rows) - MOST_UNITS),
        parts=counts.whole.parts(stage),
    )


def _numbers(
    organization: Organization, cycle: AppraisalCycle, counts: Counts, stage: Stage
) -> list[dict[str, Any]]:
    late = counts.late.total()
    return [
        *(
            {
                "value": "–" if (share := counts.share(each)) is None else f"{share}%",
                "words": DONE_WORDS[each],
                "url": records_url(organization, cycle, each),
            }
            for each in Stage
        ),
        {
            "value": f"{late:,}",
            "words": "late",
            "kind": "late" if late else "good",
            "url": records_url(organization, cycle, stage, late="any"),
        },
    ]


def _worst(rows: list[UnitRow]) -> list[UnitRow]:
    """All of a few, by name; of many those where most people are late, by their number."""
    if len(rows) <= MOST_UNITS:
        return rows
    return sorted(rows, key=lambda row: -row.late)[:MOST_UNITS]
