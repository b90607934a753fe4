"""The run: for each cycle one transaction that tells everybody whose day has come, and says it was there."""

import datetime as dt

from django.conf import settings
from django.db import connection, transaction

from appraisals.models import AppraisalCycle, ReminderRun
from appraisals.reminders.due import Due
from appraisals.reminders.points import begun, cycles_near
from appraisals.reminders.schedules import load_schedules
from orgchart import clock

FIRST_LOOK = dt.timedelta(days=31)
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
    """All days after this one are looked at: those since the last run, and today again; at first a month."""
    today = clock.today()
    runs = ReminderRun.objects.filter(cycle=cycle, day__lt=today)
    last = runs.order_by("-day").values_list("day", flat=True).first()
    if ReminderRun.objects.filter(cycle=cycle, day=today).exists():
        return today - dt.timedelta(days=1)
    return last or today - FIRST_LOOK


def _note(cycle: AppraisalCycle, told: int) -> None:
    run, made = ReminderRun.objects.get_or_create(
        cycle=cycle, day=clock.today(), defaults={"told": told, "finished_at": clock.now()}
    )
    if not made:
        run.told += told
        run.finished_at = clock.now()
        run.save(update_fields=["told", "finished_at"])
