"""A plan signed on paper is entered from its texts to its signatures; one employee signed, one declined."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.actor import Actor
from tests.e2e.conftest import Server

pytestmark = pytest.mark.e2e

TEXTS = ("Emergency response", "First unit arrives within 7 minutes in 90% of alarms each quarter.")
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def dana(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Actor]:
    actor = Actor(browser, server.address, "dana.whitfield@example.mil", javascript=request.param)
    yield actor
    actor.context.close()


def begin(dana: Actor, name: str) -> str:
    """Choose the plan, give the reason, copy one element. Returns the address of the entry."""
    dana.go("/team/")
    dana.choose(name)
    dana.press("Start plans")
    dana.go("/team/")
    dana.press("FY 2028")
    dana.page.get_by_role("link", name=re.compile(name)).first.click()
    dana.page.wait_for_load_state()
    if "/appraisals/" not in dana.page.url:
        dana.press(re.compile("FY 2028"))
    dana.press("Enter a paper form")
    dana.press("Begin")
    dana.sees("Choose a reason.")
    dana.choose("Performance plan")
    dana.choose("The employee has no access to a computer")
    dana.press("Begin")
    address = dana.page.url
    dana.press("Add an element")
    dana.fill(re.compile("^Title"), TEXTS[0])
    dana.fill(re.compile("^Standards"), TEXTS[1])
    dana.page.get_by_label(re.compile("goal it serves")).select_option(index=1)
    dana.press("Add this element")
    assert dana.page.url == address
    return address


def sign(dana: Actor, *, signed: bool) -> None:
    dana.press("Enter the signatures")
    days = {"submit-happened_on": "2027-04-01", "record_approval-happened_on": "2027-04-01"}
    days |= {"communicate-discussed_on": "2027-03-30"}
    if signed:
        days |= {"record_signature-happened_on": "2027-04-02"}
    for name, day in days.items():
        dana.page.locator(f"[id='id_{name}']").fill(day)
    dana.page.locator("[name='record_approval-method'][value='S']").check(force=True)
    dana.page.locator("[name='communicate-method'][value='F']").check(force=True)
    dana.press("Enter these signatures")
    dana.sees("It was approved on 1 April 2027; this comes after that.")
    dana.inspect()
    dana.page.locator("[id='id_communicate-discussed_on']").fill("2027-04-02")
    dana.press("Enter these signatures")
    dana.sees("The paper form is entered.")


def test_a_paper_form_is_entered_from_start_to_acknowledged(
    dana: Actor, browser: Browser, server: Server
) -> None:
    begin(dana, "Maria Ortega")
    dana.press("Attach a scan")
    dana.page.locator("[type=file]").set_input_files(
        {"name": "form.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    dana.press("Attach the scan")
    sign(dana, signed=True)
    dana.sees("Written on the paper form")
    with dana.page.expect_download() as download:
        dana.page.get_by_role("link", name="Download the scanned form").click()
    assert download.value.path().read_bytes() == PDF
    plan = dana.page.url
    maria = Actor(browser, server.address, "maria.ortega@example.mil", javascript=dana.javascript)
    maria.go(plan)
    maria.sees("entered here by Dana Whitfield")
    maria.press("Say what differs")
    maria.fill(re.compile("^What differs"), "I signed on 3 April.")
    maria.press("Say what differs")
    maria.press("Everything that happened")
    maria.sees("I signed on 3 April.")
    maria.sees("Signed on 2 April 2027 by Maria Ortega")
    maria.close()
    dana.close()


def test_a_refusal_is_documented_with_its_witness(dana: Actor) -> None:
    begin(dana, "Maria Ortega")
    sign(dana, signed=False)
    dana.press("Record that the employee did not acknowledge")
    dana.choose("The employee declined to acknowledge")
    dana.fill(re.compile("^Day on which"), "2027-04-03")
    dana.choose("Face to face")
    dana.fill(re.compile("^Witness"), "Maria Ortega")
    dana.press("Record that the employee did not acknowledge")
    dana.sees("A witness is a third person")
    dana.fill(re.compile("^Witness"), "Paul Navarro")
    dana.press("Record that the employee did not acknowledge")
    dana.press("Everything that happened")
    dana.sees("Witness: Paul Navarro")
    dana.sees("Asked on 3 April 2027, face to face")
    dana.close()
