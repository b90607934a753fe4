"""The long lists of a roster, as pages and as downloads."""

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from appraisals.exports import Column, Table
from appraisals.models import Appraisal
from orgchart.models import RosterChange, RosterProblem, RosterUpload
from orgchart.roster.kept import MOST_PROBLEMS

PAGE = 50


class Numbered(Paginator[Any]):
    """Pages of rows that carry their number: nothing is counted, and no page is far away."""

    def __init__(self, rows: QuerySet[Any], count: int) -> None:
        super().__init__(rows, PAGE)
        self.numbered, self.known = rows, count

    @cached_property
    def count(self) -> int:
        return self.known

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        before = (number - 1) * PAGE
        rows = self.numbered.filter(number__gt=before, number__lte=before + PAGE)
        return Page(rows, number, self)


def page_of(request: HttpRequest, rows: QuerySet[Any], count: int) -> Page[Any]:
    return Numbered(rows, count).get_page(request.GET.get("page"))


def problems(upload: RosterUpload, page: Page[Any]) -> Table[RosterProblem]:
    return Table(
        name="roster-problems",
        title="What is wrong, and where",
        columns=[
            Column("File", lambda found: found.file),
            Column("Line", lambda found: found.line),
            Column("Column", lambda found: found.column),
            Column("Value", lambda found: found.value),
            Column("What is wrong", lambda found: found.message),
        ],
        rows=list(page),
        everything=upload.problems.all,
        total=kept_problems(upload),
    )


def kept_problems(upload: RosterUpload) -> int:
    return min(upload.problem_count, MOST_PROBLEMS)


def changes(upload: RosterUpload, part: dict[str, Any], page: Page[Any]) -> Table[RosterChange]:
    columns = [
        Column[RosterChange]("Name", lambda change: change.name),
        Column[RosterChange](part["key"], lambda change: change.key),
    ]
    if part["was"]:
        columns.append(Column(part["was"], lambda change: change.was))
    if part["now"]:
        columns.append(Column(part["now"], lambda change: change.now))
    return Table(
        name=f"roster-{part['kind']}".replace("_", "-"),
        title=part["title"],
        columns=columns,
        rows=list(page),
        everything=upload.changes.filter(kind=part["kind"]).all,
        total=part["count"],
        names_people=True,
    )


def records(
    way: dict[str, str], found: QuerySet[Any], page: Page[Any], how: str
) -> Table[Appraisal]:
    """Each record has `now` beside its own columns: what the roster says."""
    columns = [
        Column[Any]("Employee", lambda record: record.employee.full_name),
        Column[Any]("DoD ID", lambda record: record.employee.dod_id),
        Column[Any]("Unit of the record", lambda record: record.organization.name),
        Column[Any]("Cycle", lambda record: record.cycle.name),
        Column[Any]("Rating official", lambda record: record.rating_official.full_name),
        Column[Any]("Higher level reviewer", _reviewer),
    ]
    if way["now"]:
        columns.append(Column(way["now"], lambda record: record.now))
    return Table(
        name=f"roster-records-{how}",
        title=way["title"],
        columns=columns,
        rows=list(page),
        everything=found.all,
        total=page.paginator.count,
        names_people=True,
    )


def _reviewer(record: Appraisal) -> str:
    reviewer = record.higher_level_reviewer
    return reviewer.full_name if reviewer else ""
