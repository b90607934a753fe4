"""Fifty people sign at once, each in a unit of their own, and nobody waits for another.

Each takes a step inside a transaction that stays open until all fifty have taken theirs. If one
waited for a lock that another holds, the fifty would never meet and the barrier would break.
"""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier, BrokenBarrierError

from django.db import OperationalError, transaction

from appraisals.models import Document, Kind, State
from appraisals.workflow import advance
from bench.scale.databases import Database
from bench.scale.program import RUNNING, TODAY
from orgchart import clock

PEOPLE = 50
PATIENCE = 30


@dataclass(frozen=True)
class Together:
    """Seconds. `met`: how many had taken their step while the transactions of all were open."""

    met: int
    median: float
    longest: float
    whole: float
    one_after_another: float


def documents(database: Database, count: int) -> list[Document]:
    """Appraisals in review of units side by side, so that all units above are the same."""
    with database.in_use():
        found = (
            Document.objects.filter(
                kind=Kind.ANNUAL_APPRAISAL,
                state=State.IN_REVIEW,
                appraisal__cycle__name=f"FY {RUNNING}",
            )
            .select_related("appraisal__higher_level_reviewer")
            .order_by("appraisal__organization_id")
            .distinct("appraisal__organization_id")
        )
        return list(found[:count])


def measure_together(database: Database, *, count: int = PEOPLE) -> Together:
    found = documents(database, 2 * count)
    alone, at_once = found[::2], found[1::2]
    began = time.perf_counter()
    for document in alone:
        with database.in_use():
            _approve(document)
    one_after_another = time.perf_counter() - began
    barrier = Barrier(len(at_once))
    began = time.perf_counter()
    with ThreadPoolExecutor(len(at_once)) as threads:
        taken = list(threads.map(lambda each: _hold(database, each, barrier), at_once))
    met = [seconds for seconds in taken if seconds is not None]
    return Together(
        met=len(met),
        median=statistics.median(met or [0]),
        longest=max(met, default=0),
        whole=time.perf_counter() - began,
        one_after_another=one_after_another,
    )


def _approve(document: Document) -> None:
    reviewer = document.appraisal.higher_level_reviewer
    if reviewer is None:
        raise LookupError(f"{document} has no reviewer")
    with clock.frozen(TODAY):
        advance(document, "approve", by=reviewer)


def _hold(database: Database, document: Document, barrier: Barrier) -> float | None:
    """Seconds until the step was taken; None when somebody had to wait."""
    wrapper = database.connect()
    try:
        with database.in_use(wrapper), transaction.atomic():
            began = time.perf_counter()
            _approve(document)
            taken = time.perf_counter() - began
            barrier.wait(timeout=PATIENCE)
            return taken
    except (BrokenBarrierError, OperationalError):
        barrier.abort()
        return None
    finally:
        wrapper.close()
