"""The product's schedule and workers on a machine whose clock is set while they run.

The clock of this process is moved, as by its administrator: what counts up (`time.monotonic`) goes
on, and the clocks of PostgreSQL and Redis stay right, which is harder than all moving together.
"""

import datetime as dt
import os
import threading
import time
from pathlib import Path

import time_machine
from celery.signals import worker_process_init

from tests.faults.quick_beat import app

MOMENT = 0.05
said = Path(os.environ["DPMAP_TEST_CLOCK"])
moved: list[tuple[str, time_machine.travel]] = []


def follow() -> None:
    """`said` holds how many seconds this clock is ahead; behind when negative."""
    while True:
        now = said.read_text()
        if not moved or moved[0][0] != now:
            if moved:
                moved.pop()[1].stop()
            ahead = dt.timedelta(seconds=float(now))
            travel = time_machine.travel(dt.datetime.now(dt.UTC) + ahead, tick=True)
            travel.start()
            moved.append((now, travel))
        time.sleep(MOMENT)


@worker_process_init.connect
def go_on(**said_by_celery: object) -> None:
    """A child of the pool has its parent's clock, but not its thread."""
    threading.Thread(target=follow, daemon=True).start()


go_on()

__all__ = ["app"]
