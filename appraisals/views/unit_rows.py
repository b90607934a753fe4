"""The table of the units below one, with the list behind each number."""

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from appraisals.counts import Counts, UnitCounts
from appraisals.models import AppraisalCycle
from appraisals.standing import Stage
from orgchart.models import Organization


def cycle_url(place: Organization, cycle: AppraisalCycle, stage: Stage) -> str:
    return f"{reverse('unit_cycle', args=[place.code])}?{_asked(cycle, stage)}"


def records_url(place: Organization, cycle: AppraisalCycle, stage: Stage, **asked: str) -> str:
    return f"{reverse('unit_records', args=[place.code])}?{_asked(cycle, stage, **asked)}"


def _asked(cycle: AppraisalCycle, stage: Stage, **asked: str) -> str:
    return urlencode({"cycle": cycle.pk, "stage": stage.value, **asked})


def unit_rows(
    organization: Organization,
    below: list[Organization],
    counts: UnitCounts,
    *,
    cycle: AppraisalCycle,
    stage: Stage,
) -> list[dict[str, Any]]:
    """Each unit just below with all below it; last, who works in the unit itself."""
    rows = [
        {
            **_numbers(place, counts.below.get(place.pk, Counts()), cycle=cycle, stage=stage),
            "name": place.name,
            "url": cycle_url(place, cycle, stage),
            "head": place.head.full_name if place.head else "",
        }
        for place in below
    ]
    if counts.alone.people and below:
        rows.append(
            {
                **_numbers(organization, counts.alone, cycle=cycle, stage=stage, alone="on"),
                "name": "Directly in this unit",
                "url": records_url(organization, cycle, stage, alone="on"),
                "head": "",
            }
        )
    return rows


def _numbers(
    place: Organization, counts: Counts, *, cycle: AppraisalCycle, stage: Stage, **alone: str
) -> dict[str, Any]:
    share = counts.share(stage)
    return {
        "people": counts.people,
        "parts": counts.parts(stage),
        "share": "–" if share is None else f"{share}%",
        "late": counts.late.total(),
        "late_url": records_url(place, cycle, stage, late="any", **alone),
        "records_url": records_url(place, cycle, stage, **alone),
    }
