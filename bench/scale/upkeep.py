"""What is rare: opening a year for the whole department, counting all of it again, what HR sees before a decision."""

import datetime as dt
import time
from dataclasses import dataclass, replace
from io import StringIO

from django.core.management import call_command
from django.db import connection, transaction

from appraisals import rollups, rules
from appraisals.bound import bound_plans, outcomes
from appraisals.editions import foresee, reach_of
from appraisals.models import MandatoryElement, RecordStanding
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


@dataclass(frozen=True)
class Previews:
    """Seconds until HR sees whom an edition, or a mandatory element, of the whole department would meet."""

    edition: float
    met: int
    element: float
    bound: int


def measure_previews(database: Database, hr: Person) -> Previews:
    """An edition that changes days, reviews and limits at once; asked a month before the cycle ends."""
    with database.in_use(), clock.frozen(dt.date(RUNNING, 3, 1)):
        reach = reach_of(Organization.objects.get(parent=None), on=TODAY)
        after = replace(
            reach.before,
            minimum_period_days=reach.before.minimum_period_days + 30,
            progress_reviews_minimum=2,
            progress_review_needs_review=True,
            elements_maximum=3,
            standards_limit=500,
        )
        began = time.perf_counter()
        foreseen = foresee(reach, after)
        edition = time.perf_counter() - began
        began = time.perf_counter()
        bound = outcomes(bound_plans(MandatoryElement.objects.order_by("pk")[0], by=hr))
        return Previews(
            edition=edition,
            met=max(each.people for each in foreseen),
            element=time.perf_counter() - began,
            bound=sum(bound.values()),
        )


def upkeep_words(opening: Opening, check: Check, previews: Previews) -> str:
    return (
        f"A policy edition looked at in advance: {previews.edition:.1f} s, "
        f"one effect meets {previews.met:,} people.\n"
        f"A mandatory element looked at in advance: {previews.element:.1f} s, "
        f"{previews.bound:,} plans bound.\n"
        f"A cycle opened for {opening.people:,} people: {opening.opened:.1f} s, "
        f"its differences folded in {opening.folded:.1f} s.\n"
        f"check_counts: {check.seconds:.0f} s. {check.said}"
    )
