"""What HR and leaders set up, as they do it in the browser; and practice mode."""

import re
import time

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.actor import Actor
from tests.e2e.conftest import Enter, Server

pytestmark = pytest.mark.e2e

MIRIAM = "miriam.castellano@example.mil"
DANA = "dana.whitfield@example.mil"
STARTING_OVER = 120  # seconds, on a busy machine; on a quiet one it is about twenty


# Cycles


def problem_links(page: Page) -> list[str]:
    summary = page.locator("[data-error-summary] a")
    return [link.get_attribute("href") or "" for link in summary.all()]


def test_a_cycle_with_wrong_dates_is_refused_and_kept_then_opened(enter: Enter) -> None:
    miriam = enter(MIRIAM)
    miriam.go("/hr/")
    miriam.press("Cycles and milestones")
    miriam.press("Open a cycle")
    miriam.fill(re.compile("^Name"), "Calloway 2029")
    miriam.fill(re.compile("^First day"), "2028-04-01")
    miriam.fill(re.compile("^Last day"), "2028-03-01")
    miriam.fill(re.compile("^Employee input"), "2027-01-15")
    miriam.press("Show whom it concerns")
    links = problem_links(miriam.page)
    assert {"#id_ends_on", "#id_input_due"} <= set(links)
    for link in links:
        miriam.page.locator(f"[data-error-summary] a[href='{link}']").first.click()
        expect(miriam.page.locator(link)).to_be_focused()
    expect(miriam.page.get_by_label(re.compile("^Name"))).to_have_value("Calloway 2029")
    expect(miriam.page.get_by_label(re.compile("^Last day"))).to_have_value("2028-03-01")
    expect(miriam.page.get_by_label(re.compile("^Employee input"))).to_have_value("2027-01-15")
    miriam.inspect()
    miriam.go("/hr/cycles/")
    expect(miriam.page.locator("main")).not_to_contain_text("Calloway 2029")
    miriam.press("Open a cycle")
    miriam.fill(re.compile("^Name"), "Calloway 2029")
    miriam.press("Show whom it concerns")
    expect(miriam.page.get_by_role("region", name="Whom it concerns")).to_contain_text("people")
    miriam.press("Open this cycle")
    miriam.sees("Calloway 2029 is open for U.S. Army Garrison Fort Calloway.")
    # Until it begins, the garrison follows the cycles of the department.
    miriam.go("/hr/")
    expect(miriam.page.get_by_role("link", name="FY 2028").first).to_be_attached()


# Practice mode


def write_input(maria: Actor, text: str) -> None:
    open_input(maria)
    maria.fill(re.compile("^Your input"), text)
    maria.press(re.compile("^Save"))


def open_input(maria: Actor) -> None:
    maria.press("Open your FY 2027 record")
    maria.press(re.compile("^Open.*annual appraisal", re.IGNORECASE))
    maria.press(re.compile("^Write$"))


def start_over(page: Page) -> float:
    began = time.monotonic()
    with page.expect_navigation(timeout=STARTING_OVER * 1000):
        page.get_by_role("button", name="Start over").click(timeout=STARTING_OVER * 1000)
    expect(page.get_by_text("Everything is again as it was at the start.")).to_be_visible()
    return time.monotonic() - began


def test_becoming_somebody_moving_the_date_and_starting_over(
    browser: Browser, server: Server
) -> None:
    someone = Actor(browser, server.address, DANA)
    someone.press("Change")
    someone.fill(re.compile("^Find somebody"), "Ortega")
    someone.press("Find")
    someone.press("Become Maria Ortega")
    someone.sees("you are Maria Ortega, employee")
    write_input(someone, "Written to be forgotten.")
    someone.go("/practice/")
    someone.fill(re.compile("^Date"), "2027-05-20")
    someone.press("Move the date")
    someone.sees("Today is 20 May 2027")
    someone.fill(re.compile("^Date"), "2127-05-20")
    someone.press("Move the date")
    someone.sees("Today is 20 May 2027")
    someone.inspect()
    someone.go("/practice/")
    print(f"Starting over took {start_over(someone.page):.1f} s")
    someone.sees("Today is 6 April 2027")
    someone.press("Become Maria Ortega")
    open_input(someone)
    expect(someone.page.locator("main")).not_to_contain_text("to be forgotten")
    someone.close()
