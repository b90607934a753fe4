import datetime as dt
from collections.abc import Iterator
from itertools import count

import pytest
from django.test import Client
from django.urls import reverse

from appraisals.counts import rating_distribution
from appraisals.models import Appraisal, Kind, RatingOfRecord, State
from appraisals.rules import Policy
from orgchart import clock
from orgchart.models import Person
from tests.appraisals.views.opening import queries
from tests.cast import PRACTICE_DAY, SECRET, Cast, assign, make_cast, make_document
from tests.factories import PersonFactory

numbers = count(3_000_000_000)


def newcomer() -> Person:
    return PersonFactory(dod_id=str(next(numbers)))


SEERS = ["higher_level_reviewer", "leader", "army_chief", "secretary", "hr"]
OTHERS = [
    "employee",
    "colleague",
    "rating_official",
    "reviewer_elsewhere",
    "leader_elsewhere",
    "navy_chief",
    "hr_elsewhere",
    "auditor",
]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.frozen(PRACTICE_DAY):
        yield


@pytest.fixture
def record(cast: Cast) -> Appraisal:
    return make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW).appraisal


def page(
    client: Client, cast: Cast, who: str, name: str, code: str = "FIRE", query: str = ""
) -> str:
    client.force_login(cast.people[who])
    response = client.get(reverse(name, args=[code]) + query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("name", ["unit_cycle", "unit_records"])
@pytest.mark.parametrize("who", SEERS)
def test_numbers_open_for_heads_and_hr_without_a_text(
    client: Client, cast: Cast, record: Appraisal, who: str, name: str
) -> None:
    shown = page(client, cast, who, name)
    assert "Fire Division" in shown
    assert SECRET not in shown


@pytest.mark.parametrize("name", ["unit_cycle", "unit_records"])
@pytest.mark.parametrize("who", OTHERS)
def test_numbers_do_not_exist_for_others(client: Client, cast: Cast, who: str, name: str) -> None:
    client.force_login(cast.people[who])
    assert client.get(reverse(name, args=["FIRE"])).status_code == 404


@pytest.mark.parametrize("name", ["unit_cycle", "unit_records"])
def test_numbers_refuse_post_and_strange_codes(client: Client, cast: Cast, name: str) -> None:
    client.force_login(cast.leader)
    assert client.post(reverse(name, args=["FIRE"])).status_code == 405
    assert client.get(reverse(name, args=["NOWHERE"])).status_code == 404
    client.logout()
    assert client.get(reverse(name, args=["FIRE"])).status_code == 302


def test_unit_cycle_counts_a_unit_and_all_below(
    client: Client, cast: Cast, record: Appraisal
) -> None:
    client.force_login(cast.leader)
    context = client.get(reverse("unit_cycle", args=["CMD"])).context
    whole = context["counts"].whole
    assert (whole.people, whole.late["plan_due"]) == (9, 8)
    rows = {row["name"]: (row["people"], row["share"]) for row in context["rows"]}
    assert rows == {
        "Fire Division": (5, "0%"),
        "Works Division": (2, "0%"),
        "Directly in this unit": (2, "0%"),
    }
    parts = {part["label"]: part["count"] for part in context["parts"]}
    assert parts == {
        "Acknowledged": 0,
        "Approved": 0,
        "In review": 1,
        "With supervisor": 0,
        "Not started": 8,
        "Not rateable": 0,
    }


def test_unit_cycle_shows_goals_and_who_does_not_serve_them(
    client: Client, cast: Cast, record: Appraisal
) -> None:
    client.force_login(cast.leader)
    rows = client.get(reverse("unit_cycle", args=["CMD"])).context["goals"]
    found = [row["found"] for row in rows]
    served = [(each.goal.title, each.elements, each.people, each.share) for each in found]
    assert served == [("Protect the installation", 2, 1, 100)]
    # Neither division has a goal for it yet.
    assert [row["without"] for row in rows] == [2]


@pytest.mark.parametrize("stage", ["plan", "review", "annual", "nonsense"])
def test_unit_cycle_draws_each_part_of_the_year(
    client: Client, cast: Cast, record: Appraisal, stage: str
) -> None:
    shown = page(client, cast, "leader", "unit_cycle", "CMD", f"?stage={stage}")
    assert "progress-chart__line" in shown
    assert "Show as a table" in shown


def test_late_is_a_list_of_those_who_are_late(
    client: Client, cast: Cast, record: Appraisal
) -> None:
    client.force_login(cast.leader)
    address = reverse("unit_records", args=["CMD"])
    context = client.get(address, {"stage": "plan", "late": "on"}).context
    names = [row["person"].full_name for row in context["rows"]]
    assert names == sorted(names, key=lambda name: name.split()[1])
    assert len(names) == 8
    assert "Maria Employee" not in names
    alone = client.get(address, {"stage": "plan", "late": "on", "alone": "on"}).context
    assert [row["person"].full_name for row in alone["rows"]] == ["Hanna Human", "Lena Leader"]


def test_records_link_only_for_a_party(client: Client, cast: Cast, record: Appraisal) -> None:
    link = f'href="{record.get_absolute_url()}"'
    query = "?stage=annual&step=In+review"
    assert link not in page(client, cast, "leader", "unit_records", "FIRE", query)
    shown = page(client, cast, "higher_level_reviewer", "unit_records", "FIRE", query)
    assert link in shown
    assert "Rating in higher level review" in shown


@pytest.mark.parametrize("wrong", ["0", "99", "x", "-1", "9" * 30])
def test_records_of_a_page_that_is_not_there_are_the_first(
    client: Client, cast: Cast, wrong: str
) -> None:
    assert "Carl Colleague" in page(
        client, cast, "leader", "unit_records", "FIRE", f"?page={wrong}"
    )


@pytest.mark.parametrize(("name", "expected"), [("unit_cycle", 14), ("unit_records", 13)])
@pytest.mark.parametrize("more", [1, 3])
def test_numbers_take_the_same_queries_for_any_number(
    cast: Cast, record: Appraisal, name: str, expected: int, more: int
) -> None:
    for _ in range(more):
        assign(newcomer(), cast.rating_official, cast.places["FIRE"])
    assert queries(cast.leader, reverse(name, args=["CMD"])) == expected


def issue(cast: Cast, levels: list[int]) -> None:
    for level in levels:
        appraisal = Appraisal.objects.create(
            employee=newcomer(),
            cycle=cast.cycle,
            rating_official=cast.rating_official,
            organization=cast.places["FIRE"],
            position_title="Firefighter",
            pay_plan="GS",
            occupational_series="0081",
            grade="08",
            starts_on=cast.cycle.starts_on,
            opened_at=clock.now(),
        )
        RatingOfRecord.objects.create(
            appraisal=appraisal,
            level=level,
            rated_sum=level,
            rated_count=1,
            effective_on=dt.date(2027, 6, 1),
            issued_at=clock.now(),
            issued_by=cast.rating_official,
        )


@pytest.mark.parametrize(
    ("levels", "shares"),
    [
        ([5] * 9 + [3] * 40, []),
        ([5] * 40 + [3] * 9, []),
        ([3] * 40, []),
        ([5] * 10 + [3] * 9 + [1], [50, 50]),
        ([5] * 13 + [3] * 21, [40, 60]),
    ],
)
def test_distribution_hides_small_groups_r16_3(
    cast: Cast, levels: list[int], shares: list[int]
) -> None:
    issue(cast, levels)
    found = rating_distribution(cast.places["CMD"], cast.cycle, Policy())
    assert [share for _, share in found.shares] == shares
    assert rating_distribution(cast.places["YARD"], cast.cycle, Policy()).issued == 0


def test_distribution_says_it_is_no_target_r16_4(client: Client, cast: Cast) -> None:
    issue(cast, [5] * 12 + [3] * 12)
    shown = page(client, cast, "leader", "unit_cycle", "CMD", "?stage=annual")
    assert "about 50%" in shown
    assert "never a target" in shown
    assert "never a target" not in page(client, cast, "leader", "unit_cycle", "CMD", "?stage=plan")
