"""One ZIP of an archive: forms copied as they are, each looked at once, one in memory.

In one thread: a second one that reads ahead costs more in turns than it wins, for nearly all of it is processor time.
"""

import hashlib
from dataclasses import dataclass
from itertools import islice
from typing import Any
from zipfile import ZIP_STORED, ZipFile

from django.db import connection

from appraisals.archives import store
from appraisals.archives.claims import Lost
from appraisals.archives.index import Stamp, write_index
from appraisals.archives.making import LONGEST, MOVED_AWAY, administered, make
from appraisals.archives.names import name_of
from appraisals.models import Archive, ArchiveEntry, ArchivePart
from appraisals.pdf.stored import FormLost, read_form
from orgchart.heart import Heart
from orgchart.whole_files import settling

AT_ONCE = 500
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
            with settling(file):
                write_index(archive, part.archive)
    return name, path.stat().st_size


def is_last(part: ArchivePart) -> bool:
    """The index goes into the only ZIP, or into one of its own after all the others."""
    others = ArchivePart.objects.filter(archive=part.archive_id, order__gt=part.order)
    return not others.exists()


def _write_forms(archive: ZipFile, part: ArchivePart, heart: Heart) -> None:
    stamp = Stamp(part.archive)
    wanted = part.archive.entries.filter(volume=part.number).order_by("number")
    rows = wanted.values_list(*FIELDS, named=True).iterator(chunk_size=AT_ONCE)
    done = 0
    while chunk := list(islice(rows, AT_ONCE)):
        inside = administered((row.appraisal_id for row in chunk), part.archive.asked_by)
        packed = []
        for row in chunk:
            if heart.is_lost:
                raise Lost
            may_be_read = row.appraisal_id in inside
            packed.append(_pack_one(archive, row, stamp, may_be_read=may_be_read))
            done += 1
            heart("Writing the archive", done, part.total)
        _keep(packed)


def _pack_one(zipped: ZipFile, row: Any, stamp: Stamp, *, may_be_read: bool) -> Packed:
    archive = stamp.archive
    found = row.left_out or (_read(row, archive) if may_be_read else MOVED_AWAY)
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
    zipped.writestr(stamp.entry(name), pdf)
    return Packed(row.pk, name, len(pdf), sha256)


def _read(row: Any, archive: Archive) -> tuple[bytes, str] | str:
    """The form and its SHA-256; or why there is none."""
    if row.stored_id:
        try:
            return read_form(row.stored_id, row.stored__file_hash), row.stored__file_hash
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
