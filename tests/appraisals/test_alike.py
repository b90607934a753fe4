"""Shapes that come to the same on a day are counted together, and never two that do not."""

import datetime as dt

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisals.counts import calendar_of
from appraisals.rollups.alike import RECORDED, Alike
from appraisals.shapes import shape_of
from appraisals.standing import Standings
from orgchart import clock
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
DAYS = st.dates(dt.date(2026, 3, 1), dt.date(2027, 7, 1))
DAYS_OR_NONE = st.one_of(st.none(), DAYS)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def told(alike: Alike, measure: str) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {alike.sql} FROM (VALUES (%(measure)s::text)) AS given (measure)",  # noqa: S608
            {**alike.values, "measure": measure},
        )
        found: str | None = cursor.fetchone()[0]
    return found


def text(*parts: object) -> str:
    return ":".join(str(part) if part is not None else "" for part in parts)


@st.composite
def shapes(draw: st.DrawFn, edition: int) -> str:
    if draw(st.booleans()):
        return text("at", 0, 0, 0, 0, 0, "", "", draw(DAYS), draw(DAYS), draw(DAYS_OR_NONE))
    plan = draw(st.integers(0, 5))
    rungs = [plan, *(draw(st.integers(0, 5)) for _ in range(3)), draw(st.integers(0, 3))]
    first_day = draw(DAYS) if plan < 5 else None
    rateable = draw(st.sampled_from(["", "yes", "no"]))
    return text("at", *rungs, rateable, edition, first_day, "", "")


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), today=DAYS)
def test_what_is_counted_together_is_judged_the_same(
    cast: Cast, data: st.DataObject, today: dt.date
) -> None:
    place = cast.places["CMD"]
    shape = data.draw(shapes(cast.policy.pk))
    with clock.frozen(today):
        standings = calendar_of(place).standings(place, cast.cycle)
        alike = told(standings.alike_today(), shape)
        judged = standings.judge(shape_of(shape))
        if judged is None or alike is None:
            assert judged is None
            assert alike is None
            return
        assert bare(standings, alike) == bare(standings, shape)


def bare(standings: Standings, shape: str) -> tuple[object, ...]:
    """Everything but the due day, which is each record's own."""
    judged = standings.judge(shape_of(shape))
    assert judged is not None
    return (
        *(judged.plan, judged.review, judged.annual, judged.not_rateable),
        *(judged.waits_for, judged.rung, judged.is_late),
        shape_of(shape).edition,
    )


def test_first_days_of_a_year_come_to_two(cast: Cast) -> None:
    place, first = cast.places["CMD"], dt.date(2026, 4, 1)
    every_day = [first + dt.timedelta(days=number) for number in range(365)]
    with clock.frozen(dt.date(2027, 3, 20)):
        alike = calendar_of(place).standings(place, cast.cycle).alike_today()
    found = {
        told(alike, text("at", 1, 0, 0, 0, 0, "", cast.policy.pk, day, "", "")) for day in every_day
    }
    assert len(found) == 2


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("at:5:5:5:0:1:yes:1:::", "at:record"),
        ("at:0:0:0:0:0:::2026-04-01:2026-04-01:", None),
        ("done:annual:3", "done:annual:3"),
    ],
)
def test_records_are_told_from_people_without_one(measure: str, expected: str | None) -> None:
    assert told(RECORDED, measure) == expected
