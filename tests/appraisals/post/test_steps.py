"""Who hears of each step: the whole table, each party, and what nobody may hear."""

import datetime as dt

import pytest

from appraisals.models import Kind, Notice, State
from appraisals.models.scope import Party
from appraisals.notifications import KINDS
from appraisals.notifications.steps import step_told
from appraisals.rules import NOTICES
from appraisals.transitions import TRANSITIONS
from appraisals.workflow import TransitionNotAllowed, record_event
from orgchart.models import Person
from tests.cast import Cast, make_document, take

pytestmark = pytest.mark.django_db

JUNE = dt.date(2026, 6, 15)
HEARS: dict[str, dict[str, str]] = {
    "share_input": {"rating_official": "input_sent"},
    "submit": {"higher_level_reviewer": "to_review"},
    "finish": {},
    "recall": {"higher_level_reviewer": "taken_back"},
    "approve": {"rating_official": "approved"},
    "record_approval": {"higher_level_reviewer": "approved_for_you"},
    "return_for_change": {"rating_official": "returned"},
    "communicate": {"employee": "to_acknowledge"},
    "acknowledge": {"rating_official": "acknowledged"},
    "record_signature": {"employee": "signed_for_you"},
    "record_acknowledgment": {"employee": "acknowledged_for_you"},
    "note_difference": {"rating_official": "difference"},
    "put_in": {"rating_official": "element_put_in"},
    "withdraw": {"higher_level_reviewer": "closed"},
    "take_back": {"rating_official": "closed"},
    "discard": {"higher_level_reviewer": "closed"},
    "give_up": {"higher_level_reviewer": "closed"},
    "set_aside": {"higher_level_reviewer": "closed"},
    "close_as_erroneous": dict.fromkeys(
        ("employee", "rating_official", "higher_level_reviewer"), "closed"
    ),
}
OFFICIALS = {"rating_official", "higher_level_reviewer"}


def test_every_step_says_who_hears_of_it() -> None:
    assert set(HEARS) == set(TRANSITIONS)


@pytest.mark.parametrize("name", HEARS)
def test_who_hears_of_a_step(cast: Cast, name: str) -> None:
    document = make_document(cast, Kind.PERFORMANCE_PLAN, State.DRAFT)
    row = TRANSITIONS[name]
    by = cast.hr if row.who == Party.HR else getattr(document.appraisal, row.who.value)
    event = record_event(document, name=name, by=by)

    told = step_told(document, event, row.tells, for_whom=None)

    party_of = {getattr(document.appraisal, party).pk: party for party in (*OFFICIALS, "employee")}
    assert {party_of[each.recipient.pk]: each.kind for each in told} == HEARS[name]
    assert by not in {each.recipient for each in told}


@pytest.mark.parametrize("name", [name for name, row in TRANSITIONS.items() if row.tells])
def test_nobody_hears_of_what_they_did_themselves(cast: Cast, name: str) -> None:
    document = make_document(cast, Kind.PERFORMANCE_PLAN, State.DRAFT)
    for party in (Party.EMPLOYEE, Party.RATING_OFFICIAL, Party.HIGHER_LEVEL_REVIEWER):
        by = getattr(document.appraisal, party.value)
        event = record_event(document, name=name, by=by)
        told = step_told(document, event, TRANSITIONS[name].tells, for_whom=None)
        assert by.pk not in {each.recipient.pk for each in told}


def test_an_employee_hears_nothing_between_the_officials() -> None:
    """What happens before it is discussed is theirs: sent up, returned, taken back, approved."""
    before = [
        row
        for row in TRANSITIONS.values()
        if row.moves_to != State.COMMUNICATED and State.COMMUNICATED not in row.sources
    ]
    assert {row.name for row in before} >= {"submit", "approve", "return_for_change", "recall"}
    assert [row.name for row in before if Party.EMPLOYEE in row.tells] == []


def test_a_whole_walk_tells_each_their_part(cast: Cast) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED)

    def kinds(person: Person) -> list[str]:
        about = Notice.objects.filter(recipient=person, link=document.get_absolute_url())
        return list(about.order_by("pk").values_list("kind", flat=True))

    assert kinds(cast.higher_level_reviewer) == ["to_review"]
    assert kinds(cast.employee) == ["to_acknowledge"]
    assert kinds(cast.rating_official)[-2:] == ["approved", "acknowledged"]
    for stranger in ("colleague", "hr", "leader", "former_rating_official", "auditor"):
        assert kinds(getattr(cast, stranger)) == []


def test_what_was_to_be_done_is_read_when_it_is_done(cast: Cast) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED)

    about = Notice.objects.filter(link=document.get_absolute_url())
    assert list(about.unread().values_list("kind", flat=True)) == ["acknowledged"]
    assert list(about.to_be_posted().values_list("kind", flat=True)) == ["acknowledged"]


def test_a_document_taken_back_no_longer_waits_for_its_reviewer(cast: Cast) -> None:
    document = make_document(cast, Kind.PERFORMANCE_PLAN, State.IN_REVIEW)
    take(document, "recall", cast=cast, on=JUNE)

    mine = Notice.objects.filter(recipient=cast.higher_level_reviewer)
    assert list(mine.to_be_posted().values_list("kind", flat=True)) == ["taken_back"]


def test_a_refused_step_tells_nobody(cast: Cast) -> None:
    document = make_document(cast, Kind.PERFORMANCE_PLAN, State.IN_REVIEW)
    before = Notice.objects.count()
    with pytest.raises(TransitionNotAllowed):
        take(document, "submit", cast=cast, on=JUNE)
    assert Notice.objects.count() == before


def test_whose_part_was_entered_by_hr_hears_of_it(cast: Cast) -> None:
    document = make_document(cast, Kind.PERFORMANCE_PLAN, State.DRAFT)
    event = record_event(document, name="submit", by=cast.hr)

    told = step_told(
        document, event, TRANSITIONS["submit"].tells, for_whom=document.appraisal.rating_official
    )

    assert {(each.recipient, each.kind) for each in told} == {
        (cast.higher_level_reviewer, "to_review"),
        (cast.rating_official, "entered_for_you"),
    }


def test_every_kind_has_its_name_and_words() -> None:
    assert set(KINDS) == set(NOTICES)
    assert {kind for row in TRANSITIONS.values() for kind in row.tells.values()} <= set(KINDS)
