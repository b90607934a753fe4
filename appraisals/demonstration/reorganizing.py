"""What HR of the garrison decided: one change done in March, two that lie ahead."""

import datetime as dt

from appraisals.demonstration.place import Place
from appraisals.services.reorganizing import apply_due, decide
from orgchart import clock
from orgchart.models import Organization
from orgchart.models.reorganization import Kind
from orgchart.services.reorganizing import Wanted

RENAMED = "DPW-OPS"
FORMER_NAME = "Operations Division"
MORNING = dt.time(10, 40)


def build_reorganizations(place: Place, *, until: dt.date) -> None:
    """Nothing that is decided after `until`."""
    decided = dt.date(until.year, 3, 15)
    if decided > until:
        return
    units = {unit.code: unit for unit in Organization.objects.select_related("parent")}
    by = place.people["miriam.castellano"]
    name = units[RENAMED].name
    Organization.objects.filter(code=RENAMED).update(name=FORMER_NAME)
    with clock.frozen(decided, at=MORNING):
        decide(
            Wanted(
                kind=Kind.RENAME,
                organization=Organization.objects.get(code=RENAMED),
                name=name,
                effective_on=decided,
                reason="Maintenance has been part of this division for a year, and its name says so now.",
            ),
            by=by,
        )
        decide(
            Wanted(
                kind=Kind.MERGE,
                organization=units["DES-POLICE-NIGHT"],
                target=units["DES-POLICE-DAY"],
                effective_on=dt.date(until.year, 7, 1),
                reason="One patrol branch with two shifts, under one head.",
            ),
            by=by,
        )
        decide(
            Wanted(
                kind=Kind.HEAD,
                organization=units["DPW-OPS-UTIL"],
                person=place.people[place.heads[RENAMED]],
                effective_on=dt.date(until.year, 5, 3),
                reason="Until the place is filled again.",
            ),
            by=by,
        )
    with clock.frozen(until, at=MORNING):
        apply_due()
