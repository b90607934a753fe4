from celery import shared_task

from appraisals.services.reorganizing import apply_due


@shared_task
def apply_reorganizations() -> None:
    apply_due()
