import csv
import io
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Protocol, Self

from django.db.backends.utils import CursorWrapper

ORGANIZATIONS = "organizations.csv"
EMPLOYEES = "employees.csv"
LONGEST_VALUE = 200
IN_MEMORY = 1 << 20


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """`line` counts as an editor does; `column` is empty when the whole row or file is at fault."""

    file: str
    line: int
    column: str
    value: str
    message: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}"
        if self.column:
            return f"{place}, {self.column} {self.value!r}: {self.message}"
        return f"{place}: {self.message}"


class Note(Protocol):
    def __call__(self, line: int, column: str, value: str, message: str) -> None: ...


# PostgreSQL keeps no NUL; this is no character either, so nothing that may stand in a roster is lost.
NUL, INSTEAD_OF_NUL = "\0", "\uffff"


def storable(value: str) -> str:
    return value.replace(NUL, INSTEAD_OF_NUL)


def as_given(value: str) -> str:
    return value.replace(INSTEAD_OF_NUL, NUL)


class Noted:
    """The problems of one file while it is read: on disk, should there be millions."""

    def __init__(self, file: str) -> None:
        self.file, self.count = file, 0
        self._kept = tempfile.SpooledTemporaryFile(  # noqa: SIM115  closed by __exit__
            IN_MEMORY, "w+", encoding="utf-8", newline=""
        )
        self._writer = csv.writer(self._kept, lineterminator="\n", quoting=csv.QUOTE_ALL)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._kept.close()

    def __call__(self, line: int, column: str, value: str, message: str) -> None:
        self.count += 1
        shown = storable(value[:LONGEST_VALUE])
        self._writer.writerow([self.file, line, column, shown, message])

    def pieces(self) -> Iterator[str]:
        """As CSV."""
        self._kept.seek(0)
        while piece := self._kept.read(io.DEFAULT_BUFFER_SIZE):
            yield piece


LISTED = """
    SELECT * FROM roster_problem
    ORDER BY file <> %s, line, "column" COLLATE "C", message COLLATE "C" LIMIT %s"""


def listed(cursor: CursorWrapper, most: int | None) -> tuple[int, list[Problem]]:
    """How many there are and the first of them: organizations first, as they are read, then by line."""
    cursor.execute("SELECT count(*) FROM roster_problem")
    count: int = cursor.fetchone()[0]
    if not count:
        return 0, []
    cursor.execute(LISTED, [ORGANIZATIONS, most])
    return count, [
        Problem(file, line, column, as_given(value), message)
        for file, line, column, value, message in cursor.fetchall()
    ]
