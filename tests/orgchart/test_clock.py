from datetime import UTC, date, datetime

import pytest
import time_machine
from django.utils import timezone

from orgchart import clock
from orgchart.models import PracticeClock

DAY = date(2027, 4, 6)


@pytest.fixture(autouse=True)
def _clean():
    clock.clear()
    yield
    clock.clear()


@pytest.fixture
def practice(settings, db):
    settings.PRACTICE_MODE = True
    PracticeClock.objects.create(today=DAY)


@time_machine.travel(datetime(2026, 11, 23, 3, 30, tzinfo=UTC), tick=False)
def test_without_practice_it_is_the_real_local_day(db):
    """Half past ten in the evening of the 22nd in Washington."""
    assert clock.today() == date(2026, 11, 22)
    assert clock.now() == timezone.now()


@time_machine.travel(datetime(2026, 11, 23, 3, 30, tzinfo=UTC), tick=False)
def test_practice_moves_the_date_and_keeps_the_time_of_day(practice):
    assert clock.today() == DAY
    now = clock.now()
    assert timezone.localtime(now).isoformat() == "2027-04-06T22:30:00-04:00"


def test_practice_without_a_row_is_the_real_day(settings, db):
    settings.PRACTICE_MODE = True
    assert clock.today() == timezone.localdate()


def test_practice_row_counts_for_nothing_outside_practice(settings, db):
    PracticeClock.objects.create(today=DAY)
    assert clock.today() == timezone.localdate()


def test_load_reads_once(practice, django_assert_num_queries):
    with django_assert_num_queries(1):
        clock.load()
        assert [clock.today(), clock.today()] == [DAY, DAY]
        clock.now()


def test_move_is_for_everybody(practice):
    clock.load()
    clock.move(date(2027, 5, 1))
    assert clock.today() == date(2027, 5, 1)
    clock.clear()
    assert clock.today() == date(2027, 5, 1)
    assert PracticeClock.objects.count() == 1


def test_set_today_is_for_this_context_only(practice):
    clock.set_today(date(2030, 1, 1))
    assert clock.today() == date(2030, 1, 1)
    clock.clear()
    assert clock.today() == DAY


def test_frozen_ends(practice):
    with clock.frozen(date(2026, 1, 1)):
        with clock.frozen(date(2026, 2, 2)):
            assert clock.today() == date(2026, 2, 2)
        assert clock.today() == date(2026, 1, 1)
    assert clock.today() == DAY


@time_machine.travel(datetime(2026, 2, 10, 7, 30, tzinfo=UTC), tick=False)
def test_hour_that_the_day_does_not_have():
    """02:30 local time does not exist on 14 March 2027; the moment is still that day's."""
    with clock.frozen(date(2027, 3, 14)):
        now = clock.now()
    assert timezone.localtime(now.astimezone(UTC)).date() == date(2027, 3, 14)
