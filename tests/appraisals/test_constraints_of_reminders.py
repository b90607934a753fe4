"""What must never be of reminders, tried against the database itself."""

import datetime as dt

import pytest
from django.db import connection, transaction

from appraisals.models import CalendarAddress, Prompt, ReminderRule, ReminderRun, ReminderSchedule
from tests.appraisals.rows import APRIL, NOON, make_cycle
from tests.appraisals.test_constraints import refused
from tests.factories import OrganizationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def schedule() -> ReminderSchedule:
    return ReminderSchedule.objects.create(
        organization=OrganizationFactory(),
        occasion="plan_due",
        effective_on=APRIL,
        written_at=NOON,
    )


def make_rule(schedule, **fields):
    values = {"offset": -7, "who": "holder", "title": "{what}", "text": "Write it."}
    return ReminderRule.objects.create(schedule=schedule, **values | fields)


def test_a_schedule_is_of_an_occasion_there_is():
    with refused("reminder_occasion_is_known"):
        ReminderSchedule.objects.create(
            organization=OrganizationFactory(),
            occasion="lunch",
            effective_on=APRIL,
            written_at=NOON,
        )


def test_one_rule_for_a_day_and_people(schedule):
    make_rule(schedule)
    make_rule(schedule, who="employee")
    with refused("one_rule_for_a_day_and_people"):
        make_rule(schedule)


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"who": "everybody"}, "reminder_who_is_known"),
        ({"offset": -61}, "reminder_near_its_due_day"),
        ({"offset": 181}, "reminder_near_its_due_day"),
    ],
)
def test_a_rule_near_its_day_for_people_there_are(schedule, wrong, constraint):
    with refused(constraint):
        make_rule(schedule, **wrong)


def test_a_cycle_is_run_once_a_day():
    run = {"cycle": make_cycle(OrganizationFactory()), "day": APRIL, "finished_at": NOON}
    ReminderRun.objects.create(**run)
    ReminderRun.objects.create(**run | {"day": APRIL + dt.timedelta(days=1)})
    with refused("one_reminder_run_a_day"):
        ReminderRun.objects.create(**run)


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"occasion": "lunch"}, "prompt_occasion_is_known"),
        ({"told": 0}, "a_prompt_reached_somebody"),
    ],
)
def test_a_prompt_reached_somebody(wrong, constraint):
    values = {"occasion": "plan_due", "told": 1, "sent_on": APRIL, "sent_at": NOON}
    with refused(constraint):
        Prompt.objects.create(
            organization=OrganizationFactory(), sent_by=PersonFactory(), **values | wrong
        )


def test_the_name_of_a_calendar_cannot_be_guessed():
    with refused("calendar_name_is_long_enough"):
        CalendarAddress.objects.create(person=PersonFactory(), name="mine", made_at=NOON)


def test_what_was_written_and_sent_is_neither_changed_nor_deleted(schedule):
    make_rule(schedule)
    Prompt.objects.create(
        organization=schedule.organization,
        occasion="plan_due",
        told=1,
        sent_by=PersonFactory(),
        sent_on=APRIL,
        sent_at=NOON,
    )
    for table in ("reminderschedule", "reminderrule", "prompt"):
        for change in (f"DELETE FROM appraisals_{table}", f"UPDATE appraisals_{table} SET id = id"):  # noqa: S608
            with refused("append-only"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(change)
