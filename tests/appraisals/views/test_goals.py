from collections.abc import Iterator
from itertools import count

import pytest
from django.test import Client
from django.urls import reverse

from appraisals.models import Appraisal, Goal, Kind, MissionStatement, State, Way
from orgchart import clock
from tests.appraisals.views.opening import queries
from tests.cast import CYCLE_ENDS, PRACTICE_DAY, Cast, make_cast, make_document

ON = CYCLE_ENDS
"""The last day of the cycle; after it nothing of the cycle is changed."""

WRITING = [
    "mission_edit",
    "goal_new",
    "goal_edit",
    "goal_delete",
    "goal_retire",
    "goals_publish",
]
EDITORS = ["leader", "hr"]
READERS = ["employee", "higher_level_reviewer", "army_chief", "hr_elsewhere", "auditor"]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.frozen(ON):
        yield


@pytest.fixture
def record(cast: Cast) -> Appraisal:
    return make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED).appraisal


def goal_of(cast: Cast, code: str = "CMD") -> Goal:
    return Goal.objects.get(organization=cast.places[code])


def address(cast: Cast, name: str) -> str:
    if name in ("goal_edit", "goal_delete", "goal_retire"):
        return reverse(name, args=[goal_of(cast).pk])
    return reverse(name, args=["CMD"])


@pytest.mark.parametrize("who", [*EDITORS, *READERS])
def test_goals_are_read_by_everybody(
    client: Client, cast: Cast, record: Appraisal, who: str
) -> None:
    client.force_login(cast.people[who])
    response = client.get(reverse("goals", args=["CMD"]))
    shown = response.content.decode()
    assert "Protect the installation" in shown
    assert "Project power (Department of the Army)" in shown
    assert ("1 person · 2 elements" in shown) is (who in [*EDITORS, "army_chief"])
    assert ("Add goal" in shown) is (who in EDITORS)


def test_goals_show_what_serves_them(client: Client, cast: Cast) -> None:
    client.force_login(cast.employee)
    shown = client.get(reverse("goals", args=["ARMY"])).content.decode()
    assert "Protect the installation" in shown
    assert "Deter war." in shown
    assert client.get(reverse("goals", args=["NOWHERE"])).status_code == 404


def test_goals_of_a_unit_without_any(client: Client, cast: Cast) -> None:
    client.force_login(cast.employee)
    assert (
        "No goals for this cycle yet"
        in client.get(reverse("goals", args=["FIRE"])).content.decode()
    )


@pytest.mark.parametrize("name", WRITING)
@pytest.mark.parametrize("who", READERS)
def test_goals_are_changed_by_nobody_else(client: Client, cast: Cast, who: str, name: str) -> None:
    client.force_login(cast.people[who])
    assert client.get(address(cast, name)).status_code == 403
    assert client.post(address(cast, name), {}).status_code == 403


@pytest.mark.parametrize("name", WRITING)
def test_goals_of_a_cycle_that_is_over_stay(client: Client, cast: Cast, name: str) -> None:
    client.force_login(cast.leader)
    with clock.frozen(PRACTICE_DAY):
        assert client.get(address(cast, name)).status_code == 409
        page = client.get(reverse("goals", args=["CMD"])).content.decode()
    assert "Add goal" not in page
    assert "FY 2027 is over: its mission and goals stay as they were." in page


def test_goals_refuse_other_methods(client: Client, cast: Cast) -> None:
    client.force_login(cast.leader)
    assert client.post(reverse("goals", args=["CMD"])).status_code == 405
    assert client.put(address(cast, "goal_edit")).status_code == 405


@pytest.mark.parametrize("who", EDITORS)
def test_mission_edit_saves(client: Client, cast: Cast, who: str) -> None:
    client.force_login(cast.people[who])
    assert client.get(address(cast, "mission_edit")).status_code == 200
    response = client.post(address(cast, "mission_edit"), {"text": "Hold\r\nthe fort. "})
    assert response.status_code == 302
    mission = MissionStatement.objects.get(organization=cast.places["CMD"], cycle=cast.cycle)
    assert mission.text == "Hold\nthe fort."


def test_goal_new_and_edit_save(client: Client, cast: Cast) -> None:
    client.force_login(cast.leader)
    above = goal_of(cast, "ARMY")
    given = {"title": "Care", "statement": "Homes", "serves": above.pk, "position": 2}
    assert client.post(address(cast, "goal_new"), given).status_code == 302
    goal = Goal.objects.get(title="Care")
    assert (goal.organization.code, goal.serves, goal.position) == ("CMD", above, 2)
    assert (goal.way, goal.published_at) == (Way.ADDED, None)
    changed = {**given, "title": "Care well", "serves": "", "serves_none": "By our charter"}
    assert client.post(reverse("goal_edit", args=[goal.pk]), changed).status_code == 302
    goal.refresh_from_db()
    assert (goal.title, goal.serves, goal.serves_none) == ("Care well", None, "By our charter")


def test_goal_new_keeps_what_was_typed_and_links_to_each_problem(
    client: Client, cast: Cast
) -> None:
    client.force_login(cast.leader)
    given = {"title": "", "statement": "kept text" + "x" * 2000, "position": "0", "serves": ""}
    response = client.post(address(cast, "goal_new"), given)
    shown = response.content.decode()
    assert response.status_code == 422
    assert "kept text" in shown
    for place in ("#id_title", "#id_statement", "#id_position"):
        assert f'href="{place}"' in shown


def test_goal_serves_only_goals_above(client: Client, cast: Cast) -> None:
    client.force_login(cast.leader)
    other = Goal.objects.create(
        cycle=cast.cycle,
        organization=cast.places["NAVY"],
        title="Sail",
        published_at=clock.now(),
    )
    given = {"title": "Care", "position": 1, "serves": other.pk}
    assert client.post(address(cast, "goal_new"), given).status_code == 422


def test_a_draft_is_deleted_after_asking_and_stays_in_the_history(
    client: Client, cast: Cast
) -> None:
    client.force_login(cast.leader)
    goal = goal_of(cast)
    Goal.objects.filter(pk=goal.pk).update(published_at=None)
    assert "Delete goal" in client.get(address(cast, "goal_delete")).content.decode()
    assert client.post(address(cast, "goal_delete")).status_code == 302
    assert not Goal.objects.filter(organization=cast.places["CMD"]).exists()
    shown = client.get(reverse("goals_history", args=["CMD"])).content.decode()
    assert "Draft deleted: “Protect the installation”" in shown


def test_a_published_goal_is_never_deleted(client: Client, cast: Cast) -> None:
    client.force_login(cast.leader)
    assert "cannot be deleted" in client.get(address(cast, "goal_delete")).content.decode()
    assert client.post(address(cast, "goal_delete")).status_code == 409


@pytest.mark.parametrize("more", [1, 3])
def test_goals_take_the_same_queries_for_any_number(
    cast: Cast, record: Appraisal, more: int
) -> None:
    above = goal_of(cast, "ARMY")
    for number, _ in zip(count(2), range(more), strict=False):
        Goal.objects.create(
            cycle=cast.cycle, organization=cast.places["CMD"], title=f"Goal {number}", serves=above
        )
    assert queries(cast.leader, reverse("goals", args=["CMD"]), on=ON) == 12
