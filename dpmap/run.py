"""`make run`: everything dpmap needs, started together and stopped together."""

import ctypes
import fcntl
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NoReturn

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connections

from dpmap import embedded
from dpmap.embedded import BASE_DIR, VAR, EmbeddedServerError

HOST = os.environ.get("HOST", "127.0.0.1")
LOGS = VAR / "log"
READY_SECONDS = 60
STOP_SECONDS = 15
WATCH_SECONDS = 2.0
# A part that lives shorter than this is broken; one that lived longer was struck by something.
SHORT_LIFE_SECONDS = 10.0
PR_SET_PDEATHSIG = 1


class CannotRun(Exception):  # noqa: N818
    """One sentence for the person who typed `make run`."""


@dataclass
class Part:
    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0

    def start(self) -> None:
        self.end_group()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                self.command,
                cwd=BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C in the terminal reaches only this program, which stops the parts in order.
                start_new_session=True,
                preexec_fn=stop_with_parent,
            )
        self.started = time.monotonic()

    def exit_code(self) -> int | None:
        return self.process.poll() if self.process else None

    def stop(self) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.end_group()
            self.process.wait()
        self.end_group()

    def end_group(self) -> None:
        """The pool of a worker that was killed outlives it, and would keep the database up."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
            for _ in range(20):
                time.sleep(0.1)
                os.killpg(self.process.pid, 0)


@dataclass
class House:
    port: int
    parts: list[Part] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://{'localhost' if HOST in {'127.0.0.1', '0.0.0.0'} else HOST}:{self.port}/"  # noqa: S104


def main() -> None:
    choose_mode()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop_politely)
    try:
        run()
    except (CannotRun, EmbeddedServerError, ImproperlyConfigured) as error:
        sys.exit(str(error))


def choose_mode() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dpmap.settings")
    if not {"DATABASE_URL", "DPMAP_PRODUCTION", "DPMAP_DEVELOPMENT"} & os.environ.keys():
        os.environ.setdefault("DPMAP_PRACTICE", "1")


def run() -> None:
    house = House(port=wanted_port())
    with ExitStack() as stack:
        stack.enter_context(only_one())
        check_port(house.port)
        say("Starting PostgreSQL and Redis …")
        keep_servers()
        prepare()
        LOGS.mkdir(exist_ok=True)
        house.parts = parts(house.port)
        for part in house.parts:
            stack.callback(part.stop)
            part.log.write_bytes(b"")
            part.start()
        wait_until_ready(house)
        welcome(house)
        watch(house)


def stop_politely(number: int, frame: FrameType | None) -> NoReturn:
    for later in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(later, signal.SIG_IGN)
    say("Stopping …")
    sys.exit(0)


def stop_with_parent() -> None:
    """In the child, on Linux: if this program is killed outright, the parts stop as well."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def wanted_port() -> int:
    text = os.environ.get("PORT", "8000")
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise CannotRun(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


@contextmanager
def only_one() -> Iterator[None]:
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun(f"dpmap already runs from {BASE_DIR}: stop that first.") from None
        yield


def check_port(port: int) -> None:
    """Patient for a moment: the parts of a run that was killed may still be on their way out."""
    deadline = time.monotonic() + STOP_SECONDS / 3
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except PermissionError:
                raise CannotRun(f"Port {port} needs an administrator: try PORT=8000.") from None
            except OSError:
                if time.monotonic() > deadline:
                    raise CannotRun(
                        f"Port {port} is taken by another program: try `PORT={port + 1} make run`."
                    ) from None
            else:
                return
        time.sleep(0.5)


def keep_servers() -> None:
    if not os.environ.get("DATABASE_URL"):
        embedded.attach_postgres()
        embedded.start_postgres()
    if not os.environ.get("REDIS_URL"):
        embedded.attach_redis()
        embedded.start_redis()


def prepare() -> None:
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    collect_static()
    if os.environ.get("DPMAP_PRACTICE"):
        say("Looking at the demonstration organization …")
        call_command("demonstration", "--if-empty")
    connections.close_all()


def collect_static() -> None:
    stamp = VAR / "static.stamp"
    files = sorted(path for path in (BASE_DIR / "static").rglob("*") if path.is_file())
    listing = [(str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files]
    state = hashlib.sha256(repr(listing).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == state and (VAR / "static").exists():
        return
    say("Compressing style sheets, scripts and pictures …")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(state)


def parts(port: int) -> list[Part]:
    cores = os.cpu_count() or 1
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-A", "dpmap"]
    quiet = ["--loglevel", "warning"]
    return [
        Part(
            "web server",
            [
                *[*python, "gunicorn", "dpmap.wsgi", "--bind", f"{HOST}:{port}"],
                *["--workers", str(min(4, cores)), "--threads", "4", "--timeout", "60"],
                *["--no-control-socket", "--log-level", "warning"],
            ],
            LOGS / "web.log",
        ),
        Part(
            "worker",
            [*celery, "worker", *quiet, "--concurrency", str(min(2, cores)), "--without-mingle"],
            LOGS / "worker.log",
        ),
        Part(
            "clock",
            [*celery, "beat", *quiet, "--schedule", str(VAR / "beat-schedule"), "--pidfile="],
            LOGS / "clock.log",
        ),
    ]


def wait_until_ready(house: House) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not answers(f"http://{HOST}:{house.port}/readyz"):
        for part in house.parts:
            if part.exit_code() is not None:
                raise CannotRun(died(part))
        if time.monotonic() > deadline:
            raise CannotRun(f"The web server does not get ready; see {LOGS / 'web.log'}.")
        time.sleep(0.2)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):  # noqa: S310
            return True
    except (urllib.error.URLError, OSError):
        return False


def welcome(house: House) -> None:
    say(f"\ndpmap is ready: {house.address}\n")
    if os.environ.get("DPMAP_PRACTICE"):
        say(f"Choose who you are at {house.address}practice/ or sign in, for example as\n")
        call_command("sign_ins")
        connections.close_all()
        say("")
    say("Ctrl-C stops it; what you did is kept in var/. `make reset` forgets it.")


def watch(house: House) -> None:
    while True:
        time.sleep(WATCH_SECONDS)
        keep_servers()
        for part in house.parts:
            if part.exit_code() is None:
                continue
            if time.monotonic() - part.started < SHORT_LIFE_SECONDS:
                raise CannotRun(died(part))
            say(f"{died(part)} Starting it again.")
            part.start()


def died(part: Part) -> str:
    return f"The {part.name} stopped (exit code {part.exit_code()}); see {part.log}."


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
