import time

from celery import shared_task

from appraisals.pdf.stored import claim_due, render_claimed

LONGEST = 240
"""Seconds of one task; what is left is for the next sweep, and for every other worker meanwhile."""


@shared_task
def render_forms() -> int:
    """How many forms of what is final were rendered and stored."""
    ends, made = time.monotonic() + LONGEST, 0
    while time.monotonic() < ends and (claimed := claim_due(1)):
        made += render_claimed(claimed[0]) is not None
    return made
