"""The figures of both sizes side by side, and what misses a target with the statements behind it."""

from collections.abc import Sequence

from bench.measure import MOST_KIB, MOST_QUERIES
from bench.report import line
from bench.scale.counting import FASTER, Counting
from bench.scale.measure import Figures
from bench.scale.pages import PAGES, Page
from bench.scale.simultaneous import PEOPLE, Together

MOST_TIMES = 1.3
SEARCH_MS = 20
HEADS = ["page", "opened by", "queries", "", "server ms", "", "ratio", "database ms", "", "KiB", ""]
NOTE = f"""Two columns under one head are the small and the whole department. Milliseconds are medians on the server, inside one process
and without network; ratio is server time of the whole by that of the small. Database ms are those of all statements of
the page. Pages marked · are not promised a ratio. Targets: the same queries, at most {MOST_QUERIES}; at most {MOST_TIMES} times the server time; at most
{MOST_KIB} KiB; people are found within {SEARCH_MS} ms of database time."""

Pair = tuple[Figures, Figures]


def table(found: Sequence[Pair | None], sizes: tuple[int, int]) -> str:
    """Markdown, in columns that also read well in a terminal."""
    heads = [head or f"{sizes[1]:,}" for head in HEADS]
    rows = [
        [f"{page.label}{'' if page.promised else ' ·'}", page.who.replace("_", " "), *_cells(pair)]
        for page, pair in zip(PAGES, found, strict=True)
    ]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    rule = ["-" * (width - 1) + (":" if n > 1 else "-") for n, width in enumerate(widths)]
    return "\n".join(line(row, widths) for row in (heads, rule, *rows))


def _cells(pair: Pair | None) -> list[str]:
    if pair is None:
        return ["not there", *[""] * 8]
    if statuses := [f"status {each.status}" for each in pair if each.status != 200]:
        return [statuses[0], *[""] * 8]
    small, whole = pair
    return [
        str(small.queries),
        str(whole.queries),
        f"{small.milliseconds:.1f}",
        f"{whole.milliseconds:.1f}",
        f"{whole.milliseconds / small.milliseconds:.2f}",
        f"{small.database:.1f}",
        f"{whole.database:.1f}",
        f"{small.kib:.1f}",
        f"{whole.kib:.1f}",
    ]


def misses(found: Sequence[Pair | None]) -> list[str]:
    """One paragraph for each page that misses a target."""
    paragraphs = []
    for page, pair in zip(PAGES, found, strict=True):
        what = _what(pair, promised=page.promised) if pair else []
        if pair and _is_search(page) and _beyond(found[0], pair) > SEARCH_MS:
            what.append(f"{_beyond(found[0], pair):.0f} ms of database time for the search")
        if pair and what:
            where = "".join(f"\n    {each}" for each in pair[1].costly)
            paragraphs.append(f"{page.label}, {page.who}: {'; '.join(what)}.{where}")
    return paragraphs


def searching_words(found: Sequence[Pair | None]) -> str:
    """The database time of each search beyond that of the bare page, which has the same frame."""
    lines = [
        f"{page.label[8:]}, {page.who.replace('_', ' ')}: {_beyond(found[0], pair):.1f} ms"
        for page, pair in zip(PAGES, found, strict=True)
        if pair and _is_search(page)
    ]
    return "\n".join(lines)


def _is_search(page: Page) -> bool:
    return page.label.startswith("People: ")


def _beyond(bare: Pair | None, pair: Pair) -> float:
    """Milliseconds at the whole size."""
    return pair[1].database - (bare[1].database if bare else 0)


def _what(pair: Pair, *, promised: bool) -> list[str]:
    small, whole = pair
    what = [f"status {each.status}" for each in pair if each.status != 200]
    if small.queries != whole.queries:
        what.append(f"{small.queries} queries at the small size and {whole.queries} at the whole")
    if whole.queries > MOST_QUERIES:
        what.append(f"{whole.queries} queries")
    if whole.kib > MOST_KIB:
        what.append(f"{whole.kib:.0f} KiB")
    times = whole.milliseconds / small.milliseconds
    if times > MOST_TIMES:
        what.append(f"{times:.2f} times the server time{'' if promised else ' (not promised)'}")
    return what


def counting_words(small: Counting, whole: Counting) -> str:
    lines = [
        f"{each.people:,} people: {1000 * each.kept:.1f} ms from the kept counts, "
        f"{1000 * each.plain:,.0f} ms as a plain GROUP BY: {each.times_faster:.0f} times faster; "
        f"the answers are {'the same' if each.agree else 'DIFFERENT'}."
        for each in (small, whole)
    ]
    kept = "kept" if whole.times_faster >= FASTER and whole.agree else "MISSED"
    return "\n".join([*lines, f"Target, {FASTER} times faster at the whole size: {kept}."])


def together_words(found: Together) -> str:
    kept = "kept" if found.met == PEOPLE else "MISSED"
    return (
        f"{found.met} of {PEOPLE} had taken their step while the transactions of all were open: {kept}.\n"
        f"A step took {1000 * found.median:.0f} ms at the median and {1000 * found.longest:.0f} ms at most, "
        f"all at once {found.whole:.2f} s with connecting; {PEOPLE} others one after another "
        f"{found.one_after_another:.2f} s."
    )
