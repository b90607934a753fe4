"""Telling a worker at once that work waits. The work is a row already, so a lost call only costs time.

A broker that does not answer costs a page `PATIENCE` seconds once; then this process leaves it alone
for `REST` seconds. The sweeps of the schedule find what nobody was woken for.
"""

import time
from functools import partial
from threading import Lock
from typing import Any

import structlog
from celery import Task, current_app
from django.db import transaction
from kombu import Connection
from kombu.exceptions import OperationalError
from kombu.pools import producers

log = structlog.get_logger(__name__)
PATIENCE = 0.3
REST = 5.0
IMPATIENT = {"max_retries": 0, "socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}


class Broker:
    """What this process knows of it. One thread looks at a time, the others take what is known."""

    def __init__(self) -> None:
        self.answers = True
        self.known_until = 0.0
        self.looking = Lock()

    def learn(self, *, answers: bool) -> None:
        if answers != self.answers:
            log.warning("broker_answers_again" if answers else "broker_does_not_answer")
        self.answers, self.known_until = answers, time.monotonic() + REST

    def is_resting(self) -> bool:
        return not self.answers and time.monotonic() < self.known_until

    def look(self) -> None:
        if time.monotonic() < self.known_until or not self.looking.acquire(blocking=False):
            return
        try:
            with _connection() as connection:
                connection.ensure_connection(max_retries=0)
        except OperationalError:
            self.learn(answers=False)
        else:
            self.learn(answers=True)
        finally:
            self.looking.release()


broker = Broker()


def wake(task: Task[..., Any], *args: object) -> None:
    """When the transaction is committed; never keeps it waiting, and never fails for the broker."""
    transaction.on_commit(partial(_call, task, args))


def is_delayed() -> bool:
    """Whether mail and exports wait for the schedule, for the sentence on pages."""
    if current_app.conf.task_always_eager:
        return False
    broker.look()
    return not broker.answers


def _call(task: Task[..., Any], args: tuple[object, ...]) -> None:
    if broker.is_resting():
        return
    try:
        with producers[_connection()].acquire(block=True) as producer:
            task.apply_async(args, producer=producer)
    except OperationalError as error:
        broker.learn(answers=False)
        log.warning("nobody_woken", task=task.name, arguments=args, error=str(error))
    else:
        broker.learn(answers=True)


def _connection() -> Connection:
    return current_app.connection_for_write(transport_options=IMPATIENT)
