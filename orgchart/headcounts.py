"""How many people work at and below a unit: kept for every unit, and exact at any moment.

Counting the department would be a walk over everybody in it. So each unit's numbers are kept; whoever
changes an assignment notes the unit (by trigger, without a lock that another change would wait for), a reader
counts the noted units anew and adds the differences, and a sweep folds them in.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection, transaction

from orgchart.models import Kept

CURRENT = "a.starts_on <= %(on)s AND (a.ends_on IS NULL OR a.ends_on >= %(on)s)"

# One statement, so that a sweep cannot come between the kept numbers and the noted units.
READ = f"""
    WITH noted AS MATERIALIZED (
        SELECT o.path, (
            SELECT count(*) FROM orgchart_assignment a WHERE a.organization_id = o.id AND {CURRENT}
        ) - coalesce(h.here, 0) AS difference
        FROM (
            SELECT DISTINCT organization_id FROM orgchart_headcountchange
            WHERE day <= %(on)s AND organization_id IS NOT NULL
        ) changed
        JOIN orgchart_organization o ON o.id = changed.organization_id
        LEFT JOIN orgchart_headcount h ON h.organization_id = o.id
    )
    SELECT o.id,
        coalesce(h.here, 0) + coalesce((SELECT difference FROM noted WHERE path = o.path), 0),
        coalesce(h.below, 0) + coalesce(
            (SELECT sum(difference) FROM noted WHERE starts_with(path, o.path)), 0)
    FROM orgchart_organization o LEFT JOIN orgchart_headcount h ON h.organization_id = o.id
    WHERE o.id = ANY (%(units)s) AND EXISTS (
        SELECT 1 FROM orgchart_kept WHERE headcounts_on <= %(on)s
    ) AND NOT EXISTS (
        SELECT 1 FROM orgchart_headcountchange WHERE organization_id IS NULL AND day <= %(on)s
    )"""  # noqa: S608  a text of this file

# After an import, a move of units or a practice date set back, until the next sweep.
COUNTED = f"""
    WITH here AS MATERIALIZED (
        SELECT a.organization_id AS id, count(*) AS people
        FROM orgchart_assignment a WHERE {CURRENT} GROUP BY a.organization_id
    ), spread AS MATERIALIZED (
        SELECT unit::bigint AS id, sum(people) AS below
        FROM here JOIN orgchart_organization o USING (id),
            unnest(string_to_array(trim(BOTH '/' FROM o.path), '/')) unit
        WHERE unit::bigint = ANY (%(units)s) GROUP BY unit
    )
    SELECT o.id, coalesce(people, 0), coalesce(below, 0)
    FROM orgchart_organization o LEFT JOIN here USING (id) LEFT JOIN spread USING (id)
    WHERE o.id = ANY (%(units)s)"""  # noqa: S608

LIVE = f"""
    SELECT o.id, o.path, (
        SELECT count(*) FROM orgchart_assignment a WHERE a.organization_id = o.id AND {CURRENT}
    ) - coalesce(h.here, 0) AS difference
    FROM orgchart_organization o LEFT JOIN orgchart_headcount h ON h.organization_id = o.id
    WHERE o.id = ANY (%(units)s)"""  # noqa: S608

FOLD_SOME = f"""
    WITH noted AS ({LIVE})
    INSERT INTO orgchart_headcount AS kept (organization_id, here, below)
    SELECT unit::bigint, coalesce(sum(difference) FILTER (WHERE unit::bigint = noted.id), 0),
        sum(difference)
    FROM noted, unnest(string_to_array(trim(BOTH '/' FROM path), '/')) unit
    WHERE difference <> 0 GROUP BY unit
    ON CONFLICT (organization_id) DO UPDATE
    SET here = kept.here + excluded.here, below = kept.below + excluded.below"""  # noqa: S608

FOLD_ALL = f"""
    WITH counted AS MATERIALIZED (
        SELECT a.organization_id AS id, count(*) AS people
        FROM orgchart_assignment a WHERE {CURRENT} GROUP BY a.organization_id
    ), spread AS MATERIALIZED (
        SELECT unit::bigint AS id, sum(people) AS below
        FROM counted JOIN orgchart_organization o USING (id),
            unnest(string_to_array(trim(BOTH '/' FROM o.path), '/')) unit
        GROUP BY unit
    )
    INSERT INTO orgchart_headcount AS kept (organization_id, here, below)
    SELECT o.id, coalesce(people, 0), coalesce(below, 0)
    FROM orgchart_organization o LEFT JOIN counted USING (id) LEFT JOIN spread USING (id)
    ON CONFLICT (organization_id) DO UPDATE SET here = excluded.here, below = excluded.below
    WHERE (kept.here, kept.below) IS DISTINCT FROM (excluded.here, excluded.below)"""  # noqa: S608


def headcounts(units: Iterable[int], *, on: date) -> dict[int, tuple[int, int]]:
    """For each unit asked for: people in the unit itself, and in it and all below."""
    asked: dict[str, Any] = {"units": list(units), "on": on}
    if not asked["units"]:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(READ, asked)
        rows = cursor.fetchall()
        if not rows:
            cursor.execute(COUNTED, asked)
            rows = cursor.fetchall()
    return {unit: (int(here), int(below)) for unit, here, below in rows}


def counted(units: Iterable[int], *, on: date) -> dict[int, tuple[int, int]]:
    """The same, counted one by one: what the kept numbers are held to."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, {"units": list(units), "on": on})
        return {unit: (int(here), int(below)) for unit, here, below in cursor.fetchall()}


@transaction.atomic
def fold(*, on: date) -> bool:
    """Bring the kept numbers up to this day; false when another sweep is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('orgchart_headcount'))")
        if not cursor.fetchone()[0]:
            return False
        # What is noted from here on stays for the next sweep, even if it is counted now already.
        cursor.execute(
            "DELETE FROM orgchart_headcountchange WHERE day <= %s RETURNING organization_id", [on]
        )
        noted = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT max(headcounts_on) FROM orgchart_kept")
        kept_on = cursor.fetchone()[0]
        if None in noted or kept_on is None or kept_on > on:
            cursor.execute(FOLD_ALL, {"on": on})
        elif noted:
            cursor.execute(FOLD_SOME, {"on": on, "units": list(noted)})
        if kept_on != on:
            Kept.objects.update_or_create(pk=Kept.ONLY, defaults={"headcounts_on": on})
    return True
