"""Batches as files in a folder that the personnel system fetches from: a batch has its file, or was not made."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction

from appraisals.feed.batches import batch_bytes, make_batch
from appraisals.models import AppraisalCycle, FeedBatch
from orgchart import whole_files
from orgchart.models import Organization

PREFIX = "ratings-batch-"
_LOCK = "pg_try_advisory_lock(hashtext('appraisals_feed_folder'))"
_UNLOCK = "pg_advisory_unlock(hashtext('appraisals_feed_folder'))"


def file_of(batch: FeedBatch) -> str:
    return f"{PREFIX}{batch.number:05d}.csv"


def write_batches(
    folder: Path, cycles: Iterable[AppraisalCycle], *, place: Organization | None = None
) -> list[FeedBatch]:
    """One for each cycle in which something waits. Nothing, if somebody else is at it."""
    with _alone() as is_alone:
        if not is_alone:
            return []
        _finish(folder)
        made = (_written(folder, cycle, place or cycle.organization) for cycle in cycles)
        return [batch for batch in made if batch]


def _written(folder: Path, cycle: AppraisalCycle, place: Organization) -> FeedBatch | None:
    """On the disk before the batch is there, and named after: a full disk leaves the ratings for the next run."""
    with whole_files.begun(folder, prefix=PREFIX) as file:
        with transaction.atomic():
            batch = make_batch(cycle, place, by=None)
            if batch is None:
                return None
            file.writelines(batch_bytes(batch))
            whole_files.settle(file)
        whole_files.keep_as(folder / file_of(batch), file)
    return batch


def _finish(folder: Path) -> None:
    """What a killed run wrote: the file of a batch gets its name, what belongs to none goes."""
    for left in folder.glob(f"{PREFIX}*{whole_files.SUFFIX}"):
        with left.open("rb") as file:
            content_hash = hashlib.file_digest(file, "sha256").hexdigest()
            batch = FeedBatch.objects.filter(content_hash=content_hash).first()
            if batch:
                whole_files.keep_as(folder / file_of(batch), file)
            else:
                left.unlink()


@contextmanager
def _alone() -> Iterator[bool]:
    """Of the connection, not of a transaction: each batch is committed by itself."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_LOCK}")
        (is_alone,) = cursor.fetchone()
        try:
            yield is_alone
        finally:
            if is_alone:
                cursor.execute(f"SELECT {_UNLOCK}")
