"""Work that is not good enough (R10), by the services: who knows, what begins when, what is refused."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from appraisals.models import (
    CONFIDENTIAL,
    Appraisal,
    AppraisalEvent,
    Document,
    Notice,
    OpportunityPeriod,
    RecordStanding,
    State,
    StoredForm,
)
from appraisals.opportunities import next_step
from appraisals.problems import plan_of
from appraisals.selectors import with_documents
from appraisals.services.actions import (
    start_current_rating,
)
from appraisals.services.assistance import (
    extend_opportunity,
    open_opportunity,
    record_meeting,
    say_a_word,
    start_early_talk,
    start_result,
)
from appraisals.workflow import ProblemsFound, TransitionNotAllowed, advance
from orgchart import clock
from orgchart.errors import Refused
from tests.assistance_rows import (
    GIVEN,
    again,
    begun_opportunity,
    elements_of,
    given_opportunity,
    planned_record,
    terms,
    write_all,
)
from tests.cast import Cast, make_cast, make_record, take
from tests.factories import make_kinds

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
LAST = GIVEN + 30 * DAY


@pytest.fixture
def cast() -> Cast:
    make_kinds()
    return make_cast()


@pytest.fixture
def record(cast: Cast) -> Appraisal:
    return planned_record(cast)


# -------------------------------------------------------------------------------------- beginning


def test_an_early_talk_is_discussed_like_anything_else_r10_1(cast: Cast, record: Appraisal) -> None:
    with clock.frozen(GIVEN):
        talk = start_early_talk(record, elements_of(record)[:1], by=cast.rating_official)
        again_asked = start_early_talk(record, elements_of(record), by=cast.rating_official)
        with pytest.raises(ProblemsFound):
            advance(talk, "finish", by=cast.rating_official)
    assert again_asked == talk
    write_all(talk, cast, on=GIVEN)
    talk = take(talk, "finish", "communicate", "acknowledge", cast=cast, on=GIVEN)
    assert talk.state == State.ACKNOWLEDGED


def test_only_the_rating_official_begins(cast: Cast, record: Appraisal) -> None:
    chosen = elements_of(record)
    for other in (cast.employee, cast.higher_level_reviewer, cast.hr, cast.leader):
        with clock.frozen(GIVEN), pytest.raises(PermissionDenied):
            open_opportunity(record, chosen, terms=terms(), by=other)
        with clock.frozen(GIVEN), pytest.raises(PermissionDenied):
            start_early_talk(record, chosen, by=other)
        with clock.frozen(GIVEN), pytest.raises(PermissionDenied):
            start_current_rating(record, why="Late", by=other)


def test_nobody_falls_short_of_a_plan_they_were_not_told(cast: Cast) -> None:
    record = make_record(cast)
    with clock.frozen(GIVEN), pytest.raises(Refused, match="not been discussed"):
        open_opportunity(record, elements_of(record), terms=terms(), by=cast.rating_official)


def test_human_resources_is_consulted_first_r10_1(cast: Cast, record: Appraisal) -> None:
    with clock.frozen(GIVEN), pytest.raises(Refused, match=r"R10\.1"):
        open_opportunity(
            record,
            elements_of(record),
            terms=terms(consulted="", consulted_on=None),
            by=cast.rating_official,
        )
    assert not OpportunityPeriod.objects.exists()


def test_one_opportunity_at_a_time(cast: Cast, record: Appraisal) -> None:
    begun_opportunity(cast, record)
    with clock.frozen(GIVEN), pytest.raises(Refused, match="has an opportunity period already"):
        open_opportunity(record, elements_of(record), terms=terms(), by=cast.rating_official)


def test_a_notice_that_was_withdrawn_makes_room_and_stays_on_record(
    cast: Cast, record: Appraisal
) -> None:
    period = begun_opportunity(cast, record)
    take(period.notice, "give_up", cast=cast, on=GIVEN)
    assert begun_opportunity(cast, record).pk != period.pk
    event = AppraisalEvent.objects.get(name="give_up")
    assert event.reason
    assert next_step(again(period)).party is None


def test_what_was_told_is_not_withdrawn(cast: Cast, record: Appraisal) -> None:
    period = given_opportunity(cast, record)
    with pytest.raises(TransitionNotAllowed):
        take(period.notice, "give_up", cast=cast, on=GIVEN)


# --------------------------------------------------------------------------------------- who knows


def see(cast: Cast, document: Document) -> set[str]:
    return {
        name
        for name, person in cast.people.items()
        if Document.objects.visible_to(person).filter(pk=document.pk).exists()
    }


OFFICIALS = {"rating_official", "higher_level_reviewer", "hr"}


def test_the_employee_knows_from_the_notice_on_and_others_never(
    cast: Cast, record: Appraisal
) -> None:
    period = begun_opportunity(cast, record)
    with clock.frozen(GIVEN):
        assert see(cast, period.notice) == OFFICIALS
        take(period.notice, "submit", "approve", cast=cast, on=GIVEN)
        assert see(cast, period.notice) == OFFICIALS
        take(period.notice, "communicate", cast=cast, on=GIVEN)
        assert see(cast, period.notice) == {*OFFICIALS, "employee"}


def test_the_history_says_nothing_before_either(cast: Cast, record: Appraisal) -> None:
    period = begun_opportunity(cast, record)
    of_notice = AppraisalEvent.objects.filter(document=period.notice)
    with clock.frozen(GIVEN):
        assert not of_notice.readable_by(cast.employee).exists()
        assert of_notice.readable_by(cast.hr).exists()
        assert not of_notice.in_scope(["/"]).exists()
        take(period.notice, "submit", "approve", "communicate", cast=cast, on=GIVEN)
        assert of_notice.readable_by(cast.employee).count() == of_notice.count()
        assert not of_notice.in_scope([cast.places["DOD"].path]).exists()


def test_the_year_and_its_counts_know_nothing_of_it(cast: Cast, record: Appraisal) -> None:
    before = RecordStanding.objects.get(appraisal=record)
    period = begun_opportunity(cast, record)
    take(period.notice, "submit", "return_for_change", "submit", cast=cast, on=GIVEN)
    after = RecordStanding.objects.get(appraisal=record)
    assert (after.shape, after.also, after.since) == (before.shape, before.also, before.since)
    loaded = with_documents(Appraisal.objects.filter(pk=record.pk)).get()
    assert {each.kind for each in loaded.documents.all()}.isdisjoint(CONFIDENTIAL)


def test_a_post_names_no_kind(cast: Cast, record: Appraisal) -> None:
    given_opportunity(cast, record)
    told = Notice.objects.exclude(link=plan_of(record).get_absolute_url())  # type: ignore[union-attr]
    assert told.filter(recipient=cast.employee).exists()
    for notice in told:
        said = f"{notice.title} {notice.text} {notice.mail_title} {notice.mail_text}".lower()
        assert "opportunity" not in said


def test_the_yearly_form_does_not_hold_it_and_the_notice_has_one_of_its_own(
    cast: Cast, record: Appraisal
) -> None:
    period = given_opportunity(cast, record)
    take(period.notice, "acknowledge", cast=cast, on=GIVEN)
    assert StoredForm.objects.filter(document=period.notice).exists()
    assert not StoredForm.objects.filter(appraisal=record, document=None).exists()


# ----------------------------------------------------------------------------------- while it runs


def test_the_period_begins_when_the_notice_is_told(cast: Cast, record: Appraisal) -> None:
    period = begun_opportunity(cast, record, on=GIVEN - 3 * DAY)
    assert period.ends_on is None
    take(period.notice, "submit", "approve", "communicate", cast=cast, on=GIVEN)
    period = again(period)
    assert (period.began_on, period.ends_on) == (GIVEN, LAST)
    assert period.meeting_days == [GIVEN + 10 * DAY, GIVEN + 20 * DAY]


def test_a_meeting_is_on_record_and_the_employee_answers_once(
    cast: Cast, record: Appraisal
) -> None:
    period = given_opportunity(cast, record)
    with clock.frozen(GIVEN + 9 * DAY):
        meeting = record_meeting(
            period, held_on=GIVEN + 9 * DAY, method="F", account="Better.", by=cast.rating_official
        )
        first = say_a_word(meeting, text="I need the new list.", by=cast.employee)
        second = say_a_word(meeting, text="Something else.", by=cast.employee)
        with pytest.raises(PermissionDenied):
            say_a_word(meeting, text="For her.", by=cast.rating_official)
    assert (first.pk, second.text) == (second.pk, "I need the new list.")
    told = Notice.objects.filter(kind="assistance").values_list("recipient", flat=True)
    assert set(told) == {cast.employee.pk, cast.rating_official.pk}


@pytest.mark.parametrize("held_on", [GIVEN - DAY, GIVEN + 10 * DAY])
def test_a_meeting_lies_between_the_notice_and_today(
    cast: Cast, record: Appraisal, held_on: dt.date
) -> None:
    period = given_opportunity(cast, record)
    with clock.frozen(GIVEN + 9 * DAY), pytest.raises(Refused):
        record_meeting(period, held_on=held_on, method="F", account="x", by=cast.rating_official)


def test_no_meeting_before_the_notice(cast: Cast, record: Appraisal) -> None:
    period = begun_opportunity(cast, record)
    with clock.frozen(GIVEN), pytest.raises(Refused, match="not running"):
        record_meeting(period, held_on=GIVEN, method="F", account="x", by=cast.rating_official)


def test_more_time_moves_the_end_and_is_told(cast: Cast, record: Appraisal) -> None:
    period = given_opportunity(cast, record)
    with clock.frozen(GIVEN + DAY):
        extend_opportunity(period, days=7, reason="Away for a week.", by=cast.rating_official)
    assert again(period).ends_on == LAST + 7 * DAY
    assert Notice.objects.filter(kind="assistance", recipient=cast.employee).exists()


def test_the_employee_has_all_days(cast: Cast, record: Appraisal) -> None:
    period = given_opportunity(cast, record)
    with clock.frozen(LAST - DAY), pytest.raises(Refused, match="all of its days"):
        start_result(period, by=cast.rating_official)
    with clock.frozen(LAST):
        result = start_result(period, by=cast.rating_official)
        assert start_result(period, by=cast.rating_official) == result
        with pytest.raises(Refused, match="being written"):
            extend_opportunity(again(period), days=1, reason="x", by=cast.rating_official)


def test_a_result_that_was_withdrawn_leaves_room_for_more_days(
    cast: Cast, record: Appraisal
) -> None:
    period = given_opportunity(cast, record)
    with clock.frozen(LAST):
        result = start_result(period, by=cast.rating_official)
    take(result, "give_up", cast=cast, on=LAST)
    with clock.frozen(LAST):
        extend_opportunity(again(period), days=5, reason="She was ill.", by=cast.rating_official)
    assert again(period).ends_on == LAST + 5 * DAY


def test_the_next_step_says_who_and_by_when(cast: Cast, record: Appraisal) -> None:
    period = begun_opportunity(cast, record)
    assert next_step(again(period)).party == "rating_official"
    take(period.notice, "submit", cast=cast, on=GIVEN)
    assert next_step(again(period)).party == "higher_level_reviewer"
    take(period.notice, "approve", "communicate", cast=cast, on=GIVEN)
    with clock.frozen(GIVEN + 11 * DAY):
        step = next_step(again(period))
        assert (step.due_on, step.is_late) == (GIVEN + 10 * DAY, True)
    with clock.frozen(LAST):
        assert next_step(again(period)).due_on == LAST
