"""What must never be of holds, destruction and transfers, tried against the database itself."""

import datetime as dt

import pytest
from django.db import transaction

from appraisals.models import (
    AppraisalCycle,
    Counterpart,
    DestructionItem,
    DestructionList,
    Hold,
    KeptStatistic,
    RatingOfRecord,
    ReceivedFile,
    RowToDestroy,
    SentFile,
)
from orgchart.models import Person
from tests.appraisals.rows import NOON, make_appraisal, make_cycle
from tests.appraisals.test_constraints import refused
from tests.factories import OrganizationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle() -> AppraisalCycle:
    return make_cycle(OrganizationFactory())


@pytest.fixture
def somebody() -> Person:
    return PersonFactory()


def drawn_up(cycle: AppraisalCycle, by: Person, **given: object) -> DestructionList:
    return DestructionList.objects.create(
        organization=cycle.organization, drawn_up_by=by, drawn_up_at=NOON, **given
    )


def item(cycle: AppraisalCycle, by: Person, **given: object) -> DestructionItem:
    values = {"record": 1, "what": "record", "on_list": None} | given
    values["on_list"] = values["on_list"] or drawn_up(cycle, by)
    return DestructionItem.objects.create(
        employee=by,
        cycle=cycle,
        organization=cycle.organization,
        rule="R13.1",
        kept_until=dt.date(2031, 6, 1),
        **values,
    )


def hold(cycle: AppraisalCycle, by: Person, **given: object) -> Hold:
    values = {"reason": "A claim", "authority": "Counsel"} | given
    return Hold.objects.create(
        employee=by, organization=cycle.organization, placed_by=by, placed_at=NOON, **values
    )


def test_nobody_confirms_what_they_drew_up(cycle, somebody):
    with refused("destruction_is_confirmed_by_another_person"), transaction.atomic():
        drawn_up(cycle, somebody, state="confirmed", confirmed_by=somebody, confirmed_at=NOON)


def test_a_list_says_who_confirmed_it_and_when_it_ended(cycle, somebody):
    with refused("destruction_list_state_has_its_people"), transaction.atomic():
        drawn_up(cycle, somebody, state="confirmed")
    with refused("destruction_list_state_has_its_people"), transaction.atomic():
        drawn_up(cycle, somebody, state="withdrawn")


def test_a_record_is_on_one_open_list(cycle, somebody):
    item(cycle, somebody)
    with refused("on_one_destruction_list_at_a_time"), transaction.atomic():
        item(cycle, somebody)


def test_an_item_says_what_became_of_it(cycle, somebody):
    for wrong in (
        {"state": "struck"},
        {"state": "destroyed"},
        {"state": "kept", "reason": "A hold", "destroyed_at": NOON},
    ):
        with refused("destruction_item_says_what_became_of_it"), transaction.atomic():
            item(cycle, somebody, **wrong)


def test_an_item_is_of_something(cycle, somebody):
    with refused("destruction_is_of_something"), transaction.atomic():
        item(cycle, somebody, what="everything")


def test_a_row_is_named_once(cycle, somebody):
    on_list = drawn_up(
        cycle, somebody, state="confirmed", confirmed_by=PersonFactory(), confirmed_at=NOON
    )
    named = {"item": item(cycle, somebody, on_list=on_list), "table_name": "any", "row_id": 1}
    RowToDestroy.objects.create(**named)
    with refused("a_row_is_destroyed_once"), transaction.atomic():
        RowToDestroy.objects.create(**named)
    RowToDestroy.objects.all().delete()


def test_a_hold_is_lifted_by_somebody_for_a_reason(cycle, somebody):
    with refused("a_hold_is_lifted_by_somebody_for_a_reason"), transaction.atomic():
        hold(cycle, somebody, lifted_at=NOON)
    with refused("a_hold_is_lifted_by_somebody_for_a_reason"), transaction.atomic():
        hold(cycle, somebody, lifted_at=NOON, lifted_by=somebody)


def test_a_hold_has_reason_and_authority(cycle, somebody):
    with refused("a_hold_has_reason_and_authority"), transaction.atomic():
        hold(cycle, somebody, authority="")


def test_a_statistic_is_one_number_of_a_level(cycle):
    held = {"organization": cycle.organization, "cycle": cycle, "people": 1}
    KeptStatistic.objects.create(**held, level=3)
    with refused("one_statistic_of_a_kind"), transaction.atomic():
        KeptStatistic.objects.create(**held, level=3)
    with refused("statistic_is_of_a_level"), transaction.atomic():
        KeptStatistic.objects.create(**held, level=4)


def test_a_sent_file_has_its_hash_and_a_purpose(cycle, somebody):
    held = {
        "employee": somebody,
        "organization": cycle.organization,
        "to_whom": "The Navy",
        "records": 1,
        "made_at": NOON,
    }
    with refused("sent_file_has_its_hash"), transaction.atomic():
        SentFile.objects.create(**held, purpose="whole", content_hash="short")
    with refused("sent_file_has_a_purpose"), transaction.atomic():
        SentFile.objects.create(**held, purpose="fun", content_hash="a" * 64)


def test_a_received_file_has_its_hash(cycle, somebody):
    with refused("received_file_has_its_hash"), transaction.atomic():
        ReceivedFile.objects.create(
            installation="Elsewhere", format_version=1, content_hash="short", is_signed=False,
            employee=somebody, organization=cycle.organization, records=1, received_at=NOON,
        )  # fmt: skip


def test_a_counterpart_stands_for_one_thing():
    Counterpart.objects.create(model="a", row=1, reference={}, digest="a" * 64)
    with refused("a_row_stands_for_one_thing"), transaction.atomic():
        Counterpart.objects.create(model="a", row=1, reference={}, digest="b" * 64)
    with refused("counterpart_has_its_digest"), transaction.atomic():
        Counterpart.objects.create(model="a", row=2, reference={}, digest="short")


def test_a_rating_without_content_says_since_when(cycle):
    held = {
        "appraisal": make_appraisal(cycle),
        "effective_on": NOON,
        "issued_at": NOON,
        "issued_by": PersonFactory(),
    }
    with refused("level_is_5_3_or_1"), transaction.atomic():
        RatingOfRecord.objects.create(**held, level=0, rated_sum=0, rated_count=1)
    with refused("something_was_rated"), transaction.atomic():
        RatingOfRecord.objects.create(
            **held, level=0, rated_sum=0, rated_count=1, content_destroyed_on=NOON
        )
