"""What the schedule and waiting rows start; found by Celery under this name."""

from appraisals.jobs.departures import run_departures
from appraisals.jobs.mandatory import push_mandatory, sweep_pushes
from appraisals.jobs.policy import count_effects, sweep_forecasts
from appraisals.jobs.reorganizing import apply_reorganizations

__all__ = [
    "apply_reorganizations",
    "count_effects",
    "push_mandatory",
    "run_departures",
    "sweep_forecasts",
    "sweep_pushes",
]
