"""A whole installation of a test's own: database, broker, mail server, web, workers, schedule."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from dpmap.embedded import BASE_DIR, DATABASE, SUPERUSER
from dpmap.run import stop_with_parent
from tests.dpmap.environment import environment
from tests.faults.servers import LONG, Redis, free_port, until
from tests.faults.sink import Sink

CELERY = [sys.executable, "-m", "celery", "-A"]
QUIET = ["--loglevel", "warning"]
# The same schedule every second, so that a test need not wait for its minutes.
QUICK = "tests.faults.quick_beat"
# As quick, by a clock that `set_clock` sets.
MOVED = "tests.faults.moved_clock"
DEAD = {"Z", "X"}


@dataclass
class Program:
    """One process with its children, in a session of its own."""

    command: list[str]
    environment: dict[str, str]
    log: Path
    limits: Any = None
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=BASE_DIR,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=self._begin,
            )

    def _begin(self) -> None:
        stop_with_parent()
        if self.limits:
            self.limits()

    def kill(self) -> None:
        """All of it at one moment, as when its machine loses power."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(LONG)
        until(lambda: not self.members(), what="the killed processes are gone")

    def kill_child(self) -> None:
        """The one that works, not the one that watches it."""
        os.kill(max(self.members() - {self.process.pid}), signal.SIGKILL)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(LONG)
        finally:
            self.kill()

    def members(self) -> set[int]:
        return {
            int(path.name)
            for path in Path("/proc").iterdir()
            if path.name.isdigit() and _is_member(path, self.process.pid)
        }


def _is_member(path: Path, group: int) -> bool:
    try:
        state, _, number = (path / "stat").read_text().rpartition(")")[2].split()[:3]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return int(number) == group and state not in DEAD


class Site:
    """`web`, `worker` and `beat` start what `programs` ends; every one may be killed before."""

    def __init__(self, url: str, folder: Path, redis: Redis, sink: Sink) -> None:
        self.database_url, self.folder, self.redis, self.sink = url, folder, redis, sink
        self.port = free_port()
        self.programs: list[Program] = []
        self.set_clock(0)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def media(self) -> Path:
        return self.folder / "media"

    def environment(self, **more: str) -> dict[str, str]:
        return (
            environment(
                DPMAP_PRACTICE="1",
                DPMAP_DEVELOPMENT="1",
                DPMAP_VAR=str(self.folder),
                MEDIA_ROOT=str(self.media),
                DATABASE_URL=self.database_url,
                REDIS_URL=self.redis.url,
                EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
                EMAIL_HOST="127.0.0.1",
                EMAIL_PORT=str(self.sink.port),
                EMAIL_TIMEOUT="3",
                SITE_ADDRESS=self.address,
                LOG_LEVEL="WARNING",
                PYTHONUNBUFFERED="1",
                PYTHONPATH=str(BASE_DIR),
                DPMAP_TEST_CLOCK=str(self.folder / "clock"),
            )
            | more
        )

    def set_clock(self, ahead: float) -> None:
        """Of the programs that run `MOVED`; seconds, negative for behind."""
        written = self.folder / "clock.new"
        written.write_text(str(ahead))
        written.rename(self.folder / "clock")

    def web(self, *, workers: int = 2) -> Program:
        command = [sys.executable, "-m", "gunicorn", "dpmap.wsgi", "--threads", "4"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--workers", str(workers)]
        command += ["--no-control-socket", "--log-level", "warning"]
        program = self._start("web", command)
        until(lambda: _is_ready(self.address), what="the web server is ready")
        return program

    @property
    def archives(self) -> Path:
        return self.media / "archives"

    def worker(
        self,
        *,
        children: int = 2,
        app: str = "dpmap",
        limits: Any = None,
        disk: str = "",
        **more: str,
    ) -> Program:
        """It has come to the queue, unless the broker is away. `disk`: it writes archives on one of this size."""
        before = self.redis.listeners()
        command = [
            *(disk_of(disk, self.archives) if disk else ()),
            *CELERY,
            app,
            "worker",
            *QUIET,
            "--concurrency",
            str(children),
        ]
        program = self._start("worker", [*command, "--without-mingle"], limits, **more)
        if self.redis.process:
            until(lambda: self.redis.listeners() > before, what="the worker listens")
        return program

    def beat(self, *, app: str = QUICK, **more: str) -> Program:
        schedule = self.folder / f"schedule-{len(self.programs)}"
        command = [*CELERY, app, "beat", *QUIET, "--schedule", str(schedule), "--pidfile="]
        return self._start("beat", command, **more)

    def _start(self, name: str, command: Sequence[str], limits: Any = None, **more: str) -> Program:
        log = self.folder / f"{name}-{len(self.programs)}.log"
        program = Program(list(command), self.environment(**more), log, limits)
        program.start()
        self.programs.append(program)
        return program

    def manage(self, *arguments: str) -> str:
        return manage(self.environment(), *arguments)

    def python(self, code: str) -> str:
        """In a process of its own, as the product's own code sees its database."""
        return self.manage("shell", "--no-imports", "-c", code)

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def one(self, statement: str, *values: object) -> Any:
        return self.rows(statement, *values)[0][0]

    def logs(self) -> str:
        return "\n".join(
            f"== {program.log.name}\n{program.log.read_text(errors='replace')[-2000:]}"
            for program in self.programs
        )


def disk_of(size: str, place: Path) -> list[str]:
    """A disk that only the program sees; ordinary users may mount one, too, where they are alone."""
    place.mkdir(parents=True, exist_ok=True)
    alone = "-m" if os.geteuid() == 0 else "-rm"
    mount = f'mount -t tmpfs -o size={size} none "$0" && exec "$@"'
    return ["unshare", alone, "sh", "-c", mount, str(place)]


def grow_disk(program: Program, size: str, place: Path) -> None:
    alone = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
    there = ["nsenter", "--target", str(program.process.pid), "--mount", *alone]
    subprocess.run([*there, "mount", "-o", f"remount,size={size}", str(place)], check=True)


def manage(surroundings: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=BASE_DIR,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def demonstrate(url: str, folder: Path) -> None:
    practice = environment(
        DPMAP_PRACTICE="1", DPMAP_DEVELOPMENT="1", DPMAP_VAR=str(folder), DATABASE_URL=url
    )
    manage(practice, "migrate", "--verbosity", "0")
    manage(practice, "demonstration")
    # Archives of forms are counted here, and the first worker would make this one, too.
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("TRUNCATE appraisals_archive CASCADE")


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=5):  # noqa: S310
            return True
    except (urllib.error.URLError, OSError):
        return False


def database_url(host: str, name: str) -> str:
    return f"postgresql://{SUPERUSER}@{host.replace('/', '%2F')}/{name}"


def run(host: str, statement: str) -> None:
    with psycopg.connect(database_url(host, DATABASE), autocommit=True) as server:
        server.execute(statement.encode())


@contextmanager
def site(host: str, template: str, folder: Path) -> Iterator[Site]:
    """On a copy of the template; everything it started is ended with it."""
    name = f"{template}_{free_port()}"
    run(host, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    with ExitStack() as stack:
        stack.callback(run, host, f'DROP DATABASE "{name}" WITH (FORCE)')
        redis, sink = Redis(folder), Sink()
        redis.start()
        stack.callback(redis.stop)
        sink.open()
        stack.callback(sink.shut)
        made = Site(database_url(host, name), folder, redis, sink)
        stack.callback(_end, made)
        yield made


def _end(made: Site) -> None:
    for program in made.programs:
        program.kill()
