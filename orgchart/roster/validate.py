"""What rows say about each other and about what is held: keys, references, loops, tops, scope.

Each check is a query for the rows that fail it: line, column, value, and what is wrong.
"""

from collections.abc import Mapping
from typing import Any

from django.db.backends.utils import CursorWrapper

from orgchart.roster.loops import in_loops, in_words
from orgchart.roster.problems import EMPLOYEES, ORGANIZATIONS

NOTE = """
    INSERT INTO roster_problem
    SELECT '{file}', line, "column", left(value, 200), message
    FROM ({check}) AS found (line, "column", value, message)"""

DOUBLED = """
    SELECT r.line, '{column}', r.{column},
           'This is on line ' || first.line || ' already and must be unique.'
    FROM {table} r JOIN (
        SELECT {key} AS key, min(line) AS line FROM {table} {only} GROUP BY 1 HAVING count(*) > 1
    ) first ON first.key = {key} AND first.line <> r.line
    WHERE r.{column} <> ''"""

DOUBLED_EMAIL = DOUBLED.format(
    table="roster_employee",
    column="email",
    key="lower(email)",
    only="WHERE lower(email) IN (SELECT lower(email) FROM roster_touched)",
)

NO_ORGANIZATION = "There is no organization with this code, here or in the file."
NO_PERSON = "There is no person with this DoD ID, here or in the file."
OUTSIDE = "This is outside the organization that you administer."

PARENTS = f"""
    SELECT r.line, 'parent_code', r.parent_code, '{NO_ORGANIZATION}'
    FROM roster_unit_touched r
    WHERE r.parent_code <> ''
      AND NOT EXISTS (SELECT FROM roster_unit u WHERE u.code = r.parent_code)
      AND NOT EXISTS (SELECT FROM roster_broken b WHERE b.key = r.parent_code)"""  # noqa: S608

HEADS = f"""
    SELECT r.line, 'head_dod_id', r.head_dod_id, '{NO_PERSON}'
    FROM roster_unit_touched r
    WHERE r.head_dod_id <> ''
      AND NOT EXISTS (SELECT FROM roster_employee e WHERE e.dod_id = r.head_dod_id)
      AND NOT EXISTS (SELECT FROM roster_broken b WHERE b.key = r.head_dod_id)
      AND NOT EXISTS (SELECT FROM orgchart_person p WHERE p.dod_id = r.head_dod_id)"""  # noqa: S608

SECOND_TOPS = """
    SELECT r.line, 'parent_code', '',
           'Only one organization has none above it, and line ' || top.line || ' is it.'
    FROM roster_organization r, (
        SELECT min(line) AS line FROM roster_organization WHERE code <> '' AND parent_code = ''
    ) top
    WHERE r.code <> '' AND r.parent_code = '' AND r.line <> top.line"""

EXCLUSIONS = """
    SELECT line, 'exclusion_reason', exclusion_reason, CASE covered
        WHEN 'N' THEN 'Somebody who is not covered (N) needs a reason.'
        ELSE 'There is a reason for an exclusion, but the person is covered (Y).' END
    FROM roster_touched
    WHERE covered = 'N' AND exclusion_reason = '' OR covered = 'Y' AND exclusion_reason <> ''"""

EMAIL_OF_SOMEBODY_ELSE = """
    SELECT e.line, 'email', e.email, 'Somebody who is not in this file has this e-mail address.'
    FROM roster_touched e JOIN orgchart_person p ON p.email = lower(e.email)
    WHERE p.dod_id <> e.dod_id
      AND NOT EXISTS (SELECT FROM roster_employee other WHERE other.dod_id = p.dod_id)"""

PLACES = f"""
    SELECT e.line, 'organization_code', e.organization_code, '{NO_ORGANIZATION}'
    FROM roster_touched e
    WHERE e.organization_code <> ''
      AND NOT EXISTS (SELECT FROM roster_unit u WHERE u.code = e.organization_code)
      AND NOT EXISTS (SELECT FROM roster_broken b WHERE b.key = e.organization_code)"""  # noqa: S608

CLOSED = """
    SELECT r.line, '{column}', r.{column},
        'This unit was closed on ' || to_char(o.closed_on, 'FMDD FMMonth YYYY') || '. {what_to_do}'
    FROM orgchart_organization o JOIN {table} r ON r.{column} = o.code
    WHERE o.closed_on IS NOT NULL"""
CLOSED_UNITS = CLOSED.format(
    table="roster_organization",
    column="code",
    what_to_do="Take it out of the file, or reopen it first.",
)
BELOW_CLOSED_UNITS = CLOSED.format(
    table="roster_organization",
    column="parent_code",
    what_to_do="Enter the unit that this one lies under now.",
)
IN_CLOSED_UNITS = CLOSED.format(
    table="roster_employee",
    column="organization_code",
    what_to_do="Enter the unit where the person works now.",
)

# Whoever is not in the file, of those that rows name anew and of those that are held.
SUPERVISORS = f"""
    WITH absent AS MATERIALIZED (
        SELECT s.dod_id FROM (SELECT DISTINCT supervisor_dod_id AS dod_id FROM roster_touched) s
        WHERE s.dod_id <> '' AND NOT EXISTS (SELECT FROM roster_employee e WHERE e.dod_id = s.dod_id)
        UNION
        SELECT p.dod_id FROM (
            SELECT DISTINCT supervisor_id AS id FROM roster_known WHERE NOT changed
        ) s JOIN orgchart_person p USING (id)
        WHERE NOT EXISTS (SELECT FROM roster_known k WHERE k.person_id = s.id)
    )
    SELECT e.line, 'supervisor_dod_id', e.supervisor_dod_id,
        CASE WHEN p.id IS NULL THEN '{NO_PERSON}'
        ELSE 'This supervisor is not in the file and has left, or would be separated.' END
    FROM absent JOIN roster_employee e ON e.supervisor_dod_id = absent.dod_id
    LEFT JOIN orgchart_person p ON p.dod_id = absent.dod_id
    WHERE NOT EXISTS (SELECT FROM roster_broken b WHERE b.key = e.supervisor_dod_id)
      AND NOT EXISTS (
          SELECT FROM orgchart_assignment a JOIN orgchart_organization o ON o.id = a.organization_id
          WHERE a.employee_id = p.id AND (a.ends_on IS NULL OR a.ends_on >= %(day)s)
            AND NOT (%(separate)s AND starts_with(o.path, %(scope)s))
      )"""  # noqa: S608

# The head of the top is the one who may; then the first of the others.
WITHOUT_SUPERVISOR = """
    WITH alone AS (
        SELECT e.line, u.parent_code = '' AS at_top,
               row_number() OVER (ORDER BY (u.head_dod_id = e.dod_id) IS TRUE DESC, e.line) AS place
        FROM roster_employee e LEFT JOIN roster_unit u ON u.code = e.organization_code
        WHERE e.supervisor_dod_id = ''
    ), top AS (
        SELECT line, place FROM alone WHERE at_top ORDER BY place LIMIT 1
    )
    SELECT alone.line, 'supervisor_dod_id', '', 'Only one person has nobody above'
        || CASE WHEN top.place < alone.place THEN ', and that is line ' || top.line
           ELSE ' of the top organization' END || '.'
    FROM alone LEFT JOIN top ON true WHERE top.place IS DISTINCT FROM alone.place"""

# The file speaks of one day; a person whose newest assignment begins later cannot be compared.
BEGINS_LATER = """
    SELECT e.line, '', e.dod_id, 'This person already has an assignment from ' || k.starts_on
        || ', after ' || %(day)s || ', the day the file is for.'
    FROM roster_known k JOIN roster_employee e USING (line) WHERE k.starts_on > %(day)s"""

UNITS_OUTSIDE = f"""
    SELECT r.line, 'code', r.code, '{OUTSIDE}'
    FROM roster_organization r
    WHERE NOT EXISTS (SELECT FROM roster_inside i WHERE i.code = r.code)
    UNION ALL
    SELECT r.line, 'parent_code', r.parent_code, CASE WHEN o.path = %(scope)s
        THEN 'You cannot move the organization that you administer.' ELSE '{OUTSIDE}' END
    FROM roster_organization r JOIN roster_inside i ON i.code = r.code
    LEFT JOIN orgchart_organization o ON o.code = r.code
    LEFT JOIN orgchart_organization parent ON parent.id = o.parent_id
    WHERE CASE WHEN o.path = %(scope)s THEN r.parent_code <> coalesce(parent.code, '')
        ELSE NOT EXISTS (SELECT FROM roster_inside above WHERE above.code = r.parent_code) END"""  # noqa: S608

PEOPLE_OUTSIDE = f"""
    SELECT e.line, 'organization_code', e.organization_code, '{OUTSIDE}'
    FROM roster_employee e
    WHERE NOT EXISTS (SELECT FROM roster_inside i WHERE i.code = e.organization_code)
    UNION ALL
    SELECT e.line, 'dod_id', e.dod_id,
        'This person works outside the organization that you administer. '
        'Only somebody who administers both can move them.'
    FROM roster_known k JOIN roster_employee e USING (line)
    JOIN roster_inside i ON i.code = e.organization_code
    JOIN orgchart_organization o ON o.id = k.organization_id
    WHERE k.ends_on IS NULL AND NOT starts_with(o.path, %(scope)s)"""  # noqa: S608

CHECKS = [
    (
        ORGANIZATIONS,
        DOUBLED.format(table="roster_organization", column="code", key="code", only=""),
    ),
    (ORGANIZATIONS, PARENTS),
    (ORGANIZATIONS, HEADS),
    (ORGANIZATIONS, SECOND_TOPS),
    (ORGANIZATIONS, CLOSED_UNITS),
    (ORGANIZATIONS, BELOW_CLOSED_UNITS),
    (EMPLOYEES, DOUBLED.format(table="roster_touched", column="dod_id", key="dod_id", only="")),
    (EMPLOYEES, DOUBLED_EMAIL),
    (EMPLOYEES, EXCLUSIONS),
    (EMPLOYEES, EMAIL_OF_SOMEBODY_ELSE),
    (EMPLOYEES, PLACES),
    (EMPLOYEES, IN_CLOSED_UNITS),
    (EMPLOYEES, SUPERVISORS),
    (EMPLOYEES, WITHOUT_SUPERVISOR),
    (EMPLOYEES, BEGINS_LATER),
]
SCOPE_CHECKS = [(ORGANIZATIONS, UNITS_OUTSIDE), (EMPLOYEES, PEOPLE_OUTSIDE)]

# A unit that nothing lies under and a person nobody answers to are in no loop.
UNIT_EDGES = """
    SELECT code, parent_code FROM roster_unit
    WHERE parent_code <> '' AND code IN (SELECT parent_code FROM roster_unit)"""
# Of a DoD ID that is there twice the last row counts. Where nobody answers to somebody else than
# before, there is no new loop.
SUPERVISION_EDGES = """
    WITH edge AS (
        SELECT line, dod_id, supervisor_dod_id FROM roster_employee WHERE supervisor_dod_id <> ''
        UNION ALL
        SELECT 0, p.dod_id, s.dod_id FROM orgchart_assignment a
        JOIN orgchart_person p ON p.id = a.employee_id
        JOIN orgchart_person s ON s.id = a.supervisor_id
        WHERE a.ends_on IS NULL
          AND NOT EXISTS (SELECT FROM roster_known k WHERE k.person_id = a.employee_id)
    )
    SELECT dod_id, supervisor_dod_id FROM edge
    WHERE dod_id IN (SELECT supervisor_dod_id FROM edge)
      AND EXISTS (SELECT FROM roster_touched WHERE answers_anew) ORDER BY line"""
NOTE_LOOPS = """
    INSERT INTO roster_problem
    SELECT '{file}', r.line, '{above}', r.{above}, looped.message
    FROM unnest(%s::text[], %s::text[]) AS looped (key, message) JOIN {table} r ON r.{key} = looped.key"""


def note_problems(cursor: CursorWrapper, values: Mapping[str, Any]) -> None:
    for file, check in [*CHECKS, *(SCOPE_CHECKS if values["scope"] else [])]:
        cursor.execute(NOTE.format(file=file, check=check), values)
    names = {"file": ORGANIZATIONS, "table": "roster_organization"}
    _note_loops(cursor, UNIT_EDGES, key="code", above="parent_code", **names)
    names = {"file": EMPLOYEES, "table": "roster_employee"}
    _note_loops(cursor, SUPERVISION_EDGES, key="dod_id", above="supervisor_dod_id", **names)


def _note_loops(cursor: CursorWrapper, edges: str, **names: str) -> None:
    cursor.execute(edges)
    loops = in_loops(dict(cursor.fetchall()))
    if loops:
        said = [in_words(loop) for loop in loops.values()]
        cursor.execute(NOTE_LOOPS.format(**names), [list(loops), said])
