"""Everybody takes their own records along: all they may read, and nothing else."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appraisals.models import (
    AgendaItem,
    Appraisal,
    AppraisalCycle,
    JournalEntry,
    Kind,
    State,
)
from appraisals.transfer.own import OwnFile
from orgchart import clock
from orgchart.models import OrgEvent
from tests.cast import PRACTICE_DAY, SECRET, Cast, make_cast, make_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def taken(cast: Cast) -> tuple[dict[str, Any], list[str], bytes]:
    with clock.frozen(PRACTICE_DAY):
        data = OwnFile(cast.employee).packed()
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        return json.loads(zipped.read("my-records.json")), zipped.namelist(), data


def test_what_is_still_being_written_about_them_is_not_in_it(cast: Cast) -> None:
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    content, _, _ = taken(cast)
    document = list(annual.appraisal.documents.order_by("pk")).index(annual) + 1
    kinds = {
        row["kind"] for row in content["rows"]["appraisals.Section"] if row["document"] == document
    }
    assert kinds == {"employee_input"}
    assert "Rating and narrative" not in json.dumps(content)


def test_once_it_was_discussed_it_is_in_it(cast: Cast) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.COMMUNICATED)
    content, names, _ = taken(cast)
    assert f"Rating and narrative {SECRET}" in json.dumps(content)
    assert content["rows"]["appraisals.RatingOfRecord"][0]["level"] == 5
    assert [name for name in names if name.startswith("forms/")] == [
        "forms/dd2906-fy-2027-employee-maria.pdf"
    ]


def test_it_tells_no_number_and_no_address_of_anybody_else(cast: Cast) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.COMMUNICATED)
    text = json.dumps(taken(cast)[0])
    others = [person for key, person in cast.people.items() if key != "employee"]
    assert [each.full_name for each in others if each.dod_id in text or each.email in text] == []
    assert cast.rating_official.last_name in text


def test_taking_it_is_noted(cast: Cast, client: Client) -> None:
    make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    client.force_login(cast.employee)
    response = client.get("/my-file/my-performance-records.zip")
    assert response.headers["Content-Type"] == "application/zip"
    assert OrgEvent.objects.get(what="own_file_taken").person == cast.employee


def test_who_has_no_record_gets_a_file_that_says_so(cast: Cast) -> None:
    content, names, _ = taken(cast)
    assert content["rows"] == {}
    assert set(names) == {"my-records.json", "READ ME.txt"}


def test_the_page_says_what_is_in_it_in_words(cast: Cast, client: Client) -> None:
    make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    for text in ("The new radio works.", "Ask for two more."):
        JournalEntry.objects.create(
            writer=cast.employee,
            about=cast.employee,
            text=text,
            noted_on=PRACTICE_DAY,
            written_at=clock.now(),
        )
    AgendaItem.objects.create(
        employee=cast.employee, added_by=cast.employee, text="Radios", added_at=clock.now()
    )
    client.force_login(cast.employee)
    page = client.get("/my-file/").content.decode()
    assert "<li>2 journal notes</li>" in page
    assert "<li>1 agenda item</li>" in page


def put_back(cast: Cast, years: int) -> None:
    """Every record becomes one of so many years before; the cycle of the cast is free for another."""
    cycle = cast.cycle
    days = {
        name: getattr(cycle, name).replace(year=getattr(cycle, name).year - years)
        for name in ("starts_on", "ends_on", "effective_on")
    }
    earlier = AppraisalCycle.objects.create(
        name=f"FY {2027 - years}",
        organization=cycle.organization,
        opened_by=cast.hr,
        opened_at=cycle.opened_at,
        **days,
    )
    Appraisal.objects.filter(cycle=cycle).update(cycle=earlier)


def test_three_records_take_no_more_queries_than_one(cast: Cast) -> None:
    """Two that ended, one that is under way, and a journal of many notes."""

    def asked() -> int:
        taken(cast)
        with CaptureQueriesContext(connection) as queries:
            taken(cast)
        return len(queries)

    def ended(years: int) -> None:
        make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED)
        put_back(cast, years)
        JournalEntry.objects.bulk_create(
            JournalEntry(
                writer=cast.employee,
                about=cast.employee,
                noted_on=PRACTICE_DAY,
                text=f"Note {number}.",
                written_at=clock.now(),
            )
            for number in range(5)
        )

    ended(1)
    one = asked()
    ended(2)
    ended(3)
    assert asked() == one <= 70
    assert len(taken(cast)[0]["rows"]["appraisals.Appraisal"]) == 3
    working = make_document(cast, Kind.PROGRESS_REVIEW, State.DRAFT)
    with_working = asked()
    # The form of a year under way is made anew.
    assert one < with_working <= one + 20, with_working
    assert working.appraisal.cycle == cast.cycle
