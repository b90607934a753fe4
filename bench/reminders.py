"""`make bench-reminders`: the reminders of a whole department, beside a plain INSERT … SELECT of as many rows.

DPMAP_ROSTER names a folder with a roster to use instead of an invented one.
"""

import argparse
import datetime as dt
import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection, transaction

import bench.environment  # noqa: F401 - before anything that needs Django's models
from appraisals.models import Notice, RecordStanding, ReminderRun
from appraisals.reminders.run import cycles_to_run, run
from bench.report import conditions
from bench.scale.databases import Database
from bench.scale.roster import PEOPLE, SMALL, Tree, whole_command, write_department
from orgchart import clock

NAME = "dpmap_reminders"
AT_MOST_TIMES, AT_MOST_MIB = 5, 50
DAYS = (dt.date(2027, 4, 8), dt.date(2027, 4, 22), dt.date(2027, 4, 29))
"""A week before appraisals are due; a week after, when what is late goes to the second level; and a week later, when it
goes to the heads of units."""

# The rows a run wrote, again, with other keys: the same table, indexes and references.
_PLAIN = """
INSERT INTO appraisals_notice
    (recipient_id, kind, key, title, text, mail_title, mail_text, link, created_at, post_at)
SELECT recipient_id, kind, 'plain:' || key, title, text, mail_title, mail_text, link, created_at, post_at
FROM appraisals_notice WHERE key NOT LIKE 'plain:%'
"""


@dataclass(frozen=True)
class Figures:
    """Seconds are medians; `again` is what the next hour of the same day costs, when all were told."""

    day: dt.date
    told: int
    things: Counter[str]
    seconds: float
    plain: float
    again: float
    mib: float

    @property
    def times(self) -> float:
        return self.seconds / self.plain


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.reminders", description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE, help="of the invented department")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--keep", action="store_true", help="use a kept database, and keep it")
    options = parser.parse_args()
    whole = Database(NAME)
    prepare(whole, options)
    load = os.getloadavg()
    with whole.in_use():
        say(f"\n{_size()}")
        found = [measure(day, rounds=options.rounds) for day in DAYS]
        for figures in found:
            say(f"\n{words(figures)}")
        say(f"\n{together(found)}")
        say(f"\n{conditions(options.rounds, load)}")
    say("\n" + ("\n".join(misses(found)) or "The run keeps its targets."))
    if not options.keep:
        whole.drop()


def prepare(whole: Database, options: argparse.Namespace) -> None:
    began = time.monotonic()
    with TemporaryDirectory() as scratch:
        given = os.environ.get("DPMAP_ROSTER")
        folder = Path(given or scratch)
        if not given:
            write_department(folder, options.people)
        command = whole_command(Tree(folder), SMALL)
        whole.prepare(
            folder,
            command,
            keep=options.keep,
            say=lambda text: say(f"{time.monotonic() - began:6.0f} s  {text}"),
        )


def measure(day: dt.date, *, rounds: int) -> Figures:
    """Each round: the run, the same rows plainly, and the run of an hour later; then all is forgotten."""
    seconds, plain, again, grown = [], [], [], []
    told, things = 0, Counter[str]()
    clock.move(day)
    with clock.frozen(day, at=dt.time(9)):
        for number in range(1 + rounds):
            forget()
            ran_the_day_before(day)
            before = resident_mib()
            took = seconds_of(run_all)
            if number:
                grown.append(resident_mib() - before)
                seconds.append(took)
                plain.append(seconds_of(copy_plainly))
                again.append(seconds_of(run_all))
            told = Notice.objects.exclude(key__startswith="plain:").count()
            things = Counter(_by_mark())
    forget()
    return Figures(
        day=day,
        told=told,
        things=things,
        seconds=statistics.median(seconds),
        plain=statistics.median(plain),
        again=statistics.median(again),
        mib=max(grown),
    )


def ran_the_day_before(day: dt.date) -> None:
    """As in daily use: the run looks at the marks of one day."""
    for cycle in cycles_to_run():
        ReminderRun.objects.create(
            cycle_id=cycle, day=day - dt.timedelta(days=1), finished_at=clock.now()
        )


def run_all() -> None:
    for cycle in cycles_to_run():
        run(cycle)


def copy_plainly() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PLAIN)


def forget() -> None:
    ReminderRun.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM appraisals_notice")
        cursor.execute("VACUUM ANALYZE appraisals_notice")


def seconds_of(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def resident_mib() -> float:
    """What this process holds now: a peak would hide that a later round needed more."""
    for row in Path("/proc/self/status").read_text().splitlines():
        if row.startswith("VmRSS:"):
            return int(row.split()[1]) / 1024
    raise LookupError("VmRSS")


def _by_mark() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT split_part(key, ':', 1) || ' ' || split_part(key, ':', 4), count(*)"
            " FROM appraisals_notice WHERE key NOT LIKE 'plain:%' GROUP BY 1"
        )
        return dict(cursor.fetchall())


def _size() -> str:
    records = RecordStanding.objects.count()
    return f"{records:,} standings in {len(cycles_to_run())} cycles that run or ended within a year"


def words(figures: Figures) -> str:
    marks = "; ".join(f"{mark} {told:,}" for mark, told in figures.things.most_common())
    return (
        f"{figures.day:%-d %B %Y}: {figures.told:,} notices in {figures.seconds:.1f} s, "
        f"{figures.times:.1f} times a plain INSERT … SELECT of as many rows ({figures.plain:.1f} s); "
        f"the run an hour later {figures.again:.1f} s. "
        f"The process grew by {figures.mib:.0f} MiB.\n  {marks}"
    )


def together(found: list[Figures]) -> str:
    told = sum(each.told for each in found)
    seconds = sum(each.seconds for each in found)
    times = seconds / sum(each.plain for each in found)
    return f"These days together: {told:,} notices in {seconds:.1f} s, {times:.1f} times the plain INSERT … SELECT."


def misses(found: list[Figures]) -> list[str]:
    said = []
    for figures in found:
        if figures.times > AT_MOST_TIMES:
            said.append(
                f"{figures.day}: {figures.times:.1f} times, at most {AT_MOST_TIMES} wanted."
            )
        if figures.mib > AT_MOST_MIB:
            said.append(
                f"{figures.day}: grew by {figures.mib:.0f} MiB, at most {AT_MOST_MIB} wanted."
            )
        if not figures.told:
            said.append(f"{figures.day}: nobody was told anything.")
    return said


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
