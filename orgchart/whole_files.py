"""Files that are whole or not there, whoever pulls which plug."""

import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO

SUFFIX = ".new"
A_DAY = 24 * 60 * 60


@contextmanager
def begun(folder: Path, *, prefix: str = "") -> Iterator[IO[bytes]]:
    """A file that has no name yet. `keep_as` gives it one; without that it is gone at the end."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=folder, prefix=prefix, suffix=SUFFIX)
    # Only to be written: a file to be read as well takes twice the time of an archive's many small steps.
    with open(name, "wb", opener=lambda *_: number) as file:
        try:
            yield file
        finally:
            Path(name).unlink(missing_ok=True)


@contextmanager
def settling(file: IO[bytes]) -> Iterator[None]:
    """What is written so far goes to the disk meanwhile: there is less to wait for at the end."""
    file.flush()
    with ThreadPoolExecutor(max_workers=1) as disk:
        done = disk.submit(os.fsync, file.fileno())
        yield
        done.result()


def settle(file: IO[bytes]) -> None:
    """All of it is on the disk."""
    file.flush()
    os.fsync(file.fileno())


def keep_as(place: Path, file: IO[bytes]) -> None:
    """All of it is on the disk before it has its name, and then the name is as well."""
    settle(file)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    Path(file.name).chmod(0o440)
    Path(file.name).replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def sweep(folder: Path) -> int:
    """How many files went that somebody began and was killed over, here and in the folders below.

    By the clock of the disk: nobody writes one file for a day.
    """
    gone, until = 0, time.time() - A_DAY
    for left in folder.rglob(f"*{SUFFIX}"):
        if left.stat().st_mtime < until:
            left.unlink(missing_ok=True)
            gone += 1
    return gone
