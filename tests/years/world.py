"""A small organization over some years, and what must have happened in it by everything that was done."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from hypothesis import strategies as st

from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person
from tests.cast import Cast

FIRST_DAY = dt.date(2026, 4, 3)
Row = TypeVar("Row")

# What people wrote, signed, were told and were rated: none of it may change when something is refused.
DIGEST = """
SELECT md5(string_agg(each, '|' ORDER BY each)) FROM (
    SELECT concat_ws(' ', 'document', id, state, policy_id, on_paper, approved_on, communicated_on, acknowledged_on,
        input_shared_at) AS each FROM appraisals_document
    UNION ALL SELECT concat_ws(' ', 'section', id, version, text, level) FROM appraisals_section
    UNION ALL SELECT concat_ws(' ', 'element', id, version, number, title, standards, accepted, removed_at)
        FROM appraisals_element
    UNION ALL SELECT concat_ws(' ', 'record', id, rating_official_id, higher_level_reviewer_id, organization_id)
        FROM appraisals_appraisal
    UNION ALL SELECT concat_ws(' ', 'rating', id, level) FROM appraisals_ratingofrecord
    UNION ALL SELECT concat_ws(' ', 'change', id, version, title, removed_at) FROM appraisals_elementchange
    UNION ALL SELECT concat_ws(' ', 'amendments', count(*), max(id)) FROM appraisals_ratingamendment
    UNION ALL SELECT concat_ws(' ', 'more time', id, state, until) FROM appraisals_extension
    UNION ALL SELECT concat_ws(' ', 'closed', id, not_rated) FROM appraisals_appraisal
    UNION ALL SELECT concat_ws(' ', 'disagreement', id, state) FROM appraisals_disagreement
    UNION ALL SELECT concat_ws(' ', 'delegation', id, ended_at) FROM appraisals_delegation
    UNION ALL SELECT concat_ws(' ', 'events', count(*), max(id)) FROM appraisals_appraisalevent
    UNION ALL SELECT concat_ws(' ', 'versions', count(*), max(id)) FROM appraisals_textversion
    UNION ALL SELECT concat_ws(' ', 'told', count(*), max(id)) FROM appraisals_notice
) AS everything
"""


class World:
    """`today` moves on; `written` holds every text that was kept, `taken` every step that succeeded."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.today = FIRST_DAY
        self.words = 0
        self.written: dict[tuple[str, int], list[str]] = defaultdict(list)
        self.taken: Counter[tuple[int, str]] = Counter()
        self.done: Counter[str] = Counter()

    @property
    def everybody(self) -> list[Person]:
        return list(self.cast.people.values())

    def fresh(self, person: Person) -> Person:
        """As in a request of their own: nothing is remembered about them from the one before."""
        return Person.objects.get(pk=person.pk)

    def new_words(self) -> str:
        self.words += 1
        return f"Words {self.words} of a year."

    def attempt(self, name: str, act: Callable[[], Row]) -> Row | None:
        """What is refused says why and has changed nothing. Anything but a refusal is a fault."""
        before, why = digest(), "forbidden"
        try:
            with clock.frozen(self.today):
                done = act()
        except PermissionDenied:
            self.done[f"{name}, forbidden"] += 1
        except Refused as refusal:
            why = refusal.message.strip()
            self.done[f"{name}, refused"] += 1
        else:
            self.done[name] += 1
            return done
        assert why, f"{name} was refused without a word"
        assert digest() == before, f"{name} was refused and changed something"
        return None


def digest() -> str:
    with connection.cursor() as cursor:
        cursor.execute(DIGEST)
        return str(cursor.fetchone()[0])


def one_of(data: st.DataObject, rows: Iterable[Row]) -> Row | None:
    found = list(rows)
    return found[data.draw(st.integers(0, len(found) - 1))] if found else None


class Undone:
    """A year that leaves nothing behind, so that the next begins with the same people."""

    def __enter__(self) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()

    def __exit__(self, *error: object) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)
