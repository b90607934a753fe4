"""The clock of the machine is set while schedule and workers run: an hour forth, an hour back, DST.

The clock is that of the processes (`moved_clock`): the machine belongs to others as well. Days are those
of New York; the practice clock is off, as in production.
"""

import datetime as dt
import json
from collections import Counter
from zoneinfo import ZoneInfo

import pytest

from tests.faults.account import assert_account, mail_at_once, notices_told, settled, tell
from tests.faults.servers import until
from tests.faults.site import MOVED, Site
from tests.faults.start import POST, QUICK_POST

HOUR = 3600
NEW_YORK = ZoneInfo("America/New_York")
REAL = {"DPMAP_PRACTICE": "0", "TIME_ZONE": NEW_YORK.key, "REMINDER_HOUR": "0"}
REMIND = {**REAL, **QUICK_POST, "DPMAP_TEST_ENTRIES": "remind deliver-post"}
UNDISTURBED = """
import datetime as dt, json
from django.db import transaction
from appraisals.models import Notice
from appraisals.reminders import run
from orgchart import clock
with transaction.atomic():
    before = set(Notice.objects.values_list("recipient", "key"))
    for day in {days}:
        with clock.frozen(dt.date.fromisoformat(day)):
            for cycle in run.cycles_to_run():
                run.run(cycle)
    print(json.dumps(sorted(set(Notice.objects.values_list("recipient", "key")) - before)))
    transaction.set_rollback(True)
"""


def test_letters_go_out_whatever_the_clock_does(house):
    mail_at_once(house)
    house.worker(app=MOVED, **QUICK_POST)
    house.beat(app=MOVED, **POST)
    for turn, ahead in enumerate((0, HOUR, 0, -HOUR, 0)):
        house.set_clock(ahead)
        house.sink.forget()
        tell(house, f"turn {turn}")
        assert_account(house, f"turn {turn}")


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def undisturbed(house: Site, days: list[str]) -> set[tuple[int, str]]:
    """Who is told what when nothing goes wrong and every day is run once."""
    return {
        (person, key) for person, key in json.loads(house.python(UNDISTURBED.format(days=days)))
    }


def go_to(house: Site, moment: dt.datetime) -> None:
    ahead = moment.astimezone(dt.UTC) - dt.datetime.now(dt.UTC)
    house.set_clock(ahead.total_seconds())


def reminded_at(house: Site, moment: dt.datetime, *, seconds: int = 0) -> None:
    """The clock is set, and reminders are run so many seconds later by the clock that was set."""
    go_to(house, moment)
    last = moment.astimezone(dt.UTC) + dt.timedelta(seconds=seconds)
    until(
        lambda: house.rows(
            "SELECT 1 FROM appraisals_reminderrun WHERE finished_at BETWEEN %s AND %s",
            last,
            last + dt.timedelta(seconds=600),
        ),
        what=f"reminders are run at {last}",
    )


@pytest.mark.parametrize(
    ("night", "after"),
    [
        ("2027-03-14 01:59:57", "2027-03-14 03:00:00"),
        ("2027-11-07 01:59:57", "2027-11-07 02:00:00"),
    ],
    ids=["an hour is left out", "an hour comes twice"],
)
def test_reminders_are_told_once_whatever_the_clock_does(house, night, after):
    """Two schedules, two workers, an hour forth and back, and the night in which clocks are changed."""
    change = local(night)
    day_before = change - dt.timedelta(days=1)
    days = [day_before.date().isoformat(), change.date().isoformat()]
    # A week before it is due people are told, so on this very day.
    week = change.date() + dt.timedelta(days=7)
    house.rows("UPDATE appraisals_milestone SET due_on = %s", week)
    expected = undisturbed(house, days)
    assert expected
    mail_at_once(house)
    known = {pk for (pk,) in house.rows("SELECT id FROM appraisals_notice")}
    go_to(house, day_before.replace(hour=9))
    for _ in range(2):
        house.worker(app=MOVED, children=1, **REMIND)
        house.beat(app=MOVED, **REMIND)
    for hour in (9, 10, 9, 8):
        reminded_at(house, day_before.replace(hour=hour))
    reminded_at(house, change, seconds=4)
    for hour in (9, 10, 9):
        reminded_at(house, change.replace(hour=hour))
    settled(house, within=60)

    made = house.rows("SELECT id, recipient_id, key FROM appraisals_notice")
    new = {pk: (person, key) for pk, person, key in made if pk not in known}
    assert set(new.values()) == expected
    posted = {pk for (pk,) in house.rows("SELECT id FROM appraisals_notice WHERE letter_id > 0")}
    assert notices_told(house) == Counter(new.keys() & posted)
    assert new.keys() <= posted
