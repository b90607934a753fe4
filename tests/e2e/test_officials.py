"""A refusal is documented; somebody drafts for the supervisor; a record goes to another supervisor."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.actor import Actor
from tests.e2e.conftest import Enter, Server, windows

pytestmark = pytest.mark.e2e

BOTH = pytest.mark.parametrize(
    "javascript", [True, False], ids=["with JavaScript", "without JavaScript"]
)


@pytest.fixture
def enter(browser: Browser, server: Server) -> Iterator[Enter]:
    with windows(browser, server) as entering:
        yield entering


def open_record(dana: Actor, name: str) -> None:
    dana.go("/team/")
    dana.page.get_by_role("link", name=re.compile(name)).first.click()
    dana.page.wait_for_load_state()
    dana.examine()


@BOTH
def test_a_refusal_is_documented_with_day_method_and_witness_r4_6(
    enter: Enter, javascript: bool
) -> None:
    dana = enter("dana.whitfield@example.mil", javascript=javascript)
    open_record(dana, "Terrence Blake")
    dana.press(re.compile("Annual appraisal"))
    document = dana.page.url
    dana.press("Record that the employee did not acknowledge")
    dana.press("Record that the employee did not acknowledge")
    dana.sees("Choose a reason.")
    dana.choose("The employee declined to acknowledge")
    dana.fill("Explanation", "He wants to speak to the union first.")
    dana.fill(re.compile("^Day on which"), "2027-04-01")
    dana.choose("Face to face")
    dana.fill(re.compile("^Witness"), "Terrence Blake")
    dana.press("Record that the employee did not acknowledge")
    dana.sees("A witness is a third person")
    dana.sees("It was discussed on 2 April 2027; this comes after that.")
    dana.fill(re.compile("^Day on which"), "2027-04-05")
    dana.fill(re.compile("^Witness"), "Charlene Dubois")
    dana.press("Record that the employee did not acknowledge")
    dana.sees("Recorded, with your reason.")
    terrence = enter("terrence.blake@example.mil", javascript=javascript)
    terrence.go("/notices/")
    terrence.sees("Annual appraisal: an acknowledgment was recorded for you")
    terrence.go(document)
    terrence.press("Say what differs")
    terrence.fill(re.compile("^What differs"), "Nobody else was in the room.")
    terrence.press("Say what differs")
    miriam = enter("miriam.castellano@example.mil", javascript=javascript)
    miriam.go(document)
    miriam.press("Everything that happened")
    for words in (
        "Recorded that the employee did not acknowledge: Annual appraisal",
        "Dana Whitfield, on behalf of Terrence Blake",
        "Asked on 5 April 2027, face to face",
        "Witness: Charlene Dubois",
        "He wants to speak to the union first.",
        "Nobody else was in the room.",
    ):
        miriam.sees(words)


def name_a_delegate(dana: Actor) -> str:
    """Returns the address of what was agreed."""
    dana.go("/team/")
    dana.press("Delegates")
    dana.press("Name a delegate")
    dana.fill(re.compile("^Who drafts"), "charlene.dubois@example.mil")
    dana.fill(re.compile("^Last day"), "2028-04-30")
    dana.fill(re.compile("^Reason"), "On leave from 12 to 23 April.")
    dana.press("Name them")
    dana.sees("and 180 days is the most.")
    dana.inspect()
    dana.fill(re.compile("^Last day"), "2027-04-30")
    dana.press("Name them")
    dana.sees("Charlene Dubois drafts for you")
    return dana.page.url


def draft_a_rating(charlene: Actor) -> str:
    """Returns the address of the document."""
    charlene.go("/")
    charlene.press("You draft for Dana Whitfield")
    charlene.press("Draft Linh Nguyen")
    document = charlene.page.url
    charlene.sees("You draft this for Dana Whitfield.")
    charlene.does_not_see("Send to the higher level reviewer")
    charlene.press("Rate the elements")
    charlene.choose("3 Fully Successful")
    charlene.fill(
        re.compile("^Narrative|^Your rating|^Text"), "Every call was logged in 30 seconds."
    )
    charlene.press(re.compile("^Save"))
    charlene.go(document)
    charlene.press("Say that the draft is ready")
    charlene.sees("Dana Whitfield is told that the draft is ready.")
    return document


@BOTH
def test_a_delegate_drafts_and_the_supervisor_signs_r8_4(enter: Enter, javascript: bool) -> None:
    dana = enter("dana.whitfield@example.mil", javascript=javascript)
    agreed = name_a_delegate(dana)
    charlene = enter("charlene.dubois@example.mil", javascript=javascript)
    document = draft_a_rating(charlene)
    dana.go("/notices/")
    dana.sees("Annual appraisal of Linh Nguyen: the draft is ready for you")
    dana.go(document)
    dana.sees("Charlene Dubois for Dana Whitfield")
    dana.go(agreed)
    dana.sees("Linh Nguyen")
    dana.press("End it now")
    dana.fill(re.compile("^Reason"), "Back at work.")
    dana.press("End it now")
    dana.sees("It has ended.")
    charlene.page.goto(document)
    charlene.sees("Nothing for you at this address")


@BOTH
def test_a_record_goes_to_another_supervisor_with_its_history_r9_9(
    enter: Enter, javascript: bool
) -> None:
    dana = enter("dana.whitfield@example.mil", javascript=javascript)
    open_record(dana, "Paul Sørensen")
    record = dana.page.url
    dana.press("Name other officials")
    dana.fill(re.compile("^Rating official"), "calvin.brooks@example.mil")
    dana.fill(re.compile("^From"), "2027-04-07")
    dana.fill(re.compile("^Reason"), "Paul works for the police now.")
    dana.press("Name officials")
    dana.sees("This day has not come yet.")
    dana.inspect()
    dana.fill(re.compile("^From"), "2027-04-05")
    dana.press("Name officials")
    dana.sees("is no longer with you")
    calvin = enter("calvin.brooks@example.mil", javascript=javascript)
    calvin.go(record)
    calvin.sees("Paul works for the police now.")
    calvin.sees("until 4 April 2027")
