"""A job tells how far it is while its own transaction is still open: over a second connection."""

import threading
from types import TracebackType
from typing import Any, Self

import structlog
from django.db import DatabaseError, connection, models
from django.db.models.functions import Now

log = structlog.get_logger(__name__)
SECONDS = 1.0


class Heart:
    """`progress` as a job wants it: Heart(job)("Reading people", 500, 771_387).

    `job` is a row with `state`, `step`, `done`, `total` and `heartbeat`. It stays this worker's as long as its
    state, and what `held_by` names, are as they were when the work began.
    """

    def __init__(self, job: models.Model, *held_by: str) -> None:
        held = {name: getattr(job, name) for name in ("pk", "state", *held_by)}
        self._mine = type(job)._default_manager.filter(**held)
        self._said: dict[str, Any] = {}
        self._stop, self._lost = threading.Event(), threading.Event()
        name = f"{job._meta.model_name}-{job.pk}"
        self._thread = threading.Thread(target=self._beat, name=name, daemon=True)

    def __call__(self, step: str, done: int, total: int) -> None:
        self._said = {"step": step, "done": min(done, total) if total else 0, "total": total}

    @property
    def is_lost(self) -> bool:
        """Somebody called the job off, or another worker took it for dead and has it now."""
        return self._lost.is_set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        """A beat that is lost is no reason to stop the work; the next may come through."""
        try:
            while not self._stop.wait(SECONDS):
                try:
                    if not self._mine.update(**self._said, heartbeat=Now()):
                        self._lost.set()
                except DatabaseError as error:
                    log.warning("heartbeat_lost", job=self._thread.name, error=str(error))
                    connection.close()
        finally:
            connection.close()
