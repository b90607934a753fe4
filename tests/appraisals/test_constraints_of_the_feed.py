"""What must never be of the feed, tried against the database itself."""

import pytest
from django.db import DatabaseError, connection, transaction

from appraisals.models import (
    Document,
    FeedAnswer,
    FeedBatch,
    FeedLine,
    FeedReceipt,
    FeedRetry,
    Kind,
    MoreCurrentRating,
    RatingAmendment,
    RatingOfRecord,
)
from tests.appraisals.feed.sending import batch_of, rated
from tests.appraisals.rows import APRIL, NOON
from tests.appraisals.test_constraints import refused
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def rating(cast: Cast) -> RatingOfRecord:
    return rated(cast)


@pytest.fixture
def line(cast: Cast, rating: RatingOfRecord) -> FeedLine:
    batch = batch_of(cast)
    assert batch is not None
    return batch.lines.get()


def amendment(rating: RatingOfRecord, **given: object) -> RatingAmendment:
    values = {"version": 2, "level": 5, "rated_sum": 5, "rated_count": 1, "levels": [5]}
    return RatingAmendment.objects.create(
        rating=rating,
        authority="Arbitrator",
        decided_on=APRIL,
        recorded_by=rating.issued_by,
        recorded_at=NOON,
        **values | {"reason": "grievance"} | given,
    )


@pytest.mark.parametrize(
    ("given", "constraint"),
    [
        ({"version": 1}, "an_amendment_comes_after"),
        ({"level": 4}, "an_amended_rating_is_a_rating"),
        ({"rated_count": 0}, "an_amended_rating_is_a_rating"),
        ({"reason": "whim"}, "an_amendment_has_a_known_reason"),
    ],
)
def test_an_amendment_is_a_rating_with_a_reason(
    rating: RatingOfRecord, given: dict[str, object], constraint: str
) -> None:
    with refused(constraint), transaction.atomic():
        amendment(rating, **given)


def test_versions_of_a_rating_count_up(rating: RatingOfRecord) -> None:
    amendment(rating)
    with refused("versions_of_a_rating_count_up"), transaction.atomic():
        amendment(rating)


def batch_like(batch: FeedBatch, **given: object) -> FeedBatch:
    values = {"ratings": 1, "corrections": 0, "repeated": 0, "content_hash": "a" * 64}
    return FeedBatch.objects.create(
        number=99,
        cycle=batch.cycle,
        organization=batch.organization,
        made_at=NOON,
        size=1,
        **values | given,
    )


def test_a_batch_has_a_hash_and_is_not_empty(line: FeedLine) -> None:
    with refused("batch_has_its_hash"), transaction.atomic():
        batch_like(line.batch, content_hash="none")
    with refused("no_batch_is_empty"), transaction.atomic():
        batch_like(line.batch, ratings=0)


def test_a_line_is_numbered_and_a_version_is_sent_once_an_attempt(line: FeedLine) -> None:
    given = {
        "batch": line.batch,
        "appraisal": line.appraisal,
        "rating": line.rating,
        "content": "",
    }
    with refused("lines_are_numbered"), transaction.atomic():
        FeedLine.objects.create(**given, number=1, version=2)
    with refused("a_version_is_sent_once_an_attempt"), transaction.atomic():
        FeedLine.objects.create(**given, number=2, version=1)


def test_a_line_is_of_a_yearly_rating_or_of_one_between(line: FeedLine, cast: Cast) -> None:
    document = Document.objects.create(
        appraisal=line.appraisal,
        kind=Kind.MORE_CURRENT_RATING,
        number=1,
        policy=cast.policy,
        state_since=NOON,
        opened_at=NOON,
    )
    between = MoreCurrentRating.objects.create(
        document=document,
        level=3,
        rated_sum=3,
        rated_count=1,
        effective_on=APRIL,
        issued_at=NOON,
        issued_by=cast.rating_official,
    )
    given = {"batch": line.batch, "appraisal": line.appraisal, "version": 2, "content": ""}
    for both in ({}, {"rating": line.rating, "more_current": between}):
        with refused("a_line_is_of_one_rating"), transaction.atomic():
            FeedLine.objects.create(**given, **both, number=2)
    FeedLine.objects.create(**given, more_current=between, number=2)
    with refused("a_more_current_rating_is_sent_once_an_attempt"), transaction.atomic():
        FeedLine.objects.create(**given, more_current=between, number=3)


def test_a_receipt_is_read_once_and_a_refusal_has_its_reason(line: FeedLine) -> None:
    given = {"batch": line.batch, "content_hash": "a" * 64, "read_by": line.rating.issued_by}
    receipt = FeedReceipt.objects.create(**given, read_at=NOON)
    with refused("a_receipt_is_read_once"), transaction.atomic():
        FeedReceipt.objects.create(**given, read_at=NOON)
    with refused("a_refusal_has_its_reason"), transaction.atomic():
        FeedAnswer.objects.create(receipt=receipt, line=line, accepted=False)


def test_what_was_sent_and_answered_is_never_changed(line: FeedLine) -> None:
    by = line.rating.issued_by
    receipt = FeedReceipt.objects.create(
        batch=line.batch, content_hash="a" * 64, read_by=by, read_at=NOON
    )
    FeedAnswer.objects.create(receipt=receipt, line=line, accepted=True)
    FeedRetry.objects.create(line=line, asked_by=by, asked_at=NOON)
    amendment(line.rating)
    for model in (FeedRetry, FeedAnswer, FeedReceipt, FeedLine, FeedBatch, RatingAmendment):
        table = model._meta.db_table
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET id = id")  # noqa: S608  our own names
