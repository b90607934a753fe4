"""One declaration of a table: the page, the CSV and the XLSX hold the same, and no name becomes a formula."""

import csv
import datetime as dt
import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.core.exceptions import BadRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from appraisals.exports import SHEET_ROWS, Column, Table, download
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import OrgEvent, Person
from tests.cast import PRACTICE_DAY, make_cast
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
"""A response that is closed looks at the connection."""

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "#REF!"]


@dataclass(frozen=True)
class Sailor:
    name: str
    age: int | None = 30
    share: int = 55
    since: dt.date = dt.date(2027, 4, 6)


SAILORS = [Sailor("Ana"), Sailor("Bo", age=1234), Sailor("Cy", age=None)]
TABLE = Table(
    name="sailors",
    title="Sailors: who [they] are",
    columns=[
        Column("Sailor", lambda row: row.name, url=lambda row: f"/{row.name}/"),
        Column("Age", lambda row: row.age, is_number=True),
        Column("Done", lambda row: row.share, is_number=True, unit="%"),
        Column("Since", lambda row: row.since),
    ],
    rows=SAILORS,
)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.frozen(PRACTICE_DAY):
        yield


def asked(table: Table[Any], query: str, *, user: Person | None = None, **kwargs: Any) -> Any:
    request = RequestFactory().get(f"/{query}")
    if user:
        request.user = user
    return download(request, table, **kwargs)


def content(table: Table[Any], query: str, **kwargs: Any) -> bytes:
    with closing(asked(table, query, **kwargs)) as response:
        return b"".join(response)


def csv_rows(table: Table[Any], query: str = "?format=csv", **kwargs: Any) -> list[list[str]]:
    text = content(table, query, **kwargs).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def sheet_of(table: Table[Any], query: str = "?format=xlsx", **kwargs: Any) -> Any:
    return load_workbook(io.BytesIO(content(table, query, **kwargs))).active


def sheet_rows(table: Table[Any]) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet_of(table).iter_rows()]


def test_a_page_without_a_format_is_the_page():
    assert asked(TABLE, "") is None


def test_csv_holds_the_table_and_opens_as_utf_8():
    assert csv_rows(TABLE) == [
        ["Sailor", "Age", "Done (%)", "Since"],
        ["Ana", "30", "55", "2027-04-06"],
        ["Bo", "1234", "55", "2027-04-06"],
        ["Cy", "", "55", "2027-04-06"],
    ]
    response = asked(TABLE, "?format=csv")
    assert b"".join(response).startswith(b"\xef\xbb\xbf")
    assert response["Content-Disposition"] == 'attachment; filename="sailors-2027-04-06.csv"'


def test_xlsx_holds_the_same_with_its_types():
    day = dt.datetime(2027, 4, 6)  # noqa: DTZ001  a sheet knows no zones
    assert sheet_rows(TABLE) == [
        ["Sailor", "Age", "Done (%)", "Since"],
        ["Ana", 30, 55, day],
        ["Bo", 1234, 55, day],
        ["Cy", None, 55, day],
    ]


def test_the_page_shows_the_same_with_links_and_downloads():
    request = RequestFactory().get("/?stage=plan&page=3")
    shown = render_to_string("components/data_table.html", {"table": TABLE, "request": request})
    assert '<a href="/Bo/">Bo</a>' in shown
    assert "1,234" in shown
    assert "55%" in shown
    assert "6 April 2027" in shown
    assert 'href="?stage=plan&amp;format=csv&amp;table=sailors"' in shown


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_name_becomes_a_formula(text: str) -> None:
    table = replace(TABLE, rows=[Sailor(text)])
    first = csv_rows(table)[1][0]
    assert first == (text if text.startswith("#") else f"'{text}")
    cell = sheet_of(table)["A2"]
    assert cell.data_type == "s"
    assert cell.value.replace("_x000D_", "\r").replace("\n", "\r") == text


@given(st.text(max_size=40), st.integers(-(10**9), 10**9))
def test_anything_typed_downloads_and_stays_text(text: str, number: int) -> None:
    table = replace(TABLE, rows=[Sailor(text, age=number)])
    shown = csv_rows(table)[1][0]
    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r"))
    row = sheet_of(table)[2]
    assert row[0].data_type in ("s", "n", "inlineStr")
    assert row[0].data_type != "n" or row[0].value is None
    assert row[1].value == number


def test_a_number_below_nothing_stays_a_number():
    assert csv_rows(replace(TABLE, rows=[Sailor("Ana", age=-5)]))[1][1] == "-5"


def test_what_the_page_shows_a_part_of_is_downloaded_whole_and_as_it_is_read():
    read: list[int] = []

    def everything() -> Iterator[Sailor]:
        for number in range(2000):
            read.append(number)
            yield Sailor(f"Sailor {number}")

    table = replace(TABLE, everything=everything, total=2000)
    lines = iter(asked(table, "?format=csv"))
    next(lines)
    next(lines)
    assert len(read) < 600
    assert len(list(csv_rows(table))) == 2001
    assert len(table.body) == 3


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?format=pdf", "downloaded as csv or as xlsx"),
        ("?format=", "downloaded as csv or as xlsx"),
        ("?format=csv&table=soldiers", "no such table"),
    ],
)
def test_a_wrong_question_is_refused(query: str, sentence: str) -> None:
    with pytest.raises(BadRequest, match=sentence):
        asked(TABLE, query)


def test_a_long_table_is_offered_as_csv_only():
    table = replace(TABLE, total=SHEET_ROWS + 1)
    with pytest.raises(Refused, match="up to 100,000 rows, and this table has 100,001"):
        asked(table, "?format=xlsx")
    request = RequestFactory().get("/")
    shown = render_to_string("components/downloads.html", {"table": table, "request": request})
    assert "format=csv" in shown
    assert "format=xlsx" not in shown


def test_who_downloads_people_is_recorded():
    cast = make_cast()
    table = replace(TABLE, names_people=True)
    asked(table, "?format=csv&late=any&page=2", user=cast.leader, about=cast.places["CMD"])
    event = OrgEvent.objects.get(what="exported")
    assert (event.by, event.organization) == (cast.leader, cast.places["CMD"])
    assert event.detail == {
        "table": "Sailors: who [they] are",
        "format": "csv",
        "rows": 3,
        "asked": {"late": "any"},
    }
    asked(replace(TABLE, names_people=False), "?format=csv", user=cast.leader)
    assert OrgEvent.objects.filter(what="exported").count() == 1


def test_rows_of_a_query_are_read_in_turn():
    for number in range(3):
        PersonFactory(dod_id=f"300000000{number}", last_name=f"Name{number}")
    table = Table(
        name="people",
        title="People",
        columns=[Column("Name", lambda row: row.last_name)],
        rows=Person.objects.filter(last_name__startswith="Name").order_by("last_name"),
    )
    assert csv_rows(table) == [["Name"], ["Name0"], ["Name1"], ["Name2"]]
