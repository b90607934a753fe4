from celery import shared_task

from appraisals.reminders import run


@shared_task
def remind() -> None:
    """A cycle that fails keeps no other from being run, and is tried again within the hour."""
    if run.is_time():
        for cycle in run.cycles_to_run():
            remind_in_cycle.delay(cycle)


@shared_task
def remind_in_cycle(cycle: int) -> int:
    return run.run(cycle)
