"""A small organization over some years, and what must have happened in it by everything that was done."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from random import Random
from typing import TypeVar

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Model
from hypothesis import note

from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person, RoleGrant
from tests.cast import Cast, assign

FIRST_DAY = dt.date(2026, 4, 3)
Row = TypeVar("Row")


class World:
    """`today` moves on. `in_earnest`: who is asked to do something is who should. `written` holds every text that was kept and `said` what has no versions, `taken`
    every step that succeeded, `seen` every line of history that was read, `gone` the records that two
    persons destroyed."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.today = FIRST_DAY
        self.in_earnest = False
        self.refused_for = ""
        self.words = 0
        self.written: dict[tuple[str, int], list[str]] = defaultdict(list)
        self.said: dict[tuple[type[Model], int], str] = {}
        self.taken: Counter[tuple[int, str]] = Counter()
        self.seen: set[tuple[object, ...]] = set()
        self.gone: set[int] = set()
        self.done: Counter[str] = Counter()

    @property
    def has_come_to(self) -> tuple[dt.date, int]:
        """Another one after everything that was done or tried."""
        return self.today, self.done.total()

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
        note(f"{self.today}: {name}")
        before, why = digest(), "forbidden"
        try:
            with clock.frozen(self.today):
                done = act()
        except PermissionDenied:
            self.done[f"{name}, forbidden"] += 1
        except Refused as refusal:
            why = refusal.message.strip()
            self.done[f"{name}, refused"] += 1
            self.refused_for = why
            note(why)
        else:
            self.done[name] += 1
            return done
        assert why, f"{name} was refused without a word"
        assert digest() == before, f"{name} was refused and changed something"
        return None


def staff(cast: Cast) -> None:
    """Whoever it takes beside the cast: the second of two persons in HR, and HR of the whole department."""
    for number, (key, place, boss) in enumerate(
        (
            ("hr_second", "CMD", "reviewer_elsewhere"),
            ("hr_of_all", "DOD", "secretary"),
            ("hr_of_all_2", "DOD", "secretary"),
        ),
        start=1,
    ):
        person = Person.objects.create_user(
            email=f"{key}@example.mil",
            dod_id=f"{2_100_000_000 + number}",
            first_name="Hilda",
            last_name=f"Human{number}",
        )
        assign(person, cast.people[boss], cast.places[place])
        RoleGrant.objects.create(
            person=person,
            role=RoleGrant.Role.HR_ADMINISTRATOR,
            organization=cast.places[place],
            starts_on=dt.date(2024, 1, 1),
        )
        cast.people[key] = person


def digest() -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXECUTE digest_of_every_table")
        return str(cursor.fetchone()[0])


def _digest_of_every_table() -> str:
    """How many rows each holds, and which (sub)transactions wrote them: no change that stays escapes it."""
    each = "SELECT {} AS number, count(*) AS held, sum(xmin::text::bigint) AS written FROM {}"
    tables = [
        model._meta.db_table
        for app in ("appraisals", "orgchart")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    ]
    rows = " UNION ALL ".join(each.format(*pair) for pair in enumerate(tables))
    line = "concat_ws(':', held, written)"
    return f"SELECT string_agg({line}, ' ' ORDER BY number) FROM ({rows}) AS tables"  # noqa: S608


def one_of(lot: Random, rows: Iterable[Row]) -> Row | None:
    found = list(rows)
    return lot.choice(found) if found else None


class Undone:
    """A year that leaves nothing behind, so that the next begins with the same people."""

    def __enter__(self) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()
        with connection.cursor() as cursor:
            # The tables are small: what a big one gains by it costs these more than they take.
            cursor.execute("SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0")
            cursor.execute(f"PREPARE digest_of_every_table AS {_digest_of_every_table()}")

    def __exit__(self, *error: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE digest_of_every_table")
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)
