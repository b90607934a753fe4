"""The instruments themselves: what they say about faults must be so."""

import smtplib
from email.message import EmailMessage

import pytest

from tests.faults.sink import Mood, Sink


@pytest.fixture
def sink():
    server = Sink()
    server.open()
    yield server
    server.shut()


def send(sink: Sink, number: int) -> None:
    letter = EmailMessage()
    letter["To"], letter["Message-ID"] = "maria.ortega@example.mil", f"<{number}@dpmap>"
    letter.set_content("Something to do.")
    with smtplib.SMTP("127.0.0.1", sink.port, timeout=5) as connection:
        connection.send_message(letter, "dpmap@localhost")


def test_kept_letters_are_counted(sink):
    for number in (1, 2, 2):
        send(sink, number)
    assert sink.delivered == {"<1@dpmap>": 1, "<2@dpmap>": 2}
    assert sink.addresses() == {"maria.ortega@example.mil": 3}


@pytest.mark.parametrize(("mood", "code"), [(Mood.BUSY, 451), (Mood.REFUSES, 550)])
def test_refused_with_a_reply(sink, mood, code):
    sink.mood = mood
    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(sink, 1)
    assert refused.value.smtp_code == code
    assert not sink.delivered


def test_slow_is_kept(sink):
    sink.mood = Mood.SLOW
    send(sink, 1)
    assert sink.delivered == {"<1@dpmap>": 1}


@pytest.mark.parametrize(("mood", "kept"), [(Mood.LOSES_IT, 0), (Mood.KEEPS_IT_AND_DROPS, 1)])
def test_dropped_without_an_answer(sink, mood, kept):
    sink.moods = [mood]
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        send(sink, 1)
    assert sink.delivered["<1@dpmap>"] == kept
    send(sink, 1)
    assert sink.delivered["<1@dpmap>"] == kept + 1


def test_answered_and_then_dropped(sink):
    sink.moods = [Mood.ANSWERS_AND_DROPS]
    letter = EmailMessage()
    letter["To"], letter["Message-ID"] = "a@example.mil", "<1@dpmap>"
    connection = smtplib.SMTP("127.0.0.1", sink.port, timeout=5)
    assert connection.send_message(letter, "dpmap@localhost") == {}
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        connection.noop()
    connection.close()
    assert sink.delivered == {"<1@dpmap>": 1}


def test_nobody_listens(sink):
    sink.shut()
    with pytest.raises(ConnectionRefusedError):
        send(sink, 1)
    sink.open()
    send(sink, 1)
    assert sink.delivered == {"<1@dpmap>": 1}
