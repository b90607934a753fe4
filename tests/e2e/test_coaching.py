"""A second-level supervisor's morning: decide one by one, decide several, keep a note, remind."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.actor import Actor
from tests.e2e.conftest import Server

pytestmark = pytest.mark.e2e

HENRY, DANA = "henry.okafor@example.mil", "dana.whitfield@example.mil"
WHY = "Say what the figures of the second half were."
NOTE = "Ask in May whether an hour a week for the narratives would help."


def decide_one_by_one(henry: Actor) -> None:
    """Of four that wait, returns the first and comes to the second by itself."""
    henry.go("/reviews/")
    henry.sees("4 documents wait")
    henry.page.locator("td.act a").first.click()
    henry.sees("1 of 4")
    henry.press("Return for change")
    henry.press("Return for change")
    henry.sees("Choose what it is about")
    henry.choose("Narrative does not support the rating")
    henry.fill(re.compile("^What must change"), WHY)
    henry.press("Return for change")
    henry.sees("Returned to the rating official with your reason.")
    henry.sees("2 of 4")
    henry.press("Approve")
    henry.press("Approve")
    henry.sees("3 of 4")


def decide_several(henry: Actor) -> None:
    """Both that are left were opened before: one of them just now."""
    henry.go("/reviews/")
    henry.press("Approve several")
    henry.sees("2 of 2 here opened since sent up")
    henry.press("Approve those ticked")
    henry.sees("Tick at least one document.")
    for tick in henry.page.get_by_role("checkbox").all():
        tick.check(force=True)
    henry.press("Approve those ticked")
    henry.sees("Approve 2 documents?")
    henry.press("Approve 2 documents")
    henry.sees("2 approved")
    henry.press("Back to your reviews")
    henry.sees("Nothing waits for your review")


def keep_a_note(henry: Actor) -> None:
    henry.go("/reviews/supervisors/")
    henry.press("Dana Whitfield")
    henry.page.get_by_text("Write a note").click()
    henry.fill(re.compile("^Note"), NOTE)
    henry.press("Keep this note")
    henry.sees("Kept, for you alone.")
    henry.sees(NOTE)


def remind(henry: Actor) -> None:
    henry.press(re.compile("^Remind Dana Whitfield: Ratings to be sent up"))
    expect(henry.page.get_by_label(re.compile("^Ratings to be sent up"))).to_be_checked()
    henry.fill(re.compile("^Your own words"), "Two a day and they are done by Friday.")
    henry.press("Send the reminder")
    henry.sees("sees it on their home page")


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
def test_review_and_coach(browser: Browser, server: Server, javascript: bool) -> None:
    henry = Actor(browser, server.address, HENRY, javascript=javascript)
    decide_one_by_one(henry)
    decide_several(henry)
    keep_a_note(henry)
    remind(henry)

    dana = Actor(browser, server.address, DANA, javascript=javascript)
    dana.page.set_viewport_size({"width": 320, "height": 900})
    dana.go("/")
    dana.sees("2 reminders for you")
    dana.sees("Two a day and they are done by Friday.")
    dana.does_not_see(NOTE)
    dana.press(re.compile("^Open Ratings to be sent up"))
    dana.sees("3 still to do")
    dana.go("/")
    dana.press(re.compile("^Done ?: Ratings to be sent up"))
    dana.sees("1 reminder for you")

    henry.go("/reviews/supervisors/")
    henry.press("Dana Whitfield")
    answered = henry.page.get_by_role("listitem").filter(has_text="Ratings to be sent up").last
    expect(answered).to_contain_text("Done")
    henry.press(re.compile("^Delete the note"))
    henry.press("Delete for good")
    henry.does_not_see(NOTE)
    henry.close()
    dana.close()
