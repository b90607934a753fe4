"""Somebody who uses the pages: signs in, fills in forms, presses buttons. Notes what each answer took."""

import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urljoin

from lxml import html

from appraisals.demonstration.place import PASSWORD

SLOWEST = 60


@dataclass(frozen=True)
class Page:
    status: int
    url: str
    tree: html.HtmlElement

    @property
    def text(self) -> str:
        return " ".join(self.tree.text_content().split())

    @property
    def buttons(self) -> list[str]:
        return [_words(found) for form in self.tree.forms for found in form.iter("button", "input")]

    def form_of(self, button: str) -> html.FormElement:
        for form in self.tree.forms:
            if any(_words(found) == button for found in form.iter("button", "input")):
                return form
        raise AssertionError(f"No button “{button}” on {self.url}: {self.text}")


def _words(element: html.HtmlElement) -> str:
    return " ".join((element.text_content() or element.get("value") or "").split())


class Visitor:
    def __init__(self, address: str, email: str) -> None:
        self.address, self.email = address, email
        self.slowest = 0.0
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar()), urllib.request.ProxyHandler({})
        )
        page = self.press(self.get("/sign-in/"), "Sign in", username=email, password=PASSWORD)
        assert "Sign out" in page.text, page.text

    def get(self, path: str) -> Page:
        return self._open(urljoin(self.address, path))

    def press(self, page: Page, button: str, **values: str) -> Page:
        """What the form holds already goes with it, as from a browser."""
        form = page.form_of(button)
        fields = dict(form.form_values()) | values
        return self._open(urljoin(page.url, form.action or page.url), fields)

    def _open(self, url: str, fields: dict[str, str] | None = None) -> Page:
        data = urlencode(fields).encode() if fields is not None else None
        request = urllib.request.Request(url, data, {"Referer": url})  # noqa: S310
        begun = time.monotonic()
        try:
            with self._opener.open(request, timeout=SLOWEST) as answer:
                page = Page(answer.status, answer.url, html.fromstring(answer.read()))
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{error.code} at {url}: {_said(error)}") from None
        self.slowest = max(self.slowest, time.monotonic() - begun)
        return page


def _said(error: urllib.error.HTTPError) -> str:
    with error:
        return " ".join(html.fromstring(error.read()).text_content().split())
