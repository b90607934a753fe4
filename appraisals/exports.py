"""A table is declared once: its page shows it, and `?format=csv` or `xlsx` on the same address downloads it.

    table = Table(
        name="supervisors",
        title="Supervisors of Fort Calloway",
        columns=[
            Column("Supervisor", lambda row: row.name, url=lambda row: row.url),
            Column("People", lambda row: row.people, is_number=True),
        ],
        rows=rows,
    )
    found = download(request, table, about=organization)
    return found or render(request, "….html", {"table": table})

The page shows it by `components/data_table.html`, or in a way of its own with `components/downloads.html`
below. The file comes from the view that shows the page, so permission and filters are the same.
"""

import csv
import datetime as dt
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any, Generic, TypeVar, cast

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.text import slugify
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Organization, Person
from orgchart.services import record
from orgchart.templatetags.ui import day, moment

Row = TypeVar("Row")
Value = str | int | float | dt.date | None

CHUNK = 500
SHEET_ROWS = 100_000
"""Longer tables come as CSV only: a sheet of 771,387 rows takes minutes to write, the same CSV seconds."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_NO_FILTER = ("format", "table", "page")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """`url` leads from the value to what is behind it; `detail` is a soft line below it. Neither is downloaded, and
    there is nothing behind a 0.

    `unit` stands after the number on the page and in the heading of a download.
    """

    heading: str
    value: Callable[[Row], Value]
    is_number: bool = False
    url: Callable[[Row], str] | None = None
    detail: Callable[[Row], str] | None = None
    unit: str = ""

    @property
    def downloaded_heading(self) -> str:
        return f"{self.heading} ({self.unit})" if self.unit else self.heading


@dataclass(frozen=True)
class ShownCell:
    heading: str
    text: str
    is_number: bool
    url: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class Table(Generic[Row]):
    """`rows` are what the page shows; `everything`, where that is only a part, is what a download holds.

    `everything` is read as it is sent, so it may be as long as it likes; then `total` says how long that is.
    `names_people`: each row is a person, and who downloads it is recorded.
    """

    name: str
    title: str
    columns: Sequence[Column[Row]]
    rows: Iterable[Row]
    everything: Callable[[], Iterable[Row]] | None = None
    total: int | None = None
    names_people: bool = False

    @property
    def body(self) -> list[list[ShownCell]]:
        return [[_shown(column, row) for column in self.columns] for row in self.rows]

    @property
    def length(self) -> int:
        if self.total is not None:
            return self.total
        if not isinstance(self.rows, Sized):
            raise TypeError(f"{self.name} needs a total: its rows have no length")
        return len(self.rows)

    @property
    def fits_a_sheet(self) -> bool:
        return self.length <= SHEET_ROWS

    def downloaded(self) -> Iterator[list[Value]]:
        yield [column.downloaded_heading for column in self.columns]
        rows = self.everything() if self.everything else self.rows
        if isinstance(rows, QuerySet):
            rows = rows.iterator(chunk_size=CHUNK)
        for row in rows:
            yield [column.value(row) for column in self.columns]


def download(
    request: HttpRequest, *tables: Table[Any], about: Organization | None = None
) -> HttpResponseBase | None:
    """The file that `?format=` asks for, of the one that `?table=` names; None: show the page."""
    asked = request.GET.get("format")
    if asked is None:
        return None
    if asked not in _WAYS:
        raise BadRequest("A table is downloaded as csv or as xlsx.")
    named = {table.name: table for table in tables}
    table = named.get(request.GET.get("table", next(iter(named), "")))
    if table is None:
        raise BadRequest("There is no such table on this page.")
    if asked == "xlsx" and not table.fits_a_sheet:
        raise Refused(
            f"XLSX is written for up to {SHEET_ROWS:,} rows, and this table has {table.length:,}. "
            "Download it as CSV, or narrow it."
        )
    if table.names_people and request.method == "GET":
        _note(request, table, asked, about)
    where = about.code if about else ""
    stem = slugify(f"{table.name} {where} {clock.today()}")
    return _WAYS[asked](table, f"{stem}.{asked}")


def _note(request: HttpRequest, table: Table[Any], asked: str, about: Organization | None) -> None:
    kept = {key: value for key, value in request.GET.items() if key not in _NO_FILTER}
    record(
        "exported",
        by=cast(Person, request.user),
        organization=about,
        table=table.title,
        format=asked,
        rows=table.length,
        asked=kept,
    )


def _csv(table: Table[Any], filename: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        csv_lines(table),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


def csv_lines(table: Table[Any]) -> Iterator[str]:
    """A byte order mark first: Excel takes the rest for UTF-8 only then."""
    yield "\ufeff"
    rows = table.downloaded()
    while chunk := list(islice(rows, CHUNK)):
        text = io.StringIO(newline="")
        csv.writer(text).writerows([for_csv(value) for value in row] for row in chunk)
        yield text.getvalue()


def for_csv(value: Value) -> Value:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _xlsx(table: Table[Any], filename: str) -> FileResponse:
    return FileResponse(
        xlsx_file(table),
        as_attachment=True,
        filename=filename,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


def xlsx_file(table: Table[Any]) -> IO[bytes]:
    """On the disk, without a name; whoever asked for it closes it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title=re.sub(r"[\[\]:*?/\\]", " ", table.title)[:31])
    sheet.freeze_panes = "A2"
    for number, column in enumerate(table.columns, start=1):
        width = min(40, max(12, len(column.downloaded_heading) + 2))
        sheet.column_dimensions[get_column_letter(number)].width = width
    rows = table.downloaded()
    sheet.append([_sheet_cell(sheet, value, is_heading=True) for value in next(rows)])
    for row in rows:
        sheet.append([_sheet_cell(sheet, value) for value in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed by who asked
    book.save(file)
    file.seek(0)
    return file


def _sheet_cell(sheet: Any, value: Value, *, is_heading: bool = False) -> Any:
    """A text is written as a text whatever it begins with: no formula comes out of a name."""
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).replace(tzinfo=None)
    if not isinstance(value, str):
        return value
    text = _NOT_IN_XML.sub("", value)
    if not is_heading and not text.startswith((*_FORMULA, "#")):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    if is_heading:
        cell.font = Font(bold=True)
    return cell


_WAYS: dict[str, Callable[[Table[Any], str], HttpResponseBase]] = {"csv": _csv, "xlsx": _xlsx}


def _shown(column: Column[Row], row: Row) -> ShownCell:
    value = column.value(row)
    text = _words(value)
    if column.unit and isinstance(value, int | float):
        text += column.unit if column.unit == "%" else f" {column.unit}"
    return ShownCell(
        heading=column.heading,
        text=text,
        is_number=column.is_number,
        url=column.url(row) if column.url and value != 0 else "",
        detail=column.detail(row) if column.detail else "",
    )


def _words(value: Value) -> str:
    match value:
        case None | "":
            return "–"
        case bool():
            return "yes" if value else "no"
        case dt.datetime():
            return moment(value)
        case dt.date():
            return day(value)
        case int():
            return f"{value:,}"
    return str(value)
