from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, OutputWrapper

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
        missing: list[str] = []
        progress = Shown(self.stderr)
        settled: dict[str, Any] = {
            "effective_on": options["effective_on"] or clock.today(),
            "separate_missing": options["separate_missing"],
            "progress": progress,
            "on_changes": lambda changes: missing.extend(_missing(changes)),
            "most_problems": None,
        }
        source = roster.Source(options["organizations"], options["employees"])
        try:
            if options["dry_run"]:
                outcome = roster.preview_roster(source, **settled)
            else:
                outcome = roster.import_roster(source, by=None, **settled)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        finally:
            progress.finish()
        self.stdout.write(outcome.as_json() if options["json"] else _in_words(outcome, missing))
        if not outcome.could_be_applied:
            raise SystemExit(1)


class Shown:
    """The progress as one line that is written over, or as a line for each step into a file."""

    def __init__(self, out: OutputWrapper) -> None:
        self.out, self.step, self.width = out, "", 0

    def __call__(self, step: str, done: int, total: int) -> None:
        if not self.out.isatty():
            if step != self.step:
                self.out.write(step)
        else:
            of = f" of {total:,}" if total else ""
            words = f"{step}: {done:,}{of}" if done else step
            self.out.write("\r" + words.ljust(self.width), ending="")
            self.width = len(words)
        self.step = step

    def finish(self) -> None:
        if self.out.isatty():
            self.out.write("\r" + " " * self.width + "\r", ending="")


def _missing(changes: roster.ChangeList) -> Iterator[str]:
    first = islice(changes.of("missing"), MOST_MISSING_SHOWN)
    return (f"Missing: {one.key} {one.name}" for one in first)


def _in_words(outcome: roster.Outcome, missing: list[str]) -> str:
    if not outcome.could_be_applied:
        lines = [str(found) for found in outcome.problems]
        count = f"{len(lines)} problem{'s' if len(lines) > 1 else ''}"
        return "\n".join([*lines, f"{count}. Nothing was changed."])
    counts = outcome.counts
    lines = [
        f"Organizations: {counts.organizations_created} created, "
        f"{counts.organizations_changed} changed, "
        f"{counts.organizations_unchanged} unchanged.",
        f"Employees: {counts.joined} created, {counts.changed} changed, "
        f"{counts.unchanged} unchanged, {counts.missing} missing from the file.",
        *missing,
    ]
    more = counts.missing - MOST_MISSING_SHOWN
    lines += [f"... and {more} more."] if more > 0 else []
    return "\n".join([*lines, "Applied." if outcome.applied else "Dry run: nothing was changed."])
