"""The talk all year long: check-ins, a request and its answer, feedback near and outside, a good word."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import violations
from tests.e2e.actor import Actor
from tests.e2e.conftest import Enter, Server, windows

pytestmark = pytest.mark.e2e

MARIA, DANA = "maria.ortega@example.mil", "dana.whitfield@example.mil"
LINH, TERRENCE = "linh.nguyen@example.mil", "terrence.blake@example.mil"
BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
CREW = "Who stands in for the night crew in May."
COURSE = "Whether the course in June is paid."
ACTION = "Write down who can stand in, and ask them."
ELEMENT = "FY 2027: 1. Fire prevention program"
TITLE = "Fire prevention program"
WAIT = 60


@BOTH
def test_what_was_not_talked_about_and_not_done_carries_over(
    browser: Browser, server: Server, javascript: bool
) -> None:
    with windows(browser, server) as enter:
        linh, dana = enter(LINH, javascript=javascript), enter(DANA, javascript=javascript)
        linh.go("/check-ins/")
        linh.press("Open your check-ins")
        for text in (CREW, COURSE):
            linh.fill(re.compile("^Something to talk about"), text)
            linh.press("Put it on the agenda")

        dana.go("/check-ins/")
        dana.press("Open Linh Nguyen")
        dana.sees(CREW)
        dana.press("Record one that was held without a plan")
        dana.page.get_by_label(re.compile(re.escape(COURSE))).uncheck(force=True)
        dana.fill(re.compile("^What came of it"), "Two names. The course is looked into.")
        dana.press("Record the check-in")
        dana.page.get_by_text("Write down an action").click()
        dana.fill(re.compile("^What will be done"), ACTION)
        dana.choose("Linh Nguyen")
        dana.press("Write it down")
        agenda = dana.page.locator("#agenda")
        expect(agenda).to_contain_text(COURSE)
        expect(agenda).not_to_contain_text(CREW)

        a_week_later(dana)
        linh.go("/check-ins/")
        linh.press("Open your check-ins")
        linh.press("Record one that was held without a plan")
        linh.press("Record the check-in")
        linh.sees("carried over 1 time")
        linh.press(f"Done : {ACTION}")
        linh.sees(f"Done: {ACTION}")
        linh.sees("No open actions")
        linh.sees("The agenda is empty")


def a_week_later(actor: Actor) -> None:
    actor.go("/practice/")
    actor.fill(re.compile("^Date"), "2027-04-13")
    actor.press("Move the date")


@BOTH
def test_training_is_asked_for_and_answered(enter: Enter, javascript: bool) -> None:
    course = f"The wildland course, two days, {'spring' if javascript else 'fall'}."
    maria, dana = enter(MARIA, javascript=javascript), enter(DANA, javascript=javascript)
    maria.go("/requests/")
    maria.press("Ask for something")
    maria.press("Send the request")
    maria.sees("Say what you need and what for.")
    maria.choose("Training")
    maria.fill(re.compile("^What it is, and what it is for"), course)
    maria.press("Send the request")
    maria.sees("An answer is due by")

    dana.go("/")
    dana.press("Answer Maria Ortega")
    dana.sees(course)
    dana.choose("Yes")
    dana.fill(re.compile("^In a few words"), "Paid by the directorate. You go on 3 May.")
    dana.press("Send the answer")
    dana.sees("Answered. Maria Ortega is told.")

    maria.go("/requests/")
    maria.press(re.compile(f"^Open Training: {re.escape(course)}"))
    maria.sees("You go on 3 May.")
    maria.press("It has come")
    maria.sees("Granted and received")


@BOTH
def test_a_colleague_gives_feedback_and_sees_a_name_a_title_and_a_box(
    enter: Enter, javascript: bool
) -> None:
    answer = f"Inspections come announced and on the day ({javascript})."
    colleague = LINH if javascript else TERRENCE
    maria, asked = enter(MARIA, javascript=javascript), enter(colleague, javascript=javascript)
    maria.go("/feedback/")
    maria.press("Ask about my work")
    maria.press("Ask for feedback")
    maria.sees("Choose a colleague, or name somebody else.")
    maria.page.get_by_label(re.compile("^Element")).select_option(ELEMENT)
    maria.fill(re.compile("^Or somebody else"), "My colleague")
    maria.fill(re.compile("^Their e-mail"), colleague)
    maria.press("Ask for feedback")
    maria.sees("is asked, until")

    asked.go("/")
    need = asked.page.get_by_role("listitem").filter(has_text=TITLE)
    need.get_by_role("link", name="Give feedback Maria Ortega").click()
    asked.page.wait_for_load_state()
    asked.examine()
    expect(asked.page.locator(".lead")).to_have_text(TITLE)
    expect(asked.page.get_by_role("textbox")).to_have_count(1)
    asked.does_not_see("Standard")
    asked.fill("How do you see it?", answer)
    asked.press("Send")
    asked.sees("Thank you. Your answer is sent.")
    maria.go("/feedback/")
    maria.sees(answer)


@BOTH
def test_somebody_outside_answers_by_a_link_that_works_once(
    browser: Browser, enter: Enter, shared_server: Server, worker: Path, javascript: bool
) -> None:
    address = f"ines.park.{javascript}@county.example".lower()
    maria = enter(MARIA, javascript=javascript)
    maria.go("/feedback/new/")
    maria.page.get_by_label(re.compile("^Element")).select_option(ELEMENT)
    maria.fill(re.compile("^Or somebody else"), "Ines Park")
    maria.fill(re.compile("^Their e-mail"), address)
    maria.press("Ask for feedback")
    maria.sees("Ines Park is asked, until")

    outside = browser.new_context(base_url=shared_server.address, java_script_enabled=javascript)
    page = outside.new_page()
    link = link_in_the_mail(worker, address)
    page.goto(link)
    expect(page.locator("h1")).to_have_text("Maria Ortega")
    expect(page.locator(".lead")).to_have_text(TITLE)
    if javascript:
        assert not violations(page)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Write something").first).to_be_visible()
    page.get_by_label("How do you see it?").fill(f"Clear words ({javascript}).")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("h1")).to_have_text("Thank you")
    again = page.goto(link)
    assert again is not None
    assert again.status == 410
    expect(page.locator("h1")).to_have_text("This request is over")
    outside.close()
    maria.go("/feedback/")
    maria.sees(f"Clear words ({javascript}).")


def link_in_the_mail(said: Path, address: str) -> str:
    """The path in the letter to this address, as it went out."""
    letter = re.compile(rf"To: {re.escape(address)}.*?(/feedback/answer/[\w.-]+/)")
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline:
        found = letter.search(said.read_text())
        if found:
            return found[1]
        time.sleep(0.3)
    raise AssertionError(f"No letter went to {address}.")


@BOTH
def test_a_good_word_in_time(enter: Enter, javascript: bool) -> None:
    thanks = f"For the drill on Sunday ({javascript})."
    terrence, maria = enter(TERRENCE, javascript=javascript), enter(MARIA, javascript=javascript)
    terrence.go("/recognition/")
    terrence.press("find the person")
    terrence.page.get_by_role("searchbox").first.fill("Ortega")
    terrence.page.get_by_role("searchbox").first.press("Enter")
    terrence.press("Maria Ortega")
    terrence.press(re.compile("^Thank"))
    terrence.press("Say it")
    terrence.sees("Say what for.")
    terrence.fill(re.compile("^For what"), thanks)
    terrence.press("Say it")
    terrence.sees("Said. Maria Ortega is told.")
    maria.go("/recognition/")
    maria.sees(thanks)
