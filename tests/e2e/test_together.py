"""Several windows and several persons at one text: nothing typed is lost, nothing happens twice."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from tests.e2e.actor import Actor
from tests.e2e.conftest import Enter

pytestmark = pytest.mark.e2e

MARIA = "maria.ortega@example.mil"
DANA = "dana.whitfield@example.mil"
SAVING = 15_000
SIGNED_OUT = "Not saved: you were signed out."


def narrative(actor: Actor) -> Locator:
    return actor.page.get_by_label(re.compile("^Narrative"))


def own_input(actor: Actor) -> Locator:
    return actor.page.get_by_label(re.compile("^Your input"))


def open_rating(dana: Actor) -> str:
    """Dana's rating of Maria, at the first element that is not rated."""
    dana.go("/team/")
    dana.press(re.compile("^Continue.*Maria Ortega"))
    return dana.page.url


def open_own_input(maria: Actor) -> str:
    maria.go("/")
    maria.press("Open your FY 2027 record")
    maria.press(re.compile("^Open.*annual appraisal", re.IGNORECASE))
    maria.press(re.compile("^Write$"))
    return maria.page.url


def is_save(answer: Response) -> bool:
    return answer.request.method == "POST" and "/sections/" in answer.request.url


def type_until_answered(page: Page, box: Locator, text: str) -> int:
    """The status of the autosave that follows the typing."""
    with page.expect_response(is_save, timeout=SAVING) as answered:
        box.fill(text)
    return answered.value.status


def collide(first: Actor, second: Actor) -> None:
    """Both have the same text open; the second saves, then the first, who saw the old version."""
    second.go(open_rating(first))
    # A text of its own first: an earlier test may have left the same words, and saving them is no change.
    type_until_answered(second.page, narrative(second), f"Begun at {time.monotonic_ns()}.")
    saved = type_until_answered(second.page, narrative(second), "From the second window.")
    refused = type_until_answered(first.page, narrative(first), "From the first window.")
    assert (saved, refused) == (200, 409)
    conflict = first.page.locator(".conflict")
    expect(conflict).to_contain_text("From the first window.")
    expect(conflict).to_contain_text("From the second window.")
    expect(conflict).to_contain_text("Dana Whitfield saved this text at")
    expect(narrative(first)).to_have_value("From the first window.")
    first.inspect()


@pytest.mark.parametrize(
    ("button", "kept"),
    [
        ("Keep my text", "From the first window."),
        ("Take the other text", "From the second window."),
    ],
)
def test_stale_autosave_shows_both_texts(enter: Enter, button: str, kept: str) -> None:
    first, second = enter(DANA), enter(DANA)
    collide(first, second)
    with first.page.expect_response(is_save, timeout=SAVING) as answered:
        first.page.get_by_role("button", name=button).click()
    assert answered.value.status == 200
    expect(first.page.locator(".conflict")).to_have_count(0)
    expect(narrative(first)).to_have_value(kept)
    first.page.reload()
    expect(narrative(first)).to_have_value(kept)
    # The window that lost is told as well, not overwritten and not allowed to overwrite.
    if button == "Keep my text":
        assert type_until_answered(second.page, narrative(second), "Later.") == 409


def test_typing_during_a_conflict_is_kept(enter: Enter) -> None:
    first, second = enter(DANA), enter(DANA)
    collide(first, second)
    narrative(first).fill("From both windows, put together.")
    with first.page.expect_response(is_save, timeout=SAVING) as answered:
        first.page.get_by_role("button", name="Keep my text").click()
    assert answered.value.status == 200
    first.page.reload()
    expect(narrative(first)).to_have_value("From both windows, put together.")


def test_stale_save_without_javascript_shows_both_texts(enter: Enter) -> None:
    first, second = enter(DANA, javascript=False), enter(DANA, javascript=False)
    address = open_rating(first)
    second.go(address)
    narrative(second).fill("Plain, from the second window.")
    second.press(re.compile("^Save"))
    narrative(first).fill("Plain, from the first window.")
    with first.page.expect_response(is_save) as answered:
        first.press(re.compile("^Save"))
    assert answered.value.status == 409
    conflict = first.page.locator(".conflict")
    expect(conflict).to_contain_text("Plain, from the first window.")
    expect(conflict).to_contain_text("Plain, from the second window.")
    expect(narrative(first)).to_have_value("Plain, from the first window.")
    first.press(re.compile("^Save"))
    first.go(address)
    expect(narrative(first)).to_have_value("Plain, from the first window.")
    first.press("Earlier versions")
    first.sees("second")


def test_employee_and_rating_official_type_at_the_same_time(enter: Enter) -> None:
    maria, dana = enter(MARIA), enter(DANA)
    open_own_input(maria)
    open_rating(dana)
    for words in ("One sentence.", "One sentence. And another."):
        assert type_until_answered(maria.page, own_input(maria), f"Maria: {words}") == 200
        assert type_until_answered(dana.page, narrative(dana), f"Dana: {words}") == 200
    for actor, box, text in (
        (maria, own_input(maria), "Maria: One sentence. And another."),
        (dana, narrative(dana), "Dana: One sentence. And another."),
    ):
        actor.page.reload()
        expect(box).to_have_value(text)


def happened(actor: Actor, record: str) -> int:
    actor.go(f"{record}timeline/")
    words = actor.page.get_by_role("heading", name=re.compile(r"^\d+ events?$")).inner_text()
    return int(words.split()[0])


def press_twice(actor: Actor, button: str) -> None:
    actor.page.get_by_role("button", name=button).dblclick()
    actor.page.wait_for_load_state()
    expect(actor.page.get_by_role("button", name=button)).to_have_count(0)
    actor.inspect()


@pytest.mark.parametrize(
    ("email", "javascript"),
    [("renee.damico@example.mil", True), ("hana.petrovic@example.mil", False)],
    ids=["with JavaScript", "without JavaScript"],
)
def test_sending_input_twice_sends_it_once(enter: Enter, email: str, javascript: bool) -> None:
    employee = enter(email, javascript=javascript)
    employee.press("Open your FY 2027 record")
    record = employee.page.url
    before = happened(employee, record)
    employee.go(record)
    employee.press(re.compile("^Open.*annual appraisal", re.IGNORECASE))
    employee.press("Send my input")
    press_twice(employee, "Send my input")
    assert happened(employee, record) == before + 1


def test_sending_a_rating_twice_sends_it_once(enter: Enter) -> None:
    dana = enter(DANA)
    dana.go("/team/")
    dana.press("Paul Sørensen")
    record = dana.page.url
    before = happened(dana, record)
    dana.go(record)
    dana.press(re.compile("^Revise"))
    dana.press("Send to the higher level reviewer")
    press_twice(dana, "Send to the higher level reviewer")
    assert happened(dana, record) == before + 1


def sign_out_elsewhere(actor: Actor, tab: Page) -> None:
    tab.goto("/")
    tab.get_by_role("button", name="Sign out").first.click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("signed out")


def let_the_session_end(actor: Actor, tab: Page) -> None:
    actor.context.clear_cookies(name="session")


@pytest.mark.parametrize("end", [sign_out_elsewhere, let_the_session_end])
def test_typing_goes_on_after_signing_in_again(
    enter: Enter, end: Callable[[Actor, Page], None]
) -> None:
    maria = enter(MARIA)
    open_own_input(maria)
    typed = f"Before, {end.__name__}."
    assert type_until_answered(maria.page, own_input(maria), typed) == 200
    tab = maria.context.new_page()
    end(maria, tab)
    typed += " While signed out."
    own_input(maria).fill(typed)
    expect(maria.page.get_by_text(SIGNED_OUT)).to_be_visible(timeout=SAVING)
    expect(own_input(maria)).to_have_value(typed)
    maria.inspect()
    tab.goto("/sign-in/")
    maria.sign_in_at(tab)
    tab.goto(maria.page.url)
    expect(tab.get_by_label(re.compile("^Your input"))).to_have_value(f"Before, {end.__name__}.")
    typed += " And after."
    own_input(maria).fill(typed)
    expect(maria.page.locator(".save-state")).to_contain_text("Saved", timeout=SAVING)
    maria.page.reload()
    expect(own_input(maria)).to_have_value(typed)
