"""What must never be of opportunities, meetings, proposals and ratings in between, tried against the database itself."""

import pytest
from django.db import DatabaseError, transaction

from appraisals.models import (
    ActionInstance,
    Appraisal,
    Document,
    Element,
    Kind,
    MeetingWord,
    MoreCurrentRating,
    OpportunityExtension,
    OpportunityMeeting,
    OpportunityPeriod,
    ProposedAction,
    Section,
    SectionKind,
)
from orgchart.models import Person
from tests.appraisals.rows import APRIL, MARCH, NOON, make_appraisal, make_cycle, make_document
from tests.appraisals.test_constraints import refused
from tests.factories import OrganizationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def appraisal() -> Appraisal:
    return make_appraisal(make_cycle(OrganizationFactory()))


@pytest.fixture
def person() -> Person:
    return PersonFactory()


def make_period(appraisal: Appraisal, **fields: object) -> OpportunityPeriod:
    notice = make_document(appraisal, kind=Kind.OPPORTUNITY_NOTICE)
    values = {"notice": notice, "days": 30, "meeting_every": 7}
    return OpportunityPeriod.objects.create(**(values | fields))


def make_action(appraisal: Appraisal, **fields: object) -> ProposedAction:
    document = make_document(appraisal, kind=Kind.PROPOSED_ACTION)
    return ProposedAction.objects.create(**({"document": document, "action": "removal"} | fields))


@pytest.mark.parametrize("name", ["days", "meeting_every"])
def test_an_opportunity_has_days(appraisal: Appraisal, name: str) -> None:
    with refused("an_opportunity_has_days"):
        make_period(appraisal, **{name: 0})


@pytest.mark.parametrize("half", [{"consulted": "Ana"}, {"consulted_on": APRIL}])
def test_who_was_consulted_has_a_day(appraisal: Appraisal, half: dict[str, object]) -> None:
    with refused("who_was_consulted_has_a_day"):
        make_period(appraisal, **half)


def test_an_extension_has_days_and_a_reason(appraisal: Appraisal, person: Person) -> None:
    more = {"period": make_period(appraisal), "by": person, "at": NOON}
    with refused("an_extension_has_days"), transaction.atomic():
        OpportunityExtension.objects.create(days=0, reason="Away", **more)
    with refused("an_extension_has_its_reason"):
        OpportunityExtension.objects.create(days=3, reason="", **more)


def make_meeting(appraisal: Appraisal, person: Person, **fields: object) -> OpportunityMeeting:
    values = {
        "period": make_period(appraisal),
        "held_on": APRIL,
        "method": "F",
        "account": "Better.",
        "recorded_by": person,
        "recorded_at": NOON,
    }
    return OpportunityMeeting.objects.create(**(values | fields))


def test_a_meeting_has_its_account(appraisal: Appraisal, person: Person) -> None:
    with refused("a_meeting_has_its_account"):
        make_meeting(appraisal, person, account="")


def test_a_meeting_has_its_method(appraisal: Appraisal, person: Person) -> None:
    with refused("a_meeting_has_its_method"):
        make_meeting(appraisal, person, method="X")


def test_a_word_is_not_empty(appraisal: Appraisal, person: Person) -> None:
    with refused("a_word_is_not_empty"):
        MeetingWord.objects.create(
            meeting=make_meeting(appraisal, person), text="", written_at=NOON
        )


def test_an_action_is_known(appraisal: Appraisal) -> None:
    with refused("an_action_is_known"):
        make_action(appraisal, action="fine")


@pytest.mark.parametrize(
    "half",
    [
        {"decision": "removal"},
        {"decided_on": APRIL},
        {"decision": "removal", "decided_on": APRIL},
        {"decision": "fine", "decided_on": APRIL, "decided_by": "Col. Reyes"},
    ],
)
def test_a_decision_has_its_day_and_official(appraisal: Appraisal, half: dict[str, object]) -> None:
    with refused("a_decision_has_its_day_and_official"):
        make_action(appraisal, **half)


@pytest.mark.parametrize(
    "wrong", [{"decision": "nothing", "effective_on": APRIL}, {"effective_on": APRIL}]
)
def test_only_an_action_taken_takes_effect(appraisal: Appraisal, wrong: dict[str, object]) -> None:
    decided = {"decision": "removal", "decided_on": MARCH, "decided_by": "Col. Reyes"}
    with refused("only_an_action_taken_takes_effect"):
        make_action(appraisal, **(decided | wrong))


def test_an_instance_says_what_happened(appraisal: Appraisal) -> None:
    element = Element.objects.create(plan=make_document(appraisal), number=1, title="Reports")
    with refused("an_instance_says_what_happened"):
        ActionInstance.objects.create(
            action=make_action(appraisal), element=element, happened_on=APRIL, what=""
        )


@pytest.mark.parametrize("wrong", [{"level": 2}, {"rated_count": 0}])
def test_a_more_current_rating_is_a_rating(
    appraisal: Appraisal, person: Person, wrong: dict[str, int]
) -> None:
    values = {"level": 3, "rated_sum": 3, "rated_count": 1}
    with refused("a_more_current_rating_is_a_rating"):
        MoreCurrentRating.objects.create(
            document=make_document(appraisal, kind=Kind.MORE_CURRENT_RATING),
            effective_on=APRIL,
            issued_at=NOON,
            issued_by=person,
            **(values | wrong),
        )


def test_an_outcome_is_acceptable_or_not(appraisal: Appraisal) -> None:
    document: Document = make_document(appraisal, kind=Kind.OPPORTUNITY_RESULT)
    with refused("only_a_rating_has_a_level"):
        Section.objects.create(document=document, kind=SectionKind.OUTCOME, level=5)


def test_what_was_recorded_stays(appraisal: Appraisal, person: Person) -> None:
    meeting = make_meeting(appraisal, person)
    unanswered = OpportunityMeeting.objects.create(
        period=meeting.period,
        held_on=APRIL,
        method="F",
        account="Better.",
        recorded_by=person,
        recorded_at=NOON,
    )
    rows = [
        unanswered,
        MeetingWord.objects.create(meeting=meeting, text="So it was.", written_at=NOON),
        OpportunityExtension.objects.create(
            period=meeting.period, days=3, reason="Away", by=person, at=NOON
        ),
        MoreCurrentRating.objects.create(
            document=make_document(appraisal, kind=Kind.MORE_CURRENT_RATING),
            level=3,
            rated_sum=3,
            rated_count=1,
            effective_on=APRIL,
            issued_at=NOON,
            issued_by=person,
        ),
    ]
    for row in rows:
        with pytest.raises(DatabaseError, match="only"), transaction.atomic():
            row.delete()
