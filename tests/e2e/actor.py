"""One person at one browser. Every page they come to is examined."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    expect,
)

from tests.browser import EXPECTED, violations

PASSWORD = "Calloway-Practice-2027"


class Actor:
    """`problems` collects what is wrong with any page seen: axe's findings, script errors, requests to
    other hosts, pages wider than the window, missing titles."""

    def __init__(
        self,
        browser: Browser,
        address: str,
        email: str,
        *,
        javascript: bool = True,
        width: int = 1280,
    ) -> None:
        self.address, self.email, self.javascript = address, email, javascript
        self.problems: list[str] = []
        self.seen: set[str] = set()
        self.context: BrowserContext = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
        )
        self.context.set_default_timeout(10_000)
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._said)
        self.page.on("request", self._asked)
        self._sign_in()

    def _said(self, said: ConsoleMessage) -> None:
        if said.type == "error" and not said.text.startswith(EXPECTED):
            self.problems.append(f"{self.page.url}: {said.text}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme != "data" and parts.netloc != urlsplit(self.address).netloc:
            self.problems.append(f"a request to {parts.netloc}")

    def _sign_in(self) -> None:
        self.go("/sign-in/")
        self.sign_in_at(self.page)

    def sign_in_at(self, page: Page) -> None:
        """On the sign-in page, which may be another tab."""
        page.locator("[name=username]").fill(self.email)
        page.locator("[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("button", name="Sign out").first).to_be_attached()

    def examine(self) -> None:
        """Once for each address without its numbers and query."""
        kind = re.sub(r"\d+", "0", urlsplit(self.page.url).path)
        if kind in self.seen:
            return
        self.seen.add(kind)
        self.inspect()

    def inspect(self) -> None:
        if self.page.locator("h1").count() != 1:
            self.problems.append(f"{self.page.url}: not one h1")
        if not self.javascript:
            return
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        if self.page.evaluate(wide):
            self.problems.append(f"{self.page.url} is wider than the window")
        self.problems += violations(self.page)

    def go(self, path: str) -> None:
        """Once more where a page that turns by itself came between."""
        try:
            self.page.goto(path)
        except Error as error:
            if "ERR_ABORTED" not in error.message:
                raise
            self.page.goto(path)
        self.examine()

    def press(self, name: str | re.Pattern[str]) -> None:
        """A link or a button, whichever has this name; the page it leads to is examined."""
        found = self.page.get_by_role("link", name=name).or_(
            self.page.get_by_role("button", name=name)
        )
        found.first.click()
        self.page.wait_for_load_state()
        self.examine()

    def fill(self, label: str | re.Pattern[str], text: str) -> None:
        self.page.get_by_label(label).first.fill(text)

    def choose(self, label: str) -> None:
        self.page.get_by_label(label).first.check(force=True)

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def does_not_see(self, text: str) -> None:
        expect(self.page.get_by_text(text)).to_have_count(0)

    def close(self) -> None:
        self.context.close()
        assert not self.problems, "\n".join(self.problems)
