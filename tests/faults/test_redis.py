"""The broker goes away while people work. Nothing is refused, nothing lost, nothing sent twice."""

import time
from collections.abc import Iterator

import pytest

from orgchart import waking
from tests.faults.account import assert_told_once, mail_at_once, settled
from tests.faults.servers import until
from tests.faults.site import Site
from tests.faults.steps import Step, acknowledgments, approvals, state_of, take
from tests.faults.visitor import Page, Visitor

DELAYED = "E-mail and exports are delayed at the moment."
MINUTE = 60
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
    """The button of the last text also says where saving leads."""
    visitor = people[email]
    page = visitor.get(f"/sections/{section}/")
    button = next(words for words in page.buttons if words.startswith("Save"))
    page = visitor.press(page, button, text=text)
    kept = people.site.one("SELECT text FROM appraisals_section WHERE id = %s", section)
    assert kept == text
    return page


@pytest.fixture
def people(house: Site) -> Iterator[People]:
    mail_at_once(house)
    house.web()
    return People(house)


def split(todo: list[Step], parts: int) -> list[list[Step]]:
    return [todo[number::parts] for number in range(parts)]


def assert_all_told(house: Site, *steps: list[Step]) -> None:
    told = [each.tells for some in steps for each in some]
    assert_told_once(house, told, kinds=["approved", "acknowledged"])


def notice_is_gone(people: People, email: str) -> None:
    until(lambda: DELAYED not in people[email].get("/").text, what="the notice is gone")


def test_everything_goes_on_without_the_broker_and_what_waits_is_sent_once(house, people):
    house.worker()
    house.beat()
    before, during, after = split([*approvals(house)[:8], *acknowledgments(house)[:4]], 3)
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
    # The worker looks for the broker at growing intervals, and what it missed comes with the next beat.
    settled(house, within=180)
    assert_all_told(house, before, during, after)
    notice_is_gone(people, after[0].actor)


def test_broker_that_hangs_keeps_no_page_waiting(house, people):
    house.worker()
    before, during = split(approvals(house)[:6], 2)
    for each in before:
        step(people, each)
    usual = people.waited()
    house.redis.freeze()
    pages = [step(people, each) for each in during]
    assert DELAYED in pages[-1].text
    assert people.waited() < usual * 3 + 2 * waking.PATIENCE
    house.redis.thaw()
    house.beat()
    settled(house, within=60)
    assert_all_told(house, before, during)


@pytest.mark.long
def test_broker_is_away_for_a_minute_of_work(house, people):
    """By the schedule as it is in production, and with people at work all the time."""
    house.worker()
    house.beat(app="dpmap")
    todo = [*approvals(house), *acknowledgments(house)]
    inputs = house.rows(INPUTS)
    house.redis.kill()
    ends = time.monotonic() + MINUTE
    turns = 0
    while time.monotonic() < ends or turns < len(todo):
        for each in todo[turns : turns + 1]:
            step(people, each)
        pk, email = inputs[turns % len(inputs)]
        page = save(people, pk, email, f"Saved in turn {turns}.")
        turns += 1
    assert DELAYED in page.text
    house.redis.start()
    settled(house, within=120)
    assert_all_told(house, todo)
    notice_is_gone(people, todo[0].actor)
