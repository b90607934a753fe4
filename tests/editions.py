"""Policy in tests: an edition that says something else from the beginning, which the database lets nobody do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from appraisals.models import PolicyEdition


@contextmanager
def unguarded() -> Iterator[None]:
    """Triggers sleep for the length of the block, as in a restored backup."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def policy_says(edition: PolicyEdition | None = None, **values: Any) -> None:
    """`edition` None: every edition there is."""
    editions = PolicyEdition.objects.all()
    with unguarded():
        (editions.filter(pk=edition.pk) if edition else editions).update(values=values)
    if edition is not None:
        edition.refresh_from_db()
