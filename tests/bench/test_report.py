from bench.measure import Figures
from bench.pages import PAGES
from bench.report import misses, table

GOOD = Figures(status=200, milliseconds=12.3, statements=9, kib=20.0, costly=())


def test_table_has_a_line_for_each_page() -> None:
    lines = table([GOOD] * len(PAGES), [None] * len(PAGES)).splitlines()
    assert len(lines) == len(PAGES) + 3
    assert all("12.3" in line and "not there" in line for line in lines[3:])


def test_page_within_its_targets_is_no_miss() -> None:
    assert misses([GOOD] * len(PAGES), [GOOD] * len(PAGES)) == []


def test_miss_names_the_page_and_the_statement() -> None:
    bad = Figures(status=200, milliseconds=1.0, statements=40, kib=120.0, costly=("5 times: X",))
    small = [GOOD] * len(PAGES)
    found = misses(small, [bad, *small[1:]])
    assert found == [
        "Bare Django page, employee: 40 statements at 10,000; "
        "9 statements at 150 and 40 at 10,000; 120 KiB.\n    5 times: X"
    ]
