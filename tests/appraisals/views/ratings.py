"""Ratings of record in any number, for what leaders see of them."""

import datetime as dt
from itertools import count

from appraisals.models import Appraisal, RatingOfRecord
from orgchart import clock
from orgchart.models import Person
from tests.cast import Cast
from tests.factories import PersonFactory

numbers = count(3_000_000_000)


def newcomer() -> Person:
    return PersonFactory(dod_id=str(next(numbers)))


def issue(
    cast: Cast,
    levels: list[int],
    *,
    place: str = "FIRE",
    official: Person | None = None,
    grade: str = "08",
    series: str = "0081",
    is_supervisor: bool = False,
    bargaining_unit: str = "7777",
) -> None:
    """Each level to somebody new who works in `place`."""
    for level in levels:
        appraisal = Appraisal.objects.create(
            employee=newcomer(),
            cycle=cast.cycle,
            rating_official=official or cast.rating_official,
            organization=cast.places[place],
            position_title="Firefighter",
            pay_plan="GS",
            occupational_series=series,
            grade=grade,
            is_supervisor=is_supervisor,
            bargaining_unit=bargaining_unit,
            starts_on=cast.cycle.starts_on,
            opened_at=clock.now(),
        )
        RatingOfRecord.objects.create(
            appraisal=appraisal,
            level=level,
            rated_sum=level,
            rated_count=1,
            effective_on=dt.date(2027, 6, 1),
            issued_at=clock.now(),
            issued_by=cast.rating_official,
        )
