"""A year of notes becomes the employee's input, and the supervisor's own help to rate it."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.actor import Actor
from tests.e2e.conftest import Server

pytestmark = pytest.mark.e2e

MARIA, DANA = "maria.ortega@example.mil", "dana.whitfield@example.mil"
ELEMENT = "FY 2027: 1. Fire prevention program"
YEAR = [
    ("2026-06-02", "Two inspectors trained on the new sprinkler code."),
    ("2026-09-08", "Hangar 3 passes at last: sprinklers, exits, signs."),
    ("2026-12-03", "Inspections of the third quarter done by the 3rd of the month."),
    ("2027-03-24", "412 of 421 inspections done in the year."),
]
HERS = "She had a reason written down for each building that was closed."


def note(actor: Actor, day: str, text: str) -> None:
    actor.fill(re.compile("^Day"), day)
    actor.fill(re.compile("^What happened"), text)
    actor.choose(ELEMENT)
    actor.press("Keep this note")
    actor.sees("Kept, for you alone.")


def open_text(actor: Actor, write: str) -> None:
    """From the record over the appraisal to the text of its first element."""
    actor.go("/appraisals/126/")
    actor.press(re.compile("Annual appraisal$"))
    actor.press(re.compile(write))


def rate_with_notes(dana: Actor) -> None:
    """She reads the input that the notes became, and puts a note of her own into the narrative."""
    dana.go("/appraisals/126/")
    dana.press("Your journal about Maria")
    note(dana, "2026-11-05", HERS)
    open_text(dana, "^Rate element 1")
    dana.sees(YEAR[1][1])
    dana.press(re.compile("^Put it in ?: note of 5 November"))
    expect(dana.page.get_by_label("Narrative")).to_have_value(re.compile(HERS))


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
def test_a_year_of_notes_becomes_input(browser: Browser, server: Server, javascript: bool) -> None:
    maria = Actor(browser, server.address, MARIA, javascript=javascript)
    maria.press("All year")
    for day, text in YEAR:
        note(maria, day, text)
    maria.fill("Words", "sprinkler")
    maria.press("Show")
    maria.sees("2 notes found")

    open_text(maria, "^Write element 1")
    box = maria.page.get_by_label("Your input")
    box.fill("In short: every building that was open is inspected.")
    maria.press(re.compile("^Put it in ?: note of 24 March"))
    expect(box).to_have_value(
        "In short: every building that was open is inspected.\n24 March: " + YEAR[3][1]
    )
    maria.press("Put all of these in")
    for day_and_text in ("2 June: " + YEAR[0][1], "8 September: " + YEAR[1][1]):
        assert day_and_text in box.input_value()
    assert box.input_value().count(YEAR[3][1]) == 1
    maria.press("Save")
    maria.go("/journal/")
    maria.press(re.compile("^Delete the note of 2 June"))
    maria.press("Delete for good")
    maria.does_not_see(YEAR[0][1])

    dana = Actor(browser, server.address, DANA, javascript=javascript)
    rate_with_notes(dana)
    maria.go("/journal/")
    maria.does_not_see(HERS)
    maria.close()
    dana.close()
