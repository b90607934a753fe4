"""An archive of forms for `test_permission_matrix`: HR's own, ready, its file gone from the server."""

import datetime as dt

from appraisals.models import Archive, ArchivePart
from orgchart import clock
from tests.cast import SECRET, Cast

OF_AN_ARCHIVE = ("archive_detail", "archive_cancel", "archive_go_on")


def make_archive(cast: Cast) -> None:
    now = clock.now()
    archive = Archive.objects.create(
        asked_by=cast.hr,
        asked_at=now,
        organization=cast.places["CMD"],
        cycle=cast.cycle,
        choice=[SECRET],
        documents=1,
        state=Archive.State.READY,
        ready_at=now,
        expires_at=now + dt.timedelta(days=3650),
    )
    ArchivePart.objects.create(
        archive=archive,
        work=ArchivePart.Work.ZIP,
        order=2,
        number=1,
        state=ArchivePart.State.DONE,
        total=1,
        done=1,
        ended_at=now,
        file_name="zip-1-1.zip",
    )


def archive_arguments() -> dict[str, list[object]]:
    part = ArchivePart.objects.get()
    return {
        **{name: [part.archive_id] for name in OF_AN_ARCHIVE},
        "archive_download": [part.archive_id, part.pk],
    }
