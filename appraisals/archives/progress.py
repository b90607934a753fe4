"""How far an archive is, and how long the rest takes at the pace of the last minutes."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Max, Min, Q, Sum
from django.db.models.functions import Now

from appraisals.models import Archive, ArchivePart

Work = ArchivePart.Work
WEIGHT = {Work.FORMS: 150, Work.ZIP: 1, Work.INDEX: 100}
"""Making a form takes as long as packing so many."""
LATELY = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Progress:
    """`work` None: nobody is at it yet. `done` of `total` is of that kind of work, `percent` of all of it."""

    work: Work | None
    done: int
    total: int
    percent: int
    seconds_left: int | None


def progress_of(archive: Archive) -> Progress:
    alive = Q(state=ArchivePart.State.WORKING, heartbeat__gt=Now() - ArchivePart.SILENCE) | Q(
        ended_at__gt=Now() - LATELY
    )
    rows = (
        archive.parts.order_by("order")
        .values("work", "order")
        .annotate(
            so_far=Sum("done"),
            whole=Sum("total"),
            lately=Sum("done", filter=alive, default=0),
            since=Min("began_at", filter=alive),
            now=Max(Now()),
        )
    )
    found = [(Work(row["work"]), row) for row in rows]
    done = sum(WEIGHT[work] * row["so_far"] for work, row in found)
    total = sum(WEIGHT[work] * row["whole"] for work, row in found)
    lately = sum(WEIGHT[work] * row["lately"] for work, row in found)
    begun = [row["since"] for _, row in found if row["since"]]
    open_work = [(work, row) for work, row in found if row["so_far"] < row["whole"]]
    work, row = (open_work or found)[0]
    left = None
    if begun and lately:
        took = (row["now"] - min(begun)).total_seconds()
        left = round((total - done) * took / lately)
    return Progress(
        work=work if begun else None,
        done=row["so_far"],
        total=row["whole"],
        percent=min(99, 100 * done // total),
        seconds_left=left,
    )
