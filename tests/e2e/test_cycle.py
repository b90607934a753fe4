"""A whole cycle, walked by five persons: from an empty plan to the acknowledged rating and its form."""

import io
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from tests.e2e.actor import Actor
from tests.e2e.conftest import Server

pytestmark = pytest.mark.e2e

CAST = {
    "maria": "maria.ortega@example.mil",
    "dana": "dana.whitfield@example.mil",
    "henry": "henry.okafor@example.mil",
    "ana": "ana.reyes@example.mil",
    "miriam": "miriam.castellano@example.mil",
    "robert": "robert.ashby@example.mil",
}
ELEMENTS = [
    ("Emergency response", "First unit arrives within 7 minutes in 90% of alarms each quarter."),
    ("Crew training", "Each shift completes 20 hours of documented training a month."),
]
PROPOSED = ("Mutual aid", "Leads two exercises with the counties, each by 30 September.")


class Stage:
    """The persons of a journey; each has a browser of their own, opened when first needed."""

    def __init__(self, browser: Browser, server: Server, *, javascript: bool) -> None:
        self.browser, self.server, self.javascript = browser, server, javascript
        self.actors: dict[str, Actor] = {}

    def __getattr__(self, name: str) -> Actor:
        if name not in CAST:
            raise AttributeError(name)
        if name not in self.actors:
            self.actors[name] = Actor(
                self.browser, self.server.address, CAST[name], javascript=self.javascript
            )
        return self.actors[name]

    def move_date(self, day: str) -> None:
        self.dana.go("/practice/")
        self.dana.fill(re.compile("^Date"), day)
        self.dana.press("Move the date")

    def close(self) -> None:
        for actor in self.actors.values():
            actor.close()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def stage(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Stage]:
    made = Stage(browser, server, javascript=request.param)
    yield made
    for actor in made.actors.values():
        actor.context.close()


def document_of(actor: Actor, title: str) -> None:
    """Open one document of Maria's FY 2028 record from the list of documents."""
    actor.go(actor.record)  # type: ignore[attr-defined]
    actor.press(re.compile(title))


def add_element(actor: Actor, title: str, standards: str, *, button: str) -> None:
    actor.fill(re.compile("^Title"), title)
    actor.fill(re.compile("^Standards"), standards)
    goal = actor.page.get_by_label(re.compile("goal it serves"))
    goal.select_option(index=1)
    actor.press(button)


def draft_plan(stage: Stage) -> str:
    """Two elements by the rating official, one proposed by the employee and accepted."""
    dana, maria = stage.dana, stage.maria
    dana.go("/team/")
    dana.choose("Maria Ortega")
    dana.press("Start plans")
    dana.go("/team/")
    dana.press("FY 2028")
    dana.press(re.compile("^Write plan.*Maria Ortega"))
    address = dana.page.url
    for title, standards in ELEMENTS:
        dana.press("Add an element")
        add_element(dana, title, standards, button="Add this element")
    maria.go(address)
    maria.press("Propose an element")
    add_element(maria, *PROPOSED, button="Propose this element")
    maria.press("Comment on the draft")
    maria.fill(re.compile("comments on the draft"), "I would like to lead the county exercises.")
    maria.press("Save")
    dana.go(address)
    dana.sees("I would like to lead the county exercises.")
    dana.press(re.compile("^Accept into the plan"))
    return address


def submit(stage: Stage, address: str) -> None:
    stage.dana.go(address)
    stage.dana.press("Send to the higher level reviewer")
    stage.dana.press("Send to the higher level reviewer")


def plan(stage: Stage) -> str:
    """Drafted, returned, mended, approved, discussed, acknowledged. Returns its address."""
    dana, henry = stage.dana, stage.henry
    address = draft_plan(stage)
    submit(stage, address)
    henry.go("/reviews/")
    henry.press(re.compile("Maria Ortega"))
    henry.press("Return for change")
    henry.press("Return for change")
    henry.sees("Choose what it is about")
    henry.sees("Give a reason")
    henry.choose("Something is missing")
    henry.fill(
        re.compile("^What must change"),
        "Element 2 does not say what happens to lapsed certificates.",
    )
    henry.press("Return for change")
    dana.go(address)
    dana.sees("does not say what happens to lapsed certificates")
    dana.press(re.compile("^Edit element 2"))
    dana.fill(re.compile("^Standards"), ELEMENTS[1][1] + " No certificate lapses.")
    dana.press("Save element")
    submit(stage, address)
    henry.go(address)
    henry.press("Approve")
    henry.press("Approve")
    discuss_and_acknowledge(stage, address)
    return address


def discuss_and_acknowledge(stage: Stage, address: str) -> None:
    stage.dana.go(address)
    stage.dana.press("Record the discussion")
    stage.dana.choose("Face to face")
    stage.dana.press("Record the discussion")
    stage.maria.go(address)
    stage.maria.press("Acknowledge")
    stage.maria.sees("Acknowledging is not agreeing")
    stage.maria.fill(re.compile("^Comment"), "Thank you.")
    stage.maria.press("Acknowledge")


def write_all(actor: Actor, address: str, label: str, texts: list[str], *, first: str) -> None:
    """Walk through the texts of a document with "Save and go on"."""
    actor.go(address)
    actor.press(re.compile(first))
    for number, text in enumerate(texts, start=1):
        actor.fill(re.compile(label), text)
        actor.press(re.compile("^Save and go to") if number < len(texts) else "Save")


def progress_review(stage: Stage, record: str) -> None:
    stage.dana.go(record)
    stage.dana.press(re.compile("^Start.*review"))
    address = stage.dana.page.url
    inputs = [f"Progress on element {number}" for number in (1, 2, 3)]
    wishes = ["An instructor course in spring.", "A second thermal camera."]
    write_all(
        stage.maria, address, "^(Your input|What you want|Tools)", inputs + wishes, first="^Write$"
    )
    stage.maria.go(address)
    stage.maria.press("Send my input")
    stage.maria.press("Send my input")
    stage.dana.go(address)
    stage.dana.sees("A second thermal camera.")
    assessed = [f"On track with element {number}" for number in (1, 2, 3)]
    write_all(
        stage.dana,
        address,
        "^(Your assessment|The discussion)",
        [*assessed, "The camera is approved."],
        first="^Write$",
    )
    stage.dana.go(address)
    stage.dana.press("Finish writing")
    stage.dana.press("Finish writing")
    stage.maria.go(address)
    stage.maria.does_not_see("On track with element 1")
    discuss_and_acknowledge(stage, address)
    stage.maria.sees("On track with element 1")


def annual_appraisal(stage: Stage, record: str) -> str:
    dana, maria, henry = stage.dana, stage.maria, stage.henry
    dana.go(record)
    dana.press(re.compile("^Start.*appraisal"))
    address = dana.page.url
    given = [f"What I did for element {number}" for number in (1, 2, 3)]
    write_all(maria, address, "^Your input", given, first="^Write$")
    maria.go(address)
    maria.press("Send my input")
    maria.press("Send my input")
    dana.go(address)
    dana.press("Rate the elements")
    dana.sees("What I did for element 1")
    for number, level in enumerate(("5", "3", "5"), start=1):
        dana.page.locator(f'input[name="level"][value="{level}"]').check(force=True)
        dana.fill(re.compile("^Narrative"), f"Narrative for element {number}.")
        dana.press(re.compile("^Save and go to") if number < 3 else "Save")
    dana.go(address)
    dana.sees("13 ÷ 3 = 4.33")
    submit(stage, address)
    maria.go(address)
    maria.does_not_see("Narrative for element 1.")
    maria.does_not_see("Outstanding")
    henry.go("/reviews/")
    henry.press(re.compile("Maria Ortega"))
    henry.press("Approve")
    henry.press("Approve")
    maria.go(address)
    maria.does_not_see("Outstanding")
    discuss_and_acknowledge(stage, address)
    maria.sees("Summary rating: Outstanding.")
    return address


def form_text(actor: Actor, record: str) -> str:
    answer = actor.context.request.get(f"{record}form.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.body())).pages)


def test_a_whole_cycle(stage: Stage) -> None:
    plan_address = plan(stage)
    stage.dana.go(plan_address)
    record = stage.dana.page.get_by_role("link", name="Maria Ortega, FY 2028").get_attribute("href")
    assert record is not None
    stage.move_date("2027-10-14")
    progress_review(stage, record)
    stage.move_date("2028-04-05")
    annual_appraisal(stage, record)
    stage.maria.go(record)
    stage.maria.sees("1 June 2028")
    text = form_text(stage.maria, record)
    for expected in ("Narrative for element 3.", "Outstanding", "Maria Ortega", "2906"):
        assert expected in text
    stage.maria.go(f"{record}timeline/")
    stage.maria.sees("lapsed certificates")
    stage.ana.go("/")
    stage.miriam.go("/hr/appraisals/?q=Ortega")
    stage.miriam.press(re.compile("Maria Ortega"))
    stage.robert.go("/audit/")
    stage.robert.sees("Maria Ortega")
    stage.close()


def test_typing_is_saved_within_seconds(browser: Browser, server: Server) -> None:
    maria = Actor(browser, server.address, CAST["maria"])
    maria.go("/")
    maria.press("Open your FY 2027 record")
    maria.press(re.compile("^Open.*annual appraisal", re.IGNORECASE))
    maria.press(re.compile("^Write$"))
    box = maria.page.get_by_label(re.compile("^Your input"))
    with maria.page.expect_response(lambda answer: answer.request.method == "POST") as saved:
        box.fill("Typed, never sent by a button.")
    assert saved.value.ok
    expect(maria.page.locator(".save-state")).to_contain_text("Saved")
    maria.page.reload()
    expect(box).to_have_value("Typed, never sent by a button.")
    maria.close()
