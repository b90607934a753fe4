"""The list of notices, the preferences, and HR's list of e-mail that did not arrive."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisals.models import Letter, LetterResend, LetterState, Notice, PostPreference, Rhythm
from appraisals.notifications import next_digest
from orgchart import clock
from orgchart.models import Person
from tests.appraisals.post.rows import prefers, told
from tests.cast import PRACTICE_DAY, Cast, make_cast

pytestmark = pytest.mark.django_db

LIST = "/notices/"
PREFERENCES = "/notices/e-mail/"
LETTERS = "/hr/e-mail/"
SEARCH = "/about/privacy/"


@pytest.fixture
def today(settings: Any) -> Iterator[dt.date]:
    settings.PRACTICE_MODE = True
    clock.move(PRACTICE_DAY)
    with clock.frozen(PRACTICE_DAY, at=dt.time(10)):
        yield PRACTICE_DAY


@pytest.fixture
def cast(db: None, today: dt.date) -> Cast:
    return make_cast()


@pytest.fixture
def reader(client: Client, cast: Cast) -> Client:
    client.force_login(cast.employee)
    return client


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def given_up(person: Person, error: str = "550 5.1.1 No such person", **changed: Any) -> Letter:
    now = clock.now()
    values = {"state": LetterState.DEAD, "ended_at": now, "made_at": now, "attempts": 3}
    values |= {"address": person.email, "last_error": error, "message_id": f"<{person.pk}@x>"}
    return Letter.objects.create(recipient=person, **{**values, **changed})


def test_header_counts_what_is_not_read_without_a_query(
    reader: Client, cast: Cast, django_assert_num_queries: Any
) -> None:
    with CaptureQueriesContext(connection) as empty:
        assert "who__notices" in page(reader, SEARCH)
    for number in range(3):
        told(cast.employee, f"key-{number}")
    with django_assert_num_queries(len(empty.captured_queries)):
        shown = page(reader, SEARCH)
    assert '<b>3<span class="sr"> not read</span></b>' in shown


def test_header_stops_counting_at_99(reader: Client, cast: Cast) -> None:
    for number in range(101):
        told(cast.employee, f"key-{number}")
    assert "<b>99+<span" in page(reader, LIST)


def test_notices_stand_under_their_day_newest_first(reader: Client, cast: Cast) -> None:
    with clock.frozen(dt.date(2027, 4, 1), at=dt.time(9)):
        told(cast.employee, "older")
    told(cast.employee, "newer")

    response = reader.get(LIST)

    days = response.context["days"]
    assert [group["day"] for group in days] == [PRACTICE_DAY, dt.date(2027, 4, 1)]
    assert [row["notice"].key for group in days for row in group["notices"]] == ["newer", "older"]
    assert "Today" in response.content.decode()


def test_nobody_sees_or_opens_the_notices_of_others(reader: Client, cast: Cast) -> None:
    theirs = told(cast.colleague)

    assert "waits for your review" not in page(reader, LIST)
    for address in (reverse("notice_open", args=[theirs.pk]),):
        assert reader.get(address).status_code == 404
    assert reader.post(reverse("notice_read", args=[theirs.pk])).status_code == 404
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_following_a_notice_reads_it_and_saves_its_mail(reader: Client, cast: Cast) -> None:
    notice = told(cast.employee)

    response = reader.get(reverse("notice_open", args=[notice.pk]))

    assert response.headers["Location"] == "/documents/one/"
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert notice.post_at is None


def test_looking_at_the_head_of_a_notice_reads_nothing(reader: Client, cast: Cast) -> None:
    notice = told(cast.employee)
    reader.head(reverse("notice_open", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.read_at is None


def test_mark_one_and_mark_all(reader: Client, cast: Cast) -> None:
    first, second, third = (told(cast.employee, key) for key in "abc")

    reader.post(reverse("notice_read", args=[first.pk]))
    assert set(Notice.objects.unread()) == {second, third}
    reader.post(reverse("notices_read"), {"newest": second.pk})
    assert set(Notice.objects.unread()) == {third}
    reader.post(reverse("notices_read"), {"newest": "¾"})
    assert not Notice.objects.unread().exists()


def test_marking_leaves_the_notices_of_others_alone(reader: Client, cast: Cast) -> None:
    told(cast.colleague)
    reader.post(reverse("notices_read"), {"newest": 10**30})
    assert Notice.objects.unread().count() == 1


def test_only_what_is_not_read(reader: Client, cast: Cast) -> None:
    Notice.objects.filter(pk=told(cast.employee, "read").pk).update(read_at=clock.now())
    told(cast.employee, "new")

    rows = reader.get(LIST, {"show": "unread"}).context["page"]
    assert [notice.key for notice in rows] == ["new"]


@pytest.mark.parametrize("asked", ["0", "2", "999", "x"])
def test_pages_take_the_same_queries_for_any_number(
    reader: Client, cast: Cast, django_assert_max_num_queries: Any, asked: str
) -> None:
    for number in range(60):
        told(cast.employee, f"key-{number}")
    with django_assert_max_num_queries(11):
        page(reader, f"{LIST}?page={asked}")


def test_an_employee_changes_preferences(reader: Client, cast: Cast) -> None:
    told(cast.employee)
    assert "Goes out on <b>7 April 2027 at 07:00</b>" in page(reader, PREFERENCES)

    response = reader.post(PREFERENCES, {"rhythm": "weekly"}, follow=True)

    shown = response.content.decode()
    assert "Saved. Every Monday at 7:00" in shown
    assert "Goes out on <b>12 April 2027 at 07:00</b>" in shown
    assert PostPreference.objects.get(person=cast.employee).rhythm == Rhythm.WEEKLY


def test_preferences_hold_for_what_waits_within_policy(reader: Client, cast: Cast) -> None:
    told(cast.employee, "free", "acknowledged")
    told(cast.employee, "mandatory", "to_acknowledge")

    reader.post(PREFERENCES, {"rhythm": "calendar"})

    times = dict(Notice.objects.values_list("key", "post_at"))
    assert times == {"free": None, "mandatory": next_digest(clock.now())}


def test_preferences_say_what_policy_makes_mandatory(reader: Client) -> None:
    shown = page(reader, PREFERENCES)
    assert "A document was discussed with you and waits for your acknowledgment" in shown
    assert "An employee sent their input" not in shown


def test_preview_shows_the_letter_that_will_come(reader: Client, cast: Cast) -> None:
    for number in range(9):
        told(cast.employee, f"key-{number}")

    response = reader.get(PREFERENCES)

    assert response.context["count"] == 9
    assert response.context["letter"]["subject"] == "dpmap: 9 things wait for you"
    assert response.content.decode().count("waits for your review") == 9


@pytest.mark.parametrize("given", ["", "hourly", "\x00"])
def test_a_rhythm_that_does_not_exist_changes_nothing(reader: Client, given: str) -> None:
    response = reader.post(PREFERENCES, {"rhythm": given})
    assert response.status_code == 422
    assert "Choose" in response.content.decode()
    assert not PostPreference.objects.exists()


def test_preferences_take_few_queries(
    reader: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for number in range(40):
        told(cast.employee, f"key-{number}")
    with django_assert_max_num_queries(15):
        assert "and 15 more" in page(reader, PREFERENCES)


@pytest.fixture
def hr(client: Client, cast: Cast) -> Client:
    client.force_login(cast.hr)
    return client


def test_hr_sees_what_did_not_arrive_in_scope(hr: Client, cast: Cast) -> None:
    given_up(cast.employee)
    given_up(cast.leader_elsewhere, "elsewhere")
    given_up(cast.colleague, "Left.", state=LetterState.WITHHELD)
    given_up(cast.rating_official, "", state=LetterState.SENT, sent_at=clock.now())

    shown = page(hr, LETTERS)

    assert "Maria Employee" in shown
    assert "550 5.1.1 No such person" in shown
    assert "Left." in shown
    assert "elsewhere" not in shown
    assert "Dana Official" not in shown
    assert "Left." not in page(hr, f"{LETTERS}?state=dead")
    assert "550 5.1.1" not in page(hr, f"{LETTERS}?state=withheld")


def test_hr_still_sees_letters_to_who_left(hr: Client, cast: Cast) -> None:
    cast.employee.assignments.filter(ends_on=None).update(ends_on=dt.date(2027, 4, 1))
    given_up(cast.employee)
    assert "Maria Employee" in page(hr, LETTERS)


def test_hr_sends_again_to_the_address_of_today(hr: Client, cast: Cast) -> None:
    letter = given_up(cast.employee)
    Person.objects.filter(pk=cast.employee.pk).update(email="maria.new@example.mil")

    response = hr.post(reverse("letter_resend", args=[letter.pk]), follow=True)

    letter.refresh_from_db()
    assert "1 e-mail is on the way again." in response.content.decode()
    assert (letter.state, letter.attempts) == (LetterState.WAITING, 0)
    assert letter.address == "maria.new@example.mil"
    assert letter.message_id == f"<{cast.employee.pk}@x>"
    noted = LetterResend.objects.get()
    assert (noted.by, noted.error) == (cast.hr, "550 5.1.1 No such person")


def test_sending_again_twice_sends_once(hr: Client, cast: Cast) -> None:
    letter = given_up(cast.employee)
    for _ in range(2):
        response = hr.post(reverse("letter_resend", args=[letter.pk]), follow=True)
    assert "Nothing was sent again" in response.content.decode()
    assert LetterResend.objects.count() == 1


def test_all_in_scope_are_sent_again(hr: Client, cast: Cast) -> None:
    here, elsewhere = given_up(cast.employee), given_up(cast.leader_elsewhere)
    gone = given_up(cast.colleague)
    Person.objects.filter(pk=cast.colleague.pk).update(is_active=False)

    hr.post(reverse("letters_resend"))

    states = dict(Letter.objects.values_list("pk", "state"))
    assert states == {here.pk: "waiting", elsewhere.pk: "dead", gone.pk: "dead"}


def test_a_resend_stands_with_the_letter(hr: Client, cast: Cast) -> None:
    letter = given_up(cast.employee)
    hr.post(reverse("letter_resend", args=[letter.pk]))
    Letter.objects.update(
        state=LetterState.DEAD, ended_at=clock.now(), last_error="552 Still no room"
    )
    shown = page(hr, LETTERS)
    assert "552 Still no room" in shown
    assert "Sent again by Hanna Human on 6 April 2027; before that: 550 5.1.1" in shown


def test_letters_take_the_same_queries_for_any_number(
    hr: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for person in Person.objects.all():
        given_up(person)
    with django_assert_max_num_queries(14):
        page(hr, LETTERS)


def test_letters_do_not_exist_for_anybody_else(reader: Client, cast: Cast) -> None:
    letter = given_up(cast.employee)
    assert reader.get(LETTERS).status_code == 404
    assert reader.post(reverse("letters_resend")).status_code == 404
    assert reader.post(reverse("letter_resend", args=[letter.pk])).status_code == 404


def test_preference_is_kept_for_one_person(reader: Client, cast: Cast) -> None:
    prefers(cast.colleague, Rhythm.AT_ONCE)
    reader.post(PREFERENCES, {"rhythm": "calendar"})
    assert PostPreference.objects.get(person=cast.colleague).rhythm == Rhythm.AT_ONCE
