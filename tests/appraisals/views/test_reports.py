"""Reports on the program: how much was done, how much in time, what happened in each quarter (R16)."""

import datetime as dt

import pytest

from appraisals.compliance import GIVEN as GIVEN_IN
from appraisals.compliance import LONG, quarters_of
from appraisals.counts import calendar_of
from appraisals.models import AmendmentReason, Decision, Kind, Milestone, State
from appraisals.services.amending import record_decision
from appraisals.services.assistance import extend_opportunity
from appraisals.standing import Stage
from orgchart import clock
from tests.appraisals.views.opening import opened, queries, text_of
from tests.appraisals.views.paper import enter, paper_plan
from tests.assistance_rows import GIVEN, given_opportunity, planned_record
from tests.cast import PRACTICE_DAY, Cast, make_cast, make_document, make_record

URL = "/organizations/CMD/reports/"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def csv_of(cast: Cast, table: str, *, on: dt.date = PRACTICE_DAY) -> list[list[str]]:
    response = opened(cast.leader, f"{URL}?format=csv&table={table}", on=on)
    lines = b"".join(response).decode("utf-8-sig").splitlines()
    return [line.split(",") for line in lines]


def in_time(cast: Cast, due_on: dt.date) -> tuple[str, str]:
    """Approved and approved in time, of the whole command, when plans were due that day."""
    Milestone.objects.filter(cycle=cast.cycle, kind="plan_due").update(due_on=due_on)
    _, whole, *_ = csv_of(cast, "compliance-plan")
    return whole[2], whole[4]


def test_a_plan_is_in_time_when_it_was_approved_by_its_day_r16_3(cast: Cast) -> None:
    make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    assert in_time(cast, dt.date(2026, 6, 12)) == ("1", "1")
    assert in_time(cast, dt.date(2026, 6, 11)) == ("1", "0")


def test_who_came_later_has_days_of_their_own_for_the_plan_r1_3(cast: Cast) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    plan.appraisal.starts_on = dt.date(2026, 5, 14)
    plan.appraisal.save()
    assert in_time(cast, dt.date(2026, 4, 30)) == ("1", "1")
    plan.appraisal.starts_on = dt.date(2026, 5, 13)
    plan.appraisal.save()
    assert in_time(cast, dt.date(2026, 4, 30)) == ("1", "0")


def test_a_paper_plan_is_judged_by_the_days_on_the_paper_r4_7(cast: Cast) -> None:
    enter(cast, paper_plan(cast))
    assert in_time(cast, dt.date(2026, 6, 22)) == ("1", "1")
    assert in_time(cast, dt.date(2026, 6, 21)) == ("1", "0")


def test_only_who_had_enough_days_is_asked_for_a_rating_r16_3(cast: Cast) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.COMMUNICATED)
    heading, whole, *below = csv_of(cast, "compliance-annual")
    assert heading[1:] == [
        "People with enough days",
        "Issued",
        "Share done (%)",
        "In time",
        "Share in time (%)",
        "Not rateable",
        "Of them closed",
        "More time",
    ]
    people = int(whole[1])
    done = ["1", str(round(100 / people))]
    assert whole[2:] == [*done, *done, "0", "0", "0"]
    assert sum(int(row[2]) for row in below) == 1


def test_a_quarter_tells_of_plans_policy_and_changed_ratings_r16_1(cast: Cast) -> None:
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED)
    with clock.frozen(dt.date(2027, 5, 3)):
        decision = Decision(
            levels=[5, 3],
            reason=AmendmentReason.SETTLEMENT,
            authority="Settlement of 3 May",
            decided_on=dt.date(2027, 5, 3),
        )
        record_decision(annual.appraisal.rating_of_record, decision, by=cast.hr)
    place = cast.places["CMD"]
    with clock.frozen(dt.date(2027, 7, 5)):
        quarters = quarters_of(calendar_of(place).standings(place, cast.cycle))
    assert [row.ends_on for row in quarters] == [
        dt.date(2026, 6, 30),
        dt.date(2026, 9, 30),
        dt.date(2026, 12, 31),
        dt.date(2027, 3, 31),
        dt.date(2027, 6, 30),
    ]
    assert quarters[0].shares[Stage.PLANS] == 100
    assert [row.amended for row in quarters] == [0, 0, 0, 0, 1]
    assert quarters[-1].settled == 1


def test_a_quarter_counts_opportunities_for_human_resources_r16_1(cast: Cast) -> None:
    record = planned_record(cast)
    period = given_opportunity(cast, record)
    with clock.frozen(GIVEN):
        extend_opportunity(period, days=5, reason="Away.", by=cast.rating_official)
    page = text_of(opened(cast.hr, URL))
    assert "Opportunity periods given" in page
    for other in (cast.leader, cast.higher_level_reviewer):
        assert "Opportunity periods given" not in text_of(opened(other, URL))
    place = cast.places["CMD"]
    with clock.frozen(PRACTICE_DAY):
        standings = calendar_of(place).standings(place, cast.cycle)
        quarters = quarters_of(standings, with_assistance=True)
    assert [(row.assistance[GIVEN_IN], row.assistance[LONG]) for row in quarters] == [
        (0, 0),
        (1, 1),
        (0, 0),
        (0, 0),
    ]
    assert queries(cast.hr, URL) <= 15


def test_the_page_says_what_it_does_not_hold_and_that_it_is_no_target_r16_4(cast: Cast) -> None:
    make_record(cast)
    page = text_of(opened(cast.leader, URL))
    assert "nothing in them is a target for ratings" in page
    assert "litigation is not kept here" in page
    assert opened(cast.leader_elsewhere, URL).status_code == 404


def test_reports_cost_the_same_for_any_number_of_people(cast: Cast) -> None:
    make_record(cast)
    assert queries(cast.leader, URL) <= 15
