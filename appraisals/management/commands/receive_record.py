"""Take in a file of records that another installation wrote."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appraisals.services.receiving import receive_records
from appraisals.transfer.container import unpacked
from orgchart.errors import Refused
from orgchart.models import Person


class Command(BaseCommand):
    help = "Take in a file of records that another installation wrote: all of it or nothing (R9.8)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--by", required=True, help="e-mail address of who answers for it in HR"
        )
        parser.add_argument(
            "--fingerprint", default="", help="as the sender read it; not needed when it is signed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        by = Person.objects.filter(email=options["by"].lower()).first()
        if by is None:
            raise CommandError(f"Nobody has the e-mail address {options['by']}.")
        try:
            with options["file"].open("rb") as file:
                row = receive_records(unpacked(file), by=by, compared=options["fingerprint"])
        except OSError as problem:
            raise CommandError(f"The file cannot be read: {problem}") from None
        except Refused as refused:
            raise CommandError(str(refused)) from None
        count = row.records
        self.stdout.write(
            f"{count} {'record' if count == 1 else 'records'} of {row.employee.full_name} from "
            f"{row.installation}, now in {row.organization.name}"
        )
