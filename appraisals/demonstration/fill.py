"""Empty everything and fill it with the demonstration, in one transaction."""

import datetime as dt
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from appraisals.demonstration.archives import build_archive
from appraisals.demonstration.assistance import build_assistance
from appraisals.demonstration.build import build_records
from appraisals.demonstration.coaching import build_coaching
from appraisals.demonstration.courses import last_year, next_year, this_year
from appraisals.demonstration.departures import build_departures
from appraisals.demonstration.editions import build_editions
from appraisals.demonstration.feed import build_feed
from appraisals.demonstration.framework import build_framework
from appraisals.demonstration.helping import build_helping
from appraisals.demonstration.journal import build_journals
from appraisals.demonstration.looks import build_looks
from appraisals.demonstration.on_paper import build_on_paper
from appraisals.demonstration.place import build_place, subjects_of
from appraisals.demonstration.plan_changes import build_plan_changes
from appraisals.demonstration.post import build_post
from appraisals.demonstration.program import Program, Season
from appraisals.demonstration.ratings import build_ratings
from appraisals.demonstration.reminders import build_reminders
from appraisals.demonstration.reorganizing import build_reorganizations
from appraisals.demonstration.retention import build_retention
from appraisals.demonstration.talk import build_talk
from appraisals.models import Document
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Organization, OrganizationKind, Person

TODAY = dt.date(2027, 4, 6)


@dataclass(frozen=True)
class Summary:
    organizations: int
    people: int
    records: int
    documents: int


def season(year: int, *, is_hurried: bool = False) -> Season:
    """The usual days of the cycle that ends on 31 March of `year`.

    Of the year being rated only what was sent up early can be finished by now.
    """
    is_finished = year < TODAY.year
    return Season(
        plan=dt.date(year - 1, 4, 1),
        review=dt.date(year - 1, 9, 21),
        second_review=dt.date(year, 1, 11),
        narrative=dt.date(year - 1, 11, 9),
        annual=dt.date(year, 3, 1),
        annual_sent=dt.date(year, 3, 20 if is_finished else 11),
        annual_sent_lately=dt.date(year, 3, 30),
        annual_spread=30 if is_finished else 3,
        is_hurried=is_hurried,
    )


@transaction.atomic
def fill(*, today: dt.date = TODAY) -> Summary:
    """The demonstration as it stands in the morning of `today`: what its people did until the day before."""
    if not settings.PRACTICE_MODE:
        raise Refused("The demonstration replaces everything, so it is for practice mode only.")
    _empty()
    clock.move(today)
    place = build_place()
    cycles = build_framework(place)
    subjects = subjects_of(place)
    until = today - dt.timedelta(days=1)
    records = 0
    for cycle, course_of in zip(cycles, (last_year, this_year, next_year), strict=True):
        year = cycle.ends_on.year
        records += build_records(
            subjects,
            program=Program(cycle),
            season=season(year, is_hurried=course_of is next_year),
            course_of=course_of,
            until=until,
        )
    build_reorganizations(place, until=until)
    build_editions(place, until=until)
    build_departures(place, until=until)
    build_looks(human_resources=place.people["miriam.castellano"], until=until)
    build_coaching(place.people, until=until)
    build_journals(place.people, cycles[1], until=until)
    build_talk(place.people, cycles[1], until=until)
    build_reminders(place.people["miriam.castellano"], until=until)
    build_on_paper(place.people, cycles[2], cycles[1], until=until)
    build_plan_changes(place.people, place.organizations, cycles[1], cycles[2], until=until)
    build_assistance(place.people, cycles[1], until=until)
    build_feed(place.people, place.organizations["CALLOWAY"], cycles[0], until=until)
    build_archive(place.people, place.organizations["DES-POLICE-DAY"], cycles[0], until=until)
    build_helping(place.people, place.organizations["CALLOWAY"], until=until)
    build_ratings(place.people, cycles[0], cycles[1], until=until)
    build_retention(place.people, place.organizations["CALLOWAY"], cycles[0], until=until)
    build_post(place.people, until=until)
    return Summary(
        organizations=Organization.objects.count(),
        people=Person.objects.count(),
        records=records,
        documents=Document.objects.count(),
    )


def _empty() -> None:
    """TRUNCATE, since rows of the history cannot be deleted one by one. The kinds of units stay."""
    models = [
        model
        for label in ("orgchart", "appraisals")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model is not OrganizationKind
    ]
    names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
    # PostgreSQL truncates no table whose foreign keys are still to be checked in this transaction.
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY")
