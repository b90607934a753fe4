"""Everything each kind of person can come to from home and navigation, as they see it."""

import re
from collections import Counter
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve
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
EVERYBODY = {
    *("/journal/", "/check-ins/", "/requests/", "/requests/new/", "/feedback/", "/recognition/"),
    *("/line-of-sight/", "/organizations/", "/notices/", "/calendar/", "/worked-examples/"),
    *("/check-ins/0/", "/check-ins/0/held/", "/feedback/new/", "/people/0/recognize/"),
}
OF_A_RECORD = {
    *("/appraisals/0/", "/appraisals/0/timeline/", "/appraisals/0/viewers/", "/documents/0/"),
    *("/appraisals/0/rateability/", "/appraisals/0/consequences/", "/sections/0/", "/my-file/"),
}
RATES = {
    *("/team/", "/departures/", "/people/0/leaves/", "/delegates/", "/delegates/new/"),
    *("/appraisals/0/officials/", "/appraisals/0/assistance/", "/appraisals/0/on-paper/"),
    *("/appraisals/0/more-time/", "/organizations/CODE/cycle/", "/organizations/CODE/reports/"),
}
REVIEWS = {
    "/reviews/",
    "/reviews/approve/",
    "/reviews/supervisors/",
    "/reviews/supervisors/training/",
}
ADMINISTERS = {
    *("/hr/", "/hr/appraisals/", "/hr/without-plan/", "/hr/cycles/", "/hr/policy/", "/hr/roster/"),
    *("/hr/stranded/", "/hr/delegates/", "/hr/training/", "/hr/not-rated/", "/hr/disagreements/"),
    *("/hr/opportunities/", "/hr/records/", "/hr/records/holds/", "/hr/records/lists/0/"),
    *("/hr/records/transfers/", "/hr/records/transfers/send/", "/hr/records/transfers/receive/"),
    *("/hr/policy/drafts/0/", "/hr/policy/drafts/0/edit/", "/hr/policy/drafts/0/examples/"),
    *("/hr/mandatory/new/", "/hr/mandatory/0/", "/hr/reminders/", "/hr/e-mail/", "/hr/feed/"),
    *("/hr/archives/", "/hr/reorganizations/", "/disagreements/0/", "/appraisals/0/rating/"),
}
REACHES = {
    "employee": EVERYBODY | OF_A_RECORD | {"/appraisals/0/rating/", "/journal/0/"},
    "first-level supervisor": EVERYBODY | OF_A_RECORD - {"/my-file/"} | RATES,
    "second-level supervisor": EVERYBODY | OF_A_RECORD | RATES | REVIEWS,
    "senior leader": EVERYBODY | OF_A_RECORD - {"/my-file/"} | RATES | REVIEWS,
    "HR administrator": EVERYBODY | OF_A_RECORD | RATES | REVIEWS | ADMINISTERS,
    "auditor": EVERYBODY | {"/audit/", "/organizations/CODE/history/"},
}
DEPTH = 5
READ = 3
"""Of each kind of page so many more are read for their links: each may lead somewhere else."""
WIDTHS = (1280, 320)
# A file is no page; signing out and starting over would end the walk.
LEFT_OUT = re.compile(
    r"\.(pdf|zip|csv|json|xlsx|ics)$|/sign-out/|/practice/restart/|^/static/|^/gallery/"
)
DOWNLOAD = re.compile(r"(^|&)format=(csv|xlsx)(&|$)")
HREF = re.compile(r'<a\b[^>]*\bhref="([^"]+)"')


def kind_of(address: str) -> str:
    """The name of its address: one page of each is enough."""
    path = urlsplit(address).path
    try:
        return resolve(path).url_name or path
    except Resolver404:
        # What only practice has, the settings of these tests do not know.
        return path


def links_of(page: str, address: str) -> list[str]:
    """Where a page leads within this site."""
    found = [urlsplit(urljoin(address, unescape(href))) for href in HREF.findall(page)]
    here = urlsplit(address).netloc
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
        self.visited: Counter[str] = Counter()
        self.known: set[str] = set()
        self.titles: dict[str, str] = {}

    def go(self) -> None:
        ahead = ["/"]
        for _ in range(DEPTH + 1):
            found: list[str] = []
            for address in ahead:
                if self._is_new(address):
                    is_first = self.visited[kind_of(address)] == 1
                    page = self._look(address) if is_first else self._read(address)
                    found += links_of(page, self.actor.address + address)
            ahead = found

    def _is_new(self, address: str) -> bool:
        kind = kind_of(address)
        if address in self.known or self.visited[kind] > READ:
            return False
        self.known.add(address)
        self.visited[kind] += 1
        return True

    def _read(self, address: str) -> str:
        answer = self.actor.page.request.get(address)
        if not answer.ok:
            self.actor.problems.append(f"{address}: {answer.status}")
        return answer.text()

    def _look(self, address: str) -> str:
        page, problems = self.actor.page, self.actor.problems
        answer = page.goto(address)
        if answer is None or answer.status >= 400:
            problems.append(f"{address}: {answer and answer.status}")
            return ""
        self._note_title(kind_of(page.url), page.title())
        for width in (*WIDTHS, *([768] if address == "/" else [])):
            page.set_viewport_size({"width": width, "height": 900})
            before = len(problems)
            self.actor.inspect()
            problems[before:] = [f"{width} px: {problem}" for problem in problems[before:]]
        return page.content()

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
    assert not {kind_of(path) for path in REACHES[role]} - set(walk.visited)
    actor.close()
