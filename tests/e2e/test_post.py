"""Notices and e-mail: an employee says how often, a supervisor reads what came, HR sends again what did not arrive."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.actor import Actor
from tests.e2e.conftest import Server

pytestmark = pytest.mark.e2e

MARIA, DANA = "maria.ortega@example.mil", "dana.whitfield@example.mil"
MIRIAM = "miriam.castellano@example.mil"
WEEKLY = "Every Monday at 7:00: one e-mail with all that is new"
NONE = "No e-mail: I look here, and due dates are in my calendar"
MANDATORY = "A document was discussed with you and waits for your acknowledgment"
BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])


def unread(actor: Actor) -> int:
    told = actor.page.locator(".who__notices b").first
    return int(re.sub(r"\D", "", told.inner_text())) if told.count() else 0


@BOTH
def test_an_employee_changes_preferences(
    browser: Browser, server: Server, javascript: bool
) -> None:
    maria = Actor(browser, server.address, MARIA, javascript=javascript)
    maria.press(re.compile("^Notices"))
    maria.press("how often you get e-mail")
    maria.sees("maria.ortega@example.mil")
    maria.sees(MANDATORY)
    expect(maria.page.get_by_label(re.compile("^Once a day at 7:00"))).to_be_checked()

    maria.choose(WEEKLY)
    maria.press("Save")
    maria.sees(f"Saved. {WEEKLY}.")
    maria.go("/notices/e-mail/")
    expect(maria.page.get_by_label(WEEKLY)).to_be_checked()

    maria.page.set_viewport_size({"width": 320, "height": 900})
    maria.go("/notices/")
    maria.go("/notices/e-mail/")
    maria.inspect()
    maria.choose(NONE)
    maria.press("Save")
    maria.sees(f"Saved. {NONE}.")
    maria.close()


@BOTH
def test_a_supervisor_reads_what_came(browser: Browser, server: Server, javascript: bool) -> None:
    dana = Actor(browser, server.address, DANA, javascript=javascript)
    before = unread(dana)
    assert before >= 3
    dana.go("/notices/")
    dana.press(re.compile("came back for change$"))
    dana.sees("Returned")
    assert unread(dana) == before - 1
    dana.go("/notices/?show=unread")
    dana.press(re.compile("^Mark as read"))
    assert unread(dana) == before - 2
    dana.page.set_viewport_size({"width": 320, "height": 900})
    dana.go("/notices/")
    dana.inspect()
    dana.press("Mark all as read")
    dana.sees("You have read all of them")
    dana.go("/notices/e-mail/")
    dana.sees("Nothing waits to be sent")
    dana.close()


@BOTH
def test_hr_sends_again_what_did_not_arrive(
    browser: Browser, server: Server, javascript: bool
) -> None:
    miriam = Actor(browser, server.address, MIRIAM, javascript=javascript)
    miriam.go("/hr/")
    miriam.press("E-mail that did not arrive")
    miriam.sees("550 5.1.1 This mailbox does not exist")
    miriam.page.set_viewport_size({"width": 320, "height": 900})
    miriam.inspect()
    miriam.press("Send again Linh Nguyen")
    miriam.sees("1 e-mail is on the way again.")
    miriam.does_not_see("550 5.1.1 This mailbox does not exist")
    miriam.press("Send all again")
    miriam.sees("1 e-mail is on the way again.")
    miriam.sees("Every e-mail arrived")
    miriam.close()
