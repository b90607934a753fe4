"""The staged rows beside what the database holds, in temporary tables that every check and change reads."""

from collections.abc import Mapping
from typing import Any

from django.db.backends.utils import CursorWrapper

# The newest assignment of each: the open one, or else the last that has ended.
NEWEST = """
    a.ends_on IS NULL OR NOT EXISTS (
        SELECT FROM orgchart_assignment later
        WHERE later.employee_id = a.employee_id AND later.starts_on > a.starts_on
    )"""

TEXTS = (
    *("position_title", "position_number", "pay_plan", "occupational_series", "grade", "step"),
    *("duty_station", "bargaining_unit", "exclusion_reason"),
)
POSITION_ALIKE = " AND ".join(
    [
        *(f"e.{name} = a.{name}" for name in TEXTS),
        "(e.is_supervisor = 'Y') = a.is_supervisor",
        "(e.covered = 'Y') = a.covered",
        "e.position_start_date = a.position_start_date",
    ]
)

# Everybody of the file who is held already; a person without an assignment is nowhere.
KNOWN = f"""
    CREATE TEMPORARY TABLE roster_known ON COMMIT DROP AS
    SELECT known.*, NOT (named_alike AND is_active AND placed_alike) AS changed FROM (
        SELECT e.line, p.id AS person_id, p.is_active, a.id AS assignment_id, a.starts_on, a.ends_on,
               a.organization_id, a.supervisor_id,
               (p.last_name, p.first_name, p.middle_name) = (e.last_name, e.first_name, e.middle_name)
                   AND (p.email = e.email OR p.email = lower(e.email)) AS named_alike,
               o.code IS NOT DISTINCT FROM e.organization_code AS unit_alike,
               coalesce(s.dod_id, '') = e.supervisor_dod_id AS supervisor_alike,
               coalesce(o.code = e.organization_code AND coalesce(s.dod_id, '') = e.supervisor_dod_id
                   AND (a.ends_on IS NULL OR a.ends_on >= %(day)s) AND {POSITION_ALIKE}, false)
                   AS placed_alike
        FROM roster_employee e
        JOIN orgchart_person p ON p.dod_id = e.dod_id
        LEFT JOIN orgchart_assignment a ON a.employee_id = p.id AND ({NEWEST})
        LEFT JOIN orgchart_organization o ON o.id = a.organization_id
        LEFT JOIN orgchart_person s ON s.id = a.supervisor_id
    ) known"""  # noqa: S608  constants from above

MISSING = """
    CREATE TEMPORARY TABLE roster_missing ON COMMIT DROP AS
    SELECT a.id AS assignment_id, a.employee_id AS person_id, a.organization_id, a.position_title
    FROM orgchart_assignment a
    JOIN orgchart_organization o ON o.id = a.organization_id
    WHERE a.ends_on IS NULL AND a.starts_on <= %(day)s AND starts_with(o.path, %(scope)s)
      AND NOT EXISTS (SELECT FROM roster_known k WHERE k.person_id = a.employee_id)"""

# The rows that most checks are about: new ones, those that say something else than what is held, and
# those of somebody who is there twice. What is held already is right.
TOUCHED = """
    CREATE TEMPORARY TABLE roster_touched ON COMMIT DROP AS
    SELECT e.line, e.dod_id, e.email, e.organization_code, e.supervisor_dod_id,
           e.covered, e.exclusion_reason,
           (k.supervisor_alike AND k.ends_on IS NULL) IS NOT TRUE AS answers_anew
    FROM roster_employee e LEFT JOIN roster_known k USING (line)
    WHERE line IN (
        SELECT line FROM roster_known WHERE changed
        UNION ALL
        SELECT line FROM roster_known WHERE person_id IN (
            SELECT person_id FROM roster_known GROUP BY 1 HAVING count(*) > 1)
        UNION ALL
        SELECT line FROM roster_employee r
        WHERE NOT EXISTS (SELECT FROM roster_known k WHERE k.line = r.line)
          AND (SELECT count(*) FROM roster_employee) > (SELECT count(*) FROM roster_known)
    )"""

# What is above each unit once the file is applied; a code that is there twice counts as it stands last.
UNITS = """
    CREATE TEMPORARY TABLE roster_unit ON COMMIT DROP AS
    SELECT DISTINCT ON (code) * FROM (
        SELECT line, code, name, parent_code, head_dod_id FROM roster_organization
        UNION ALL
        SELECT NULL, o.code, o.name, coalesce(parent.code, ''), NULL
        FROM orgchart_organization o LEFT JOIN orgchart_organization parent ON parent.id = o.parent_id
    ) unit ORDER BY code, line DESC NULLS LAST"""

UNITS_KNOWN = """
    CREATE TEMPORARY TABLE roster_unit_known ON COMMIT DROP AS
    SELECT r.line, o.id, (r.name, r.kind, r.parent_code, r.head_dod_id)
        IS DISTINCT FROM (o.name, o.kind_id, coalesce(parent.code, ''), coalesce(head.dod_id, ''))
        AS changed
    FROM roster_organization r
    JOIN orgchart_organization o ON o.code = r.code
    LEFT JOIN orgchart_organization parent ON parent.id = o.parent_id
    LEFT JOIN orgchart_person head ON head.id = o.head_id"""

UNITS_TOUCHED = """
    CREATE TEMPORARY TABLE roster_unit_touched ON COMMIT DROP AS
    SELECT r.* FROM roster_organization r
    WHERE NOT EXISTS (SELECT FROM roster_unit_known k WHERE k.line = r.line AND NOT k.changed)"""

# The units in scope, and the new ones whose parents lead into it.
INSIDE = """
    CREATE TEMPORARY TABLE roster_inside ON COMMIT DROP AS
    WITH RECURSIVE inside (code) AS (
        SELECT code::text FROM orgchart_organization WHERE starts_with(path, %(scope)s)
        UNION
        SELECT r.code FROM roster_organization r JOIN inside ON r.parent_code = inside.code
        WHERE NOT EXISTS (SELECT FROM orgchart_organization o WHERE o.code = r.code)
    )
    SELECT code FROM inside"""

TABLES = [
    *("roster_known", "roster_missing", "roster_touched"),
    *("roster_unit", "roster_unit_known", "roster_unit_touched", "roster_inside"),
]


def compare(cursor: CursorWrapper, values: Mapping[str, Any]) -> None:
    cursor.execute(f"DROP TABLE IF EXISTS {', '.join(f'pg_temp.{table}' for table in TABLES)}")
    # Looking up each row's unit and supervisor by itself takes longer than all at once.
    cursor.execute("SET LOCAL enable_memoize = off")
    cursor.execute(KNOWN, values)
    cursor.execute("SET LOCAL enable_memoize TO DEFAULT")
    cursor.execute("ANALYZE roster_known")
    for statement in (MISSING, TOUCHED, UNITS, UNITS_KNOWN, UNITS_TOUCHED):
        cursor.execute(statement, values)
    if values["scope"]:
        cursor.execute(INSIDE, values)
    cursor.execute("ANALYZE roster_touched, roster_unit_touched")
