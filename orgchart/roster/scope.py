"""What an HR administrator of one organization may not import: anything outside it."""

from orgchart.roster.held import Held
from orgchart.roster.parse import Table
from orgchart.roster.problems import Problem, problem
from orgchart.roster.rows import EmployeeRow, OrganizationRow

OUTSIDE = "This is outside the organization that you administer."


def scope_problems(
    organizations: Table[OrganizationRow], employees: Table[EmployeeRow], held: Held
) -> list[Problem]:
    if not held.scope:
        return []
    inside = _codes_inside(organizations, held)
    return _organizations_outside(organizations, held, inside) + _people_outside(
        employees, held, inside
    )


def _codes_inside(organizations: Table[OrganizationRow], held: Held) -> set[str]:
    """The held codes in scope, and the new ones whose parents lead into it."""
    inside = {code for code in held.organizations if held.organization_in_scope(code)}
    parents = {row.code: row.parent_code for row in organizations.rows}
    for code in parents:
        walk: list[str] = []
        here = code
        while here not in inside and here not in held.organizations and here not in walk:
            if here not in parents:
                break
            walk.append(here)
            here = parents[here]
        if here in inside:
            inside.update(walk)
    return inside


def _organizations_outside(
    table: Table[OrganizationRow], held: Held, inside: set[str]
) -> list[Problem]:
    found = []
    for row in table.rows:
        unit = held.organizations.get(row.code)
        is_scope_itself = unit is not None and unit.path == held.scope
        if row.code not in inside:
            found.append(problem(table.file, row.line, "code", row.code, OUTSIDE))
        elif is_scope_itself and unit is not None and row.parent_code != unit.parent_code:
            message = "You cannot move the organization that you administer."
            found.append(problem(table.file, row.line, "parent_code", row.parent_code, message))
        elif not is_scope_itself and row.parent_code not in inside:
            found.append(problem(table.file, row.line, "parent_code", row.parent_code, OUTSIDE))
    return found


def _people_outside(table: Table[EmployeeRow], held: Held, inside: set[str]) -> list[Problem]:
    found = []
    for row in table.rows:
        if row.organization_code not in inside:
            value = row.organization_code
            found.append(problem(table.file, row.line, "organization_code", value, OUTSIDE))
            continue
        person = held.employees.get(row.dod_id)
        if person is None or person.assignment_id is None or person.ends_on is not None:
            continue
        if not held.organization_in_scope(person.organization_code):
            message = (
                "This person works outside the organization that you administer. "
                "Only somebody who administers both can move them."
            )
            found.append(problem(table.file, row.line, "dod_id", row.dod_id, message))
    return found
