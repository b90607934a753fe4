"""Fill the database with the demonstration organization (practice mode only)."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appraisals.demonstration.fill import TODAY, fill
from appraisals.demonstration.place import PASSWORD
from orgchart.errors import Refused
from orgchart.models import Person


class Command(BaseCommand):
    help = "Replace everything in the database by the demonstration organization."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when there are people already"
        )
        parser.add_argument(
            "--today",
            type=dt.date.fromisoformat,
            default=TODAY,
            help="the practice date to stop at (default %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and Person.objects.exists():
            self.stdout.write("There are people already; nothing was changed.")
            return
        try:
            made = fill(today=options["today"])
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{made.people} people in {made.organizations} organizations, {made.records} records with "
            f"{made.documents} documents. Everybody signs in with the password {PASSWORD}."
        )
