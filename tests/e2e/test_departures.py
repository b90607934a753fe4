"""The supervisor of nine leaves on 30 November: planned, written, handed over, and the pack opened."""

import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.actor import Actor
from tests.e2e.conftest import Server, filled, serving

pytestmark = pytest.mark.e2e
HR = "miriam.castellano@example.mil"
DANA = "dana.whitfield@example.mil"
LINH = "linh.nguyen@example.mil"
TODAY, LAST_DAY = "2026-11-16", "2026-11-30"
PEOPLE_HANDED_OVER = 7
"""Of nine one takes over and is rated by the next one up, and one has no open record."""


@pytest.fixture(scope="module")
def in_november(template: str) -> Iterator[str]:
    """The demonstration as it stood in the middle of the year. `template` has started the servers."""
    with filled(f"e2e_november_{os.getpid()}", "--today", TODAY) as name:
        yield name


@pytest.fixture
def november(in_november: str) -> Iterator[Server]:
    with serving(in_november) as started:
        yield started


def plan_departure(hr: Actor) -> None:
    hr.go("/departures/")
    hr.fill(re.compile("^Who leaves, moves"), "Dana Whitfield")
    hr.press("Go on")
    hr.choose("Leaves the service")
    hr.fill(re.compile("^Last day"), LAST_DAY)
    hr.press("Show what it means")
    hr.sees("Name who takes over, or choose that the next one up acts.")
    hr.fill("Successor or temporary supervisor", LINH)
    hr.fill(re.compile("^Reason"), "She retires after thirty years.")
    hr.press("Show what it means")
    hr.sees("days under an approved plan and 121 days of the cycle left")
    hr.press("Change something")
    expect(hr.page.get_by_label("Successor or temporary supervisor")).to_have_value(LINH)
    hr.press("Show what it means")
    hr.press("Plan it")
    hr.sees("On 1 December 2026 everything changes hands")


def write_one(dana: Actor, text: str) -> None:
    """Of nine statements the first, from the notice to the discussion."""
    dana.go("/notices/")
    dana.sees("Write 8 narrative statements by 30 November 2026")
    dana.go("/departures/")
    dana.press("Dana Whitfield leaves the service")
    dana.sees("8 documents wait for you")
    dana.page.get_by_role("link", name=re.compile("^Write statement")).first.click()
    dana.page.wait_for_load_state()
    dana.examine()
    while dana.page.get_by_role("button", name=re.compile("^Save and go")).count():
        dana.page.get_by_role("button", name=re.compile("^Save and go")).click()
        dana.page.wait_for_load_state()
    dana.page.locator("#id_text").fill(text)
    dana.press("Save")
    dana.press("Finish writing")
    dana.press("Finish writing")
    dana.press("Record the discussion")
    dana.fill(re.compile("^Date of the discussion|^Discussed on|^Day"), TODAY)
    dana.page.locator("[name=method][value=F]").check(force=True)
    dana.press("Record the discussion")
    dana.sees("The employee is asked to acknowledge.")


def move_date(somebody: Actor, day: str) -> None:
    somebody.go("/practice/")
    somebody.fill("Date", day)
    somebody.press("Move the date")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_supervisor_of_nine_leaves_on_30_november(
    browser: Browser, november: Server, javascript: bool
) -> None:
    hr = Actor(browser, november.address, HR, javascript=javascript)
    plan_departure(hr)

    dana = Actor(browser, november.address, DANA, javascript=javascript)
    write_one(dana, "Led the change of shifts without a gap.")
    dana.close()

    move_date(hr, "2026-12-01")
    linh = Actor(browser, november.address, LINH, javascript=javascript)
    linh.go("/notices/")
    linh.sees("The hand-over pack of Dana Whitfield is ready")
    linh.go("/departures/?state=done")
    linh.press("Dana Whitfield leaves the service")
    linh.press("Open the hand-over pack")
    expect(linh.page.get_by_text("Comes next:")).to_have_count(PEOPLE_HANDED_OVER)
    linh.page.get_by_text("What was said this year").first.click()
    linh.sees("Led the change of shifts without a gap.")
    linh.go("/team/")
    linh.sees("Maria Ortega")
    linh.close()

    hr.go("/hr/stranded/")
    hr.sees("Every open record in your scope is in the hands of somebody who is here.")
    hr.close()
