"""Waking a worker through a Redis that answers, is gone, hangs or comes back."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from dpmap.celery import app
from orgchart import tasks, waking
from tests.faults.servers import Redis

MOMENT = 3 * waking.PATIENCE
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def redis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    server = Redis(tmp_path)
    server.start()
    monkeypatch.setitem(app.conf, "task_always_eager", False)
    monkeypatch.setitem(app.conf, "broker_write_url", server.url)
    monkeypatch.setattr(waking, "broker", waking.Broker())
    yield server
    server.stop()


@contextmanager
def at_once(within: float = MOMENT) -> Iterator[None]:
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < within


def calls(redis: Redis) -> int:
    with redis.client() as client:
        return client.llen("long")


def rested() -> None:
    """As if the time to leave the broker alone were over."""
    waking.broker.known_until = 0.0


def test_call_is_in_the_queue(redis):
    waking.wake(tasks.run_roster, 1)
    assert calls(redis) == 1
    assert not waking.is_delayed()


def test_dead_broker_costs_a_moment_and_is_then_left_alone(redis):
    redis.kill()
    with at_once():
        waking.wake(tasks.run_roster, 1)
    assert waking.is_delayed()
    with at_once(0.05):
        for _ in range(100):
            waking.wake(tasks.run_roster, 1)
            assert waking.is_delayed()


def test_silent_broker_costs_a_moment_and_is_then_left_alone(redis):
    waking.wake(tasks.run_roster, 1)
    redis.freeze()
    with at_once():
        waking.wake(tasks.run_roster, 2)
    with at_once(0.05):
        for _ in range(100):
            waking.wake(tasks.run_roster, 3)
            assert waking.is_delayed()


def test_page_alone_finds_out(redis):
    """Somebody who only reads is told as well, though this process has woken nobody."""
    redis.kill()
    with at_once():
        assert waking.is_delayed()
    redis.start()
    assert waking.is_delayed()
    rested()
    assert not waking.is_delayed()


def test_only_one_reader_waits_for_a_silent_broker(redis):
    redis.freeze()

    def read(_: int) -> float:
        begun = time.monotonic()
        waking.is_delayed()
        return time.monotonic() - begun

    with ThreadPoolExecutor(8) as readers:
        waited = list(readers.map(read, range(8)))
    assert sum(seconds > waking.PATIENCE / 2 for seconds in waited) == 1


def test_first_call_after_its_return_arrives(redis):
    waking.wake(tasks.run_roster, 1)
    redis.kill()
    waking.wake(tasks.run_roster, 2)
    redis.start()
    rested()
    waking.wake(tasks.run_roster, 3)
    assert calls(redis) == 1
    assert not waking.is_delayed()


def test_restart_between_two_calls_is_not_noticed(redis):
    waking.wake(tasks.run_roster, 1)
    redis.kill()
    redis.start()
    waking.wake(tasks.run_roster, 2)
    assert calls(redis) == 1
