from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orgchart import clock, roster

MOST_MISSING_SHOWN = 100


class Command(BaseCommand):
    help = "Import organizations and people from two CSV files: all rows or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organizations", type=Path, metavar="ORGANIZATIONS")
        parser.add_argument("employees", type=Path, metavar="EMPLOYEES")
        parser.add_argument(
            "--dry-run", action="store_true", help="check and report, write nothing"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--effective-on",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="the first day of every change (default: today)",
        )
        parser.add_argument(
            "--separate-missing",
            action="store_true",
            help="end the assignment of everybody who is not in the file",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = self._outcome(options)
        self.stdout.write(outcome.as_json() if options["json"] else _in_words(outcome))
        if not outcome.could_be_applied:
            raise SystemExit(1)

    def _outcome(self, options: dict[str, Any]) -> roster.Outcome:
        try:
            read = roster.read(
                options["organizations"].read_bytes(), options["employees"].read_bytes()
            )
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        settled: dict[str, Any] = {
            "effective_on": options["effective_on"] or clock.today(),
            "separate_missing": options["separate_missing"],
        }
        if options["dry_run"]:
            return roster.preview_roster(read, **settled)
        return roster.import_roster(read, by=None, **settled)


def _in_words(outcome: roster.Outcome) -> str:
    if outcome.changes is None:
        lines = [str(found) for found in outcome.problems]
        count = f"{len(lines)} problem{'s' if len(lines) > 1 else ''}"
        return "\n".join([*lines, f"{count}. Nothing was changed."])
    changes = outcome.changes
    lines = [
        f"Organizations: {len(changes.new_organizations)} created, "
        f"{len(changes.changed_organizations)} changed, "
        f"{changes.unchanged_organizations} unchanged.",
        f"Employees: {len(changes.joined)} created, {changes.changed} changed, "
        f"{changes.unchanged} unchanged, {len(changes.missing)} missing from the file.",
    ]
    lines += [
        f"Missing: {person.dod_id} {person.last_name}, {person.first_name}"
        for person in changes.missing[:MOST_MISSING_SHOWN]
    ]
    more = len(changes.missing) - MOST_MISSING_SHOWN
    lines += [f"... and {more} more."] if more > 0 else []
    return "\n".join([*lines, "Applied." if outcome.applied else "Dry run: nothing was changed."])
