"""Letters go out: claimed in one transaction, sent outside of any, marked in another.

What can be promised. A letter is sent at least once and, unless a worker or a connection dies between
"the server has it" and "we know it", exactly once. SMTP has no way to ask whether a message whose reply
was lost arrived (RFC 5321, 4.5.4.1 and RFC 1047), so such a letter is sent again, with the Message-ID of
the first time: a mail server or reader that drops copies drops this one. Each letter is marked before the
next is sent, so a dead worker leaves one letter in doubt, not its whole batch.
"""

import random
import smtplib
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import groupby
from operator import attrgetter
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from appraisals.models import Letter, LetterState, Notice
from appraisals.notifications.letters import message_of

log = structlog.get_logger(__name__)

LETTERS_AT_ONCE = 20
# A batch ends long before its claim does, and a run before its task does: the rest is given back.
SECONDS_FOR_A_BATCH = 120
SECONDS_FOR_A_RUN = 300
JITTER = 0.2
PERMANENT = 500
ERROR_LIMIT = 400
NOT_FOUND_OUT = (
    "Each worker that took it ended before it knew what came of it; it may have arrived."
)

# The times of the database, not the practice clock: two workers must agree on them.
# Materialized: a subquery that is run once for each row would take more than the limit.
CLAIM = """
WITH free AS MATERIALIZED (
    SELECT id FROM appraisals_letter
    WHERE (state = 'waiting' AND next_try_at <= now())
       OR (state = 'sending' AND claimed_at < now() - make_interval(secs => %s))
    ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE appraisals_letter AS letter
SET state = 'sending', claimed_at = now(), attempts = letter.attempts + 1
FROM free WHERE letter.id = free.id
RETURNING letter.id
"""
MARK = """
UPDATE appraisals_letter SET state = %(state)s, last_error = %(error)s, claimed_at = NULL,
    attempts = attempts - %(given_back)s,
    sent_at = CASE WHEN %(state)s = 'sent' THEN now() END,
    ended_at = CASE WHEN %(state)s IN ('dead', 'withheld') THEN now() END,
    next_try_at = CASE WHEN %(state)s = 'waiting' THEN now() + make_interval(secs => %(pause)s) END
WHERE id = %(id)s AND state = 'sending' AND attempts = %(attempts)s
"""


def deliver() -> int:
    """Send what waits; how many were sent. Any number of workers may do so at once."""
    sent, until = 0, time.monotonic() + SECONDS_FOR_A_RUN
    while time.monotonic() < until and (letters := claim()):
        done, answers = _send_batch(letters)
        sent += done
        if not answers:
            break
    return sent


def claim() -> list[Letter]:
    """Letters that are this worker's alone until they are marked, or until the claim has grown old."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, [settings.POST_CLAIM_SECONDS, LETTERS_AT_ONCE])
        claimed = [pk for (pk,) in cursor.fetchall()]
    return list(
        Letter.objects.filter(pk__in=claimed)
        .select_related("recipient", "invitation__about", "invitation__asked_by")
        .order_by("pk")
    )


def _send_batch(letters: list[Letter]) -> tuple[int, bool]:
    """How many were sent, and whether the server answers. One connection carries them all."""
    server: BaseEmailBackend = get_connection()
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail_server_does_not_answer", error=str(error))
        for letter in letters:
            _try_later(letter, error)
        return 0, False
    try:
        return _send_each(letters, server)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.close()


def _send_each(letters: list[Letter], server: BaseEmailBackend) -> tuple[int, bool]:
    notices = _notices_of(letters)
    sent, until = 0, time.monotonic() + SECONDS_FOR_A_BATCH
    for number, letter in enumerate(letters):
        if time.monotonic() > until:
            _give_back(letters[number:])
            break
        try:
            sent += _send(letter, notices.get(letter.pk, []), server)
        except (OSError, smtplib.SMTPException) as error:
            log.warning("mail_server_hung_up", error=str(error), after=number)
            if number:
                # It took some before, so it is there; the first on the next connection will tell.
                _give_back(letters[number:])
                return sent, True
            _try_later(letter, error)
            _give_back(letters[1:])
            return sent, False
    return sent, True


def _notices_of(letters: list[Letter]) -> dict[int, list[Notice]]:
    rows = Notice.objects.filter(letter__in=letters).order_by("letter", "pk")
    found: Iterator[tuple[int, Iterator[Notice]]] = groupby(rows, key=attrgetter("letter_id"))
    return {pk: list(notices) for pk, notices in found}


def _send(letter: Letter, notices: list[Notice], server: BaseEmailBackend) -> bool:
    """Whether it went. Errors of the connection go up; what concerns this letter alone is marked on it."""
    if not notices and letter.invitation is None:
        # All of it was withdrawn in the moment it was gathered.
        letter.delete()
        return False
    if letter.attempts > len(settings.POST_PAUSES) + 1:
        _mark(letter, LetterState.DEAD, error=letter.last_error or NOT_FOUND_OUT)
        return False
    try:
        server.send_messages([message_of(letter, notices)])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as no:
        _refused(letter, no)
        return False
    except ValueError as error:
        # An address that no mail can be written to.
        _mark(letter, LetterState.DEAD, error=str(error))
        return False
    _mark(letter, LetterState.SENT)
    return True


def _refused(letter: Letter, refusal: smtplib.SMTPException) -> None:
    """What the server says of this recipient or this message for good ends it; else it is tried later."""
    code, words = _reply(refusal)
    said = f"{code} {words}"
    if code >= PERMANENT and not isinstance(refusal, smtplib.SMTPSenderRefused):
        _mark(letter, LetterState.DEAD, error=f"The mail server refused it: {said}")
    else:
        _try_later(letter, f"The mail server refused it for now: {said}")


def _reply(refusal: smtplib.SMTPException) -> tuple[int, str]:
    code: int = 0
    words: bytes | str = str(refusal)
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(refusal.recipients.values()))
    elif isinstance(refusal, smtplib.SMTPResponseException):
        code, words = refusal.smtp_code, refusal.smtp_error
    return code, words.decode(errors="replace") if isinstance(words, bytes) else words


def _try_later(letter: Letter, error: object) -> None:
    said = str(error) or type(error).__name__
    if letter.attempts > len(settings.POST_PAUSES):
        _mark(letter, LetterState.DEAD, error=f"Given up after {letter.attempts} tries. {said}")
        return
    pause = settings.POST_PAUSES[letter.attempts - 1]
    # Not for secrecy: letters that failed together shall not all come back together.
    spread = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
    _mark(letter, LetterState.WAITING, error=said, pause=pause * spread)


def _give_back(letters: list[Letter]) -> None:
    """Claimed and not begun: that was no try."""
    for letter in letters:
        _mark(letter, LetterState.WAITING, error=letter.last_error, given_back=1)


def _mark(
    letter: Letter,
    state: LetterState,
    *,
    error: str = "",
    pause: float = 0,
    given_back: int = 0,
) -> None:
    """Nothing, when somebody else took the letter meanwhile: `attempts` tells whose claim it is."""
    values: dict[str, Any] = {
        "id": letter.pk,
        "state": state.value,
        "attempts": letter.attempts,
        "error": error.replace("\x00", "")[:ERROR_LIMIT],
        "pause": pause,
        "given_back": given_back,
    }
    with connection.cursor() as cursor:
        cursor.execute(MARK, values)
        was_ours = cursor.rowcount == 1
    if state == LetterState.DEAD and was_ours:
        log.warning("letter_given_up", letter=letter.pk, attempts=letter.attempts)
