"""Who works on which part of an archive: taken, given back, done. Each part is one worker's at a time."""

import datetime as dt
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.urls import reverse

from appraisals.archives import store
from appraisals.models import Archive, ArchiveEntry, ArchivePart
from appraisals.notifications import tell
from appraisals.permissions import may_export_forms
from orgchart import clock
from orgchart.templatetags.ui import day, plural

State = Archive.State
PartState = ArchivePart.State
# A form that kills every worker is given up; workers that are killed again and again by others are not.
MOST_TRIES = 40

NO_LONGER = "You no longer administer this organization, so nothing more was made."
GAVE_UP = (
    f"One part was begun {MOST_TRIES} times and its worker never came to an end. "
    "What is made is kept. Tell the system administrator, then go on."
)


class Lost(Exception):  # noqa: N818  not a fault: somebody decided
    """The part is not this worker's any more: called off, or taken over by another."""


def claim(archive_id: int) -> ArchivePart | None:
    """The next free part of this archive, now this worker's; None: nobody is needed."""
    archive = Archive.objects.select_related("organization", "asked_by").get(pk=archive_id)
    if archive.state == State.WORKING and not may_export_forms(
        archive.asked_by, archive.organization
    ):
        stop(archive_id, NO_LONGER)
    part = _claimed(archive_id)
    if part and part.tries > MOST_TRIES:
        stop(archive_id, GAVE_UP)
        return None
    return part


@transaction.atomic
def _claimed(archive_id: int) -> ArchivePart | None:
    part = (
        ArchivePart.objects.free()
        .filter(archive=archive_id)
        .select_related("archive__organization", "archive__asked_by", "archive__cycle")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("order", "number")
        .first()
    )
    if part is None:
        return None
    ArchivePart.objects.filter(pk=part.pk).update(
        state=PartState.WORKING,
        heartbeat=Now(),
        began_at=Now(),
        attempts=F("attempts") + 1,
        tries=F("tries") + 1,
        done=0,
    )
    part.refresh_from_db(fields=["state", "heartbeat", "began_at", "attempts", "tries", "done"])
    return part


def is_lost(part: ArchivePart) -> bool:
    mine = ArchivePart.objects.filter(pk=part.pk, attempts=part.attempts, state=PartState.WORKING)
    return not mine.exists()


def more_to_do(archive_id: int) -> bool:
    return ArchivePart.objects.free().filter(archive=archive_id).exists()


def due() -> list[int]:
    """Archives with a part that nobody works on."""
    free = ArchivePart.objects.free().order_by("archive").values_list("archive", flat=True)
    return list(free.distinct())


@transaction.atomic
def finish(part: ArchivePart, *, file_name: str = "", size: int = 0) -> None:
    """The part's last statements. Whoever does the last part makes the archive ready."""
    archive = Archive.objects.select_for_update().get(pk=part.archive_id)
    mine = ArchivePart.objects.filter(pk=part.pk, attempts=part.attempts, state=PartState.WORKING)
    if archive.state != State.WORKING or not mine.update(
        state=PartState.DONE,
        step="",
        done=F("total"),
        heartbeat=None,
        ended_at=Now(),
        file_name=file_name,
        size=size,
    ):
        raise Lost
    if archive.parts.exclude(state=PartState.DONE).exists():
        return
    archive.state, archive.note = State.READY, ""
    archive.left_out = ArchiveEntry.objects.filter(archive=archive).exclude(left_out="").count()
    archive.ready_at = clock.now()
    archive.expires_at = archive.ready_at + dt.timedelta(days=settings.ARCHIVE_DAYS)
    archive.save()
    tell(
        archive.asked_by,
        "export_ready",
        key=f"archive:{archive.pk}",
        link=reverse("archive_detail", args=[archive.pk]),
        what=f"{plural(archive.held, 'form,forms')} of {archive.organization.name}",
        until=day(archive.expires_at),
    )


@transaction.atomic
def stop(archive_id: int, sentence: str) -> None:
    """What is done stays done; whoever works on another part of it finds it taken away."""
    archive = Archive.objects.select_for_update().get(pk=archive_id)
    if archive.state == State.WORKING:
        archive.state, archive.note = State.STOPPED, sentence
        archive.save(update_fields=["state", "note"])
        give_back(archive)


def give_back(archive: Archive) -> None:
    """The caller holds the archive's row."""
    undone = archive.parts.exclude(state=PartState.DONE)
    undone.update(state=PartState.WAITING, heartbeat=None, step="", tries=0)


@transaction.atomic
def expire(archive_id: int) -> None:
    archive = Archive.objects.select_for_update().get(pk=archive_id)
    if archive.state == State.READY:
        archive.state = State.EXPIRED
        archive.save(update_fields=["state"])
        transaction.on_commit(partial(store.forget, archive_id))
        forget_entries(archive)


def forget_entries(archive: Archive) -> None:
    """Who fetched what stays, in each record's list of who looked and in the archive's own."""
    archive.entries.all().delete()


def forget_rest(archive_id: int) -> None:
    """Forms that were made for this archive alone are in it now."""
    if Archive.objects.filter(pk=archive_id, state=State.READY).exists():
        store.forget_forms(archive_id)
