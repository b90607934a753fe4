"""The people of the pictures, as the practice date finds them."""

import datetime as dt

import pytest

from appraisals.demonstration.fill import Summary
from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    AppraisalEvent,
    Document,
    Kind,
    SectionKind,
    State,
)
from appraisals.selectors import people_without_plan, with_documents
from appraisals.turns import current_turn
from appraisals.year_steps import steps_of
from orgchart.models import Person

pytestmark = pytest.mark.django_db


def record_of(address: str, year: int) -> Appraisal:
    return with_documents(
        Appraisal.objects.filter(employee__email=f"{address}@example.mil", cycle__name=f"FY {year}")
    ).get()


def document_of(address: str, year: int, kind: Kind) -> Document:
    return Document.objects.get(
        appraisal__employee__email=f"{address}@example.mil",
        appraisal__cycle__name=f"FY {year}",
        kind=kind,
    )


@pytest.mark.parametrize(
    ("address", "state", "event"),
    [
        ("maria.ortega", State.DRAFT, "share_input"),
        ("terrence.blake", State.COMMUNICATED, "communicate"),
        ("linh.nguyen", State.DRAFT, "share_input"),
        ("paul.sorensen", State.DRAFT, "return_for_change"),
        ("aisha.khan", State.IN_REVIEW, "submit"),
        ("daniel.kowalczyk", State.APPROVED, "approve"),
        ("grace.adeyemi", State.ACKNOWLEDGED, "acknowledge"),
        ("dana.whitfield", State.DRAFT, "share_input"),
    ],
)
def test_appraisals_of_the_cast(filled: Summary, address: str, state: State, event: str) -> None:
    document = document_of(address, 2027, Kind.ANNUAL_APPRAISAL)
    assert document.state == state
    newest = document.events.latest("pk")
    assert newest.name == event


def test_maria_is_half_rated_and_her_input_came_on_29_march(filled: Summary) -> None:
    document = document_of("maria.ortega", 2027, Kind.ANNUAL_APPRAISAL)
    assert document.input_shared_at is not None
    assert document.input_shared_at.date() == dt.date(2027, 3, 29)
    levels = document.sections.filter(kind=SectionKind.RATING).order_by("element__number")
    assert list(levels.values_list("level", flat=True)) == [5, 5, None, None]
    assert levels[1].version == 3
    assert not Document.objects.filter(
        appraisal__employee__email="maria.ortega@example.mil", appraisal__cycle__name="FY 2028"
    ).exists()


def test_dana_has_her_plan_since_4_april_and_it_is_her_turn(filled: Summary) -> None:
    record = record_of("dana.whitfield", 2028)
    assert record.rating_official.full_name == "Henry Okafor"
    assert record.higher_level_reviewer is not None
    assert record.higher_level_reviewer.full_name == "Ana Reyes"
    turn = current_turn(record)
    assert turn.person == record.employee
    assert turn.document is not None
    assert turn.document.communicated_on == dt.date(2027, 4, 4)
    assert turn.document.communicated_method == "F"


def test_paul_was_told_why(filled: Summary) -> None:
    turn = current_turn(record_of("paul.sorensen", 2027))
    assert turn.detail == "“The standard asks for response times; say what they were.”"


def test_robert_cannot_be_rated_after_71_days(filled: Summary) -> None:
    assert current_turn(record_of("robert.jensen", 2027)).what == "Not rateable: 71 of 90 days"


def test_a_few_covered_people_have_no_plan(filled: Summary) -> None:
    people = Person.objects.filter(assignments__ends_on=None)
    cycle = AppraisalCycle.objects.get(name="FY 2027")
    names = {person.full_name for person in people_without_plan(people, cycle)}
    assert names == {"Tyler Nakai", "Scott Vandermeer", "Florian Maier"}


def test_somebody_changed_rating_official_in_the_year(filled: Summary) -> None:
    event = AppraisalEvent.objects.get(name="name_officials")
    assert event.appraisal.rating_official.full_name == "Siobhán McAllister"
    by = set(event.appraisal.events.filter(name="communicate").values_list("by__last_name"))
    assert by == {("Maddox",)}


def test_every_record_says_whose_turn_it_is(filled: Summary) -> None:
    for record in with_documents(Appraisal.objects.all()):
        assert current_turn(record).what
        changes = record.documents.filter(kind=Kind.PLAN_CHANGE).exclude(state=State.CLOSED)
        assert len(steps_of(record)) == 8 + changes.count()
