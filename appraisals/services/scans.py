"""Attaching the scanned paper form to what was entered from it, and taking it away (R4.7)."""

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from appraisals.models import Document, Scan
from appraisals.permissions import may_enter_paper
from appraisals.scans import file_of, is_pdf, keep
from appraisals.services.writing import lock_document
from appraisals.workflow import record_event
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person


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
    if not is_pdf(file):
        raise Refused("A scan is a PDF file, whatever its name says.")
    scan = Scan(
        document=locked,
        content_hash=keep(file),
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
