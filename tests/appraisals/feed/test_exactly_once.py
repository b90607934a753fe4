"""Whatever happens in whatever order: each version of each rating is delivered exactly once."""

from collections import Counter

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisals.feed import make_batch, pending, read_receipt, send_refused_again
from appraisals.models import (
    FeedAnswer,
    FeedBatch,
    FeedLine,
    RatingAmendment,
    RatingOfRecord,
    current_rating,
)
from orgchart import clock
from tests.appraisals.feed.sending import amend, batch_of, dod_hr, rated, receipt, sent
from tests.cast import PRACTICE_DAY, Cast, make_cast

HAPPENINGS = ("issue", "amend", "batch", "part", "receipt", "again")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


class World:
    def __init__(self, cast: Cast, data: st.DataObject) -> None:
        self.cast, self.draw, self.hr = cast, data.draw, dod_hr(cast)

    def issue(self) -> None:
        rated(self.cast)

    def amend(self) -> None:
        ratings = list(RatingOfRecord.objects.order_by("pk"))
        if ratings:
            rating = self.draw(st.sampled_from(ratings))
            now = current_rating(rating).level
            amend(rating, self.hr, level=self.draw(LEVELS.filter(lambda level: level != now)))

    def batch(self) -> None:
        before = pending(self.cast.cycle, self.cast.places["DOD"]).total
        made = batch_of(self.cast)
        assert (made.lines_sent if made else 0) == before
        if made:
            assert len(sent(made)) == made.lines.count() == before

    def part(self) -> None:
        """Of one organization only: the rest waits for a batch of its own."""
        with clock.frozen(PRACTICE_DAY):
            make_batch(self.cast.cycle, self.cast.places["ARMY"], by=None)

    def receipt(self) -> None:
        open_lines = FeedLine.objects.filter(answer__isnull=True)
        batch = FeedBatch.objects.filter(lines__in=open_lines).order_by("number").first()
        if batch is None:
            return
        numbers = open_lines.filter(batch=batch).order_by("number").values_list("number", flat=True)
        answered = [
            f"{number},{'accepted,' if self.draw(st.booleans()) else 'refused,No'}"
            for number in numbers
            if self.draw(st.booleans())
        ]
        if answered:
            read_receipt(batch, receipt(batch, *answered), by=self.hr)

    def again(self) -> None:
        refused = FeedAnswer.objects.filter(accepted=False).order_by("pk").first()
        if refused:
            send_refused_again(refused.line.batch, by=self.hr)


LEVELS = st.sampled_from([1, 3, 5])


def assert_exactly_once() -> None:
    """Every version has one first line; a further one only after its refusal, never twice accepted."""
    versions = Counter((rating.pk, 1) for rating in RatingOfRecord.objects.all())
    versions += Counter((each.rating_id, each.version) for each in RatingAmendment.objects.all())
    lines = FeedLine.objects.order_by("pk")
    first = Counter((each.rating_id, each.version) for each in lines if each.attempt == 1)
    assert first == versions
    assert max(first.values(), default=1) == 1
    accepted = Counter(
        (each.line.rating_id, each.line.version)
        for each in FeedAnswer.objects.filter(accepted=True).select_related("line")
    )
    assert max(accepted.values(), default=1) == 1
    for line in lines:
        if line.attempt > 1:
            earlier = FeedLine.objects.get(
                rating=line.rating_id, version=line.version, attempt=line.attempt - 1
            )
            assert not earlier.answer.accepted
            assert earlier.retry


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_every_version_of_every_rating_is_delivered_exactly_once(
    cast: Cast, data: st.DataObject
) -> None:
    with transaction.atomic():
        world = World(cast, data)
        for name in data.draw(st.lists(st.sampled_from(HAPPENINGS), max_size=25)):
            getattr(world, name)()
        world.batch()
        assert pending(cast.cycle, cast.places["DOD"]).total == 0
        assert_exactly_once()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
