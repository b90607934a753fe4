"""What an archive says about itself: an index twice, a manifest, and a page to read first."""

import hashlib
from collections.abc import Iterable
from typing import Any
from zipfile import ZipFile, ZipInfo

from django.conf import settings
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from appraisals.exports import Column, Table, csv_lines, xlsx_file
from appraisals.models import Archive, current_of

OWNER_ONLY = 0o600 << 16
PIECE = 1 << 20
MANIFEST = "SHA256SUMS"


class Stamp:
    """What every file of an archive says of itself: from when it is, and who may read it."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        asked = timezone.localtime(archive.asked_at)
        day = (asked.year, asked.month, asked.day)
        self._moment = (*day, asked.hour, asked.minute, asked.second)

    def entry(self, name: str) -> ZipInfo:
        info = ZipInfo(name, self._moment)
        info.external_attr = OWNER_ONLY
        return info


def index_table(archive: Archive) -> Table[Any]:
    """Every form that was chosen, with its file, or why there is none."""
    return Table(
        name="index",
        title=f"Forms of {archive.organization.code}",
        columns=[
            Column("Number", lambda row: row.number, is_number=True),
            Column("File", lambda row: row.name),
            Column("ZIP", lambda row: row.volume, is_number=True),
            Column("Organization", lambda row: row.code),
            Column("Last name", lambda row: row.last_name),
            Column("First name", lambda row: row.first_name),
            Column("DoD ID", lambda row: row.dod_id),
            Column("Cycle", lambda row: archive.cycle.name),
            Column("Form", lambda row: _form(archive, row.review)),
            Column("Status", _status),
            Column("Rating of record", lambda row: row.level),
            Column("Pages", lambda row: row.pages if row.name else None),
            Column("Bytes", lambda row: row.size if row.name else None),
            Column("SHA-256", lambda row: row.sha256),
            Column("Left out because", lambda row: row.left_out),
        ],
        rows=_rows(archive),
        total=archive.documents,
        names_people=True,
    )


def _rows(archive: Archive) -> QuerySet[Any, Any]:
    found = archive.entries.order_by("number").annotate(
        code=F("appraisal__organization__code"),
        last_name=F("appraisal__employee__last_name"),
        first_name=F("appraisal__employee__first_name"),
        dod_id=F("appraisal__employee__dod_id"),
        level=current_of("level", "appraisal__rating_of_record"),
        pages=F("stored__pages"),
        review=F("document__number"),
    )
    own = ("number", "name", "volume", "size", "sha256", "left_out", "stored_id")
    return found.values_list(*own, *found.query.annotations, named=True)


def _form(archive: Archive, review: int | None) -> str:
    if not archive.kind:
        return "DD Form 2906"
    label = str(archive.get_kind_display())
    return label if review in (None, 1) else f"{label} {review}"


def _status(row: Any) -> str:
    if row.left_out:
        return "left out"
    return "final" if row.stored_id else "working copy"


def write_index(zipped: ZipFile, archive: Archive) -> None:
    """`sha256sum -c SHA256SUMS` checks the whole archive, in the folder where all of it was unpacked."""
    sums: list[str] = []
    stamp = Stamp(archive)
    table = index_table(archive)
    _add(zipped, stamp, "index.csv", (line.encode() for line in csv_lines(table)), sums)
    if table.fits_a_sheet:
        with xlsx_file(table) as book:
            pieces = iter(lambda: book.read(PIECE), b"")
            _add(zipped, stamp, "index.xlsx", pieces, sums)
    words = render_to_string("appraisals/archives/readme.txt", _words(archive))
    _add(zipped, stamp, "README.txt", [words.encode()], sums)
    with zipped.open(stamp.entry(MANIFEST), "w") as file:
        kept = archive.entries.exclude(name="").order_by("number").values_list("sha256", "name")
        for sha256, name in kept.iterator(chunk_size=500):
            file.write(f"{sha256}  {name}\n".encode())
        file.write("".join(sums).encode())


def _add(
    zipped: ZipFile, stamp: Stamp, name: str, pieces: Iterable[bytes], sums: list[str]
) -> None:
    digest = hashlib.sha256()
    with zipped.open(stamp.entry(name), "w") as file:
        for piece in pieces:
            digest.update(piece)
            file.write(piece)
    sums.append(f"{digest.hexdigest()}  {name}\n")


def _words(archive: Archive) -> dict[str, Any]:
    return {
        "archive": archive,
        "left_out": archive.entries.exclude(left_out="").count(),
        "designation": settings.CUI_DESIGNATION,
        "manifest": MANIFEST,
    }
