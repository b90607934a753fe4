"""What must never be of departures, tried against the database itself."""

import datetime as dt

import pytest
from django.db import transaction

from appraisals.models import Appraisal, Departure, DepartureRecord, Document
from orgchart.models import Organization
from tests.appraisals.rows import JUNE, NOON, make_appraisal, make_cycle, make_document
from tests.appraisals.test_constraints import refused
from tests.factories import OrganizationFactory, PersonFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def place() -> Organization:
    return OrganizationFactory()


@pytest.fixture
def record(place: Organization) -> Appraisal:
    return make_appraisal(make_cycle(place))


def add(place: Organization, **given: object) -> Departure:
    fields = {
        "person": given.pop("person", None) or PersonFactory(),
        "kind": "leaves",
        "organization": place,
        "last_day": JUNE,
        "reason": "Retires.",
        "by": PersonFactory(),
        "planned_on": JUNE,
        "planned_at": NOON,
    }
    return Departure.objects.create(**(fields | given))


@pytest.mark.parametrize(
    ("constraint", "given"),
    [
        ("departure_known_kind", {"kind": "vanishes"}),
        ("departure_known_state", {"state": "perhaps", "settled_at": NOON}),
        ("departure_known_arrangement", {"arrangement": "lottery"}),
        ("departure_back_after_it", {"kind": "detail", "back_on": JUNE}),
        ("departure_back_after_it", {"back_on": JUNE + DAY}),
        ("departure_move_has_its_supervisor", {"kind": "moves"}),
        ("departure_return_follows_one", {"kind": "returns"}),
        ("departure_settled", {"state": "done"}),
        ("departure_settled", {"settled_at": NOON}),
        ("departure_failure_explained", {"state": "failed", "settled_at": NOON}),
    ],
)
def test_a_departure_says_what_happens(place: Organization, constraint: str, given: dict) -> None:
    with refused(constraint), transaction.atomic():
        add(place, **given)


@pytest.mark.parametrize("column", ["successor", "gaining_supervisor"])
def test_nobody_takes_over_from_themselves(place: Organization, column: str) -> None:
    person = PersonFactory()
    with refused("departure_to_somebody_else"), transaction.atomic():
        add(place, person=person, **{column: person})


def test_one_departure_of_a_person_lies_ahead(place: Organization) -> None:
    person = PersonFactory()
    first = add(place, person=person)
    add(place, person=person, state="undone", settled_at=NOON)
    add(place, person=person, kind="returns", follows=first)
    with refused("one_departure_ahead"), transaction.atomic():
        add(place, person=person)


def test_what_was_held_goes_back_once(place: Organization) -> None:
    first, person = add(place), PersonFactory()
    add(place, person=person, kind="returns", follows=first)
    with refused("departure_returned_once"), transaction.atomic():
        add(place, person=person, kind="returns", follows=first)


def hold(departure: Departure, record: Appraisal, **given: object) -> DepartureRecord:
    fields = {"part": "rates", "why": "Because.", "official_before": record.rating_official}
    return departure.records.create(appraisal=record, **(fields | given))


@pytest.mark.parametrize(
    ("constraint", "given"),
    [("departure_known_part", {"part": "watches"}), ("departure_known_debt", {"owed": "a poem"})],
)
def test_a_record_in_a_departure(
    place: Organization, record: Appraisal, constraint: str, given: dict
) -> None:
    with refused(constraint), transaction.atomic():
        hold(add(place), record, **given)


def test_a_departure_holds_a_record_once(place: Organization, record: Appraisal) -> None:
    departure = add(place)
    hold(departure, record)
    with refused("departure_holds_a_record_once"), transaction.atomic():
        hold(departure, record)


def test_everybody_goes_to_one_successor(place: Organization) -> None:
    departure, employee = add(place), PersonFactory()
    departure.shares.create(employee=employee, successor=PersonFactory())
    with refused("everybody_goes_to_one_successor"), transaction.atomic():
        departure.shares.create(employee=employee, successor=PersonFactory())
    with refused("nobody_takes_over_themselves"), transaction.atomic():
        add(place).shares.create(employee=employee, successor=employee)


@pytest.mark.parametrize(
    "days", [(None, JUNE), (JUNE, None), (JUNE, JUNE - DAY)], ids=["no first", "no last", "order"]
)
def test_a_document_covers_first_to_last_day(record: Appraisal, days: tuple) -> None:
    plan = make_document(record)
    found = Document.objects.filter(pk=plan.pk)
    with refused("a_document_covers_first_to_last_day"), transaction.atomic():
        found.update(covers_from=days[0], covers_until=days[1])
