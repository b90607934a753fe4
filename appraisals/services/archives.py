"""What HR does with archives of forms: start one, call it off, have it gone on with, fetch it.

The work itself is done in parts (`appraisals.archives`): here it is asked for, by rows, and workers woken.
"""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from appraisals.archives import claims, store
from appraisals.archives.choosing import MOST, Choice, fix_entries
from appraisals.models import Archive, ArchiveDownload, ArchivePart
from appraisals.permissions import may_export_forms
from appraisals.tasks.archives import make_archive
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person
from orgchart.services import record
from orgchart.waking import wake

State = Archive.State
MOST_AT_WORK = 3
VIEWED = """
INSERT INTO appraisals_recordview (appraisal_id, viewer_id, page, viewed_on, viewed_at)
SELECT DISTINCT entry.appraisal_id, %(by)s, 'archive', %(on)s::date, %(at)s::timestamptz
FROM appraisals_archiveentry entry
JOIN appraisals_appraisal record ON record.id = entry.appraisal_id
WHERE entry.archive_id = %(archive)s AND entry.volume = %(volume)s AND entry.name <> ''
  AND record.employee_id <> %(by)s
ORDER BY entry.appraisal_id
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def start_archive(
    choice: Choice, *, words: list[str], by: Person, request_key: uuid.UUID | None = None
) -> Archive:
    """The same request again finds the archive that is there."""
    if by.pk != choice.user.pk or not may_export_forms(by, choice.organization):
        raise PermissionDenied
    # Two requests of one person come one after the other.
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    if request_key and (there := Archive.objects.of(by).filter(request_key=request_key).first()):
        return there
    if (
        Archive.objects.of(by).filter(state__in=[State.WORKING, State.STOPPED]).count()
        >= MOST_AT_WORK
    ):
        raise Refused(
            f"{MOST_AT_WORK} of your archives are not finished yet. Wait for one, or cancel it."
        )
    size = choice.size()
    if not size.forms:
        raise Refused("Nothing fits this choice any more, so there is nothing to export.")
    if size.forms > MOST:
        raise Refused(too_many(size.forms))
    archive = Archive.objects.create(
        asked_by=by,
        asked_at=clock.now(),
        request_key=request_key,
        organization=choice.organization,
        cycle=choice.cycle,
        kind=choice.kind,
        choice=words,
        documents=size.forms,
    )
    fix_entries(archive, choice)
    wake(make_archive, archive.pk)
    return archive


def too_many(forms: int) -> str:
    return (
        f"This would be {forms:,} forms, and one archive holds at most {MOST:,}. Choose units below one by "
        "one, or a stage or rating."
    )


@transaction.atomic
def cancel_archive(archive: Archive, *, by: Person) -> None:
    """Also one that is ready: its files go. Whoever works on a part finds it taken away."""
    locked = _locked(archive, by)
    if locked.state in Archive.OVER:
        raise Refused(f"This archive is {locked.get_state_display().lower()} already.")
    locked.state, locked.note = State.CANCELLED, ""
    locked.save(update_fields=["state", "note"])
    claims.give_back(locked)
    claims.forget_entries(locked)
    transaction.on_commit(lambda: store.forget(locked.pk))


@transaction.atomic
def go_on(archive: Archive, *, by: Person) -> None:
    locked = _locked(archive, by)
    if locked.state == State.WORKING:
        return
    if locked.state != State.STOPPED:
        raise Refused(
            f"This archive is {locked.get_state_display().lower()}, so nothing is left to do."
        )
    locked.state, locked.note = State.WORKING, ""
    locked.save(update_fields=["state", "note"])
    wake(make_archive, locked.pk)


def _locked(archive: Archive, by: Person) -> Archive:
    locked = (
        Archive.objects.select_for_update(of=("self",))
        .select_related("organization")
        .get(pk=archive.pk)
    )
    may_have(locked, by)
    return locked


def may_have(archive: Archive, by: Person) -> None:
    """One's own, and only while one administers there."""
    if archive.asked_by_id != by.pk or not may_export_forms(by, archive.organization):
        raise PermissionDenied


@transaction.atomic
def note_download(part: ArchivePart, *, by: Person) -> None:
    """Before the first byte goes out: in the archive's list, in the organization's events, and for each
    employee among those who looked at their record.

    A RecordView, not an event of the record: nothing was done to it, and somebody has read it, or can.
    Making an archive shows nobody anything; the download is what an employee has a right to know.
    """
    archive = (
        Archive.objects.select_for_update(of=("self",))
        .select_related("organization")
        .get(pk=part.archive_id)
    )
    may_have(archive, by)
    if archive.state != State.READY or archive.is_past(clock.now()):
        raise Refused("This archive is not there any more. Start a new one.")
    now = clock.now()
    ArchiveDownload.objects.create(archive=archive, part=part, by=by, at=now)
    if part.work == ArchivePart.Work.ZIP:
        values: dict[str, Any] = {"by": by.pk, "on": clock.today(), "at": now}
        with connection.cursor() as cursor:
            cursor.execute(VIEWED, values | {"archive": archive.pk, "volume": part.number})
    record(
        "exported",
        by=by,
        organization=archive.organization,
        table=f"Forms, {archive.cycle.name}",
        format="zip",
        rows=part.total if part.work == ArchivePart.Work.ZIP else archive.documents,
        asked={"archive": archive.pk, "part": part.number, "choice": archive.choice},
    )
