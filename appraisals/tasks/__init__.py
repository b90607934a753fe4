"""Thin: each wakes work that is already written in the database."""

from appraisals.tasks.counts import fold_counts

__all__ = ["fold_counts"]
