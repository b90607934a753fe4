"""The figures as a table, and what misses a target with the queries behind it."""

import os
import platform
from collections.abc import Sequence

import django
from django.db import connection

from bench.measure import MOST_KIB, MOST_QUERIES, Figures
from bench.pages import PAGES
from bench.peers import PEERS
from orgchart.models import Person

TENFOLD = 10
NOTE = f"""Milliseconds are the median on the server, inside one process and without network; x is how many times
the bare page, which has the same session, practice date and one query. A query is every statement but
BEGIN, COMMIT, ROLLBACK, SAVEPOINT and RELEASE, and includes reading and saving the session, the person and
the practice date. KiB are before compression. The last column is the faster Horilla divided by dpmap, both at
10,000 people. Targets: the same queries at both sizes, at most {MOST_QUERIES}; at most {MOST_KIB} KiB; {TENFOLD} times faster."""

Column = Sequence[Figures | None]


def conditions(requests: int, before: tuple[float, ...]) -> str:
    """What else the machine did matters to the times, and to nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = (cursor.fetchone() or ["unknown"])[0]
    loads = " and ".join(f"{load:.1f}" for load in (before[0], os.getloadavg()[0]))
    return (
        f"{requests} timed requests a page after one to warm up; {os.cpu_count()} processors,"
        f" load average before and after {loads}; Python {platform.python_version()},"
        f" Django {django.__version__}, PostgreSQL {version}."
    )


def people() -> int:
    return Person.objects.count()


def table(small: Column, large: Column, *, sizes: tuple[int, int]) -> str:
    """Markdown, in columns that also read well in a terminal."""
    columns = [f"{head}, {size:,}" for size in sizes for head in ("ms", "x", "queries", "KiB")]
    heads = ["page", "opened by", *columns, "Horilla 1.x, s", "2.x, s", "times faster"]
    rows = [
        [page.label, page.who, *_cells(left, small[0]), *_cells(right, large[0]), *_peer(at, right)]
        for at, (page, left, right) in enumerate(zip(PAGES, small, large, strict=True))
    ]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    rule = ["-" * (width - 1) + (":" if n > 1 else "-") for n, width in enumerate(widths)]
    return "\n".join(line(row, widths) for row in (heads, rule, *rows))


def line(row: Sequence[str], widths: Sequence[int]) -> str:
    words = [
        cell.rjust(width) if n > 1 else cell.ljust(width)
        for n, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return f"| {' | '.join(words)} |"


def _cells(figures: Figures | None, bare: Figures | None) -> list[str]:
    if figures is None or bare is None:
        return ["not there", "", "", ""]
    if figures.status != 200:
        return [f"status {figures.status}", "", "", ""]
    return [
        f"{figures.milliseconds:.1f}",
        f"{figures.milliseconds / bare.milliseconds:.1f}",
        str(figures.queries),
        f"{figures.kib:.1f}",
    ]


def _peer(at: int, figures: Figures | None) -> list[str]:
    times = PEERS.get(PAGES[at].peer, (None, None))
    faster = times_faster(at, figures)
    return [
        *("" if seconds is None else f"{seconds:.2f}" for seconds in times),
        "" if faster is None else f"{faster:.0f}",
    ]


def times_faster(at: int, figures: Figures | None) -> float | None:
    """Than the faster of the two, or the one that was measured."""
    known = [time for time in PEERS.get(PAGES[at].peer, ()) if time is not None]
    return 1000 * min(known) / figures.milliseconds if known and figures else None


def misses(small: Column, large: Column) -> list[str]:
    """One paragraph for each page that misses a target."""
    found = []
    for at, (page, left, right) in enumerate(zip(PAGES, small, large, strict=True)):
        if left is None or right is None:
            continue
        what = _what(left, right, faster=times_faster(at, right))
        if what:
            where = "".join(f"\n    {line}" for line in right.costly or left.costly)
            found.append(f"{page.label}, {page.who}: {'; '.join(what)}.{where}")
    return found


def _what(left: Figures, right: Figures, *, faster: float | None) -> list[str]:
    what = []
    for size, figures in (("small", left), ("large", right)):
        if figures.status != 200:
            what.append(f"status {figures.status} at the {size} size")
        if figures.queries > MOST_QUERIES:
            what.append(f"{figures.queries} queries at the {size} size")
        if figures.kib > MOST_KIB:
            what.append(f"{figures.kib:.0f} KiB at the {size} size")
    if left.queries != right.queries:
        what.append(f"{left.queries} queries at the small size and {right.queries} at the large")
    if faster is not None and faster < TENFOLD:
        what.append(f"only {faster:.1f} times faster than the peer")
    return what
