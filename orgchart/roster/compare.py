"""A roster without problems beside what is held: who joins, moves, changes, is missing."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from orgchart.roster.held import Held, HeldEmployee, HeldOrganization
from orgchart.roster.rows import EmployeeRow, OrganizationRow

Known = tuple[EmployeeRow, HeldEmployee]
# A held employee and a row have the same fields at the same places, from the names to the reason.
FIRST_FACT = EmployeeRow._fields.index("position_title")


@dataclass(slots=True)
class Changes:
    """`renamed`, `placed` and `returned` may overlap: `changed` counts people."""

    effective_on: date
    new_organizations: list[OrganizationRow] = field(default_factory=list)
    changed_organizations: list[tuple[OrganizationRow, HeldOrganization]] = field(
        default_factory=list
    )
    unchanged_organizations: int = 0
    joined: list[EmployeeRow] = field(default_factory=list)
    renamed: list[Known] = field(default_factory=list)
    placed: list[Known] = field(default_factory=list)
    missing: list[HeldEmployee] = field(default_factory=list)
    changed: int = 0
    unchanged: int = 0
    names: dict[str, str] = field(default_factory=dict)

    def name_of(self, key: str | None) -> str:
        """Of a supervisor of `placed`, by DoD ID ("Ortega, Maria"), or of a unit, by code."""
        return self.names.get(key or "", key or "")

    @property
    def moved(self) -> list[Known]:
        return [
            known
            for known in self.placed
            if known[0].organization_code != known[1].organization_code
        ]

    @property
    def under_another_supervisor(self) -> list[Known]:
        return [
            known
            for known in self.placed
            if known[0].supervisor_dod_id != known[1].supervisor_dod_id
        ]

    @property
    def in_another_position(self) -> list[Known]:
        """Only that: same unit, same supervisor."""
        return [known for known in self.placed if known[0][6:8] == known[1][6:8]]

    @property
    def is_nothing(self) -> bool:
        return not (
            self.new_organizations or self.changed_organizations or self.joined or self.changed
        )


def facts(row: EmployeeRow) -> tuple[Any, ...]:
    """The position as the database holds it, in the order of the roster's columns."""
    values: list[Any] = list(row[FIRST_FACT:])
    for place, name in enumerate(EmployeeRow._fields[FIRST_FACT:]):
        if name in ("is_supervisor", "covered"):
            values[place] = values[place] == "Y"
        elif name == "position_start_date":
            values[place] = date.fromisoformat(values[place])
    return tuple(values)


def compare(
    organizations: list[OrganizationRow],
    employees: list[EmployeeRow],
    held: Held,
    *,
    effective_on: date,
) -> Changes:
    changes = Changes(effective_on)
    for unit in organizations:
        _compare_organization(unit, held, changes)
    for row in employees:
        _compare_employee(row, held, changes)
    in_file = {row.dod_id for row in employees}
    changes.names = _names(changes, organizations, employees, held)
    changes.missing = [
        person
        for dod_id, person in held.employees.items()
        if dod_id not in in_file
        and person.assignment_id is not None
        and person.ends_on is None
        and person.starts_on <= effective_on
        and held.organization_in_scope(person.organization_code)
    ]
    return changes


def _compare_organization(row: OrganizationRow, held: Held, changes: Changes) -> None:
    unit = held.organizations.get(row.code)
    if unit is None:
        changes.new_organizations.append(row)
    elif unit[2:6] == row[2:6]:
        changes.unchanged_organizations += 1
    else:
        changes.changed_organizations.append((row, unit))


def _compare_employee(row: EmployeeRow, held: Held, changes: Changes) -> None:
    person = held.employees.get(row.dod_id)
    if person is None:
        changes.joined.append(row)
        return
    named_alike = person[2:5] == row[2:5] and person.email == row.email.lower()
    placed_alike = (
        person.works_on(changes.effective_on)
        and person[6:8] == row[6:8]
        and person[FIRST_FACT : FIRST_FACT + 12] == facts(row)
    )
    if not named_alike or not person.is_active:
        changes.renamed.append((row, person))
    if not placed_alike:
        changes.placed.append((row, person))
    if named_alike and placed_alike and person.is_active:
        changes.unchanged += 1
    else:
        changes.changed += 1


def _names(
    changes: Changes,
    organizations: list[OrganizationRow],
    employees: list[EmployeeRow],
    held: Held,
) -> dict[str, str]:
    wanted = {one.supervisor_dod_id for known in changes.placed for one in known}
    people: list[HeldEmployee | EmployeeRow] = [*held.employees.values(), *employees]
    names = {
        one.dod_id: f"{one.last_name}, {one.first_name}" for one in people if one.dod_id in wanted
    }
    names.update((unit.code, unit.name) for unit in held.organizations.values())
    names.update((unit.code, unit.name) for unit in organizations)
    return names
