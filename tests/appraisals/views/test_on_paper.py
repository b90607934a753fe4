"""What was done outside and is entered afterwards: approvals, signatures, refusals, whole paper forms."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from appraisals.counts import progress_of
from appraisals.models import (
    Document,
    Kind,
    PolicyEdition,
    RatingOfRecord,
    Scan,
    SectionKind,
    State,
)
from appraisals.services.on_paper import begin_paper, enter_signed, leave_paper
from appraisals.services.records import start_annual_appraisal
from appraisals.services.scans import file_of
from appraisals.services.writing import save_section
from appraisals.standing import Stage
from appraisals.workflow import Given, StepDayRefused, TransitionNotAllowed, advance
from orgchart import clock
from orgchart.errors import Refused
from tests.appraisals.views.opening import opened, posted, text_of
from tests.cast import PRACTICE_DAY, Cast, make_cast, make_document, make_record

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
JUNE = dt.date(2026, 6, 20)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def plan(cast: Cast) -> Document:
    """A plan of two complete elements that is being entered from paper."""
    appraisal = make_record(cast)
    with clock.frozen(PRACTICE_DAY):
        return begin_paper(
            appraisal, Kind.PERFORMANCE_PLAN, why="No access to a computer", by=cast.rating_official
        )


def signatures(**changes: str) -> dict[str, object]:
    """The page of signatures as it is sent, every part of it filled in."""
    given = {
        "submit-signed_by": "Dana Official",
        "submit-happened_on": "6/20/2026",
        "record_approval-signed_by": "Henry Reviewer",
        "record_approval-happened_on": "6/22/2026",
        "record_approval-method": "S",
        "communicate-discussed_on": "6/24/2026",
        "communicate-method": "F",
        "record_signature-signed_by": "Maria Employee",
        "record_signature-happened_on": "6/25/2026",
        "record_signature-comment": "Thank you.",
        "request_key": str(uuid.uuid4()),
    }
    return {name: value for name, value in {**given, **changes}.items() if value}


def enter(cast: Cast, plan: Document, **changes: str) -> HttpResponse:
    url = reverse("paper_signed", args=[plan.pk])
    return posted(cast.rating_official, url, signatures(**changes))


def timeline(cast: Cast, document: Document) -> str:
    return text_of(opened(cast.employee, f"/appraisals/{document.appraisal_id}/timeline/"))


def take_step(cast: Cast, actor: str, document: Document, name: str, **data: str) -> HttpResponse:
    return posted(
        cast.people[actor], reverse("document_step", args=[document.pk, name]), dict(data)
    )


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
    PolicyEdition.objects.update(values={"approval_may_be_documented": False})
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


# ---------------------------------------------------------------- a paper form, R4.7


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


def test_days_on_paper_decide_what_was_on_time_r4_7(cast: Cast, plan: Document) -> None:
    enter(cast, plan)
    with clock.frozen(PRACTICE_DAY):
        done = progress_of(cast.places["DOD"], [cast.cycle], Stage.PLANS)[cast.cycle.pk].done
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


# ---------------------------------------------------------------- the scan


def attach(cast: Cast, plan: Document, content: bytes, name: str = "form.pdf") -> HttpResponse:
    return posted(
        cast.rating_official,
        reverse("scan_attach", args=[plan.pk]),
        {"scan": SimpleUploadedFile(name, content, content_type="application/pdf")},
    )


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_a_scan_is_kept_by_its_hash_and_only_ever_downloaded(cast: Cast, plan: Document) -> None:
    attach(cast, plan, PDF)
    attach(cast, plan, PDF, name="again.pdf")
    scan = Scan.objects.get()
    assert file_of(scan).read_bytes() == PDF
    response = opened(cast.rating_official, reverse("scan_download", args=[scan.pk]))
    assert b"".join(response) == PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html><script>alert(1)</script>", "is not a PDF file, whatever its name says"),
        (b"%PDF-1.7 cut off", "is not a PDF file"),
        (b"", "This file is empty."),
        (PDF + b" " * 1_000_001, "1 MB is the most"),
    ],
)
def test_what_is_no_scan_is_refused(
    cast: Cast, plan: Document, settings, content: bytes, sentence: str
) -> None:
    settings.SCAN_MAX_BYTES = 1_000_000
    response = attach(cast, plan, content)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not Scan.objects.exists()


def test_a_scan_of_a_rating_is_read_with_the_rating(cast: Cast) -> None:
    review = make_document(cast, Kind.PROGRESS_REVIEW, State.ACKNOWLEDGED)
    with clock.frozen(PRACTICE_DAY):
        annual = begin_paper(
            review.appraisal, Kind.ANNUAL_APPRAISAL, why="Why", by=cast.rating_official
        )
    attach(cast, annual, PDF)
    url = reverse("scan_download", args=[Scan.objects.get().pk])
    seen = {}
    for actor in ("rating_official", "hr", "higher_level_reviewer", "employee", "colleague"):
        response = opened(cast.people[actor], url)
        seen[actor] = response.status_code
        list(response)
    assert seen == {
        "rating_official": 200,
        "hr": 200,
        "higher_level_reviewer": 404,
        "employee": 404,
        "colleague": 404,
    }


def test_a_removed_scan_is_gone_and_that_it_was_there_is_not(
    cast: Cast, plan: Document, django_capture_on_commit_callbacks
) -> None:
    attach(cast, plan, PDF)
    scan = Scan.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        posted(cast.rating_official, reverse("scan_remove", args=[scan.pk]))
    assert opened(cast.hr, reverse("scan_download", args=[scan.pk])).status_code == 404
    assert not file_of(scan).exists()
    assert "Scan of the paper form removed" in timeline(cast, plan)
