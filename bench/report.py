"""The figures as a table, and what misses a target with the statements behind it."""

from collections.abc import Sequence

from bench.measure import MOST_KIB, MOST_STATEMENTS, Figures
from bench.pages import PAGES
from bench.peers import PEERS

Column = Sequence[Figures | None]


def table(small: Column, large: Column) -> str:
    head = (
        f"{'page':<20} {'who':<11}|{'150 people':^24}|{'10,000 people':^24}|{'Horilla at 10,000':^17}\n"
        f"{'':<32}|{'ms':>8}{'SQL':>6}{'KiB':>9} |{'ms':>8}{'SQL':>6}{'KiB':>9} |{'1.x s':>8}{'2.x s':>8}"
    )
    lines = [head, "-" * 100]
    for page, left, right in zip(PAGES, small, large, strict=True):
        old, new = PEERS.get(page.peer, (None, None))
        lines.append(
            f"{page.label:<20} {page.who:<11}|{_cells(left)} |{_cells(right)} |{_peer(old)}{_peer(new)}"
        )
    return "\n".join(lines)


def _cells(figures: Figures | None) -> str:
    if figures is None:
        return f"{'not there':>23}"
    if figures.status != 200:
        return f"{f'status {figures.status}':>23}"
    return f"{figures.milliseconds:>8.1f}{figures.statements:>6}{figures.kib:>9.1f}"


def _peer(seconds: float | None) -> str:
    return f"{seconds:>8.2f}" if seconds is not None else f"{'-':>8}"


def misses(small: Column, large: Column) -> list[str]:
    """One paragraph for each page that misses a target."""
    found = []
    for page, left, right in zip(PAGES, small, large, strict=True):
        if left is None or right is None:
            continue
        what = _what(left, right)
        if what:
            where = "".join(f"\n    {line}" for line in right.costly or left.costly)
            found.append(f"{page.label}, {page.who}: {'; '.join(what)}.{where}")
    return found


def _what(left: Figures, right: Figures) -> list[str]:
    what = []
    for people, figures in (("150", left), ("10,000", right)):
        if figures.status != 200:
            what.append(f"status {figures.status} at {people}")
        if figures.statements > MOST_STATEMENTS:
            what.append(f"{figures.statements} statements at {people}")
    if left.statements != right.statements:
        what.append(f"{left.statements} statements at 150 and {right.statements} at 10,000")
    if right.kib > MOST_KIB:
        what.append(f"{right.kib:.0f} KiB")
    return what
