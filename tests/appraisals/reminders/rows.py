"""What the tests of reminders ask again and again."""

import datetime as dt

from appraisals.models import Notice
from appraisals.reminders.run import cycles_to_run, run
from orgchart import clock

MORNING = dt.time(9)
KINDS = ("reminder", "late", "late_below", "prompt")


def run_on(day):
    """The run of a day, as the schedule makes it; how many notices that was."""
    with clock.frozen(day, at=MORNING):
        return sum(run(cycle) for cycle in cycles_to_run())


def told_to(person):
    """Of reminders only: {"plan_due 2026-04-30 before-7": title}."""
    rows = Notice.objects.filter(recipient=person, kind__in=KINDS)
    return {short(row.key): row.title for row in rows}


def everything_told():
    """Recipients by key, of reminders only."""
    rows = Notice.objects.filter(kind__in=KINDS).values_list("recipient__last_name", "key")
    return sorted((name, short(key)) for name, key in rows)


def short(key):
    occasion, _, due_on, mark = key.split(":")
    return f"{occasion} {due_on} {mark}"
