"""A record that is here already is not received a second time (R9.8)."""

import datetime as dt
import io
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from appraisals.models import Appraisal, Document, Kind, SentFile
from appraisals.services.receiving import receive_records
from appraisals.transfer.choosing import going_along
from appraisals.transfer.container import FileRefused, RecordFile, hash_of, unpacked
from appraisals.workflow import advance
from orgchart import clock
from tests.appraisals.transfer.elsewhere import file_of, forget_records
from tests.appraisals.transfer.test_files import changed, sent
from tests.cast import Cast, make_cast, make_record, take
from tests.rating_rows import rated_year
from tests.record_rows import LATER, make_rated

pytestmark = pytest.mark.django_db
BACK = dt.date(2028, 3, 1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def take_in(cast: Cast, file: RecordFile) -> int:
    with clock.frozen(BACK):
        return receive_records(file, by=cast.hr, compared=file.fingerprint).records


def records() -> set[int]:
    return set(Appraisal.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("purpose", SentFile.Purpose.values)
def test_ones_own_file_brings_nothing_and_changes_nothing(cast: Cast, purpose: str) -> None:
    make_rated(cast)
    with clock.frozen(LATER):
        file = unpacked_of(cast, purpose)
    before = records()
    with pytest.raises(FileRefused, match="The record in this file is here already"):
        take_in(cast, file)
    assert records() == before


def unpacked_of(cast: Cast, purpose: str) -> RecordFile:
    return unpacked(io.BytesIO(sent(cast, purpose=SentFile.Purpose(purpose))))


def test_what_went_on_here_since_it_was_sent_stays(cast: Cast) -> None:
    record = make_record(cast)
    file = file_of(cast.employee)
    plan = record.documents.get(kind=Kind.PERFORMANCE_PLAN)
    take(plan, "submit", "approve", cast=cast, on=LATER)
    with pytest.raises(FileRefused, match="Nothing was changed"):
        take_in(cast, file)


def test_whoever_comes_back_brings_only_the_years_they_were_elsewhere(cast: Cast) -> None:
    """FY 2026 was here before they left; FY 2027 was rated elsewhere. Both are in the file."""
    here = rated_year(cast).appraisal
    elsewhere = make_rated(cast)
    file = file_of(cast.employee)
    said = rated_of(elsewhere)
    forget_records(elsewhere)
    assert take_in(cast, file) == 1
    [came] = Appraisal.objects.filter(employee=cast.employee).exclude(pk=here.pk)
    assert came.cycle.name == "FY 2027"
    assert rated_of(came) == said
    again = file_of(cast.employee)
    with pytest.raises(FileRefused, match="Each of the 2 records in this file is here already"):
        take_in(cast, again)


def rated_of(record: Appraisal) -> list[object]:
    """Its rating, its texts and its steps in their order, with the texts each step marks."""
    documents = list(record.documents.order_by("pk").values_list("kind", "number", "state"))
    marks = list(record.events.exclude(document=None).values_list("text_mark", flat=True))
    versions = list(
        Document.objects.filter(appraisal=record)
        .order_by("text_versions__pk")
        .values_list("text_versions__content", flat=True)
    )
    keys = list(
        Document.objects.filter(appraisal=record)
        .order_by("text_versions__pk")
        .values_list("text_versions", flat=True)
    )
    places = [keys.index(mark) if mark in keys else None for mark in marks]
    return [record.rating_of_record.level, documents, versions, places]


def test_a_year_that_went_on_elsewhere_comes_beside_the_one_here(cast: Cast) -> None:
    record = make_record(cast)
    plan = record.documents.get(kind=Kind.PERFORMANCE_PLAN)
    # What tells a double click does not travel, or the year beside this one would count as the second click.
    with clock.frozen(LATER):
        advance(plan, "submit", by=record.rating_official, request_key=uuid.uuid4())
    take(plan, "approve", cast=cast, on=LATER)
    file = file_of(cast.employee)
    forget_records(record)
    before = file_without_the_step(file)
    take_in(cast, before)
    assert take_in(cast, file) == 1
    assert Appraisal.objects.filter(employee=cast.employee).count() == 2


def file_without_the_step(file: RecordFile) -> RecordFile:
    """As it was before the plan was approved."""
    rows = dict(file.content["rows"])
    rows["appraisals.AppraisalEvent"] = [
        row for row in rows["appraisals.AppraisalEvent"] if row["name"] != "approve"
    ]
    content = file.content | {"rows": rows}
    return replace(file, content=content, content_hash=hash_of(content))


def test_a_year_that_left_with_its_rating_alone_is_known_too(cast: Cast) -> None:
    """On a transfer few documents go along."""
    make_rated(cast)
    policy = cast.policy.rules()
    with clock.frozen(LATER):
        file = file_of(cast.employee, going_along(cast.employee, today=LATER, policy=policy))
    with pytest.raises(FileRefused, match="here already"):
        take_in(cast, file)


def test_rows_that_point_nowhere_are_no_error_of_the_server(cast: Cast) -> None:
    make_record(cast)
    for number in (0, -1, 99, "x", None):
        data = changed(
            sent(cast),
            lambda c, number=number: c["rows"]["appraisals.Element"][0].update(plan=number),
        )
        file = unpacked_data(data)
        with pytest.raises(FileRefused):
            take_in(cast, file)


def unpacked_data(data: bytes) -> RecordFile:
    return unpacked(io.BytesIO(data))
