import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from dpmap.celery import app
from dpmap.tasks import clear_sessions
from orgchart import clock

pytestmark = pytest.mark.django_db


def test_every_scheduled_task_exists():
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert scheduled
    assert scheduled <= set(app.tasks)


def test_long_work_has_a_queue_that_a_plain_worker_takes_from_as_well():
    app.loader.import_default_modules()
    assert set(app.conf.task_routes) <= set(app.tasks)
    queues = {route["queue"] for route in app.conf.task_routes.values()}
    assert queues == {"long"}
    assert set(app.amqp.queues) == {"celery", "long"}


def test_messages_are_json_only():
    assert app.conf.task_serializer == "json"
    assert app.conf.accept_content == ["json"]


def test_a_wake_up_is_taken_off_the_queue_at_once_and_never_given_to_two():
    assert not app.conf.task_acks_late
    assert app.conf.task_time_limit < app.conf.broker_transport_options["visibility_timeout"]


def test_task_runs_on_the_practice_date(settings):
    settings.PRACTICE_MODE = True
    clock.move(dt.date(2027, 4, 6))

    @app.task
    def what_day_is_it() -> str:
        return clock.today().isoformat()

    assert what_day_is_it.delay().get() == "2027-04-06"


def test_sessions_that_are_over_are_deleted():
    ends = timezone.now()
    for key, hours in (("over", -1), ("going", 1)):
        Session.objects.create(
            session_key=key, session_data="", expire_date=ends + dt.timedelta(hours=hours)
        )
    clear_sessions.delay()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["going"]
