"""The pages on which HR takes forms away, and who sees that they did."""

import datetime as dt
import zipfile
from io import BytesIO

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from appraisals.archives import choosing, claims, job, store
from appraisals.models import Appraisal, Archive, ArchiveDownload, ArchivePart, RecordView
from appraisals.services.archives import MOST_AT_WORK
from orgchart import clock
from orgchart.models import OrgEvent, Person, RoleGrant
from tests.appraisals.archives.conftest import record_of, started
from tests.appraisals.archives.test_job import work
from tests.cast import PRACTICE_DAY, Cast

pytestmark = pytest.mark.django_db
State = Archive.State
NEW = "/hr/archives/new/"


@pytest.fixture(autouse=True)
def practice_day():
    with clock.frozen(PRACTICE_DAY):
        yield


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def asked(cast: Cast, **more: str) -> dict[str, str]:
    found = {"organization": "CMD", "cycle": str(cast.cycle.pk)}
    return found | dict.fromkeys(("kind", "stage", "rating", "people"), "") | more


def body(response) -> str:
    return response.content.decode()


# --------------------------------------------------------------------------------------- choosing


def test_hr_sees_how_many_before_anything_starts(cast):
    page = body(as_(cast.hr).post(NEW, asked(cast)))
    assert "What it would hold" in page
    assert "<b>3</b> <small>forms</small>" in page
    assert "<small>to be made first</small>" in page
    assert not Archive.objects.exists()


def test_what_was_shown_is_started_and_nothing_else(cast, nobody_hears):
    client = as_(cast.hr)
    response = client.post(NEW, asked(cast, shown="3"))
    archive = Archive.objects.get()
    assert response.url == f"/hr/archives/{archive.pk}/"
    assert archive.documents == archive.entries.count() == 3
    assert archive.choice == ["Whole records: DD Form 2906"]
    assert len(nobody_hears) == 1


def test_a_choice_that_changed_meanwhile_is_shown_again(cast):
    page = body(as_(cast.hr).post(NEW, asked(cast, shown="4")))
    assert "Since you looked, this choice has come to hold 3 forms. Nothing was started." in page
    assert not Archive.objects.exists()


def test_a_double_click_starts_one(cast):
    client = as_(cast.hr)
    twice = asked(cast, shown="3", request_key="2f0b7bd6-7b3c-4a43-8f56-d5ac0a3a0f0e")
    assert client.post(NEW, twice).url == client.post(NEW, twice).url
    assert Archive.objects.count() == 1


def test_nothing_fits_is_said(cast):
    page = body(as_(cast.hr).post(NEW, asked(cast, rating="1", shown="0")))
    assert "No form fits this choice." in page
    assert not Archive.objects.exists()


def test_too_many_is_said(cast, monkeypatch):
    monkeypatch.setattr(choosing, "MOST", 2)
    monkeypatch.setattr("appraisals.views.archives.MOST", 2)
    page = body(as_(cast.hr).post(NEW, asked(cast, shown="3")))
    assert "This would be 3 forms" in page
    assert "Start the archive" not in page
    assert not Archive.objects.exists()


def test_little_room_is_said_before(cast, monkeypatch):
    monkeypatch.setattr(store, "room", lambda: 1000)
    page = body(as_(cast.hr).post(NEW, asked(cast)))
    assert "which may be too little" in page
    assert "Start the archive" in page


def test_several_at_work_are_enough(cast, choice):
    for _ in range(MOST_AT_WORK):
        started(choice)
    response = as_(cast.hr).post(NEW, asked(cast, shown="3"))
    assert response.status_code == 409
    assert "are not finished yet" in body(response)
    assert Archive.objects.count() == MOST_AT_WORK


@pytest.mark.parametrize(
    ("people", "named"),
    [
        ("2000000011", ["Maria"]),
        ("maria.employee@EXAMPLE.mil, \n\n2000000012;", ["Carl", "Maria"]),
        ("colleague carl", ["Carl"]),
        ("2000000011\n2000000011", ["Maria"]),
    ],
)
def test_people_are_named_by_id_address_or_name(cast, people, named):
    Person.objects.filter(pk=cast.hr.pk).update(first_name="Hanna")
    as_(cast.hr).post(NEW, asked(cast, people=people, shown=str(len(named))))
    archive = Archive.objects.get()
    assert [entry.appraisal.employee.first_name for entry in archive.entries.all()] == named
    assert archive.choice[1] in ("1 named person", "2 named people")


def test_what_is_wrong_with_named_people_is_said_by_line(cast):
    people = "12345\n2000000099\nnobody@example.mil\nZebedee\n2000000014\n2000000011"
    response = as_(cast.hr).post(NEW, asked(cast, people=people))
    page = body(response)
    assert response.status_code == 422
    for sentence in (
        "Line 1: “12345” has 5 digits, and a DoD ID has 10.",
        "Line 2: nobody with the DoD ID 2000000099 has a record in Installation Command, FY 2027.",
        "Line 3: nobody with the address nobody@example.mil has a record",
        "Line 4: nobody called “Zebedee” has a record",
        "Line 5: nobody with the DoD ID 2000000014 has a record",
    ):
        assert sentence in page
    assert "Line 6" not in page
    assert "2000000099" in page
    assert not Archive.objects.exists()


def test_a_name_of_several_is_asked_back(cast):
    Person.objects.filter(pk=cast.colleague.pk).update(last_name="Employee")
    carl = Person.objects.get(pk=cast.colleague.pk)
    carl.refresh_search_text()
    carl.save()
    page = body(as_(cast.hr).post(NEW, asked(cast, people="Employee")))
    assert "fits Carl Employee 2000000012, Maria Employee 2000000011; enter the DoD ID" in page


def test_too_many_lines_are_refused(cast):
    page = body(as_(cast.hr).post(NEW, asked(cast, people="\n".join(["Ada"] * 51))))
    assert "Too many lines" in page


@pytest.mark.parametrize("code", ["YARD", "DOD", "NOWHERE", "'; --"])
def test_an_organization_outside_is_refused_with_a_sentence(cast, code):
    response = as_(cast.hr).post(NEW, asked(cast, organization=code, shown="3"))
    assert response.status_code == 422
    assert "No organization with the code" in body(response)
    assert not Archive.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"cycle": "0"}, {"kind": "x"}, {"stage": "x"}, {"rating": "4"}, {"request_key": "x"}]
)
def test_a_tampered_choice_changes_nothing(cast, wrong):
    assert as_(cast.hr).post(NEW, asked(cast, shown="3", **wrong)).status_code == 422
    assert not Archive.objects.exists()


# --------------------------------------------------------------------------------------- watching


def test_the_page_shows_how_far_it_is_and_how_long_it_takes(cast, choice, monkeypatch):
    monkeypatch.setattr(choosing, "BATCH", 1)
    archive = started(choice)
    url = f"/hr/archives/{archive.pk}/"
    assert "Waiting for its turn" in body(as_(cast.hr).get(url))
    job.work_on(claims.claim(archive.pk))
    ArchivePart.objects.filter(state="done").update(began_at=Now() - dt.timedelta(seconds=100))
    page = body(as_(cast.hr).get(url))
    assert "Making forms" in page
    assert "1 of 3" in page
    assert 'value="33" max="100"' in page
    assert "about 3 minutes left" in page
    fragment = body(as_(cast.hr).get(url, headers={"HX-Request": "true"}))
    assert "<h1" not in fragment
    assert "1 of 3" in fragment


def test_a_page_that_watches_turns_when_the_archive_is_ready(cast, choice):
    archive = work(started(choice))
    response = as_(cast.hr).get(f"/hr/archives/{archive.pk}/", headers={"HX-Request": "true"})
    assert response.headers["HX-Refresh"] == "true"


def test_stopped_work_says_why_and_goes_on(cast, choice):
    archive = started(choice)
    claims.stop(archive.pk, job.DISK_FULL)
    client = as_(cast.hr)
    page = body(client.get(f"/hr/archives/{archive.pk}/"))
    assert "The disk is full where archives are written." in page
    assert client.post(f"/hr/archives/{archive.pk}/go-on/").status_code == 302
    assert work(archive).state == State.READY


def test_cancelling_is_final(cast, choice):
    archive = started(choice)
    client = as_(cast.hr)
    assert client.post(f"/hr/archives/{archive.pk}/cancel/").url == "/hr/archives/"
    assert "This archive is cancelled" in body(client.get(f"/hr/archives/{archive.pk}/"))
    again = client.post(f"/hr/archives/{archive.pk}/cancel/")
    assert "This archive is cancelled already." in body(again)
    assert "nothing is left to do" in body(client.post(f"/hr/archives/{archive.pk}/go-on/"))


# --------------------------------------------------------------------------------------- fetching


def fetch(client: Client, archive: Archive):
    """Read to its end, as a browser does."""
    part = archive.parts.exclude(file_name="").first()
    response = client.get(reverse("archive_download", args=[archive.pk, part.pk]))
    response.body = response.getvalue()
    return response


def test_the_archive_is_fetched_as_a_stream(cast, choice):
    archive = work(started(choice))
    response = fetch(as_(cast.hr), archive)
    assert response.streaming
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="forms-cmd-fy-2027.zip"'
    )
    content = response.body
    assert int(response.headers["Content-Length"]) == len(content)
    assert len(zipfile.ZipFile(BytesIO(content)).namelist()) == 3 + 4


def test_each_employee_can_see_that_their_form_was_fetched(cast, choice):
    archive = work(started(choice))
    assert not RecordView.objects.filter(page="archive").exists()
    client = as_(cast.hr)
    fetch(client, archive)
    fetch(client, archive)
    views = RecordView.objects.filter(page="archive")
    assert {view.appraisal.employee for view in views} == {
        cast.employee,
        cast.colleague,
        cast.rating_official,
    }
    assert {view.viewer for view in views} == {cast.hr}
    assert ArchiveDownload.objects.filter(archive=archive, by=cast.hr).count() == 2
    page = body(as_(cast.employee).get(f"/appraisals/{record_of(cast.employee).pk}/viewers/"))
    assert "The printed form, in an export" in page
    event = OrgEvent.objects.filter(what="exported").first()
    assert (event.by, event.organization.code, event.detail["rows"]) == (cast.hr, "CMD", 3)


def test_a_form_that_was_left_out_was_not_looked_at(cast, choice):
    archive = started(choice)
    Appraisal.objects.filter(employee=cast.colleague).update(organization=cast.places["YARD"])
    fetch(as_(cast.hr), work(archive))
    assert not RecordView.objects.filter(
        page="archive", appraisal__employee=cast.colleague
    ).exists()


def test_a_lost_scope_closes_the_link(cast, choice):
    archive = work(started(choice))
    RoleGrant.objects.filter(person=cast.hr).delete()
    client = as_(cast.hr)
    assert fetch(client, archive).status_code == 404
    assert client.get(f"/hr/archives/{archive.pk}/").status_code == 404
    assert not ArchiveDownload.objects.exists()


def test_another_scope_than_the_archives_closes_the_link_too(cast, choice):
    archive = work(started(choice))
    RoleGrant.objects.filter(person=cast.hr).update(organization=cast.places["WORKS"])
    assert fetch(as_(cast.hr), archive).status_code == 404


@pytest.mark.parametrize(
    "who", ["hr_elsewhere", "leader", "auditor", "employee", "rating_official"]
)
def test_the_link_is_nobody_elses(cast, choice, who):
    archive = work(started(choice))
    assert fetch(as_(cast.people[who]), archive).status_code == 404


def test_not_even_another_administrators_of_the_same_organization(cast, choice):
    archive = work(started(choice))
    RoleGrant.objects.filter(person=cast.hr_elsewhere).update(organization=cast.places["CMD"])
    assert fetch(as_(cast.hr_elsewhere), archive).status_code == 404


def test_an_expired_archive_is_not_given_out_before_it_is_swept_either(cast, choice, settings):
    archive = work(started(choice))
    with clock.frozen(PRACTICE_DAY + dt.timedelta(days=settings.ARCHIVE_DAYS + 1)):
        client = as_(cast.hr)
        assert fetch(client, archive).status_code == 409
        assert "This archive has expired" in body(client.get(f"/hr/archives/{archive.pk}/"))
        assert "Expired" in body(client.get("/hr/archives/"))
    assert not ArchiveDownload.objects.exists()


def test_a_file_that_is_gone_is_said_and_not_noted(cast, choice):
    archive = work(started(choice))
    store.forget(archive.pk)
    response = fetch(as_(cast.hr), archive)
    assert "is gone from the server" in body(response)
    assert not ArchiveDownload.objects.exists()


def test_no_part_without_a_file_is_fetched(cast, choice):
    archive = work(started(choice))
    forms = archive.parts.get(work="forms")
    client = as_(cast.hr)
    assert client.get(f"/hr/archives/{archive.pk}/files/{forms.pk}/").status_code == 404
    assert client.get(f"/hr/archives/{archive.pk}/files/0/").status_code == 404


def test_the_list_costs_the_same_whatever_its_length(cast, choice, django_assert_num_queries):
    client = as_(cast.hr)
    started(choice)
    client.get("/hr/archives/")
    with django_assert_num_queries(9):
        client.get("/hr/archives/")
    started(choice)
    started(choice)
    with django_assert_num_queries(9):
        client.get("/hr/archives/")


def test_a_page_of_an_archive_costs_little(cast, choice, django_assert_max_num_queries):
    archive = started(choice)
    client = as_(cast.hr)
    with django_assert_max_num_queries(15):
        client.get(f"/hr/archives/{archive.pk}/")
    work(archive)
    fetch(client, archive)
    with django_assert_max_num_queries(15):
        client.get(f"/hr/archives/{archive.pk}/")
