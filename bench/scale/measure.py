"""One page at one size: what a visit costs on the server, and how much of that in the database."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client

from bench.measure import OF_TRANSACTIONS, shape
from bench.scale.databases import Database
from bench.scale.pages import PAGES, Cast
from orgchart.models import Person

COSTLIEST = 2


@dataclass(frozen=True)
class Figures:
    """Medians of the timed visits; `costly` are the slowest statements of the last one."""

    status: int
    milliseconds: float
    database: float
    queries: int
    kib: float
    costly: tuple[str, ...]


@dataclass
class Visit:
    """A person at an address of one database, again and again; the first time is to warm up."""

    database: Database
    url: str
    person: Person
    times: list[float] = field(default_factory=list)
    statements: list[list[tuple[float, str]]] = field(default_factory=list)
    response: Any = None

    def __post_init__(self) -> None:
        with self.database.in_use():
            self.client = Client(SERVER_NAME="localhost", raise_request_exception=False)
            backend = "dpmap.backend.PersonBackend"
            self.client.force_login(self.person, backend=backend)

    def go(self) -> None:
        with self.database.in_use(), timed_statements() as statements:
            began = time.perf_counter()
            self.response = self.client.get(self.url)
            self.times.append(time.perf_counter() - began)
        self.statements.append(statements)

    def figures(self) -> Figures:
        last = self.statements[-1]
        return Figures(
            status=self.response.status_code,
            milliseconds=1000 * statistics.median(self.times[1:]),
            database=1000 * statistics.median(_total(each) for each in self.statements[1:]),
            queries=len(last),
            kib=len(self.response.content) / 1024,
            costly=tuple(
                f"{1000 * seconds:.0f} ms: {shape(sql)}"
                for seconds, sql in sorted(last, reverse=True)[:COSTLIEST]
            ),
        )


@contextmanager
def timed_statements() -> Iterator[list[tuple[float, str]]]:
    """Seconds and text of each statement but those about transactions."""
    found: list[tuple[float, str]] = []

    def timed(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, *arguments)
        finally:
            if not sql.startswith(OF_TRANSACTIONS):
                found.append((time.perf_counter() - began, sql))

    with connection.execute_wrapper(timed):
        yield found


def _total(statements: Sequence[tuple[float, str]]) -> float:
    return sum(seconds for seconds, _ in statements)


def measure_pages(
    small: tuple[Database, Cast], whole: tuple[Database, Cast], *, rounds: int
) -> list[tuple[Figures, Figures] | None]:
    """For each of PAGES both sizes, None where the screen is not there.

    Each page is opened in one database and at once in the other, the first of the two in turn,
    so that whatever else the machine does falls on both alike.
    """
    visits = [
        [
            Visit(database, url, getattr(cast, page.who))
            for database, cast in (small, whole)
            for url in [_url(database, cast, at)]
            if url
        ]
        for at, page in enumerate(PAGES)
    ]
    for number in range(1 + rounds):
        for pair in visits:
            for visit in pair if number % 2 else reversed(pair):
                visit.go()
    return [(pair[0].figures(), pair[1].figures()) if pair else None for pair in visits]


def _url(database: Database, cast: Cast, at: int) -> str | None:
    with database.in_use():
        return PAGES[at].url(cast)


def seconds_of(act: Callable[[], object], *, times: int) -> float:
    """The median, after once to warm up."""
    taken = []
    for _ in range(1 + times):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken[1:])
