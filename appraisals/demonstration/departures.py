"""The head of housing retires in the summer; the head of operations takes his people over."""

import datetime as dt

from appraisals.demonstration.place import Place
from appraisals.models import DepartureKind
from appraisals.services.departures import decide_departure
from appraisals.services.leaving import Leaving
from orgchart import clock

LEAVER, HEIR = "bernard.quill", "curtis.maddox"


def build_departures(place: Place, *, until: dt.date) -> None:
    """Decided on the last day that is told; nothing is owed before the summer."""
    with clock.frozen(until, at=dt.time(11, 5)):
        decide_departure(
            Leaving(
                person=place.people[LEAVER],
                kind=DepartureKind.LEAVES,
                last_day=until + dt.timedelta(days=86),
                successor=place.people[HEIR],
                changes_chart=True,
                reason="He retires after thirty-one years of service.",
            ),
            by=place.people["miriam.castellano"],
        )
