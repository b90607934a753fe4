"""What is wrong in the hierarchy, at the console."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appraisals.health import ALL
from orgchart import clock
from orgchart.health import MOST_REPORTS, Finding, Listed, Of, look_at_all
from orgchart.models import Organization

SHOWN = 10


class Command(BaseCommand):
    help = "Look for people without anybody above, loops, units without a head, and the like."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", metavar="CODE", help="only this one and all below it")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--most",
            type=int,
            default=MOST_REPORTS,
            metavar="N",
            help="a supervisor may have this many reports (default %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        code, most = options["organization"], options["most"]
        place = Organization.objects.filter(code=code).first() if code else None
        if code and place is None:
            raise CommandError(f"No organization has the code {code}.")
        if most < 1:
            raise CommandError("--most must be 1 or more.")
        found = look_at_all(ALL, place, on=clock.today(), most=most, size=SHOWN)
        self.stdout.write(_as_json(found) if options["json"] else _in_words(found))


def _as_json(found: dict[Finding, Listed]) -> str:
    return json.dumps(
        {
            finding.key: {
                "count": listed.total,
                "first": [
                    {
                        "code": row.code,
                        "name": row.name,
                        "organization": row.place_code,
                        "number": row.number,
                    }
                    for row in listed.rows
                ],
            }
            for finding, listed in found.items()
        },
        ensure_ascii=False,
    )


def _in_words(found: dict[Finding, Listed]) -> str:
    lines = []
    for finding, listed in found.items():
        lines.append(f"{finding.title}: {listed.total:,}")
        lines += [f"  {_line(finding, row)}" for row in listed.rows]
        more = listed.total - len(listed.rows)
        lines += [f"  ... and {more:,} more"] if more else []
    return "\n".join(lines)


def _line(finding: Finding, row: Any) -> str:
    number = f", {row.number} people" if row.number is not None else ""
    place = f", {row.place} ({row.place_code})" if row.place_code else ""
    head = f", head: {row.other}" if finding.of == Of.UNITS and row.other else ""
    return f"{row.code} {row.name}{place}{number}{head}"
