"""The two populations, each in a database of its own: the demonstration, and an imported roster."""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction

from appraisals.demonstration.build import build_records
from appraisals.demonstration.courses import last_year, next_year, this_year
from appraisals.demonstration.fill import TODAY, season
from appraisals.demonstration.goals import CORE_VALUES
from appraisals.demonstration.occupations import occupation_for
from appraisals.demonstration.occupations.supervisors import ACCOUNTABILITY, WHISTLEBLOWER
from appraisals.demonstration.program import Program, imported_subjects
from appraisals.models import (
    AppraisalCycle,
    Goal,
    MandatoryElement,
    MissionStatement,
    PolicyEdition,
)
from bench.cycles import fiscal_cycle
from bench.roster import write_roster
from orgchart import clock
from orgchart.models import Organization, Person, RoleGrant

PEOPLE = 10_000
COURSES = {2026: last_year, 2027: this_year, 2028: next_year}


@contextmanager
def database(name: str, fill: Callable[[], None], *, keep: bool) -> Iterator[None]:
    """Work in a database of this name, filled unless one was kept from the last run."""
    usual = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = name
    is_new = not (keep and _exists(name))
    if is_new:
        _drop(name)
    connection.creation.create_test_db(verbosity=0, serialize=False, keepdb=not is_new)
    try:
        if is_new:
            fill()
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
        yield
    finally:
        connection.creation.destroy_test_db(usual, verbosity=0, keepdb=keep)


def _exists(name: str) -> bool:
    creation: Any = connection.creation
    with creation._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _drop(name: str) -> None:
    """What a run that was broken off left behind."""
    creation: Any = connection.creation
    with creation._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)}")


def fill_demonstration() -> None:
    call_command("demonstration", stdout=StringIO())


def fill_roster() -> None:
    """The folder that DPMAP_ROSTER names, or an invented department of 10,000 people."""
    clock.move(TODAY)
    given = os.environ.get("DPMAP_ROSTER")
    with TemporaryDirectory() as folder:
        if not given:
            write_roster(Path(folder), people=PEOPLE)
        files = Path(given or folder)
        call_command(
            "import_roster",
            str(files / "organizations.csv"),
            str(files / "employees.csv"),
            effective_on=dt.date(2025, 1, 1),
            stdout=StringIO(),
        )
    with transaction.atomic():
        _program()
        subjects = imported_subjects(TODAY, occupation_for)
        for year, course_of in COURSES.items():
            build_records(
                subjects,
                program=Program(AppraisalCycle.objects.get(name=f"FY {year}")),
                season=season(year, is_hurried=course_of is next_year),
                course_of=course_of,
                until=TODAY - dt.timedelta(days=1),
            )


def _program() -> None:
    """What the demonstration's department has, for any tree of organizations."""
    top = Organization.objects.get(parent=None)
    opened = clock.now()
    PolicyEdition.objects.create(
        name="DoD program, 2025 edition",
        organization=top,
        effective_on=dt.date(2025, 1, 1),
        core_values=CORE_VALUES,
        written_at=opened,
    )
    MandatoryElement.objects.bulk_create(
        MandatoryElement(
            code=text.mandatory,
            rule="R3.8",
            organization=top,
            applies_to=MandatoryElement.AppliesTo.SUPERVISORS,
            starts_on=dt.date(2018, 4, 1),
            title=text.title,
            description=text.description,
            standards=text.standards,
        )
        for text in (ACCOUNTABILITY, WHISTLEBLOWER)
    )
    for year in COURSES:
        _cycle(top, year)
    specialists = Person.objects.filter(assignments__is_supervisor=False).order_by(
        "assignments__covered", "dod_id"
    )
    for person, role in zip(
        specialists, (RoleGrant.Role.HR_ADMINISTRATOR, RoleGrant.Role.AUDITOR), strict=False
    ):
        RoleGrant.objects.create(
            person=person, role=role, organization=top, starts_on=dt.date(2025, 1, 1)
        )


def _cycle(top: Organization, year: int) -> None:
    cycle = fiscal_cycle(top, year)
    MissionStatement.objects.create(
        cycle=cycle, organization=top, text="Deter war.", published_at=cycle.opened_at
    )
    made: dict[int, list[Goal]] = {}
    upper = Organization.objects.filter(kind__rank__lte=4).order_by("kind__rank", "path")
    for organization in upper:
        above = made.get(organization.parent_id or 0, [None, None])
        made[organization.pk] = [
            Goal.objects.create(
                cycle=cycle,
                organization=organization,
                serves=served,
                position=n,
                title=title,
                published_at=cycle.opened_at,
            )
            for n, (title, served) in enumerate(
                zip(("Forces that are ready", "People who are cared for"), above, strict=True), 1
            )
        ]
