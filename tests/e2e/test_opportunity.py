"""Work that is not good enough, from the notice of an opportunity period to its result (R10)."""

import re

import pytest

from tests.e2e.actor import Actor
from tests.e2e.conftest import Enter

pytestmark = pytest.mark.e2e
CONSULTED = "2027-04-05"


def record_of(actor: Actor, name: str) -> None:
    actor.go("/")
    actor.page.get_by_role("link", name=name, exact=True).last.click()
    actor.page.wait_for_load_state()
    actor.examine()


def write(actor: Actor, *texts: str) -> None:
    """Each text of the walk, then the whole document."""
    actor.page.get_by_role("link", name="Write", exact=True).last.click()
    for number, text in enumerate(texts, start=1):
        actor.page.locator("textarea[name=text]").fill(text)
        if number < len(texts):
            actor.press(re.compile("^Save and go to"))
    actor.page.get_by_role("button", name=re.compile("^Save")).last.click()
    actor.page.wait_for_load_state()


def confirmed(actor: Actor, step: str) -> None:
    """A step, and its confirmation."""
    actor.press(step)
    actor.page.get_by_role("button", name=step).click()
    actor.page.wait_for_load_state()


def told(actor: Actor, page: str) -> None:
    actor.go(page)
    actor.press("Open it")
    actor.press("Record the discussion")
    actor.choose("Face to face")
    actor.page.get_by_role("button", name="Record the discussion").click()
    actor.page.wait_for_load_state()


def reviewed(henry: Actor, what: str) -> None:
    henry.go("/reviews/")
    row = henry.page.get_by_role("row").filter(has_text=what)
    row.get_by_role("link").last.click()
    henry.page.wait_for_load_state()
    confirmed(henry, "Approve")


def moved_to(actor: Actor, day: str) -> None:
    actor.go("/practice/")
    actor.fill(re.compile("^Date"), day)
    actor.press("Move the date")


def began(dana: Actor) -> str:
    """The notice is written; the address of the page it stands on."""
    record_of(dana, "Robert Jensen")
    dana.press("When work is not good enough")
    page = dana.page.url
    dana.sees("No action can be proposed now.")
    dana.press("Open an opportunity period")
    dana.press("Begin the notice")
    dana.sees("Choose at least one element.")
    dana.page.locator("[name=elements]").first.check(force=True)
    dana.fill(re.compile("Whom in human resources"), "Miriam Castellano")
    dana.fill(re.compile("Day on which you consulted"), CONSULTED)
    dana.press("Begin the notice")
    dana.sees("nobody else is told yet")
    write(
        dana, "Four of nine orders were late.", "Two hours of help a week.", "Removal may follow."
    )
    return page


def met(dana: Actor, robert: Actor, page: str) -> None:
    dana.go(page)
    dana.press("Record the meeting")
    dana.fill(re.compile("How the work stands"), "Three of three orders in time.")
    dana.page.get_by_role("button", name="Record the meeting").click()
    dana.sees("Three of three orders in time.")
    robert.go(page)
    robert.press(re.compile("^Add your word"))
    robert.fill(re.compile("Your word"), "The new list helps.")
    robert.press("Put it on the record")
    robert.sees("The new list helps.")


def test_an_opportunity_period_from_notice_to_result(enter: Enter) -> None:
    dana, robert = enter("dana.whitfield@example.mil"), enter("robert.jensen@example.mil")
    henry = enter("henry.okafor@example.mil")
    page = began(dana)
    robert.go("/")
    robert.does_not_see("opportunity period")
    assert robert.context.request.get(page).status == 404
    dana.go(page)
    dana.press("Open it")
    confirmed(dana, "Send to the higher level reviewer")
    reviewed(henry, "Notice of an opportunity period")
    told(dana, page)
    robert.go("/")
    robert.sees("Acknowledge your notice of an opportunity period")
    robert.press("Read and acknowledge")
    confirmed(robert, "Acknowledge")
    met(dana, robert, page)
    robert.sees("6 April 2027 to 6 May 2027")
    moved_to(dana, "2027-05-06")
    dana.go(page)
    dana.press("Write the result")
    dana.page.get_by_role("link", name="Write", exact=True).last.click()
    dana.choose("Acceptable")
    write_result(dana)
    told(dana, page)
    robert.go(page)
    robert.sees("Work was acceptable. The opportunity counts until 5 April 2028 (R10.4).")


def write_result(dana: Actor) -> None:
    dana.page.locator("textarea[name=text]").fill("All orders in time since 13 April.")
    dana.page.get_by_role("button", name=re.compile("^Save")).last.click()
    dana.page.wait_for_load_state()
    confirmed(dana, "Finish writing")
