"""One of the two files into a temporary table, in one pass; what is wrong with a row by itself is noted on the way.

Nearly every line of a good file matches a pattern and is handed on as it stands. Any other is taken
apart and looked at value by value.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from django.db.backends.utils import CursorWrapper

from orgchart.roster.cells import Cell, usual_line
from orgchart.roster.files import Lines, record_of, size_of
from orgchart.roster.outcome import Progress
from orgchart.roster.problems import Noted, storable

LINES_AT_ONCE = 5_000
KEPT = """
    DROP TABLE IF EXISTS pg_temp.roster_problem, pg_temp.roster_broken;
    CREATE TEMPORARY TABLE roster_problem (
        file text, line integer, "column" text, value text, message text
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE roster_broken (key text) ON COMMIT DROP"""
KEEP = """COPY roster_problem FROM STDIN (FORMAT csv, FORCE_NOT_NULL ("column", value, message))"""
FOLDED = {"last_name", "first_name", "middle_name", "email"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Into which table, what the columns hold; the first is the key."""

    table: str
    step: str
    cells: Mapping[str, Cell]


@dataclass(slots=True)
class Found:
    """`broken` are the keys of rows that cannot be used, so that who refers to them is not blamed too.

    `odd` are names and addresses with other letters than plain ones.
    """

    problems: Noted
    broken: set[str] = field(default_factory=set)
    odd: set[str] = field(default_factory=set)


def stage(
    cursor: CursorWrapper,
    sheet: Sheet,
    given: Path | BinaryIO,
    noted: Noted,
    progress: Progress,
) -> Found:
    found = Found(noted)
    columns = ", ".join(f"{name} text" for name in sheet.cells)
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{sheet.table}")
    cursor.execute(f"CREATE TEMPORARY TABLE {sheet.table} (line integer, {columns}) ON COMMIT DROP")
    with _opened(given) as file:
        rows = Rows(sheet, file, found, progress)
        if rows.take_header():
            names = ", ".join(rows.columns)
            options = f"FORMAT csv, FORCE_NOT_NULL ({names})"
            with cursor.copy(f"COPY {sheet.table} (line, {names}) FROM STDIN ({options})") as copy:
                for piece in rows.pieces():
                    copy.write(piece)
    # A small sample is enough for the planner to see how big the table is.
    cursor.execute("SET LOCAL default_statistics_target = 10")
    cursor.execute(f"ANALYZE {sheet.table}")
    cursor.execute("SET LOCAL default_statistics_target TO DEFAULT")
    return found


def keep(cursor: CursorWrapper, found: Iterable[Found]) -> None:
    """What was noted, in tables, for the checks to come to add to."""
    cursor.execute(KEPT)
    broken: set[str] = set()
    for one in found:
        broken |= one.broken
        with cursor.copy(KEEP) as copy:
            for piece in one.problems.pieces():
                copy.write(piece)
    if broken:
        cursor.execute("INSERT INTO roster_broken SELECT unnest(%s::text[])", [list(broken)])


def _opened(given: Path | BinaryIO) -> AbstractContextManager[BinaryIO]:
    return given.open("rb") if isinstance(given, Path) else nullcontext(given)


class Rows:
    """The rows of a file as CSV with their lines before them; `columns` are in the file's order."""

    def __init__(self, sheet: Sheet, file: BinaryIO, found: Found, progress: Progress) -> None:
        self.line, self.columns = 1, list[str]()
        self._sheet, self._found, self._progress = sheet, found, progress
        self._note = found.problems
        self._total = size_of(file)
        progress(sheet.step, 0, self._total)
        self._source = Lines(file, found.problems)
        self._lines = iter(self._source)
        self._places: list[int] = []
        self._width = 0
        self._usual: re.Pattern[str] | None = None

    def take_header(self) -> bool:
        """Whether each column is there once."""
        try:
            names = next(filter(None, (self._record(line) for self.line, line in self._lines)), [])
        except csv.Error as error:
            self._stop(error)
            return False
        if not names:
            if not self._note.count:
                self._note(1, "", "", "The file is empty. Its first line names the columns.")
            return False
        times = Counter(names)
        for name in self._sheet.cells:
            if not times[name]:
                self._note(self.line, name, "", "This column is missing.")
            elif times[name] > 1:
                self._note(self.line, name, "", f"This column is there {times[name]} times.")
        self._places = [place for place, name in enumerate(names) if name in self._sheet.cells]
        self.columns = [names[place] for place in self._places]
        self._width = len(names)
        if self._width == len(self.columns):
            self._usual = usual_line([self._sheet.cells[name] for name in names])
        return all(times[name] == 1 for name in self._sheet.cells)

    def pieces(self) -> Iterator[str]:
        rows: list[str] = []
        try:
            for number, line in self._lines:
                self.line = number
                rows.append(self._row(line))
                if len(rows) == LINES_AT_ONCE:
                    yield "".join(rows)
                    rows.clear()
                    self._progress(self._sheet.step, self._source.read, self._total)
        except csv.Error as error:
            self._stop(error)
        yield "".join(rows)

    def _row(self, line: str) -> str:
        if self._usual and self._source.is_plain and (match := self._usual.fullmatch(line)):
            if match.lastindex:
                self._found.odd.update(odd.strip('"') for odd in match.groups() if odd)
            return f"{self.line},{line}\n"
        return self._looked_at(line)

    def _record(self, line: str) -> list[str]:
        return record_of(line, self._lines)

    def _stop(self, error: csv.Error) -> None:
        message = f"From here on this cannot be read as CSV: {error}. Nothing after it was checked."
        self._note(self.line, "", "", message)

    def _looked_at(self, line: str) -> str:
        number = self.line
        record = self._record(line)
        if not record:
            return ""
        if len(record) != self._width:
            key = self._places[self.columns.index(next(iter(self._sheet.cells)))]
            if key < len(record):
                self._found.broken.add(storable(record[key]))
            message = f"This row has {len(record)} values, the header {self._width}."
            self._note(number, "", "", message)
            return ""
        values = [record[place] for place in self._places]
        for name, value in zip(self.columns, values, strict=True):
            if said := self._sheet.cells[name].check(value):
                self._note(number, name, value, said)
            if name in FOLDED:
                self._found.odd.add(storable(value))
        return self._as_csv(number, values)

    def _as_csv(self, number: int, values: list[str]) -> str:
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerow([number, *map(storable, values)])
        return out.getvalue()
