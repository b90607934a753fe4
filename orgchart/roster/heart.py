"""A job tells how far it is while its own transaction is still open: over a second connection."""

import threading
from types import TracebackType
from typing import Self

import structlog
from django.db import DatabaseError, connection
from django.db.models.functions import Now

from orgchart.models import RosterUpload

log = structlog.get_logger(__name__)
SECONDS = 1.0


class Heart:
    """`progress` as the roster wants it: Heart(upload)("Reading people", 500, 771_387)."""

    def __init__(self, upload: RosterUpload) -> None:
        self._mine = RosterUpload.objects.filter(pk=upload.pk, state=upload.state)
        self._said = ("", 0, 0)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"roster-{upload.pk}", daemon=True)

    def __call__(self, step: str, done: int, total: int) -> None:
        self._said = (step, min(done, total) if total else 0, total)

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
                step, done, total = self._said
                try:
                    self._mine.update(step=step, done=done, total=total, heartbeat=Now())
                except DatabaseError as error:
                    log.warning("roster_heartbeat_lost", error=str(error))
                    connection.close()
        finally:
            connection.close()
