"""When a notice goes out by mail: the person's choice, within what policy makes mandatory."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as some

from appraisals.models import Notice, PolicyEdition, Rhythm
from appraisals.notifications import (
    KINDS,
    next_digest,
    post_at,
    post_at_sql,
    tell_all,
    time_for,
)
from appraisals.rules import Policy
from orgchart import clock
from orgchart.models import Person
from tests.appraisals.post.rows import prefers, told
from tests.cast import Cast

EASTERN = ZoneInfo("America/New_York")


def local(*when: int, fold: int = 0) -> dt.datetime:
    return dt.datetime(*when, tzinfo=EASTERN, fold=fold)  # type: ignore[misc,arg-type]


def test_a_digest_goes_out_at_seven() -> None:
    assert next_digest(local(2027, 4, 6, 6, 59)) == local(2027, 4, 6, 7)
    assert next_digest(local(2027, 4, 6, 7)) == local(2027, 4, 7, 7)
    assert next_digest(local(2027, 4, 6, 10)) == local(2027, 4, 7, 7)


def test_a_weekly_digest_goes_out_on_monday() -> None:
    assert next_digest(local(2027, 4, 6, 10), weekly=True) == local(2027, 4, 12, 7)
    assert next_digest(local(2027, 4, 12, 6), weekly=True) == local(2027, 4, 12, 7)
    assert next_digest(local(2027, 4, 12, 7), weekly=True) == local(2027, 4, 19, 7)


def test_hour_and_day_are_settings(settings: Any) -> None:
    settings.DIGEST_HOUR, settings.DIGEST_WEEKDAY = 16, 4
    assert next_digest(local(2027, 4, 6, 10)) == local(2027, 4, 6, 16)
    assert next_digest(local(2027, 4, 6, 10), weekly=True) == local(2027, 4, 9, 16)


def test_an_hour_that_does_not_exist_and_one_that_comes_twice(settings: Any) -> None:
    settings.DIGEST_HOUR = 2
    spring = next_digest(local(2027, 3, 13, 12))
    assert spring.astimezone(dt.UTC) == dt.datetime(2027, 3, 14, 7, tzinfo=dt.UTC)
    settings.DIGEST_HOUR = 1
    autumn = next_digest(local(2026, 10, 31, 12))
    assert autumn.astimezone(dt.UTC) == dt.datetime(2026, 11, 1, 5, tzinfo=dt.UTC)
    # In the second run of that hour the digest of the day has gone out.
    assert next_digest(local(2026, 11, 1, 1, 30, fold=1)) == local(2026, 11, 2, 1)


@given(
    some.integers(0, 3 * 366 * 24 * 60).map(
        lambda minutes: dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)
    ),
    some.booleans(),
)
def test_the_next_digest_is_later_and_soon(moment: dt.datetime, weekly: bool) -> None:
    found = next_digest(moment, weekly=weekly).astimezone(dt.UTC)
    longest = dt.timedelta(days=7 if weekly else 1, hours=1)
    assert dt.timedelta() < found - moment <= longest


@pytest.mark.parametrize(
    ("rhythm", "mandatory", "expected"),
    [
        (Rhythm.AT_ONCE, False, "now"),
        (Rhythm.DAILY, False, "morning"),
        (Rhythm.WEEKLY, False, "monday"),
        (Rhythm.CALENDAR, False, "never"),
        (Rhythm.AT_ONCE, True, "now"),
        (Rhythm.DAILY, True, "morning"),
        (Rhythm.WEEKLY, True, "morning"),
        (Rhythm.CALENDAR, True, "morning"),
    ],
)
def test_what_was_chosen_within_policy(rhythm: Rhythm, mandatory: bool, expected: str) -> None:
    now = local(2027, 4, 6, 10)
    times = {
        "now": now,
        "morning": local(2027, 4, 7, 7),
        "monday": local(2027, 4, 12, 7),
        "never": None,
    }
    assert time_for("to_acknowledge", rhythm, mandatory=mandatory, now=now) == times[expected]


def test_what_somebody_waits_for_comes_at_once_unless_they_want_no_mail() -> None:
    now = local(2027, 4, 6, 10)
    found = {
        rhythm: time_for("export_ready", rhythm, mandatory=False, now=now) for rhythm in Rhythm
    }
    assert found.pop(Rhythm.CALENDAR) is None
    assert set(found.values()) == {now}


@pytest.mark.django_db
def test_quiet_by_default(cast: Cast) -> None:
    assert post_at(cast.employee, "acknowledged") == next_digest(clock.now())


@pytest.mark.django_db
def test_policy_of_the_record_decides(cast: Cast) -> None:
    prefers(cast.employee, Rhythm.CALENDAR)
    lenient = Policy(mandatory_notices=())

    assert post_at(cast.employee, "to_acknowledge") == next_digest(clock.now())
    assert post_at(cast.employee, "to_acknowledge", policy=lenient) is None
    assert post_at(cast.employee, "acknowledged") is None


@pytest.fixture
def editions(cast: Cast) -> None:
    """The command has none mandatory, the yard a kind of its own; elsewhere the rule book."""
    for code, kinds in (("CMD", []), ("YARD", ["goals_published"])):
        PolicyEdition.objects.create(
            name=code,
            organization=cast.places[code],
            effective_on=dt.date(2026, 1, 1),
            values={"mandatory_notices": kinds},
            written_at=clock.now(),
        )


@pytest.mark.django_db
@pytest.mark.usefixtures("editions")
@pytest.mark.parametrize("rhythm", Rhythm)
@pytest.mark.parametrize("kind", KINDS)
def test_the_statement_says_what_the_function_says(cast: Cast, kind: str, rhythm: Rhythm) -> None:
    for person in cast.people.values():
        prefers(person, rhythm)
    sql = post_at_sql(kind, person="p.id", path="o.path")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.id, {sql.value} FROM orgchart_person p "  # noqa: S608
            "JOIN orgchart_assignment a ON a.employee_id = p.id AND a.ends_on IS NULL "
            f"JOIN orgchart_organization o ON o.id = a.organization_id {sql.join}",
            sql.params,
        )
        found = dict(cursor.fetchall())

    assert found == {person.pk: post_at(person, kind) for person in Person.objects.all()}


@pytest.mark.django_db
@pytest.mark.usefixtures("editions")
def test_all_are_told_in_one_statement_each_in_their_rhythm(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    prefers(cast.employee, Rhythm.CALENDAR)
    prefers(cast.colleague, Rhythm.WEEKLY)
    words = {"key": "goals:1", "link": "/organizations/CMD/goals/", "organization": "Command"}

    with django_assert_num_queries(2):
        assert tell_all(Person.objects.all(), "goals_published", **words) == len(cast.people)
    assert tell_all(Person.objects.all(), "goals_published", **words) == 0
    assert tell_all(Person.objects.none(), "goals_published", **words) == 0

    times = dict(Notice.objects.values_list("recipient", "post_at"))
    assert times[cast.employee.pk] is None
    assert times[cast.colleague.pk] == next_digest(clock.now(), weekly=True)
    assert times[cast.rating_official.pk] == next_digest(clock.now())


@pytest.mark.django_db
def test_the_same_is_told_once(cast: Cast) -> None:
    told(cast.employee)
    told(cast.employee)
    assert Notice.objects.count() == 1
