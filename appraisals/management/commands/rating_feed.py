"""Ratings for the personnel system, at the console: for a nightly job."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appraisals.feed import batch_bytes, make_batch
from appraisals.models import AppraisalCycle, FeedBatch
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
        made = 0
        for cycle in cycles:
            batch = make_batch(cycle, place or cycle.organization, by=None)
            if batch:
                made += 1
                self._tell(batch, folder)
        if not made:
            self.stdout.write("Nothing new waits, so no batch was made.")

    def _tell(self, batch: FeedBatch, folder: Path | None) -> None:
        said = f"Batch {batch.number}: {batch.lines_sent} lines, {batch.content_hash}"
        if folder:
            # Under another name first: whoever fetches the file never finds half of it.
            file = folder / f"ratings-batch-{batch.number:05d}.csv"
            new = file.with_suffix(".new")
            with new.open("wb") as out:
                out.writelines(batch_bytes(batch))
            new.replace(file)
            said += f", {file}"
        self.stdout.write(said)
