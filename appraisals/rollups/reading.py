"""What a unit and the units just below it count: kept, plus what is not folded yet, plus their own people."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection

from appraisals.models import AppraisalCycle
from orgchart.models import Organization

Unit = int | None
"""The key of a unit just below; None for the unit itself."""

# `sign` -1 takes away what lies below but does not count here. Of the differences there are few: OFFSET 0 keeps
# the planner from walking every unit there is beside them.
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
)
SELECT cycle_id, unit, measure, sum(people)::int FROM (
    SELECT cycle_id, unit, measure, sum(sign) AS people FROM (
        SELECT s.cycle_id, part.unit, part.sign,
            unnest(array_prepend(s.shape::text, s.also::text[])) AS measure
        FROM part JOIN appraisals_recordstanding s ON s.organization_id = part.id
        WHERE s.cycle_id = ANY(%(cycles)s)
    ) AS own (cycle_id, unit, sign, measure) WHERE {own}
    GROUP BY cycle_id, unit, measure
    UNION ALL
    SELECT k.cycle_id, part.unit, k.measure, part.sign * k.people
    FROM part JOIN appraisals_keptcount k ON k.organization_id = part.id
    WHERE NOT part.is_alone AND k.cycle_id = ANY(%(cycles)s)
        AND ({kept})
    UNION ALL
    SELECT d.cycle_id, part.unit, d.measure, part.sign * d.people
    FROM (
        SELECT d.*, upper.id::bigint AS upper_id
        FROM appraisals_countdifference d
        CROSS JOIN LATERAL (
            SELECT path FROM orgchart_organization WHERE id = d.organization_id OFFSET 0
        ) AS place
        CROSS JOIN LATERAL unnest(string_to_array(trim(place.path, '/'), '/')) AS upper (id)
        WHERE d.cycle_id = ANY(%(cycles)s) AND ({different})
        OFFSET 0
    ) AS d
    JOIN part ON part.id = d.upper_id
    WHERE NOT part.is_alone AND (NOT d.is_own OR d.organization_id <> part.id)
) AS counted
GROUP BY cycle_id, unit, measure HAVING sum(people) <> 0
"""


class Counted(NamedTuple):
    cycle_id: int
    unit: Unit
    measure: str
    people: int


def kept_counts(
    organization: Organization,
    cycles: Iterable[AppraisalCycle],
    *about: str,
    by_unit: bool = True,
    elsewhere: Iterable[str] = (),
) -> list[Counted]:
    """How many people count as each measure that is `about` something: exact at any moment, one query.

    `by_unit`: for each unit just below with all below it, and under None for the unit's own people; else
    under None for the whole. `elsewhere` are paths below that do not count.
    """
    values: dict[str, Any] = {
        "id": organization.pk,
        "path": organization.path,
        "by_unit": by_unit,
        "elsewhere": list(elsewhere),
        "cycles": [cycle.pk for cycle in cycles],
    }
    for number, each in enumerate(about):
        # All that begins with "at:" lies from there up to "at;", in the order of the C collation.
        values |= {f"first_{number}": f"{each}:", f"last_{number}": f"{each};"}
    numbers = range(len(about))
    statement = _PARTS.format(
        own=_between('measure COLLATE "C"', numbers),
        kept=_between("k.measure", numbers),
        different=_between("d.measure", numbers),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [Counted._make(row) for row in cursor.fetchall()]


def _between(column: str, numbers: Iterable[int]) -> str:
    return " OR ".join(f"({column} >= %(first_{n})s AND {column} < %(last_{n})s)" for n in numbers)
