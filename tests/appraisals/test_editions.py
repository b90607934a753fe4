"""What an edition would change, before it does: counted, listed, and only where it reaches."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appraisals.editions import What, foresee, reach_of
from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    Document,
    Element,
    Kind,
    PolicyDraft,
    PolicyEdition,
    State,
)
from appraisals.problems import document_problems
from appraisals.rules import SWITCHES, Hold, Policy, holds_for, policy_settings
from appraisals.services.policy import begin_draft
from orgchart import clock
from orgchart.models import Organization
from tests.cast import Cast, make_cast, make_document, make_record

ON = dt.date(2027, 3, 20)
FROM = dt.date(2027, 3, 21)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.frozen(ON):
        yield


def edition(place: Organization, on: dt.date, **values: Any) -> PolicyEdition:
    return PolicyEdition.objects.create(
        name=f"Of {place.code}",
        organization=place,
        effective_on=on,
        values=values,
        written_at=clock.now(),
    )


def met(cast: Cast, code: str = "CMD", **values: Any) -> dict[str, tuple[int, int]]:
    """Records and people that each effect of these changes meets."""
    reach = reach_of(cast.places[code], on=FROM)
    found = foresee(reach, replace(reach.before, **values))
    return {each.effect.key: (each.records, each.people) for each in found}


def plan(cast: Cast) -> Document:
    """Two elements, one employee."""
    return make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)


def test_nothing_changes_nothing(cast: Cast) -> None:
    plan(cast)
    assert met(cast) == {}


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"progress_review_needs_review": True}, "progress-review-reviewed"),
        ({"annual_appraisal_needs_review": False}, "annual-appraisal-reviewed"),
        ({"plan_change_needs_review": False}, "plan-change-reviewed"),
        ({"elements_maximum": 1}, "too-many-elements"),
        ({"elements_minimum": 3}, "too-few-elements"),
        ({"title_limit": 5}, "long-title"),
        ({"standards_limit": 5}, "long-standards"),
        ({"values_limit": 5}, "long-values"),
        ({"outstanding_threshold_tenths": 42}, "threshold"),
        ({"narrative_required_levels": (5, 3, 1)}, "narratives"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_record_under_way_is_met_by(cast: Cast, values: dict[str, Any], key: str) -> None:
    plan(cast)
    assert met(cast, **values)[key] == (1, 1)


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"elements_maximum": 2}, "too-many-elements"),
        ({"elements_minimum": 2}, "too-few-elements"),
        ({"title_limit": 100}, "long-title"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_record_that_fits_is_not_met_by(cast: Cast, values: dict[str, Any], key: str) -> None:
    plan(cast)
    (counted,) = [value for name, value in met(cast, **values).items() if name.startswith(key)]
    assert counted == (0, 0)


def test_a_plan_that_is_counted_fails_and_one_that_is_not_passes(cast: Cast) -> None:
    """R3.2: the preview and the rule say the same of the same plan."""
    document = make_document(cast, Kind.PERFORMANCE_PLAN, State.DRAFT)
    for most, counted in ((1, (1, 1)), (2, (0, 0))):
        assert met(cast, elements_maximum=most)["too-many-elements"] == counted
        document.policy = edition(cast.places["CMD"], FROM, elements_maximum=most)
        fails = any(problem.rule == "R3.2" for problem in document_problems(document))
        assert fails == bool(counted[0])
        document.policy.delete()


def test_an_element_taken_out_or_only_proposed_does_not_count(cast: Cast) -> None:
    document = plan(cast)
    assert met(cast, elements_maximum=1)["too-many-elements"] == (1, 1)
    Element.objects.filter(plan=document, number=2).update(removed_at=clock.now())
    assert met(cast, elements_maximum=1)["too-many-elements"] == (0, 0)


def test_supervisors_balance_and_goals_that_are_newly_asked(cast: Cast) -> None:
    """R3.7, R3.8"""
    document = plan(cast)
    edition(cast.places["CMD"], ON, supervisory_balance_required=False, goal_required=False)
    asked = {"supervisory_balance_required": True, "goal_required": True}
    assert met(cast, **asked) == {"unbalanced": (0, 0), "no-goal": (0, 0)}
    Appraisal.objects.filter(pk=document.appraisal_id).update(is_supervisor=True)
    Element.objects.filter(plan=document).update(goal=None)
    assert met(cast, **asked) == {"unbalanced": (1, 1), "no-goal": (1, 1)}


def test_a_year_keeps_what_its_plan_was_opened_under(cast: Cast) -> None:
    """R1.5, R1.7: more days and a second review from March on are asked of later plans, not of this one."""
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    assert not {each.rule for each in document_problems(annual)} & {"R7.8", "R4.1"}
    annual.policy = edition(
        cast.places["CMD"], ON, minimum_period_days=360, progress_reviews_minimum=2
    )
    assert not {each.rule for each in document_problems(annual)} & {"R7.8", "R4.1"}
    plan = annual.appraisal.documents.filter(kind=Kind.PERFORMANCE_PLAN)
    plan.update(policy=annual.policy)
    assert {"R7.8", "R4.1"} <= {each.rule for each in document_problems(annual)}


def test_days_and_reviews_of_a_year_meet_whoever_has_no_plan_yet(cast: Cast) -> None:
    AppraisalCycle.objects.filter(pk=cast.cycle.pk).update(ends_on=dt.date(2027, 5, 31))
    key = f"last-day-{cast.cycle.pk}"
    before = met(cast, minimum_period_days=60, progress_reviews_minimum=2)
    make_record(cast)
    after = met(cast, minimum_period_days=60, progress_reviews_minimum=2)
    assert set(before) == {key, "progress-reviews"}
    for each in before:
        assert before[each][1] - after[each][1] == 1
    reach = reach_of(cast.places["CMD"], on=FROM)
    found = foresee(reach, replace(reach.before, minimum_period_days=60))
    assert [(each.effect.old, each.effect.new) for each in found] == [
        ("3 March 2027", "2 April 2027")
    ]


def test_dates_that_move_are_said_with_both_days(cast: Cast) -> None:
    plan(cast)
    reach = reach_of(cast.places["CMD"], on=FROM)
    (found,) = foresee(reach, replace(reach.before, appraisal_opens_days_before_end=5))
    assert found.effect.what == What.DATES
    assert (found.effect.old, found.effect.new) == ("28 February 2027", "26 March 2027")
    assert (found.records, found.people) == (1, 1)


def test_a_day_that_is_over_either_way_does_not_move(cast: Cast) -> None:
    plan(cast)
    assert met(cast, appraisal_opens_days_before_end=40) == {}


def test_a_started_appraisal_keeps_its_edition_and_is_not_met(cast: Cast) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    changed = {"outstanding_threshold_tenths": 42, "annual_appraisal_needs_review": False}
    assert set(met(cast, **changed).values()) == {(0, 0)}


def test_records_that_nobody_could_review(cast: Cast) -> None:
    """R8.5"""
    document = plan(cast)
    edition(cast.places["CMD"], ON, annual_appraisal_needs_review=False)
    assert met(cast, annual_appraisal_needs_review=True)["annual-appraisal-unnamed"] == (0, 0)
    Appraisal.objects.filter(pk=document.appraisal_id).update(higher_level_reviewer=None)
    assert met(cast, annual_appraisal_needs_review=True)["annual-appraisal-unnamed"] == (1, 1)


def test_latest_ratings_whose_consequences_change(cast: Cast) -> None:
    """R12.3: the annual appraisal was acknowledged with a 5, and an award asks for a 5 anyway."""
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED)
    assert met(cast, award_minimum=5)["award-minimum-lost"] == (0, 0)
    assert met(cast, quality_step_level=3)["quality-step-level-lost"] == (1, 1)
    assert met(cast, retention_years=6)["kept"] == (1, 1)


def test_people_without_a_plan_are_met_by_its_days(cast: Cast) -> None:
    """R1.3"""
    before = met(cast, plan_due_days=20)["plans-due"]
    make_record(cast)
    after = met(cast, plan_due_days=20)["plans-due"]
    assert before[1] - after[1] == 1
    assert after[1] > 0


def test_a_nearer_edition_keeps_the_change_out(cast: Cast) -> None:
    plan(cast)
    asked = {"outstanding_threshold_tenths": 42}
    edition(cast.places["FIRE"], FROM + dt.timedelta(days=1))
    assert met(cast, **asked)["threshold"] == (1, 1)
    edition(cast.places["FIRE"], FROM)
    assert met(cast, **asked)["threshold"] == (0, 0)
    assert met(cast, "FIRE", **asked)["threshold"] == (1, 1)
    assert met(cast, "YARD", **asked)["threshold"] == (0, 0)


def test_what_holds_until_then_is_the_nearest_and_newest(cast: Cast) -> None:
    edition(cast.places["ARMY"], ON, notice_days=31)
    own = edition(cast.places["CMD"], FROM + dt.timedelta(days=9), notice_days=33)
    reach = reach_of(cast.places["CMD"], on=FROM)
    assert (reach.before_name, reach.before.notice_days) == ("Of ARMY", 31)
    assert reach.until == own
    assert reach_of(cast.places["CMD"], on=own.effective_on).before == own.rules()
    assert reach_of(cast.places["CMD"], on=own.effective_on, without=own.pk).before_name == (
        "Of ARMY"
    )


def test_hr_sees_the_number_and_behind_it_the_names(client: Client, cast: Cast) -> None:
    plan(cast)
    draft = begin_draft(cast.places["CMD"], name="Fewer", copy_of=cast.policy, by=cast.hr)
    PolicyDraft.objects.filter(pk=draft.pk).update(
        values={"elements_maximum": 1}, effective_on=FROM, reason="Asked for"
    )
    client.force_login(cast.hr)
    page = client.get(draft.get_absolute_url())
    address = reverse("policy_effect", args=[draft.pk, "too-many-elements"])
    assert f'href="{address}"' in page.content.decode()
    shown = client.get(address).content.decode()
    assert "Maria Employee" in shown
    assert "2 now" in shown
    assert "They stay as they were approved." in shown
    sheet = b"".join(client.get(address, {"format": "csv"})).decode()  # type: ignore[call-overload]
    assert sheet.count("Maria Employee") == 1
    unknown = reverse("policy_effect", args=[draft.pk, "too-few-elements"])
    assert client.get(unknown).status_code == 404
    client.force_login(cast.leader)
    assert client.get(address).status_code == 404


def test_what_was_foreseen_stays_with_the_edition(client: Client, cast: Cast) -> None:
    plan(cast)
    draft = begin_draft(cast.places["CMD"], name="Fewer", copy_of=cast.policy, by=cast.hr)
    PolicyDraft.objects.filter(pk=draft.pk).update(
        values={"elements_maximum": 1}, effective_on=FROM, reason="Asked for"
    )
    client.force_login(cast.hr)
    client.get(draft.get_absolute_url())
    assert (
        client.post(reverse("policy_schedule", args=[draft.pk]), {"version": "1"}).status_code
        == 302
    )
    with clock.frozen(FROM):
        page = client.get(draft.get_absolute_url())
    draft.refresh_from_db()
    assert [(each["title"], each["people"]) for each in draft.foreseen] == [
        ("The plan has more elements than would be allowed", 1)
    ]
    assert "What was foreseen when it was scheduled" in page.content.decode()


@pytest.mark.parametrize("setting", policy_settings(), ids=lambda each: each.name)
def test_every_setting_says_from_when_it_holds(setting: Any) -> None:
    assert holds_for(setting) in Hold


def test_each_switch_says_what_both_of_its_values_mean() -> None:
    """R7.16, R10.6"""
    usual = Policy()
    for switch in SWITCHES:
        value = getattr(usual, switch.name)
        other: dict[str, Any] = {switch.name: value + 3 if type(value) is int else not value}
        if switch.name == "unacceptable_needs_review":
            other["annual_appraisal_needs_review"] = False
        assert switch.says(replace(usual, **other)) != switch.says(usual), switch.name
