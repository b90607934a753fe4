from celery import shared_task

from appraisals.archives import claims, job
from orgchart.waking import wake

# A ZIP of ten thousand forms on a slow disk; a worker that hangs longer than this is ended.
LONGEST = 60 * 60


@shared_task(time_limit=LONGEST)
def make_archive(pk: int) -> None:
    """One part. Whoever takes one wakes the next worker, until all are at work; between two parts other work
    has its turn."""
    part = claims.claim(pk)
    if part is None:
        return
    if claims.more_to_do(pk):
        wake(make_archive, pk)
    job.work_on(part)
    if claims.more_to_do(pk):
        wake(make_archive, pk)


@shared_task
def sweep_archives() -> None:
    """For parts that nobody was woken for, and those whose worker died; and what is past its day."""
    job.clear_old()
    for pk in claims.due():
        wake(make_archive, pk)
