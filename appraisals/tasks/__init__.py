"""Thin: each wakes work that is already written in the database."""

from appraisals.tasks.archives import make_archive, sweep_archives
from appraisals.tasks.counts import fold_counts
from appraisals.tasks.feed import send_ratings
from appraisals.tasks.paper import render_forms
from appraisals.tasks.post import deliver_post
from appraisals.tasks.reminders import remind, remind_in_cycle
from appraisals.tasks.retention import destroy_records

__all__ = [
    "deliver_post",
    "destroy_records",
    "fold_counts",
    "make_archive",
    "remind",
    "remind_in_cycle",
    "render_forms",
    "send_ratings",
    "sweep_archives",
]
