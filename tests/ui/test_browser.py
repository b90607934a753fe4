"""The gallery in a real Chromium: accessible, fitting, and its scripts doing what they say."""

import json

import pytest
from playwright.sync_api import Page, expect

from dpmap.gallery import ERRORS
from tests.browser import violations

pytestmark = pytest.mark.e2e

SAVED = """Saved 10:43 · version 8
<input type="hidden" name="version" id="id_version" value="8" hx-swap-oob="true">
<div id="rating-conflict" class="conflict-slot" hx-swap-oob="true"></div>"""


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("where", ["/gallery/", "/gallery/?wrong", "/about/privacy/", "/nowhere/"])
def test_accessible_and_without_sideways_scrolling(page: Page, where, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(where)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("status", ERRORS)
def test_error_pages_are_accessible(page: Page, status):
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"/gallery/?error={status}")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_text_spacing_cuts_nothing_off(page: Page):
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto("/gallery/")
    page.evaluate("""() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
            word-spacing: .16em !important; } p { margin-bottom: 2em !important; }`);
        document.adoptedStyleSheets = [sheet];
    }""")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_menu_of_a_phone_opens_without_javascript(browser, address):
    context = browser.new_context(
        base_url=address, viewport={"width": 320, "height": 640}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/gallery/")
    link = page.locator(".menu__panel a", has_text="My team")
    expect(link).to_be_hidden()
    page.locator(".menu summary").click()
    expect(link).to_be_visible()
    expect(page.locator(".menu__panel button", has_text="Sign out")).to_be_visible()
    expect(page.locator("#id_text_count")).to_have_text("up to 2,000 characters")
    context.close()


def test_every_target_is_big_enough(page: Page):
    page.goto("/gallery/")
    small = page.evaluate("""() => [...document.querySelectorAll("button, .btn, summary, .main-nav a, .pages a")]
        .filter((one) => one.checkVisibility()).map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
        .filter(([, box]) => box.width < 24 || box.height < 24).map(([text]) => text)""")
    assert small == []


def test_focus_goes_to_the_summary_and_from_it_to_the_field(page: Page):
    page.goto("/gallery/?wrong")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.get_by_role("link", name="Date of the discussion").click()
    expect(page.locator("#id_held_on")).to_be_focused()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "20 of 20 characters left"),
        ("a\r\nb\rc\nd", "13 of 20 characters left"),
        ("e\u0301 🚒", "16 of 20 characters left"),
        ("x" * 20, "0 of 20 characters left"),
        ("x" * 21, "1 character too many"),
        ("x" * 1030, "1,010 characters too many"),
    ],
)
def test_characters_are_counted_as_the_server_counts(page: Page, text, words):
    page.goto("/gallery/")
    page.locator("#id_reason").fill(text)
    count = page.locator("#id_reason_count")
    expect(count).to_have_text(words)
    assert ("over" in count.get_attribute("class").split()) == ("too many" in words)


def test_second_click_is_not_sent(page: Page):
    page.goto("/gallery/")
    sent = []
    page.route(
        "**/gallery/", lambda route: (sent.append(route.request.method), route.fulfill(status=204))
    )
    button = page.get_by_role("button", name="Take back")
    button.evaluate("(button) => { button.click(); button.click(); }")
    page.wait_for_timeout(300)
    button.evaluate("(button) => button.click()")
    page.wait_for_timeout(300)
    assert sent == ["POST"]
    assert button.get_attribute("disabled") is None


class Saves:
    """Answers the autosave of the gallery's rating form and remembers what was sent."""

    def __init__(self, page: Page) -> None:
        self.page, self.sent, self.answer = page, [], {"status": 200, "body": SAVED}
        page.route("**/gallery/", self.take)
        page.goto("/gallery/")
        self.state = page.locator("#rating-save-state")
        self.text = page.locator("#id_text")

    def take(self, route):
        if route.request.method != "POST":
            route.continue_()
            return
        self.sent.append(route.request.post_data or "")
        if self.answer == "cut":
            route.abort()
        else:
            route.fulfill(content_type="text/html", **self.answer)


@pytest.fixture
def saves(page: Page) -> Saves:
    return Saves(page)


def test_typing_is_saved_and_the_version_moves_on(saves: Saves, page: Page):
    saves.text.press_sequentially(" More.")
    expect(saves.state).to_have_text("Saved 10:43 · version 8", timeout=5000)
    assert len(saves.sent) == 1
    assert "level=5" in saves.sent[0]
    expect(page.locator("#id_version")).to_have_value("8")
    assert not page.evaluate(UNSAVED)


UNSAVED = "() => { const leaving = new Event('beforeunload', {cancelable: true}); dispatchEvent(leaving); return leaving.defaultPrevented; }"


def test_leaving_is_stopped_only_while_unsaved(saves: Saves, page: Page):
    assert not page.evaluate(UNSAVED)
    saves.text.press_sequentially("x")
    assert page.evaluate(UNSAVED)


def test_a_failure_is_said_and_tried_again(saves: Saves, page: Page):
    saves.answer = "cut"
    saves.text.press_sequentially("x")
    expect(saves.state).to_have_text("Not saved yet - trying again", timeout=5000)
    assert page.evaluate(UNSAVED)
    saves.answer = {"status": 200, "body": SAVED}
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(saves.state).to_have_text("Saved 10:43 · version 8")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_rule_that_refuses_is_said(saves: Saves):
    saves.answer = {"status": 422, "body": "Not saved: the text is 12 characters too long."}
    saves.text.press_sequentially("x")
    expect(saves.state).to_have_text("Not saved: the text is 12 characters too long.", timeout=5000)


def test_an_answer_from_the_sign_in_page_is_not_put_into_the_page(saves: Saves, page: Page):
    # A made-up redirect is not followed by the browser, a real one of the site is.
    page.evaluate("document.querySelector('#rating').setAttribute('hx-post', '/session/extend/')")
    page.evaluate("htmx.process(document.querySelector('#rating'))")
    saves.text.press_sequentially("x")
    expect(saves.state).to_have_text(
        "Not saved: you were signed out. Sign in in another tab, then type on here.", timeout=5000
    )
    expect(page.locator("h1")).to_have_count(1)


CONFLICT = """Not saved: there is a newer version.
<div id="rating-conflict" class="conflict-slot" hx-swap-oob="true"><section class="conflict">
<div class="read" data-theirs>The other text</div>
<button type="button" data-conflict="mine" data-form="rating" data-version="9" data-version-input="id_version">Keep my text</button>
<button type="button" data-conflict="theirs" data-form="rating" data-version="9" data-version-input="id_version" data-field="id_text">Take the other text</button>
</section></div>"""


@pytest.mark.parametrize(
    ("choice", "text"), [("Keep my text", "Mine"), ("Take the other text", "The other text")]
)
def test_a_conflict_shows_both_texts_and_either_can_be_kept(saves: Saves, page: Page, choice, text):
    saves.answer = {"status": 409, "body": CONFLICT}
    saves.text.fill("Mine")
    expect(page.locator("#rating-conflict [data-theirs]")).to_have_text(
        "The other text", timeout=5000
    )
    saves.text.press_sequentially("!")
    page.wait_for_timeout(2500)
    assert len(saves.sent) == 1, "nothing is sent while two texts wait for a choice"
    saves.text.fill("Mine")
    saves.answer = {"status": 200, "body": SAVED}
    page.get_by_role("button", name=choice).click()
    expect(saves.state).to_contain_text("Saved 10:43")
    assert "version=9" in saves.sent[-1]
    expect(saves.text).to_have_value(text)
    expect(page.locator("#rating-conflict [data-theirs]")).to_have_count(0)


def test_a_button_waits_for_the_save_on_its_way(saves: Saves, page: Page):
    held = []
    page.unroute("**/gallery/")
    page.route("**/gallery/", lambda route: held.append(route))
    saves.text.press_sequentially("x")
    page.wait_for_timeout(2500)
    assert len(held) == 1
    page.get_by_role("button", name="Save and go to element 3").click(no_wait_after=True)
    page.wait_for_timeout(200)
    assert len(held) == 1
    held[0].fulfill(content_type="text/html", body=SAVED)
    page.wait_for_timeout(500)
    assert len(held) == 2
    assert "version=8" in held[1].request.post_data
    assert "next=" in held[1].request.post_data
    held[1].abort()


def with_session(page: Page, seconds: int) -> None:
    def shorten(route):
        answer = route.fetch()
        html = answer.text().replace(
            'data-session-seconds="900"', f'data-session-seconds="{seconds}"'
        )
        route.fulfill(response=answer, body=html)

    page.route("**/gallery/", shorten)
    page.goto("/gallery/")


def test_warned_before_the_session_ends_and_kept_by_one_button(page: Page):
    page.route("**/session/extend/", lambda route: route.fulfill(status=204))
    with_session(page, 121)
    dialog = page.get_by_role("dialog", name="Are you still there?")
    expect(dialog).to_be_visible(timeout=4000)
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    assert violations(page) == []
    page.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_be_hidden()


def test_escape_is_an_answer_too(page: Page):
    asked = []
    page.route("**/session/extend/", lambda route: (asked.append(1), route.fulfill(status=204)))
    with_session(page, 121)
    expect(page.get_by_role("dialog")).to_be_visible(timeout=4000)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert asked == [1]


def test_after_the_end_the_sign_in_page_knows_the_way_back(page: Page):
    page.route("**/sign-in/**", lambda route: route.fulfill(content_type="text/html", body="in"))
    with_session(page, 1)
    page.wait_for_url("**/sign-in/?next=%2Fgallery%2F", timeout=5000)


def test_htmx_may_do_no_more_than_it_needs(page: Page):
    page.goto("/gallery/")
    config = json.loads(page.locator('meta[name="htmx-config"]').get_attribute("content"))
    assert config["allowEval"] is False
    assert config["selfRequestsOnly"] is True
    assert page.evaluate("htmx.config.allowEval") is False
    assert page.evaluate("document.querySelectorAll('style').length") == 0
