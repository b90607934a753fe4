from datetime import timedelta
from typing import Any

import structlog
from celery.beat import PersistentScheduler, ScheduleEntry, SchedulingError

log = structlog.get_logger(__name__)
# Longer than clocks of two machines may differ: what has expired by the worker's clock is not done.
KEPT = timedelta(hours=2)


class SteadyScheduler(PersistentScheduler):
    """Goes on when the clock is set back. Celery's own would wait until the old time comes again."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        for entry in self.schedule.values():
            now = entry.default_now()
            if entry.last_run_at and entry.last_run_at > now:
                entry.last_run_at = now
                self._heap = None
        return float(super().tick(*args, **kwargs))

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        """While no worker is there, wake-ups do not pile up for days: the next is for the same work."""
        entry.options = {"expires": KEPT.total_seconds(), **(entry.options or {})}
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except SchedulingError as error:
            log.warning("schedule_wakes_nobody", task=entry.task, error=str(error))
