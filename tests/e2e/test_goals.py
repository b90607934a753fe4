"""A goal on its way: written and published, adopted below, served by an element, seen, counted."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.actor import Actor
from tests.e2e.conftest import Enter, Server, windows

pytestmark = pytest.mark.e2e

ANA = "ana.reyes@example.mil"
HENRY = "henry.okafor@example.mil"
DANA = "dana.whitfield@example.mil"
GRACE = "grace.adeyemi@example.mil"
GOAL = "Every alarm answered in seven minutes"
NEWS = "Ana Reyes published goals of U.S. Army Garrison Fort Calloway for FY 2028"


@pytest.fixture
def enter(browser: Browser, server: Server) -> Iterator[Enter]:
    with windows(browser, server) as entering:
        yield entering


def card(actor: Actor, words: str) -> Locator:
    return actor.page.locator("section.card", has_text=words)


def write_and_publish(ana: Actor) -> str:
    """A mission, and a goal of the garrison for FY 2028; returns the goal above that it serves."""
    ana.go("/organizations/CALLOWAY/goals/")
    ana.press("FY 2028")
    ana.press("Change mission")
    ana.fill(re.compile("^Mission"), "Fort Calloway keeps its soldiers ready and its people safe.")
    ana.press("Save mission")
    ana.sees("Fort Calloway keeps its soldiers ready")
    ana.press("Add goal")
    ana.fill(re.compile("^Goal"), GOAL)
    ana.press("Add goal as a draft")
    ana.sees("Choose the goal above that it serves, or say below why it serves none.")
    ana.page.get_by_label(re.compile("^Goal above")).select_option(index=1)
    above = ana.page.locator("#id_serves option:checked").inner_text().rpartition(" (")[0]
    ana.press("Add goal as a draft")
    ana.sees("1 goal still to be published.")
    ana.press("Publish …")
    ana.sees("What those below will be told")
    ana.press("Publish")
    ana.sees("Published.")
    return above


def adopt(henry: Actor) -> None:
    """He reads of it at home, takes the goal over for his directorate and publishes in his turn."""
    henry.go("/")
    henry.sees(NEWS)
    henry.press(re.compile("^Read them.*Garrison Fort Calloway"))
    henry.sees(GOAL)
    henry.go("/")
    henry.does_not_see(NEWS)
    henry.go("/organizations/DES/goals/")
    henry.press("FY 2028")
    henry.press(f"Adopt {GOAL}")
    henry.sees("is adopted as a draft")
    expect(card(henry, GOAL).first).to_contain_text("Adopted from")
    henry.press("Publish …")
    henry.press("Publish")
    henry.sees("Published.")


def link_an_element(dana: Actor) -> Locator:
    """Dana adds an element to the plan that she is writing for Grace."""
    dana.go("/team/")
    dana.press("FY 2028")
    dana.press(re.compile("^(Continue|Write plan|Revise).*Grace Adeyemi"))
    dana.press("Add an element")
    dana.fill(re.compile("^Title"), "Alarm response")
    choice = dana.page.get_by_label(re.compile("goal it serves"))
    offered = choice.locator("option", has_text=GOAL).first  # the nearest unit comes first
    choice.select_option(value=offered.get_attribute("value"))
    dana.press("Add this element")
    return dana.page.locator("[id^=element-]", has_text="Alarm response")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_goal_comes_down_to_an_element_and_is_counted(enter: Enter, javascript: bool) -> None:
    ana, henry = enter(ANA, javascript=javascript), enter(HENRY, javascript=javascript)
    dana, grace = enter(DANA, javascript=javascript), enter(GRACE, javascript=javascript)
    above = write_and_publish(ana)
    expect(card(ana, GOAL).first).to_contain_text("no element serves it yet")
    adopt(henry)
    element = link_an_element(dana)
    expect(element.get_by_role("listitem")).to_contain_text([GOAL, GOAL, above])

    grace.go("/line-of-sight/?cycle=3")
    chain = grace.page.locator(".sights > li", has_text="Alarm response")
    expect(chain.locator("li").first).to_contain_text("you alone, so far")
    expect(chain).to_contain_text("Directorate of Emergency Services")
    expect(chain).to_contain_text("Provide the military forces needed to deter war")

    ana.go("/organizations/CALLOWAY/alignment/")
    ana.press("FY 2028")
    branch = ana.page.locator(".tree > .branch", has_text=GOAL)
    expect(branch).to_contain_text("1 person · 1 element")
    branch.locator("summary").first.click()
    if javascript:
        expect(branch.locator(".branch").first).to_be_visible()
    else:
        ana.press(f"Open “{GOAL}”")
    ana.sees("Directorate of Emergency Services")
    ana.inspect()


def test_a_goal_in_use_is_retired_and_a_change_is_kept(enter: Enter) -> None:
    ana = enter(ANA)
    ana.go("/organizations/CALLOWAY/goals/")
    ana.press("FY 2028")
    ana.press("Change Protect the installation")
    ana.fill(re.compile("^Goal"), "Protect the whole installation")
    ana.press("Save goal")
    ana.sees("1 change since those below were told last.")
    ana.press("Retire Spend every dollar once")
    ana.fill(re.compile("^Why"), "The command took it over.")
    ana.press("Retire goal")
    expect(card(ana, "Spend every dollar once").first).to_contain_text("Retired since 6 April 2027")
    ana.press("History of every change")
    ana.sees("Retired: “Spend every dollar once”")
    expect(ana.page.locator("ins").last).to_contain_text("whole")


def test_a_unit_without_goals_starts_from_last_years(enter: Enter) -> None:
    miriam = enter("miriam.castellano@example.mil")
    miriam.go("/organizations/RM/goals/")
    miriam.press("FY 2028")
    miriam.press("Carry over from FY 2027")
    miriam.sees("2 goals of FY 2027 carried over as drafts.")
    expect(miriam.page.locator(".tag", has_text="draft")).to_have_count(3)
    miriam.press("Publish …")
    miriam.press("Publish")
    miriam.sees("Published.")
    expect(miriam.page.locator(".tag", has_text="draft")).to_have_count(0)
