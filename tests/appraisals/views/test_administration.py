import datetime as dt
from collections.abc import Iterator
from itertools import count

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    AppraisalEvent,
    Kind,
    MilestoneKind,
    State,
)
from orgchart import clock
from orgchart.models import Person, RoleGrant
from tests.cast import PRACTICE_DAY, SECRET, Cast, assign, make_cast, make_document
from tests.editions import policy_says
from tests.factories import PersonFactory

ON = dt.date(2027, 3, 20)
"""Near the end of the cycle: ratings may be started, and the cycle still runs."""

PAGES = [
    "hr_home",
    "cycle_list",
    "cycle_new",
    "policy_list",
    "policy_new",
    "without_plan",
    "appraisal_search",
]
OTHERS = ["employee", "rating_official", "higher_level_reviewer", "leader", "secretary", "auditor"]
numbers = count(3_100_000_000)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.frozen(ON):
        yield


@pytest.fixture
def record(cast: Cast) -> Appraisal:
    return make_document(cast, Kind.PROGRESS_REVIEW, State.ACKNOWLEDGED).appraisal


@pytest.fixture
def hr(client: Client, cast: Cast) -> Client:
    client.force_login(cast.hr)
    return client


def newcomer() -> Person:
    return PersonFactory(dod_id=str(next(numbers)))


@pytest.mark.parametrize("name", PAGES)
def test_pages_open_for_hr_without_a_text(hr: Client, record: Appraisal, name: str) -> None:
    response = hr.get(reverse(name))
    assert response.status_code == 200
    assert SECRET not in response.content.decode()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", OTHERS)
def test_pages_do_not_exist_for_others(client: Client, cast: Cast, who: str, name: str) -> None:
    client.force_login(cast.people[who])
    assert client.get(reverse(name)).status_code == 404
    edition = reverse("policy_detail", args=[cast.policy.pk])
    assert client.get(edition).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_pages_refuse_other_methods_and_strangers(client: Client, cast: Cast, name: str) -> None:
    assert client.get(reverse(name)).status_code == 302
    client.force_login(cast.hr)
    assert client.delete(reverse(name)).status_code == 405


@pytest.mark.parametrize("name", ["hr_home", "cycle_new", "policy_new", "appraisal_search"])
def test_pages_stay_inside_the_scope(hr: Client, cast: Cast, name: str) -> None:
    assert hr.get(reverse(name), {"organization": "FIRE"}).status_code == 200
    for code in ("YARD", "ARMY", "NOWHERE"):
        assert hr.get(reverse(name), {"organization": code}).status_code == 404


def test_grant_that_has_ended_opens_nothing(hr: Client, cast: Cast) -> None:
    RoleGrant.objects.filter(person=cast.hr).update(ends_on=ON - dt.timedelta(days=1))
    assert hr.get(reverse("hr_home")).status_code == 404


def test_hr_home_counts_what_needs_hr(hr: Client, cast: Cast, record: Appraisal) -> None:
    Appraisal.objects.update(higher_level_reviewer=None)
    context = hr.get(reverse("hr_home")).context
    assert [need["count"] for need in context["needs"]] == [8, 1, 8]
    late = {row["label"]: row["late"] for row in context["milestones"]}
    assert late[MilestoneKind.PLAN_DUE.label] == 8


def test_hr_home_before_the_first_cycle(hr: Client, cast: Cast) -> None:
    AppraisalCycle.objects.update(organization=cast.places["YARD"])
    assert "No appraisal cycle yet" in hr.get(reverse("hr_home")).content.decode()


def test_without_plan_lists_covered_people_and_starts_a_plan(
    hr: Client, cast: Cast, record: Appraisal
) -> None:
    shown = hr.get(reverse("without_plan")).content.decode()
    assert "Carl Colleague" in shown
    assert "Maria Employee" not in shown
    start = reverse("record_start", args=[cast.colleague.dod_id])
    assert f'action="{start}"' in shown
    assert hr.post(start).status_code == 302
    assert "Carl Colleague" not in hr.get(reverse("without_plan")).content.decode()


def test_without_plan_is_narrowed_by_organization_and_name(hr: Client, cast: Cast) -> None:
    def names(**asked: str) -> list[str]:
        return [row.full_name for row in hr.get(reverse("without_plan"), asked).context["rows"]]

    assert names(organization="WORKS") == ["Otto Otherofficial", "Rita Otherreviewer"]
    assert names(organization="CMD", q="otto") == ["Otto Otherofficial"]
    assert names(q=cast.colleague.dod_id) == ["Carl Colleague"]
    assert hr.get(reverse("without_plan"), {"organization": "YARD"}).status_code == 422


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, 1),
        ({"q": "maria"}, 1),
        ({"q": "carl"}, 0),
        ({"organization": "FIRE"}, 1),
        ({"organization": "WORKS"}, 0),
        ({"kind": "progress_review", "state": "acknowledged"}, 1),
        ({"kind": "annual_appraisal"}, 0),
        ({"state": "acknowledged"}, 1),
        ({"state": "in_review"}, 0),
        ({"kind": "narrative_statement"}, 0),
        ({"q": "?!"}, 0),
        ({"late": "on"}, 0),
        ({"unreviewed": "on"}, 0),
    ],
)
def test_search_narrows(hr: Client, record: Appraisal, asked: dict[str, str], found: int) -> None:
    assert hr.get(reverse("appraisal_search"), asked).context["page"].paginator.count == found


def test_search_finds_late_records(hr: Client, record: Appraisal) -> None:
    with clock.frozen(dt.date(2027, 5, 20)):
        response = hr.get(reverse("appraisal_search"), {"late": "on"})
    assert response.context["page"].paginator.count == 1
    assert reverse("form_pdf", args=[record.pk]) in response.content.decode()


def test_search_with_nonsense_says_so(hr: Client, record: Appraisal) -> None:
    response = hr.get(reverse("appraisal_search"), {"kind": "nonsense"})
    assert response.status_code == 422


def officials(cast: Cast, **changed: str) -> dict[str, str]:
    return {
        "rating_official": cast.former_rating_official.dod_id,
        "higher_level_reviewer": cast.leader.email.upper(),
        "reason": "Moved to another post",
        **changed,
    }


def test_officials_are_named_with_a_reason(hr: Client, cast: Cast, record: Appraisal) -> None:
    address = reverse("officials_edit", args=[record.pk])
    assert hr.get(address).status_code == 200
    assert hr.post(address, officials(cast)).status_code == 302
    record.refresh_from_db()
    assert record.rating_official == cast.former_rating_official
    assert record.higher_level_reviewer == cast.leader
    event = AppraisalEvent.objects.get(name="name_officials")
    assert (event.by, event.reason) == (cast.hr, "Moved to another post")


def test_officials_are_found_by_name(hr: Client, cast: Cast, record: Appraisal) -> None:
    address = reverse("officials_edit", args=[record.pk])
    given = officials(cast, rating_official="Fern Former", higher_level_reviewer="")
    assert hr.post(address, given).status_code == 302
    record.refresh_from_db()
    assert record.higher_level_reviewer is None


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"rating_official": "nobody at all"}, "rating_official", "Nobody was found"),
        ({"rating_official": "o"}, "rating_official", "More than one person matches"),
        ({"rating_official": "Maria Employee"}, "rating_official", "is the employee"),
        ({"higher_level_reviewer": "Fern Former"}, "higher_level_reviewer", "already"),
        ({"reason": ""}, "reason", "Say why"),
    ],
)
def test_officials_that_cannot_be_are_refused_in_words(
    hr: Client, cast: Cast, record: Appraisal, changed: dict[str, str], field: str, words: str
) -> None:
    given = officials(cast, **{"reason": "Kept reason", **changed})
    response = hr.post(reverse("officials_edit", args=[record.pk]), given)
    shown = response.content.decode()
    assert response.status_code == 422
    assert words in shown
    assert f'href="#id_{field}"' in shown
    assert given["higher_level_reviewer"] in shown


def test_officials_are_named_by_hr_and_by_whom_policy_lets(
    client: Client, cast: Cast, record: Appraisal
) -> None:
    policy_says(rating_official_may_name_officials=False)
    address = reverse("officials_edit", args=[record.pk])
    for who, status in (("employee", 403), ("rating_official", 403), ("hr_elsewhere", 404)):
        client.force_login(cast.people[who])
        assert client.get(address).status_code == status
        assert client.post(address, officials(cast)).status_code == status


@pytest.mark.parametrize(
    ("name", "queries"),
    [("hr_home", 14), ("cycle_list", 10), ("without_plan", 11), ("appraisal_search", 14)],
)
@pytest.mark.parametrize("more", [1, 3])
def test_lists_take_the_same_queries_for_any_number(
    hr: Client, cast: Cast, record: Appraisal, name: str, queries: int, more: int
) -> None:
    for number in range(more):
        employee = newcomer()
        assign(employee, cast.rating_official, cast.places["FIRE"])
        assign(newcomer(), cast.rating_official, cast.places["FIRE"])
        hr.post(reverse("record_start", args=[employee.dod_id]))
        AppraisalCycle.objects.create(
            name="Other",
            organization=cast.places["FIRE"],
            starts_on=dt.date(2020 + number, 4, 1),
            ends_on=dt.date(2021 + number, 3, 31),
            effective_on=dt.date(2021 + number, 6, 1),
            opened_at=clock.now(),
        )
    with CaptureQueriesContext(connection) as captured:
        hr.get(reverse(name))
    assert len(captured) == queries


def test_hr_home_on_the_demonstration_day(hr: Client, record: Appraisal) -> None:
    with clock.frozen(PRACTICE_DAY):
        assert hr.get(reverse("hr_home")).status_code == 200
        assert hr.get(reverse("without_plan")).status_code == 200
