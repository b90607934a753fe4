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


def mail_at_once(site: Site) -> None:
    """Nobody waits for a digest, and what the demonstration would post is not part of the account."""
    site.rows("UPDATE appraisals_notice SET post_at = NULL WHERE letter_id IS NULL")
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


def told(site: Site) -> Counter[Told]:
    """Who was told what by mail, as the mail server has it: address and the page a notice leads to."""
    links = dict(site.rows("SELECT id, link FROM appraisals_notice"))
    return Counter(
        (str(letter["To"]), links[int(pk)])
        for letter in site.sink.letters
        for pk in set(NOTICE.findall(text_of(letter)))
    )


def settled(site: Site, *, within: float) -> None:
    """Until nothing is on its way any more."""
    later = site.one("SELECT now() + interval '3 years'")
    until(
        lambda: not site.one(WAITING, later), what="every letter has come to an end", within=within
    )


def assert_told_once(site: Site, expected: Iterable[Told]) -> None:
    wanted, had = Counter(expected), told(site)
    assert had == wanted, f"missing {wanted - had}, too many {had - wanted}"
    assert set(site.sink.delivered.values()) <= {1}
    states = dict(site.rows("SELECT message_id, state FROM appraisals_letter"))
    assert {states[each] for each in site.sink.delivered} <= {"sent"}
