"""What the schedule and waiting rows start; found by Celery under this name."""

from appraisals.jobs.reorganizing import apply_reorganizations

__all__ = ["apply_reorganizations"]
