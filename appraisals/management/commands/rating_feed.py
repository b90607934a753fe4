"""Ratings for the personnel system, at the console."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import pluralize

from appraisals.feed import file_of, make_batch, write_batches
from appraisals.models import AppraisalCycle
from orgchart.models import Organization


class Command(BaseCommand):
    help = "Make a batch of the ratings of record that have not been sent yet, of each cycle."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", metavar="CODE", help="only this one and all below it")
        parser.add_argument("--cycle", metavar="NAME", help="only cycles of this name")
        parser.add_argument("--to", metavar="FOLDER", type=Path, help="write each file there")

    def handle(self, *args: Any, **options: Any) -> None:
        code, name, folder = options["organization"], options["cycle"], options["to"]
        place = Organization.objects.filter(code=code).first() if code else None
        if code and place is None:
            raise CommandError(f"No organization has the code {code}.")
        cycles = AppraisalCycle.objects.select_related("organization").order_by("starts_on", "pk")
        if name:
            cycles = cycles.filter(name=name)
            if not cycles:
                raise CommandError(f"No cycle has the name {name}.")
        if folder and not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        if folder:
            made = write_batches(folder, cycles, place=place)
        else:
            each = (make_batch(cycle, place or cycle.organization, by=None) for cycle in cycles)
            made = [batch for batch in each if batch]
        for batch in made:
            lines = f"{batch.lines_sent:,} line{pluralize(batch.lines_sent)}"
            said = f"Batch {batch.number}: {lines}, {batch.content_hash}"
            self.stdout.write(f"{said}, {folder / file_of(batch)}" if folder else said)
        if not made:
            self.stdout.write("Nothing new waits, so no batch was made.")
