"""The higher level reviewer's queue, and how the supervisors below stand."""

import datetime as dt
import re

import pytest
from django.test import Client

from appraisals.models import Appraisal, Document, Kind, State
from appraisals.services.records import start_record
from orgchart import clock
from orgchart.models import Assignment
from tests.appraisals.views.opening import opened, queries, text_of
from tests.cast import SECRET, Cast, make_cast, make_document, take

SPRING = dt.date(2026, 6, 12)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_queue_lists_what_was_sent_with_its_due_day(cast: Cast) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    response = opened(cast.higher_level_reviewer, "/reviews/")
    page = text_of(response)
    for words in ("1 document waits for your review", "Maria Employee", "Dana Official"):
        assert words in page
    assert "You · 24 days left" in page
    assert f'href="/documents/{document.pk}/?queue=1"' in response.content.decode()


def test_queue_puts_the_longest_waiting_first(cast: Cast) -> None:
    make_document(cast, Kind.PERFORMANCE_PLAN, State.IN_REVIEW)
    with clock.frozen(SPRING):
        later = start_record(cast.colleague, cycle=cast.cycle, by=cast.rating_official)
    later.documents.update(state=State.IN_REVIEW, state_since=clock.now() - dt.timedelta(days=900))
    page = text_of(opened(cast.higher_level_reviewer, "/reviews/", on=SPRING))
    assert page.index("Carl Colleague") < page.index("Maria Employee")


@pytest.mark.parametrize("state", [State.DRAFT, State.APPROVED, State.ACKNOWLEDGED])
def test_queue_holds_only_what_is_in_review(cast: Cast, state: State) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, state)
    page = text_of(opened(cast.higher_level_reviewer, "/reviews/"))
    assert "Nothing waits for your review" in page
    assert "Maria" not in page


@pytest.mark.parametrize(
    "who", ["employee", "rating_official", "leader", "reviewer_elsewhere", "hr", "auditor"]
)
def test_nobody_else_sees_the_queue(cast: Cast, who: str) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    response = opened(cast.people[who], "/reviews/")
    assert "Nothing waits for your review" in text_of(response)
    assert SECRET not in response.content.decode()


def test_queue_goes_over_pages(cast: Cast) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    Document.objects.bulk_create(
        Document(
            appraisal=document.appraisal,
            kind=Kind.NARRATIVE_STATEMENT,
            number=number,
            policy=document.policy,
            state=State.IN_REVIEW,
            state_since=document.state_since,
            opened_at=document.opened_at,
        )
        for number in range(1, 26)
    )
    page = text_of(opened(cast.higher_level_reviewer, "/reviews/?page=2"))
    assert "26 to 26 of 26 documents" in page


def numbers_of(cast: Cast, *, on: dt.date, who: str = "higher_level_reviewer") -> dict[str, str]:
    page = opened(cast.people[who], "/reviews/supervisors/", on=on).content.decode()
    cells = re.findall(r'data-label="([^"]+)">(.*?)</td>', page, re.DOTALL)
    return {label: re.sub(r"<[^>]+>", "", cell).split()[0] for label, cell in cells}


def test_supervisors_and_their_numbers(cast: Cast) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    assert numbers_of(cast, on=dt.date(2027, 4, 6)) == {
        "Plans approved": "1",
        "Progress reviews held": "1",
        "Ratings approved": "0",
        "Waiting for your review": "1",
        "Late": "0",
        "Returned by you": "0",
    }
    take(document, "return_for_change", cast=cast, on=dt.date(2027, 4, 20))
    numbers = numbers_of(cast, on=dt.date(2027, 4, 20))
    assert (numbers["Waiting for your review"], numbers["Late"], numbers["Returned by you"]) == (
        "0",
        "1",
        "1",
    )


def test_people_without_a_record_count_while_the_cycle_runs(cast: Cast) -> None:
    make_document(cast, Kind.PERFORMANCE_PLAN, State.DRAFT)
    page = text_of(opened(cast.higher_level_reviewer, "/reviews/supervisors/", on=SPRING))
    assert "Dana Official 2 people" in page


def test_the_list_behind_a_number(cast: Cast) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    address = f"/reviews/supervisors/?cycle={cast.cycle.pk}&official={cast.rating_official.pk}"
    page = text_of(opened(cast.higher_level_reviewer, f"{address}&show=waiting"))
    assert "Maria Employee" in page
    assert "Nobody here" in text_of(opened(cast.higher_level_reviewer, f"{address}&show=late"))
    whole = text_of(opened(cast.higher_level_reviewer, address, on=SPRING))
    assert "Carl Colleague" in whole


@pytest.mark.parametrize(
    "query",
    ["cycle=x", "cycle=99999999", "official=99999999", "official=x", "official={pk}&show=nothing"],
)
def test_what_is_not_there_is_not_found(cast: Cast, query: str) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    address = "/reviews/supervisors/?" + query.format(pk=cast.rating_official.pk)
    assert opened(cast.higher_level_reviewer, address).status_code == 404


@pytest.mark.parametrize("who", ["leader", "reviewer_elsewhere", "employee", "hr", "auditor"])
def test_nobody_else_sees_how_a_supervisor_stands(cast: Cast, who: str) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    page = text_of(opened(cast.people[who], "/reviews/supervisors/"))
    assert "Dana" not in page
    address = f"/reviews/supervisors/?official={cast.rating_official.pk}"
    assert opened(cast.people[who], address).status_code == 404


@pytest.mark.parametrize("url", ["/reviews/", "/reviews/supervisors/"])
def test_methods_and_strangers(cast: Cast, client: Client, url: str) -> None:
    assert client.get(url).status_code == 302
    client.force_login(cast.higher_level_reviewer)
    assert client.post(url).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/reviews/", 9),
        ("/reviews/supervisors/", 10),
        ("/reviews/supervisors/?official={official}", 10),
    ],
)
def test_reviews_cost_the_same_at_any_length(
    cast: Cast, url: str, expected: int, rows: int
) -> None:
    people = [cast.employee, cast.colleague, cast.auditor][:rows]
    Assignment.objects.filter(employee__in=people).update(supervisor=cast.rating_official)
    with clock.frozen(SPRING):
        for person in people:
            start_record(person, cycle=cast.cycle, by=cast.rating_official)
    Document.objects.update(state=State.IN_REVIEW)
    assert (
        Appraisal.objects.filter(higher_level_reviewer=cast.higher_level_reviewer).count() == rows
    )
    address = url.format(official=cast.rating_official.pk)
    assert queries(cast.higher_level_reviewer, address, on=SPRING) == expected
