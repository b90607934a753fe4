"""What a single value must be, column by column. Each distinct value is looked at once."""

import re
from collections.abc import Callable, Iterable
from datetime import date

from orgchart.roster.parse import Table
from orgchart.roster.problems import Problem, problem
from orgchart.roster.rows import EmployeeRow, OrganizationRow

Check = Callable[[str], str]
DOD_ID = re.compile(r"[0-9]{10}")
SERIES = re.compile(r"[0-9]{4}")
EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s.,;<>\"]+")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)


def text(longest: int, *, may_be_empty: bool = False) -> Check:
    def check(value: str) -> str:
        if not value:
            return "" if may_be_empty else "This must not be empty."
        if len(value) > longest:
            return f"This has {len(value)} characters, at most {longest} are allowed."
        if not value.isprintable():
            odd = next(letter for letter in value if not letter.isprintable())
            return f"This holds a character that cannot be shown (U+{ord(odd):04X})."
        return ""

    return check


def matching(pattern: re.Pattern[str], message: str, *, may_be_empty: bool = False) -> Check:
    def check(value: str) -> str:
        if not value:
            return "" if may_be_empty else "This must not be empty."
        return "" if pattern.fullmatch(value) else message

    return check


def one_of(choices: Iterable[str]) -> Check:
    allowed = list(choices)

    def check(value: str) -> str:
        return "" if value in allowed else f"This must be one of: {', '.join(allowed)}."

    return check


def email(value: str) -> str:
    shape = matching(EMAIL, "This is not an e-mail address.")(value)
    return shape or text(254)(value)


def iso_date(value: str) -> str:
    if not value:
        return "This must not be empty."
    if not ISO_DATE.fullmatch(value):
        return "This is not a date like 2026-04-01."
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return "There is no such day."
    return "" if EARLIEST <= day <= LATEST else "This year cannot be right."


IS_DOD_ID = "A DoD ID has exactly ten digits."

EMPLOYEE_CHECKS: dict[str, Check] = {
    "dod_id": matching(DOD_ID, IS_DOD_ID),
    "last_name": text(100),
    "first_name": text(100),
    "middle_name": text(100, may_be_empty=True),
    "email": email,
    "organization_code": text(40),
    "position_title": text(200),
    "position_number": text(40),
    "pay_plan": text(4),
    "occupational_series": matching(SERIES, "An occupational series has exactly four digits."),
    "grade": text(4),
    "step": text(4, may_be_empty=True),
    "duty_station": text(200),
    "supervisor_dod_id": matching(DOD_ID, IS_DOD_ID, may_be_empty=True),
    "is_supervisor": one_of("YN"),
    "bargaining_unit": text(10),
    "position_start_date": iso_date,
    "covered": one_of("YN"),
    "exclusion_reason": text(200, may_be_empty=True),
}


def employee_problems(table: Table[EmployeeRow]) -> list[Problem]:
    found = _column_problems(table, EMPLOYEE_CHECKS)
    for row in table.rows:
        if row.covered == "N" and not row.exclusion_reason:
            message = "Somebody who is not covered (N) needs a reason."
        elif row.covered == "Y" and row.exclusion_reason:
            message = "There is a reason for an exclusion, but the person is covered (Y)."
        else:
            continue
        value = row.exclusion_reason
        found.append(problem(table.file, row.line, "exclusion_reason", value, message))
    return found


def organization_problems(table: Table[OrganizationRow], kinds: Iterable[str]) -> list[Problem]:
    checks = {
        "code": text(40),
        "name": text(200),
        "kind": one_of(kinds),
        "parent_code": text(40, may_be_empty=True),
        "head_dod_id": matching(DOD_ID, IS_DOD_ID, may_be_empty=True),
    }
    return _column_problems(table, checks)


def _column_problems(
    table: Table[EmployeeRow] | Table[OrganizationRow], checks: dict[str, Check]
) -> list[Problem]:
    found: list[Problem] = []
    if not table.rows:
        return found
    rows: list[EmployeeRow] | list[OrganizationRow] = table.rows
    fields = rows[0]._fields
    for column, check in checks.items():
        place = fields.index(column)
        wrong = {
            value: said for value in {row[place] for row in rows} if (said := check(str(value)))
        }
        if wrong:
            found += [
                problem(table.file, row.line, column, str(row[place]), wrong[row[place]])
                for row in rows
                if row[place] in wrong
            ]
    return found
