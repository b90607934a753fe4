"""The higher level reviewer's queue."""

import datetime as dt

import pytest
from django.test import Client

from appraisals.models import Document, Kind, State
from appraisals.services.records import start_record
from orgchart import clock
from tests.appraisals.views.opening import opened, text_of
from tests.cast import SECRET, Cast, make_cast, make_document

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


def test_methods_and_strangers(cast: Cast, client: Client) -> None:
    url = "/reviews/"
    assert client.get(url).status_code == 302
    client.force_login(cast.higher_level_reviewer)
    assert client.post(url).status_code == 405
