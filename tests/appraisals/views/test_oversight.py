import csv
import datetime as dt
import io
from collections.abc import Iterator
from itertools import count

import pytest
from django.test import Client
from django.urls import reverse

from appraisals.charts import Forecast
from appraisals.models import Appraisal, AppraisalCycle, Document, Kind, State
from appraisals.standing import Stage
from appraisals.views.unit_rows import forecast_words
from orgchart import clock
from orgchart.models import OrgEvent, Person
from tests.appraisals.views.opening import queries
from tests.cast import (
    PRACTICE_DAY,
    SECRET,
    Cast,
    assign,
    make_cast,
    make_document,
)
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


PAGES = [
    "unit_cycle",
    "unit_records",
    "unit_waiting",
    "unit_in_review",
    "unit_returned",
    "unit_ratings",
    "unit_supervisors",
]


@pytest.mark.parametrize("name", PAGES)
def test_numbers_open_for_heads_and_hr_without_a_text(
    client: Client, cast: Cast, record: Appraisal, name: str
) -> None:
    for who in SEERS:
        shown = page(client, cast, who, name)
        assert "Fire Division" in shown
        assert SECRET not in shown


@pytest.mark.parametrize("name", PAGES)
def test_numbers_do_not_exist_for_others_in_no_form(client: Client, cast: Cast, name: str) -> None:
    answers = set()
    for who in OTHERS:
        client.force_login(cast.people[who])
        for query in ("", "?format=csv", "?format=xlsx"):
            answers.add(client.get(reverse(name, args=["FIRE"]) + query).status_code)
    assert answers == {404}


@pytest.mark.parametrize("name", PAGES)
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
    rows = {row.name: (row.people, row.share) for row in context["rows"]}
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


QUERIES = [
    ("unit_cycle", 11),
    ("unit_records", 11),
    ("unit_waiting", 11),
    ("unit_in_review", 9),
    ("unit_returned", 9),
    ("unit_supervisors", 10),
]


@pytest.mark.parametrize(("name", "expected"), QUERIES)
@pytest.mark.parametrize("more", [1, 3])
def test_numbers_take_the_same_queries_for_any_number(
    cast: Cast, record: Appraisal, name: str, expected: int, more: int
) -> None:
    for _ in range(more):
        assign(newcomer(), cast.rating_official, cast.places["FIRE"])
    assert queries(cast.leader, reverse(name, args=["CMD"])) == expected


def test_each_number_of_the_overview_is_the_length_of_its_list(
    client: Client, cast: Cast, record: Appraisal
) -> None:
    client.force_login(cast.leader)
    late, on_time, without = client.get(reverse("unit_cycle", args=["CMD"])).context["numbers"][1:]
    assert [each["value"] for each in (late, on_time, without)] == ["8", "1", "8"]
    for number in (late, on_time, without):
        assert listed(client, number["url"]) == int(number["value"])


@pytest.mark.parametrize("stage", ["plan", "review", "annual"])
def test_each_part_of_a_bar_and_who_is_done_is_the_length_of_its_list(
    client: Client, cast: Cast, record: Appraisal, stage: str
) -> None:
    client.force_login(cast.leader)
    address = reverse("unit_records", args=["CMD"])
    context = client.get(reverse("unit_cycle", args=["CMD"]), {"stage": stage}).context
    for part in context["parts"]:
        found = client.get(address, {"stage": stage, "step": part["label"]}).context["page"]
        assert found.paginator.count == part["count"], part
    done = context["counts"].whole.done(Stage(stage))
    assert listed(client, f"{address}?stage={stage}&step=done") == done


def listed(client: Client, url: str) -> int:
    found: int = client.get(url).context["page"].paginator.count
    return found


def rows_of(client: Client, url: str) -> list[list[str]]:
    response = client.get(url)
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_units_table_says_in_numbers_what_the_bars_show(
    client: Client, cast: Cast, record: Appraisal
) -> None:
    client.force_login(cast.leader)
    heading, *rows = rows_of(client, reverse("unit_cycle", args=["CMD"]) + "?format=csv")
    assert heading[:3] == ["Unit", "Head", "People"]
    assert heading[-4:] == ["Done (%)", "On time", "Late", "No plan"]
    assert [row[0] for row in rows] == ["Fire Division", "Works Division", "Directly in this unit"]
    for row in rows:
        people, *parts = (int(value) for value in row[2:-4])
        assert sum(parts) == people == int(row[-3]) + int(row[-2])
    assert sum(int(row[-2]) for row in rows) == 8


def test_a_list_downloads_whole_with_its_filters_and_is_recorded(
    client: Client, cast: Cast, record: Appraisal
) -> None:
    client.force_login(cast.leader)
    url = reverse("unit_records", args=["CMD"]) + "?stage=plan&late=on"
    _, *rows = rows_of(client, url + "&format=csv")
    shown = client.get(url).context["rows"]
    assert [(row[1], row[0]) for row in rows] == [
        (each["person"].first_name, each["person"].last_name) for each in shown
    ]
    event = OrgEvent.objects.get(what="exported")
    assert event.by == cast.leader
    assert event.detail["rows"] == 8
    assert event.detail["asked"] == {"stage": "plan", "late": "on"}


def test_a_download_holds_nobody_from_elsewhere(
    client: Client, cast: Cast, record: Appraisal
) -> None:
    """A reviewer who heads one division gets that division, whatever the leader above gets."""
    client.force_login(cast.higher_level_reviewer)
    _, *rows = rows_of(client, reverse("unit_records", args=["FIRE"]) + "?format=csv")
    assert {row[2] for row in rows} == {"Fire Division"}
    assert client.get(reverse("unit_records", args=["CMD"]) + "?format=csv").status_code == 404


def test_a_list_is_searched_by_name(client: Client, cast: Cast, record: Appraisal) -> None:
    client.force_login(cast.leader)
    context = client.get(reverse("unit_records", args=["CMD"]), {"q": "emp mar"}).context
    assert [row["person"].full_name for row in context["rows"]] == ["Maria Employee"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?q=%2D%2D", "Type a letter or a digit"),
        ("?q=" + "x" * 101, "at most 100 characters"),
        ("?step=nonsense", "Select a valid choice"),
        ("?q=%00", "Null characters are not allowed"),
    ],
)
@pytest.mark.parametrize("more", ["", "&format=csv"])
def test_a_question_that_is_not_understood_is_said_to_be_so(
    client: Client, cast: Cast, query: str, sentence: str, more: str
) -> None:
    client.force_login(cast.leader)
    response = client.get(reverse("unit_records", args=["CMD"]) + query + more)
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_a_long_list_says_that_it_is_in_no_order(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appraisals.standing.SORTED_UP_TO", 3)
    monkeypatch.setattr("appraisals.views.unit_list.SORTED_UP_TO", 3)
    shown = page(client, cast, "leader", "unit_records", "CMD")
    assert "The first 9 of 9, in no order" in shown
    assert "in no order" not in page(client, cast, "leader", "unit_records", "CMD", "?q=maria")


@pytest.mark.parametrize(
    ("forecast", "words"),
    [
        (None, "All plans are approved."),
        (
            Forecast(4, dt.date(2027, 6, 3), dt.date(2027, 5, 22)),
            "At the pace of the last two weeks all plans are approved on 3 June, 12 days late.",
        ),
        (
            Forecast(4, dt.date(2027, 5, 21), dt.date(2027, 5, 22)),
            "At the pace of the last two weeks all plans are approved on 21 May, 1 day early.",
        ),
        (
            Forecast(4, dt.date(2027, 5, 22), dt.date(2027, 5, 22)),
            "At the pace of the last two weeks all plans are approved on 22 May, the day they are due.",
        ),
        (
            Forecast(4, dt.date(2027, 5, 22), None),
            "At the pace of the last two weeks all plans are approved on 22 May.",
        ),
        (
            Forecast(1, None, None),
            "At the pace of the last two weeks it takes more than two years until all plans are approved.",
        ),
        (
            Forecast(0, None, None),
            "Nothing was done in the last two weeks, so there is no pace to tell an end by.",
        ),
    ],
)
def test_where_the_pace_leads_is_said_in_words(forecast: Forecast | None, words: str) -> None:
    assert forecast_words(forecast, Stage.PLANS) == words


def test_last_cycle_stands_beside_this_one(client: Client, cast: Cast, record: Appraisal) -> None:
    before = AppraisalCycle.objects.create(
        name="FY 2026",
        organization=cast.places["DOD"],
        starts_on=dt.date(2025, 4, 1),
        ends_on=dt.date(2026, 3, 31),
        effective_on=dt.date(2026, 6, 1),
        opened_by=cast.hr,
        opened_at=clock.now(),
    )
    earlier = Appraisal.objects.create(
        employee=cast.employee,
        cycle=before,
        rating_official=cast.rating_official,
        organization=cast.places["FIRE"],
        position_title="Firefighter",
        pay_plan="GS",
        occupational_series="0081",
        grade="08",
        starts_on=before.starts_on,
        opened_at=clock.now(),
    )
    Document.objects.create(
        appraisal=earlier,
        kind=Kind.PERFORMANCE_PLAN,
        policy=cast.policy,
        state=State.APPROVED,
        state_since=clock.now(),
        opened_at=clock.now(),
        approved_on=dt.date(2025, 4, 12),
    )
    client.force_login(cast.leader)
    asked = {"cycle": cast.cycle.pk, "stage": "plan"}
    context = client.get(reverse("unit_cycle", args=["CMD"]), asked).context
    assert context["numbers"][0]["words"] == "plans approved · last cycle 100% on this day"
    heading, *rows = rows_of(
        client, reverse("unit_cycle", args=["CMD"]) + "?stage=plan&table=progress&format=csv"
    )
    assert heading == ["By", "Number", "Share (%)", "Last cycle (%)"]
    assert [row[3] for row in rows[:3]] == ["0", "0", "100"]
    assert [row.before for row in context["chart"].rows] == [int(row[3]) for row in rows]
