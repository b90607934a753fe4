from celery import shared_task

from orgchart import clock, directory, headcounts


@shared_task
def keep_people_found() -> None:
    """Readers are right without it about head counts, and wait for it after an import to find people."""
    headcounts.fold(on=clock.today())
    directory.sweep(on=clock.today())
