from celery import shared_task

from appraisals.services import mandatory
from orgchart.waking import wake


@shared_task
def push_mandatory(pk: int) -> None:
    push = mandatory.claim(pk)
    if push is not None:
        mandatory.work_on(push)


@shared_task
def sweep_pushes() -> None:
    """For rounds that nobody was woken for, and those whose worker died."""
    for pk in mandatory.due():
        wake(push_mandatory, pk)
