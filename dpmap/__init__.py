# Tasks are shared: whoever sends one must have the configured app, not Celery's default.
from dpmap.celery import app as celery_app

__all__ = ["celery_app"]
