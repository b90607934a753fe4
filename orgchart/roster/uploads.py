"""A roster that waits in the database between upload, preview and the decision."""

from datetime import date, timedelta

from django.db import transaction

from orgchart import clock, roster
from orgchart.errors import Refused
from orgchart.models import Organization, Person, RosterUpload

WAITING, APPLIED, DISCARDED = RosterUpload.State
KEPT_FOR = timedelta(days=1)
EMPTY = {"organizations_file": b"", "employees_file": b""}


@transaction.atomic
def keep_upload(
    organization: Organization,
    *,
    organizations_file: bytes,
    employees_file: bytes,
    effective_on: date,
    by: Person,
) -> RosterUpload:
    """One waits for each person: an earlier one is discarded, and so are everybody's old ones."""
    waiting = RosterUpload.objects.filter(state=WAITING)
    waiting.filter(uploaded_by=by).update(state=DISCARDED, **EMPTY)
    waiting.filter(uploaded_at__lt=clock.now() - KEPT_FOR).update(state=DISCARDED, **EMPTY)
    return RosterUpload.objects.create(
        organization=organization,
        uploaded_by=by,
        uploaded_at=clock.now(),
        effective_on=effective_on,
        organizations_file=organizations_file,
        employees_file=employees_file,
    )


def preview_upload(upload: RosterUpload) -> roster.Outcome:
    return roster.preview_roster(
        _read(upload), effective_on=upload.effective_on, scope=upload.organization
    )


@transaction.atomic
def apply_upload(upload: RosterUpload, *, separate_missing: bool, by: Person) -> roster.Outcome:
    """Problems that came up since the preview leave everything as it was, the upload too."""
    locked = _locked(upload)
    outcome = roster.import_roster(
        _read(locked),
        effective_on=locked.effective_on,
        scope=locked.organization,
        separate_missing=separate_missing,
        by=by,
    )
    if outcome.applied:
        _finish(locked, APPLIED)
    return outcome


@transaction.atomic
def discard_upload(upload: RosterUpload, *, by: Person) -> None:
    """Only the person who uploaded it does this, so `by` is on the row already."""
    _finish(_locked(upload), DISCARDED)


def _locked(upload: RosterUpload) -> RosterUpload:
    locked = (
        RosterUpload.objects.select_for_update(of=("self",))
        .select_related("organization")
        .get(pk=upload.pk)
    )
    if locked.state != WAITING:
        raise Refused(f"This roster is {locked.get_state_display().lower()} already.")
    return locked


def _finish(upload: RosterUpload, state: RosterUpload.State) -> None:
    upload.state, upload.organizations_file, upload.employees_file = state, b"", b""
    upload.save(update_fields=["state", "organizations_file", "employees_file"])


def _read(upload: RosterUpload) -> roster.Roster:
    return roster.read(bytes(upload.organizations_file), bytes(upload.employees_file))
