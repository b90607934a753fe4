"""`make bench-scale`. DPMAP_ROSTER names a folder with a roster to use instead of an invented one."""

import argparse
import os
import sys
import time
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory

from django.test.utils import override_settings

import bench.environment  # noqa: F401 - before anything that needs Django's models
from appraisals.models import Document
from bench.report import conditions, people
from bench.scale import report
from bench.scale.counting import measure_counting
from bench.scale.databases import Database
from bench.scale.measure import measure_pages
from bench.scale.pages import Cast, choose_cast, records_in_hand
from bench.scale.roster import PEOPLE, SMALL, cut, write_department
from bench.scale.simultaneous import measure_together
from bench.scale.upkeep import (
    measure_check,
    measure_opening,
    measure_previews,
    upkeep_words,
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--requests", type=int, default=15, help="timed requests for each page")
    parser.add_argument("--people", type=int, default=PEOPLE, help="of the invented department")
    parser.add_argument("--small", type=int, default=SMALL, help="people of the small one")
    parser.add_argument("--keep", action="store_true", help="use kept databases, and keep them")
    parser.add_argument(
        "--upkeep", action="store_true", help="also open a year and count everything again"
    )
    options = parser.parse_args()
    small, whole = Database("dpmap_scale_small"), Database("dpmap_scale_whole")
    command = prepare(small, whole, options)
    with override_settings(ROOT_URLCONF="bench.urls"):
        measure(small, whole, command, rounds=options.requests, upkeep=options.upkeep)
    if not options.keep:
        small.drop()
        whole.drop()


def prepare(small: Database, whole: Database, options: argparse.Namespace) -> str:
    """Both databases filled; the code of the command that is whole in both."""
    began = time.monotonic()

    def tell(text: str) -> None:
        say(f"{time.monotonic() - began:6.0f} s  {text}")

    with TemporaryDirectory() as scratch:
        given = os.environ.get("DPMAP_ROSTER")
        folder, few = Path(given or f"{scratch}/whole"), Path(f"{scratch}/small")
        few.mkdir()
        if not given:
            folder.mkdir()
            write_department(folder, options.people)
        command = cut(folder, few, people=options.small)
        tell(f"rosters are ready; {command} is whole in both")
        small.prepare(few, command, keep=options.keep, say=tell)
        whole.prepare(folder, command, keep=options.keep, say=tell)
    return command


def measure(small: Database, whole: Database, command: str, *, rounds: int, upkeep: bool) -> None:
    load = os.getloadavg()
    cast_of = dict[str, Cast]()
    sizes, records_of = [], []
    for database in (small, whole):
        with database.in_use():
            sizes.append(people())
            cast_of[database.name] = choose_cast(command)
            records_of.append(records_in_hand(cast_of[database.name]))
    same_people(*cast_of.values())
    same_records(*records_of)
    found = measure_pages((small, cast_of[small.name]), (whole, cast_of[whole.name]), rounds=rounds)
    say(f"\n{report.table(found, (sizes[0], sizes[1]))}\n\n{report.NOTE}\n")
    with whole.in_use():
        say(f"{conditions(rounds, load)}\n")
    say(f"People found: database time beyond the bare page\n{report.searching_words(found)}\n")
    say("The department’s dashboard data")
    counted = [measure_counting(each, times=3) for each in (small, whole)]
    say(f"{report.counting_words(*counted)}\n\nFifty at once")
    say(report.together_words(measure_together(whole)))
    if upkeep:
        say("\nOpening a year, and counting everything again")
        hr = cast_of[whole.name].hr
        opening, previews = measure_opening(whole, hr), measure_previews(whole, hr)
        say(upkeep_words(opening, measure_check(whole), previews))
    say("\n" + ("\n".join(report.misses(found)) or "Every page keeps its targets."))


def same_people(small: Cast, whole: Cast) -> None:
    """Or the two sizes would not be compared, but two persons."""
    for field in fields(Cast):
        pair = [getattr(cast, field.name) for cast in (small, whole)]
        if str(pair[0]) != str(pair[1]) and not isinstance(pair[0], Document):
            raise LookupError(
                f"{field.name} is {pair[0]} in one database and {pair[1]} in the other"
            )


def same_records(small: dict[str, int], whole: dict[str, int]) -> None:
    """Or one of the two pages would have more to show, whatever the size of the department."""
    if small != whole:
        raise LookupError(f"Records in hand: {small} in one database and {whole} in the other")


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
