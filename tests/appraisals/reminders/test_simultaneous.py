"""Two beats at the same moment, on connections of their own."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from appraisals.models import Notice, Prompt, ReminderRun
from appraisals.reminders.run import cycles_to_run, run
from appraisals.rules.reminders import Occasion
from appraisals.services.reminders import send_prompt
from orgchart import clock
from orgchart.errors import Refused
from tests.appraisals.reminders.rows import MORNING
from tests.cast import make_cast

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.date(2026, 4, 23)
TOGETHER = 4


def at_once(act):
    barrier = Barrier(TOGETHER)

    def one(_):
        try:
            with clock.frozen(DAY, at=MORNING):
                barrier.wait(30)
                return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(TOGETHER) as pool:
        return list(pool.map(one, range(TOGETHER)))


def test_four_runs_at_once_tell_once():
    make_cast()
    told = at_once(lambda: sum(run(cycle) for cycle in cycles_to_run()))
    assert sum(told) == Notice.objects.filter(kind="reminder").count() > 0
    assert sorted(told)[:-1] == [0, 0, 0]
    assert ReminderRun.objects.get().told == sum(told)


def test_human_resources_cannot_remind_twice_by_clicking_twice():
    cast = make_cast()

    def send():
        try:
            return send_prompt(
                cast.places["CMD"], Occasion.PLAN_DUE, late_only=False, by=cast.hr
            ).told
        except Refused:
            return 0

    told = at_once(send)
    assert Prompt.objects.count() == 1
    assert sum(told) == Notice.objects.filter(kind="prompt").count() > 0
