"""The account at the end of a fault: what had to arrive, what arrived, and how often."""

import re
from collections import Counter
from collections.abc import Iterable
from email.message import Message

from tests.faults.servers import until
from tests.faults.site import Site

NOTICE = re.compile(r"/notices/(\d+)/")
WAITING = """
SELECT (SELECT count(*) FROM appraisals_letter WHERE state IN ('waiting', 'sending'))
     + (SELECT count(*) FROM appraisals_notice WHERE letter_id IS NULL AND post_at <= %s)
"""
Told = tuple[str, str]
LETTERS = 30
TELL = """
INSERT INTO appraisals_notice (recipient_id, kind, key, title, text, mail_title, mail_text,
    link, created_at, post_at)
SELECT id, 'nudge', %s, 'Something waits for you', '', '', '', '/', now(), '2026-01-01'
FROM orgchart_person WHERE is_active AND email <> '' ORDER BY id LIMIT %s RETURNING recipient_id
"""
LETTERS_OF = """
SELECT l.message_id, l.state FROM appraisals_letter l
JOIN appraisals_notice n ON n.letter_id = l.id WHERE n.key = %s
"""


def mail_at_once(site: Site) -> None:
    """Nobody waits for a digest, and what the demonstration would post is not part of the account."""
    site.rows("UPDATE appraisals_notice SET post_at = NULL WHERE letter_id IS NULL")
    site.rows("DELETE FROM appraisals_letter WHERE state = 'waiting'")
    site.rows(
        "INSERT INTO appraisals_postpreference (person_id, rhythm) "
        "SELECT id, 'at_once' FROM orgchart_person "
        "ON CONFLICT (person_id) DO UPDATE SET rhythm = 'at_once'"
    )


def text_of(letter: Message) -> str:
    for part in letter.walk():
        if part.get_content_type() == "text/plain":
            return bytes(part.get_payload(decode=True)).decode()
    raise AssertionError("A letter without text.")


def notices_told(site: Site) -> Counter[int]:
    """Each notice by the times it was in a letter, as the mail server has them."""
    return Counter(
        int(pk) for letter in site.sink.letters for pk in set(NOTICE.findall(text_of(letter)))
    )


def tell(site: Site, key: str, letters: int = LETTERS) -> None:
    """As a reminder does: many people, one statement, nobody woken."""
    assert len(site.rows(TELL, key, letters)) == letters


def settled(site: Site, *, within: float) -> None:
    """Until nothing is on its way any more."""
    later = site.one("SELECT now() + interval '3 years'")
    until(
        lambda: not site.one(WAITING, later), what="every letter has come to an end", within=within
    )


def assert_told_once(site: Site, expected: Iterable[Told], *, kinds: Iterable[str]) -> None:
    """Of these kinds exactly what is expected; of no kind anything twice."""
    notices = {
        pk: (email, link)
        for pk, email, link in site.rows(
            "SELECT n.id, p.email, n.link FROM appraisals_notice n "
            "JOIN orgchart_person p ON p.id = n.recipient_id WHERE n.kind = ANY(%s)",
            list(kinds),
        )
    }
    had = notices_told(site)
    assert set(had.values()) <= {1}
    wanted, told = Counter(expected), Counter(notices[pk] for pk in had if pk in notices)
    assert told == wanted, f"missing {wanted - told}, too many {told - wanted}"
    states = dict(site.rows("SELECT message_id, state FROM appraisals_letter"))
    assert {states[each] for each in site.sink.delivered} <= {"sent"}


def assert_account(
    site: Site, key: str, *, letters: int = LETTERS, twice: int = 0, never: int = 0
) -> None:
    """`twice`: copies of letters whose answer was lost. `never`: those the server refused for good."""
    settled(site, within=60)
    states = dict(site.rows(LETTERS_OF, key))
    sent = {message for message, state in states.items() if state == "sent"}
    assert len(states) == letters
    assert len(sent) == letters - never
    assert {state for message, state in states.items() if message not in sent} <= {"dead"}
    assert site.sink.delivered.keys() == sent
    copies = Counter(site.sink.delivered.values())
    assert copies == Counter({2: twice, 1: letters - never - twice})
