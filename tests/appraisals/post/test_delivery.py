"""Letters go out once, come back after pauses, and end where HR sees them."""

import smtplib
from typing import Any

import pytest

from appraisals.models import Letter, LetterState, Notice, Rhythm
from appraisals.notifications import delivery, gathering, withdraw
from orgchart import clock
from orgchart.models import Person
from tests.appraisals.post.mail_server import Server
from tests.appraisals.post.rows import (
    post_all,
    prefers,
    seconds_to_next_try,
    time_passes,
    told,
    tomorrow_morning,
)
from tests.cast import Cast

pytestmark = pytest.mark.django_db

BUSY = smtplib.SMTPRecipientsRefused({"x": (451, b"4.3.0 Try again later")})
NOT_WANTED = smtplib.SMTPRecipientsRefused({"x": (550, b"5.1.1 No such person")})


def only_letter() -> Letter:
    return Letter.objects.get()


def test_nine_people_make_one_letter_not_nine(cast: Cast, server: Server) -> None:
    for number in range(9):
        told(cast.rating_official, f"plan-{number}")

    assert post_all() == 1

    (mail,) = server.kept
    assert mail.to == [cast.rating_official.email]
    assert mail.subject == "dpmap: 9 things wait for you"
    assert {f"/notices/{notice.pk}/" in mail.body for notice in Notice.objects.all()} == {True}
    assert only_letter().notices.count() == 9
    assert post_all() == 0
    assert len(server.kept) == 1


def test_a_digest_waits_for_its_hour(cast: Cast, server: Server) -> None:
    told(cast.employee)

    assert gathering.gather() == 0
    assert delivery.deliver() == 0
    assert not server.kept


def test_one_connection_carries_many_letters(cast: Cast, server: Server) -> None:
    for person in Person.objects.all():
        told(person)
    many = Person.objects.count()
    assert many <= delivery.LETTERS_AT_ONCE

    assert post_all() == many
    assert server.connections == 1
    assert sorted(server.addresses()) == sorted(Person.objects.values_list("email", flat=True))


def test_at_once_goes_out_with_the_commit(
    cast: Cast, server: Server, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.PRACTICE_MODE = True
    clock.move(clock.today())
    prefers(cast.employee, Rhythm.AT_ONCE)

    with django_capture_on_commit_callbacks(execute=True):
        told(cast.employee)
        told(cast.colleague)

    assert server.addresses() == [cast.employee.email]


def test_a_busy_server_is_asked_again_after_growing_pauses(
    cast: Cast, server: Server, settings: Any
) -> None:
    settings.POST_PAUSES = [60, 300, 900]
    told(cast.employee)
    server.answers[cast.employee.email] = BUSY
    pauses = []
    post_all()
    while only_letter().state == LetterState.WAITING:
        pauses.append(seconds_to_next_try(only_letter()))
        assert delivery.deliver() == 0
        assert only_letter().attempts == len(pauses)
        time_passes(pauses[-1] + 1)
        delivery.deliver()

    for pause, planned in zip(pauses, (60, 300, 900), strict=True):
        assert planned * 0.8 - 2 <= pause <= planned * 1.2
    letter = only_letter()
    assert letter.state == LetterState.DEAD
    assert letter.attempts == 4
    assert "Given up after 4 tries" in letter.last_error
    assert "451 4.3.0 Try again later" in letter.last_error


def test_pauses_last_about_a_day(settings: Any) -> None:
    pauses = settings.POST_PAUSES
    assert pauses == sorted(pauses)
    assert 20 * 3600 <= sum(pauses) <= 30 * 3600


def test_what_comes_later_keeps_its_message_id(cast: Cast, server: Server) -> None:
    told(cast.employee)
    server.next_answers = [smtplib.SMTPServerDisconnected("Connection unexpectedly closed")]
    post_all()
    before = only_letter().message_id
    time_passes(100)

    assert delivery.deliver() == 1
    assert dict(server.ids()) == {before: 1}


def test_a_recipient_refused_for_good_is_given_up_at_once(cast: Cast, server: Server) -> None:
    told(cast.employee)
    told(cast.colleague)
    server.answers[cast.employee.email] = NOT_WANTED

    assert post_all() == 1

    letter = Letter.objects.get(recipient=cast.employee)
    assert letter.state == LetterState.DEAD
    assert letter.last_error == "The mail server refused it: 550 5.1.1 No such person"
    assert server.addresses() == [cast.colleague.email]


def test_a_refused_sender_is_not_the_recipients_fault(cast: Cast, server: Server) -> None:
    told(cast.employee)
    server.answers[cast.employee.email] = smtplib.SMTPSenderRefused(550, b"Who are you", "dpmap")

    post_all()

    assert only_letter().state == LetterState.WAITING


def test_a_message_refused_for_good_is_given_up(cast: Cast, server: Server) -> None:
    told(cast.employee)
    server.answers[cast.employee.email] = smtplib.SMTPDataError(554, b"5.6.0 No")

    post_all()

    assert only_letter().state == LetterState.DEAD


def test_an_address_that_cannot_be_written_to_is_given_up(cast: Cast, server: Server) -> None:
    told(cast.employee)
    with tomorrow_morning():
        gathering.gather()
    Letter.objects.update(address="maria@example.mil\nBcc: all@example.mil")

    delivery.deliver()

    assert only_letter().state == LetterState.DEAD
    assert not server.kept


def test_nobody_answers(cast: Cast, server: Server) -> None:
    for person in (cast.employee, cast.colleague):
        told(person)
    server.closed = ConnectionRefusedError(111, "Connection refused")

    assert post_all() == 0
    assert {(each.state, each.attempts) for each in Letter.objects.all()} == {("waiting", 1)}
    server.closed = None
    time_passes(100)
    assert delivery.deliver() == 2


def test_a_server_that_hangs_up_after_each_letter_gets_them_all(cast: Cast, server: Server) -> None:
    for person in (cast.employee, cast.colleague, cast.hr):
        told(person)
    gone = smtplib.SMTPServerDisconnected("please run connect() first")
    server.next_answers = [None, gone, None, gone, None]

    assert post_all() == 3
    assert server.connections == 3
    assert set(server.ids().values()) == {1}


def test_a_server_that_hangs_up_on_the_first_is_left_alone(cast: Cast, server: Server) -> None:
    for person in (cast.employee, cast.colleague):
        told(person)
    server.next_answers = [smtplib.SMTPServerDisconnected("Connection unexpectedly closed")]

    assert post_all() == 0
    assert sorted(Letter.objects.values_list("attempts", flat=True)) == [0, 1]
    assert delivery.deliver() == 1


def test_a_letter_of_a_dead_worker_is_taken_again(
    cast: Cast, server: Server, settings: Any
) -> None:
    told(cast.employee)
    with tomorrow_morning():
        gathering.gather()
    (taken,) = delivery.claim()

    assert delivery.claim() == []
    time_passes(settings.POST_CLAIM_SECONDS + 1)
    assert delivery.deliver() == 1
    assert dict(server.ids()) == {taken.message_id: 1}


def test_a_worker_that_comes_back_late_marks_nothing(
    cast: Cast, server: Server, settings: Any
) -> None:
    told(cast.employee)
    with tomorrow_morning():
        gathering.gather()
    (late,) = delivery.claim()
    time_passes(settings.POST_CLAIM_SECONDS + 1)
    assert delivery.deliver() == 1

    delivery._try_later(late, "too late")

    assert only_letter().state == LetterState.SENT


def test_a_letter_whose_workers_all_die_is_given_up(
    cast: Cast, server: Server, settings: Any
) -> None:
    settings.POST_PAUSES = [1]
    told(cast.employee)
    with tomorrow_morning():
        gathering.gather()
    for _ in range(2):
        delivery.claim()
        time_passes(settings.POST_CLAIM_SECONDS + 1)

    assert delivery.deliver() == 0
    assert only_letter().state == LetterState.DEAD
    assert "may have arrived" in only_letter().last_error


def test_who_left_or_has_no_address_gets_no_letter_and_it_says_why(
    cast: Cast, server: Server
) -> None:
    told(cast.employee)
    told(cast.colleague)
    Person.objects.filter(pk=cast.employee.pk).update(is_active=False)
    Person.objects.filter(pk=cast.colleague.pk).update(email="")

    assert post_all() == 0
    assert set(Letter.objects.values_list("state", "last_error")) == {
        ("withheld", gathering.LEFT),
        ("withheld", gathering.NOWHERE),
    }


def test_what_is_over_is_not_mailed(cast: Cast, server: Server) -> None:
    told(cast.employee, "gone")
    told(cast.employee, "stays")

    withdraw(cast.employee, link="/documents/gone/")

    post_all()
    (mail,) = server.kept
    assert mail.subject == "dpmap: 1 thing waits for you"
    assert Notice.objects.get(key="gone").letter is None


def test_a_letter_whose_notices_are_gone_is_gone(cast: Cast, server: Server) -> None:
    told(cast.employee)
    with tomorrow_morning():
        gathering.gather()
    Notice.objects.update(letter=None, post_at=None)

    assert delivery.deliver() == 0
    assert not Letter.objects.exists()


def test_many_people_are_gathered_in_batches_each_in_one_letter(
    cast: Cast, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "PEOPLE_AT_ONCE", 4)
    for person in Person.objects.all():
        for key in ("a", "b", "c"):
            told(person, key)

    with tomorrow_morning():
        assert gathering.gather() == Person.objects.count()
        assert gathering.gather() == 0

    assert not Notice.objects.filter(letter=None).exists()
    assert {letter.notices.count() for letter in Letter.objects.all()} == {3}


def test_a_clock_that_jumps_sends_nothing_twice(cast: Cast, server: Server) -> None:
    told(cast.employee)
    assert post_all() == 1

    with clock.frozen(clock.today()):
        gathering.gather()
        delivery.deliver()
    told(cast.employee)
    post_all()

    assert len(server.kept) == 1
