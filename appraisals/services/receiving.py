"""Records of an employee that come from another installation (R9.8)."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from appraisals.models import (
    Appraisal,
    AppraisalEvent,
    ReceivedFile,
    Scan,
    State,
    StoredForm,
)
from appraisals.notifications import tell
from appraisals.permissions import may_keep_records
from appraisals.services.officials import name_officials
from appraisals.transfer.container import FileRefused, RecordFile, fingerprint
from appraisals.transfer.known import without_known
from appraisals.transfer.load import Load, employee_in, note_received
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Organization, Person
from orgchart.selectors import assignment_of, higher_level_reviewer_of
from orgchart.services import record
from orgchart.whole_files import begun, keep_as


@dataclass(frozen=True)
class Arrival:
    """Whose file it is and where it would go; nothing is written yet."""

    file: RecordFile
    employee: Person
    place: Organization


def arrival_of(file: RecordFile) -> Arrival:
    """Raises FileRefused when the employee is not known here, works nowhere, or it was received already."""
    dod_id = employee_in(file)
    employee = Person.objects.filter(dod_id=dod_id).first()
    if employee is None:
        raise FileRefused(
            [
                f"Nobody here has the DoD ID {dod_id}. Enter the person first, with the roster or by hand."
            ]
        )
    current = assignment_of(employee, on=clock.today())
    if current is None:
        raise FileRefused(
            [f"{employee.full_name} has no place here yet. Assign them to a unit first."]
        )
    known = ReceivedFile.objects.filter(content_hash=file.content_hash).first()
    if known is not None:
        raise FileRefused(
            [
                f"This file was received on {known.received_at:%-d %B %Y} already. Nothing was changed."
            ]
        )
    return Arrival(file, employee, current.organization)


@transaction.atomic
def receive_records(file: RecordFile, *, by: Person, compared: str = "") -> ReceivedFile:
    """Everything of it that is not here yet, or nothing. `compared`: the fingerprint that the sender gave on another way, needed
    where no shared key vouches for the file."""
    arrival = arrival_of(file)
    employee, place = arrival.employee, arrival.place
    if by.pk == employee.pk or not may_keep_records(by, place):
        raise PermissionDenied
    if not file.signed_with and not is_same(compared, file.content_hash):
        raise Refused(
            "The fingerprint is not the one of this file. Ask who sent it to read theirs to you, and compare. "
            "Nothing was received."
        )
    Person.objects.select_for_update(no_key=True).get(pk=employee.pk)
    arrival_of(file)
    file = without_known(file, employee)
    load = Load(file, place=place, employee=employee)
    records = load.save()
    if not records:
        raise FileRefused(["The file holds no record."])
    row = ReceivedFile.objects.create(
        installation=str(file.content.get("installation", ""))[:200],
        format_version=int(file.content["version"]),
        content_hash=file.content_hash,
        is_signed=bool(file.signed_with),
        employee=employee,
        organization=place,
        records=len(records),
        received_by=by,
        received_at=clock.now(),
    )
    note_received(file, records, row)
    _keep_files(file, records)
    for each in records:
        _note(each, row, by)
        _hand_over(each, by)
    _tell(row, records, by)
    record(
        "records_received",
        by=by,
        person=employee,
        organization=place,
        records=len(records),
        installation=row.installation,
        people=len(load.places.new_people),
    )
    return row


def is_same(compared: str, content_hash: str) -> bool:
    """As people read it to each other: with or without spaces, small or large letters."""
    given = "".join(compared.split()).lower()
    return given == fingerprint(content_hash).replace(" ", "")


def _keep_files(file: RecordFile, records: list[Appraisal]) -> None:
    """A row whose file did not come would be a promise that nobody can keep."""
    keys = [each.pk for each in records]
    forms = StoredForm.objects.made().filter(appraisal__in=keys)
    scans = Scan.objects.filter(document__appraisal__in=keys, removed_at=None)
    wanted = {form.file_hash: form.path for form in forms}
    wanted |= {scan.content_hash: scan.path for scan in scans}
    missing = [digest for digest in wanted if digest not in file.files]
    if missing:
        raise FileRefused([f"The PDF file {missing[0][:12]} is named in it and is not there."])
    for digest, path in wanted.items():
        place = Path(settings.MEDIA_ROOT) / path
        if place.exists() and hashlib.sha256(place.read_bytes()).hexdigest() == digest:
            continue
        with begun(place.parent) as new:
            new.write(file.files[digest])
            keep_as(place, new)


def _note(received: Appraisal, row: ReceivedFile, by: Person) -> None:
    AppraisalEvent.objects.create(
        appraisal=received,
        name="received",
        by=by,
        at=clock.now(),
        details={"installation": row.installation, "file": row.content_hash},
    )


def _hand_over(row: Appraisal, by: Person) -> None:
    """A year that goes on needs officials who are here; a finished one keeps those it had."""
    received = Appraisal.objects.with_people().get(pk=row.pk)
    if received.rating_official.is_active and _reviewer_is_here(received):
        return
    walking = received.documents.exclude(state=State.ACKNOWLEDGED).exists()
    if received.cycle.effective_on < clock.today() or not (walking or not _is_rated(received)):
        return
    current = assignment_of(received.employee, on=clock.today())
    if current is None or current.supervisor is None:
        return
    name_officials(
        received,
        rating_official=current.supervisor,
        higher_level_reviewer=higher_level_reviewer_of(received.employee, on=clock.today()),
        by=by,
        reason="The record came from another installation.",
    )


def _reviewer_is_here(received: Appraisal) -> bool:
    reviewer = received.higher_level_reviewer
    return reviewer is None or reviewer.is_active


def _is_rated(received: Appraisal) -> bool:
    return hasattr(received, "rating_of_record")


def _tell(row: ReceivedFile, records: list[Appraisal], by: Person) -> None:
    current = assignment_of(row.employee, on=clock.today())
    people = {row.employee, *([current.supervisor] if current and current.supervisor else [])}
    for each in people - {by}:
        tell(
            each,
            "record_received",
            key=f"record_received:{row.pk}",
            link=records[-1].get_absolute_url(),
            employee=row.employee.full_name,
            installation=row.installation,
            records=len(records),
        )
