"""A rating is changed after a grievance; a request is answered; more time is given (R1.11, R7.11, R11.5)."""

import re

import pytest

from tests.e2e.actor import Actor
from tests.e2e.conftest import Enter

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    ("name", "javascript"),
    [("Elena Voss", True), ("Wilma Tso", False)],
    ids=["with JavaScript", "without JavaScript"],
)
def test_rating_changed_after_a_grievance(enter: Enter, name: str, javascript: bool) -> None:
    miriam = enter("miriam.castellano@example.mil", javascript=javascript)
    miriam.go(f"/hr/appraisals/?q={name.replace(' ', '+')}")
    miriam.press(name)
    miriam.press("Its elements and what changed it")
    miriam.sees("3 Fully Successful")
    rating = miriam.page.url
    miriam.press("Change the rating after a decision")
    miriam.fill(re.compile("^What the decision says"), "Case G-2027-9: the record supports it.")
    miriam.press("Change the rating")
    miriam.sees("Choose what changes the rating.")
    decide(miriam)
    miriam.press("See what it comes to")
    miriam.sees("Summary rating: Outstanding.")
    assert "Case G-2027-9" in miriam.page.locator("#id_explanation_text").input_value()
    miriam.press("Change the rating")
    miriam.sees("The one before it stays on the record.")
    assert miriam.page.url == rating
    miriam.sees("Deciding official of the garrison")
    employee = enter(f"{name.replace(' ', '.').lower()}@example.mil", javascript=javascript)
    employee.go("/notices/")
    employee.sees("was changed")
    employee.go(rating.split("rating/")[0])
    employee.sees("5 Outstanding")
    employee.sees("It was issued as 3 Fully Successful")
    employee.press(re.compile("^Its elements"))
    employee.sees("Case G-2027-9: the record supports it.")
    employee.press(re.compile(f"{name}, FY 2027"))
    employee.press("Everything that happened")
    employee.sees("Rating of record changed")


def decide(miriam: Actor) -> None:
    """A grievance makes every element Outstanding."""
    miriam.choose("Grievance")
    miriam.fill(re.compile("^Who decided"), "Deciding official of the garrison")
    miriam.fill(re.compile("^Day of the decision"), "2027-04-05")
    levels = miriam.page.locator("select[name^=level_]")
    for place in range(levels.count()):
        levels.nth(place).select_option("5")


def test_a_request_is_answered_with_reasons(enter: Enter) -> None:
    miriam = enter("miriam.castellano@example.mil")
    miriam.go("/hr/")
    miriam.press("Disagreements with ratings")
    miriam.sees("Calvin Brooks")
    miriam.press(re.compile(r"^Answer\b"))
    miriam.choose("The rating stands")
    miriam.fill(re.compile("^Reasons"), "Two more reports were late in December.")
    miriam.fill(re.compile("^Who decided"), "Ana Reyes, garrison commander")
    miriam.press("Record the answer")
    miriam.sees("Answered: the rating stands")
    calvin = enter("calvin.brooks@example.mil")
    calvin.go("/notices/")
    calvin.press(re.compile("was answered"))
    calvin.sees("Two more reports were late in December.")


def test_more_time_is_asked_for_given_and_explained(enter: Enter) -> None:
    miriam = enter("miriam.castellano@example.mil")
    miriam.go("/hr/not-rated/?show=asked")
    miriam.press("Jensen, Robert")
    miriam.press("Decide about more time")
    miriam.choose("Grant it")
    miriam.fill(re.compile("^Who decided"), "Miriam Castellano, HR of the garrison")
    miriam.press("Record the decision")
    miriam.sees("A rating can be given")
    robert = enter("robert.jensen@example.mil")
    robert.go("/")
    robert.go("/notices/")
    robert.sees("appraisal period goes on until 19 April 2027")
