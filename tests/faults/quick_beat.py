"""The schedule of the product, or the entries that are asked for, with every period cut to a second."""

import os

from dpmap.celery import app

asked = os.environ.get("DPMAP_TEST_ENTRIES", "").split()
app.conf.beat_schedule = {
    name: {**entry, "schedule": 1.0}
    for name, entry in app.conf.beat_schedule.items()
    if not asked or name in asked
}

__all__ = ["app"]
