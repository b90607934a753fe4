"""Everything each kind of person can come to from home and navigation, as they see it."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser

from tests.e2e.actor import Actor
from tests.e2e.conftest import Server

pytestmark = pytest.mark.e2e

ROLES = {
    "employee": "maria.ortega@example.mil",
    "first-level supervisor": "dana.whitfield@example.mil",
    "second-level supervisor": "henry.okafor@example.mil",
    "senior leader": "ana.reyes@example.mil",
    "HR administrator": "miriam.castellano@example.mil",
    "auditor": "robert.ashby@example.mil",
}
DEPTH = 2
FEWEST = 9  # an auditor's: the log, the organizations and people, and what everybody has
WIDTHS = (1280, 320)
# A form is no page; signing out and starting over would end the walk.
LEFT_OUT = re.compile(
    r"/(blank-)?form\.pdf$|/forms/blank\.pdf|/sign-out/|/practice/restart/|^/static/"
)
DOWNLOAD = re.compile(r"(^|&)format=(csv|xlsx)(&|$)")


def kind_of(path: str) -> str:
    """The address without its numbers and codes: one page of each kind is enough."""
    path = re.sub(r"/organizations/[^/]+/", "/organizations/CODE/", path)
    return re.sub(r"\d+", "0", path)


def links_of(actor: Actor) -> list[str]:
    hrefs = actor.page.eval_on_selector_all(
        "a[href]", "links => links.map(link => link.getAttribute('href'))"
    )
    found = [urlsplit(urljoin(actor.page.url, href)) for href in hrefs]
    here = urlsplit(actor.address).netloc
    return [
        f"{each.path}?{each.query}" if each.query else each.path
        for each in found
        if each.netloc == here
        and not LEFT_OUT.search(each.path)
        and not DOWNLOAD.search(each.query)
    ]


class Walk:
    """Breadth first from home; the navigation is on every page."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.visited: set[str] = set()
        self.titles: dict[str, str] = {}

    def go(self) -> None:
        ahead = ["/"]
        for _ in range(DEPTH + 1):
            found: list[str] = []
            for address in ahead:
                if self._is_new(address):
                    self._visit(address)
                    found += links_of(self.actor)
            ahead = found

    def _is_new(self, address: str) -> bool:
        kind = kind_of(urlsplit(address).path)
        is_new = kind not in self.visited
        self.visited.add(kind)
        return is_new

    def _visit(self, address: str) -> None:
        page, problems = self.actor.page, self.actor.problems
        answer = page.goto(address)
        if answer is None or answer.status >= 400:
            problems.append(f"{address}: {answer and answer.status}")
            return
        self._note_title(kind_of(urlsplit(page.url).path), page.title())
        for width in (*WIDTHS, *([768] if address == "/" else [])):
            page.set_viewport_size({"width": width, "height": 900})
            before = len(problems)
            self.actor.inspect()
            problems[before:] = [f"{width} px: {problem}" for problem in problems[before:]]

    def _note_title(self, kind: str, title: str) -> None:
        if not title.removesuffix("· dpmap").strip():
            self.actor.problems.append(f"{kind} has no title")
        other = self.titles.setdefault(title, kind)
        if other != kind:
            self.actor.problems.append(f"{kind} and {other} are both called “{title}”")


@pytest.mark.parametrize("role", ROLES)
def test_every_page_in_reach(browser: Browser, shared_server: Server, role: str) -> None:
    actor = Actor(browser, shared_server.address, ROLES[role])
    walk = Walk(actor)
    walk.go()
    assert len(walk.visited) >= FEWEST
    actor.close()
