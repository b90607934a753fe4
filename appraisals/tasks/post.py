from celery import shared_task

from appraisals.notifications import delivery, gathering


@shared_task
def deliver_post() -> int:
    """How many letters were sent. Late or twice at once does no harm: each letter is claimed."""
    gathering.gather()
    return delivery.deliver()
