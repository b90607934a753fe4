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

from tests.faults.quick_beat import app

MOMENT = 0.05
said = Path(os.environ["DPMAP_TEST_CLOCK"])


def follow() -> None:
    """`said` holds how many seconds this clock is ahead; behind when negative."""
    ahead, travel = "0", None
    while True:
        if (now := said.read_text() or ahead) != ahead:
            ahead = now
            if travel:
                travel.stop()
            moved = dt.timedelta(seconds=float(ahead))
            travel = time_machine.travel(dt.datetime.now(dt.UTC) + moved, tick=True)
            travel.start()
        time.sleep(MOMENT)


threading.Thread(target=follow, daemon=True).start()

__all__ = ["app"]
