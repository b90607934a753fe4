"""`python -m bench.imports [FOLDER]`: a whole roster, beside a COPY of the same two files into plain tables.

Without a FOLDER with organizations.csv and employees.csv a department is invented. Each import is a
process of its own, in a database of its own; a COPY of the same files goes before and after it.
"""

import argparse
import csv
import datetime as dt
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import call_command
from django.db import connection

import bench.environment  # noqa: F401 - before anything that needs Django's models
from bench.roster import write_roster

NAME = "dpmap_bench_imports"
FILES = ("organizations.csv", "employees.csv")
PIECE = 1 << 20
FIRST_DAY, LATER = dt.date(2025, 1, 1), dt.date(2025, 6, 1)
EVERY = 100
AT_MOST_TIMES, AT_MOST_MIB = 6, 1024


@dataclass(frozen=True)
class Figures:
    seconds: float
    copied: float
    mib: int
    people: dict[str, int]

    @property
    def times(self) -> float:
        return self.seconds / self.copied


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.imports", description=__doc__)
    parser.add_argument(
        "folder", nargs="?", type=Path, help="with organizations.csv and employees.csv"
    )
    parser.add_argument("--people", type=int, default=771_387, help="how many to invent")
    parser.add_argument("--import", dest="one", metavar="DAY", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        import_one(options.folder, dt.date.fromisoformat(options.one))
        return
    with TemporaryDirectory() as scratch, database():
        folder = options.folder or invented(Path(scratch), options.people)
        changed = with_changes(folder, Path(scratch))
        steps = (
            ("The first time", folder, FIRST_DAY),
            ("The same again", folder, FIRST_DAY),
            (f"1 person in {EVERY} changed", changed, LATER),
        )
        say(f"{'':<26}{'import':>9}{'COPY':>9}{'times':>8}{'memory':>11}   people")
        for words, files, day in steps:
            say(line(words, measured(files, day)))
        say(
            f"Load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores. The first time: at most "
            f"{AT_MOST_TIMES} times and {AT_MOST_MIB} MiB."
        )


def line(words: str, figures: Figures) -> str:
    people = ", ".join(f"{count:,} {what}" for what, count in figures.people.items() if count)
    return (
        f"{words:<26}{figures.seconds:>7.1f} s{figures.copied:>7.1f} s{figures.times:>8.1f}"
        f"{figures.mib:>7} MiB   {people}"
    )


def measured(folder: Path, day: dt.date) -> Figures:
    before = copied(folder)
    command = [sys.executable, "-m", "bench.imports", str(folder), "--import", day.isoformat()]
    said = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    found = json.loads(said.stdout)
    return Figures(copied=(before + copied(folder)) / 2, **found)


def import_one(folder: Path, day: dt.date) -> None:
    """In the process whose memory is measured."""
    connection.settings_dict["NAME"] = NAME
    connection.ensure_connection()
    out = StringIO()
    began = time.perf_counter()
    files = [str(folder / name) for name in FILES]
    call_command("import_roster", *files, "--json", effective_on=day, stdout=out)
    seconds = time.perf_counter() - began
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    people = json.loads(out.getvalue())["employees"]
    sys.stdout.write(json.dumps({"seconds": seconds, "mib": mib, "people": people}))


def copied(folder: Path) -> float:
    """Seconds for both files into tables of text without an index, in one transaction."""
    with connection.cursor() as cursor:
        for name in FILES:
            table = f"plain_{Path(name).stem}"
            with (folder / name).open(encoding="utf-8-sig", newline="") as file:
                columns = ", ".join(f'"{column}" text' for column in next(csv.reader(file)))
            cursor.execute(f"CREATE TABLE {table} ({columns})")
        began = time.perf_counter()
        cursor.execute("BEGIN")
        for name in FILES:
            statement = f"COPY plain_{Path(name).stem} FROM STDIN (FORMAT csv, HEADER)"
            with (folder / name).open("rb") as content, cursor.copy(statement) as copy:
                while piece := content.read(PIECE):
                    copy.write(piece)
        cursor.execute("COMMIT")
        seconds = time.perf_counter() - began
        cursor.execute("DROP TABLE plain_organizations, plain_employees")
    return seconds


def invented(scratch: Path, people: int) -> Path:
    folder = scratch / "invented"
    folder.mkdir()
    write_roster(folder, people=people)
    return folder


def with_changes(folder: Path, scratch: Path) -> Path:
    """One person in EVERY in another position."""
    changed = scratch / "changed"
    changed.mkdir()
    (changed / FILES[0]).write_bytes((folder / FILES[0]).read_bytes())
    with (
        (folder / FILES[1]).open(encoding="utf-8-sig", newline="") as old,
        (changed / FILES[1]).open("w", encoding="utf-8", newline="") as new,
    ):
        rows = csv.reader(old)
        header = next(rows)
        title = header.index("position_title")
        writer = csv.writer(new)
        writer.writerow(header)
        for number, row in enumerate(rows):
            if number % EVERY == 0:
                row[title] = "Program Analyst"
            writer.writerow(row)
    return changed


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextmanager
def database() -> Iterator[None]:
    _server(f'DROP DATABASE IF EXISTS "{NAME}"')
    _server(f'CREATE DATABASE "{NAME}"')
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = NAME
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
        _server(f'DROP DATABASE IF EXISTS "{NAME}"')


def _server(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


if __name__ == "__main__":
    main()
