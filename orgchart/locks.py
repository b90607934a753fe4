"""The locks of whole trees: of units above units, and of people above people."""

from typing import Literal

from django.db import connection

Locked = Literal["orgchart_organization", "orgchart_assignment"]
TREE_AND_PEOPLE: tuple[Locked, ...] = ("orgchart_organization", "orgchart_assignment")
"""Whoever needs both locks takes them in this order."""


def lock(table: Locked) -> None:
    """The triggers' own lock, taken before any row's: two writers wait in turn and never in a ring."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [table])
