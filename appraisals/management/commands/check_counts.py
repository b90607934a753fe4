from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from appraisals import rollups


class Command(BaseCommand):
    help = "Compare the kept counts with a full count and name every difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--most", type=int, default=100, help="name at most so many")
        parser.add_argument("--repair", action="store_true", help="count everything again")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit status 1 when something was wrong, also when it was repaired."""
        wrong = rollups.check(options["most"])
        for each in wrong:
            self.stdout.write(str(each))
        if options["repair"]:
            rollups.rebuild()
            self.stdout.write("Everything is counted again.")
        if wrong:
            raise SystemExit(1)
        self.stdout.write("Every kept count is what a full count says.")
