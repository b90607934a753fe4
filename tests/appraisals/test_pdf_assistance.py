"""The forms of work that is not good enough say under which terms, what was said and what it rests on (R10)."""

import datetime as dt

import pytest

from appraisals.models import Appraisal, Document, OpportunityPeriod
from appraisals.pdf.content import form_content
from appraisals.services.assistance import (
    extend_opportunity,
    record_meeting,
    say_a_word,
    start_result,
)
from orgchart import clock
from tests.assistance_rows import (
    GIVEN,
    again,
    ended_opportunity,
    given_opportunity,
    planned_record,
    proposed_action,
    write_all,
)
from tests.cast import SECRET, Cast, make_cast, take
from tests.factories import make_kinds

pytestmark = pytest.mark.django_db

MET = GIVEN + dt.timedelta(days=8)


@pytest.fixture
def cast() -> Cast:
    make_kinds()
    return make_cast()


@pytest.fixture
def record(cast: Cast) -> Appraisal:
    return planned_record(cast)


def said(document: Document, cast: Cast) -> dict[str, str]:
    """The entries of the form, each by its heading."""
    appraisal = Appraisal.objects.with_people().get(pk=document.appraisal_id)
    document.refresh_from_db()
    form = form_content(appraisal, reader=cast.employee, document=document)
    [group] = form.statements
    return {
        entry.title.text: "\n".join(line.text for line in entry.text) for entry in group.entries
    }


def acknowledged_result(period: OpportunityPeriod, cast: Cast) -> tuple[Document, dt.date]:
    """Its result and the last day, on which it was told."""
    last_day = period.ends_on
    assert last_day is not None
    with clock.frozen(last_day):
        result = start_result(period, by=cast.rating_official)
    write_all(result, cast, on=last_day, level=3)
    take(result, "finish", "communicate", "acknowledge", cast=cast, on=last_day)
    return result, last_day


def test_notice_says_how_long_how_often_and_who_was_consulted(
    cast: Cast, record: Appraisal
) -> None:
    period = given_opportunity(cast, record)
    terms = said(period.notice, cast)["The opportunity"]
    assert "30 days from the day after this notice is discussed" in terms
    assert "at least every 10 days" in terms
    assert "Human resources: Hanna Human, consulted on 28 August 2026." in terms
    with clock.frozen(MET):
        extend_opportunity(period, days=10, reason="Illness.", by=cast.rating_official)
    assert said(period.notice, cast)["The opportunity"] == terms


def test_result_says_what_was_said_in_the_meetings_and_which_days_were_given(
    cast: Cast, record: Appraisal
) -> None:
    period = given_opportunity(cast, record)
    with clock.frozen(MET):
        meeting = record_meeting(
            period, held_on=MET, method="F", account="Two of five.", by=cast.rating_official
        )
        say_a_word(meeting, text="The list came late.", by=cast.employee)
        extend_opportunity(again(period), days=10, reason="Illness.", by=cast.rating_official)
    result, _ = acknowledged_result(again(period), cast)
    entries = said(result, cast)
    assert entries["The opportunity"].splitlines()[0] == (
        "From the day after 1 September 2026 to 11 October 2026, 40 days."
    )
    assert (
        "10 days more, given on 9 September 2026 by Dana Official: Illness."
        in (entries["The opportunity"])
    )
    assert entries["Meeting on 9 September 2026, face to face"] == "Two of five."
    assert entries["The employee on the meeting of 9 September 2026"] == "The list came late."


def test_word_of_a_meeting_that_comes_later_does_not_change_the_final_result(
    cast: Cast, record: Appraisal
) -> None:
    period = given_opportunity(cast, record)
    with clock.frozen(MET):
        meeting = record_meeting(
            period, held_on=MET, method="F", account="Two of five.", by=cast.rating_official
        )
    result, last_day = acknowledged_result(again(period), cast)
    before = said(result, cast)
    with clock.frozen(last_day + dt.timedelta(days=2)):
        say_a_word(meeting, text="It was three.", by=cast.employee)
    assert said(result, cast) == before


def test_proposal_says_what_is_proposed_and_what_it_rests_on(cast: Cast, record: Appraisal) -> None:
    period = ended_opportunity(cast, record, level=1)
    assert period.ends_on is not None
    action = proposed_action(cast, record, on=period.ends_on)
    take(action.document, "submit", "approve", "communicate", cast=cast, on=period.ends_on)
    entries = said(action.document, cast)
    assert entries["What is proposed"] == "Removal"
    [about] = [title for title in entries if title.startswith("1 October 2026: ")]
    assert entries[about] == SECRET
