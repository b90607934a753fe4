"""A plan changes in January and is acknowledged again; an element is put into the plans of all supervisors."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.actor import Actor
from tests.e2e.conftest import Enter, Server, windows

pytestmark = pytest.mark.e2e
NEW_TITLE = "Wildland fire response"


@pytest.fixture
def enter(browser: Browser, server: Server) -> Iterator[Enter]:
    """Each test has a server of its own: it moves the date."""
    with windows(browser, server) as entering:
        yield entering


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_plan_changes_in_january_and_is_acknowledged_again(
    enter: Enter, javascript: bool
) -> None:
    dana = enter("dana.whitfield@example.mil", javascript=javascript)
    change = begin_in_january(dana)
    write(dana, change)
    send_up(dana, change)
    approve(enter("henry.okafor@example.mil", javascript=javascript), change)

    robert = enter("robert.jensen@example.mil", javascript=javascript)
    plan = _plan_of(robert, change)
    robert.does_not_see(NEW_TITLE)
    discuss(dana, change)
    robert.go(plan)
    robert.sees(NEW_TITLE)
    acknowledge(robert, change)


def begin_in_january(dana: Actor) -> str:
    dana.go("/practice/")
    dana.fill(re.compile("^Date"), "2028-01-12")
    dana.press("Move the date")
    dana.go("/team/")
    dana.press("FY 2028")
    dana.page.get_by_role("link", name=re.compile("Robert Jensen")).first.click()
    dana.page.wait_for_load_state()
    if "/appraisals/" not in dana.page.url:
        dana.press(re.compile("FY 2028"))
    dana.press("Change the plan")
    dana.sees("Nothing changes yet")
    return dana.page.url


def write(dana: Actor, change: str) -> None:
    dana.page.locator("main").get_by_role("button", name=re.compile("^Change")).first.click()
    dana.page.wait_for_load_state()
    dana.examine()
    standards = dana.page.get_by_label(re.compile("^Standards")).first
    standards.fill(standards.input_value() + "\nReports readiness by 0700.")
    dana.press("Save element")
    dana.page.goto(change)
    dana.sees("Reports readiness by 0700.")
    dana.press("Add an element")
    dana.fill(re.compile("^Title"), NEW_TITLE)
    dana.fill(re.compile("^Standards"), "The crew leaves within 10 minutes in 9 of 10 alarms.")
    dana.press("Add this element")
    dana.sees("Late in the cycle.")
    dana.sees("80 days by 31 March 2028, and 90 are needed")


def send_up(dana: Actor, change: str) -> None:
    dana.press(re.compile("It does not say why the plan changes"))
    dana.fill(re.compile("^Why the plan changes"), "A wildland crew is stationed here from now on.")
    dana.press("Save")
    dana.page.goto(change)
    dana.press("Send to the higher level reviewer")
    dana.press("Send to the higher level reviewer")


def approve(henry: Actor, change: str) -> None:
    henry.go(change)
    henry.sees(NEW_TITLE)
    henry.press("Approve")
    henry.press("Approve")


def discuss(dana: Actor, change: str) -> None:
    dana.page.goto(change)
    dana.press("Record the discussion")
    dana.choose("Face to face")
    dana.press("Record the discussion")


def acknowledge(robert: Actor, change: str) -> None:
    robert.go("/")
    robert.sees("Acknowledge your plan change")
    robert.go(change)
    robert.sees("Reports readiness by 0700.")
    robert.press("Acknowledge")
    robert.press("Acknowledge")
    robert.sees("Plan change 1 acknowledged")
    robert.press("Everything that happened")
    robert.sees("By plan change 1")


def _plan_of(robert: Actor, change: str) -> str:
    """The address of the plan that is in force, read while the change waits for its discussion."""
    robert.go(change)
    robert.page.get_by_role("navigation", name="Breadcrumb").get_by_role("link").first.click()
    robert.page.wait_for_load_state()
    robert.examine()
    row = robert.page.locator("li", has_text="Performance plan").first
    row.get_by_role("link").first.click()
    robert.page.wait_for_load_state()
    return str(robert.page.url)
