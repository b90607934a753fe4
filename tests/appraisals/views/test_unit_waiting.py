"""How long approvals wait and at whom, what came back and why: every number with the documents behind it."""

import csv
import datetime as dt
import io
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from appraisals.forms.program import WEEKS
from appraisals.models import Appraisal, AppraisalEvent, Document, Kind, ReturnReason, State
from orgchart import clock
from orgchart.models import OrgEvent, Person
from tests.appraisals.views.opening import opened, text_of
from tests.appraisals.views.ratings import newcomer
from tests.cast import PRACTICE_DAY, SECRET, Cast, make_cast

NOON = dt.time(12, tzinfo=dt.UTC)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.frozen(PRACTICE_DAY):
        yield


def waiting(
    cast: Cast, *, days: int = 0, place: str = "FIRE", reviewer: str | None = "leader"
) -> Document:
    """Somebody new's plan, sent up so many days ago."""
    at = dt.datetime.combine(PRACTICE_DAY - dt.timedelta(days=days), NOON)
    appraisal = Appraisal.objects.create(
        employee=newcomer(),
        cycle=cast.cycle,
        rating_official=cast.rating_official,
        higher_level_reviewer=cast.people[reviewer] if reviewer else None,
        organization=cast.places[place],
        position_title="Firefighter",
        pay_plan="GS",
        occupational_series="0081",
        grade="08",
        starts_on=cast.cycle.starts_on,
        opened_at=at,
    )
    return Document.objects.create(
        appraisal=appraisal,
        kind=Kind.PERFORMANCE_PLAN,
        policy=cast.policy,
        state=State.IN_REVIEW,
        state_since=at,
        opened_at=at,
    )


def came_back(cast: Cast, document: Document, about: str | None) -> None:
    AppraisalEvent.objects.create(
        appraisal=document.appraisal,
        document=document,
        name="return_for_change",
        by=cast.higher_level_reviewer,
        at=clock.now(),
        reason=f"Because {SECRET}",
        details={} if about is None else {"about": about},
    )


def page(user: Person, code: str = "CMD") -> HttpResponse:
    return opened(user, reverse("unit_waiting", args=[code]))


def listed(client: Client, url: str) -> int:
    """The number told on the page; on one page it is also that of its rows."""
    context = client.get(url).context
    found: int = context["page"].paginator.count
    assert len(context["table"].rows) == found
    return found


def test_weeks_are_told_with_the_documents_behind_them(client: Client, cast: Cast) -> None:
    for days in (0, 6, 7, 13, 14, 21, 28, 55, 56, 200):
        waiting(cast, days=days)
    context = page(cast.leader).context
    told = [(row.label, row.documents) for row in context["weeks"].rows]
    assert told == [
        ("Less than a week", 2),
        ("1 week", 2),
        ("2 weeks", 1),
        ("3 weeks", 1),
        ("4 to 7 weeks", 2),
        ("8 weeks or more", 2),
    ]
    assert [(bar.label, bar.number) for bar in context["weeks_chart"].bars] == told
    client.force_login(cast.leader)
    for row in context["weeks"].rows:
        assert listed(client, row.url) == row.documents
    assert listed(client, context["numbers"][0]["url"]) == 10
    assert [label for _, label in WEEKS.values()] == [label for label, _ in told]


def test_units_below_lead_to_the_one_in_which_it_waits(cast: Cast) -> None:
    waiting(cast, days=20, place="WORKS")
    waiting(cast, days=3, place="WORKS")
    waiting(cast, days=3, place="CMD")
    rows = page(cast.leader).context["units"].rows
    assert [(row.name, row.documents, row.long, row.longest) for row in rows] == [
        ("Works Division", 2, 1, 2),
        ("Directly in this unit", 1, 0, 0),
    ]
    assert rows[0].url.startswith(reverse("unit_waiting", args=["WORKS"]))


def test_reviewers_with_the_oldest_documents_come_first(client: Client, cast: Cast) -> None:
    waiting(cast, days=3)
    waiting(cast, days=9, reviewer="higher_level_reviewer")
    waiting(cast, days=1, reviewer="higher_level_reviewer")
    waiting(cast, days=30, reviewer=None)
    table = page(cast.leader).context["reviewers"]
    assert [[cell.text for cell in row] for row in table.body] == [
        ["No reviewer named", "7 March 2027", "30", "1"],
        ["Henry Reviewer", "28 March 2027", "9", "2"],
        ["Lena Leader", "3 April 2027", "3", "1"],
    ]
    client.force_login(cast.leader)
    for cells in table.body:
        assert listed(client, cells[-1].url) == int(cells[-1].text)
    assert "with Henry Reviewer" in client.get(table.body[1][-1].url).content.decode()


def test_no_more_than_twenty_five_reviewers_are_named(cast: Cast) -> None:
    for number in range(27):
        person = newcomer()
        cast.people[f"reviewer {number}"] = person
        waiting(cast, days=number, reviewer=f"reviewer {number}")
    assert len(page(cast.leader).context["reviewers"].rows) == 25


def test_returns_are_told_by_the_kind_of_reason_and_never_in_words(
    client: Client, cast: Cast
) -> None:
    document = waiting(cast)
    for about in ("standards", "standards", "rating", "other", "", None):
        came_back(cast, document, about)
    response = page(cast.leader)
    reasons = response.context["reasons"].rows
    assert {row.label: row.documents for row in reasons} == {
        ReturnReason.STANDARDS.label: 2,
        ReturnReason.RATING.label: 1,
        ReturnReason.OTHER.label: 3,
    }
    client.force_login(cast.leader)
    for row in reasons:
        found = client.get(row.url)
        assert found.context["page"].paginator.count == row.documents
        assert SECRET not in found.content.decode()
    assert SECRET not in response.content.decode()
    assert listed(client, response.context["numbers"][1]["url"]) == 6


@pytest.mark.parametrize("name", ["unit_in_review", "unit_returned"])
def test_documents_download_as_listed_and_are_recorded(cast: Cast, name: str) -> None:
    document = waiting(cast, days=3)
    came_back(cast, document, "standards")
    waiting(cast, days=3, place="YARD")
    response = opened(cast.leader, reverse(name, args=["CMD"]) + "?format=csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    _, *rows = csv.reader(io.StringIO(text, newline=""))
    assert [row[0] for row in rows] == [document.appraisal.employee.full_name]
    assert SECRET not in text
    assert OrgEvent.objects.get(what="exported").detail["rows"] == 1


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("unit_in_review", "weeks=5"),
        ("unit_in_review", "weeks=x"),
        ("unit_in_review", "reviewer=-1"),
        ("unit_in_review", "reviewer=" + "9" * 30),
        ("unit_returned", "reason=nonsense"),
    ],
)
@pytest.mark.parametrize("more", ["", "&format=csv"])
def test_a_question_that_is_not_understood_is_said_to_be_so(
    cast: Cast, name: str, query: str, more: str
) -> None:
    response = opened(cast.leader, f"{reverse(name, args=['CMD'])}?{query}{more}")
    assert response.status_code == 422


def test_nothing_waits_is_said(cast: Cast) -> None:
    shown = text_of(page(cast.leader))
    assert "Nothing waits for review" in shown
    assert "Nothing was returned in this cycle" in shown


def test_a_large_unit_names_no_reviewers_and_leads_on(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("unit_waiting", "unit_documents"):
        monkeypatch.setattr(f"appraisals.views.{module}.SORTED_UP_TO", 1)
    waiting(cast, days=9, place="WORKS")
    waiting(cast, days=3, place="WORKS", reviewer="higher_level_reviewer")
    shown = page(cast.leader)
    assert shown.context["reviewers"].rows == []
    assert "Choose a unit above" in text_of(shown)
    client.force_login(cast.leader)
    address = reverse("unit_in_review", args=["CMD"])
    assert "The first 2 of 2, in no order" in client.get(address).content.decode()
    one = client.get(address, {"reviewer": cast.higher_level_reviewer.pk}).content.decode()
    assert "in no order" not in one


def test_documents_directly_in_a_unit_are_told_apart(client: Client, cast: Cast) -> None:
    waiting(cast, place="CMD")
    waiting(cast, place="WORKS")
    client.force_login(cast.leader)
    address = reverse("unit_in_review", args=["CMD"])
    for asked, number in (({}, 2), ({"alone": "on"}, 1), ({"alone": "on", "weeks": "8"}, 0)):
        context = client.get(address, asked).context
        assert context["page"].paginator.count == len(context["table"].rows) == number
