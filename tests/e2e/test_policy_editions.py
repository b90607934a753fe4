"""HR changes the rules: an edition is begun, looked through, scheduled and withdrawn; a school gets its own year."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.actor import Actor
from tests.e2e.conftest import Enter

pytestmark = pytest.mark.e2e

MIRIAM = "miriam.castellano@example.mil"
DANA = "dana.whitfield@example.mil"


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_an_edition_is_begun_looked_through_scheduled_and_withdrawn(
    enter: Enter, javascript: bool
) -> None:
    """Each way on a day of its own, so that both ways may be walked in one database."""
    name = f"Calloway supplement {'with' if javascript else 'without'} script"
    miriam = enter(MIRIAM, javascript=javascript)
    begin(miriam, name)
    write(miriam, "2027-07-01" if javascript else "2027-07-02")
    look(miriam, name)
    schedule(miriam, name)
    withdraw(miriam)
    miriam.press("Discard")
    miriam.press("Discard the draft")
    miriam.sees("is discarded")


def begin(miriam: Actor, name: str) -> None:
    miriam.go("/hr/")
    miriam.press("Policy and mandatory elements")
    miriam.press("Begin an edition")
    miriam.press("Begin a draft")
    expect(miriam.page.locator("[data-error-summary] a[href='#id_name']")).to_be_visible()
    miriam.fill(re.compile("^Name of the edition"), name)
    miriam.press("Begin a draft")
    expect(miriam.page.locator("main")).to_contain_text("R3.2 · rule book: 10 · until then: 10")


def write(miriam: Actor, day: str) -> None:
    """A day that has come is refused and nothing typed is lost; a reason is asked for before it is scheduled."""
    miriam.fill(re.compile("^In force from"), "2027-04-06")
    miriam.fill(re.compile("^Most elements"), "4")
    miriam.press("Save and show what it changes")
    problem = miriam.page.locator("[data-error-summary] a").first
    expect(problem).to_have_attribute("href", "#id_effective_on")
    expect(miriam.page.get_by_label(re.compile("^Most elements"))).to_have_value("4")
    miriam.fill(re.compile("^In force from"), day)
    miriam.press("Save and show what it changes")
    miriam.sees("It does not say why it is made.")
    miriam.press("Edit")
    miriam.fill(re.compile("^Why this edition is made"), "Fewer elements, said more clearly.")
    miriam.fill(re.compile("^Average from which"), "42")
    miriam.press("Save and show what it changes")


def look(miriam: Actor, name: str) -> None:
    """The number leads to as many names, and the worked examples say what would be rated otherwise."""
    main = miriam.page.locator("main")
    row = miriam.page.get_by_role("row", name=re.compile("more elements than would be allowed"))
    people = row.get_by_role("link")
    count = int(people.inner_text().split()[0])
    assert count > 0
    people.click()
    miriam.examine()
    expect(main).to_contain_text(f"{count} rows, as things stand today")
    expect(miriam.page.get_by_role("row")).to_have_count(count + 1)
    miriam.press(name)
    miriam.press("Worked examples")
    expect(main).to_contain_text("3 answers differ from the rule book")
    miriam.press(name)


def schedule(miriam: Actor, name: str) -> None:
    miriam.press(re.compile("^Schedule for"))
    miriam.sees("Until then it can be withdrawn.")
    miriam.go("/hr/policy/")
    expect(miriam.page.get_by_role("row", name=re.compile(name))).to_contain_text("ahead")
    miriam.press(name)
    miriam.press("What it changes")


def withdraw(miriam: Actor) -> None:
    miriam.press("Withdraw it")
    miriam.fill(re.compile("^Why it is withdrawn"), "The union asked for talks.")
    miriam.press("Withdraw the edition")
    miriam.sees("The edition is withdrawn. It is a draft again.")
    expect(miriam.page.locator("main")).to_contain_text("The union asked for talks.")


def test_a_supervisor_reads_the_worked_examples(enter: Enter) -> None:
    dana = enter(DANA)
    dana.go("/")
    dana.press("Worked examples")
    dana.sees("All answers are those of the rule book")
    expect(dana.page.get_by_role("row", name=re.compile("T9 "))).to_contain_text("3")


def test_a_school_gets_a_calendar_of_its_own(enter: Enter) -> None:
    miriam = enter(MIRIAM)
    miriam.go("/hr/cycles/new/?organization=DFMWR-CYS-SAC")
    miriam.press("School year, from 1 May")
    expect(miriam.page.get_by_label(re.compile("^First day"))).to_have_value("2028-05-01")
    miriam.fill(re.compile("^Name"), "School year 2029")
    miriam.press("Show whom it concerns")
    main = miriam.page.locator("main")
    expect(main).to_contain_text("No cycle runs here from 1 April 2028 to 30 April 2028.")
    miriam.press("Open this cycle")
    miriam.sees("School year 2029 is open for School Age Center.")
    miriam.press(re.compile("Withdraw School year 2029"))
    miriam.fill(re.compile("^Why it is withdrawn"), "The center stays with the garrison.")
    miriam.press("Withdraw the cycle")
    miriam.sees("is withdrawn")
