from celery import shared_task

from appraisals.destroying import carry_out


@shared_task
def destroy_records() -> int:
    """What two persons agreed on. The schedule calls it too: a killed worker leaves nothing undone."""
    return carry_out()
