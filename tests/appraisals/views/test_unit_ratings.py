"""What leaders see of ratings: shares of large groups, once they are in effect, and nothing a small one follows from."""

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import closing

import pytest
from django.http import HttpResponse
from django.urls import reverse
from openpyxl import load_workbook

from appraisals.models import PolicyEdition
from orgchart import clock
from orgchart.models import Person
from tests.appraisals.views.opening import opened, queries, text_of
from tests.appraisals.views.ratings import issue
from tests.cast import Cast, make_cast

JUNE = dt.date(2027, 6, 1)
LARGE = [5] * 12 + [3] * 12
NO_TARGET = "It is never a target"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.frozen(JUNE):
        yield


def ratings(user: Person, code: str, query: str = "", *, on: dt.date = JUNE) -> HttpResponse:
    response = opened(user, reverse("unit_ratings", args=[code]) + query, on=on)
    assert response.status_code == 200
    return response


def shares(user: Person, code: str) -> dict[str, int | None]:
    return {row.name: row.now for row in ratings(user, code).context["tables"]["units"].rows}


def test_ratings_are_told_from_the_day_they_take_effect_r16_4(cast: Cast) -> None:
    issue(cast, LARGE)
    before = text_of(ratings(cast.leader, "CMD", on=JUNE - dt.timedelta(days=1)))
    assert "No ratings are in effect yet" in before
    assert "about 50%" not in before
    assert "about 50%" in text_of(ratings(cast.leader, "CMD"))


def test_ratings_say_they_are_no_target_r16_4(cast: Cast) -> None:
    issue(cast, LARGE)
    shown = text_of(ratings(cast.leader, "CMD"))
    assert NO_TARGET in shown
    assert "no measure of an official" in shown
    for word in ("best", "worst", "top ", "rank", "highest", "lowest"):
        assert word not in shown.lower()


def test_ratings_say_where_a_distribution_is_allowed_r7_16(cast: Cast) -> None:
    issue(cast, LARGE)
    PolicyEdition.objects.create(
        name="As proposed",
        organization=cast.places["CMD"],
        effective_on=dt.date(2027, 1, 1),
        values={"forced_distribution_allowed": True},
        written_at=clock.now(),
    )
    shown = text_of(ratings(cast.leader, "CMD"))
    assert "lets ratings follow a distribution; nothing here sets or checks one" in shown
    assert NO_TARGET not in shown


def test_policy_may_keep_ratings_from_leaders_r16_3(cast: Cast) -> None:
    issue(cast, LARGE)
    PolicyEdition.objects.create(
        name="Not here",
        organization=cast.places["CMD"],
        effective_on=dt.date(2027, 1, 1),
        values={"leaders_see_distribution": False},
        written_at=clock.now(),
    )
    for user in (cast.leader, cast.hr):
        shown = text_of(ratings(user, "CMD"))
        assert "does not let leaders see" in shown
        assert "50%" not in shown
    asked = ratings(cast.leader, "CMD", "?format=csv")
    assert asked["Content-Type"].startswith("text/html")


def test_small_units_are_hidden_with_the_smallest_beside_them_r16_3(cast: Cast) -> None:
    issue(cast, [5] * 12 + [3] * 18, place="FIRE")
    issue(cast, [5] * 30 + [3] * 20, place="WORKS")
    assert shares(cast.leader, "CMD") == {
        "All of Installation Command": 50,
        "Fire Division": 40,
        "Works Division": 60,
    }
    issue(cast, [5, 3], place="CMD")
    assert shares(cast.leader, "CMD") == {
        "All of Installation Command": 50,
        "Fire Division": None,
        "Works Division": 60,
        "Directly in this unit": None,
    }


def test_a_unit_that_is_hidden_above_shows_nothing_on_its_own_page_r16_3(cast: Cast) -> None:
    """Its share and that of the unit above would tell the small one beside it."""
    issue(cast, [5] * 12 + [3] * 18, place="FIRE")
    issue(cast, [5] * 30 + [3] * 20, place="WORKS")
    issue(cast, [5, 3], place="CMD")
    assert shares(cast.leader, "FIRE") == {"All of Fire Division": None}
    assert shares(cast.leader, "WORKS") == {"All of Works Division": 60}


def test_level_one_is_never_told_apart_r16_3(cast: Cast) -> None:
    issue(cast, [5] * 12 + [1] * 12)
    shown = text_of(ratings(cast.leader, "CMD"))
    assert "about 50%" in shown
    assert "Unacceptable" not in shown


def test_grades_and_series_are_told_to_whoever_answers_for_the_whole_r16_3(cast: Cast) -> None:
    issue(cast, LARGE, grade="12", series="0083", is_supervisor=True)
    issue(cast, [5] * 10 + [3] * 30, grade="07", bargaining_unit="1234")
    context = ratings(cast.leader, "CMD").context
    told = {
        table.columns[0].heading: {row.name: row.now for row in table.rows}
        for table in context["dimensions"]
    }
    assert told == {
        "Pay plan and grade": {"GS-07": 25, "GS-12": 50},
        "Occupational series": {"0081": 25, "0083": 50},
        "Supervisory or not": {"Supervisory": 50, "Not supervisory": 25},
        "Bargaining unit or not": {"In a bargaining unit": 25, "Not in a bargaining unit": 50},
    }
    below = ratings(cast.leader, "FIRE")
    assert below.context["dimensions"] == []
    assert "sees the whole they answer for" in text_of(below)
    assert ratings(cast.people["higher_level_reviewer"], "FIRE").context["dimensions"]


def test_a_small_grade_is_hidden_with_the_smallest_beside_it_r16_3(cast: Cast) -> None:
    issue(cast, LARGE, grade="12")
    issue(cast, LARGE * 2, grade="11")
    issue(cast, [5], grade="14")
    grades = ratings(cast.leader, "CMD").context["tables"]["grade"].rows
    assert {row.name: row.now for row in grades} == {"GS-11": 50}


def test_last_cycle_stands_beside_this_one(cast: Cast) -> None:
    issue(cast, LARGE)
    this = cast.cycle
    cast.cycle = type(this).objects.create(
        name="FY 2026",
        organization=cast.places["DOD"],
        starts_on=dt.date(2025, 4, 1),
        ends_on=dt.date(2026, 3, 31),
        effective_on=dt.date(2026, 6, 1),
        opened_by=cast.hr,
        opened_at=clock.now(),
    )
    issue(cast, [5] * 10 + [3] * 30)
    row = ratings(cast.leader, "CMD").context["tables"]["units"].rows[0]
    assert (row.now, row.before) == (50, 25)
    early = ratings(cast.leader, "CMD", on=dt.date(2027, 4, 6))
    assert "Ratings of FY 2027 are being decided" in text_of(early)
    assert early.context["tables"]["units"].rows[0].now == 25


def test_averages_stand_beside_their_units_and_small_ones_are_left_out_r16_3(cast: Cast) -> None:
    other = cast.people["former_rating_official"]
    issue(cast, [5] * 5 + [3] * 15)
    issue(cast, [5] * 6 + [3] * 6, official=other)
    table = ratings(cast.leader, "FIRE").context["tables"]["officials"]
    assert [[cell.text for cell in row] for row in table.body] == [
        ["Fern Former", "Fire Division", "4.0", "3.7"],
        ["Dana Official", "Fire Division", "3.5", "3.7"],
    ]
    issue(cast, [5, 5], official=cast.people["higher_level_reviewer"])
    table = ratings(cast.leader, "FIRE").context["tables"]["officials"]
    assert [row.official for row in table.rows] == ["Dana Official"]
    above = ratings(cast.leader, "CMD").context["tables"]["officials"]
    assert above.body == table.body


def test_an_average_at_either_end_is_not_told_exactly_r16_3(cast: Cast) -> None:
    issue(cast, [3] * 12)
    issue(cast, [5] * 12, official=cast.people["former_rating_official"])
    table = ratings(cast.leader, "FIRE").context["tables"]["officials"]
    assert [row[2].text for row in table.body] == ["4.8 or more", "3.2 or less"]


def test_what_is_hidden_on_the_page_is_hidden_in_the_download(cast: Cast) -> None:
    issue(cast, LARGE, place="FIRE")
    issue(cast, [5, 3], place="WORKS")
    issue(cast, LARGE * 2, place="CMD")
    page = ratings(cast.leader, "CMD").context["tables"]["units"]
    address = reverse("unit_ratings", args=["CMD"])
    with closing(opened(cast.leader, f"{address}?format=xlsx&table=units", on=JUNE)) as response:
        sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    heading, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert heading == ["Unit", "Outstanding, FY 2027"]
    assert rows == [[cell.text for cell in row] for row in page.body]
    assert ["Works Division", "not shown"] in rows


@pytest.mark.parametrize("more", [1, 3])
def test_ratings_take_the_same_queries_for_any_number(cast: Cast, more: int) -> None:
    for _ in range(more):
        issue(cast, LARGE, place="FIRE")
        issue(cast, LARGE, place="WORKS")
    assert queries(cast.leader, reverse("unit_ratings", args=["CMD"]), on=JUNE) == 12
