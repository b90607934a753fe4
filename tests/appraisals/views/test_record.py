"""The record of a year, and who looked."""

import datetime as dt

import pytest
from django.test import Client

from appraisals.models import Appraisal, Document, Kind, RatingOfRecord, RecordView, State
from appraisals.problems import plan_of
from appraisals.services.records import start_record
from orgchart import clock
from orgchart.models import Assignment
from tests.appraisals.views.opening import opened, queries, text_of
from tests.cast import SECRET, Cast, make_cast, make_document, make_record

PARTIES = ["employee", "rating_official", "higher_level_reviewer", "hr"]
OTHERS = [
    "colleague",
    "former_rating_official",
    "official_elsewhere",
    "reviewer_elsewhere",
    "leader",
    "leader_elsewhere",
    "hr_elsewhere",
    "auditor",
    "secretary",
]
SPRING = dt.date(2026, 6, 12)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def addresses(document: Document) -> list[str]:
    """Every page of a record, its texts and its history."""
    event = document.events.order_by("pk")[0]
    section = document.sections.order_by("pk")[0]
    element = plan_of(document.appraisal).elements.all()[0]
    base = f"/appraisals/{document.appraisal_id}/"
    return [
        base,
        f"{base}viewers/",
        f"{base}timeline/",
        f"{base}timeline/{event.pk}/",
        f"/versions/section/{section.pk}/",
        f"/versions/element/{element.pk}/",
    ]


@pytest.mark.parametrize("who", PARTIES)
def test_parties_open_every_page_of_a_finished_record(cast: Cast, who: str) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED)
    found = {url: opened(cast.people[who], url).status_code for url in addresses(document)}
    assert set(found.values()) == {200}


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_finds_any_of_them(cast: Cast, who: str) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED)
    for url in addresses(document):
        response = opened(cast.people[who], url)
        assert response.status_code == 404
        assert SECRET not in response.content.decode()
        assert "Maria" not in response.content.decode()


def test_methods_and_strangers(cast: Cast, client: Client) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    for url in addresses(document):
        assert Client().get(url).status_code == 302
    client.force_login(cast.rating_official)
    for url in addresses(document):
        assert client.post(url).status_code == 405


def test_record_names_its_people_steps_documents_and_goals(cast: Cast) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    page = text_of(opened(cast.rating_official, f"/appraisals/{document.appraisal_id}/"))
    for words in (
        "Maria Employee",
        "Firefighter · GS-0081-08 · Fire Division",
        "Rating official Dana Official",
        "Higher level reviewer Henry Reviewer",
        "Performance plan Acknowledged 12 June 2026",
        "Progress review",
        "2 of 2 rated",
        "You · 9 days left",
        "Protect the installation",
        "Provide the forces needed to deter war",
        "Plan acknowledged",
    ):
        assert words in page


def test_own_record_is_called_yours(cast: Cast) -> None:
    document = make_document(cast, Kind.PERFORMANCE_PLAN, State.COMMUNICATED)
    page = text_of(opened(cast.employee, f"/appraisals/{document.appraisal_id}/", on=SPRING))
    assert "Your FY 2027 record" in page
    assert "Read and acknowledge" in page


@pytest.mark.parametrize(
    ("state", "shown"),
    [(State.APPROVED, False), (State.COMMUNICATED, True), (State.ACKNOWLEDGED, True)],
)
@pytest.mark.parametrize("who", ["employee", "rating_official"])
def test_rating_of_record_appears_once_it_was_discussed(
    cast: Cast, who: str, state: State, shown: bool
) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, state)
    page = text_of(opened(cast.people[who], f"/appraisals/{document.appraisal_id}/"))
    assert ("5 Outstanding" in page) is shown


def test_a_rating_that_was_brought_over_leads_to_no_elements(cast: Cast) -> None:
    record = make_record(cast)
    RatingOfRecord.objects.create(
        appraisal=record,
        level=5,
        rated_sum=20,
        rated_count=4,
        effective_on=SPRING,
        issued_at=clock.now(),
        issued_by=cast.rating_official,
    )
    page = opened(cast.employee, record.get_absolute_url())
    assert "It was brought over from the system before" in text_of(page)
    assert f"{record.get_absolute_url()}rating/" not in page.content.decode()


def test_progress_review_is_started_from_the_record(cast: Cast) -> None:
    document = make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    url = f"/appraisals/{document.appraisal_id}/"
    page = opened(cast.rating_official, url, on=dt.date(2026, 9, 1)).content.decode()
    assert f'action="{url}progress-review/"' in page
    assert "annual-appraisal/" not in page


def test_annual_appraisal_is_started_from_the_record(cast: Cast) -> None:
    document = make_document(cast, Kind.PROGRESS_REVIEW, State.ACKNOWLEDGED)
    url = f"/appraisals/{document.appraisal_id}/"
    page = opened(cast.rating_official, url).content.decode()
    assert f'action="{url}annual-appraisal/"' in page
    assert "Start another progress review" in page


@pytest.mark.parametrize("who", ["higher_level_reviewer", "hr"])
def test_only_the_rating_official_or_employee_may_start(cast: Cast, who: str) -> None:
    document = make_document(cast, Kind.PROGRESS_REVIEW, State.ACKNOWLEDGED)
    page = opened(cast.people[who], f"/appraisals/{document.appraisal_id}/").content.decode()
    assert "/annual-appraisal/" not in page
    assert "/progress-review/" not in page


def test_neighbours_in_the_team_by_name(cast: Cast) -> None:
    document = make_document(cast, Kind.PERFORMANCE_PLAN, State.DRAFT)
    with clock.frozen(SPRING):
        other = start_record(cast.colleague, cycle=cast.cycle, by=cast.rating_official)
    page = opened(cast.rating_official, f"/appraisals/{document.appraisal_id}/").content.decode()
    assert f'href="/appraisals/{other.pk}/"' in page
    page = opened(cast.higher_level_reviewer, f"/appraisals/{document.appraisal_id}/")
    assert f'href="/appraisals/{other.pk}/"' not in page.content.decode()


def test_hr_and_the_rating_official_are_offered_other_officials(cast: Cast) -> None:
    document = make_document(cast, Kind.PERFORMANCE_PLAN, State.DRAFT)
    url = f"/appraisals/{document.appraisal_id}/"
    for who in ("hr", "rating_official"):
        assert "Name other officials" in text_of(opened(cast.people[who], url))
    for who in ("employee", "higher_level_reviewer"):
        assert "Name other officials" not in text_of(opened(cast.people[who], url))


def test_looking_is_noted_and_the_employee_reads_who(cast: Cast) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    for url in addresses(document)[:3]:
        opened(cast.hr, url)
        opened(cast.employee, url)
    assert set(RecordView.objects.values_list("viewer__first_name", "page")) == {
        ("Hanna", "record"),
        ("Hanna", "viewers"),
        ("Hanna", "timeline"),
    }
    page = text_of(opened(cast.employee, f"/appraisals/{document.appraisal_id}/viewers/"))
    assert "Who looked at your record" in page
    assert "Hanna Human" in page
    assert "The timeline" in page


def test_nobody_looked_yet(cast: Cast) -> None:
    appraisal = make_record(cast)
    page = text_of(opened(cast.employee, f"/appraisals/{appraisal.pk}/viewers/"))
    assert "Nobody has looked" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_record_costs_the_same_with_any_team(cast: Cast, rows: int) -> None:
    appraisal = make_record(cast)
    people = [cast.employee, cast.colleague, cast.auditor][:rows]
    Assignment.objects.filter(employee__in=people).update(supervisor=cast.rating_official)
    with clock.frozen(SPRING):
        for person in people:
            start_record(person, cycle=cast.cycle, by=cast.rating_official)
    assert Appraisal.objects.count() == rows
    assert queries(cast.rating_official, f"/appraisals/{appraisal.pk}/", on=SPRING) == 13
