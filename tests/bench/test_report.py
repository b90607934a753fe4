from bench.measure import Figures
from bench.pages import PAGES
from bench.report import misses, table

GOOD = Figures(status=200, milliseconds=12.3, queries=9, kib=20.0, costly=())
SIZES = (150, 10_000)


def test_table_has_a_line_for_each_page() -> None:
    lines = table([GOOD] * len(PAGES), [GOOD] * len(PAGES), sizes=SIZES).splitlines()
    assert len(lines) == len(PAGES) + 2
    assert "ms, 150" in lines[0]
    assert "queries, 10,000" in lines[0]
    assert all("12.3" in line for line in lines[2:])


def test_screen_that_is_not_there_says_so() -> None:
    missing = [GOOD, *[None] * (len(PAGES) - 1)]
    lines = table(missing, missing, sizes=SIZES).splitlines()
    assert all("not there" in line for line in lines[3:])


def test_page_within_its_targets_is_no_miss() -> None:
    assert misses([GOOD] * len(PAGES), [GOOD] * len(PAGES)) == []


def test_miss_names_the_page_and_the_query() -> None:
    bad = Figures(status=200, milliseconds=1.0, queries=40, kib=120.0, costly=("5 times: X",))
    small = [GOOD] * len(PAGES)
    found = misses(small, [bad, *small[1:]])
    assert found == [
        "Bare Django page, employee: 40 queries at the large size; 120 KiB at the large size; "
        "9 queries at the small size and 40 at the large.\n    5 times: X"
    ]


def test_a_page_less_than_tenfold_faster_than_its_peer_is_a_miss() -> None:
    slow = Figures(status=200, milliseconds=60_000.0, queries=9, kib=20.0, costly=())
    found = misses([GOOD] * len(PAGES), [slow] * len(PAGES))
    assert found
    assert all("times faster than the peer" in each for each in found)
