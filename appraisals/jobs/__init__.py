"""What the schedule and waiting rows start; found by Celery under this name."""

from appraisals.jobs.departures import run_departures
from appraisals.jobs.reorganizing import apply_reorganizations

__all__ = ["apply_reorganizations", "run_departures"]
