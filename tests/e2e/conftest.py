"""The product as its users have it: a real server on a copy of the demonstration, and real browsers."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from playwright.sync_api import Browser

from dpmap import embedded
from tests.browser import chromium
from tests.e2e.actor import Actor

WAIT = 60


def database_url(name: str) -> str:
    database = settings.DATABASES["default"]
    user, password = database.get("USER", ""), database.get("PASSWORD", "")
    account = f"{quote(user)}:{quote(password)}" if password else quote(user)
    port = f":{database['PORT']}" if database.get("PORT") else ""
    host = quote(database.get("HOST") or "localhost", safe="")
    return f"postgresql://{account}@{host}{port}/{name}"


def _media(database: str) -> Path:
    """Files of this database alone: a worker clears away archives that its database does not know."""
    return Path(tempfile.gettempdir()) / f"dpmap_media_{database}"


def _environment(database: str) -> dict[str, str]:
    """Of a practice server: nothing of the test's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DPMAP_")}
    return kept | {
        # pytest leaves its own here, in which tasks are done within the request.
        "DJANGO_SETTINGS_MODULE": "dpmap.settings",
        "DPMAP_PRACTICE": "1",
        "DPMAP_DEVELOPMENT": "1",
        "DATABASE_URL": database_url(database),
        "MEDIA_ROOT": str(_media(database)),
        # A number of Redis of this run's own: nobody else's worker is woken.
        "REDIS_URL": f"redis+socket://{embedded.redis_socket()}?virtual_host={1 + os.getpid() % 15}",
        "LOG_LEVEL": "WARNING",
        **({"DPMAP_VAR": os.environ["DPMAP_VAR"]} if "DPMAP_VAR" in os.environ else {}),
    }


def _run(statement: str) -> None:
    with psycopg.connect(database_url("postgres"), autocommit=True) as server:
        server.execute(statement)


def _manage(database: str, *command: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env=_environment(database),
        check=True,
        capture_output=True,
    )


@pytest.fixture(scope="session")
def template() -> Iterator[str]:
    """A database with the demonstration in it, copied for each test."""
    if not os.environ.get("DATABASE_URL"):
        embedded.attach_postgres()
    with filled(f"e2e_{os.getpid()}") as name:
        yield name


@contextmanager
def filled(name: str, *options: str) -> Iterator[str]:
    """A database of this name with the demonstration, as `options` of the command say."""
    _run(f'CREATE DATABASE "{name}"')
    _manage(name, "migrate", "--verbosity", "0")
    _manage(name, "demonstration", *options)
    yield name
    _run(f'DROP DATABASE "{name}" WITH (FORCE)')


@dataclass(frozen=True)
class Server:
    address: str
    database: str


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with {process.returncode}.")
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5):  # noqa: S310  # our own
                return
        except OSError:
            # Not listening yet, or too busy with its first page to answer in time.
            time.sleep(0.2)
    raise RuntimeError("The server did not become ready.")


@contextmanager
def serving(template: str) -> Iterator[Server]:
    """A server on a copy of the template of its own."""
    name, port = f"{template}_{time.monotonic_ns()}", _free_port()
    _run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "dpmap.wsgi", "--bind", f"127.0.0.1:{port}"),
            *("--workers", "1", "--threads", "4", "--worker-class", "gthread"),
        ],
        cwd=settings.BASE_DIR,
        env=_environment(name),
        stdout=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(address, process)
        yield Server(address, name)
    finally:
        process.terminate()
        process.wait(timeout=WAIT)
        _run(f'DROP DATABASE "{name}" WITH (FORCE)')
        shutil.rmtree(_media(name), ignore_errors=True)


@pytest.fixture
def server(template: str) -> Iterator[Server]:
    with serving(template) as started:
        yield started


@pytest.fixture(scope="module")
def shared_server(template: str) -> Iterator[Server]:
    """For tests that only read, or whose changes do not meet."""
    with serving(template) as started:
        yield started


@pytest.fixture(scope="module")
def worker(shared_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What works for the shared server behind its pages, with the clock that sweeps. Yields the file of
    what it says, in which every letter stands that it sent."""
    embedded.attach_redis()
    embedded.start_redis()
    folder = tmp_path_factory.mktemp("worker")
    said = folder / "worker.log"
    with said.open("wb") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "-A", "dpmap", "worker", "--loglevel", "warning"),
                *("--concurrency", "1", "--without-mingle", "--without-gossip"),
                *("--beat", "--schedule", str(folder / "schedule")),
            ],
            cwd=settings.BASE_DIR,
            env=_environment(shared_server.database),
            stdout=subprocess.DEVNULL,
            stderr=output,
        )
    # Its start is work as well; the first page need not compete with it.
    deadline = time.monotonic() + WAIT
    while not list(folder.glob("schedule*")) and time.monotonic() < deadline:
        time.sleep(0.2)
    yield said
    process.terminate()
    process.wait(timeout=WAIT)


# Not for the whole session: while it runs there is an event loop in this thread, and Django keeps
# another set of connections for that.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


Enter = Callable[..., Actor]


@contextmanager
def windows(browser: Browser, server: Server) -> Iterator[Enter]:
    """Somebody at a window of their own; what is wrong with any page they saw fails the test."""
    entered: list[Actor] = []

    def one_more(email: str, *, javascript: bool = True) -> Actor:
        entered.append(Actor(browser, server.address, email, javascript=javascript))
        return entered[-1]

    yield one_more
    for actor in entered:
        actor.close()


@pytest.fixture
def enter(browser: Browser, shared_server: Server) -> Iterator[Enter]:
    with windows(browser, shared_server) as entering:
        yield entering
