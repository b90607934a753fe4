from celery import shared_task

from appraisals.services import foreseeing
from orgchart.waking import wake


@shared_task
def count_effects(pk: int) -> None:
    forecast = foreseeing.claim(pk)
    if forecast is not None:
        foreseeing.work_on(forecast)


@shared_task
def sweep_forecasts() -> None:
    """For counts that nobody was woken for, and those whose worker died."""
    for pk in foreseeing.due():
        wake(count_effects, pk)
