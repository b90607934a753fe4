"""Changes into the database, by COPY and a few joins: a million people are a handful of statements.

Keys are drawn from the sequences beforehand, so that rows may name each other in any order;
foreign keys are checked when the transaction ends.
"""

import json
import secrets
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from orgchart import clock
from orgchart.models import Organization, Person
from orgchart.roster.compare import Changes, facts
from orgchart.roster.held import Held
from orgchart.roster.rows import EmployeeRow, OrganizationRow
from orgchart.rules import search_text

POSITION = EmployeeRow._fields[EmployeeRow._fields.index("position_title") :]
UPDATE_ORGANIZATIONS = """
    UPDATE orgchart_organization o
    SET name = n.name, kind_id = n.kind_id, parent_id = n.parent_id, head_id = n.head_id
    FROM roster_organization n WHERE n.id = o.id"""
# Two people may swap addresses, and uniqueness holds row by row: step aside first.
STEP_ASIDE = """
    UPDATE orgchart_person p SET email = p.dod_id || '@stepping-aside.invalid'
    FROM roster_person n WHERE n.id = p.id AND n.email <> p.email"""
UPDATE_PEOPLE = """
    UPDATE orgchart_person p
    SET last_name = n.last_name, first_name = n.first_name, middle_name = n.middle_name,
        email = n.email, search_text = n.search_text, is_active = true
    FROM roster_person n WHERE n.id = p.id"""
END_ASSIGNMENTS = """
    UPDATE orgchart_assignment SET ends_on = %s
    WHERE id = ANY(%s) AND (ends_on IS NULL OR ends_on > %s)"""
DROP_CORRECTED = "DELETE FROM orgchart_assignment WHERE id = ANY(%s)"


class Writer:
    def __init__(self, changes: Changes, held: Held, *, by: Person | None) -> None:
        self.changes, self.held, self.by = changes, held, by
        self.organization_ids = {code: unit.id for code, unit in held.organizations.items()}
        self.person_ids = {dod_id: person.id for dod_id, person in held.employees.items()}

    def write(self, *, scope: Organization | None, separate_missing: bool) -> None:
        with connection.cursor() as cursor:
            self._draw_ids(cursor)
            self._organizations(cursor)
            self._people(cursor)
            self._assignments(cursor)
            if separate_missing:
                self._separate(cursor)
            self._events(cursor, scope, separate_missing)

    def _draw_ids(self, cursor: CursorWrapper) -> None:
        codes = [row.code for row in self.changes.new_organizations]
        dod_ids = [row.dod_id for row in self.changes.joined]
        self.organization_ids.update(_drawn(cursor, "orgchart_organization", codes))
        self.person_ids.update(_drawn(cursor, "orgchart_person", dod_ids))

    def _organizations(self, cursor: CursorWrapper) -> None:
        """A new one's path is made from its parent's, so parents go first."""
        columns = ("id", "code", "name", "kind_id", "parent_id", "head_id", "path")
        ordered = _parents_first(self.changes.new_organizations)
        _copy(
            cursor,
            "orgchart_organization",
            columns,
            ((*self._organization(row), "") for row in ordered),
        )
        if self.changes.changed_organizations:
            _temporary(cursor, "roster_organization", "orgchart_organization", columns[:6])
            rows = (self._organization(row) for row, _ in self.changes.changed_organizations)
            _copy(cursor, "roster_organization", columns[:6], rows)
            cursor.execute(UPDATE_ORGANIZATIONS)

    def _organization(self, row: OrganizationRow) -> tuple[Any, ...]:
        return (
            self.organization_ids[row.code],
            row.code,
            row.name,
            row.kind,
            self.organization_ids[row.parent_code] if row.parent_code else None,
            self.person_ids[row.head_dod_id] if row.head_dod_id else None,
        )

    def _people(self, cursor: CursorWrapper) -> None:
        names = ("id", "last_name", "first_name", "middle_name", "email", "search_text")
        _copy(
            cursor,
            "orgchart_person",
            (*names, "dod_id", "is_active", "password"),
            (
                # Not a password: nobody signs in with one until it is set.
                (*self._person(row), row.dod_id, True, f"!{secrets.token_hex(20)}")
                for row in self.changes.joined
            ),
        )
        if self.changes.renamed:
            _temporary(cursor, "roster_person", "orgchart_person", names)
            _copy(
                cursor,
                "roster_person",
                names,
                (self._person(row) for row, _ in self.changes.renamed),
            )
            cursor.execute(STEP_ASIDE)
            cursor.execute(UPDATE_PEOPLE)

    def _person(self, row: EmployeeRow) -> tuple[Any, ...]:
        names = (row.first_name, row.middle_name, row.last_name)
        email = row.email.lower()
        return (
            self.person_ids[row.dod_id],
            row.last_name,
            row.first_name,
            row.middle_name,
            email,
            search_text(names=names, dod_id=row.dod_id, email=email),
        )

    def _assignments(self, cursor: CursorWrapper) -> None:
        day = self.changes.effective_on
        held = [person for _, person in self.changes.placed if person.assignment_id]
        corrected = [person.assignment_id for person in held if person.starts_on == day]
        ended = [person.assignment_id for person in held if person.starts_on < day]
        last_day = day - timedelta(days=1)
        cursor.execute(DROP_CORRECTED, [corrected])
        cursor.execute(END_ASSIGNMENTS, [last_day, ended, last_day])
        _copy(
            cursor,
            "orgchart_assignment",
            ("employee_id", "supervisor_id", "organization_id", *POSITION, "starts_on"),
            self._assignment_rows(day),
        )

    def _assignment_rows(self, day: date) -> Iterable[tuple[Any, ...]]:
        for row in self.changes.joined:
            yield self._assignment(row, min(day, date.fromisoformat(row.position_start_date)))
        for row, _ in self.changes.placed:
            yield self._assignment(row, day)

    def _assignment(self, row: EmployeeRow, starts_on: date) -> tuple[Any, ...]:
        return (
            self.person_ids[row.dod_id],
            self.person_ids[row.supervisor_dod_id] if row.supervisor_dod_id else None,
            self.organization_ids[row.organization_code],
            *facts(row),
            starts_on,
        )

    def _separate(self, cursor: CursorWrapper) -> None:
        """The last day is the one before the roster's, or the first day of who began on it."""
        day = self.changes.effective_on
        people = [person.id for person in self.changes.missing]
        cursor.execute(
            "UPDATE orgchart_assignment SET ends_on = greatest(starts_on, %s) WHERE id = ANY(%s)",
            [day - timedelta(days=1), [person.assignment_id for person in self.changes.missing]],
        )
        if day <= clock.today():
            cursor.execute(
                "UPDATE orgchart_person SET is_active = false WHERE id = ANY(%s)", [people]
            )

    def _events(
        self, cursor: CursorWrapper, scope: Organization | None, separate_missing: bool
    ) -> None:
        changes, at = self.changes, clock.now()
        by = self.by.pk if self.by else None
        day = changes.effective_on.isoformat()
        summary = {
            "effective_on": day,
            "organizations_created": len(changes.new_organizations),
            "organizations_changed": len(changes.changed_organizations),
            "employees_created": len(changes.joined),
            "employees_changed": changes.changed,
            "missing": len(changes.missing),
            "separated": separate_missing,
        }
        events: list[tuple[Any, ...]] = [
            (at, by, "roster_imported", None, scope.pk if scope else None, json.dumps(summary))
        ]
        for row, person in changes.placed:
            detail = {
                "supervisor": self.person_ids.get(row.supervisor_dod_id),
                "unit": self.organization_ids[row.organization_code],
                "position": row.position_title,
                "starts_on": day,
                "was": {
                    "supervisor": self.person_ids.get(person.supervisor_dod_id),
                    "unit": self.organization_ids.get(person.organization_code or ""),
                    "position": person.position_title,
                },
            }
            unit = self.organization_ids[row.organization_code]
            events.append((at, by, "assigned", person.id, unit, json.dumps(detail)))
        for row, person in changes.renamed:
            detail = {"email": row.email.lower(), "was": person.email}
            events.append((at, by, "person_changed", person.id, None, json.dumps(detail)))
        if separate_missing:
            for person in changes.missing:
                unit = self.organization_ids[person.organization_code or ""]
                events.append((at, by, "separated", person.id, unit, json.dumps({"roster": day})))
        columns = ("at", "by_id", "what", "person_id", "organization_id", "detail")
        _copy(cursor, "orgchart_orgevent", columns, events)


def _drawn(cursor: CursorWrapper, table: str, keys: Sequence[str]) -> dict[str, int]:
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
        [table, len(keys)],
    )
    return {key: row[0] for key, row in zip(keys, cursor.fetchall(), strict=True)}


def _parents_first(rows: list[OrganizationRow]) -> list[OrganizationRow]:
    below: dict[str, list[OrganizationRow]] = {}
    codes = {row.code for row in rows}
    ordered = [row for row in rows if row.parent_code not in codes]
    for row in rows:
        below.setdefault(row.parent_code, []).append(row)
    # The list grows while it is walked: each brings those right below it.
    for row in ordered:
        ordered.extend(below.get(row.code, ()))
    return ordered


def _temporary(cursor: CursorWrapper, name: str, like: str, columns: Sequence[str]) -> None:
    cursor.execute(
        f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS "  # noqa: S608  names from this file
        f"SELECT {', '.join(columns)} FROM {like} WITH NO DATA"
    )


def _copy(
    cursor: CursorWrapper, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
