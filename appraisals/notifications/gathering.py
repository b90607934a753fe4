"""Notices whose time has come become letters: one for each person, whatever number of notices."""

import datetime as dt
import time
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction

from orgchart import clock

PEOPLE_AT_ONCE = 2_000
# Well below the end of its task; the next sweep goes on where this one stopped.
SECONDS_FOR_A_RUN = 120

# The index hands out (post_at, recipient) in order; a batch begins where the last one ended. Whoever is
# in it gets everything that is due in the same letter, so no person's notices are ever in two batches.
GATHER = """
WITH due AS (
    SELECT post_at, recipient_id FROM appraisals_notice
    WHERE letter_id IS NULL AND post_at IS NOT NULL AND post_at <= %(now)s
      AND (post_at, recipient_id) > (%(after)s, %(last)s)
    ORDER BY post_at, recipient_id LIMIT %(limit)s
), written AS (
    INSERT INTO appraisals_letter
        (recipient_id, address, message_id, state, attempts, made_at, next_try_at, ended_at, last_error)
    SELECT p.id, p.email, '<' || gen_random_uuid() || '@' || %(domain)s || '>',
           CASE WHEN why.said = '' THEN 'waiting' ELSE 'withheld' END, 0, %(now)s,
           CASE WHEN why.said = '' THEN now() END,
           CASE WHEN why.said = '' THEN NULL ELSE now() END, why.said
    FROM (SELECT DISTINCT recipient_id FROM due) told
    JOIN orgchart_person p ON p.id = told.recipient_id
    CROSS JOIN LATERAL (SELECT CASE
        WHEN NOT p.is_active THEN %(left)s
        WHEN p.email = '' THEN %(nowhere)s ELSE '' END AS said) why
    RETURNING id, recipient_id
), carried AS (
    UPDATE appraisals_notice n SET letter_id = written.id FROM written
    WHERE n.recipient_id = written.recipient_id AND n.letter_id IS NULL
      AND n.post_at IS NOT NULL AND n.post_at <= %(now)s
)
SELECT (SELECT count(*) FROM written),
       (SELECT post_at FROM due ORDER BY post_at DESC, recipient_id DESC LIMIT 1),
       (SELECT recipient_id FROM due ORDER BY post_at DESC, recipient_id DESC LIMIT 1)
"""
LEFT = "This person has left, so nothing was sent."
NOWHERE = "This person has no e-mail address, so nothing was sent."
LONG_AGO = dt.datetime(1, 1, 2, tzinfo=dt.UTC)


def gather() -> int:
    """How many letters were written. One process at a time; another that comes meanwhile has nothing to do."""
    now, until = clock.now(), time.monotonic() + SECONDS_FOR_A_RUN
    after, last, letters = LONG_AGO, 0, 0
    while time.monotonic() < until and (batch := _gather_some(now, after, last)):
        written, after, last = batch
        letters += written
    return letters


@transaction.atomic
def _gather_some(
    now: dt.datetime, after: dt.datetime, last: int
) -> tuple[int, dt.datetime, int] | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('appraisals_gather_post'))")
        if not cursor.fetchone()[0]:
            return None
        values: dict[str, Any] = {
            "now": now,
            "after": after,
            "last": last,
            "limit": PEOPLE_AT_ONCE,
            "domain": sender_domain(),
            "left": LEFT,
            "nowhere": NOWHERE,
        }
        cursor.execute(GATHER, values)
        written, after, last = cursor.fetchone()
    return (written, after, last) if last is not None else None


def sender_domain() -> str:
    """Of the address that letters come from; a Message-ID is unique within it."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or str(
        urlsplit(settings.SITE_ADDRESS).hostname
    )
