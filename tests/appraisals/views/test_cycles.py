"""Cycles in HR's hands: opened with their milestones, alternate calendars, withdrawn before they begin."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from appraisals.counts import calendar_of, unit_counts
from appraisals.models import Appraisal, AppraisalCycle, Goal, Kind, MilestoneKind, State
from appraisals.rules import CALENDARS
from appraisals.selectors import cycle_for
from appraisals.standing import Stage
from orgchart import clock
from orgchart.models import OrgEvent
from tests.cast import Cast, make_cast, make_document

ON = dt.date(2027, 3, 20)


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


def cycle_values(**changed: object) -> dict[str, object]:
    milestones = {
        "plan_due": "2027-04-30",
        "progress_review_due": "2027-10-31",
        "input_due": "2028-03-31",
        "appraisal_due": "2028-04-15",
        "review_due": "2028-04-30",
        "discussion_due": "2028-05-15",
        "acknowledgment_due": "2028-05-31",
    }
    return {
        "organization": "cmd",
        "name": "FY 2028",
        "starts_on": "2027-04-01",
        "ends_on": "2028-03-31",
        "effective_on": "2028-06-01",
        **milestones,
        **changed,
    }


def test_cycle_new_is_prefilled_with_the_next_year(hr: Client) -> None:
    initial = hr.get(reverse("cycle_new")).context["form"].initial
    assert {name: str(value) for name, value in initial.items()} == cycle_values(organization="CMD")


def open_shown(hr: Client, **changed: object) -> Any:
    """Look whom it concerns, then open it."""
    given = cycle_values(**changed)
    shown = hr.post(reverse("cycle_new"), {**given, "show": "1"})
    assert shown.status_code == 200, shown.context["form"].errors
    checked = shown.context["form"].data["checked"]
    return hr.post(reverse("cycle_new"), {**given, "checked": checked, "open": "1"})


def test_cycle_new_opens_a_cycle_with_its_milestones(hr: Client, cast: Cast) -> None:
    assert open_shown(hr).status_code == 302
    cycle = AppraisalCycle.objects.get(name="FY 2028")
    assert (cycle.organization.code, cycle.opened_by) == ("CMD", cast.hr)
    assert cycle.milestones.count() == len(MilestoneKind)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"organization": "YARD"}, "organization"),
        ({"name": ""}, "name"),
        ({"ends_on": "2027-03-31"}, "ends_on"),
        ({"effective_on": "2028-03-31"}, "effective_on"),
        ({"plan_due": "2026-04-30"}, "plan_due"),
        ({"review_due": "2028-04-01"}, "review_due"),
        ({"input_due": "soon"}, "input_due"),
    ],
)
def test_cycle_new_keeps_what_was_typed_and_links_to_each_problem(
    hr: Client, changed: dict[str, object], field: str
) -> None:
    response = hr.post(reverse("cycle_new"), cycle_values(**changed))
    shown = response.content.decode()
    assert response.status_code == 422
    assert f'href="#id_{field}"' in shown
    assert 'value="2027-10-31"' in shown


def test_cycle_new_refuses_days_that_overlap(hr: Client, cast: Cast) -> None:
    open_shown(hr)
    response = open_shown(hr, starts_on="2027-04-15")
    assert response.status_code == 422
    assert "already has a cycle in these dates" in response.content.decode()


SCHOOL = {
    "organization": "FIRE",
    "name": "School year 2028",
    "starts_on": "2027-05-01",
    "ends_on": "2028-04-30",
    "effective_on": "2028-06-01",
    "plan_due": "2027-05-30",
    "appraisal_due": "2028-05-15",
    "review_due": "2028-05-20",
    "discussion_due": "2028-05-25",
}


def test_a_calendar_of_ones_own_is_suggested_by_its_first_month_r1_12(hr: Client) -> None:
    page = hr.get(reverse("cycle_new"), {"organization": "FIRE", "calendar": "school"})
    initial = page.context["form"].initial
    assert (initial["starts_on"], initial["ends_on"]) == (dt.date(2027, 5, 1), dt.date(2028, 4, 30))
    assert initial["effective_on"] == dt.date(2028, 6, 1)
    academic = hr.get(reverse("cycle_new"), {"organization": "FIRE", "calendar": "academic"})
    assert academic.context["form"].initial["starts_on"] == dt.date(2027, 7, 1)


@pytest.mark.parametrize("calendar", [each.key for each in CALENDARS])
def test_what_is_suggested_can_be_opened_as_it_is(hr: Client, calendar: str) -> None:
    page = hr.get(reverse("cycle_new"), {"organization": "FIRE", "calendar": calendar})
    given = {name: str(value) for name, value in page.context["form"].initial.items()}
    assert hr.post(reverse("cycle_new"), {**given, "show": "1"}).status_code == 200


def test_before_a_cycle_is_opened_hr_sees_whom_it_concerns(
    hr: Client, record: Appraisal, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    given = cycle_values(**{**SCHOOL, "starts_on": "2027-03-25"})
    with django_assert_max_num_queries(15):
        page = hr.post(reverse("cycle_new"), {**given, "show": "1"})
    foreseen = page.context["foreseen"]
    assert foreseen.people == 5
    assert [(each.cycle.name, each.records) for each in foreseen.underway] == [("FY 2027", 1)]
    assert not foreseen.policy_agrees
    words = "1 record of FY 2027 is under way here, until 31 March 2027. Let the new cycle start on 1 April 2027"
    assert words in page.content.decode()
    checked = page.context["form"].data["checked"]
    refused = hr.post(reverse("cycle_new"), {**given, "checked": checked, "open": "1"})
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert AppraisalCycle.objects.count() == 1


def test_days_in_which_no_cycle_would_run_are_said_r1_14(hr: Client, record: Appraisal) -> None:
    page = hr.post(reverse("cycle_new"), {**cycle_values(**SCHOOL), "show": "1"})
    assert page.context["foreseen"].gap == (dt.date(2027, 4, 1), dt.date(2027, 4, 30))
    assert "No cycle runs here from 1 April 2027 to 30 April 2027" in page.content.decode()


def test_only_what_was_shown_is_opened(hr: Client) -> None:
    given = cycle_values()
    assert hr.post(reverse("cycle_new"), {**given, "open": "1"}).status_code == 200
    checked = hr.post(reverse("cycle_new"), given).context["form"].data["checked"]
    other = {**given, "name": "Another", "checked": checked, "open": "1"}
    assert hr.post(reverse("cycle_new"), other).status_code == 200
    assert AppraisalCycle.objects.count() == 1


def test_an_alternate_calendar_holds_below_and_nowhere_else_r1_12(
    hr: Client, cast: Cast, record: Appraisal
) -> None:
    """Its people are counted in their own year; a record under way goes on in the old one."""
    assert open_shown(hr, **SCHOOL).status_code == 302
    assert open_shown(hr).status_code == 302
    cycle = AppraisalCycle.objects.get(name="School year 2028")
    on = dt.date(2027, 5, 2)
    assert cycle_for(cast.colleague, on=on) == cycle
    # In April nothing is begun there: FY 2028 would strand it in May.
    assert cycle_for(cast.colleague, on=dt.date(2027, 4, 15)) is None
    elsewhere = cycle_for(cast.official_elsewhere, on=on)
    assert elsewhere is not None
    assert elsewhere.name == "FY 2028"
    record.refresh_from_db()
    assert record.cycle == cast.cycle
    with clock.frozen(on):
        fire, command = cast.places["FIRE"], cast.places["CMD"]
        own = unit_counts(calendar_of(fire).standings(fire, cycle)).whole
        above = unit_counts(calendar_of(command).standings(command, elsewhere)).whole
    assert own.required(Stage.PLANS) == 5
    assert above.required(Stage.PLANS) == 4


def test_a_cycle_is_withdrawn_before_it_begins_with_a_reason(hr: Client, cast: Cast) -> None:
    open_shown(hr, **SCHOOL)
    cycle = AppraisalCycle.objects.get(name="School year 2028")
    address = reverse("cycle_withdraw", args=[cycle.pk])
    assert f'href="{address}"' in hr.get(reverse("cycle_list")).content.decode()
    assert hr.post(address, {"reason": ""}).status_code == 422
    assert hr.post(address, {"reason": "The board decided otherwise."}).status_code == 302
    assert not AppraisalCycle.objects.filter(pk=cycle.pk).exists()
    whats = OrgEvent.objects.filter(organization=cast.places["FIRE"]).values_list("what", flat=True)
    assert list(whats.order_by("pk")) == ["cycle_opened", "cycle_withdrawn"]
    shown = hr.get(reverse("organization_events", args=["FIRE"])).content.decode()
    assert "withdrawn: The board decided otherwise." in shown


def test_a_cycle_that_has_begun_or_holds_something_stays(hr: Client, cast: Cast) -> None:
    address = reverse("cycle_withdraw", args=[cast.cycle.pk])
    assert hr.get(address).status_code == 404
    open_shown(hr)
    cycle = AppraisalCycle.objects.get(name="FY 2028")
    Goal.objects.create(cycle=cycle, organization=cast.places["CMD"], title="First")
    address = reverse("cycle_withdraw", args=[cycle.pk])
    response = hr.post(address, {"reason": "Too early"})
    assert response.status_code == 409
    assert "made already, so it stays" in response.content.decode()
    with clock.frozen(cycle.starts_on):
        assert hr.post(address, {"reason": "Too late"}).status_code == 409
    assert AppraisalCycle.objects.filter(pk=cycle.pk).exists()
