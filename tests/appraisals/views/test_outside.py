"""What was done outside and is entered afterwards: approvals, signatures, refusals."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from appraisals.models import (
    Document,
    Kind,
    State,
)
from appraisals.workflow import Given, StepDayRefused, TransitionNotAllowed, advance
from orgchart import clock
from tests.appraisals.views.opening import opened, text_of
from tests.appraisals.views.paper import take_step, timeline
from tests.cast import PRACTICE_DAY, Cast, make_cast, make_document
from tests.editions import policy_says


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


# ---------------------------------------------------------------- approved outside, R8.4


def test_an_approval_given_outside_says_who_when_and_how_r8_4(cast: Cast) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.IN_REVIEW)
    take_step(
        cast,
        "rating_official",
        plan,
        "record_approval",
        signed_by="Henry Reviewer",
        happened_on="6/15/2026",
        method="W",
    )
    plan.refresh_from_db()
    assert (plan.state, plan.approved_on) == (State.APPROVED, dt.date(2026, 6, 15))
    event = plan.events.order_by("-pk")[0]
    assert (event.by, event.on_behalf_of) == (cast.rating_official, cast.higher_level_reviewer)
    words = timeline(cast, plan)
    assert "Approved outside, as recorded: Performance plan" in words
    assert "Dana Official, on behalf of Henry Reviewer" in words
    assert "Approved on 15 June 2026 by Henry Reviewer, by e-mail or memorandum" in words


@pytest.mark.parametrize("name", ["Dana Official", "maria employee"])
def test_nobody_approves_for_themselves_on_paper_either_r8_4(cast: Cast, name: str) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.IN_REVIEW)
    response = take_step(
        cast,
        "rating_official",
        plan,
        "record_approval",
        signed_by=name,
        happened_on="6/15/2026",
        method="S",
    )
    assert response.status_code == 422
    assert "A higher level official approves; give that name." in text_of(response)
    plan.refresh_from_db()
    assert plan.state == State.IN_REVIEW


def test_policy_may_take_approvals_only_here_r8_4(cast: Cast) -> None:
    policy_says(approval_may_be_documented=False)
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.IN_REVIEW)
    with pytest.raises(TransitionNotAllowed, match="only from the reviewer, here"):
        advance(plan, "record_approval", by=cast.rating_official)
    page = opened(cast.rating_official, plan.get_absolute_url())
    assert "Record an approval given outside" not in text_of(page)


# ---------------------------------------------------------------- on behalf, R4.6


def test_a_refusal_is_recorded_with_its_day_method_and_witness_r4_6(cast: Cast) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.COMMUNICATED)
    take_step(
        cast,
        "rating_official",
        plan,
        "record_acknowledgment",
        why="The employee declined to acknowledge",
        explanation="She does not accept the second standard.",
        happened_on="6/18/2026",
        method="F",
        witness="Walt Witness",
    )
    plan.refresh_from_db()
    assert (plan.state, plan.acknowledged_for_employee) == (State.ACKNOWLEDGED, True)
    assert plan.acknowledged_on == dt.date(2026, 6, 18)
    words = timeline(cast, plan)
    assert "Recorded that the employee did not acknowledge: Performance plan" in words
    assert "Asked on 18 June 2026, face to face" in words
    assert "Witness: Walt Witness" in words
    assert "She does not accept the second standard." in words


def test_the_employee_may_say_that_something_differs_r4_6(cast: Cast) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    with pytest.raises(TransitionNotAllowed, match="nothing in it was entered for the employee"):
        advance(plan, "note_difference", by=cast.employee)
    Document.objects.filter(pk=plan.pk).update(acknowledged_for_employee=True)
    take_step(cast, "employee", plan, "note_difference", what="I was never asked.")
    plan.refresh_from_db()
    assert plan.state == State.ACKNOWLEDGED
    assert "I was never asked." in text_of(
        opened(cast.rating_official, f"/appraisals/{plan.appraisal_id}/timeline/")
    )
    with pytest.raises(PermissionDenied):
        advance(plan, "note_difference", by=cast.rating_official)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("6/11/2026", "It was discussed on 12 June 2026; this comes after that."),
        ("4/7/2027", "This day has not come yet. Record it afterwards."),
        ("soon", "Give a date."),
        ("", "Give the day."),
    ],
)
def test_a_day_lies_neither_ahead_nor_before_what_it_follows(
    cast: Cast, day: str, sentence: str
) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.COMMUNICATED)
    response = take_step(
        cast,
        "rating_official",
        plan,
        "record_signature",
        signed_by="Maria Employee",
        happened_on=day,
    )
    assert response.status_code == 422
    assert sentence in text_of(response)
    plan.refresh_from_db()
    assert plan.state == State.COMMUNICATED


def test_the_service_refuses_the_day_too(cast: Cast) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.APPROVED)
    given = Given(discussed_on=dt.date(2026, 6, 11), method="F")
    with clock.frozen(PRACTICE_DAY), pytest.raises(StepDayRefused, match="approved on 12 June"):
        advance(plan, "communicate", by=cast.rating_official, given=given)
