"""What has been kept long enough, and carrying out what two persons agreed on."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appraisals import keeping
from appraisals.destroying import carry_out
from orgchart import clock
from orgchart.models import Organization


class Command(BaseCommand):
    help = (
        "Say how much of an organization has been kept long enough (R13). With --carry-out destroy what is on "
        "lists that two persons agreed on; nothing else is ever destroyed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", help="code; without it, the top")
        parser.add_argument("--carry-out", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["carry_out"]:
            self.stdout.write(f"Destroyed: {carry_out():,}")
            return
        code = options["organization"]
        places = Organization.objects.order_by("path")
        place = places.filter(code__iexact=code).first() if code else places.first()
        if place is None:
            raise CommandError(f"There is no organization with the code {code}.")
        due = keeping.kept(place, today=clock.today())
        records, ratings = due.records(), due.superseded()
        free = keeping.free(records).count() + keeping.free(ratings).count()
        self.stdout.write(
            f"{place.name}: {records.count():,} records and {ratings.count():,} replaced ratings are due, "
            f"{free:,} of them can go on a list now"
        )
