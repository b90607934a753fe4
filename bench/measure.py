"""One page: median time over n requests, then its statements and its weight."""

import re
import statistics
import time
from collections import Counter
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.pages import PAGES, Cast, choose_cast

MOST_STATEMENTS = 15
MOST_KIB = 100
SLOW_STATEMENT_MS = 20


@dataclass(frozen=True)
class Figures:
    status: int
    milliseconds: float
    statements: int
    kib: float
    costly: tuple[str, ...]

    @property
    def is_within_targets(self) -> bool:
        return self.status == 200 and self.statements <= MOST_STATEMENTS and self.kib <= MOST_KIB


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
    return Figures(
        status=response.status_code,
        milliseconds=1000 * statistics.median(times),
        statements=len(captured),
        kib=len(response.content) / 1024,
        costly=_costly(captured.captured_queries),
    )


def _costly(queries: list[dict[str, str]]) -> tuple[str, ...]:
    """Statements that are repeated or slow, shortened: where to look when a target is missed."""
    shapes = Counter(
        _shape(query["sql"]) for query in queries if query["sql"] not in {"BEGIN", "COMMIT"}
    )
    repeated = [f"{n} times: {shape}" for shape, n in shapes.most_common(3) if n > 1]
    slow = [
        f"{1000 * float(query['time']):.0f} ms: {_shape(query['sql'])}"
        for query in queries
        if 1000 * float(query["time"]) > SLOW_STATEMENT_MS
    ]
    return tuple(repeated + slow)


def _shape(sql: str) -> str:
    """The statement without its columns and values."""
    short = re.sub(r"SELECT (DISTINCT )?.*? FROM", "SELECT … FROM", sql, count=1, flags=re.DOTALL)
    short = re.sub(r"'[^']*'|\b\d+\b", "?", short)
    return re.sub(r"\s+", " ", short)[:220]
