"""The run: for each cycle one transaction that tells everybody whose day has come, and says it was there."""

import datetime as dt

from django.conf import settings
from django.db import connection, transaction

from appraisals.models import AppraisalCycle, ReminderRun
from appraisals.reminders.due import Due
from appraisals.reminders.points import begun, cycles_near
from appraisals.reminders.schedules import load_schedules
from orgchart import clock

LOOK_BACK = dt.timedelta(days=31)
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('appraisals_reminders'), %s)"


def is_time() -> bool:
    """Not in the night: what is due "today" is told when the day has begun for people."""
    return clock.now().hour >= settings.REMINDER_HOUR


def cycles_to_run() -> list[int]:
    today = clock.today()
    return [cycle.pk for cycle in begun(cycles_near(today), today)]


@transaction.atomic
def run(cycle_id: int) -> int:
    """How many notices that made. Whoever runs a second time, or at the same moment, makes none."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [cycle_id % 2**31])
    among = cycles_near(clock.today())
    cycles = [cycle for cycle in among if cycle.pk == cycle_id]
    if not cycles:
        return 0
    due = Due(cycles, among, load_schedules(), after=looked_until(cycles[0]))
    told = due.notices().tell()
    _note(cycles[0], told)
    return told


def looked_until(cycle: AppraisalCycle) -> dt.date:
    """The first run of a day looks back over all days that may have been missed, later ones at the day itself.

    A month before the last run, too: who came to a record since then hears of the newest mark.
    """
    today = clock.today()
    runs = ReminderRun.objects.filter(cycle=cycle, day__lte=today)
    last = runs.order_by("-day").values_list("day", flat=True).first()
    if last == today:
        return today - dt.timedelta(days=1)
    return min(last or today, today) - LOOK_BACK


def _note(cycle: AppraisalCycle, told: int) -> None:
    run, made = ReminderRun.objects.get_or_create(
        cycle=cycle, day=clock.today(), defaults={"told": told, "finished_at": clock.now()}
    )
    if not made:
        run.told += told
        run.finished_at = clock.now()
        run.save(update_fields=["told", "finished_at"])
