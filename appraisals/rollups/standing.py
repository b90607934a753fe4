"""Who stands where, counted for every unit and all below it (docs/adr/0006-kept-counts.md).

A unit's whole is its own people, counted as they are, with the kept count of all below and what is not folded yet:
at any moment what a plain count would say.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from appraisals.models import AppraisalCycle

FOLD_AT_ONCE = 100_000
PIECE = 1_000_000
WORK_MEMORY = "SET LOCAL work_mem = '512MB'"
FOLD_LOCK = "SELECT pg_advisory_xact_lock(hashtext('appraisals_fold'))"

_FOLD = """
WITH taken AS (
    DELETE FROM appraisals_countdifference WHERE id IN (
        SELECT id FROM appraisals_countdifference ORDER BY id LIMIT %s
    ) RETURNING organization_id, cycle_id, measure, people, is_own
), summed AS (
    SELECT organization_id, cycle_id, measure, is_own, sum(people) AS people
    FROM taken GROUP BY organization_id, cycle_id, measure, is_own
), spread AS (
    SELECT upper.id::bigint AS organization_id, cycle_id, measure, sum(people) AS people
    FROM summed JOIN orgchart_organization place ON place.id = summed.organization_id
    CROSS JOIN LATERAL unnest(string_to_array(trim(place.path, '/'), '/')) AS upper (id)
    WHERE NOT is_own OR upper.id::bigint <> place.id
    GROUP BY upper.id, cycle_id, measure HAVING sum(people) <> 0
), folded AS (
    INSERT INTO appraisals_keptcount AS k (organization_id, cycle_id, measure, people)
    SELECT organization_id, cycle_id, measure, people FROM spread
    ON CONFLICT (organization_id, cycle_id, measure) DO UPDATE SET people = k.people + EXCLUDED.people
    RETURNING people
)
SELECT (SELECT count(*) FROM taken), count(*) FILTER (WHERE people = 0) FROM folded
"""
_SWEEP = "DELETE FROM appraisals_keptcount WHERE people = 0"

# Everybody of one cycle whose key lies between two: a million at once, since smaller pieces would each read all records.
_SOMEBODY = """
SELECT array_agg(employee_id), array_agg(%(cycle)s::bigint) FROM (
    SELECT employee_id FROM appraisals_appraisal
    WHERE cycle_id = %(cycle)s AND employee_id BETWEEN %(first)s AND %(last)s
    UNION
    SELECT employee_id FROM appraisals_recordstanding
    WHERE cycle_id = %(cycle)s AND employee_id BETWEEN %(first)s AND %(last)s
    UNION
    SELECT employee_id FROM appraisals_unrecorded
    WHERE cycle_id = %(cycle)s AND employee_id BETWEEN %(first)s AND %(last)s
) AS somebody
"""

_REFILL = """
INSERT INTO appraisals_recordstanding (
    employee_id, cycle_id, organization_id, supervisor_id, reviewer_id, appraisal_id, assignment_id,
    shape, also, since
)
SELECT * FROM appraisals_standing_among(%(employees)s, %(cycles)s)
"""

_OWN = """
SELECT organization_id, cycle_id, unnest(array_prepend(shape::text, also::text[])) AS measure
FROM appraisals_recordstanding
"""

# The level above is the level below summed once more, so that a row is touched once a level.
_RECOUNT = f"""
INSERT INTO appraisals_keptcount (organization_id, cycle_id, measure, people)
SELECT upper.id::bigint, cycle_id, measure, sum(people)
FROM (SELECT organization_id, cycle_id, measure, count(*) AS people FROM ({_OWN}) AS own
      GROUP BY organization_id, cycle_id, measure) AS counted
JOIN orgchart_organization place ON place.id = counted.organization_id
CROSS JOIN LATERAL unnest(string_to_array(trim(place.path, '/'), '/')) AS upper (id)
WHERE upper.id::bigint <> place.id
GROUP BY upper.id, cycle_id, measure
"""  # noqa: S608  a constant from above

_WRONG_STANDINGS = """
WITH wanted AS MATERIALIZED (
    SELECT * FROM appraisals_standing_among(%(employees)s, %(cycles)s)
), held AS MATERIALIZED (
    SELECT s.* FROM appraisals_recordstanding s
    JOIN unnest(%(employees)s, %(cycles)s) AS asked (employee_id, cycle_id) USING (employee_id, cycle_id)
)
SELECT p.dod_id, c.name, coalesce(s.shape, 'no line'), coalesce(w.shape, 'no line')
FROM held s
FULL JOIN wanted w ON w.cycle_id = s.cycle_id AND w.employee_id = s.employee_id
    AND coalesce(w.appraisal_id, -w.assignment_id) = coalesce(s.appraisal_id, -s.assignment_id)
JOIN orgchart_person p ON p.id = coalesce(w.employee_id, s.employee_id)
JOIN appraisals_appraisalcycle c ON c.id = coalesce(w.cycle_id, s.cycle_id)
WHERE (s.organization_id, s.supervisor_id, s.reviewer_id, s.shape::text, s.also::text[], s.since)
    IS DISTINCT FROM (w.organization_id, w.supervisor_id, w.reviewer_id, w.shape, w.also, w.since)
ORDER BY p.dod_id, c.name LIMIT %(most)s
"""

_WRONG_COUNTS = f"""
WITH counted AS (
    SELECT upper.id::bigint AS organization_id, cycle_id, measure, sum(people) AS people
    FROM (SELECT organization_id, cycle_id, measure, count(*) AS people FROM ({_OWN}) AS own
          GROUP BY organization_id, cycle_id, measure) AS own
    JOIN orgchart_organization place ON place.id = own.organization_id
    CROSS JOIN LATERAL unnest(string_to_array(trim(place.path, '/'), '/')) AS upper (id)
    WHERE upper.id::bigint <> place.id
    GROUP BY upper.id, cycle_id, measure
), known AS (
    SELECT organization_id, cycle_id, measure, sum(people) AS people FROM (
        SELECT organization_id, cycle_id, measure, people FROM appraisals_keptcount
        UNION ALL
        SELECT upper.id::bigint, cycle_id, measure, people
        FROM appraisals_countdifference d
        JOIN orgchart_organization place ON place.id = d.organization_id
        CROSS JOIN LATERAL unnest(string_to_array(trim(place.path, '/'), '/')) AS upper (id)
        WHERE NOT d.is_own OR upper.id::bigint <> place.id
    ) AS either GROUP BY organization_id, cycle_id, measure
)
SELECT o.code, c.name, measure, coalesce(known.people, 0), coalesce(counted.people, 0)
FROM counted FULL JOIN known USING (organization_id, cycle_id, measure)
LEFT JOIN orgchart_organization o ON o.id = organization_id
LEFT JOIN appraisals_appraisalcycle c ON c.id = cycle_id
WHERE coalesce(known.people, 0) <> coalesce(counted.people, 0)
ORDER BY o.code, c.name, measure LIMIT %s
"""  # noqa: S608  a constant from above


@dataclass(frozen=True, slots=True)
class Wrong:
    """A kept figure that is not what a full count says."""

    what: str
    kept: str
    counted: str

    def __str__(self) -> str:
        return f"{self.what}: kept {self.kept}, counted {self.counted}"


def fold() -> int:
    """Move what is not folded yet into the kept counts; how many differences that were."""
    folded = 0
    while taken := _fold_some():
        folded += taken
    return folded


@transaction.atomic
def _fold_some() -> int:
    with connection.cursor() as cursor:
        cursor.execute(FOLD_LOCK)
        cursor.execute(_FOLD, [FOLD_AT_ONCE])
        taken, emptied = cursor.fetchone()
        if emptied:
            cursor.execute(_SWEEP)
    return int(taken)


@transaction.atomic
def rebuild() -> None:
    """Forget what is kept and count everything again; nobody else writes a record meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(FOLD_LOCK)
        cursor.execute(WORK_MEMORY)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "LOCK TABLE appraisals_appraisal, appraisals_document, orgchart_assignment, "
            "appraisals_appraisalcycle, orgchart_organization IN SHARE ROW EXCLUSIVE MODE"
        )
        cursor.execute("ALTER TABLE appraisals_recordstanding DISABLE TRIGGER counting_insert")
        cursor.execute(
            "TRUNCATE appraisals_recordstanding, appraisals_countdifference, appraisals_keptcount"
        )
        for somebody in _pieces(cursor):
            cursor.execute(_REFILL, somebody)
        cursor.execute(_RECOUNT)
        cursor.execute("ALTER TABLE appraisals_recordstanding ENABLE TRIGGER counting_insert")


def check(most: int = 100) -> list[Wrong]:
    """What is kept against a full count of the records themselves; [] when all is right."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(WORK_MEMORY)
        found = list[Wrong]()
        for somebody in _pieces(cursor):
            cursor.execute(_WRONG_STANDINGS, {**somebody, "most": most})
            found += [
                Wrong(f"{dod_id} in {cycle}", kept, counted)
                for dod_id, cycle, kept, counted in cursor.fetchall()
            ]
        cursor.execute(_WRONG_COUNTS, [most])
        found += [
            Wrong(f"{measure} below {code} in {cycle}", str(kept), str(counted))
            for code, cycle, measure, kept, counted in cursor.fetchall()
        ]
    return found[:most]


def _pieces(cursor: CursorWrapper) -> Iterator[dict[str, list[int]]]:
    """Everybody who has or should have a line, in each cycle, a million at a time."""
    cursor.execute("SELECT coalesce(max(id), 0) FROM orgchart_person")
    last = cursor.fetchone()[0]
    cycles = list(AppraisalCycle.objects.order_by("pk").values_list("pk", flat=True))
    for cycle, first in product(cycles, range(1, last + 1, PIECE)):
        cursor.execute(_SOMEBODY, {"cycle": cycle, "first": first, "last": first + PIECE - 1})
        employees, asked = cursor.fetchone()
        if employees:
            yield {"employees": employees, "cycles": asked}
