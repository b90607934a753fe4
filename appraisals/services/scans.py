"""The scanned paper form: a PDF file named by its hash, attached to what was entered from it (R4.7)."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from appraisals.models import Document, Scan
from appraisals.permissions import may_enter_paper
from appraisals.services.writing import lock_document
from appraisals.workflow import record_event
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person

STARTS, ENDS, LOOKED_AT = b"%PDF-", b"%%EOF", 2048


def is_pdf(file: UploadedFile[bytes]) -> bool:
    """By what is in it: its name and what the browser says of it may be anything."""
    file.seek(0)
    begins = file.read(len(STARTS)) == STARTS
    file.seek(max(0, (file.size or 0) - LOOKED_AT))
    ends = ENDS in file.read()
    file.seek(0)
    return begins and ends


def file_of(scan: Scan) -> Path:
    return Path(settings.MEDIA_ROOT) / scan.path


@transaction.atomic
def attach_scan(document: Document, file: UploadedFile[bytes], *, by: Person) -> Scan:
    """The same file again is the same scan."""
    locked = lock_document(document)
    if not may_enter_paper(by, locked.appraisal):
        raise PermissionDenied
    if not locked.on_paper:
        raise Refused(
            f"This {locked.title.lower()} was written here, so there is no paper form of it."
        )
    scan = Scan(
        document=locked,
        content_hash=_kept(file),
        size=file.size or 0,
        attached_by=by,
        attached_at=clock.now(),
    )
    known = locked.scans.filter(content_hash=scan.content_hash, removed_at=None).first()
    if known:
        return known
    scan.save()
    record_event(locked, name="attach_scan", by=by, details={"scan": scan.content_hash})
    return scan


@transaction.atomic
def remove_scan(scan: Scan, *, by: Person) -> None:
    """A wrong page, perhaps of somebody else: it can be read no more, and that it was there stays on record."""
    locked = lock_document(scan.document)
    if not may_enter_paper(by, locked.appraisal):
        raise PermissionDenied
    scan.refresh_from_db()
    if scan.removed_at is not None:
        return
    scan.removed_at = clock.now()
    scan.save(update_fields=["removed_at"])
    record_event(locked, name="remove_scan", by=by, details={"scan": scan.content_hash})
    if not Scan.objects.filter(content_hash=scan.content_hash, removed_at=None).exists():
        file = file_of(scan)
        transaction.on_commit(lambda: file.unlink(missing_ok=True))


def _kept(file: UploadedFile[bytes]) -> str:
    """Under another name first, so that a file is whole or not there."""
    digest = hashlib.sha256()
    folder = Path(settings.MEDIA_ROOT) / "scans"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".new", delete=False) as new:
        try:
            for piece in file.chunks():
                digest.update(piece)
                new.write(piece)
            new.flush()
            os.fsync(new.fileno())
            name = digest.hexdigest()
            place = file_of(Scan(content_hash=name))
            place.parent.mkdir(parents=True, exist_ok=True)
            Path(new.name).chmod(0o440)
            Path(new.name).replace(place)
        except BaseException:
            Path(new.name).unlink(missing_ok=True)
            raise
    return name


def open_scan(scan: Scan) -> BinaryIO:
    try:
        return file_of(scan).open("rb")
    except FileNotFoundError:
        raise Refused(
            "The file of this scan is missing on the server. Tell your administrator; the paper form itself counts."
        ) from None
