from typing import Any

from celery import Task

from orgchart import clock


class DatedTask(Task):  # type: ignore[type-arg]
    """Runs on the practice date, read once a task, when there is one."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        clock.load()
        try:
            return super().__call__(*args, **kwargs)
        finally:
            clock.clear()
