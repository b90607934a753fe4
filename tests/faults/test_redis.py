"""The broker goes away while people work. Nothing is refused, nothing lost, nothing sent twice."""

from collections.abc import Iterator

import pytest

from orgchart import waking
from tests.faults.account import assert_told_once, mail_at_once, settled
from tests.faults.servers import until
from tests.faults.site import Site
from tests.faults.steps import Step, acknowledgments, approvals, state_of, take
from tests.faults.visitor import Page, Visitor

DELAYED = "E-mail and exports are delayed at the moment."
INPUTS = """
SELECT s.id, p.email FROM appraisals_section s
JOIN appraisals_document d ON d.id = s.document_id
JOIN appraisals_appraisal a ON a.id = d.appraisal_id
JOIN orgchart_person p ON p.id = a.employee_id
WHERE s.kind = 'employee_input' AND d.state = 'draft' ORDER BY s.id
"""


class People:
    """Each signs in once and stays at their window."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.windows: dict[str, Visitor] = {}

    def __getitem__(self, email: str) -> Visitor:
        if email not in self.windows:
            self.windows[email] = Visitor(self.site.address, email)
        return self.windows[email]

    def waited(self) -> float:
        """The longest for one page since this was asked the last time."""
        longest = max(visitor.slowest for visitor in self.windows.values())
        for visitor in self.windows.values():
            visitor.slowest = 0.0
        return longest


def step(people: People, todo: Step) -> Page:
    page = take(todo, people[todo.actor])
    reached = {"approve": "approved", "acknowledge": "acknowledged"}[todo.name]
    assert state_of(people.site, todo) == reached
    return page


def save(people: People, section: int, email: str, text: str) -> Page:
    visitor = people[email]
    page = visitor.press(visitor.get(f"/sections/{section}/"), "Save", text=text)
    kept = people.site.one("SELECT text FROM appraisals_section WHERE id = %s", section)
    assert kept == text
    return page


@pytest.fixture
def people(house: Site) -> Iterator[People]:
    mail_at_once(house)
    house.web()
    return People(house)


def test_everything_goes_on_without_the_broker_and_what_waits_is_sent_once(house, people):
    house.worker()
    house.beat()
    todo = (approvals(house)[:8], acknowledgments(house)[:8])
    before, during, after = ([each for some in todo for each in some[k::4]] for k in range(3))
    inputs = house.rows(INPUTS)[:6]
    for each in before:
        assert DELAYED not in step(people, each).text
    settled(house, within=60)

    usual = people.waited()
    house.redis.kill()
    pages = [step(people, each) for each in during]
    pages += [save(people, pk, email, f"Written without it, {pk}.") for pk, email in inputs]
    # Each web process finds out by itself.
    assert all(DELAYED in page.text for page in pages[-4:])
    assert people.waited() < usual * 3 + waking.PATIENCE
    house.redis.start()

    for each in after:
        step(people, each)
    settled(house, within=60)
    told = [each.tells for each in (*before, *during, *after)]
    assert_told_once(house, told, kinds=["approved", "acknowledged"])
    reader = people[after[0].actor]
    until(lambda: DELAYED not in reader.get("/").text, what="the notice is gone")
