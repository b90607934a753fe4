"""HR puts a new element into the plans of all supervisors; each discusses and acknowledges it once."""

import re
import time

import pytest

from tests.e2e.actor import Actor
from tests.e2e.conftest import Enter

pytestmark = pytest.mark.e2e


@pytest.mark.usefixtures("worker")
def test_an_element_is_put_into_the_plans_of_all_supervisors(enter: Enter) -> None:
    miriam = enter("miriam.castellano@example.mil")
    address = write(miriam)
    put_in(miriam, address)
    change = discuss(enter("henry.okafor@example.mil"))

    dana = enter("dana.whitfield@example.mil")
    dana.go(change)
    dana.press("Acknowledge")
    dana.press("Acknowledge")
    dana.sees("Plan change 1 acknowledged")
    miriam.go(address)
    miriam.page.locator(".nums li", has_text=re.compile(r"^\s*1\s+acknowledged")).wait_for()


def write(miriam: Actor) -> str:
    miriam.go("/hr/policy/")
    miriam.press("Write a mandatory element")
    miriam.press("Save the element")
    miriam.sees("Give it a title: people see it in their plan.")
    miriam.fill(re.compile("^Title"), "Safe workplaces")
    miriam.fill(re.compile("^Standards"), "Walks each workplace once a quarter.")
    miriam.choose("Supervisors")
    miriam.press("Save the element")
    miriam.sees("Sent up or approved: gets a plan change")
    miriam.sees("Being written: holds it at once")
    return miriam.page.url


def put_in(miriam: Actor, address: str) -> None:
    miriam.press(re.compile("plans: Being written"))
    miriam.sees("Rating official")
    miriam.go(address)
    miriam.press(re.compile("^Put it into"))
    miriam.sees("Say why: everybody concerned asks this first.")
    miriam.fill(re.compile("^Why it is put in now"), "The safety order of March asks for it.")
    miriam.press(re.compile("^Put it into"))
    _wait_until_done(miriam, address)
    miriam.sees("There is nothing to put in.")
    miriam.sees("to be discussed by the rating official")


def discuss(henry: Actor) -> str:
    henry.go("/")
    henry.press(re.compile("Record discussion.*Dana Whitfield"))
    henry.sees("Safe workplaces")
    henry.sees("The safety order of March asks for it.")
    change = henry.page.url
    henry.press("Record the discussion")
    henry.choose("Face to face")
    henry.press("Record the discussion")
    return change


def _wait_until_done(miriam: Actor, address: str) -> None:
    """The page watches by itself; a slow machine is given a minute."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        miriam.page.goto(address)
        if miriam.page.get_by_text("How far it is").count() == 0:
            return
        time.sleep(1)
    raise AssertionError("The element was not put in within a minute.")
