"""Between two components of one installation what has to go along is there from the day of the move (R9.8)."""

import datetime as dt
import io
import zipfile

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from appraisals.models import Departure, Document, Kind, Notice, RecordView, State
from appraisals.views.departures import CAME
from orgchart import clock
from orgchart.models import Assignment, Person, RoleGrant
from tests.appraisals.leaving import LAST_DAY as IN_NOVEMBER
from tests.appraisals.leaving import decided, make_planned, run_on
from tests.appraisals.pdf_reading import spoken
from tests.appraisals.views.opening import queries, text_of
from tests.appraisals.views.test_departures import ask
from tests.cast import SECRET, Cast, assign, make_cast, make_document, take
from tests.cast import fill_sections as write_all

pytestmark = pytest.mark.django_db
TOLD_ON = dt.date(2027, 4, 12)
LAST_DAY = dt.date(2027, 4, 30)
FIRST_DAY = dt.date(2027, 5, 1)
LATER = dt.date(2027, 5, 3)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def rated(cast: Cast) -> Document:
    """Maria Employee has a plan, a progress review and a rating."""
    return make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED)


def goes_to_the_navy(cast: Cast, **fields: object) -> Departure:
    """To a supervisor in the Navy Yard; the roster has not followed."""
    given = {
        "person": cast.employee,
        "kind": "moves",
        "last_day": LAST_DAY,
        "successor": None,
        "gaining_supervisor": cast.leader_elsewhere,
        "changes_chart": False,
    }
    return decided(cast, **{"on": TOLD_ON} | given | fields)


def works_in_the_yard(cast: Cast, since: dt.date = FIRST_DAY) -> None:
    held = Assignment.objects.filter(employee=cast.employee, ends_on=None)
    held.update(ends_on=since - dt.timedelta(days=1))
    assign(cast.employee, cast.leader_elsewhere, cast.places["YARD"], starts_on=since)


def page_of(user: Person, departure: Departure, *, on: dt.date = LATER) -> HttpResponse:
    return ask(user, "departure_goes_along", departure.pk, on=on)


def test_the_gaining_hr_sees_it_from_the_day_of_the_move_and_not_before(
    cast: Cast, rated: Document
) -> None:
    departure = goes_to_the_navy(cast)
    assert page_of(cast.hr_elsewhere, departure, on=LAST_DAY).status_code == 404
    run_on(FIRST_DAY)
    page = text_of(page_of(cast.hr_elsewhere, departure, on=FIRST_DAY))
    assert "What came along" in page
    assert "Rating of record, FY 2027 (PDF)" in page
    assert "Performance plan, FY 2027 (PDF) The plan behind the newest rating" in page


def test_it_is_told_and_stands_in_their_list(cast: Cast, rated: Document) -> None:
    departure = goes_to_the_navy(cast)
    run_on(FIRST_DAY)
    along = reverse("departure_goes_along", args=[departure.pk])
    assert Notice.objects.get(recipient=cast.hr_elsewhere).link == along
    page = ask(cast.hr_elsewhere, "departure_list", on=LATER)
    assert "Came to you" in text_of(page)
    client_page = came_list(cast.hr_elsewhere)
    assert f'href="{along}"' in client_page
    assert f'href="{along}"' not in came_list(cast.hr)


def came_list(user: Person) -> str:
    client = Client()
    client.force_login(user)
    with clock.frozen(LATER):
        return client.get(reverse("departure_list"), {"state": CAME}).content.decode()


def along_form(user: Person, departure: Departure, document: Document) -> HttpResponse:
    key = f"document-{document.pk}"
    return ask(user, "departure_goes_along_form", departure.pk, key, on=LATER)


def transfers(cast: Cast, **fields: object) -> Departure:
    """And works in the Navy Yard from the day after on."""
    given = {"kind": "transfers", "gaining_supervisor": None, "goes_to": "Navy"}
    departure = goes_to_the_navy(cast, **given | {"changes_chart": True} | fields)
    run_on(departure.effective_on)
    works_in_the_yard(cast, since=departure.effective_on)
    return departure


def test_a_form_says_what_the_employee_was_told_though_it_is_not_acknowledged(cast: Cast) -> None:
    rated = make_document(cast, Kind.ANNUAL_APPRAISAL, State.COMMUNICATED)
    departure = transfers(cast)
    said = spoken(along_form(cast.hr_elsewhere, departure, rated).content)
    assert SECRET in said
    view = RecordView.objects.get(viewer=cast.hr_elsewhere)
    assert (view.appraisal, view.page) == (rated.appraisal, "came_along")
    file = ask(cast.hr_elsewhere, "departure_goes_along_file", departure.pk, on=LATER)
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert len(archive.namelist()) == 2


def test_nothing_else_of_the_record_is_opened_to_them(cast: Cast, rated: Document) -> None:
    departure = transfers(cast)
    record = rated.appraisal
    review = record.documents.get(kind=Kind.PROGRESS_REVIEW)
    assert along_form(cast.hr_elsewhere, departure, rated).status_code == 200
    assert along_form(cast.hr_elsewhere, departure, review).status_code == 404
    for name, pk in (
        ("appraisal_detail", record.pk),
        ("form_pdf", record.pk),
        ("document_detail", rated.pk),
        ("document_form_pdf", rated.pk),
        ("timeline", record.pk),
        ("departure_detail", departure.pk),
    ):
        assert ask(cast.hr_elsewhere, name, pk, on=LATER).status_code == 404


def test_a_statement_is_there_once_it_was_discussed(cast: Cast) -> None:
    record = make_planned(cast, cast.employee)
    departure = transfers(cast, last_day=IN_NOVEMBER, on=IN_NOVEMBER)
    statement = record.documents.get(kind=Kind.NARRATIVE_STATEMENT)
    assert "No form came along" in text_of(page_of(cast.hr_elsewhere, departure))
    write_all(statement, cast=cast, on=IN_NOVEMBER)
    take(statement, "finish", "communicate", cast=cast, on=IN_NOVEMBER)
    page = text_of(page_of(cast.hr_elsewhere, departure))
    assert "Narrative statement, FY 2027 (PDF) The summary made at the move" in page


def test_a_record_that_goes_on_came_along_as_a_whole(cast: Cast) -> None:
    record = make_planned(cast, cast.employee)
    departure = goes_to_the_navy(cast)
    run_on(FIRST_DAY)
    page = page_of(cast.hr_elsewhere, departure)
    assert "The record of FY 2027 came along as a whole and goes on with you." in text_of(page)
    assert record.get_absolute_url() in page.content.decode()


@pytest.mark.parametrize("who", ["leader_elsewhere", "colleague", "auditor", "navy_chief"])
def test_it_is_for_hr_alone(cast: Cast, rated: Document, who: str) -> None:
    departure = goes_to_the_navy(cast)
    run_on(FIRST_DAY)
    assert page_of(cast.people[who], departure).status_code in (403, 404)


def test_whoever_transferred_is_followed_to_where_they_work(cast: Cast, rated: Document) -> None:
    departure = goes_to_the_navy(
        cast, kind="transfers", gaining_supervisor=None, goes_to="Navy", changes_chart=True
    )
    run_on(FIRST_DAY)
    assert page_of(cast.hr_elsewhere, departure, on=FIRST_DAY).status_code == 404
    works_in_the_yard(cast, since=LATER)
    assert "Rating of record, FY 2027 (PDF)" in text_of(page_of(cast.hr_elsewhere, departure))


def test_whoever_has_gone_on_is_seen_there_no_more(cast: Cast, rated: Document) -> None:
    departure = goes_to_the_navy(cast)
    run_on(FIRST_DAY)
    works_in_the_yard(cast)
    assert page_of(cast.hr_elsewhere, departure).status_code == 200
    Assignment.objects.filter(employee=cast.employee, ends_on=None).update(
        ends_on=dt.date(2027, 5, 2)
    )
    assign(cast.employee, cast.rating_official, cast.places["FIRE"], starts_on=LATER)
    assert page_of(cast.hr_elsewhere, departure).status_code == 404


def test_nobody_reads_their_own_as_hr(cast: Cast, rated: Document) -> None:
    RoleGrant.objects.create(
        person=cast.employee,
        role=RoleGrant.Role.HR_ADMINISTRATOR,
        organization=cast.places["YARD"],
        starts_on=FIRST_DAY,
    )
    departure = goes_to_the_navy(cast)
    run_on(FIRST_DAY)
    assert page_of(cast.employee, departure).status_code == 403


def test_a_rating_of_more_than_four_years_ago_stays(cast: Cast, rated: Document) -> None:
    years_later = rated.appraisal.cycle.effective_on.replace(year=2031)
    departure = transfers(cast, last_day=years_later + dt.timedelta(days=1), on=years_later)
    page = page_of(cast.hr_elsewhere, departure, on=departure.effective_on)
    assert "No form came along" in text_of(page)


def test_the_page_asks_few_questions(cast: Cast, rated: Document) -> None:
    departure = transfers(cast)
    url = reverse("departure_goes_along", args=[departure.pk])
    assert queries(cast.hr_elsewhere, url, on=LATER) <= 15
    assert queries(cast.hr_elsewhere, f"{reverse('departure_list')}?state={CAME}", on=LATER) <= 15


def test_the_hr_that_sent_them_still_reads_what_it_sent(cast: Cast, rated: Document) -> None:
    departure = goes_to_the_navy(cast)
    run_on(FIRST_DAY)
    page = text_of(page_of(cast.hr, departure))
    assert "What goes along" in page
    assert "HR of a place in this installation opens these forms here from 1 May 2027 on" in page
