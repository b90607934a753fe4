"""Reminders: HR writes their words and sees who would get them; due days in a calendar program."""

import re
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, expect

from tests.e2e.actor import Actor
from tests.e2e.conftest import Server

pytestmark = pytest.mark.e2e

MIRIAM, DANA = "miriam.castellano@example.mil", "dana.whitfield@example.mil"
BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
PAGES = (
    "/hr/reminders/",
    "/hr/reminders/appraisal_due/?organization=CALLOWAY",
    "/hr/reminders/ahead/?organization=CALLOWAY&day=2027-04-14",
    "/hr/reminders/now/?organization=CALLOWAY&occasion=appraisal_due",
    "/calendar/",
)


@BOTH
def test_hr_edits_the_words_of_a_reminder_and_sees_who_would_get_them(
    browser: Browser, server: Server, javascript: bool
) -> None:
    miriam = Actor(browser, server.address, MIRIAM, javascript=javascript)
    miriam.go("/hr/reminders/")
    miriam.press("Change Appraisals due")
    fold = miriam.page.locator("details").filter(has_text="1 day before").first
    fold.locator("summary").click()
    fold.get_by_label(re.compile("^Subject")).fill("Tomorrow: {whom}")
    fold.get_by_label(re.compile("^Text")).fill("Call Miriam if {what} cannot be done.")
    miriam.press("Save the schedule")
    miriam.sees("There is no placeholder {whom}.")
    expect(miriam.page.get_by_label(re.compile("^Subject")).nth(2)).to_have_value(
        "Tomorrow: {whom}"
    )

    miriam.page.get_by_label(re.compile("^Subject")).nth(2).fill("Tomorrow in Calloway: {what}")
    miriam.press("Save the schedule")
    expect(miriam.page).to_have_url(re.compile("/hr/reminders/"))
    miriam.go("/hr/reminders/ahead/?organization=CALLOWAY&day=2027-04-14")
    miriam.sees("Tomorrow in Calloway")
    miriam.sees("Call Miriam if")
    expect(miriam.page.get_by_role("row").filter(has_text="Whitfield").first).to_contain_text(
        "Tomorrow in Calloway"
    )
    miriam.close()


@BOTH
def test_hr_reminds_a_unit_and_its_supervisors_read_it(
    browser: Browser, server: Server, javascript: bool
) -> None:
    dana = Actor(browser, server.address, DANA, javascript=javascript)
    miriam = Actor(browser, server.address, MIRIAM, javascript=javascript)
    miriam.go("/hr/reminders/")
    miriam.press("Remind now")
    miriam.fill(re.compile("^Organization"), "DES-FIRE")
    miriam.page.get_by_label(re.compile("^Of what")).select_option(label="Appraisals due")
    miriam.press("Count them")
    miriam.sees("2 people would be reminded of 5 things")
    miriam.press("Remind 2 people")
    miriam.sees("Appraisals due: 2 people reminded in")
    expect(miriam.page.get_by_role("row").filter(has_text="Appraisals due")).to_contain_text("2")

    dana.go("/notices/?show=unread")
    dana.press(re.compile("Human resources reminds you: 4 annual appraisals$"))
    expect(dana.page).to_have_url(re.compile("/team/"))
    dana.sees("Maria Ortega")
    miriam.close()
    dana.close()


@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_of_reminders_is_accessible(
    browser: Browser, shared_server: Server, width: int
) -> None:
    miriam = Actor(browser, shared_server.address, MIRIAM)
    miriam.page.set_viewport_size({"width": width, "height": 900})
    for path in PAGES:
        miriam.go(path)
    miriam.close()


@BOTH
def test_the_address_of_a_calendar_is_read_without_signing_in(
    browser: Browser, server: Server, javascript: bool
) -> None:
    dana = Actor(browser, server.address, DANA, javascript=javascript)
    dana.go("/notices/e-mail/")
    dana.press("Your due days in your own calendar")
    dana.press("Make an address")
    address = dana.page.get_by_label(re.compile("^Add a calendar")).input_value()
    # The name of the site is a setting; the server of this test has an address of its own.
    feed = server.address + urlsplit(address).path
    with urllib.request.urlopen(feed, timeout=10) as answer:  # noqa: S310  # our own
        assert answer.headers["Content-Type"].startswith("text/calendar")
        events = Calendar.from_ical(answer.read()).walk("VEVENT")
    shown = dana.page.locator("tbody th").all_inner_texts()
    assert shown
    assert set(shown) <= {str(event["SUMMARY"]) for event in events}

    dana.press("Remove it")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(feed, timeout=10)  # noqa: S310  # our own
    dana.close()
