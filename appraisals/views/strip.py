"""The big numbers of the unit somebody heads, each with its list behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from appraisals.counts import (
    DONE_WORDS,
    STAGE_NAMES,
    Counts,
    calendar_of,
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


def headed_unit(user: Person, assignment: Assignment | None) -> Organization | None:
    """The uppermost unit this person heads; mostly the one they work in."""
    organization = assignment.organization if assignment else None
    if organization is None or organization.head_id != user.pk:
        organization = Organization.objects.filter(head=user).order_by("path").first()
    if organization:
        organization.head = user
    return organization


def units_below(organization: Organization) -> list[Organization]:
    """For a senior leader, each unit just below; a division chief's team says as much by itself."""
    if organization.kind_id not in SENIOR:
        return []
    below = Organization.objects.filter(parent=organization).select_related("head")
    return list(below.order_by("name"))


def strip_of(organization: Organization, *, known: Mapping[int, AppraisalCycle]) -> Strip | None:
    """Nothing where no cycle was ever opened. Numbers and stages only, as on the unit's own page.

    `known` holds cycles that are read already, with their milestones.
    """
    calendar, today = calendar_of(organization), clock.today()
    cycle = calendar.chosen("", on=today)
    if cycle is None:
        return None
    cycle = known.get(cycle.pk, cycle)
    policy = calendar.edition(organization, on=today).rules()
    stage = stage_now(cycle, policy, on=today)
    counts = unit_counts(calendar.standings(organization, cycle))
    rows = unit_rows(organization, units_below(organization), counts, cycle=cycle, stage=stage)
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
