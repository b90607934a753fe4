import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from dpmap import embedded
from dpmap.embedded import BASE_DIR
from tests.dpmap.environment import environment

ASK = """
import os, psycopg
from dpmap import embedded
embedded.attach_postgres()
embedded.attach_redis()
with psycopg.connect(host=embedded.postgres_host(), user="postgres", dbname="dpmap") as connection:
    print(connection.execute("SHOW server_version").fetchone()[0].split(".")[0])
"""
KILL_SERVER = """
import os, signal
from dpmap import embedded
embedded.attach_postgres()
os.kill(int((embedded.POSTGRES_DATA / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
os._exit(0)
"""


@pytest.fixture
def var(tmp_path):
    folder = tmp_path / "var"
    yield folder
    subprocess.run([sys.executable, "-m", "dpmap.embedded", "stop"], env=at(folder), check=True)


def at(folder: Path) -> dict[str, str]:
    return environment(DPMAP_VAR=str(folder), PYTHONPATH=str(BASE_DIR))


def run(script: str, folder: Path) -> str:
    command = [sys.executable, "-c", textwrap.dedent(script)]
    done = subprocess.run(command, env=at(folder), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_starts_stops_with_the_last_user_and_starts_again(var):
    assert run(ASK, var) == "18\n"
    assert not (var / "postgres" / "postmaster.pid").exists()
    assert run(ASK, var) == "18\n"


def test_second_user_attaches_and_the_first_leaves_it_running(var):
    first = f"""
    import subprocess, sys
    from dpmap import embedded
    embedded.attach_postgres()
    print(subprocess.run([sys.executable, "-c", {ASK!r}], capture_output=True, text=True).stdout)
    print((embedded.POSTGRES_DATA / "postmaster.pid").exists())
    """
    assert run(first, var).split() == ["18", "True"]


def test_heals_after_the_server_was_killed(var):
    run(KILL_SERVER, var)
    assert (var / "postgres" / "postmaster.pid").exists()
    assert run(ASK, var) == "18\n"


def test_heals_a_pid_file_that_names_another_process(var):
    run(ASK, var)
    (var / "postgres" / "postmaster.pid").write_text("1\n")
    assert run(ASK, var) == "18\n"


def test_heals_a_set_up_that_stopped_half_way(var):
    (var / "postgres.unfinished" / "base").mkdir(parents=True)
    assert run(ASK, var) == "18\n"


def test_long_and_odd_path_is_no_obstacle(tmp_path):
    folder = tmp_path / ("long, odd " * 12) / "var"
    folder.mkdir(parents=True)
    assert run(ASK, folder) == "18\n"


def test_socket_path_is_never_too_long():
    wanted = Path("/" + "x" * 200)
    found = embedded.socket_dir(wanted, socket_name="redis.sock")
    assert found != wanted
    assert len(str(found / "redis.sock")) <= embedded.LONGEST_SOCKET_PATH
    assert embedded.socket_dir(Path("/srv/var"), socket_name="redis.sock") == Path("/srv/var")


def test_folder_of_another_version_is_named(var):
    run(ASK, var)
    (var / "postgres" / "PG_VERSION").write_text("17\n")
    command = [sys.executable, "-c", ASK]
    done = subprocess.run(command, env=at(var), capture_output=True, text=True, check=False)
    assert "was made by PostgreSQL 17, this is 18: run `make reset`" in done.stderr
    (var / "postgres" / "PG_VERSION").write_text("18\n")
