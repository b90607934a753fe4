import time
from pathlib import Path

from celery import shared_task
from django.conf import settings

from appraisals.pdf.stored import claim_due, render_claimed
from orgchart import whole_files

LONGEST = 240
"""Seconds of one task; what is left is for the next sweep, and for every other worker meanwhile."""


@shared_task
def render_forms() -> int:
    """How many forms of what is final were rendered and stored."""
    ends, made = time.monotonic() + LONGEST, 0
    while time.monotonic() < ends and (claimed := claim_due(1)):
        made += render_claimed(claimed[0]) is not None
    return made


@shared_task
def sweep_files() -> int:
    """Half a form or half a scan, of a process that was killed while it wrote."""
    return whole_files.sweep(Path(settings.MEDIA_ROOT))
