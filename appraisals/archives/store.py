"""Files of archives on the disk. Nothing has its name before all of it is there."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings

from appraisals.models import Archive, ArchiveEntry, ArchivePart
from orgchart.whole_files import begun, keep_as

_ATTEMPT = re.compile(r"-(\d+)\.zip")


def folder(archive_id: int) -> Path:
    return Path(settings.ARCHIVES_ROOT) / str(archive_id)


def form_path(entry: ArchiveEntry) -> Path:
    """Where a form waits that is made for this archive alone, because its record is not final."""
    return folder(entry.archive_id) / "forms" / f"{entry.number}.pdf"


def part_name(part: ArchivePart) -> str:
    """Each attempt has its own, so a worker that was taken for dead spoils nobody's file."""
    return f"{part.work}-{part.number}-{part.attempts}.zip"


def part_path(part: ArchivePart) -> Path:
    return folder(part.archive_id) / part.file_name


@contextmanager
def written(path: Path) -> Iterator[IO[bytes]]:
    """Its name is in the unfinished one, so that `forget_earlier` and `tidy` know what a killed worker left."""
    with begun(path.parent, prefix=f".{path.name}.") as file:
        yield file
        keep_as(path, file)


def forget_earlier(part: ArchivePart) -> None:
    """What attempts before this one left that ended between a file's name and its row, or before either."""
    for left in folder(part.archive_id).glob(f"*{part.work}-{part.number}-*.zip*"):
        found = _ATTEMPT.search(left.name)
        if found and int(found[1]) < part.attempts:
            left.unlink(missing_ok=True)


def forget_forms(archive_id: int) -> None:
    shutil.rmtree(folder(archive_id) / "forms", ignore_errors=True)


def forget(archive_id: int) -> None:
    shutil.rmtree(folder(archive_id), ignore_errors=True)


def tidy() -> int:
    """What nobody asks for any more: folders of archives that are over, also those that a stalled worker made
    again after they were; of ready ones whatever is none of their files, left by a worker that was killed."""
    root = Path(settings.ARCHIVES_ROOT)
    found = {int(each.name) for each in root.glob("[0-9]*")} if root.is_dir() else set()
    if not found:
        return 0
    known = Archive.objects.filter(pk__in=found).exclude(state__in=Archive.OVER)
    states = dict(known.values_list("pk", "state"))
    for archive_id in found - states.keys():
        forget(archive_id)
    ready = [pk for pk, state in states.items() if state == Archive.State.READY]
    parts = ArchivePart.objects.filter(archive__in=ready).exclude(file_name="")
    kept = {folder(part.archive_id) / part.file_name for part in parts}
    for archive_id in ready:
        forget_forms(archive_id)
        for left in set(folder(archive_id).glob("*.zip*")) - kept:
            left.unlink(missing_ok=True)
    return len(found - states.keys())


def room() -> int:
    """Bytes that are free where archives are written."""
    place = Path(settings.ARCHIVES_ROOT)
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free
