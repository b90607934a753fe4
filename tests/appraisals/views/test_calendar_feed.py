"""The calendar of one's own due days: whose, what is in it, what is not, and its secret address."""

import datetime as dt

import icalendar
import pytest
from django.urls import reverse

from appraisals.models import CalendarAddress, Kind, Milestone, State
from appraisals.services.calendars import make_address, path_of
from orgchart import clock
from tests.cast import PRACTICE_DAY, SECRET, make_cast, make_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture(autouse=True)
def today():
    with clock.frozen(PRACTICE_DAY, at=dt.time(10)):
        yield


def feed_of(client, person):
    return client.get(path_of(make_address(person)))


def events(answer):
    calendar = icalendar.Calendar.from_ical(answer.content)
    return {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}


def test_the_calendar_of_a_rating_official(client, cast):
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    answer = feed_of(client, cast.rating_official)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    event = events(answer)["Appraisals due to the reviewer (FY 2027)"]
    assert event["DTSTART"].dt == dt.date(2027, 4, 15)
    assert event["DTEND"].dt == dt.date(2027, 4, 16)
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event["DTSTAMP"].dt.tzinfo is not None
    assert str(event["DESCRIPTION"]) == "2 of 2 appraisals are not sent."
    assert str(event["URL"]).endswith("/team/")
    assert not event.walk("VALARM")


def test_each_role_has_its_own_days(client, cast):
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    assert "Your acknowledgment of the appraisal is due (FY 2027)" in events(
        feed_of(client, cast.employee)
    )
    reviewer = events(feed_of(client, cast.higher_level_reviewer))
    assert str(reviewer["Higher level reviews due (FY 2027)"]["DESCRIPTION"]) == (
        "1 of 1 appraisal is not approved."
    )


def test_no_name_no_rating_no_text(client, cast):
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    for person in (cast.rating_official, cast.higher_level_reviewer, cast.employee):
        text = feed_of(client, person).content.decode()
        for word in (SECRET, "Maria", "Employee", "Dana", "Outstanding"):
            assert word not in text


def test_lines_are_folded_and_end_as_the_standard_says(client, cast):
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    body = feed_of(client, cast.rating_official).content
    assert body.startswith(b"BEGIN:VCALENDAR\r\n")
    assert body.endswith(b"END:VCALENDAR\r\n")
    lines = body.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert b"VTIMEZONE" not in body


def test_an_event_keeps_its_name_when_its_day_moves(client, cast):
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    address = path_of(make_address(cast.rating_official))
    summary = "Appraisals due to the reviewer (FY 2027)"
    before = events(client.get(address))[summary]
    Milestone.objects.filter(cycle=cast.cycle, kind="appraisal_due").update(
        due_on=dt.date(2027, 4, 20)
    )
    after = events(client.get(address))[summary]
    assert after["UID"] == before["UID"]
    assert after["DTSTART"].dt == dt.date(2027, 4, 20)
    uids = [str(event["UID"]) for event in events(client.get(address)).values()]
    assert len(uids) == len(set(uids))


def test_what_is_unchanged_is_not_sent_again(client, cast):
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    address = path_of(make_address(cast.rating_official))
    first = client.get(address)
    assert first["Last-Modified"]
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    Milestone.objects.filter(cycle=cast.cycle, kind="appraisal_due").update(
        due_on=dt.date(2027, 4, 20)
    )
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_wrong_address_does_not_exist(client, cast):
    address = path_of(make_address(cast.employee))
    name = CalendarAddress.objects.get().name
    for wrong in (
        address.replace(name, "x" + name[1:]),
        f"/calendar/{name}.ics",
        "/calendar/a.ics",
    ):
        assert client.get(wrong).status_code == 404
    assert client.get(address).status_code == 200


def test_a_renewed_and_a_removed_address_show_nothing_any_more(client, cast):
    client.force_login(cast.employee)
    client.post(reverse("calendar"), {"renew": "1"})
    first = path_of(CalendarAddress.objects.get())
    assert first in client.get(reverse("calendar")).content.decode()
    client.post(reverse("calendar"), {"renew": "1"})
    second = path_of(CalendarAddress.objects.get())
    assert client.get(first).status_code == 404
    client.logout()
    assert client.get(second).status_code == 200
    client.force_login(cast.employee)
    client.post(reverse("calendar"), {"remove": "1"})
    assert client.get(second).status_code == 404


def test_who_may_not_sign_in_has_no_calendar(client, cast):
    address = path_of(make_address(cast.employee))
    cast.employee.is_active = False
    cast.employee.save()
    assert client.get(address).status_code == 404


def test_a_person_without_anything_due_has_an_empty_calendar(client, cast):
    answer = feed_of(client, cast.secretary)
    assert icalendar.Calendar.from_ical(answer.content).walk("VEVENT") == []
    client.force_login(cast.secretary)
    assert "Nothing is open" in client.get(reverse("calendar")).content.decode()


def test_a_calendar_asks_the_same_questions_of_more_people(
    client, cast, django_assert_max_num_queries
):
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    address = path_of(make_address(cast.rating_official))
    with django_assert_max_num_queries(8):
        client.get(address)
