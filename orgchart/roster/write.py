"""Changes into the database, a statement for each kind: a million people are a few joins."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.backends.utils import CursorWrapper

from orgchart import clock
from orgchart.accounts import end_roles_of_closed_accounts
from orgchart.models import Organization, OrgEvent, Person
from orgchart.roster.folding import JOINS, SEARCH_TEXT
from orgchart.roster.outcome import Counts, Progress

POSITION = (
    *("position_title", "position_number", "pay_plan", "occupational_series", "grade", "step"),
    *("duty_station", "bargaining_unit", "exclusion_reason"),
)

# Whoever is added has a higher number. The suffix is not a password: nobody signs in until one is set.
MARK = "SELECT nextval(pg_get_serial_sequence('orgchart_person', 'id'))"
NEW_PEOPLE = f"""
    INSERT INTO orgchart_person (dod_id, last_name, first_name, middle_name, email, search_text,
        is_active, password)
    SELECT e.dod_id, e.last_name, e.first_name, e.middle_name, lower(e.email), {SEARCH_TEXT},
        true, '!' || md5(%(salt)s || e.dod_id)
    FROM roster_employee e {JOINS}
    WHERE NOT EXISTS (SELECT FROM roster_known k WHERE k.line = e.line)"""  # noqa: S608

# Two people may swap addresses, and uniqueness holds row by row: step aside first.
STEP_ASIDE = """
    UPDATE orgchart_person p SET email = p.dod_id || '@stepping-aside.invalid'
    FROM roster_known k JOIN roster_employee e USING (line)
    WHERE k.person_id = p.id AND NOT k.named_alike AND p.email <> lower(e.email)"""
RENAMED = f"""
    UPDATE orgchart_person p
    SET last_name = e.last_name, first_name = e.first_name, middle_name = e.middle_name,
        email = lower(e.email), search_text = {SEARCH_TEXT}, is_active = true
    FROM roster_known k JOIN roster_employee e USING (line) {JOINS}
    WHERE k.person_id = p.id AND (NOT k.named_alike OR NOT k.is_active)"""  # noqa: S608
RENAMED_EVENTS = """
    INSERT INTO orgchart_orgevent (at, by_id, what, person_id, detail)
    SELECT %(at)s, %(by)s, 'person_changed', p.id,
        jsonb_build_object('email', lower(e.email), 'was', p.email)
    FROM roster_known k JOIN roster_employee e USING (line)
    JOIN orgchart_person p ON p.id = k.person_id
    WHERE NOT k.named_alike OR NOT k.is_active ORDER BY line"""

# Level by level, so that who is above is there first. Numbers come before names and paths refer to them.
NEW_UNIT_NUMBERS = """
    CREATE TEMPORARY TABLE roster_unit_new ON COMMIT DROP AS
    WITH RECURSIVE new AS MATERIALIZED (
        SELECT line, code, parent_code FROM roster_organization r
        WHERE NOT EXISTS (SELECT FROM roster_unit_known k WHERE k.line = r.line)
    ), placed (line, code, parent_code, level) AS (
        SELECT new.*, 0 FROM new WHERE parent_code NOT IN (SELECT code FROM new)
        UNION ALL
        SELECT new.*, placed.level + 1 FROM new JOIN placed ON new.parent_code = placed.code
    )
    SELECT nextval(%(unit_numbers)s) AS id, ordered.*
    FROM (SELECT * FROM placed ORDER BY level, line) ordered"""
NEW_UNITS = """
    INSERT INTO orgchart_organization (id, code, name, kind_id, parent_id, head_id, path)
    WITH RECURSIVE tree (id, line, code, parent_id, path) AS (
        SELECT n.id, n.line, n.code, held.id, coalesce(held.path, '/') || n.id || '/'
        FROM roster_unit_new n LEFT JOIN orgchart_organization held ON held.code = n.parent_code
        WHERE n.level = 0
        UNION ALL
        SELECT n.id, n.line, n.code, tree.id, tree.path || n.id || '/'
        FROM tree JOIN roster_unit_new n ON n.parent_code = tree.code
    )
    SELECT tree.id, tree.code, r.name, r.kind, tree.parent_id, head.id, tree.path
    FROM tree JOIN roster_organization r USING (line)
    LEFT JOIN orgchart_person head ON head.dod_id = r.head_dod_id
    ORDER BY tree.id"""
CHANGED_UNITS = """
    UPDATE orgchart_organization o
    SET name = r.name, kind_id = r.kind, parent_id = parent.id, head_id = head.id
    FROM roster_unit_known k JOIN roster_organization r USING (line)
    LEFT JOIN orgchart_organization parent ON parent.code = r.parent_code
    LEFT JOIN orgchart_person head ON head.dod_id = r.head_dod_id
    WHERE k.id = o.id AND k.changed"""

PLACES = """
    JOIN orgchart_organization unit ON unit.code = e.organization_code
    LEFT JOIN orgchart_person boss ON boss.dod_id = e.supervisor_dod_id"""
NEW_ASSIGNMENTS = f"""
    INSERT INTO orgchart_assignment (employee_id, supervisor_id, organization_id, {", ".join(POSITION)},
        is_supervisor, covered, position_start_date, starts_on)
    SELECT p.id, boss.id, unit.id, {", ".join(f"e.{name}" for name in POSITION)},
        e.is_supervisor = 'Y', e.covered = 'Y', e.position_start_date,"""
JOINED_ASSIGNMENTS = f"""{NEW_ASSIGNMENTS} least(%(day)s, e.position_start_date)
    FROM roster_employee e JOIN orgchart_person p ON p.dod_id = e.dod_id {PLACES}
    WHERE p.id > %(mark)s"""
PLACED_ASSIGNMENTS = f"""{NEW_ASSIGNMENTS} %(day)s
    FROM roster_known k JOIN roster_employee e USING (line)
    JOIN orgchart_person p ON p.id = k.person_id {PLACES}
    WHERE NOT k.placed_alike"""
PLACED_EVENTS = f"""
    INSERT INTO orgchart_orgevent (at, by_id, what, person_id, organization_id, detail)
    SELECT %(at)s, %(by)s, 'assigned', k.person_id, unit.id, jsonb_build_object(
        'supervisor', boss.id, 'unit', unit.id, 'position', e.position_title,
        'starts_on', %(day)s::text, 'was', jsonb_build_object(
            'supervisor', k.supervisor_id, 'unit', k.organization_id, 'position', a.position_title))
    FROM roster_known k JOIN roster_employee e USING (line)
    LEFT JOIN orgchart_assignment a ON a.id = k.assignment_id {PLACES}
    WHERE NOT k.placed_alike ORDER BY line"""  # noqa: S608

# A row of the same first day is corrected, an earlier one ends the day before.
CORRECTED = """
    DELETE FROM orgchart_assignment a USING roster_known k
    WHERE k.assignment_id = a.id AND NOT k.placed_alike AND k.starts_on = %(day)s"""
ENDED = """
    UPDATE orgchart_assignment a SET ends_on = %(day)s::date - 1 FROM roster_known k
    WHERE k.assignment_id = a.id AND NOT k.placed_alike AND k.starts_on < %(day)s
      AND (a.ends_on IS NULL OR a.ends_on > %(day)s::date - 1)"""

# The last day is the one before the roster's, or the first day of who began on it.
SEPARATED = """
    UPDATE orgchart_assignment a SET ends_on = greatest(a.starts_on, %(day)s::date - 1)
    FROM roster_missing m WHERE m.assignment_id = a.id"""
INACTIVE = """
    UPDATE orgchart_person p SET is_active = false FROM roster_missing m WHERE m.person_id = p.id"""
SEPARATED_EVENTS = """
    INSERT INTO orgchart_orgevent (at, by_id, what, person_id, organization_id, detail)
    SELECT %(at)s, %(by)s, 'separated', person_id, organization_id,
        jsonb_build_object('roster', %(day)s::text)
    FROM roster_missing"""


class Writer:
    def __init__(
        self,
        cursor: CursorWrapper,
        values: Mapping[str, Any],
        *,
        counts: Counts,
        by: Person | None,
        progress: Progress,
    ) -> None:
        self._cursor, self._counts, self._progress = cursor, counts, progress
        self._by = by
        self._values = {
            **values,
            "at": clock.now(),
            "by": by.pk if by else None,
            "salt": secrets.token_hex(20),
            "unit_numbers": "orgchart_organization_id_seq",
        }

    def write(self, *, scope: Organization | None, separate_missing: bool) -> None:
        self._values["mark"] = self._run(MARK, fetch=True)
        keep_event(
            self._counts,
            day=self._values["day"].isoformat(),
            by=self._values["by"],
            scope=scope,
            separated=separate_missing,
        )
        self._people()
        self._units()
        self._assignments()
        if separate_missing:
            self._separate()

    def _people(self) -> None:
        if self._counts.joined:
            self._progress("Adding people", 0, self._counts.joined)
            self._run(NEW_PEOPLE)
        if self._counts.renamed:
            self._run(RENAMED_EVENTS)
            self._run(STEP_ASIDE)
            self._run(RENAMED)

    def _units(self) -> None:
        if self._counts.organizations_created:
            self._progress("Adding organizations", 0, self._counts.organizations_created)
            self._run("DROP TABLE IF EXISTS pg_temp.roster_unit_new")
            self._run(NEW_UNIT_NUMBERS)
            self._run("ANALYZE roster_unit_new")
            self._run(NEW_UNITS)
        if self._counts.organizations_changed:
            self._run(CHANGED_UNITS)

    def _assignments(self) -> None:
        self._progress("Assigning people", 0, self._counts.joined + self._counts.changed)
        if self._counts.placed:
            for statement in (PLACED_EVENTS, CORRECTED, ENDED, PLACED_ASSIGNMENTS):
                self._run(statement)
        if self._counts.joined:
            self._run(JOINED_ASSIGNMENTS)

    def _separate(self) -> None:
        self._run(SEPARATED_EVENTS)
        self._run(SEPARATED)
        if self._values["day"] <= clock.today():
            self._run(INACTIVE)
            yesterday = self._values["day"] - timedelta(days=1)
            end_roles_of_closed_accounts(last_day=yesterday, by=self._by)

    def _run(self, statement: str, *, fetch: bool = False) -> Any:
        self._cursor.execute(statement, self._values)
        return self._cursor.fetchone()[0] if fetch else None


def keep_event(
    counts: Counts,
    *,
    day: str,
    by: int | None,
    scope: Organization | None = None,
    separated: bool = False,
) -> None:
    OrgEvent.objects.create(
        at=clock.now(),
        by_id=by,
        what="roster_imported",
        organization=scope,
        detail={
            "effective_on": day,
            "organizations_created": counts.organizations_created,
            "organizations_changed": counts.organizations_changed,
            "employees_created": counts.joined,
            "employees_changed": counts.changed,
            "missing": counts.missing,
            "separated": separated,
        },
    )
