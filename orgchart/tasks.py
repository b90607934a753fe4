"""Thin: each wakes work that is already written in the database."""

from celery import shared_task

from orgchart import accounts, clock, directory, headcounts
from orgchart.roster import job
from orgchart.waking import wake

# The whole department is minutes; a worker that hangs longer than this is ended.
HOUR = 60 * 60


@shared_task
def keep_people_found() -> None:
    """Readers are right without it about head counts, and wait for it after an import to find people."""
    headcounts.fold(on=clock.today())
    directory.sweep(on=clock.today())


@shared_task
def close_accounts() -> None:
    """Nobody who has left signs in without it; it puts that on record and ends their roles."""
    accounts.close_accounts(on=clock.today())


@shared_task(time_limit=HOUR)
def run_roster(pk: int) -> None:
    job.run(pk)


@shared_task
def sweep_rosters() -> None:
    """For jobs that nobody was woken for, and those whose worker died."""
    job.clear_old()
    for pk in job.due():
        wake(run_roster, pk)
