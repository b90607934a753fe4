"""What nobody waits for at a page: opening a year for the whole department, and counting all of it again."""

import datetime as dt
import time
from dataclasses import dataclass
from io import StringIO

from django.core.management import call_command
from django.db import connection, transaction

from appraisals import rollups, rules
from appraisals.models import RecordStanding
from appraisals.services.program import open_cycle, suggested_milestones
from bench.scale.databases import Database
from bench.scale.program import RUNNING, TODAY
from orgchart import clock
from orgchart.models import Organization, Person


@dataclass(frozen=True)
class Opening:
    """Seconds; `people` got a line of the new cycle."""

    people: int
    opened: float
    folded: float


@dataclass(frozen=True)
class Check:
    seconds: float
    said: str


def measure_opening(database: Database, hr: Person) -> Opening:
    """The year after the running one, taken back afterwards."""
    with database.in_use(), clock.frozen(TODAY), transaction.atomic():
        top = Organization.objects.get(parent=None)
        bounds = rules.cycle_bounds(dt.date(RUNNING, 4, 1), rules.Policy())
        days = (bounds.starts_on, bounds.ends_on, bounds.effective_on)
        began = time.perf_counter()
        cycle = open_cycle(
            top,
            name=bounds.name,
            starts_on=bounds.starts_on,
            ends_on=bounds.ends_on,
            effective_on=bounds.effective_on,
            milestones=suggested_milestones(*days),
            by=hr,
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        opened = time.perf_counter() - began
        people = RecordStanding.objects.filter(cycle=cycle.pk).count()
        began = time.perf_counter()
        rollups.fold()
        folded = time.perf_counter() - began
        transaction.set_rollback(True)
    return Opening(people, opened, folded)


def measure_check(database: Database) -> Check:
    """`manage.py check_counts`, as it is typed."""
    said = StringIO()
    with database.in_use(), clock.frozen(TODAY):
        began = time.perf_counter()
        try:
            call_command("check_counts", stdout=said)
        except SystemExit as ended:
            said.write(f"exit status {ended.code}")
        return Check(time.perf_counter() - began, said.getvalue().strip())


def upkeep_words(opening: Opening, check: Check) -> str:
    return (
        f"A cycle opened for {opening.people:,} people: {opening.opened:.1f} s, "
        f"its differences folded in {opening.folded:.1f} s.\n"
        f"check_counts: {check.seconds:.0f} s. {check.said}"
    )
