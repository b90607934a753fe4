"""What must never be of officials and delegates, tried against the database itself."""

import datetime as dt

import pytest
from django.db import transaction

from appraisals.models import AppraisalEvent, Delegation, Office, OfficialChange
from tests.appraisals.rows import APRIL, JUNE, MARCH, NOON, make_appraisal, make_cycle
from tests.appraisals.test_constraints import refused
from tests.factories import OrganizationFactory, PersonFactory

pytestmark = pytest.mark.django_db


def make_change(**fields):
    appraisal = make_appraisal(make_cycle(OrganizationFactory()))
    event = AppraisalEvent.objects.create(
        appraisal=appraisal, name="name_officials", by=PersonFactory(), at=NOON
    )
    values = {"appraisal": appraisal, "event": event, "office": Office.RATING_OFFICIAL}
    people = {"former": PersonFactory(), "successor": PersonFactory()}
    return OfficialChange.objects.create(
        **values | people | {"effective_on": APRIL} | fields,
    )


def test_an_office_is_one_of_two():
    with refused("office_is_known"):
        make_change(office="friend")


def test_an_event_changes_an_office_once():
    change = make_change()
    with refused("an_event_changes_an_office_once"):
        make_change(event=change.event)


def test_an_office_goes_to_somebody_else():
    person = PersonFactory()
    make_change(office=Office.HIGHER_LEVEL_REVIEWER, former=None)
    nobody = {"office": Office.HIGHER_LEVEL_REVIEWER, "former": None, "successor": None}
    for people in ({"former": person, "successor": person}, nobody):
        with refused("an_office_goes_to_somebody_else"), transaction.atomic():
            make_change(**people)


def test_somebody_always_rates():
    with refused("somebody_always_rates"):
        make_change(successor=None)


def test_the_history_of_officials_is_only_ever_added():
    change = make_change()
    for attempt in (change.delete, lambda: OfficialChange.objects.update(effective_on=MARCH)):
        with refused("append-only"), transaction.atomic():
            attempt()


def make_delegation(**fields):
    values = {"reason": "Leave", "made_at": NOON, "starts_on": APRIL, "ends_on": MARCH}
    people = {name: PersonFactory() for name in ("principal", "delegate", "made_by")}
    return Delegation.objects.create(**people | values | fields)


def test_nobody_drafts_for_themselves():
    person = PersonFactory()
    with refused("nobody_drafts_for_themselves"):
        make_delegation(principal=person, delegate=person)


def test_a_delegation_ends_after_its_start():
    with refused("a_delegation_ends_after_its_start"):
        make_delegation(ends_on=APRIL - dt.timedelta(days=1))


def test_a_delegation_has_its_reason():
    with refused("a_delegation_has_its_reason"):
        make_delegation(reason="")


@pytest.mark.parametrize("given", [{"end_reason": "Back"}, {"ended_at": NOON}])
def test_an_early_end_says_who_and_why(given):
    with refused("an_early_end_says_who_and_why"):
        make_delegation(**given)


def test_what_was_given_stays_as_it_was_given_and_ends_once():
    made = make_delegation()
    rows = Delegation.objects.filter(pk=made.pk)
    ended = {"ended_at": NOON, "ended_by": made.principal, "end_reason": "Back"}
    attempts = [made.delete, lambda: rows.update(ends_on=JUNE)]
    assert rows.update(**ended) == 1
    attempts.append(lambda: rows.update(**ended))
    for attempt in attempts:
        with refused("append-only"), transaction.atomic():
            attempt()
