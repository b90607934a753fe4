"""A leader goes from the department down to one late supervisor, by clicks alone; what they find they can take along."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.actor import Actor
from tests.e2e.conftest import Server

pytestmark = pytest.mark.e2e

SECRETARY = "eleanor.hargrove@example.mil"
ANA = "ana.reyes@example.mil"
LATE = re.compile(r"\d+ late")
DOWN = ["Department of the Army", "U.S. Army Installation Management Command"]
DOWN += ["U.S. Army Garrison Fort Calloway", "Directorate of Public Works"]


def row(actor: Actor, name: str) -> Locator:
    heading = actor.page.get_by_role("rowheader", name=name)
    return actor.page.get_by_role("row").filter(has=heading)


def number(cell: Locator) -> int:
    found = re.search(r"\d+", cell.inner_text())
    return int(found.group()) if found else 0


def first_late(actor: Actor) -> Locator:
    """The first row of the units below that has somebody late."""
    rows = actor.page.get_by_role("row").filter(has=actor.page.get_by_role("link", name=LATE))
    return rows.first


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_department_to_one_late_supervisor(
    browser: Browser, shared_server: Server, javascript: bool
) -> None:
    secretary = Actor(browser, shared_server.address, SECRETARY, javascript=javascript)
    page = secretary.page
    page.goto("/")
    secretary.press(re.compile("in numbers|^Department of Defense$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Department of Defense")
    for name in DOWN:
        late_here = number(row(secretary, name).get_by_role("link", name=LATE))
        row(secretary, name).get_by_role("link").first.click()
        page.wait_for_load_state()
        secretary.examine()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        assert number(page.locator(".num").nth(1)) == late_here
    while LATE.search(page.locator("main").inner_text()):
        first_late(secretary).get_by_role("link").first.click()
        page.wait_for_load_state()
        secretary.examine()
    supervisors = page.locator("tbody tr").filter(has=page.locator("[data-label=Late] a"))
    supervisor = supervisors.first.get_by_role("rowheader").inner_text().strip()
    late = number(supervisors.first.locator("[data-label=Late]"))
    assert late
    supervisors.first.locator("[data-label=Late] a").click()
    page.wait_for_load_state()
    secretary.examine()
    secretary.sees(f"supervisor: {supervisor}")
    expect(page.locator("tbody tr")).to_have_count(late)
    assert page.get_by_text(re.compile(r"days? late")).count() >= late
    secretary.close()


def test_the_pages_of_a_unit_and_what_they_download(
    browser: Browser, shared_server: Server, tmp_path: Path
) -> None:
    ana = Actor(browser, shared_server.address, ANA)
    ana.go("/organizations/CALLOWAY/cycle/")
    ana.sees("At the pace of the last two weeks")
    ana.page.get_by_text("Show as a table").first.click()
    ana.inspect()
    ana.press("Waiting and returns")
    waiting = number(ana.page.locator(".num").first)
    assert sum(bar_numbers(ana, "How long they wait")) == waiting
    with ana.page.expect_download() as download:
        ana.page.get_by_role("link", name=re.compile("CSV of Waiting documents of")).click()
    rows = table_of(download.value.path())
    assert sum(int(documents) for _, documents in rows[1:]) == waiting
    ana.press("Ratings")
    ana.sees("It is never a target")
    ana.press("Supervisors")
    shown = ana.page.locator("tbody tr").count()
    with ana.page.expect_download() as download:
        ana.page.get_by_role("link", name=re.compile("CSV of Supervisors")).click()
    assert len(table_of(download.value.path())) == shown + 1
    ana.press("People")
    ana.fill("Name or DoD ID", "whitf")
    ana.press("Show")
    ana.sees("Dana Whitfield")
    ana.close()


def bar_numbers(actor: Actor, heading: str) -> list[int]:
    card = actor.page.get_by_role("region", name=heading)
    return [int(text) for text in card.locator(".bar-chart__number").all_text_contents()]


def table_of(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("name", ["cycle", "waiting", "ratings", "supervisors", "records"])
def test_a_page_of_a_unit_fits_a_small_screen(
    browser: Browser, shared_server: Server, name: str
) -> None:
    ana = Actor(browser, shared_server.address, ANA)
    ana.page.set_viewport_size({"width": 320, "height": 900})
    ana.go(f"/organizations/CALLOWAY/{name}/")
    ana.close()
