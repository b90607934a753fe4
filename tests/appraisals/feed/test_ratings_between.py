"""A rating between the yearly ones is a rating of record, so the personnel system hears of it (R10.8, R12.7)."""

import datetime as dt

import pytest

from appraisals.feed import pending, read_receipt, send_refused_again
from appraisals.models import Document, MoreCurrentRating
from appraisals.services.actions import start_current_rating
from orgchart import clock
from tests.appraisals.feed.sending import batch_of, dod_hr, receipt, sent
from tests.assistance_rows import planned_record, write_all
from tests.cast import Cast, make_cast, take

ON = dt.date(2026, 12, 1)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def between(cast: Cast) -> Document:
    """Approved and not discussed yet."""
    record = planned_record(cast)
    with clock.frozen(ON):
        document = start_current_rating(record, why="Within grade", by=cast.rating_official)
    write_all(document, cast, on=ON, level=3)
    return take(document, "submit", "approve", cast=cast, on=ON)


def test_it_goes_out_once_it_is_told_and_says_what_it_is(cast: Cast, between: Document) -> None:
    assert batch_of(cast) is None
    take(between, "communicate", cast=cast, on=ON)
    assert pending(cast.cycle, cast.places["DOD"]).ratings == 1
    batch = batch_of(cast)
    assert batch is not None
    [line] = sent(batch)
    assert (line["kind"], line["rating"], line["effective_on"]) == (
        "more_current",
        "3",
        "2026-12-01",
    )
    assert (line["element_ratings"], line["average"]) == ("3;3", "3")
    assert batch.lines.get().more_current == MoreCurrentRating.objects.get()
    assert (batch.ratings, batch_of(cast)) == (1, None)


def test_a_refused_one_goes_out_again_and_no_more_often(cast: Cast, between: Document) -> None:
    take(between, "communicate", cast=cast, on=ON)
    batch = batch_of(cast)
    assert batch is not None
    hr = dod_hr(cast)
    read_receipt(batch, receipt(batch, "1,refused,No such person"), by=hr)
    assert send_refused_again(batch, by=hr) == 1
    again = batch_of(cast)
    assert again is not None
    assert (again.repeated, sent(again)[0]["kind"]) == (1, "more_current")
    assert batch_of(cast) is None
    assert send_refused_again(batch, by=hr) == 0
