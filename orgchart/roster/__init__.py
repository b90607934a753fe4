"""The roster that a personnel system hands over: parse, validate, compare, then all of it or nothing."""

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection, transaction

from orgchart.models import Organization, Person
from orgchart.roster.compare import Changes, compare
from orgchart.roster.held import Held, load
from orgchart.roster.parse import Table, parse_employees, parse_organizations
from orgchart.roster.problems import Problem, in_order
from orgchart.roster.rows import EmployeeRow, OrganizationRow
from orgchart.roster.scope import scope_problems
from orgchart.roster.validate import roster_problems
from orgchart.roster.write import Writer
from orgchart.services import lock

__all__ = ["Changes", "Outcome", "Problem", "Roster", "import_roster", "preview_roster", "read"]


@dataclass(frozen=True, slots=True)
class Roster:
    organizations: Table[OrganizationRow]
    employees: Table[EmployeeRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`changes` are only known when there are no problems."""

    applied: bool
    problems: list[Problem] = field(default_factory=list)
    changes: Changes | None = None

    @property
    def could_be_applied(self) -> bool:
        return not self.problems

    def as_json(self) -> str:
        return json.dumps(
            {
                "applied": self.applied,
                "organizations": self._organizations(),
                "employees": self._employees(),
                "problems": [found.as_json() for found in self.problems],
            },
            ensure_ascii=False,
        )

    def _organizations(self) -> dict[str, Any]:
        changes = self.changes or Changes(date.min)
        return {
            "created": len(changes.new_organizations),
            "changed": len(changes.changed_organizations),
            "unchanged": changes.unchanged_organizations,
        }

    def _employees(self) -> dict[str, Any]:
        changes = self.changes or Changes(date.min)
        return {
            "created": len(changes.joined),
            "changed": changes.changed,
            "unchanged": changes.unchanged,
            "missing": len(changes.missing),
        }


def read(organizations: bytes, employees: bytes) -> Roster:
    return Roster(parse_organizations(organizations), parse_employees(employees))


def preview_roster(
    roster: Roster,
    *,
    effective_on: date,
    scope: Organization | None = None,
    separate_missing: bool = False,
) -> Outcome:
    """What `import_roster` would do now. Writes nothing."""
    return _examine(roster, load(scope), effective_on, separate_missing)


@transaction.atomic
def import_roster(
    roster: Roster,
    *,
    effective_on: date,
    by: Person | None,
    scope: Organization | None = None,
    separate_missing: bool = False,
) -> Outcome:
    """All or nothing; with `scope`, only inside that organization. Nothing else changes people meanwhile."""
    with connection.cursor() as cursor:
        # A whole department takes longer to compare than a request may stand idle.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    for table in ("orgchart_organization", "orgchart_assignment"):
        lock(table)
    held = load(scope)
    outcome = _examine(roster, held, effective_on, separate_missing)
    if outcome.changes is None:
        return outcome
    if not outcome.changes.is_nothing or (separate_missing and outcome.changes.missing):
        writer = Writer(outcome.changes, held, by=by)
        writer.write(scope=scope, separate_missing=separate_missing)
    return Outcome(applied=True, changes=outcome.changes)


def _examine(roster: Roster, held: Held, effective_on: date, separate_missing: bool) -> Outcome:
    organizations, employees = roster.organizations, roster.employees
    problems = roster_problems(
        organizations,
        employees,
        held,
        effective_on=effective_on,
        separate_missing=separate_missing,
    )
    problems = in_order(problems + scope_problems(organizations, employees, held))
    if problems:
        return Outcome(applied=False, problems=problems)
    changes = compare(organizations.rows, employees.rows, held, effective_on=effective_on)
    return Outcome(applied=False, changes=changes)
