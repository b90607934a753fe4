"""A paper form entered afterwards, from its texts to its signatures (R4.7)."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from appraisals.counts import progress_of
from appraisals.models import (
    Document,
    Kind,
    RatingOfRecord,
    SectionKind,
    State,
)
from appraisals.services.on_paper import begin_paper, enter_signed, leave_paper
from appraisals.services.records import start_annual_appraisal
from appraisals.services.writing import save_section
from appraisals.standing import Stage
from appraisals.workflow import Given, TransitionNotAllowed
from orgchart import clock
from orgchart.errors import Refused
from tests.appraisals.views.opening import opened, posted, text_of
from tests.appraisals.views.paper import enter, paper_plan, signatures, timeline
from tests.cast import PRACTICE_DAY, Cast, make_cast, make_document, make_record

JUNE = dt.date(2026, 6, 20)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def plan(cast: Cast) -> Document:
    return paper_plan(cast)


def test_a_paper_plan_walks_all_steps_with_its_own_days_r4_7(cast: Cast, plan: Document) -> None:
    response = enter(cast, plan)
    assert response.status_code == 200
    plan.refresh_from_db()
    assert plan.state == State.ACKNOWLEDGED
    assert (plan.approved_on, plan.communicated_on, plan.acknowledged_on) == (
        dt.date(2026, 6, 22),
        dt.date(2026, 6, 24),
        dt.date(2026, 6, 25),
    )
    assert not plan.acknowledged_for_employee
    names = [event.name for event in plan.events.order_by("pk")][-4:]
    assert names == ["submit", "record_approval", "communicate", "record_signature"]
    for event in plan.events.order_by("-pk")[:4]:
        assert event.at.date() >= PRACTICE_DAY
        assert event.by == cast.rating_official
        assert event.details["on_paper"]
    words = timeline(cast, plan)
    assert "Signed on 25 June 2026 by Maria Employee" in words
    assert "Thank you." in words
    page = text_of(opened(cast.employee, plan.get_absolute_url()))
    assert "Written on the paper form, entered here by Dana Official" in page
    assert "Say what differs" in page


def test_whoever_does_not_want_to_enter_a_form_goes_back_to_the_record(cast: Cast) -> None:
    record = make_record(cast)
    page = opened(cast.rating_official, reverse("paper_begin", args=[record.pk]))
    cancel = f'<a class="btn btn--text" href="{record.get_absolute_url()}">Cancel</a>'
    assert cancel in page.content.decode()


def test_days_on_paper_decide_what_was_on_time_r4_7(cast: Cast, plan: Document) -> None:
    enter(cast, plan)
    with clock.frozen(PRACTICE_DAY):
        done = progress_of(cast.places["DOD"], [cast.cycle], Stage.PLANS)[
            cast.cycle.pk, Stage.PLANS
        ].done
    # The week of 22 June, in which it was approved, not the week of April 2027, in which it was entered.
    assert list(done) == [dt.date(2026, 6, 23)]


def test_hr_enters_a_paper_form_and_nobody_else(cast: Cast) -> None:
    appraisal = make_record(cast)
    for actor in ("employee", "higher_level_reviewer", "colleague", "hr_elsewhere"):
        with pytest.raises(PermissionDenied), clock.frozen(PRACTICE_DAY):
            begin_paper(appraisal, Kind.PERFORMANCE_PLAN, why="Why", by=cast.people[actor])
    with clock.frozen(PRACTICE_DAY):
        plan = begin_paper(appraisal, Kind.PERFORMANCE_PLAN, why="Why", by=cast.hr)
    comment = plan.sections.get(kind=SectionKind.EMPLOYEE_COMMENT)
    page = opened(cast.hr, reverse("section_edit", args=[comment.pk]))
    assert "Employee’s comments on the draft" in text_of(page)
    assert posted(cast.hr, reverse("paper_signed", args=[plan.pk]), signatures()).status_code == 200
    plan.refresh_from_db()
    assert plan.state == State.ACKNOWLEDGED
    first = plan.events.get(name="submit")
    assert (first.by, first.on_behalf_of) == (cast.hr, cast.rating_official)


def test_a_form_signed_in_part_goes_on_here(cast: Cast, plan: Document) -> None:
    enter(
        cast,
        plan,
        **dict.fromkeys(
            (name for name in signatures() if name.startswith(("communicate", "record_signature"))),
            "",
        ),
    )
    plan.refresh_from_db()
    assert plan.state == State.APPROVED


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"submit-happened_on": ""}, "The rating official: Give the day."),
        (
            {"record_approval-happened_on": "6/19/2026"},
            "The higher level reviewer: It was sent up on 20 June 2026; this comes after that.",
        ),
        (
            {"communicate-discussed_on": "6/21/2026"},
            "The discussion: It was approved on 22 June 2026; this comes after that.",
        ),
        (
            {"communicate-discussed_on": "", "communicate-method": ""},
            "The discussion: Give this too: what you gave below comes after it on the form.",
        ),
        (
            {
                "record_acknowledgment-why": "The employee is away",
                "record_acknowledgment-happened_on": "6/25/2026",
                "record_acknowledgment-method": "T",
            },
            "The employee either signed or did not. Leave one of the two empty.",
        ),
        (
            {"submit-happened_on": "3/31/2026"},
            "This year begins for the employee on 1 April 2026; this comes after that.",
        ),
    ],
)
def test_signatures_that_cannot_be_are_refused_and_nothing_is_entered(
    cast: Cast, plan: Document, changes: dict[str, str], sentence: str
) -> None:
    response = enter(cast, plan, **changes)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert "Thank you." in text_of(response)
    plan.refresh_from_db()
    assert plan.state == State.DRAFT
    assert not plan.events.filter(name="submit").exists()


def test_signatures_sent_twice_are_entered_once(cast: Cast, plan: Document) -> None:
    key = uuid.uuid4()
    steps = [("submit", Given(happened_on=JUNE, signed_by="Dana Official"))]
    with clock.frozen(PRACTICE_DAY):
        for _ in range(2):
            enter_signed(plan, steps, by=cast.rating_official, request_key=key)
    assert plan.events.filter(name="submit").count() == 1


def test_a_paper_form_with_problems_is_not_entered(cast: Cast, plan: Document) -> None:
    plan.elements.update(standards="")
    page = text_of(enter(cast, plan))
    assert "Something is missing in the texts." in page
    plan.refresh_from_db()
    assert plan.state == State.DRAFT


def test_input_that_was_not_sent_stays_the_employees_own(cast: Cast) -> None:
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    with clock.frozen(PRACTICE_DAY), pytest.raises(Refused, match="Nobody else may read that"):
        begin_paper(annual.appraisal, Kind.ANNUAL_APPRAISAL, why="Why", by=cast.rating_official)
    annual.refresh_from_db()
    assert not annual.on_paper


def test_a_paper_appraisal_issues_its_rating_r4_7(cast: Cast) -> None:
    review = make_document(cast, Kind.PROGRESS_REVIEW, State.ACKNOWLEDGED)
    by = cast.rating_official
    with clock.frozen(PRACTICE_DAY):
        annual = begin_paper(review.appraisal, Kind.ANNUAL_APPRAISAL, why="Why", by=by)
        for section in annual.sections.all():
            level = 5 if section.kind == SectionKind.RATING else None
            save_section(
                section, by=by, expected_version=section.version, text="As on paper", level=level
            )
    april = {"submit": 1, "record_approval": 2, "communicate": 3, "record_signature": 5}
    changes = {
        name: f"4/{april[name.split('-')[0]]}/2027" for name in signatures() if name.endswith("_on")
    }
    assert enter(cast, annual, **changes).status_code == 200
    assert RatingOfRecord.objects.get().level == 5
    annual.refresh_from_db()
    assert annual.communicated_on == dt.date(2027, 4, 3)


def test_a_draft_on_paper_is_closed_to_the_employee_and_can_go_back(
    cast: Cast, plan: Document
) -> None:
    comment = plan.sections.get(kind=SectionKind.EMPLOYEE_COMMENT)
    with pytest.raises(PermissionDenied):
        save_section(comment, by=cast.employee, expected_version=0, text="Mine")
    with clock.frozen(PRACTICE_DAY):
        leave_paper(plan, by=cast.rating_official)
    save_section(comment, by=cast.employee, expected_version=0, text="Mine")


def test_what_is_past_writing_is_not_entered_from_paper(cast: Cast) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.APPROVED)
    with pytest.raises(TransitionNotAllowed, match="no longer being written"):
        begin_paper(plan.appraisal, Kind.PERFORMANCE_PLAN, why="Why", by=cast.rating_official)


def test_hr_begins_a_review_only_from_paper(cast: Cast) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    with clock.frozen(PRACTICE_DAY):
        review = begin_paper(plan.appraisal, Kind.PROGRESS_REVIEW, why="Why", by=cast.hr)
        with pytest.raises(PermissionDenied):
            start_annual_appraisal(plan.appraisal, by=cast.hr)
    assert review.is_being_entered
