"""One page: median time over n requests, then its queries and its weight."""

import re
import statistics
import time
from collections import Counter
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.pages import PAGES, choose_cast
from orgchart.models import Person

MOST_QUERIES = 15
MOST_KIB = 100
SLOW_QUERY_MS = 20
OF_TRANSACTIONS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@dataclass(frozen=True)
class Figures:
    status: int
    milliseconds: float
    queries: int
    kib: float
    costly: tuple[str, ...]


def measure_pages(requests: int) -> list[Figures | None]:
    """One entry for each of PAGES, None where the screen is not there.

    In rounds, so that whatever else the machine does falls on all pages alike.
    """
    cast = choose_cast()
    visits = [
        _Visit(url, getattr(cast, page.who)) if url else None
        for page in PAGES
        for url in [page.url(cast)]
    ]
    for _ in range(1 + requests):
        for visit in filter(None, visits):
            visit.go()
    return [visit.figures() if visit else None for visit in visits]


class _Visit:
    """A person at an address, again and again; the first time is to warm up."""

    def __init__(self, url: str, person: Person) -> None:
        self.url = url
        self.client = Client(SERVER_NAME="localhost", raise_request_exception=False)
        self.client.force_login(person, backend="dpmap.backend.PersonBackend")
        self.times: list[float] = []

    def go(self) -> None:
        began = time.perf_counter()
        self.client.get(self.url)
        self.times.append(time.perf_counter() - began)

    def figures(self) -> Figures:
        with CaptureQueriesContext(connection) as captured:
            response = self.client.get(self.url)
        queries = [
            query
            for query in captured.captured_queries
            if not query["sql"].startswith(OF_TRANSACTIONS)
        ]
        return Figures(
            status=response.status_code,
            milliseconds=1000 * statistics.median(self.times[1:]),
            queries=len(queries),
            kib=len(response.content) / 1024,
            costly=_costly(queries),
        )


def _costly(queries: list[dict[str, str]]) -> tuple[str, ...]:
    """Queries that are repeated or slow, shortened: where to look when a target is missed."""
    shapes = Counter(shape(query["sql"]) for query in queries)
    repeated = [f"{n} times: {shape}" for shape, n in shapes.most_common(3) if n > 1]
    slow = [
        f"{1000 * float(query['time']):.0f} ms: {shape(query['sql'])}"
        for query in queries
        if 1000 * float(query["time"]) > SLOW_QUERY_MS
    ]
    return tuple(repeated + slow)


def shape(sql: str) -> str:
    """The query without its columns and values."""
    short = re.sub(r"SELECT (DISTINCT )?.*? FROM", "SELECT … FROM", sql, count=1, flags=re.DOTALL)
    short = re.sub(r"'[^']*'|\b\d+\b", "?", short)
    return re.sub(r"\s+", " ", short)[:220]
