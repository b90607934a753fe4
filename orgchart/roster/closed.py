"""A unit that was closed comes back by a decision, not by a file that still speaks of it."""

from collections.abc import Iterable

from orgchart.models import Organization
from orgchart.roster.parse import Table
from orgchart.roster.problems import Problem, problem
from orgchart.roster.rows import EmployeeRow, OrganizationRow


def closed_problems(
    organizations: Table[OrganizationRow], employees: Table[EmployeeRow]
) -> list[Problem]:
    closed = dict(
        Organization.objects.filter(closed_on__isnull=False).values_list("code", "closed_on")
    )
    if not closed:
        return []
    places: Iterable[tuple[str, int, str, str]] = [
        *((organizations.file, row.line, "code", row.code) for row in organizations.rows),
        *(
            (organizations.file, row.line, "parent_code", row.parent_code)
            for row in organizations.rows
        ),
        *(
            (employees.file, row.line, "organization_code", row.organization_code)
            for row in employees.rows
        ),
    ]
    return [
        problem(file, line, column, code, _sentence(column, f"{closed[code]:%-d %B %Y}"))
        for file, line, column, code in places
        if code in closed
    ]


def _sentence(column: str, day: str) -> str:
    next_step = {
        "code": "Take it out of the file, or reopen it first.",
        "parent_code": "Enter the unit that this one lies under now.",
        "organization_code": "Enter the unit where the person works now.",
    }
    return f"This unit was closed on {day}. {next_step[column]}"
