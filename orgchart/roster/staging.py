"""One of the two files into a temporary table, in one pass; what is wrong with a row by itself is noted on the way."""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

from django.db.backends.utils import CursorWrapper

from orgchart.roster.cells import Cell
from orgchart.roster.outcome import Progress
from orgchart.roster.problems import Noted, storable
from orgchart.roster.rows import Block, Found, Sheet, reading

KEPT = """
    DROP TABLE IF EXISTS pg_temp.roster_problem, pg_temp.roster_broken;
    CREATE TEMPORARY TABLE roster_problem (
        file text, line integer, "column" text, value text, message text
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE roster_broken (key text) ON COMMIT DROP"""
KEEP = """COPY roster_problem FROM STDIN (FORMAT csv, FORCE_NOT_NULL ("column", value, message))"""


def stage(
    cursor: CursorWrapper,
    sheet: Sheet,
    given: Path | BinaryIO,
    noted: Noted,
    progress: Progress,
) -> Found:
    found = Found(noted)
    columns = ", ".join(f"{name} {cell.kind}" for name, cell in sheet.cells.items())
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{sheet.table}")
    cursor.execute(f"CREATE TEMPORARY TABLE {sheet.table} (line integer, {columns}) ON COMMIT DROP")
    with reading(sheet, given, found, progress) as rows:
        if rows.take_header():
            names = ", ".join(rows.columns)
            texts = ", ".join(name for name in rows.columns if sheet.cells[name].kind == "text")
            options = f"FORMAT csv, FORCE_NOT_NULL ({texts})"
            with cursor.copy(f"COPY {sheet.table} (line, {names}) FROM STDIN ({options})") as copy:
                for block in rows.blocks():
                    copy.write(as_csv(block, sheet.cells))
    # A small sample is enough for the planner to see how big the table is.
    cursor.execute("SET LOCAL default_statistics_target = 10")
    cursor.execute(f"ANALYZE {sheet.table}")
    cursor.execute("SET LOCAL default_statistics_target TO DEFAULT")
    return found


def as_csv(block: Block, cells: Mapping[str, Cell]) -> str:
    if block.as_given:
        return "".join(
            [f"{line},{given}\n" for line, given in zip(block.lines, block.as_given, strict=True)]
        )
    out = io.StringIO()
    columns = [
        map(storable, column)
        if cells[name].kind == "text"
        else ["" if cells[name].check(value) else value for value in column]
        for name, column in block.values.items()
    ]
    csv.writer(out, lineterminator="\n").writerows(zip(block.lines, *columns, strict=True))
    return out.getvalue()


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
