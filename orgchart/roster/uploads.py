"""What a person does with a roster in the browser: upload it, have it checked, apply or discard it.

The work itself is a job (`orgchart.roster.job`): here it is asked for, by rows, and a worker woken.
"""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import transaction

from orgchart import clock, tasks
from orgchart.errors import Refused
from orgchart.models import Organization, Person, RosterChunk, RosterUpload
from orgchart.permissions import may_import_roster
from orgchart.roster.kept import forget
from orgchart.waking import wake

PIECE = 1024 * 1024
LONGEST_NAME = 200
State = RosterUpload.State
ALREADY = {
    State.WAITING: "This roster waits to be checked.",
    State.CHECKING: "This roster is being checked.",
    State.CHECKED: "This roster has problems, so nothing of it can be applied.",
    State.APPLYING: "This roster is being applied.",
    State.APPLIED: "This roster is applied already.",
    State.DISCARDED: "This roster is discarded already.",
    State.FAILED: "The work on this roster stopped. Have it checked again.",
}


@transaction.atomic
def keep_upload(
    organization: Organization, *, files: Mapping[str, File[bytes]], by: Person, **settled: object
) -> RosterUpload:
    """One is open for each person: an earlier one is discarded. Only a piece is ever in memory."""
    # Two uploads of one person at a moment come one after the other.
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    for earlier in RosterUpload.objects.open().filter(uploaded_by=by):
        discard_upload(earlier, by=by)
    names = {
        f"{file}_name": (content.name or "")[-LONGEST_NAME:] for file, content in files.items()
    }
    upload = RosterUpload.objects.create(
        organization=organization, uploaded_by=by, uploaded_at=clock.now(), **names, **settled
    )
    for file, content in files.items():
        for number, piece in enumerate(content.chunks(PIECE)):
            RosterChunk.objects.create(upload=upload, file=file, number=number, content=piece)
    wake(tasks.run_roster, upload.pk)
    return upload


@transaction.atomic
def check_again(upload: RosterUpload, *, by: Person) -> None:
    """What is held may have changed, or the work stopped."""
    locked = _locked(upload, by, State.CHECKED, State.FAILED)
    forget(locked)
    locked.problem_count, locked.counts, locked.digest, locked.note = 0, {}, "", ""
    locked.separate_missing = False
    _ask(locked, State.WAITING)


@transaction.atomic
def ask_to_apply(upload: RosterUpload, *, separate_missing: bool, by: Person) -> None:
    locked = _locked(upload, by, State.CHECKED)
    if locked.problem_count:
        raise Refused(ALREADY[State.CHECKED])
    locked.separate_missing, locked.note = separate_missing, ""
    _ask(locked, State.APPLYING)


@transaction.atomic
def discard_upload(upload: RosterUpload, *, by: Person) -> None:
    """Also while it is being checked: the worker finds it discarded and writes nothing."""
    locked = _locked(upload, by, State.WAITING, State.CHECKING, State.CHECKED, State.FAILED)
    finish(locked, State.DISCARDED)
    forget(locked)


def finish(upload: RosterUpload, state: RosterUpload.State) -> None:
    """The caller holds the row. The files go; the lists of what was applied stay for a while."""
    upload.state, upload.finished_at = state, clock.now()
    upload.save()
    upload.chunks.all().delete()


def _locked(upload: RosterUpload, by: Person, *states: RosterUpload.State) -> RosterUpload:
    locked = (
        RosterUpload.objects.select_for_update(of=("self",))
        .select_related("organization")
        .get(pk=upload.pk)
    )
    if locked.uploaded_by_id != by.pk or not may_import_roster(by, locked.organization):
        raise PermissionDenied
    if locked.state not in states:
        raise Refused(ALREADY[State(locked.state)])
    return locked


def _ask(upload: RosterUpload, state: RosterUpload.State) -> None:
    upload.state, upload.heartbeat, upload.attempts = state, None, 0
    upload.step, upload.done, upload.total = "", 0, 0
    upload.save()
    wake(tasks.run_roster, upload.pk)
