"""One page: median time over n requests, then its queries and its weight."""

import re
import statistics
import time
from collections import Counter
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.pages import PAGES, Cast, choose_cast

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
    """One entry for each of PAGES, None where the screen is not there."""
    cast = choose_cast()
    return [
        _measure(url, who=page.who, cast=cast, requests=requests) if url else None
        for page in PAGES
        for url in [page.url(cast)]
    ]


def _measure(url: str, *, who: str, cast: Cast, requests: int) -> Figures:
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    client.force_login(getattr(cast, who), backend="django.contrib.auth.backends.ModelBackend")
    client.get(url)
    times = []
    for _ in range(requests):
        began = time.perf_counter()
        client.get(url)
        times.append(time.perf_counter() - began)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    queries = [
        query for query in captured.captured_queries if not query["sql"].startswith(OF_TRANSACTIONS)
    ]
    return Figures(
        status=response.status_code,
        milliseconds=1000 * statistics.median(times),
        queries=len(queries),
        kib=len(response.content) / 1024,
        costly=_costly(queries),
    )


def _costly(queries: list[dict[str, str]]) -> tuple[str, ...]:
    """Queries that are repeated or slow, shortened: where to look when a target is missed."""
    shapes = Counter(_shape(query["sql"]) for query in queries)
    repeated = [f"{n} times: {shape}" for shape, n in shapes.most_common(3) if n > 1]
    slow = [
        f"{1000 * float(query['time']):.0f} ms: {_shape(query['sql'])}"
        for query in queries
        if 1000 * float(query["time"]) > SLOW_QUERY_MS
    ]
    return tuple(repeated + slow)


def _shape(sql: str) -> str:
    """The query without its columns and values."""
    short = re.sub(r"SELECT (DISTINCT )?.*? FROM", "SELECT … FROM", sql, count=1, flags=re.DOTALL)
    short = re.sub(r"'[^']*'|\b\d+\b", "?", short)
    return re.sub(r"\s+", " ", short)[:220]
