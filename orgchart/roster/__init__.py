"""The roster that a personnel system hands over: read, validate, compare, then all of it or nothing.

    outcome = roster.preview_roster(
        Source(organizations, employees),       # each a Path or a file open for reading bytes
        effective_on=day, scope=organization, progress=say, on_changes=keep,
    )

`preview_roster` and `import_roster` take the same: `progress(step, done, total)` is called now and
then with a step in words; `on_changes(changes)` once, when there are no problems, inside the
transaction and before anything is written: iterate over `changes` or `changes.of("moved")` for
rows of `Change` (see `KINDS`), a million of them without holding them. What it writes itself is
kept, also in a preview. Both return an `Outcome`: `applied`, `could_be_applied`, `problem_count`, the first
`most_problems` of the `problems` in order (None is all of them), and `counts`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from django.db import connection, transaction

from orgchart.locks import lock
from orgchart.models import Organization, Person
from orgchart.roster.closed import closed_problems
from orgchart.roster.compare import Changes, compare
from orgchart.roster.held import Held, load
from orgchart.roster.outcome import (
    KINDS,
    Change,
    ChangeList,
    Counts,
    Kind,
    OnChanges,
    Outcome,
    Progress,
)
from orgchart.roster.parse import Table, parse_employees, parse_organizations
from orgchart.roster.problems import Problem, in_order
from orgchart.roster.rows import EmployeeRow, OrganizationRow
from orgchart.roster.scope import scope_problems
from orgchart.roster.validate import roster_problems
from orgchart.roster.write import Writer

__all__ = [
    "KINDS",
    "MOST_PROBLEMS",
    "Change",
    "ChangeList",
    "Changes",
    "Counts",
    "Kind",
    "OnChanges",
    "Outcome",
    "Problem",
    "Progress",
    "Roster",
    "Source",
    "import_roster",
    "preview_roster",
    "read",
]

MOST_PROBLEMS = 1000


@dataclass(frozen=True, slots=True)
class Source:
    """The two files, each a path or a file that is open for reading bytes."""

    organizations: Path | BinaryIO
    employees: Path | BinaryIO


@dataclass(frozen=True, slots=True)
class Roster:
    organizations: Table[OrganizationRow]
    employees: Table[EmployeeRow]


def read(organizations: bytes, employees: bytes) -> Roster:
    return Roster(parse_organizations(organizations), parse_employees(employees))


def _read(source: Source | Roster, progress: Progress) -> Roster:
    if isinstance(source, Roster):
        return source
    contents = []
    for step, file in (
        ("Reading organizations", source.organizations),
        ("Reading people", source.employees),
    ):
        progress(step, 0, 0)
        contents.append(file.read_bytes() if isinstance(file, Path) else file.read())
    return read(*contents)


def _say_nothing(step: str, done: int, total: int) -> None:
    """Nobody watches."""


def preview_roster(
    source: Source | Roster,
    *,
    effective_on: date,
    scope: Organization | None = None,
    separate_missing: bool = False,
    progress: Progress = _say_nothing,
    on_changes: OnChanges | None = None,
    most_problems: int | None = MOST_PROBLEMS,
) -> Outcome:
    """What `import_roster` would do now. Writes nothing."""
    roster = _read(source, progress)
    progress("Comparing", 0, 0)
    outcome = _examine(roster, load(scope), effective_on, separate_missing, most_problems)
    if outcome.changes is not None and on_changes:
        on_changes(InWords(outcome.changes))
    return outcome


@transaction.atomic
def import_roster(
    source: Source | Roster,
    *,
    effective_on: date,
    by: Person | None,
    scope: Organization | None = None,
    separate_missing: bool = False,
    progress: Progress = _say_nothing,
    on_changes: OnChanges | None = None,
    most_problems: int | None = MOST_PROBLEMS,
) -> Outcome:
    """All or nothing; with `scope`, only inside that organization. Nothing else changes people meanwhile."""
    with connection.cursor() as cursor:
        # A whole department takes longer to compare than a request may stand idle.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    roster = _read(source, progress)
    for table in ("orgchart_organization", "orgchart_assignment"):
        lock(table)
    progress("Comparing", 0, 0)
    held = load(scope)
    outcome = _examine(roster, held, effective_on, separate_missing, most_problems)
    if outcome.changes is None:
        return outcome
    if on_changes:
        on_changes(InWords(outcome.changes))
    progress("Writing", 0, 0)
    if not outcome.changes.is_nothing or (separate_missing and outcome.changes.missing):
        writer = Writer(outcome.changes, held, by=by)
        writer.write(scope=scope, separate_missing=separate_missing)
    return Outcome(applied=True, counts=outcome.counts, changes=outcome.changes)


def _examine(
    roster: Roster,
    held: Held,
    effective_on: date,
    separate_missing: bool,
    most_problems: int | None,
) -> Outcome:
    organizations, employees = roster.organizations, roster.employees
    problems = roster_problems(
        organizations,
        employees,
        held,
        effective_on=effective_on,
        separate_missing=separate_missing,
    )
    problems += scope_problems(organizations, employees, held)
    problems = in_order(problems + closed_problems(organizations, employees))
    if problems:
        return Outcome(
            applied=False, problem_count=len(problems), problems=problems[:most_problems]
        )
    changes = compare(organizations.rows, employees.rows, held, effective_on=effective_on)
    counts = Counts(
        organizations_created=len(changes.new_organizations),
        organizations_changed=len(changes.changed_organizations),
        organizations_unchanged=changes.unchanged_organizations,
        joined=len(changes.joined),
        changed=changes.changed,
        moved=len(changes.moved),
        under_another_supervisor=len(changes.under_another_supervisor),
        in_another_position=len(changes.in_another_position),
        renamed=len(changes.renamed),
        unchanged=changes.unchanged,
        missing=len(changes.missing),
    )
    return Outcome(applied=False, counts=counts, changes=changes)


@dataclass(frozen=True, slots=True)
class InWords:
    changes: Changes

    def __iter__(self) -> Iterator[Change]:
        return changes_in_words(self.changes)

    def of(self, kind: Kind) -> Iterator[Change]:
        return (change for change in self if change.kind == kind)


def changes_in_words(changes: Changes) -> Iterator[Change]:
    named = changes.name_of
    for row in changes.joined:
        place = f"{row.position_title}, {named(row.organization_code) or row.organization_code}"
        yield Change("joined", row.dod_id, _name(row), "", place, "", row.organization_code)
    for row, held in changes.moved:
        keys = held.organization_code or "", row.organization_code
        yield Change("moved", row.dod_id, _name(row), *map(named, keys), *keys)
    for row, held in changes.under_another_supervisor:
        keys = held.supervisor_dod_id, row.supervisor_dod_id
        yield Change("supervisor", row.dod_id, _name(row), *map(named, keys), *keys)
    for row, held in changes.in_another_position:
        yield Change("position", row.dod_id, _name(row), _position(held), _position(row), "", "")
    for row, held in changes.renamed:
        was, now = (f"{_name(one)}, {one.email}" for one in (held, row))
        yield Change("renamed", row.dod_id, _name(row), was, now, "", "")
    for gone in changes.missing:
        code = gone.organization_code or ""
        place = f"{gone.position_title}, {named(code)}"
        yield Change("missing", gone.dod_id, _name(gone), place, "", code, "")
    yield from _organizations_in_words(changes)


def _organizations_in_words(changes: Changes) -> Iterator[Change]:
    for unit in changes.new_organizations:
        yield Change(
            "organization_new", unit.code, unit.name, "", _unit(unit), "", unit.parent_code
        )
    for unit, was in changes.changed_organizations:
        words = _unit(was), _unit(unit)
        yield Change(
            "organization_changed", unit.code, unit.name, *words, was.parent_code, unit.parent_code
        )


def _name(one: Any) -> str:
    return f"{one.last_name}, {one.first_name}"


def _position(one: Any) -> str:
    step = f", step {one.step}" if one.step else ""
    code = f"{one.pay_plan}-{one.occupational_series}-{one.grade}{step}"
    return f"{one.position_title}, {code}, {one.duty_station}"


def _unit(one: Any) -> str:
    above = f" under {one.parent_code}" if one.parent_code else ""
    head = f", head {one.head_dod_id}" if one.head_dod_id else ""
    return f"{one.name} ({one.kind}){above}{head}"
