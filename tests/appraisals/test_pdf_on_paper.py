"""Part B of what was done outside: who signed, when, how, and who recorded it (R4.6, R4.7, R8.4)."""

import datetime as dt

import pytest

from appraisals.models import Document, Kind, State
from appraisals.pdf.discussions import Discussion, discussions_of, events_by_document
from appraisals.workflow import Given, advance
from orgchart import clock
from tests.appraisals.views.paper import enter, paper_plan
from tests.cast import PRACTICE_DAY, Cast, make_cast, make_document


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def part_b(document: Document) -> Discussion:
    appraisal = document.appraisal
    documents = list(appraisal.documents.select_related("policy"))
    return discussions_of(appraisal, documents, events_by_document(appraisal))[0]


def test_an_approval_given_outside_names_its_giver_and_who_recorded_it_r8_4(cast: Cast) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.IN_REVIEW)
    given = Given(happened_on=dt.date(2026, 6, 15), signed_by="Henry Reviewer", method="S")
    with clock.frozen(PRACTICE_DAY):
        advance(plan, "record_approval", by=cast.rating_official, given=given)
    reviewer = part_b(plan).signatures[1]
    assert (reviewer.name, reviewer.on) == ("Henry Reviewer", dt.date(2026, 6, 15))
    assert reviewer.how == "Approved: signed on paper; recorded by Dana Official"


def test_a_refusal_names_method_and_witness_r4_6(cast: Cast) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.COMMUNICATED)
    given = Given(
        reason="The employee declined to acknowledge.",
        happened_on=dt.date(2026, 6, 18),
        method="F",
        witness="Walt Witness",
    )
    with clock.frozen(PRACTICE_DAY):
        advance(plan, "record_acknowledgment", by=cast.rating_official, given=given)
    told = part_b(plan)
    assert told.recorded_by == "Dana Official"
    assert told.reason == (
        "The employee declined to acknowledge. Asked: face to face. Witness: Walt Witness"
    )


def test_signatures_on_paper_are_told_as_such_r4_7(cast: Cast) -> None:
    plan = paper_plan(cast)
    enter(cast, plan)
    plan.refresh_from_db()
    told = part_b(plan)
    assert [each.how for each in told.signatures] == [
        "Discussed: Face to face; recorded by Dana Official",
        "Approved: signed on paper; recorded by Dana Official",
        "Signed on paper; recorded by Dana Official",
    ]
    assert told.comment == "Thank you."
