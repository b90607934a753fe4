"""Whether the files say what is held, line by line: then nothing is staged, and nothing is to be done.

What is held is written as the lines of such a file, and each line must be among them, once. Whatever
is not surely the same is compared the careful way, which also finds words for it.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from django.db.backends.utils import CursorWrapper

from orgchart.roster.files import Lines, opened, size_of
from orgchart.roster.outcome import Counts, Progress
from orgchart.roster.problems import EMPLOYEES, ORGANIZATIONS, Noted

FIRST_LINES, AT_ONCE = 100, 1_000

# COPY writes nothing for NULL, and what is empty with quotation marks. A row whose key is not there is like no line.
PEOPLE_COLUMNS = {
    "dod_id": "CASE WHEN p.is_active AND o.closed_on IS NULL THEN p.dod_id END",
    "last_name": "p.last_name",
    "first_name": "p.first_name",
    "middle_name": "nullif(p.middle_name, '')",
    "email": "p.email",
    "organization_code": "o.code",
    "position_title": "a.position_title",
    "position_number": "a.position_number",
    "pay_plan": "a.pay_plan",
    "occupational_series": "a.occupational_series",
    "grade": "a.grade",
    "step": "nullif(a.step, '')",
    "duty_station": "a.duty_station",
    "supervisor_dod_id": "s.dod_id",
    "is_supervisor": "CASE WHEN a.is_supervisor THEN 'Y' ELSE 'N' END",
    "bargaining_unit": "a.bargaining_unit",
    "position_start_date": "a.position_start_date",
    "covered": "CASE WHEN a.covered THEN 'Y' ELSE 'N' END",
    "exclusion_reason": "nullif(a.exclusion_reason, '')",
}
PEOPLE = """
    FROM orgchart_assignment a
    JOIN orgchart_person p ON p.id = a.employee_id
    JOIN orgchart_organization o ON o.id = a.organization_id
    LEFT JOIN orgchart_person s ON s.id = a.supervisor_id
    WHERE a.ends_on IS NULL AND a.starts_on <= %(day)s"""
UNIT_COLUMNS = {
    "code": "CASE WHEN parent.closed_on IS NULL THEN o.code END",
    "name": "o.name",
    "kind": "o.kind_id",
    "parent_code": "parent.code",
    "head_dod_id": "head.dod_id",
}
UNITS = """
    FROM orgchart_organization o
    LEFT JOIN orgchart_organization parent ON parent.id = o.parent_id
    LEFT JOIN orgchart_person head ON head.id = o.head_id
    WHERE o.closed_on IS NULL"""
# What the careful way looks for though no row is another one: a second top, a second person with nobody above, or one
# below the top, and a supervisor who is nowhere.
IN_ORDER = """
    SELECT (SELECT count(*) FROM orgchart_organization WHERE parent_id IS NULL AND closed_on IS NULL) <= 1
       AND (SELECT count(*) FROM orgchart_assignment WHERE supervisor_id IS NULL AND ends_on IS NULL) <= 1
       AND NOT EXISTS (
           SELECT FROM orgchart_assignment a JOIN orgchart_organization o ON o.id = a.organization_id
           WHERE a.supervisor_id IS NULL AND a.ends_on IS NULL AND o.parent_id IS NOT NULL)
       AND NOT EXISTS (
           SELECT FROM orgchart_assignment a WHERE a.ends_on IS NULL AND a.supervisor_id IS NOT NULL
           AND NOT EXISTS (
               SELECT FROM orgchart_assignment above WHERE above.employee_id = a.supervisor_id
               AND above.ends_on IS NULL AND above.starts_on <= %(day)s))"""


@dataclass(frozen=True, slots=True)
class Held:
    """What one of the files would say: the column of its key first, and where the rows come from."""

    file: str
    step: str
    columns: Mapping[str, str]
    key: str
    rows: str

    def lines(
        self,
        cursor: CursorWrapper,
        names: Sequence[str],
        values: Mapping[str, Any],
        *,
        only: str = "",
    ) -> set[str]:
        columns = ", ".join(self.columns[name] for name in names)
        statement = f"COPY (SELECT {columns} {self.rows} {only}) TO STDOUT (FORMAT csv)"
        with cursor.copy(cursor.mogrify(statement, values)) as rows:
            return {str(row, "utf-8")[:-1] for row in rows}

    def some_lines(
        self,
        cursor: CursorWrapper,
        names: Sequence[str],
        values: Mapping[str, Any],
        keys: list[str],
    ) -> set[str]:
        only = f"AND {self.key} = ANY (%(keys)s)"
        return self.lines(cursor, names, {**values, "keys": keys}, only=only)


HELD_UNITS = Held(ORGANIZATIONS, "Reading organizations", UNIT_COLUMNS, "o.code", UNITS)
HELD_PEOPLE = Held(EMPLOYEES, "Reading people", PEOPLE_COLUMNS, "p.dod_id", PEOPLE)


def same(
    cursor: CursorWrapper,
    organizations: Path | BinaryIO,
    employees: Path | BinaryIO,
    *,
    day: date,
    progress: Progress,
) -> Counts | None:
    """How many are as they were, if all are."""
    values = {"day": day}
    units = _lines_alike(cursor, HELD_UNITS, organizations, values, progress)
    people = units and _lines_alike(cursor, HELD_PEOPLE, employees, values, progress)
    if not units or not people:
        return None
    cursor.execute(IN_ORDER, values)
    is_in_order = cursor.fetchone()[0]
    return Counts(organizations_unchanged=units, unchanged=people) if is_in_order else None


def _lines_alike(
    cursor: CursorWrapper,
    held: Held,
    given: Path | BinaryIO,
    values: Mapping[str, Any],
    progress: Progress,
) -> int:
    """How many, if the file has the lines of all who are held and no others."""
    with opened(given) as file, Noted(held.file) as noted:
        size = size_of(file)
        lines = Lines(file, noted)
        names = ",".join(lines.block(1)).split(",")
        first = lines.block(FIRST_LINES)
        if sorted(names) != sorted(held.columns) or not _begins_alike(
            cursor, held, names, values, first
        ):
            return 0
        missing = held.lines(cursor, names, values)
        count, block = 0, first
        while block:
            progress(held.step, lines.read, size)
            before = len(missing)
            missing.difference_update(block)
            if before - len(missing) != len(block):
                return 0
            count += len(block)
            block = lines.block(AT_ONCE)
        return 0 if missing or noted.count else count


def _begins_alike(
    cursor: CursorWrapper,
    held: Held,
    names: Sequence[str],
    values: Mapping[str, Any],
    first: list[str],
) -> bool:
    """Where much is new, the first lines mostly show it, and nobody else is read."""
    key = names.index(next(iter(held.columns)))
    try:
        keys = [record[key] for record in csv.reader(first, strict=True)]
    except (csv.Error, IndexError):
        return False
    return held.some_lines(cursor, names, values, keys).issuperset(first)
