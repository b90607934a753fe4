"""The work on an uploaded roster, by a worker. One job is never done by two at once.

Three things hold that: a job is claimed by its row, the work holds a lock of the database that
goes with the worker's connection, and the end is written only if the row is still as it was claimed.
"""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from typing import BinaryIO

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from orgchart import clock
from orgchart.heart import Heart
from orgchart.models import RosterChange, RosterChunk, RosterProblem, RosterUpload
from orgchart.permissions import may_import_roster
from orgchart.roster import Outcome, Source, import_roster, preview_roster
from orgchart.roster.kept import MOST_PROBLEMS, digest_of, forget, keep_changes, keep_problems
from orgchart.roster.outcome import Change

log = structlog.get_logger(__name__)
State = RosterUpload.State
DATABASE_AWAY = (OperationalError, InterfaceError)
MOST_ATTEMPTS = 3
DECIDED_WITHIN = timedelta(days=1)
LISTS_KEPT = timedelta(days=30)

STOPPED = "The work stopped unexpectedly. Nothing was changed. Have the files checked again."
GAVE_UP = f"The work was begun {MOST_ATTEMPTS} times and never came to an end. Nothing was changed."
NO_LONGER = "You no longer administer this organization. Nothing was changed."
DIFFERS = "People or units changed after the check, so nothing was applied. This is what it would change now."
CAME_UP = "Problems came up after the check, so nothing was applied. Everything is as it was."


class Withdrawn(Exception):  # noqa: N818  not a fault: somebody decided
    """The row is no longer as it was when the work began."""


class Differs(Exception):  # noqa: N818  likewise
    """The roster would change something else than what was shown."""


def due() -> list[int]:
    return list(RosterUpload.objects.due().order_by("pk").values_list("pk", flat=True))


def run(pk: int) -> None:
    upload = _claimed(pk)
    if upload is None:
        return
    with ExitStack() as unless_it_ends_well:
        unless_it_ends_well.callback(_fail, upload, STOPPED)
        try:
            with transaction.atomic():
                _work(upload)
        except Withdrawn:
            log.info("roster_withdrawn", upload=pk)
        except Differs:
            _look_again(upload)
        except DATABASE_AWAY:
            # The row stays as it is; after a minute of silence the sweep has it tried again.
            unless_it_ends_well.pop_all()
            raise
        unless_it_ends_well.pop_all()


@transaction.atomic
def _claimed(pk: int) -> RosterUpload | None:
    upload = (
        RosterUpload.objects.due()
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("organization", "uploaded_by")
        .filter(pk=pk)
        .first()
    )
    if upload is None:
        return None
    if upload.attempts >= MOST_ATTEMPTS:
        _fail(upload, GAVE_UP)
        return None
    if not may_import_roster(upload.uploaded_by, upload.organization):
        _fail(upload, NO_LONGER)
        return None
    state = State.APPLYING if upload.state == State.APPLYING else State.CHECKING
    RosterUpload.objects.filter(pk=pk).update(
        state=state, heartbeat=Now(), attempts=F("attempts") + 1, step="Fetching the files"
    )
    upload.state = state
    return upload


def _work(upload: RosterUpload) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext('orgchart_rosterupload'), %s)", [upload.pk]
        )
        if not cursor.fetchone()[0]:
            raise Withdrawn
    with Heart(upload) as heart, _files(upload) as source:
        outcome = (
            _applied(upload, source, heart)
            if _is_apply(upload)
            else _checked(upload, source, heart)
        )
    _write_down(upload, outcome)


def _is_apply(upload: RosterUpload) -> bool:
    return upload.state == State.APPLYING


@contextmanager
def _files(upload: RosterUpload) -> Iterator[Source]:
    """On the worker's disk: reading rows and copying into others cannot share one connection."""
    with tempfile.TemporaryFile() as organizations, tempfile.TemporaryFile() as employees:
        _fetch(upload, RosterChunk.File.ORGANIZATIONS, organizations)
        _fetch(upload, RosterChunk.File.EMPLOYEES, employees)
        yield Source(organizations, employees)


def _fetch(upload: RosterUpload, file: RosterChunk.File, into: BinaryIO) -> None:
    pieces = upload.chunks.filter(file=file).order_by("number").values_list("content", flat=True)
    for piece in pieces.iterator(chunk_size=4):
        into.write(piece)
    into.seek(0)


def _checked(upload: RosterUpload, source: Source, heart: Heart) -> Outcome:
    forget(upload)
    return preview_roster(
        source,
        effective_on=upload.effective_on,
        scope=upload.organization,
        progress=heart,
        on_changes=partial(keep_changes, upload, heart),
        most_problems=MOST_PROBLEMS,
    )


def _applied(upload: RosterUpload, source: Source, heart: Heart) -> Outcome:
    def compare(changes: Iterable[Change]) -> None:
        if digest_of(changes) != upload.digest:
            raise Differs

    return import_roster(
        source,
        effective_on=upload.effective_on,
        by=upload.uploaded_by,
        scope=upload.organization,
        separate_missing=upload.separate_missing,
        progress=heart,
        on_changes=compare,
        most_problems=MOST_PROBLEMS,
    )


def _write_down(upload: RosterUpload, outcome: Outcome) -> None:
    """The job's last statements: until they are committed, nothing of it happened."""
    locked = RosterUpload.objects.select_for_update().get(pk=upload.pk)
    if locked.state != upload.state:
        raise Withdrawn
    if outcome.problem_count:
        forget(upload)
        keep_problems(upload, outcome.problems)
        locked.note = CAME_UP if _is_apply(upload) else ""
    locked.problem_count = outcome.problem_count
    locked.counts, locked.digest = asdict(outcome.counts), upload.digest
    locked.step, locked.heartbeat = "", None
    locked.done = locked.total = 0
    if outcome.applied:
        locked.state, locked.finished_at = State.APPLIED, clock.now()
        locked.chunks.all().delete()
    else:
        locked.state = State.CHECKED
    locked.save()


def _look_again(upload: RosterUpload) -> None:
    """At once, by whoever is here: the person waits for an answer."""
    asked = RosterUpload.objects.filter(pk=upload.pk, state=State.APPLYING)
    asked.update(state=State.WAITING, separate_missing=False, heartbeat=None, note=DIFFERS)
    run(upload.pk)


def _fail(upload: RosterUpload, sentence: str) -> None:
    mine = RosterUpload.objects.filter(pk=upload.pk, state=upload.state)
    mine.update(state=State.FAILED, note=sentence, step="", heartbeat=None)


@transaction.atomic
def clear_old() -> None:
    """Files that nobody decided about, and lists that nobody reads any more."""
    undecided = RosterUpload.objects.filter(
        state__in=[State.CHECKED, State.FAILED], uploaded_at__lt=clock.now() - DECIDED_WITHIN
    )
    for upload in undecided.select_for_update(skip_locked=True):
        upload.state, upload.finished_at = State.DISCARDED, clock.now()
        upload.save()
        upload.chunks.all().delete()
        forget(upload)
    over = RosterUpload.objects.filter(finished_at__lt=clock.now() - LISTS_KEPT)
    for rows in (RosterChange, RosterProblem):
        rows.objects.filter(upload__in=over).delete()
