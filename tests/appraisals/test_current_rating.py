"""What counts today of a rating of record: its newest amendment, else itself (R11.5)."""

import pytest
from pytest_django import DjangoAssertNumQueries

from appraisals.models import RatingOfRecord, current_rating
from tests.appraisals.feed.sending import amend, rated
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_a_rating_that_nobody_changed_counts_itself(cast: Cast) -> None:
    rating = rated(cast)
    current = current_rating(rating)
    assert (current.level, current.version, current.amendment) == (rating.level, 1, None)
    assert (current.rated_sum, current.rated_count) == (rating.rated_sum, rating.rated_count)
    assert current.effective_on == rating.effective_on


def test_the_newest_amendment_counts_and_the_original_stays_r11_5(cast: Cast) -> None:
    rating = rated(cast)
    was = rating.level
    amend(rating, cast.hr, level=1)
    amend(rating, cast.hr, level=5)
    rating.refresh_from_db()
    current = current_rating(rating)
    assert (current.level, current.rated_sum, current.version) == (5, 5, 3)
    assert current.effective_on == rating.effective_on
    assert rating.level == was


def test_sql_and_python_say_the_same_of_many(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for levels in ([], [1], [5], [5, 1], [1, 5, 3]):
        rating = rated(cast)
        for level in levels:
            amend(rating, cast.hr, level=level)
    with django_assert_num_queries(2):
        ratings = list(RatingOfRecord.objects.with_current().prefetch_related("amendments"))
        said = [current_rating(each) for each in ratings]
    assert [(each.level, each.rated_sum, each.rated_count) for each in said] == [
        (each.current_level, each.current_sum, each.current_count) for each in ratings
    ]
    assert [each.level for each in said][1:] == [1, 5, 1, 3]
