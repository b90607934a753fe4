"""An employee's records in a file for another installation (R9.8)."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from appraisals.models import (
    AppraisalEvent,
    RecordView,
    Scan,
    SentFile,
    StoredForm,
)
from appraisals.notifications import tell
from appraisals.parts import part_of
from appraisals.pdf import open_form
from appraisals.pdf.stored import render_claimed
from appraisals.permissions import may_keep_records
from appraisals.scans import open_scan
from appraisals.selectors import policy_for
from appraisals.services.retention import hold_place
from appraisals.transfer.choosing import Chosen, everything, going_along
from appraisals.transfer.container import FORMAT, VERSION, hash_of, packed
from appraisals.transfer.dump import Dump
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Organization, Person
from orgchart.services import record

Purpose = SentFile.Purpose


@dataclass(frozen=True)
class Sent:
    row: SentFile
    data: bytes


def chosen_for(employee: Person, purpose: SentFile.Purpose, place: Organization) -> Chosen:
    if purpose == Purpose.WHOLE:
        return everything(employee)
    today = clock.today()
    return going_along(employee, today=today, policy=policy_for(place, on=today).rules())


@transaction.atomic
def send_records(
    employee: Person,
    *,
    purpose: SentFile.Purpose,
    to_whom: str,
    by: Person | None,
    key: str = "",
) -> Sent:
    """The file; that it was made, for whom and by whom stays on record, and the employee is told.

    `by` None: a command at the server's own console. `key`: the shared key that signs it.
    """
    place = hold_place(employee)
    if place is None:
        raise Refused(f"{employee.full_name} has no record here.")
    if by is not None and (by.pk == employee.pk or not may_keep_records(by, place)):
        raise PermissionDenied
    if not to_whom.strip():
        raise Refused("Say who gets the file.")
    if key and key not in settings.TRANSFER_KEYS:
        raise Refused(f"There is no shared key called “{key}” here (DPMAP_TRANSFER_KEYS).")
    # One after the other with whoever destroys, or sends at the same moment.
    Person.objects.select_for_update(no_key=True).get(pk=employee.pk)
    chosen = chosen_for(employee, purpose, place)
    if not chosen.records:
        raise Refused(f"There is nothing of {employee.full_name} that would go along.")
    content, files = content_of(employee, chosen, purpose)
    row = SentFile.objects.create(
        employee=employee,
        organization=place,
        purpose=purpose,
        to_whom=to_whom.strip(),
        records=len(chosen.records),
        content_hash=hash_of(content),
        made_by=by,
        made_at=clock.now(),
    )
    _note(row, chosen, by)
    return Sent(row, packed(content, files, key=key))


def content_of(
    employee: Person, chosen: Chosen, purpose: SentFile.Purpose
) -> tuple[dict[str, object], dict[str, bytes]]:
    files = _files(chosen)
    dump = Dump(chosen.rows_of)
    rows = dump.rows()
    about = dump.described.name_of(Person, employee.pk)
    content: dict[str, object] = {
        "format": FORMAT,
        "version": VERSION,
        "installation": settings.SITE_ADDRESS,
        "made_at": clock.now().isoformat(),
        "purpose": purpose.value,
        "employee": about,
        "references": dump.references,
        "rows": rows,
        "files": sorted(files),
    }
    return content, files


def _files(chosen: Chosen) -> dict[str, bytes]:
    """What is final goes as it was printed, so what is not printed yet is printed first."""
    forms = chosen.rows_of(part_of(StoredForm))
    files = {}
    for form in forms:
        kept = form if form.made_at else render_claimed(form.pk)
        if kept is None:
            raise Refused(
                "A final form could not be printed, so the file is not made. Try again later."
            )
        files[kept.file_hash] = open_form(kept)
    for scan in chosen.rows_of(part_of(Scan)).filter(removed_at=None):
        with open_scan(scan) as file:
            files[scan.content_hash] = file.read()
    return files


def _note(row: SentFile, chosen: Chosen, by: Person | None) -> None:
    now, today = clock.now(), clock.today()
    details = {"to_whom": row.to_whom, "file": row.content_hash}
    if by is not None:
        AppraisalEvent.objects.bulk_create(
            AppraisalEvent(appraisal=each, name="sent", by=by, at=now, details=details)
            for each in chosen.records
        )
        RecordView.objects.bulk_create(
            [
                RecordView(appraisal=each, viewer=by, page="sent", viewed_on=today, viewed_at=now)
                for each in chosen.records
            ],
            ignore_conflicts=True,
        )
    record(
        "records_sent",
        by=by,
        person=row.employee,
        organization=row.organization,
        records=row.records,
        **details,
    )
    if row.employee.is_active:
        tell(
            row.employee,
            "record_sent",
            key=f"record_sent:{row.pk}",
            link=chosen.records[-1].get_absolute_url(),
            to_whom=row.to_whom,
            by=by.full_name if by else "An administrator",
            day=today,
            records=row.records,
        )
