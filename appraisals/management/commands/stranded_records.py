"""Records in the hands of somebody who is gone, at the console: list them, and put them right."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from appraisals.services.stranded import (
    FINDINGS,
    Finding,
    Proposal,
    counts_of,
    scope_paths_of,
    stranded,
)
from orgchart.models import Organization, Person

SHOWN = 10
AT_ONCE = 500


class Command(BaseCommand):
    help = "List open records whose officials are gone or whose employees moved; with --put-right, do what is proposed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", metavar="CODE", help="only this one and all below it")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--put-right",
            action="store_true",
            help="do what is proposed; needs --by, --reason",
        )
        parser.add_argument("--by", metavar="EMAIL", help="the HR administrator who decides it")
        parser.add_argument("--reason", help="stays on each record")

    def handle(self, *args: Any, **options: Any) -> None:
        place = self._place(options["organization"])
        paths = scope_paths_of(None, place)
        if options["put_right"]:
            self._put_right(paths, options["by"], options["reason"])
        counts = counts_of(paths)
        if options["json"]:
            self.stdout.write(json.dumps({each.key: count for each, count in counts.items()}))
            return
        for finding, count in counts.items():
            self.stdout.write(f"{finding.title}: {count:,}")
            for line in _lines(finding, paths):
                self.stdout.write(f"  {line}")

    def _place(self, code: str | None) -> Organization | None:
        place = Organization.objects.filter(code=code).first() if code else None
        if code and place is None:
            raise CommandError(f"No organization has the code {code}.")
        return place

    def _put_right(self, paths: list[str], email: str | None, reason: str | None) -> None:
        by = Person.objects.filter(email=(email or "").lower(), is_active=True).first()
        if by is None:
            raise CommandError("--by must be the e-mail address of an active HR administrator.")
        if not (reason or "").strip():
            raise CommandError("--reason must say why: it stays on each record.")
        done = 0
        for finding in FINDINGS:
            if finding.act is None:
                continue
            found = stranded(finding, paths).exclude(employee=by).values_list("pk", flat=True)
            keys = list(found)
            for first in range(0, len(keys), AT_ONCE):
                try:
                    done += len(
                        finding.act(keys[first : first + AT_ONCE], by=by, reason=str(reason))
                    )
                except PermissionDenied:
                    raise CommandError(
                        f"{by.full_name} does not administer all of these records. "
                        "Name one organization with --organization."
                    ) from None
        self.stdout.write(f"Put right: {done:,}")


def _lines(finding: Finding, paths: list[str]) -> list[str]:
    shown = stranded(finding, paths).select_related(*_PEOPLE)[:SHOWN]
    return [_line(each) for each in finding.propose(shown)]


_PEOPLE = ("employee", "rating_official", "higher_level_reviewer", "organization", "cycle")


def _line(proposal: Proposal) -> str:
    record, official = proposal.record, proposal.official
    proposed = official.full_name if official and not proposal.problem else "nobody"
    if proposal.place is not None:
        proposed = f"it goes to {proposal.place.name}"
    return (
        f"{record.employee.dod_id} {record.employee.full_name}, {record.organization.name}, "
        f"{record.cycle.name}: {record.rating_official.full_name} rates; proposed: {proposed}. "
        f"{proposal.problem}".strip()
    )
