"""The forms that are not stored yet: final ones are kept for ever, others made for this archive alone."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

import structlog
from django.db import DatabaseError

from appraisals.archives import store
from appraisals.archives.claims import Lost
from appraisals.models import Appraisal, ArchiveEntry, ArchivePart
from appraisals.models.scope import hr_paths, under_paths
from appraisals.pdf.stored import form_for
from orgchart.errors import Refused
from orgchart.heart import Heart
from orgchart.models import Person

log = structlog.get_logger(__name__)
OF_THE_MACHINE = (OSError, DatabaseError)
"""A full disk, a database that is away: no fault of the form."""
LONGEST = 400
MOVED_AWAY = "The record is not in an organization that you administer any more."
FAULT = "The form could not be laid out. The fault is in the log of the server, with this record’s number."


class Faults:
    """One form that cannot be laid out must not cost all the others; several of a batch are no accident."""

    MOST = 2

    def __init__(self) -> None:
        self.entries: list[ArchiveEntry] = []

    @contextmanager
    def of(self, entry: ArchiveEntry) -> Iterator[None]:
        with ExitStack() as unless_made:
            unless_made.push(partial(self._judge, entry))
            yield

    def _judge(self, entry: ArchiveEntry, kind: object, error: object, trace: object) -> bool:
        """True: noted, and the work goes on."""
        if not isinstance(error, Exception) or isinstance(error, OF_THE_MACHINE):
            return False
        log.error("form_of_archive_not_made", appraisal=entry.appraisal_id, exc_info=error)
        self.entries.append(entry)
        return len(self.entries) <= self.MOST


def make_forms(part: ArchivePart, heart: Heart) -> None:
    """What an earlier attempt made is there already, and is not made again."""
    reader = part.archive.asked_by
    entries = list(
        part.archive.entries.filter(batch=part.number, stored=None, left_out="").select_related(
            "document__policy"
        )
    )
    inside = administered((entry.appraisal_id for entry in entries), reader)
    earlier, faults = part.total - len(entries), Faults()
    for number, entry in enumerate(entries, start=1):
        if heart.is_lost:
            raise Lost
        if entry.appraisal_id in inside and not store.form_path(entry).exists():
            with faults.of(entry):
                make(entry, reader)
        heart("Making forms", earlier + number, part.total)
    for entry in faults.entries:
        leave_out(entry, FAULT)


def make(entry: ArchiveEntry, reader: Person) -> bytes:
    """Empty when there is no such form to be had; then the entry says why."""
    appraisal = Appraisal.objects.with_people().get(pk=entry.appraisal_id)
    try:
        form = form_for(appraisal, reader=reader, document=entry.document)
    except Refused as refusal:
        leave_out(entry, refusal.message)
        return b""
    if form.stored:
        entry.stored = form.stored
        entry.save(update_fields=["stored"])
    else:
        with store.written(store.form_path(entry)) as file:
            file.write(form.pdf)
    return form.pdf


def administered(records: Iterable[int], user: Person) -> set[int]:
    """Those still where this person administers. Units move, and so do people."""
    inside = Appraisal.objects.filter(under_paths(hr_paths(user), "organization__path"))
    return set(inside.filter(pk__in=list(records)).values_list("pk", flat=True))


def leave_out(entry: ArchiveEntry, sentence: str) -> None:
    entry.left_out = sentence[:LONGEST]
    entry.save(update_fields=["left_out"])
