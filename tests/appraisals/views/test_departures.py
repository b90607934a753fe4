"""The assistant for somebody who leaves, as HR, supervisors and successors meet it."""

import datetime as dt
import io
import zipfile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisals.models import (
    Departure,
    Document,
    Kind,
    RatingOfRecord,
    RecordView,
    SectionKind,
)
from appraisals.services.actions import start_current_rating
from appraisals.services.departures import run_due
from appraisals.services.records import start_annual_appraisal
from appraisals.services.writing import save_section
from orgchart import clock
from orgchart.models import Person
from tests.appraisals.leaving import (
    DAY_AFTER,
    TODAY,
    answers,
    decided,
    make_planned,
    make_team,
)
from tests.appraisals.views.opening import text_of
from tests.assistance_rows import planned_record, write_all
from tests.cast import Cast, make_cast, take
from tests.factories import make_kinds

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def ask(user: Person, name: str, *args: object, on: dt.date = TODAY, **data: object):
    """A page, or with `data` what is sent to it."""
    client = Client()
    client.force_login(user)
    with clock.frozen(on):
        url = reverse(name, args=args)
        return client.post(url, data) if data else client.get(url)


def test_the_preview_says_what_is_owed_for_each_and_changes_nothing(cast: Cast) -> None:
    make_team(cast, 9)
    page = text_of(ask(cast.hr, "departure_new", cast.rating_official.dod_id, **answers(cast)))
    assert "9 narrative statements owed" in page
    assert "225 days under an approved plan and 121 days of the cycle left" in page
    assert "Fern Former rates" in page
    assert not Departure.objects.exists()
    assert not Document.objects.filter(kind=Kind.NARRATIVE_STATEMENT).exists()


def test_confirmed_it_is_planned_and_what_is_owed_is_open(cast: Cast) -> None:
    make_team(cast, 2)
    sent = answers(cast, decision="confirm")
    response = ask(cast.hr, "departure_new", cast.rating_official.dod_id, **sent)
    departure = Departure.objects.get()
    assert response["Location"] == departure.get_absolute_url()
    page = text_of(ask(cast.rating_official, "departure_detail", departure.pk))
    assert "2 documents wait for you, due by 30 November 2026" in page
    assert "Write statement" in page


def test_changing_something_keeps_what_was_filled_in(cast: Cast) -> None:
    make_team(cast, 1)
    sent = answers(cast, decision="change")
    response = ask(cast.hr, "departure_new", cast.rating_official.dod_id, **sent)
    page = response.content.decode()
    assert response.status_code == 200
    assert "She retires." in page
    assert cast.former_rating_official.dod_id in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": None}, "Choose what happens."),
        ({"last_day": ""}, "Enter a day."),
        ({"last_day": "30 November"}, "Enter a day, for example 2027-04-15."),
        ({"last_day": "2031-01-01"}, "Choose a day within a year of today, 16 November 2026."),
        ({"successor": ""}, "Name who takes over, or choose that the next one up acts."),
        ({"successor": "Nobody Such"}, "Nobody was found for “Nobody Such”."),
        ({"successor": "dana.official@example.mil"}, "This is Dana Official. Name somebody else."),
        ({"arrangement": "vacant"}, "The next one up acts, so nobody is named here."),
        ({"whole_team": None}, "Tick everybody, or at least one person."),
        ({"kind": "moves"}, "Name the supervisor they move to."),
        ({"back_on": "2026-12-24"}, "Only who is on a detail or away comes back."),
        (
            {"kind": "detail", "back_on": "2026-11-30"},
            "The first day back comes after the last day.",
        ),
        ({"reason": ""}, "Say in a few words why."),
        ({"last_day": "2026-01-01"}, "Choose a day within a year"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(
    cast: Cast, changes: dict[str, object], sentence: str
) -> None:
    make_team(cast, 1)
    sent = answers(cast, **changes)
    on = dt.date(2027, 1, 4) if sent.get("last_day") == "2026-01-01" else TODAY
    response = ask(cast.hr, "departure_new", cast.rating_official.dod_id, on=on, **sent)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not Departure.objects.exists()


def test_a_supervisor_is_not_asked_about_the_chart(cast: Cast) -> None:
    make_team(cast, 1)
    above = cast.higher_level_reviewer
    page = text_of(ask(above, "departure_new", cast.rating_official.dod_id))
    assert "change who answers to whom" not in page
    sent = answers(cast, changes_chart="on", decision="confirm")
    ask(above, "departure_new", cast.rating_official.dod_id, **sent)
    assert not Departure.objects.get().changes_chart


def test_who_leaves_is_found_by_name_and_only_by_those_who_may(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.higher_level_reviewer)
    with clock.frozen(TODAY):
        found = client.get(reverse("departure_list"), {"who": "Dana Official"})
        refused = client.get(reverse("departure_list"), {"who": "Lena Leader"})
    assert found["Location"] == reverse("departure_new", args=[cast.rating_official.dod_id])
    assert refused.status_code == 422
    assert "Their supervisor or HR does this" in text_of(refused)


def test_a_successor_sees_who_comes_and_no_text_before_the_day(cast: Cast) -> None:
    make_team(cast, 2)
    departure = decided(cast)
    page = text_of(ask(cast.former_rating_official, "departure_detail", departure.pk))
    assert "Member Number1" in page
    assert "Write statement" not in page
    pack = text_of(ask(cast.former_rating_official, "departure_pack", departure.pk))
    assert "No record has come to you" in pack


def test_the_pack_holds_plan_texts_and_next_step_of_each_record(cast: Cast) -> None:
    records = make_team(cast, 2)
    departure = decided(cast)
    tell(cast, records[0].documents.get(kind=Kind.NARRATIVE_STATEMENT), "Led the move.")
    with clock.frozen(DAY_AFTER):
        run_due()
    response = ask(cast.former_rating_official, "departure_pack", departure.pk, on=DAY_AFTER)
    page = text_of(response)
    assert "2 records" in page
    assert "90 of 100 in 7 minutes" in page
    assert "Led the move." in page
    assert "Comes next: Narrative statement being written" in page
    looked = RecordView.objects.filter(viewer=cast.former_rating_official, page="pack")
    assert looked.count() == 2


def tell(cast: Cast, statement: Document, text: str) -> None:
    section = statement.sections.get(kind=SectionKind.OVERALL_ASSESSMENT)
    with clock.frozen(TODAY):
        save_section(section, by=cast.rating_official, expected_version=0, text=text, level=None)


def test_statements_stand_beside_the_rating_r9_6(cast: Cast) -> None:
    [record] = make_team(cast, 1)
    decided(cast)
    tell(cast, record.documents.get(kind=Kind.NARRATIVE_STATEMENT), "Led the move.")
    with clock.frozen(DAY_AFTER):
        run_due()
    opens = dt.date(2027, 3, 15)
    record.refresh_from_db()
    with clock.frozen(opens):
        annual = start_annual_appraisal(record, by=cast.former_rating_official)
    rating = annual.sections.get(kind=SectionKind.RATING)
    page = text_of(ask(cast.former_rating_official, "section_edit", rating.pk, on=opens))
    assert "Led the move." in page


def test_what_goes_along_on_a_transfer_r9_8(cast: Cast) -> None:
    record = make_planned(cast, cast.colleague)
    departure = decided(
        cast, person=cast.colleague, kind="transfers", successor=None, goes_to="Air Force"
    )
    page = text_of(ask(cast.hr, "departure_goes_along", departure.pk))
    assert "Narrative statement, FY 2027 (PDF)" in page
    RatingOfRecord.objects.create(
        appraisal=record,
        level=5,
        rated_sum=5,
        rated_count=1,
        effective_on=dt.date(2026, 6, 1),
        issued_at=clock.now(),
        issued_by=cast.rating_official,
    )
    page = text_of(ask(cast.hr, "departure_goes_along", departure.pk))
    assert "Rating of record, FY 2027 (PDF)" in page
    assert "Performance plan, FY 2027 (PDF)" in page
    file = ask(cast.hr, "departure_goes_along_file", departure.pk)
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert len(archive.namelist()) == 3
        assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())


def test_a_more_current_rating_goes_along_by_its_name_r9_8_r10_8(cast: Cast) -> None:
    """It is the newest rating, so the plan behind it goes along as well."""
    make_kinds()
    record, day = planned_record(cast), dt.date(2026, 11, 2)
    with clock.frozen(day):
        rating = start_current_rating(record, why="Within-grade", by=cast.rating_official)
    write_all(rating, cast, on=day, level=3)
    departure = decided(
        cast, person=cast.employee, kind="transfers", successor=None, goes_to="Air Force"
    )
    named = "More current rating, FY 2027 (PDF)"
    assert named not in text_of(ask(cast.hr, "departure_goes_along", departure.pk))
    take(rating, "submit", "approve", "communicate", cast=cast, on=TODAY)
    page = ask(cast.hr, "departure_goes_along", departure.pk)
    assert named in text_of(page)
    form = ("departure_goes_along_form", departure.pk, f"document-{rating.pk}")
    assert reverse(form[0], args=form[1:]) in page.content.decode()
    assert ask(cast.hr, *form).content.startswith(b"%PDF")
    assert "Performance plan, FY 2027 (PDF) The plan behind the newest rating" in text_of(page)
    file = ask(cast.hr, "departure_goes_along_file", departure.pk)
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert [name[:2] for name in archive.namelist()] == ["01", "02", "03"]
        assert "more-current-rating" in archive.namelist()[0]


def test_the_forms_and_the_file_that_go_along_lead_to_one_another(cast: Cast) -> None:
    make_planned(cast, cast.colleague)
    departure = decided(
        cast, person=cast.colleague, kind="transfers", successor=None, goes_to="Air Force"
    )
    forms = reverse("departure_goes_along", args=[departure.pk])
    page = ask(cast.hr, "departure_goes_along", departure.pk)
    send = f"{reverse('record_send')}?employee={cast.colleague.dod_id}&to_whom=Air+Force"
    assert send.replace("&", "&amp;") in page.content.decode()
    client = Client()
    client.force_login(cast.hr)
    with clock.frozen(dt.date(2026, 11, 2)):
        page = client.get(send)
    assert page.context["form"]["to_whom"].value() == "Air Force"
    assert forms in page.content.decode()


@pytest.mark.parametrize("name", ["departure_list", "departure_detail", "departure_pack"])
def test_the_number_of_queries_does_not_grow_with_the_team(cast: Cast, name: str) -> None:
    make_team(cast, 2)
    few = queries(cast, name)
    cast = cast_with_more(cast)
    assert queries(cast, name) == few <= 15


def queries(cast: Cast, name: str) -> int:
    departure = Departure.objects.first() or decided(cast)
    with clock.frozen(DAY_AFTER):
        run_due()
    args = [] if name == "departure_list" else [departure.pk]
    client = Client()
    client.force_login(cast.hr)
    with (
        clock.frozen(DAY_AFTER),
        CaptureQueriesContext(
            connection,
        ) as asked,
    ):
        assert client.get(reverse(name, args=args)).status_code == 200
    return len([each for each in asked.captured_queries if "SAVEPOINT" not in each["sql"]])


def cast_with_more(cast: Cast) -> Cast:
    """Six more people in the same departure."""
    departure = Departure.objects.get()
    for number in range(20, 26):
        member = Person.objects.create_user(
            email=f"more{number}@example.mil",
            dod_id=f"{4_000_000_000 + number}",
            first_name="More",
            last_name=f"Number{number}",
        )
        record = make_planned(cast, member)
        departure.records.create(
            appraisal=record,
            part="rates",
            owed="",
            why="Nothing.",
            official_before=cast.rating_official,
            handed_over_at=clock.now(),
        )
    return cast
