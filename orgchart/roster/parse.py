"""Bytes to rows. What cannot be read at all is found here; what is read but wrong, in cells.py."""

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from orgchart.roster.problems import EMPLOYEES, ORGANIZATIONS, Problem, problem
from orgchart.roster.rows import EmployeeRow, OrganizationRow

Row = TypeVar("Row", bound=NamedTuple)
BOM = "\ufeff"


@dataclass(slots=True)
class Table(Generic[Row]):
    """`broken` are the keys of rows that cannot be used, so that who refers to them is not blamed too."""

    file: str
    rows: list[Row] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def parse_organizations(content: bytes) -> Table[OrganizationRow]:
    return _parse(content, Table[OrganizationRow](ORGANIZATIONS), OrganizationRow)


def parse_employees(content: bytes) -> Table[EmployeeRow]:
    return _parse(content, Table[EmployeeRow](EMPLOYEES), EmployeeRow)


def _parse(content: bytes, table: Table[Row], row_type: type[Row]) -> Table[Row]:
    text = _decode(content, table)
    records = _records(text, table)
    line, header = next(records, (1, []))
    names = [name.strip() for name in header]
    wanted = row_type._fields[1:]
    if not _header_is_usable(names, wanted, line, table):
        return table
    places = [names.index(name) for name in wanted]
    # Most values repeat: each text is kept once, which matters for a million people.
    kept: dict[str, str] = {}
    for line, record in records:
        if len(record) == len(names):
            values = [value.strip() for value in record]
            table.rows.append(
                row_type._make([line, *(kept.setdefault(values[p], values[p]) for p in places)])
            )
        elif record:
            _note_uneven(line, record, len(names), places[0], table)
    return table


def _decode(content: bytes, table: Table[Row]) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        for line, part in enumerate(content.split(b"\n"), start=1):
            try:
                part.decode("utf-8")
            except UnicodeDecodeError as error:
                wrong = part[error.start : error.end].hex(" ")
                message = f"This line is not UTF-8 text: byte {wrong} after {error.start} others."
                table.problems.append(problem(table.file, line, "", "", message))
        text = content.decode("utf-8", errors="replace")
    return unicodedata.normalize("NFC", text.removeprefix(BOM))


def _records(text: str, table: Table[Row]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for record in reader:
            if record:
                yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        message = f"From here on this cannot be read as CSV: {error}. Nothing after it was checked."
        table.problems.append(problem(table.file, line, "", "", message))


def _header_is_usable(
    names: list[str], wanted: tuple[str, ...], line: int, table: Table[Row]
) -> bool:
    def note(column: str, message: str) -> None:
        table.problems.append(problem(table.file, line, column, "", message))

    if not names:
        if not table.problems:
            note("", "The file is empty. Its first line names the columns.")
        return False
    found = Counter(names)
    for name in wanted:
        if not found[name]:
            note(name, "This column is missing.")
        elif found[name] > 1:
            note(name, f"This column is there {found[name]} times.")
    return all(found[name] == 1 for name in wanted)


def _note_uneven(line: int, record: list[str], width: int, key: int, table: Table[Row]) -> None:
    if key < len(record):
        table.broken.add(record[key].strip())
    message = f"This row has {len(record)} values, the header {width}."
    table.problems.append(problem(table.file, line, "", "", message))
