"""What rows say about each other and about what is held: keys, references, loops, tops."""

from collections.abc import Iterable, Mapping
from datetime import date

from orgchart.roster.cells import employee_problems, organization_problems
from orgchart.roster.held import Held
from orgchart.roster.loops import in_loops
from orgchart.roster.parse import Table
from orgchart.roster.problems import Problem, in_order, problem
from orgchart.roster.rows import EmployeeRow, OrganizationRow


def roster_problems(
    organizations: Table[OrganizationRow],
    employees: Table[EmployeeRow],
    held: Held,
    *,
    effective_on: date,
    separate_missing: bool,
) -> list[Problem]:
    found = [*organizations.problems, *employees.problems]
    found += organization_problems(organizations, held.kinds)
    found += employee_problems(employees)
    found += _doubled(organizations, "code")
    found += _doubled(employees, "dod_id")
    found += _doubled(employees, "email", fold_case=True)
    found += _email_of_somebody_else(employees, held)
    found += _organization_references(organizations, employees, held)
    found += _employee_references(organizations, employees, held, effective_on, separate_missing)
    found += _organization_loops(organizations, held)
    found += _supervision_loops(employees, held)
    found += _second_tops(organizations)
    found += _people_without_supervisor(organizations, employees, held)
    found += _changes_before_what_is_held(employees, held, effective_on)
    return in_order(found)


def _doubled(
    table: Table[OrganizationRow] | Table[EmployeeRow], column: str, *, fold_case: bool = False
) -> list[Problem]:
    first: dict[str, int] = {}
    found = []
    rows: Iterable[OrganizationRow | EmployeeRow] = table.rows
    for row in rows:
        value = getattr(row, column)
        key = value.lower() if fold_case else value
        before = first.setdefault(key, row.line)
        if before != row.line and value:
            message = f"This is on line {before} already and must be unique."
            found.append(problem(table.file, row.line, column, value, message))
    return found


def _email_of_somebody_else(table: Table[EmployeeRow], held: Held) -> list[Problem]:
    owners = {person.email: person.dod_id for person in held.employees.values()}
    in_file = {row.dod_id for row in table.rows}
    found = []
    for row in table.rows:
        owner = owners.get(row.email.lower(), row.dod_id)
        if owner != row.dod_id and owner not in in_file:
            message = "Somebody who is not in this file has this e-mail address."
            found.append(problem(table.file, row.line, "email", row.email, message))
    return found


def _organization_references(
    table: Table[OrganizationRow], employees: Table[EmployeeRow], held: Held
) -> list[Problem]:
    codes = {row.code for row in table.rows} | table.broken | held.organizations.keys()
    people = {row.dod_id for row in employees.rows} | employees.broken | held.employees.keys()
    found = []
    for row in table.rows:
        if row.parent_code and row.parent_code not in codes:
            message = "There is no organization with this code, here or in the file."
            found.append(problem(table.file, row.line, "parent_code", row.parent_code, message))
        if row.head_dod_id and row.head_dod_id not in people:
            message = "There is no person with this DoD ID, here or in the file."
            found.append(problem(table.file, row.line, "head_dod_id", row.head_dod_id, message))
    return found


def _employee_references(
    organizations: Table[OrganizationRow],
    table: Table[EmployeeRow],
    held: Held,
    effective_on: date,
    separate_missing: bool,
) -> list[Problem]:
    codes = {row.code for row in organizations.rows} | organizations.broken
    codes |= held.organizations.keys()
    supervisors = {row.dod_id for row in table.rows} | table.broken
    supervisors |= {
        person.dod_id
        for person in held.employees.values()
        if person.works_on(effective_on)
        and not (separate_missing and held.organization_in_scope(person.organization_code))
    }
    found = []
    for row in table.rows:
        if row.organization_code and row.organization_code not in codes:
            message = "There is no organization with this code, here or in the file."
            value = row.organization_code
            found.append(problem(table.file, row.line, "organization_code", value, message))
        if row.supervisor_dod_id and row.supervisor_dod_id not in supervisors:
            message = _no_such_supervisor(held, row.supervisor_dod_id)
            value = row.supervisor_dod_id
            found.append(problem(table.file, row.line, "supervisor_dod_id", value, message))
    return found


def _no_such_supervisor(held: Held, dod_id: str) -> str:
    if dod_id in held.employees:
        return "This supervisor is not in the file and has left, or would be separated."
    return "There is no person with this DoD ID, here or in the file."


def _organization_loops(table: Table[OrganizationRow], held: Held) -> list[Problem]:
    parents = {code: unit.parent_code for code, unit in held.organizations.items()}
    parents.update((row.code, row.parent_code) for row in table.rows)
    loops = in_loops(parents)
    return [
        problem(table.file, row.line, "parent_code", row.parent_code, _loop(loops[row.code]))
        for row in table.rows
        if row.code in loops
    ]


def _supervision_loops(table: Table[EmployeeRow], held: Held) -> list[Problem]:
    above = {
        dod_id: person.supervisor_dod_id
        for dod_id, person in held.employees.items()
        if person.ends_on is None
    }
    above.update((row.dod_id, row.supervisor_dod_id) for row in table.rows)
    loops = in_loops(above)
    return [
        problem(
            table.file,
            row.line,
            "supervisor_dod_id",
            row.supervisor_dod_id,
            _loop(loops[row.dod_id]),
        )
        for row in table.rows
        if row.dod_id in loops
    ]


def _loop(members: list[str]) -> str:
    if len(members) == 1:
        return "This is the row's own key: nothing can be above itself."
    shown = " -> ".join([*members[:6], "..."] if len(members) > 6 else [*members, members[0]])
    return f"These are each above the other, in a loop: {shown}."


def _second_tops(table: Table[OrganizationRow]) -> list[Problem]:
    tops = [row for row in table.rows if row.code and not row.parent_code]
    return [
        problem(
            table.file,
            row.line,
            "parent_code",
            "",
            f"Only one organization has none above it, and line {tops[0].line} is it.",
        )
        for row in tops[1:]
    ]


def _people_without_supervisor(
    organizations: Table[OrganizationRow], table: Table[EmployeeRow], held: Held
) -> list[Problem]:
    """Only the head of the top, or the one person in it who has nobody above."""
    parents: Mapping[str, str] = {
        **{code: unit.parent_code for code, unit in held.organizations.items()},
        **{row.code: row.parent_code for row in organizations.rows},
    }
    heads = {row.code: row.head_dod_id for row in organizations.rows}
    found, top_line = [], 0
    alone = [row for row in table.rows if not row.supervisor_dod_id]
    # The head of the top is the one who may; then the first of the others.
    for row in sorted(alone, key=lambda row: heads.get(row.organization_code) != row.dod_id):
        if not top_line and parents.get(row.organization_code) == "":
            top_line = row.line
            continue
        reason = f", and that is line {top_line}" if top_line else " of the top organization"
        message = f"Only one person has nobody above{reason}."
        found.append(problem(table.file, row.line, "supervisor_dod_id", "", message))
    return found


def _changes_before_what_is_held(
    table: Table[EmployeeRow], held: Held, effective_on: date
) -> list[Problem]:
    """The file speaks of one day; a person whose newest assignment begins later cannot be compared."""
    found = []
    for row in table.rows:
        person = held.employees.get(row.dod_id)
        if person is None or person.assignment_id is None or person.starts_on <= effective_on:
            continue
        message = (
            f"This person already has an assignment from {person.starts_on}, "
            f"after {effective_on}, the day the file is for."
        )
        found.append(problem(table.file, row.line, "", row.dod_id, message))
    return found
