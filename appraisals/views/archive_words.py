"""What the pages of archives say."""

from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.text import slugify

from appraisals.archives.choosing import MOST, VOLUME, Size
from appraisals.archives.names import folder_of
from appraisals.archives.progress import Progress, progress_of
from appraisals.models import Archive, ArchivePart
from appraisals.views.administration import hr_crumbs
from appraisals.views.watching import Job
from orgchart import clock
from orgchart.templatetags.ui import plural

State = Archive.State
Work = ArchivePart.Work
TAGS = {State.WORKING: "blue", State.STOPPED: "late", State.READY: "good"}
HERE = "Exports of forms"
MINUTE, HOUR = 60, 3600
SPARE = 2
"""Times the size of the archive: what is made for it lies beside it until it is packed."""


def crumbs(*last: str) -> list[dict[str, str]]:
    between = {"archive_list": HERE} if last else {}
    return hr_crumbs(*(last or (HERE,)), **between)


def title(archive: Archive) -> str:
    return f"Forms of {archive.organization.name}, {archive.cycle.name}"


def is_there(archive: Archive) -> bool:
    return archive.state == State.READY and not archive.is_past(clock.now())


def row(archive: Archive) -> dict[str, Any]:
    past = archive.state == State.READY and not is_there(archive)
    state = State.EXPIRED if past else State(archive.state)
    return {
        "archive": archive,
        "title": title(archive),
        "state": str(state.label),
        "kind": TAGS.get(state, ""),
        "detail": " · ".join(archive.choice),
    }


def numbers(size: Size) -> list[dict[str, str]]:
    about = "" if size.stored == size.forms else "about "
    found = [
        {"value": f"{size.forms:,}", "words": "form" if size.forms == 1 else "forms"},
        {"value": filesizeformat(size.bytes), "words": f"{about}in all"},
        {"value": f"{size.to_make:,}", "words": "to be made first"},
    ]
    if size.volumes > 1:
        found.append({"value": f"{size.volumes:,}", "words": "ZIP files, and one with the index"})
    return found


def warning(size: Size, *, shown: str | None, room: int) -> str:
    if shown is not None and shown != str(size.forms):
        return f"Since you looked, this choice has come to hold {plural(size.forms, 'form,forms')}. Nothing was started."
    if size.forms <= MOST and SPARE * size.bytes > room:
        return (
            f"The server has {filesizeformat(room)} free where archives are written, which may be too "
            "little. If it is, the work stops, says so, and can be gone on with."
        )
    return ""


def progress(archive: Archive) -> Job:
    found = progress_of(archive)
    is_counted = found.work in (Work.FORMS, Work.ZIP)
    return Job(
        step=_step(found),
        percent=found.percent if found.work else None,
        count=f"{found.done:,} of {found.total:,}" if is_counted else "",
        left=_left(found.seconds_left),
    )


def _step(found: Progress) -> str:
    return str(found.work.label) if found.work else "Waiting for its turn"


def _left(seconds: int | None) -> str:
    if seconds is None:
        return ""
    if seconds < MINUTE:
        return "less than a minute left"
    if seconds < HOUR:
        return f"about {plural(round(seconds / MINUTE), 'minute,minutes')} left"
    return f"about {plural(round(seconds / HOUR), 'hour,hours')} left"


def files(archive: Archive) -> list[dict[str, Any]]:
    parts = archive.parts.exclude(file_name="")
    return [
        {
            "name": file_name(archive, part),
            "size": filesizeformat(part.size),
            "holds": plural(part.total, "form,forms") if part.work == Work.ZIP else "the index",
            "url": reverse("archive_download", args=[archive.pk, part.pk]),
        }
        for part in parts
    ]


def file_name(archive: Archive, part: ArchivePart) -> str:
    """forms-des-fire-fy-2027-2-of-3.zip"""
    place = folder_of(archive.organization.code).strip("-")
    stem = f"forms-{place}-{slugify(archive.cycle.name)}"
    volumes = -(-archive.documents // VOLUME)
    if part.work == Work.INDEX:
        return f"{stem}-index.zip"
    return f"{stem}.zip" if volumes == 1 else f"{stem}-{part.number}-of-{volumes}.zip"
