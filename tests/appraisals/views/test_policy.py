"""Policy editions: every setting with its rule, a new edition looked through before it is written."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from appraisals.models import (
    PolicyEdition,
)
from appraisals.rules import Policy, policy_settings
from orgchart import clock
from tests.cast import Cast, make_cast

ON = dt.date(2027, 3, 20)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.frozen(ON):
        yield


@pytest.fixture
def hr(client: Client, cast: Cast) -> Client:
    client.force_login(cast.hr)
    return client


def policy_values(**changed: object) -> dict[str, object]:
    values: dict[str, object] = {
        setting.name: list(setting.default)
        if isinstance(setting.default, tuple)
        else setting.default
        for setting in policy_settings()
    }
    given = {**values, "name": "Local", "effective_on": "2027-04-01", "core_values": "Be kind."}
    kept = {**given, **changed}
    return {name: value for name, value in kept.items() if value is not False}


def test_policy_detail_shows_every_setting_with_its_rule(hr: Client, cast: Cast) -> None:
    shown = hr.get(reverse("policy_detail", args=[cast.policy.pk])).content.decode()
    for setting in policy_settings():
        assert setting.rule in shown
    PolicyEdition.objects.create(
        name="Yard only",
        organization=cast.places["YARD"],
        effective_on=ON,
        written_at=clock.now(),
    )
    assert "Yard only" not in hr.get(reverse("policy_list")).content.decode()


def test_policy_new_is_shown_before_it_is_written(hr: Client, cast: Cast) -> None:
    address = reverse("policy_new")
    given = policy_values(minimum_period_days=60, goal_required=False)
    response = hr.post(address, {**given, "check": "1"})
    assert response.status_code == 200
    changes = {row["label"]: (row["old"], row["new"]) for row in response.context["changes"]}
    assert changes == {
        "Days under an approved plan before a rating": ("90", "60"),
        "At least one element serves a goal": ("Yes", "No"),
    }
    checked = response.context["form"].data["checked"]
    assert hr.post(address, {**given, "write": "1"}).status_code == 200
    changed_since = {**given, "minimum_period_days": 30, "checked": checked, "write": "1"}
    assert hr.post(address, changed_since).status_code == 200
    assert PolicyEdition.objects.count() == 1
    written = hr.post(address, {**given, "checked": checked, "write": "1"})
    assert written.status_code == 302
    edition = PolicyEdition.objects.get(name="Local")
    assert edition.values == {"minimum_period_days": 60, "goal_required": False}
    assert edition.rules() == Policy(minimum_period_days=60, goal_required=False)


def test_first_policy_edition_starts_from_the_rule_book(hr: Client, cast: Cast) -> None:
    PolicyEdition.objects.all().delete()
    for name in ("hr_home", "policy_list", "policy_new"):
        assert hr.get(reverse(name)).status_code == 200
    response = hr.post(reverse("policy_new"), {**policy_values(notice_days=31), "check": "1"})
    assert [row["new"] for row in response.context["changes"]] == ["31"]


def test_policy_new_refuses_a_day_that_has_an_edition(hr: Client, cast: Cast) -> None:
    given = policy_values(effective_on="2027-05-01")
    PolicyEdition.objects.create(
        name="There already",
        organization=cast.places["CMD"],
        effective_on=dt.date(2027, 5, 1),
        written_at=clock.now(),
    )
    shown = hr.post(reverse("policy_new"), {**given, "check": "1"})
    checked = shown.context["form"].data["checked"]
    response = hr.post(reverse("policy_new"), {**given, "checked": checked, "write": "1"})
    assert response.status_code == 422
    assert "already has an edition from that day" in response.content.decode()


def test_policy_new_lists_all_problems_at_once(hr: Client, cast: Cast) -> None:
    given = policy_values(
        name="",
        effective_on="2027-03-20",
        minimum_period_days="x",
        cycle_start_month=13,
        award_minimum=2,
    )
    response = hr.post(reverse("policy_new"), {**given, "check": "1"})
    shown = response.content.decode()
    assert response.status_code == 422
    for field in (
        "name",
        "effective_on",
        "minimum_period_days",
        "cycle_start_month",
        "award_minimum",
    ):
        assert f'href="#id_{field}"' in shown
    assert "Be kind." in shown
