"""Write an employee's records into a file for another installation."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appraisals.models import SentFile
from appraisals.services.exporting import send_records
from appraisals.transfer.container import fingerprint
from orgchart.errors import Refused
from orgchart.models import Person


class Command(BaseCommand):
    help = "Write the records of one employee into a file for another installation (R9.8)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dod_id", help="of the employee")
        parser.add_argument("file", type=Path, help="to write; it must not exist yet")
        parser.add_argument("--to", required=True, help="who gets it, in words")
        parser.add_argument("--purpose", choices=SentFile.Purpose.values, default="transfer")
        parser.add_argument("--key", default="", help="name of a shared key to sign it with")

    def handle(self, *args: Any, **options: Any) -> None:
        employee = Person.objects.filter(dod_id=options["dod_id"]).first()
        if employee is None:
            raise CommandError(f"Nobody has the DoD ID {options['dod_id']}.")
        place: Path = options["file"]
        if place.exists():
            raise CommandError(f"{place} exists already. Choose another name.")
        try:
            sent = send_records(
                employee,
                purpose=SentFile.Purpose(options["purpose"]),
                to_whom=options["to"],
                by=None,
                key=options["key"],
            )
        except Refused as refused:
            raise CommandError(str(refused)) from None
        place.write_bytes(sent.data)
        place.chmod(0o600)
        count = sent.row.records
        self.stdout.write(
            f"{count} {'record' if count == 1 else 'records'} of {employee.full_name} in {place}, "
            f"fingerprint {fingerprint(sent.row.content_hash)}"
        )
