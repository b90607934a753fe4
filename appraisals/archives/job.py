"""One part of an archive, done by a worker; and what is left to clear away."""

import errno
from contextlib import ExitStack

import structlog
from django.db import InterfaceError, OperationalError

from appraisals.archives import claims, store
from appraisals.archives.making import make_forms
from appraisals.archives.packing import pack
from appraisals.models import Archive, ArchivePart
from orgchart import clock
from orgchart.heart import Heart

log = structlog.get_logger(__name__)
DATABASE_AWAY = (OperationalError, InterfaceError)
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

DISK_FULL = (
    "The disk is full where archives are written. Nothing that is made is lost. Have the system "
    "administrator make room, then go on."
)
FAULT = (
    "The work stopped for a fault that is recorded in the server’s log. What is made is kept. "
    "Go on, and tell the system administrator if it stops again."
)


def work_on(part: ArchivePart) -> None:
    with ExitStack() as unless_it_ends_well:
        unless_it_ends_well.callback(claims.stop, part.archive_id, FAULT)
        try:
            _do(part)
        except claims.Lost:
            log.info("archive_part_lost", archive=part.archive_id, part=part.pk)
        except DATABASE_AWAY:
            # The row stays as it is; after some seconds of silence the sweep has it tried again.
            unless_it_ends_well.pop_all()
            raise
        except OSError as problem:
            _put_off(part, problem)
        unless_it_ends_well.pop_all()


def _do(part: ArchivePart) -> None:
    with Heart(part, "attempts") as heart:
        if part.work == ArchivePart.Work.FORMS:
            make_forms(part, heart)
            made = ("", 0)
        else:
            made = pack(part, heart)
    try:
        claims.finish(part, file_name=made[0], size=made[1])
    except claims.Lost:
        if made[0]:
            (store.folder(part.archive_id) / made[0]).unlink(missing_ok=True)
        raise
    claims.forget_rest(part.archive_id)


def _put_off(part: ArchivePart, problem: OSError) -> None:
    """Raises what is no full disk, and no folder that went with an archive which was called off."""
    if problem.errno in NO_ROOM:
        log.error("archive_disk_full", archive=part.archive_id, part=part.pk)
        claims.stop(part.archive_id, DISK_FULL)
    elif isinstance(problem, FileNotFoundError) and claims.is_lost(part):
        log.info("archive_part_lost", archive=part.archive_id, part=part.pk)
    else:
        raise problem


def clear_old() -> int:
    """Archives past their day, and folders that nobody will ask for again."""
    late = Archive.objects.filter(state=Archive.State.READY, expires_at__lte=clock.now())
    for archive in late.order_by("pk"):
        claims.expire(archive.pk)
    return store.tidy()
