"""Returning a document: what it is about, why, and who reads that."""

import uuid

import pytest

from appraisals.models import Document, Kind, ReturnReason, State
from tests.appraisals.views.opening import opened, posted, text_of
from tests.cast import PRACTICE_DAY, SECRET, Cast, make_cast, make_document, take

WHY = "Say what the response times were."


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def step_of(document: Document) -> str:
    return f"/documents/{document.pk}/steps/return_for_change/"


def test_the_reviewer_chooses_what_it_is_about(cast: Cast) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    page = text_of(opened(cast.higher_level_reviewer, step_of(document)))
    for reason in ReturnReason:
        assert reason.label in page


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"reason": WHY}, "Choose what it is about."),
        ({"about": "narrative"}, "Give a reason: without one nobody knows what to change."),
        ({"about": "narrative", "reason": "  \n "}, "Give a reason"),
        ({"about": "the weather", "reason": WHY}, "the weather is not one of the available"),
    ],
)
def test_half_a_reason_is_asked_for_again(cast: Cast, given: dict[str, object], said: str) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    response = posted(cast.higher_level_reviewer, step_of(document), given)
    assert response.status_code == 422
    assert said in text_of(response)
    document.refresh_from_db()
    assert document.state == State.IN_REVIEW


def test_a_returned_document_says_what_it_is_about(cast: Cast) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    given = {"about": "narrative", "reason": WHY, "request_key": str(uuid.uuid4())}
    for _ in range(2):
        posted(cast.higher_level_reviewer, step_of(document), given)
    (event,) = document.events.filter(name="return_for_change")
    assert (event.reason, event.details) == (WHY, {"about": "narrative"})
    page = text_of(opened(cast.rating_official, document.get_absolute_url()))
    assert "Returned by Henry Reviewer, 6 April: narrative does not support the rating" in page
    timeline = f"/appraisals/{document.appraisal_id}/timeline/"
    assert "Narrative does not support the rating" in text_of(
        opened(cast.rating_official, timeline)
    )


@pytest.mark.parametrize("page", ["/documents/{document}/", "/appraisals/{record}/", "/"])
def test_to_its_employee_a_returned_rating_is_being_written(cast: Cast, page: str) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    address = page.format(document=document.pk, record=document.appraisal_id)
    take(document, "recall", cast=cast, on=PRACTICE_DAY)
    as_drafted = text_of(opened(cast.employee, address))
    take(document, "submit", "return_for_change", cast=cast, on=PRACTICE_DAY)
    assert text_of(opened(cast.employee, address)) == as_drafted
    timeline = f"/appraisals/{document.appraisal_id}/timeline/"
    assert "Narrative does not" not in text_of(opened(cast.employee, timeline))
    if page != "/":
        official = text_of(opened(cast.rating_official, address))
        assert "Returned by" in official
        assert f"Because {SECRET}" in official


def test_the_employee_reads_why_a_plan_came_back(cast: Cast) -> None:
    """They take part in writing it (R3.6)."""
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.IN_REVIEW)
    take(plan, "return_for_change", cast=cast, on=PRACTICE_DAY)
    assert "Returned by Henry Reviewer" in text_of(opened(cast.employee, plan.get_absolute_url()))
