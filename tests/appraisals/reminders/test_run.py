"""Each occasion on its day: who is told, in which words, and where the link leads."""

import datetime as dt

import pytest

from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    Document,
    Kind,
    Milestone,
    Notice,
    Situation,
    State,
)
from appraisals.problems import plan_of
from appraisals.services.program import suggested_milestones
from appraisals.services.records import start_annual_appraisal, start_progress_review, start_record
from orgchart import clock
from orgchart.models import Assignment
from tests.appraisals.reminders.rows import everything_told, run_on, told_to
from tests.cast import PATH, PRACTICE_DAY, assign, make_cast, make_document, make_record, take
from tests.editions import policy_says

pytestmark = pytest.mark.django_db

D = dt.date
PLAN_DUE = D(2026, 4, 30)
ACCEPTED = PATH[State.ACKNOWLEDGED]


@pytest.fixture
def cast():
    return make_cast()


def test_a_supervisor_with_several_plans_gets_one_reminder_with_the_list_behind_it(cast):
    run_on(D(2026, 4, 23))
    (notice,) = Notice.objects.filter(recipient=cast.leader)
    assert notice.title == "2 plans are due on 30 April 2026"
    assert notice.link == "/team/"
    assert notice.kind == "reminder"
    assert "FY 2027" in notice.text


def test_one_plan_is_named_and_its_record_is_behind_it(cast):
    with clock.frozen(D(2026, 4, 2)):
        record = start_record(cast.colleague, cycle=cast.cycle, by=cast.rating_official)
    run_on(D(2026, 4, 23))
    (notice,) = Notice.objects.filter(recipient=cast.rating_official)
    assert notice.title == "The plan of Carl Colleague is due on 30 April 2026"
    assert notice.link == record.get_absolute_url()


@pytest.mark.parametrize(
    ("day", "mark"),
    [
        (D(2026, 4, 16), "before-14"),
        (D(2026, 4, 23), "before-7"),
        (D(2026, 4, 29), "before-1"),
        (D(2026, 4, 30), "on"),
        (D(2026, 5, 1), "late-1"),
        (D(2026, 5, 8), "late-8"),
        (D(2026, 5, 15), "late-15"),
    ],
)
def test_plans_due_on_each_of_their_marks(cast, day, mark):
    run_on(day - dt.timedelta(days=1))
    Notice.objects.all().delete()
    run_on(day)
    assert list(told_to(cast.rating_official)) == [f"plan_due 2026-04-30 {mark}"]


def test_nobody_is_told_on_a_day_without_a_mark(cast):
    assert run_on(D(2026, 4, 16)) > 0
    assert run_on(D(2026, 4, 17)) == 0


def test_who_came_later_has_thirty_days_of_their_own_r1_3(cast):
    """Hired on 14 September 2026, so the plan is due on 13 October (18.2, D5)."""
    Assignment.objects.filter(employee=cast.colleague).update(
        starts_on=D(2026, 9, 14), position_start_date=D(2026, 9, 14)
    )
    run_on(D(2026, 10, 6))
    told = told_to(cast.rating_official)
    assert told["plan_due 2026-10-13 before-7"] == (
        "The plan of Carl Colleague is due on 13 October 2026"
    )


def test_late_goes_to_the_second_level_and_then_to_the_head_of_the_unit(cast):
    """Dana rates, Henry is second level and heads the division, so its head is the leader above."""
    for days in range(16):
        run_on(PLAN_DUE + dt.timedelta(days=days))
    henry = told_to(cast.higher_level_reviewer)
    assert henry["plan_due 2026-04-30 late-7-second_level"] == (
        "Late below you: 2 plans, due on 30 April 2026"
    )
    leader = told_to(cast.leader)
    # Two of Dana's and Fern's people in FIRE, one of Otto's unit, and the officials' own plans.
    assert leader["plan_due 2026-04-30 late-14-unit_head"].startswith("Late in your organization: ")
    second = Notice.objects.get(recipient=cast.higher_level_reviewer, kind="late_below")
    assert second.link == "/reviews/supervisors/"
    head = Notice.objects.get(recipient=cast.leader, key__endswith="late-14-unit_head")
    assert head.link == f"/organizations/CMD/records/?cycle={cast.cycle.pk}&late=any"
    assert "Maria" not in head.text


def test_the_policy_of_the_unit_says_when_late_escalates(cast):
    policy_says(cast.policy, late_to_second_level_days=3, late_to_unit_head_days=0)
    for days in range(20):
        run_on(PLAN_DUE + dt.timedelta(days=days))
    told = {mark for _, mark in everything_told()}
    assert "plan_due 2026-04-30 late-3-second_level" in told
    assert not any(mark.endswith("unit_head") for mark in told)


def plans_due_in_june(cast):
    """So that the cast's usual record, begun on 10 June, is not late from the start."""
    Milestone.objects.filter(cycle=cast.cycle, kind="plan_due").update(due_on=D(2026, 6, 30))


def test_a_plan_at_the_reviewer_is_an_approval_that_waits(cast):
    plans_due_in_june(cast)
    record = make_record(cast, on=D(2026, 6, 10))
    plan = plan_of(record)
    take(plan, "submit", cast=cast, on=D(2026, 6, 12))
    run_on(D(2026, 6, 29))
    assert told_to(cast.higher_level_reviewer)["approval_waiting 2026-06-30 before-1"] == (
        "Your approval for Maria Employee is due on 30 June 2026"
    )
    assert not any("Maria" in title for title in told_to(cast.rating_official).values())


def test_an_acknowledgment_waits_at_the_employee(cast):
    plans_due_in_june(cast)
    record = make_record(cast, on=D(2026, 6, 10))
    take(plan_of(record), "submit", "approve", "communicate", cast=cast, on=D(2026, 6, 12))
    run_on(D(2026, 6, 29))
    (notice,) = Notice.objects.filter(recipient=cast.employee, kind="reminder")
    assert notice.title == "Your acknowledgment is due on 30 June 2026"
    assert notice.link == record.get_absolute_url()


def accepted_plan(cast):
    record = make_record(cast, on=D(2026, 6, 10))
    take(plan_of(record), *ACCEPTED, cast=cast, on=D(2026, 6, 12))
    return record


def test_the_window_of_progress_reviews_opens(cast):
    """Due on 31 October 2026, 60 days before that."""
    accepted_plan(cast)
    run_on(D(2026, 9, 1))
    told = told_to(cast.rating_official)
    assert told["review_window 2026-09-01 on"] == (
        "Progress reviews can be held: the progress review of Maria Employee"
    )


def test_a_progress_review_is_due_until_it_is_held(cast):
    record = accepted_plan(cast)
    run_on(D(2026, 10, 24))
    assert "progress_review_due 2026-10-31 before-7" in told_to(cast.rating_official)
    with clock.frozen(D(2026, 10, 25)):
        review = start_progress_review(record, by=cast.rating_official)
    Document.objects.filter(pk=review.pk).update(
        state=State.ACKNOWLEDGED,
        approved_on=D(2026, 10, 25),
        communicated_on=D(2026, 10, 25),
        communicated_method="F",
        acknowledged_on=D(2026, 10, 25),
    )
    run_on(D(2026, 10, 30))
    assert "progress_review_due 2026-10-31 before-1" not in told_to(cast.rating_official)


def test_ninety_days_under_an_approved_plan_r1_5(cast):
    """Approved on 12 June 2026; both ends counted the 90th day is 9 September."""
    accepted_plan(cast)
    run_on(D(2026, 9, 8))
    assert not any(key.startswith("ninety") for key in told_to(cast.rating_official))
    run_on(D(2026, 9, 9))
    assert told_to(cast.rating_official)["ninety_days 2026-09-09 on"] == (
        "The minimum period of Maria Employee is reached on 9 September 2026"
    )


@pytest.mark.parametrize(("kind", "reached"), [("union_time", 19), ("military", 9)])
def test_ninety_days_leave_out_what_does_not_count_r7_13(cast, kind, reached):
    """Ten days of July: of union time they never count, of the rest they do by this policy."""
    accepted_plan(cast)
    Situation.objects.create(
        employee=cast.employee,
        kind=kind,
        starts_on=D(2026, 7, 1),
        ends_on=D(2026, 7, 10),
        entered_by=cast.hr,
        entered_at=clock.now(),
    )
    run_on(D(2026, 9, reached - 1))
    assert not any(key.startswith("ninety") for key in told_to(cast.rating_official))
    run_on(D(2026, 9, reached))
    assert f"ninety_days 2026-09-{reached:02} on" in told_to(cast.rating_official)


def test_the_last_day_for_a_plan_that_can_be_rated_r1_6(cast):
    """1 January 2027 (18.2, D6), told only while there is no approved plan."""
    accepted_plan(cast)
    run_on(D(2026, 12, 25))
    told = told_to(cast.rating_official)
    assert told["last_rateable_day 2027-01-01 before-7"] == (
        "The plan of Carl Colleague can still count if approved by 1 January 2027"
    )
    Notice.objects.all().delete()
    run_on(D(2027, 1, 2))
    assert not any(key.startswith("last_rateable") for key in told_to(cast.rating_official))


def test_employee_input_is_asked_for_until_it_is_sent(cast):
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    Milestone.objects.filter(cycle=cast.cycle, kind="input_due").update(due_on=D(2027, 4, 13))
    run_on(PRACTICE_DAY)
    assert told_to(cast.employee)["input_due 2027-04-13 before-7"] == (
        "Your input is due on 13 April 2027"
    )
    annual.input_shared_at = clock.now()
    annual.save()
    run_on(D(2027, 4, 12))
    assert "input_due 2027-04-13 before-1" not in told_to(cast.employee)


def test_appraisals_due_reviews_discussions_and_acknowledgments(cast):
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    run_on(D(2027, 4, 8))
    assert "appraisal_due 2027-04-15 before-7" in told_to(cast.rating_official)
    days = {
        "submit": (D(2027, 4, 23), cast.higher_level_reviewer, "approval_waiting 2027-04-30"),
        "approve": (D(2027, 5, 8), cast.rating_official, "discussion_due 2027-05-15"),
        "communicate": (D(2027, 5, 24), cast.employee, "acknowledgment_waiting 2027-05-31"),
    }
    for step, (day, person, occasion) in days.items():
        annual = take(annual, step, cast=cast, on=day - dt.timedelta(days=2))
        run_on(day)
        assert f"{occasion} before-7" in told_to(person), step


def test_a_narrative_statement_waits_by_policy_since_it_has_no_due_day(cast):
    record = accepted_plan(cast)
    sent = D(2026, 11, 2)
    with clock.frozen(sent, at=dt.time(12)):
        Document.objects.create(
            appraisal=record,
            kind=Kind.NARRATIVE_STATEMENT,
            policy=cast.policy,
            state=State.IN_REVIEW,
            state_since=clock.now(),
            opened_at=clock.now(),
        )
    run_on(sent + dt.timedelta(days=6))
    told = told_to(cast.higher_level_reviewer)
    assert "approval_waiting 2026-11-09 before-1" in told


def test_what_came_to_somebody_after_a_mark_waits_for_the_next_one(cast):
    """The step itself told them on its day."""
    plans_due_in_june(cast)
    record = make_record(cast, on=D(2026, 6, 10))
    run_on(D(2026, 6, 23))
    take(plan_of(record), "submit", cast=cast, on=D(2026, 6, 24))
    run_on(D(2026, 6, 25))
    assert not any(
        key.startswith("approval_waiting 2026-06-30") for key in told_to(cast.higher_level_reviewer)
    )
    run_on(D(2026, 6, 29))
    assert "approval_waiting 2026-06-30 before-1" in told_to(cast.higher_level_reviewer)


def test_after_a_reorganization_the_new_supervisor_is_told_at_the_next_mark(cast):
    run_on(D(2026, 4, 23))
    Assignment.objects.filter(employee=cast.colleague).update(ends_on=D(2026, 4, 24))
    assign(
        cast.colleague, cast.former_rating_official, cast.places["FIRE"], starts_on=D(2026, 4, 25)
    )
    # The same position, so its plan is due as before (R1.3).
    Assignment.objects.filter(employee=cast.colleague).update(position_start_date=D(2024, 1, 15))
    for day in range(24, 30):
        run_on(D(2026, 4, day))
    assert told_to(cast.former_rating_official)["plan_due 2026-04-30 before-1"] == (
        "2 plans are due on 30 April 2026"
    )
    assert "plan_due 2026-04-30 before-1" not in told_to(cast.rating_official)


def test_nobody_is_reminded_about_somebody_who_left(cast):
    plans_due_in_june(cast)
    record = make_record(cast, on=D(2026, 6, 10))
    Assignment.objects.filter(employee=cast.employee, ends_on=None).update(ends_on=D(2026, 6, 20))
    run_on(D(2026, 6, 29))
    titles = [
        *told_to(cast.rating_official).values(),
        *told_to(cast.higher_level_reviewer).values(),
    ]
    assert not any("Maria" in title for title in titles)
    assert Appraisal.objects.filter(pk=record.pk).exists()


def test_of_a_rating_official_who_left_the_second_level_is_told(cast):
    plans_due_in_june(cast)
    make_record(cast, on=D(2026, 6, 10))
    Assignment.objects.filter(employee=cast.rating_official).update(ends_on=D(2026, 6, 20))
    run_on(D(2026, 6, 29))
    assert told_to(cast.rating_official) == {}
    # The plan of Fern, who answers to Henry, and those of Maria and Carl, who answered to Dana.
    assert told_to(cast.higher_level_reviewer) == {
        "plan_due 2026-06-30 before-1": "3 plans are due on 30 June 2026"
    }


def test_somebody_with_nobody_above_keeps_nobody_from_being_told(cast):
    top = Assignment.objects.filter(employee=cast.people["secretary"])
    top.update(covered=True, exclusion_reason="")
    run_on(D(2026, 4, 23))
    assert told_to(cast.rating_official) == {
        "plan_due 2026-04-30 before-7": "The plan of Carl Colleague is due on 30 April 2026"
    }
    assert not told_to(cast.people["secretary"])


def test_who_may_not_sign_in_is_not_told(cast):
    cast.rating_official.is_active = False
    cast.rating_official.save()
    run_on(D(2026, 4, 23))
    assert told_to(cast.rating_official) == {}


def test_a_unit_with_a_cycle_of_its_own_is_reminded_by_that_alone(cast):
    yard = cast.places["YARD"]
    cycle = AppraisalCycle.objects.create(
        name="AY 2027",
        organization=yard,
        starts_on=D(2026, 5, 1),
        ends_on=D(2027, 4, 30),
        effective_on=D(2027, 6, 1),
        opened_at=clock.now(),
    )
    Milestone.objects.bulk_create(
        Milestone(cycle=cycle, kind=kind, due_on=due_on)
        for kind, due_on in suggested_milestones(
            cycle.starts_on, cycle.ends_on, cycle.effective_on
        ).items()
    )
    run_on(D(2026, 4, 23))
    assert told_to(cast.leader_elsewhere) == {}
    run_on(D(2026, 5, 23))
    assert told_to(cast.leader_elsewhere) == {
        "plan_due 2026-05-30 before-7": "The plan of Hugo Faraway is due on 30 May 2026"
    }


def test_no_rating_and_no_text_of_a_record_is_in_a_reminder(cast):
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.COMMUNICATED)
    for day in range(60):
        run_on(PRACTICE_DAY + dt.timedelta(days=day))
    rows = Notice.objects.values_list("title", "text", "link")
    words = " ".join(part for row in rows for part in row)
    assert words
    assert "secret" not in words
    assert "Outstanding" not in words


def test_an_annual_appraisal_to_be_started_is_due_from_its_opening(cast):
    record = accepted_plan(cast)
    with clock.frozen(D(2026, 10, 14)):
        review = start_progress_review(record, by=cast.rating_official)
    Document.objects.filter(pk=review.pk).update(
        state=State.ACKNOWLEDGED,
        approved_on=D(2026, 10, 14),
        communicated_on=D(2026, 10, 14),
        communicated_method="F",
        acknowledged_on=D(2026, 10, 14),
    )
    run_on(D(2027, 4, 1))
    assert "appraisal_due 2027-04-15 before-14" in told_to(cast.rating_official)
    with clock.frozen(PRACTICE_DAY):
        start_annual_appraisal(record, by=cast.rating_official)
    run_on(D(2027, 4, 8))
    assert "appraisal_due 2027-04-15 before-7" in told_to(cast.rating_official)
