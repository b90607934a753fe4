from celery import shared_task

from appraisals.services.departures import run_due


@shared_task
def run_departures() -> None:
    run_due()
