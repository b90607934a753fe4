"""After an opportunity (R10): its result, what may be proposed then, and a rating between the yearly ones."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from appraisals.models import (
    ActionKind,
    Appraisal,
    AppraisalEvent,
    Delegation,
    Document,
    MoreCurrentRating,
    PolicyEdition,
    State,
)
from appraisals.rules import FollowUp
from appraisals.services.actions import (
    add_instance,
    follow_action,
    propose_action,
    remove_instance,
    start_current_rating,
)
from appraisals.services.assistance import (
    start_result,
)
from appraisals.services.writing import save_section
from appraisals.workflow import ProblemsFound, TransitionNotAllowed, advance
from orgchart import clock
from orgchart.errors import Refused
from tests.assistance_rows import (
    GIVEN,
    again,
    begun_opportunity,
    elements_of,
    ended_opportunity,
    given_opportunity,
    planned_record,
    proposed_action,
    write_all,
)
from tests.cast import Cast, make_cast, take
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


# ------------------------------------------------------------------------------------------ results


def test_an_unacceptable_result_is_reviewed_and_an_acceptable_one_need_not_be_r8_1(
    cast: Cast, record: Appraisal
) -> None:
    period = given_opportunity(cast, record)
    with clock.frozen(LAST):
        result = start_result(period, by=cast.rating_official)
    write_all(result, cast, on=LAST, level=1)
    with pytest.raises(TransitionNotAllowed):
        take(result, "finish", cast=cast, on=LAST)
    write_all(result, cast, on=LAST, level=3, text="Better.")
    take(result, "finish", "communicate", cast=cast, on=LAST)
    assert again(period).succeeded is True
    assert not again(period).is_open


def test_no_action_after_an_opportunity_that_was_used(cast: Cast, record: Appraisal) -> None:
    with clock.frozen(GIVEN), pytest.raises(Refused, match=r"R10\.2"):
        propose_action(record, ActionKind.REMOVAL, elements_of(record)[:1], by=cast.rating_official)
    ended_opportunity(cast, record, level=3)
    with clock.frozen(GIVEN + 365 * DAY), pytest.raises(Refused, match=r"R10\.4"):
        propose_action(record, ActionKind.REMOVAL, elements_of(record)[:1], by=cast.rating_official)


def test_where_the_switch_is_off_an_action_needs_no_opportunity_r10_6(
    cast: Cast, record: Appraisal
) -> None:
    PolicyEdition.objects.create(
        name="30 September 2025 memorandum",
        organization=cast.places["DOD"],
        effective_on=GIVEN,
        values={"opportunity_period_required": False},
        written_at=clock.now(),
    )
    with clock.frozen(GIVEN - DAY), pytest.raises(Refused):
        propose_action(record, ActionKind.REMOVAL, elements_of(record)[:1], by=cast.rating_official)
    assert proposed_action(cast, record, on=GIVEN).document.state == State.DRAFT


def test_an_action_counts_its_days_from_its_notice_d15(cast: Cast, record: Appraisal) -> None:
    ended_opportunity(cast, record, level=1)
    action = proposed_action(cast, record, on=dt.date(2026, 10, 30))
    take(action.document, "submit", "approve", cast=cast, on=dt.date(2026, 10, 30))
    assert action.dates is None
    action.document = take(action.document, "communicate", cast=cast, on=dt.date(2026, 11, 2))
    assert action.dates is not None
    assert action.dates.earliest_action_on == dt.date(2026, 12, 2)
    assert action.dates.reply_due_on == dt.date(2026, 11, 9)


def test_an_action_needs_an_instance_and_instances_are_only_of_a_draft(
    cast: Cast, record: Appraisal
) -> None:
    ended_opportunity(cast, record, level=1)
    on = LAST + DAY
    action = proposed_action(cast, record, on=on)
    with clock.frozen(on):
        remove_instance(action.instances.get(), by=cast.rating_official)
        with pytest.raises(ProblemsFound, match="No instance"):
            advance(action.document, "submit", by=cast.rating_official)
        old = {"element": elements_of(record)[0], "what": "x", "by": cast.rating_official}
        with pytest.raises(Refused, match=r"R10\.3"):
            add_instance(action, happened_on=on - 370 * DAY, **old)
        with pytest.raises(Refused, match="not about"):
            add_instance(
                action,
                element=elements_of(record)[1],
                happened_on=on,
                what="x",
                by=cast.rating_official,
            )
        add_instance(action, happened_on=on, **old)
    take(action.document, "submit", cast=cast, on=on)
    with clock.frozen(on), pytest.raises(Refused, match="no longer"):
        add_instance(action, happened_on=on, **old)
    assert AppraisalEvent.objects.get(name="remove_instance").details["title"]


def test_human_resources_follows_an_action_and_what_stood_there_is_kept(
    cast: Cast, record: Appraisal
) -> None:
    ended_opportunity(cast, record, level=1)
    action = proposed_action(cast, record, on=LAST)
    take(action.document, "submit", "approve", "communicate", cast=cast, on=LAST)
    action.document.refresh_from_db()
    replied = FollowUp(replied_on=LAST + 5 * DAY)
    decided = FollowUp(
        replied_on=LAST + 6 * DAY,
        decision="nothing",
        decided_on=LAST + 20 * DAY,
        decided_by="Col. Reyes",
    )
    with clock.frozen(LAST + 20 * DAY):
        with pytest.raises(PermissionDenied):
            follow_action(action, replied, by=cast.rating_official)
        follow_action(action, replied, by=cast.hr)
        follow_action(action, decided, by=cast.hr)
        follow_action(action, decided, by=cast.hr)
    events = AppraisalEvent.objects.filter(name="follow_action")
    assert events.count() == 2
    assert events[1].details["was"]["replied_on"] == str(LAST + 5 * DAY)


# --------------------------------------------------------------------------- a rating in between


def test_a_more_current_rating_stands_beside_the_yearly_one_r10_8(
    cast: Cast, record: Appraisal
) -> None:
    on = dt.date(2026, 12, 1)
    with clock.frozen(on):
        document = start_current_rating(
            record, why="Within-grade increase", by=cast.rating_official
        )
        assert start_current_rating(record, why="x", by=cast.rating_official) == document
    write_all(document, cast, on=on, level=1)
    take(document, "submit", "approve", cast=cast, on=on)
    assert not MoreCurrentRating.objects.exists()
    take(document, "communicate", cast=cast, on=on + DAY)
    rating = MoreCurrentRating.objects.get()
    assert (rating.level, rating.effective_on) == (1, on + DAY)
    assert not hasattr(Appraisal.objects.get(pk=record.pk), "rating_of_record")


def test_an_unacceptable_more_current_rating_is_always_reviewed_r8_1(
    cast: Cast, record: Appraisal
) -> None:
    PolicyEdition.objects.create(
        name="No review",
        organization=cast.places["DOD"],
        effective_on=GIVEN,
        values={"annual_appraisal_needs_review": False},
        written_at=clock.now(),
    )
    on = dt.date(2026, 12, 1)
    with clock.frozen(on):
        document = start_current_rating(record, why="x", by=cast.rating_official)
    write_all(document, cast, on=on, level=1)
    with pytest.raises(TransitionNotAllowed):
        take(document, "finish", cast=cast, on=on)


def test_ninety_days_under_the_plan_are_needed_for_it_too_r1_5(
    cast: Cast, record: Appraisal
) -> None:
    on = dt.date(2026, 7, 1)
    with clock.frozen(on):
        document = start_current_rating(record, why="x", by=cast.rating_official)
    write_all(document, cast, on=on, level=3)
    with pytest.raises(ProblemsFound, match="90"):
        take(document, "submit", cast=cast, on=on)


def test_a_delegate_neither_sees_nor_writes_it(cast: Cast, record: Appraisal) -> None:
    period = begun_opportunity(cast, record)
    Delegation.objects.create(
        principal=cast.rating_official,
        delegate=cast.colleague,
        starts_on=GIVEN,
        ends_on=GIVEN + 90 * DAY,
        reason="Away",
        made_by=cast.rating_official,
        made_at=clock.now(),
    )
    with clock.frozen(GIVEN):
        assert not Document.objects.visible_to(cast.colleague).filter(pk=period.notice_id).exists()
        section = period.notice.sections.first()
        assert section is not None
        with pytest.raises(PermissionDenied):
            save_section(section, by=cast.colleague, expected_version=1, text="x")
