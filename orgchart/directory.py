"""The directory of the search brought up to date. Small changes write their entries themselves, by trigger; after
an import, a reorganization of many or at the turn of a day a sweep writes what differs."""

from datetime import date

from django.db import connection, transaction

from orgchart.models import Kept

BATCH = 2000


@transaction.atomic
def sweep(*, on: date) -> int:
    """How many entries were written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('orgchart_directory'))")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("DELETE FROM orgchart_directorydue RETURNING person_id")
        due = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT max(directory_on) FROM orgchart_kept")
        everybody = None in due or cursor.fetchone()[0] != on
        if not due and not everybody:
            return 0
        cursor.execute("SET LOCAL work_mem = '64MB'")
        written = 0
        people = sorted(due - {None})
        batches = [people[at : at + BATCH] for at in range(0, len(people), BATCH)]
        for batch in [None] if everybody else batches:
            cursor.execute("SELECT orgchart_directory_write(%s::bigint[], %s)", [batch, on])
            written += int(cursor.fetchone()[0])
    Kept.objects.update_or_create(pk=Kept.ONLY, defaults={"directory_on": on})
    return written
