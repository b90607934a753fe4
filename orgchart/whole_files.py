"""Files that are whole or not there, whoever pulls which plug."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def begun(folder: Path, *, prefix: str = "") -> Iterator[IO[bytes]]:
    """A file that has no name yet. `keep_as` gives it one; without that it is gone at the end."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        dir=folder, prefix=prefix, suffix=".new", delete=False
    ) as file:
        try:
            yield file
        finally:
            Path(file.name).unlink(missing_ok=True)


def keep_as(place: Path, file: IO[bytes]) -> None:
    """All of it is on the disk before it has its name, and then the name is as well."""
    file.flush()
    os.fsync(file.fileno())
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    Path(file.name).chmod(0o440)
    Path(file.name).replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
