"""The big numbers of the unit somebody heads, each with its list behind it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from appraisals.counts import DONE_WORDS, calendar_of, stage_now, unit_counts
from appraisals.standing import Stage
from orgchart import clock
from orgchart.models import Assignment, Organization, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    organization: Organization
    cycle: str
    url: str
    numbers: list[dict[str, Any]]


def headed_unit(user: Person, assignment: Assignment | None) -> Organization | None:
    """The uppermost unit this person heads; mostly the one they work in."""
    if assignment and assignment.organization.head_id == user.pk:
        return assignment.organization
    return Organization.objects.filter(head=user).order_by("path").first()


def strip_of(organization: Organization) -> Strip | None:
    """Nothing where no cycle was ever opened. Numbers and stages only, as on the unit's own page."""
    calendar, today = calendar_of(organization), clock.today()
    cycle = calendar.chosen("", on=today)
    if cycle is None:
        return None
    policy = calendar.edition(organization, on=today).rules()
    stage = stage_now(cycle, policy, on=today)
    counts = unit_counts(calendar.standings(organization, cycle), organization)
    late = counts.whole.late.total()
    numbers: list[dict[str, Any]] = [
        {
            "value": "–" if (share := counts.whole.share(each)) is None else f"{share}%",
            "words": DONE_WORDS[each],
            "url": _address("unit_records", organization, cycle.pk, each),
        }
        for each in Stage
    ]
    numbers.append(
        {
            "value": f"{late:,}",
            "words": "late",
            "kind": "late" if late else "good",
            "url": _address("unit_records", organization, cycle.pk, stage, late="any"),
        }
    )
    return Strip(
        organization=organization,
        cycle=cycle.name,
        url=_address("unit_cycle", organization, cycle.pk, stage),
        numbers=numbers,
    )


def _address(name: str, organization: Organization, cycle: int, stage: Stage, **asked: str) -> str:
    query = urlencode({"cycle": cycle, "stage": stage.value, **asked})
    return f"{reverse(name, args=[organization.code])}?{query}"
