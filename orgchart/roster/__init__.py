"""The roster that a personnel system hands over: read, validate, compare, then all of it or nothing.

    outcome = roster.preview_roster(
        Source(organizations, employees),       # each a Path or a file open for reading bytes
        effective_on=day, scope=organization, progress=say, on_changes=keep,
    )

`preview_roster` and `import_roster` take the same: `progress(step, done, total)` is called now and
then with a step in words; `on_changes(changes)` once, when there are no problems, inside the
transaction and, but for a first load, before anything is written: iterate over `changes` or `changes.of("moved")` for
rows of `Change` (see `KINDS`), a million of them without holding them. What it writes itself is
kept, also in a preview. Both return an `Outcome`: `applied`, `could_be_applied`, `problem_count`, the first
`most_problems` of the `problems` in order (None is all of them), and `counts`.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from orgchart.locks import lock
from orgchart.models import Organization, OrganizationKind, Person
from orgchart.roster import aside, compare, first, held
from orgchart.roster.cells import EMPLOYEE_CELLS, organization_cells
from orgchart.roster.files import size_of
from orgchart.roster.folding import keep_folds
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
from orgchart.roster.problems import EMPLOYEES, ORGANIZATIONS, Noted, Problem, listed
from orgchart.roster.rows import Sheet
from orgchart.roster.same import same
from orgchart.roster.staging import keep, stage
from orgchart.roster.validate import note_problems
from orgchart.roster.write import Writer
from orgchart.unhurried import garbage_later

__all__ = [
    "KINDS",
    "MOST_PROBLEMS",
    "Change",
    "ChangeList",
    "Counts",
    "Kind",
    "OnChanges",
    "Outcome",
    "Problem",
    "Progress",
    "Source",
    "import_roster",
    "preview_roster",
]

MOST_PROBLEMS = 1000
# For this one transaction: big sorts and joins in memory, and no limit made for requests.
SETTINGS = """
    SET LOCAL idle_in_transaction_session_timeout = 0;
    SET LOCAL work_mem = '256MB';
    SET LOCAL maintenance_work_mem = '256MB';
    SET LOCAL jit = off"""


@dataclass(frozen=True, slots=True)
class Source:
    """The two files, each a path or a file that is open for reading bytes."""

    organizations: Path | BinaryIO
    employees: Path | BinaryIO

    def places(self) -> list[int]:
        """Where the files are being read, for `go_back`."""
        return [0 if isinstance(file, Path) else file.tell() for file in self._files]

    def go_back(self, places: list[int]) -> None:
        for file, place in zip(self._files, places, strict=True):
            if not isinstance(file, Path):
                file.seek(place)

    @property
    def _files(self) -> tuple[Path | BinaryIO, ...]:
        return self.organizations, self.employees


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    effective_on: date
    scope: Organization | None
    separate_missing: bool
    progress: Progress
    on_changes: OnChanges | None
    most_problems: int | None

    @property
    def values(self) -> dict[str, Any]:
        return {
            "day": self.effective_on,
            "scope": self.scope.path if self.scope else "",
            "separate": self.separate_missing,
        }


def _say_nothing(step: str, done: int, total: int) -> None:
    """Nobody watches."""


@transaction.atomic
def preview_roster(
    source: Source,
    *,
    effective_on: date,
    scope: Organization | None = None,
    separate_missing: bool = False,
    progress: Progress = _say_nothing,
    on_changes: OnChanges | None = None,
    most_problems: int | None = MOST_PROBLEMS,
) -> Outcome:
    """What `import_roster` would do now. Writes nothing."""
    asked = Asked(
        effective_on=effective_on,
        scope=scope,
        separate_missing=separate_missing,
        progress=progress,
        on_changes=on_changes,
        most_problems=most_problems,
    )
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        return _examine(cursor, source, asked)


@transaction.atomic
def import_roster(
    source: Source,
    *,
    effective_on: date,
    by: Person | None,
    scope: Organization | None = None,
    separate_missing: bool = False,
    progress: Progress = _say_nothing,
    on_changes: OnChanges | None = None,
    most_problems: int | None = MOST_PROBLEMS,
) -> Outcome:
    """All or nothing; with `scope`, only inside that organization. Nothing else changes people meanwhile.

    A first load locks the tables of people until it is done: `progress` must not write anything
    that refers to a person through another connection.
    """
    asked = Asked(
        effective_on=effective_on,
        scope=scope,
        separate_missing=separate_missing,
        progress=progress,
        on_changes=on_changes,
        most_problems=most_problems,
    )
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        for table in ("orgchart_organization", "orgchart_assignment"):
            lock(table)
        if counts := _first_load(cursor, source, asked, by=by):
            if asked.on_changes:
                asked.on_changes(compare.ReadChanges(compare.FIRST_QUERIES))
            return Outcome(applied=True, counts=counts)
        outcome = _examine(cursor, source, asked)
        if not outcome.could_be_applied:
            return outcome
        counts = outcome.counts
        if not counts.is_nothing or (separate_missing and counts.missing):
            writer = Writer(cursor, asked.values, counts=counts, by=by, progress=progress)
            with aside.set_aside_for(cursor, counts, progress):
                writer.write(scope=scope, separate_missing=separate_missing)
    return Outcome(applied=True, counts=counts)


def _first_load(
    cursor: CursorWrapper, source: Source, asked: Asked, *, by: Person | None
) -> Counts | None:
    """Nothing, if it has to be gone about carefully."""
    if asked.scope or not first.is_possible(cursor, size_of(source.employees)):
        return None
    beginnings = source.places()
    try:
        with transaction.atomic(), garbage_later():
            loading = first.FirstLoad(cursor, day=asked.effective_on, progress=asked.progress)
            return loading.load(source.organizations, source.employees, by=by.pk if by else None)
    except first.BROKEN:
        source.go_back(beginnings)
        return None


def _nothing_new(cursor: CursorWrapper, source: Source, asked: Asked) -> Counts | None:
    """Nothing, if it is not sure."""
    if asked.scope:
        return None
    beginnings = source.places()
    with garbage_later():
        counts = same(
            cursor,
            source.organizations,
            source.employees,
            day=asked.effective_on,
            progress=asked.progress,
        )
    if not counts:
        source.go_back(beginnings)
    return counts


def _examine(cursor: CursorWrapper, source: Source, asked: Asked) -> Outcome:
    """Leaves the staged tables behind, for whoever goes on to write."""
    if same_counts := _nothing_new(cursor, source, asked):
        if asked.on_changes:
            asked.on_changes(compare.ReadChanges({}))
        return Outcome(applied=False, counts=same_counts)
    kinds = OrganizationKind.objects.values_list("code", flat=True)
    units = Sheet("roster_organization", "Reading organizations", organization_cells(kinds))
    people = Sheet("roster_employee", "Reading people", EMPLOYEE_CELLS)
    with Noted(ORGANIZATIONS) as of_units, Noted(EMPLOYEES) as of_people:
        found = [
            stage(cursor, units, source.organizations, of_units, asked.progress),
            stage(cursor, people, source.employees, of_people, asked.progress),
        ]
        keep(cursor, found)
    asked.progress("Comparing", 0, 0)
    held.compare(cursor, asked.values)
    note_problems(cursor, asked.values)
    count, problems = listed(cursor, asked.most_problems)
    if count:
        return Outcome(applied=False, problem_count=count, problems=problems)
    keep_folds(cursor, found[1].odd)
    counts = compare.count(cursor)
    if asked.on_changes:
        asked.on_changes(compare.ReadChanges(compare.QUERIES))
    return Outcome(applied=False, counts=counts)
