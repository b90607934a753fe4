"""`make bench`. DPMAP_ROSTER names a folder with a roster to use instead of an invented one."""

import argparse
import os
import sys
import time
from collections.abc import Callable

from django.test.utils import override_settings

import bench.environment  # noqa: F401 - before anything that needs Django's models
from bench.measure import Figures, measure_pages
from bench.populations import database, fill_demonstration, fill_roster
from bench.report import NOTE, conditions, misses, people, table


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--requests", type=int, default=15, help="timed requests for each page")
    parser.add_argument("--keep", action="store_true", help="use kept databases, and keep them")
    options = parser.parse_args()
    with override_settings(ROOT_URLCONF="bench.urls"):
        load = os.getloadavg()
        few, small = measured("dpmap_bench_demonstration", fill_demonstration, options)
        many, large = measured("dpmap_bench_roster", fill_roster, options)
    say(table(small, large, sizes=(few, many)))
    say(f"\n{NOTE}\n\n{conditions(options.requests, load)}\n")
    say("\n".join(misses(small, large)) or "Every page keeps them.")


def measured(
    name: str, fill: Callable[[], None], options: argparse.Namespace
) -> tuple[int, list[Figures | None]]:
    """How many people there are, and the figures of each page."""
    began = time.monotonic()
    with database(name, fill, keep=options.keep):
        say(f"{name} is ready after {time.monotonic() - began:.0f} s.")
        return people(), measure_pages(options.requests)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
