"""What the tests of reorganizing start from."""

import datetime as dt

from appraisals.models import Appraisal, AppraisalEvent
from orgchart.models import Assignment, Organization, Person, RoleGrant
from orgchart.services.reorganizing import Wanted
from tests.cast import Cast

TODAY = dt.date(2027, 2, 1)
AHEAD = dt.date(2027, 3, 1)


def hr_of_all(cast: Cast) -> Person:
    """Of the whole department."""
    top = cast.people["army_chief"]
    RoleGrant.objects.create(
        person=top, role="hr_administrator", organization=cast.places["DOD"], starts_on=TODAY
    )
    return top


def wanted(cast: Cast, kind: str, unit: str = "FIRE", **fields) -> Wanted:
    given = {"effective_on": TODAY, "reason": "The garrison is reorganized."} | fields
    return Wanted(kind=kind, organization=Organization.objects.get(code=unit), **given)


def unit(code: str) -> Organization:
    return Organization.objects.get(code=code)


def snapshot() -> list[list[tuple]]:
    """Everything a reorganization may change."""
    return [
        list(Organization.objects.order_by("pk").values_list()),
        list(Assignment.objects.order_by("pk").values_list()),
        list(Appraisal.objects.order_by("pk").values_list()),
        list(AppraisalEvent.objects.order_by("pk").values_list("pk", "name")),
    ]
