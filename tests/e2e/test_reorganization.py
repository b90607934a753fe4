"""HR reorganizes ahead of time: sees what it does, plans it, takes one back, and the day comes."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.actor import Actor
from tests.e2e.conftest import Server

pytestmark = pytest.mark.e2e
HR = "miriam.castellano@example.mil"
DAY = "2027-05-01"


def plan_merger(hr: Actor, unit: str, into: str) -> None:
    hr.go(f"/organizations/{unit}/reorganize/")
    hr.press(re.compile("^Merge"))
    hr.fill("The unit it becomes part of", into)
    hr.fill(re.compile("^From"), DAY)
    hr.fill("Reason", "One division for all emergency services.")
    hr.press("Show what it does")


def plan_name(hr: Actor, unit: str, name: str) -> None:
    hr.go(f"/organizations/{unit}/reorganize/")
    hr.press(re.compile("^Rename"))
    hr.fill("New name", name)
    hr.fill(re.compile("^From"), DAY)
    hr.fill("Reason", "A new name.")
    hr.press("Show what it does")
    hr.press("Plan it")


def move_date(hr: Actor, day: str) -> None:
    hr.go("/practice/")
    hr.fill("Date", day)
    hr.press("Move the date")


@pytest.mark.parametrize("javascript", [True, False])
def test_planned_taken_back_and_carried_out_on_its_day(
    browser: Browser, server: Server, javascript: bool
) -> None:
    hr = Actor(browser, server.address, HR, javascript=javascript)

    plan_merger(hr, "DES-FIRE", "DES-POLICE")
    hr.sees("From 1 May 2027: Fire and Emergency Services Division becomes part of Police Division")
    hr.sees("18 open appraisals go along to Police Division")
    hr.press("Change something")
    expect(hr.page.get_by_label("The unit it becomes part of")).to_have_value("DES-POLICE")
    hr.press("Show what it does")
    hr.press("Plan it")
    hr.sees("Nothing changes before that day")

    plan_name(hr, "DPW-OPS-UTIL", "Utilities and Energy Branch")
    hr.go("/hr/reorganizations/")
    hr.sees("Fire and Emergency Services Division becomes part of Police Division")
    hr.press("DPW-OPS-UTIL is called Utilities and Energy Branch")
    hr.press("Take it back")
    hr.sees("Taken back. Nothing was changed.")

    move_date(hr, DAY)
    hr.go("/hr/reorganizations/?state=applied")
    hr.press("Fire and Emergency Services Division becomes part of Police Division")
    hr.sees("What came of it")
    hr.sees("1 May 2027")
    hr.go("/organizations/DES-POLICE/?show=people")
    hr.sees("Maria Ortega")
    hr.go("/organizations/DES-FIRE/history/")
    hr.sees("Merged into Police Division and closed from 1 May 2027 on")
    hr.go("/organizations/DPW-OPS-UTIL/history/")
    hr.sees("Taken back, planned for 1 May 2027: Rename")
    hr.does_not_see("Utilities and Energy Branch")
    hr.close()


def test_a_team_gets_another_supervisor_at_once(browser: Browser, server: Server) -> None:
    """From the health of the hierarchy to whom it concerns."""
    hr = Actor(browser, server.address, HR)
    hr.go("/organizations/DES/health/?most=8")
    hr.sees("9 people answer to them")
    hr.press("Change supervisor")
    hr.choose("Linh Nguyen, Dispatcher")
    hr.fill("New supervisor", "Dana Whitfield")
    hr.fill("Reason", "Dispatch answers to the director.")
    hr.press("Show what it does")
    hr.sees("Dana Whitfield is their supervisor now")
    hr.fill("New supervisor", "henry.okafor@example.mil")
    hr.press("Show what it does")
    hr.sees("until HR names another")
    hr.press("Do it now")
    hr.sees("Done: Henry Okafor supervises 1 person of Dana Whitfield")
    hr.go("/organizations/DES-FIRE/history/?show=people")
    hr.sees("Linh Nguyen: Dispatcher in Fire and Emergency Services Division under Henry Okafor")
    hr.go("/organizations/DES/health/?most=8")
    hr.does_not_see("9 people answer to them")
    hr.close()
