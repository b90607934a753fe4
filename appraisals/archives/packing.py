"""One ZIP of an archive: forms copied as they are, each looked at once, a few in memory."""

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any
from zipfile import ZIP_STORED, ZipFile

from django.db import connection

from appraisals.archives import store
from appraisals.archives.claims import Lost
from appraisals.archives.index import entry_of, write_index
from appraisals.archives.making import LONGEST, MOVED_AWAY, administered, make
from appraisals.archives.names import name_of
from appraisals.models import Archive, ArchiveEntry, ArchivePart, StoredForm
from appraisals.pdf.stored import FormLost, open_form
from orgchart.heart import Heart

AT_ONCE = 500
# Read and checked while the one before is written; the disk and the two checksums take turns otherwise.
AHEAD = 8
FIELDS = (
    "pk",
    "number",
    "appraisal_id",
    "stored_id",
    "stored__file_hash",
    "is_alike",
    "left_out",
    "document__number",
    "appraisal__organization__code",
    "appraisal__employee__last_name",
    "appraisal__employee__first_name",
    "appraisal__employee__dod_id",
)
KEEP = """
UPDATE appraisals_archiveentry entry
SET name = packed.name, size = packed.size, sha256 = packed.sha256, left_out = packed.left_out
FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::text[])
    AS packed (id, name, size, sha256, left_out)
WHERE entry.id = packed.id
"""


@dataclass(frozen=True, slots=True)
class Packed:
    """What an entry's row says of it afterwards."""

    pk: int
    name: str = ""
    size: int = 0
    sha256: str = ""
    left_out: str = ""


def pack(part: ArchivePart, heart: Heart) -> tuple[str, int]:
    """The file's name and its size."""
    store.forget_earlier(part)
    name = store.part_name(part)
    path = store.folder(part.archive_id) / name
    with store.written(path) as file, ZipFile(file, "w", ZIP_STORED, allowZip64=True) as archive:
        if part.work == ArchivePart.Work.ZIP:
            _write_forms(archive, part, heart)
        if is_last(part):
            heart("Writing the index", part.total, part.total)
            write_index(archive, part.archive)
    return name, path.stat().st_size


def is_last(part: ArchivePart) -> bool:
    """The index goes into the only ZIP, or into one of its own after all the others."""
    others = ArchivePart.objects.filter(archive=part.archive_id, order__gt=part.order)
    return not others.exists()


def _write_forms(archive: ZipFile, part: ArchivePart, heart: Heart) -> None:
    wanted = part.archive.entries.filter(volume=part.number).order_by("number")
    rows = wanted.values_list(*FIELDS, named=True).iterator(chunk_size=AT_ONCE)
    done = 0
    while chunk := list(islice(rows, AT_ONCE)):
        inside = administered((row.appraisal_id for row in chunk), part.archive.asked_by)
        packed = []
        for row, stored in read_ahead(chunk, inside):
            if heart.is_lost:
                raise Lost
            packed.append(_pack_one(archive, row, part.archive, stored))
            done += 1
            heart("Writing the archive", done, part.total)
        _keep(packed)


Stored = Future[bytes] | None
"""A stored form that is being read. None: there is none, or it may not be read."""


def read_ahead(rows: Iterable[Any], inside: set[int]) -> Iterator[tuple[Any, Stored | str]]:
    """Each row with its stored form, or with why it is left out. Only files are read beside, no rows."""
    waiting: deque[tuple[Any, Stored | str]] = deque()
    with ThreadPoolExecutor(max_workers=1) as reader:
        for row in rows:
            found: Stored | str = None
            if row.left_out or row.appraisal_id not in inside:
                found = row.left_out or MOVED_AWAY
            elif row.stored_id:
                form = StoredForm(pk=row.stored_id, file_hash=row.stored__file_hash)
                found = reader.submit(open_form, form)
            waiting.append((row, found))
            if len(waiting) > AHEAD:
                yield waiting.popleft()
        yield from waiting


def _pack_one(zipped: ZipFile, row: Any, archive: Archive, stored: Stored | str) -> Packed:
    found = stored if isinstance(stored, str) else _read(row, archive, stored)
    if isinstance(found, str):
        return Packed(row.pk, left_out=found[:LONGEST])
    pdf, sha256 = found
    name = name_of(
        code=row.appraisal__organization__code,
        last_name=row.appraisal__employee__last_name,
        first_name=row.appraisal__employee__first_name,
        dod_id=row.appraisal__employee__dod_id,
        is_alike=row.is_alike,
        cycle=archive.cycle.name,
        kind=kind_words(archive.kind, row.document__number),
    )
    zipped.writestr(entry_of(name, archive), pdf)
    return Packed(row.pk, name, len(pdf), sha256)


def _read(row: Any, archive: Archive, stored: Stored) -> tuple[bytes, str] | str:
    """The form and its SHA-256; or why there is none."""
    if stored is not None:
        try:
            return stored.result(), row.stored__file_hash
        except FormLost as lost:
            return lost.message
    entry = ArchiveEntry(pk=row.pk, archive_id=archive.pk, number=row.number)
    try:
        pdf = store.form_path(entry).read_bytes()
    except FileNotFoundError:
        entry = archive.entries.select_related("document__policy").get(pk=row.pk)
        pdf = make(entry, archive.asked_by)
    return (pdf, hashlib.sha256(pdf).hexdigest()) if pdf else entry.left_out


def kind_words(kind: str, number: int | None) -> str:
    """ "progress-review-2" from the second of a kind on; a whole record is the form as it is called."""
    if not kind:
        return "dd2906"
    return kind if number in (None, 1) else f"{kind} {number}"


def _keep(packed: list[Packed]) -> None:
    columns = zip(*((p.pk, p.name, p.size, p.sha256, p.left_out) for p in packed), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [list(column) for column in columns])
