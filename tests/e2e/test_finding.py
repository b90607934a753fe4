"""People and places as somebody finds them: by keyboard, by mouse on a telephone, and without JavaScript."""

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.actor import Actor

pytestmark = pytest.mark.e2e
LEADER = "henry.okafor@example.mil"
COMMAND = "U.S. Army Installation Management Command"
GARRISON = "U.S. Army Garrison Fort Calloway"


def name(actor: Actor, text: str) -> Locator:
    return actor.page.get_by_role("link", name=text, exact=True)


def test_the_tree_by_keyboard(browser, shared_server):
    actor = Actor(browser, shared_server.address, LEADER)
    actor.go("/organizations/")
    press = actor.page.keyboard.press
    name(actor, "Department of Defense").focus()
    press("ArrowDown")
    expect(name(actor, "Department of the Army")).to_be_focused()
    press("ArrowRight")
    expect(name(actor, COMMAND)).to_be_visible()
    expect(name(actor, "Department of the Army")).to_be_focused()
    # The address, which can be kept, comes a moment after the units.
    actor.page.wait_for_url("**/organizations/?open=DOD&open=ARMY")
    press("ArrowRight")
    expect(name(actor, COMMAND)).to_be_focused()
    press("Shift+Tab")
    press("Space")
    expect(name(actor, GARRISON)).to_be_visible()
    toggle = actor.page.get_by_role("link", name=f"1 unit right below {COMMAND}")
    expect(toggle).to_be_focused()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    actor.inspect()
    press("ArrowLeft")
    expect(name(actor, GARRISON)).to_have_count(0)
    expect(toggle).to_have_attribute("aria-expanded", "false")
    actor.close()


def test_the_ends_of_the_tree_and_its_address(browser, shared_server):
    actor = Actor(browser, shared_server.address, LEADER)
    actor.go("/organizations/?open=DOD&open=ARMY")
    name(actor, COMMAND).focus()
    for key, reached in [
        ("ArrowLeft", "Department of the Army"),
        ("End", "Department of the Navy"),
        ("ArrowUp", COMMAND),
        ("Home", "Department of Defense"),
        ("ArrowRight", "Department of the Army"),
    ]:
        actor.page.keyboard.press(key)
        expect(name(actor, reached)).to_be_focused()
    actor.page.get_by_role("link", name="right below Department of the Army").click()
    expect(name(actor, COMMAND)).to_have_count(0)
    actor.page.wait_for_url("**/organizations/?open=DOD")
    actor.page.reload()
    expect(name(actor, "Department of the Army")).to_be_visible()
    expect(name(actor, COMMAND)).to_have_count(0)
    actor.close()


def test_the_tree_without_javascript(browser, shared_server):
    actor = Actor(browser, shared_server.address, LEADER, javascript=False)
    actor.go("/organizations/")
    actor.press("2 units right below Department of Defense")
    actor.does_not_see("Department of the Navy")
    actor.go("/organizations/?to=CALLOWAY")
    actor.press("2 units right below Directorate of Emergency Services")
    name(actor, "Police Division").click()
    expect(actor.page.get_by_role("heading", level=1)).to_have_text("Police Division")
    actor.press("Show in the organization")
    expect(actor.page.locator("[aria-current=true]")).to_have_text("Police Division")
    actor.close()


@pytest.mark.parametrize("width", [1280, 320])
def test_the_chart_leads_to_people_and_units(browser, shared_server, width):
    actor = Actor(browser, shared_server.address, LEADER)
    actor.page.set_viewport_size({"width": width, "height": 900})
    actor.go("/organizations/DES-FIRE/?show=chart")
    actor.inspect()
    shown = actor.page.locator(".orgchart" if width == 1280 else ".orgchart-list")
    hidden = actor.page.locator(".orgchart-list" if width == 1280 else ".orgchart")
    expect(shown).to_be_visible()
    expect(hidden).to_be_hidden()
    shown.get_by_role("link", name="Maria Ortega").click()
    expect(actor.page.get_by_role("heading", level=1)).to_have_text("Maria Ortega")
    actor.close()


@pytest.mark.parametrize("javascript", [True, False])
def test_people_are_found_by_any_words(browser, shared_server, javascript):
    actor = Actor(browser, shared_server.address, LEADER, javascript=javascript)
    actor.go("/people/")
    box = actor.page.get_by_label("Name, DoD ID, e-mail address, position or unit")
    box.press_sequentially("orte fire")
    if not javascript:
        box.press("Enter")
    actor.sees("1 person found")
    expect(actor.page).to_have_url(
        f"{shared_server.address}/people/?q=orte%20fire".replace("%20", "+")
    )
    if javascript:
        expect(actor.page.get_by_role("status").last).to_have_text("1 person found")
        expect(box).to_be_focused()
        actor.inspect()
    actor.press("Maria Ortega")
    expect(actor.page.get_by_role("heading", level=1)).to_have_text("Maria Ortega")
    actor.close()
