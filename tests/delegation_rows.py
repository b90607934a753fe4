"""A delegate of the rating official under test: a supervisor of the division beside."""

import datetime as dt

from appraisals.models import Delegation
from appraisals.services.delegating import delegate
from orgchart import clock
from tests.cast import PRACTICE_DAY, SECRET, Cast


def make_delegation(cast: Cast) -> None:
    with clock.frozen(PRACTICE_DAY):
        delegate(
            cast.rating_official,
            to=cast.official_elsewhere,
            starts_on=PRACTICE_DAY,
            ends_on=PRACTICE_DAY + dt.timedelta(days=30),
            reason=f"Away {SECRET}",
            by=cast.rating_official,
        )


def delegation_arguments() -> dict[str, list[object]]:
    made = Delegation.objects.get().pk
    return {"delegation_detail": [made], "delegation_end": [made]}
