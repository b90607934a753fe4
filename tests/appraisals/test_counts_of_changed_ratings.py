"""Kept counts follow a changed rating, an extended period, a situation and a closed year (R16.3)."""

import datetime as dt

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisals import rollups, rules
from appraisals.counts import calendar_of, unit_counts
from appraisals.models import Appraisal, Kind, RecordStanding, Situation, State
from appraisals.standing import Asked, Stage, Standings
from orgchart import clock
from tests.appraisals.feed.sending import amend, rated
from tests.appraisals.rows import NOON
from tests.appraisals.test_rules_rateability import aways
from tests.cast import PATH, PRACTICE_DAY, Cast, make_cast, make_document, make_record, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def standing(appraisal: Appraisal) -> RecordStanding:
    return RecordStanding.objects.get(appraisal=appraisal)


def standings(cast: Cast) -> Standings:
    place = cast.places["FIRE"]
    return calendar_of(place).standings(place, cast.cycle)


def record_planned_on(cast: Cast, day: dt.date) -> Appraisal:
    appraisal = make_record(cast)
    take(appraisal.documents.get(), *PATH[State.ACKNOWLEDGED], cast=cast, on=day)
    return appraisal


def test_a_changed_rating_is_counted_as_it_is_now_r11_5(cast: Cast) -> None:
    rating = rated(cast)
    assert "rating:all:all:3" in standing(rating.appraisal).also
    amend(rating, cast.hr, level=5)
    also = standing(rating.appraisal).also
    assert "rating:all:all:5" in also
    assert not any(each.startswith("rating:") and each.endswith(":3") for each in also)
    assert rollups.check() == []


def test_who_has_too_few_days_is_asked_for_no_rating_until_it_is_extended(cast: Cast) -> None:
    appraisal = record_planned_on(cast, dt.date(2027, 1, 14))
    with clock.frozen(PRACTICE_DAY):
        assert unit_counts(standings(cast)).whole.not_rateable == 1
        Appraisal.objects.filter(pk=appraisal.pk).update(extended_until=dt.date(2027, 4, 30))
        counts = unit_counts(standings(cast)).whole
    assert (counts.not_rateable, counts.extended, counts.closed) == (0, 1, 0)
    assert counts.required(Stage.APPRAISALS) == counts.people
    assert rollups.check() == []


def test_what_is_due_moves_with_the_end_of_the_period_r1_11(cast: Cast) -> None:
    appraisal = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT).appraisal
    late = dt.date(2027, 4, 20)
    with clock.frozen(late):
        (row,) = standings(cast).listed(Asked(recorded=True), page=1, size=9)[0]
        assert (row.due_on, row.is_late) == (dt.date(2027, 4, 15), True)
        Appraisal.objects.filter(pk=appraisal.pk).update(extended_until=dt.date(2027, 4, 30))
        (row,) = standings(cast).listed(Asked(recorded=True), page=1, size=9)[0]
    assert (row.due_on, row.is_late) == (dt.date(2027, 5, 15), False)


def test_a_closed_year_waits_for_nobody_and_asks_for_no_rating(cast: Cast) -> None:
    appraisal = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT).appraisal
    Appraisal.objects.filter(pk=appraisal.pk).update(not_rated="absence")
    with clock.frozen(dt.date(2027, 6, 20)):
        (row,) = standings(cast).listed(Asked(recorded=True), page=1, size=9)[0]
        counts = unit_counts(standings(cast)).whole
    assert (row.waits_for, row.is_late, row.is_closed) == (None, False, True)
    assert (counts.closed, counts.not_rateable) == (1, 1)
    assert "unrated:absence" in standing(appraisal).also
    assert rollups.check() == []


def test_union_time_takes_somebody_out_of_who_is_rated_o8(cast: Cast) -> None:
    appraisal = record_planned_on(cast, dt.date(2026, 6, 12))
    union = Situation.objects.create(
        employee=cast.employee,
        kind="union_time",
        starts_on=dt.date(2026, 1, 1),
        entered_by=cast.hr,
        entered_at=NOON,
    )
    assert ":no:" in standing(appraisal).shape
    union.ends_on = dt.date(2026, 8, 1)
    union.save()
    assert ":yes:" in standing(appraisal).shape
    union.ends_on, union.removed_at, union.removed_by = None, NOON, cast.hr
    union.save()
    assert ":yes:" in standing(appraisal).shape
    assert rollups.check() == []


_SUFFICES = """
SELECT appraisals_days_suffice(%s, %s, (
    SELECT range_agg(daterange(first, last, '[]'))
    FROM unnest(%s::date[], %s::date[]) AS away (first, last)
), jsonb_build_object('minimum_period_days', %s::int, 'count_both_ends', %s::boolean))
"""


@given(
    st.dates(dt.date(2026, 4, 1), dt.date(2027, 6, 30)), aways, st.integers(0, 200), st.booleans()
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_counts_days_as_the_rules_do_r7_13(
    db: None, approved_on: dt.date, away: list[rules.Away], least: int, both_ends: bool
) -> None:
    ends_on = dt.date(2027, 3, 31)
    policy = rules.Policy(
        absence_counts=False, minimum_period_days=least, count_both_ends=both_ends
    )
    if least == 0 and approved_on > ends_on:
        return
    firsts, lasts = [each.starts_on for each in away], [each.ends_on for each in away]
    with connection.cursor() as cursor:
        cursor.execute(_SUFFICES, [approved_on, ends_on, firsts, lasts, least, both_ends])
        (suffices,) = cursor.fetchone()
    assert suffices == (rules.counted_days(approved_on, ends_on, away, policy) >= least)
