"""What a check found, as rows: a page shows a few of a million, and a decision may come tomorrow."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from itertools import islice

from django.db import connection

from orgchart.models import RosterChange, RosterProblem, RosterUpload
from orgchart.roster.outcome import Change, Progress
from orgchart.roster.problems import Problem

# A file that is wrong from end to end needs no list of every line.
MOST_PROBLEMS = 100_000
BATCH = 10_000
NUL = "\N{SYMBOL FOR NULL}"
COPY = """
    COPY orgchart_rosterchange (upload_id, kind, number, key, name, was, now, was_key, now_key)
    FROM STDIN"""


class Digest:
    """The same for the same changes, in whatever order they come."""

    def __init__(self) -> None:
        self.sum = 0

    def add(self, change: Change) -> None:
        digest = hashlib.sha256("\0".join(change).encode()).digest()
        self.sum = (self.sum + int.from_bytes(digest)) % 2**256

    def __str__(self) -> str:
        return f"{self.sum:064x}"


def digest_of(changes: Iterable[Change]) -> str:
    digest = Digest()
    for change in changes:
        digest.add(change)
    return str(digest)


def keep_changes(upload: RosterUpload, say: Progress, changes: Iterable[Change]) -> None:
    """All of them, in batches, and their digest on the upload, which the caller saves."""
    numbers: Counter[str] = Counter()
    digest = Digest()
    say("Writing down what would change", 0, 0)
    rows = iter(changes)
    # A batch is read before it is written: both go through one connection.
    while batch := list(islice(rows, BATCH)):
        with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            for change in batch:
                digest.add(change)
                numbers[change.kind] += 1
                copy.write_row((upload.pk, change.kind, numbers[change.kind], *change[1:]))
    upload.digest = str(digest)


def keep_problems(upload: RosterUpload, problems: Iterable[Problem]) -> None:
    RosterProblem.objects.bulk_create(
        (
            RosterProblem(
                upload=upload,
                number=number,
                file=found.file,
                line=found.line,
                column=found.column,
                value=found.value.replace("\0", NUL),
                message=found.message.replace("\0", NUL),
            )
            for number, found in enumerate(problems, start=1)
        ),
        batch_size=BATCH,
    )


def forget(upload: RosterUpload) -> None:
    """Before another check, and when nobody needs the lists any more."""
    RosterChange.objects.filter(upload=upload).delete()
    RosterProblem.objects.filter(upload=upload).delete()
