"""The rows of a file in blocks, a column at a time.

Most values of a good file are there many times over: each different one is looked at once. A block
with something wrong in it is taken apart, and only there words are found for what is wrong.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

from orgchart.roster.cells import Cell
from orgchart.roster.files import Lines, opened, record_of, size_of
from orgchart.roster.outcome import Progress
from orgchart.roster.problems import Noted, storable

MANY_LINES, FEW_LINES = 400, 30
MOST_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """Into which table, what the columns hold; the first is the key."""

    table: str
    step: str
    cells: Mapping[str, Cell]


@dataclass(slots=True)
class Found:
    """`broken` are the keys of rows that cannot be used, so that who refers to them is not blamed too.

    `odd` are names and addresses that lower case alone does not fold.
    """

    problems: Noted
    broken: set[str] = field(default_factory=set)
    odd: set[str] = field(default_factory=set)


class Block(NamedTuple):
    """Rows one after the other: the lines they begin on, and their values by column.

    `as_given` are the lines themselves where they hold these columns and nothing else.
    """

    lines: Sequence[int]
    values: Mapping[str, Sequence[str]]
    as_given: list[str] | None = None


@contextmanager
def reading(
    sheet: Sheet, given: Path | BinaryIO, found: Found, progress: Progress
) -> Iterator["Rows"]:
    with opened(given) as file:
        yield Rows(sheet, file, found, progress)


class Rows:
    """`columns` are in the file's order."""

    def __init__(self, sheet: Sheet, file: BinaryIO, found: Found, progress: Progress) -> None:
        self.columns = list[str]()
        self._sheet, self._found, self._progress = sheet, found, progress
        self._note = found.problems
        self._total = size_of(file)
        progress(sheet.step, 0, self._total)
        self._lines = Lines(file, found.problems)
        self._line = 1
        self._places: list[int] = []
        self._width = 0
        self._right: dict[str, set[str]] = {name: set() for name in sheet.cells}

    def take_header(self) -> bool:
        """Whether each column is there once."""
        try:
            names = next(filter(None, map(self._record, self._lines)), [])
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
                self._note(self._line, name, "", "This column is missing.")
            elif times[name] > 1:
                self._note(self._line, name, "", f"This column is there {times[name]} times.")
        self._places = [place for place, name in enumerate(names) if name in self._sheet.cells]
        self.columns = [names[place] for place in self._places]
        self._width = len(names)
        return all(times[name] == 1 for name in self._sheet.cells)

    def blocks(self) -> Iterator[Block]:
        doubtful_until = 0
        is_over = False
        while not is_over:
            most = FEW_LINES if self._lines.number < doubtful_until else MANY_LINES
            if not (lines := self._lines.block(most)):
                break
            end = self._lines.number
            block = self._at_once(lines)
            if block is None and len(lines) > FEW_LINES:
                doubtful_until = end
                self._lines.again()
                continue
            if block is None:
                self._lines.again()
                block, is_over = self._one_by_one(end)
            if block.lines:
                yield block
            self._progress(self._sheet.step, self._lines.read, self._total)

    def _at_once(self, lines: list[str]) -> Block | None:
        """Nothing, if anything about the block is not quite right."""
        cells = self._cells(lines)
        if not cells:
            return None
        width = self._width
        values = {
            name: cells[place::width]
            for name, place in zip(self.columns, self._places, strict=True)
        }
        if not all(self._are_right(name, column) for name, column in values.items()):
            return None
        end = self._lines.number + 1
        return Block(range(end - len(lines), end), values, lines if width == len(values) else None)

    def _cells(self, lines: list[str]) -> list[str]:
        """Of all lines, one after the other; none, if they have not all as many as the header."""
        width = self._width
        quoted = {}
        if '"' in "".join(lines):
            quoted = {place: line for place, line in enumerate(lines) if '"' in line}
            lines = [line if '"' not in line else "," * (width - 1) for line in lines]
        # A mark between two lines shows whether each has as many values.
        cells = "\n".join(lines).replace("\n", ",\n,").split(",")
        marks = slice(width, None, width + 1)
        if len(cells) != len(lines) * (width + 1) - 1 or cells[marks].count("\n") != len(lines) - 1:
            return []
        del cells[marks]
        try:
            records = list(csv.reader(quoted.values(), strict=True))
        except csv.Error:
            return []
        if len(records) != len(quoted) or any(len(record) != width for record in records):
            return []
        for place, record in zip(quoted, records, strict=True):
            cells[place * width : (place + 1) * width] = record
        return cells

    def _are_right(self, name: str, column: Sequence[str]) -> bool:
        cell, right = self._sheet.cells[name], self._right[name]
        if cell.usual and cell.usual.fullmatch("\n".join(column) + "\n"):
            return True
        if right.issuperset(column):
            return True
        new = set(column) - right
        if any(value != value.strip() or cell.check(value) for value in new):
            return False
        if cell.simple:
            self._found.odd.update(value for value in new if not cell.simple.fullmatch(value))
        if len(right) < MOST_REMEMBERED:
            right |= new
        return True

    def _one_by_one(self, end: int) -> tuple[Block, bool]:
        """Up to this line, or on while a quotation mark is open; whether nothing after it can be read."""
        rows: list[tuple[int, list[str]]] = []
        is_over = False
        try:
            while self._lines.number < end:
                if values := self._values(self._record(next(self._lines))):
                    rows.append((self._line, values))
        except csv.Error as error:
            self._stop(error)
            is_over = True
        columns = zip(*(values for _, values in rows), strict=True)
        return Block(
            [line for line, _ in rows], dict(zip(self.columns, columns, strict=bool(rows)))
        ), is_over

    def _record(self, numbered: tuple[int, str]) -> list[str]:
        self._line, line = numbered
        return record_of(line, self._lines)

    def _stop(self, error: csv.Error) -> None:
        message = f"From here on this cannot be read as CSV: {error}. Nothing after it was checked."
        self._note(self._line, "", "", message)

    def _values(self, record: list[str]) -> list[str]:
        """Those of the columns, each looked at; none of a blank line or one that has not as many as the header."""
        if not record:
            return []
        if len(record) != self._width:
            key = self._places[self.columns.index(next(iter(self._sheet.cells)))]
            if key < len(record):
                self._found.broken.add(storable(record[key]))
            message = f"This row has {len(record)} values, the header {self._width}."
            self._note(self._line, "", "", message)
            return []
        values = [record[place] for place in self._places]
        for name, value in zip(self.columns, values, strict=True):
            cell = self._sheet.cells[name]
            if said := cell.check(value):
                self._note(self._line, name, value, said)
            if cell.simple:
                self._found.odd.add(storable(value))
        return values
