"""What a unit and the units just below it count: kept, plus what is not folded yet, plus their own people."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection

from appraisals.models import AppraisalCycle
from appraisals.rollups.alike import EACH, Alike
from orgchart.models import Organization

Unit = int | None
"""The key of a unit just below; None for the unit itself."""

# `sign` -1 takes away what lies below but does not count here. Of the differences there are few: OFFSET 0 keeps
# the planner from walking every unit there is beside them.
# What is asked for lies between two measures, in the order of the C collation; each pair is looked up by itself.
_PARTS = """
WITH part AS (
    SELECT id, path, NULL::bigint AS unit, 1 AS sign, %(by_unit)s AS is_alone
    FROM orgchart_organization WHERE id = %(id)s
    UNION ALL
    SELECT id, path, id, 1, FALSE
    FROM orgchart_organization WHERE parent_id = %(id)s AND %(by_unit)s
    UNION ALL
    SELECT id, path, CASE WHEN %(by_unit)s
        THEN split_part(substr(path, length(%(path)s) + 1), '/', 1)::bigint END, -1, FALSE
    FROM orgchart_organization WHERE path = ANY(%(elsewhere)s)
), about AS (
    SELECT * FROM unnest(%(firsts)s::text[], %(lasts)s::text[]) AS about (first, last)
)
SELECT cycle_id, unit, {alike} AS alike, sum(people)::int, {each} FROM (
    SELECT cycle_id, unit, measure, sum(sign) AS people FROM (
        SELECT s.cycle_id, part.unit, part.sign,
            unnest(array_prepend(s.shape::text, s.also::text[])) AS measure
        FROM part JOIN appraisals_recordstanding s ON s.organization_id = part.id
        WHERE s.cycle_id = ANY(%(cycles)s)
    ) AS own (cycle_id, unit, sign, measure)
    JOIN about ON own.measure COLLATE "C" >= first AND own.measure COLLATE "C" < last
    GROUP BY cycle_id, unit, measure
    UNION ALL
    SELECT k.cycle_id, part.unit, k.measure, part.sign * k.people
    FROM part CROSS JOIN about JOIN appraisals_keptcount k
      ON k.organization_id = part.id AND k.measure >= first AND k.measure < last
    WHERE NOT part.is_alone AND k.cycle_id = ANY(%(cycles)s)
    UNION ALL
    SELECT d.cycle_id, part.unit, d.measure, part.sign * d.people
    FROM (
        SELECT d.*, upper.id::bigint AS upper_id
        FROM appraisals_countdifference d
        JOIN about ON d.measure >= first AND d.measure < last
        CROSS JOIN LATERAL (
            SELECT path FROM orgchart_organization WHERE id = d.organization_id OFFSET 0
        ) AS place
        CROSS JOIN LATERAL unnest(string_to_array(trim(place.path, '/'), '/')) AS upper (id)
        WHERE d.cycle_id = ANY(%(cycles)s)
        OFFSET 0
    ) AS d
    JOIN part ON part.id = d.upper_id
    WHERE NOT part.is_alone AND (NOT d.is_own OR d.organization_id <> part.id)
) AS counted
GROUP BY cycle_id, unit, alike HAVING sum(people) <> 0
"""


class Counted(NamedTuple):
    cycle_id: int
    unit: Unit
    measure: str
    people: int
    each: list[str]


def kept_counts(
    organization: Organization,
    cycles: Iterable[AppraisalCycle],
    *about: str,
    by_unit: bool = True,
    elsewhere: Iterable[str] = (),
    alike: Alike = EACH,
    with_each: bool = False,
) -> list[Counted]:
    """How many people count as each measure that is `about` something: exact at any moment, one query.

    `by_unit`: for each unit just below with all below it, and under None for the unit's own people; else
    under None for the whole. `elsewhere` are paths below that do not count. `alike` tells what is
    counted together; `with_each` says of what.
    """
    values: dict[str, Any] = {
        "id": organization.pk,
        "path": organization.path,
        "by_unit": by_unit,
        "elsewhere": list(elsewhere),
        "cycles": [cycle.pk for cycle in cycles],
        # All that begins with "at:" lies from there up to "at;".
        "firsts": [f"{each}:" for each in about],
        "lasts": [f"{each};" for each in about],
        **alike.values,
    }
    statement = _PARTS.format(
        alike=alike.sql,
        each="array_agg(DISTINCT measure)" if with_each else "'{}'::text[]",
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [Counted._make(row) for row in cursor.fetchall() if row[2] is not None]
