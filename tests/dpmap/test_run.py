import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from dpmap import run
from dpmap.embedded import BASE_DIR
from tests.dpmap.environment import environment

START = [sys.executable, "-m", "dpmap.run"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def surroundings(folder, port) -> dict[str, str]:
    return environment(DPMAP_DEVELOPMENT="1", DPMAP_VAR=str(folder), PORT=str(port))


def start(folder, port) -> subprocess.Popen[str]:
    return subprocess.Popen(
        START,
        env=surroundings(folder, port),
        cwd=BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def said_until(process: subprocess.Popen[str], words: str) -> str:
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(said)


def children(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(number) for number in found.stdout.split()]


def is_alive(pid: int) -> bool:
    """A process that is only waiting to be noticed by its parent is dead."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until_dead(pids: list[int]) -> list[int]:
    deadline = time.monotonic() + 20
    while (alive := [pid for pid in pids if is_alive(pid)]) and time.monotonic() < deadline:
        time.sleep(0.2)
    return alive


def test_starts_all_parts_refuses_a_second_run_heals_a_part_and_stops_them_all(tmp_path):
    port = free_port()
    process = start(tmp_path, port)
    said_until(process, f"dpmap is ready: http://localhost:{port}/")
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/") as page:
            assert page.status == 200
        parts = children(process.pid)
        assert len(parts) == 3

        again = subprocess.run(
            START,
            env=surroundings(tmp_path, free_port()),
            cwd=BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
        assert again.returncode == 1
        assert again.stderr.startswith("dpmap already runs from ")

        time.sleep(run.SHORT_LIFE_SECONDS)
        os.kill(parts[1], signal.SIGKILL)
        said = said_until(process, "Starting it again.")
        assert "The worker stopped (exit code -9)" in said
        parts = children(process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Stopping …" in said
    assert wait_until_dead(parts) == []
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()


def test_run_that_was_killed_keeps_nobody_from_the_next_one(tmp_path):
    """Started again at once, at the same port, while the parts of the first are on their way out."""
    port = free_port()
    process = start(tmp_path, port)
    said_until(process, "dpmap is ready")
    parts = children(process.pid)
    process.kill()
    process.communicate()
    again = start(tmp_path, port)
    said_until(again, "dpmap is ready")
    assert wait_until_dead(parts) == []
    more = children(again.pid)
    again.kill()
    again.communicate()
    assert wait_until_dead(more) == []
    subprocess.run(
        [sys.executable, "-m", "dpmap.embedded", "stop"],
        env=surroundings(tmp_path, port),
        cwd=BASE_DIR,
        check=True,
    )


def test_taken_port_is_named_before_anything_starts(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start(tmp_path, port)
        said, _ = process.communicate(timeout=60)
    assert said == (f"Port {port} is taken by another program: try `PORT={port + 1} make run`.\n")
    assert not (tmp_path / "postgres").exists()


@pytest.mark.parametrize("port", ["x", "0", "70000", "-1"])
def test_port_that_is_none_is_named(port, monkeypatch):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(run.CannotRun, match="PORT must be a number"):
        run.wanted_port()
