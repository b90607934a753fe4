"""A unit's supervisors by name, with the list of their people behind each number."""

import csv
import io
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from appraisals.models import Kind, State
from orgchart import clock
from orgchart.models import Assignment
from tests.appraisals.views.opening import opened, text_of
from tests.cast import PRACTICE_DAY, Cast, make_cast, make_document


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.APPROVED)
    return cast


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.frozen(PRACTICE_DAY):
        yield


def supervisors(cast: Cast, code: str, query: str = "") -> HttpResponse:
    return opened(cast.leader, reverse("unit_supervisors", args=[code]) + query)


def rows(response: HttpResponse) -> list[list[str]]:
    return [[cell.text for cell in row] for row in response.context["table"].body]


def test_all_supervisors_below_a_small_unit_are_named(cast: Cast) -> None:
    """Whose people are in the unit, wherever the supervisor is; the next step of Maria's rating is Dana's."""
    assert rows(supervisors(cast, "CMD", "?stage=annual")) == [
        ["Ada Army", "1", "0", "1", "1"],
        ["Lena Leader", "2", "0", "2", "2"],
        ["Dana Official", "2", "1", "1", "2"],
        ["Rita Otherreviewer", "2", "0", "2", "2"],
        ["Henry Reviewer", "2", "0", "2", "2"],
    ]


def test_each_number_of_a_supervisor_is_the_length_of_its_list(client: Client, cast: Cast) -> None:
    client.force_login(cast.leader)
    for query in ("?stage=annual", "?stage=plan", "?stage=plan&alone=on"):
        for row in (
            client.get(reverse("unit_supervisors", args=["CMD"]) + query).context["table"].body
        ):
            for cell in row[1:]:
                if cell.text != "0":
                    found = client.get(cell.url).context["page"].paginator.count
                    assert found == int(cell.text), (row[0].text, cell)


def test_a_list_says_whose_people_it_holds(client: Client, cast: Cast) -> None:
    client.force_login(cast.leader)
    url = supervisors(cast, "CMD", "?stage=plan").context["table"].body[2][1].url
    shown = client.get(url)
    assert "supervisor: Dana Official" in shown.content.decode()
    assert {row["person"].full_name for row in shown.context["rows"]} == {
        "Maria Employee",
        "Carl Colleague",
    }


def test_a_large_unit_names_those_of_its_own_people_and_leads_on(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appraisals.views.unit_supervisors.SMALL_UNIT", 8)
    response = supervisors(cast, "CMD")
    assert [row[0] for row in rows(response)] == ["Ada Army", "Rita Otherreviewer"]
    assert "Choose a unit" in text_of(response)
    link = reverse("unit_supervisors", args=["FIRE"])
    assert f'href="{link}?' in response.content.decode()
    assert [row[0] for row in rows(supervisors(cast, "FIRE"))] == [
        "Lena Leader",
        "Dana Official",
        "Henry Reviewer",
    ]


def test_people_without_a_supervisor_are_found_as_such(client: Client, cast: Cast) -> None:
    Assignment.objects.filter(employee=cast.people["colleague"]).update(supervisor=None)
    client.force_login(cast.leader)
    table = client.get(reverse("unit_supervisors", args=["FIRE"])).context["table"]
    last = table.body[-1]
    assert (last[0].text, last[1].text) == ("Nobody named", "1")
    found = client.get(last[1].url)
    assert [row["person"].full_name for row in found.context["rows"]] == ["Carl Colleague"]
    assert "supervisor: nobody named" in found.content.decode()


def test_a_unit_without_units_below_shows_its_supervisors_at_once(cast: Cast) -> None:
    response = opened(cast.leader, reverse("unit_cycle", args=["FIRE"]) + "?stage=plan")
    shown = rows(response)
    assert [row[0] for row in shown] == ["Lena Leader", "Dana Official", "Henry Reviewer"]
    assert sum(int(row[1]) for row in shown) == response.context["counts"].whole.people
    assert sum(int(row[3]) for row in shown) == response.context["counts"].whole.late.total()


def test_supervisors_download_as_shown(cast: Cast) -> None:
    response = supervisors(cast, "CMD", "?stage=plan&format=csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    heading, *found = csv.reader(io.StringIO(text, newline=""))
    assert heading == ["Supervisor", "People", "Done", "Late", "Their turn"]
    assert found == rows(supervisors(cast, "CMD", "?stage=plan"))
