"""What must never be of notes and of what is asked through the year, tried against the database itself."""

import pytest
from django.db import Error, transaction

from appraisals.models import (
    AgendaItem,
    AgreedAction,
    CheckIn,
    Element,
    FeedbackRequest,
    JournalEntry,
    Letter,
    Recognition,
    SupportRequest,
)
from tests.appraisals.rows import APRIL, MARCH, NOON, make_appraisal, make_cycle, make_document
from tests.appraisals.test_constraints import refused
from tests.factories import OrganizationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return PersonFactory()


def test_a_journal_entry_says_something(person):
    note = {"writer": person, "about": person, "noted_on": APRIL, "written_at": NOON}
    JournalEntry.objects.create(text="Turnout fell.", **note)
    with refused("a_journal_entry_says_something"):
        JournalEntry.objects.create(text="", **note)


def test_one_check_in_is_planned_at_a_time(person):
    planned = {"employee": person, "planned_on": APRIL, "planned_by": person}
    recorded = {"held_on": APRIL, "recorded_by": person, "recorded_at": NOON}
    CheckIn.objects.create(**planned, **recorded)
    CheckIn.objects.create(**planned, **recorded)
    CheckIn.objects.create(**planned)
    with refused("one_check_in_is_planned"):
        CheckIn.objects.create(**planned)


@pytest.mark.parametrize("fields", [{"held_on": APRIL}, {"summary": "Before it was held."}])
def test_who_held_a_check_in_says_so(person, fields):
    with refused("who_held_a_check_in_says_so"):
        CheckIn.objects.create(employee=person, planned_on=APRIL, planned_by=person, **fields)


def test_an_agenda_item_says_something(person):
    with refused("an_agenda_item_says_something"):
        AgendaItem.objects.create(employee=person, text="", added_by=person, added_at=NOON)


def action(person, **fields):
    values = {"text": "Order it", "by_employee": True, "agreed_on": APRIL, "agreed_by": person}
    return AgreedAction.objects.create(employee=person, **values | fields)


def test_an_action_says_what(person):
    with refused("an_action_says_what"):
        action(person, text="")


def test_an_action_ends_with_its_outcome(person):
    action(person)
    action(person, outcome="done", ended_on=MARCH, ended_by=person)
    for half in ({"outcome": "done"}, {"ended_on": MARCH}, {"outcome": "lost", "ended_on": MARCH}):
        with refused("an_action_ends_with_its_outcome"), transaction.atomic():
            action(person, **half)


def support(person, **fields):
    values = {"kind": "tools", "text": "A thermal camera", "asked_on": APRIL}
    return SupportRequest.objects.create(employee=person, **values | fields)


def test_a_request_says_what_and_of_which_kind(person):
    with refused("a_request_says_what"), transaction.atomic():
        support(person, text="")
    with refused("support_kind_is_known"):
        support(person, kind="money")


def test_a_request_has_its_answer(person):
    answered = {"answer": "In May.", "answered_by": person, "answered_on": APRIL}
    support(person, state="granted", **answered)
    support(person, state="withdrawn", ended_on=APRIL)
    for wrong in (
        {"state": "granted"},
        {"state": "declined", **answered, "answer": ""},
        {"state": "open", **answered},
        {"state": "lost"},
        {"state": "withdrawn"},
    ):
        with refused("a_request_has_its_answer"), transaction.atomic():
            support(person, **wrong)


def recognition(person, **fields):
    values = {"giver": PersonFactory(), "kind": "thanks", "text": "Well done"}
    return Recognition.objects.create(
        recipient=person, given_on=APRIL, written_at=NOON, **values | fields
    )


def test_what_a_recognition_must_say(person):
    for constraint, wrong in (
        ("a_recognition_says_for_what", {"text": ""}),
        ("recognition_kind_is_known", {"kind": "hug"}),
        ("nobody_recognizes_themselves", {"giver": person}),
    ):
        with refused(constraint), transaction.atomic():
            recognition(person, **wrong)


def test_what_was_said_stays_as_it_was_said(person):
    said = recognition(person)
    for change in (lambda: said.delete(), lambda: Recognition.objects.update(text="Less")):
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            change()


@pytest.fixture
def feedback(person):
    plan = make_document(make_appraisal(make_cycle(OrganizationFactory()), employee=person))
    element = Element.objects.create(plan=plan, number=1, title="Response")

    def make(**fields):
        values = {"giver": PersonFactory(), "asked_on": APRIL, "ends_on": MARCH}
        return FeedbackRequest.objects.create(
            **{"about": person, "asked_by": person, "element": element} | values | fields
        )

    return make


OUTSIDE = {"giver": None, "giver_name": "Chief Lee", "giver_email": "lee@example.com"}
LINK = "0123456789012345678901234567890_"


def test_feedback_is_asked_of_one(feedback):
    feedback()
    feedback(**OUTSIDE, link_name=LINK)
    for wrong in (
        {"giver": None},
        {"giver_email": "lee@example.com"},
        {**OUTSIDE},
        {**OUTSIDE, "link_name": "short"},
        {**OUTSIDE, "link_name": LINK[::-1], "giver_name": ""},
    ):
        with refused("feedback_is_asked_of_one"), transaction.atomic():
            feedback(**wrong)
    with refused("a_feedback_link_is_one"):
        feedback(**OUTSIDE, link_name=LINK)


def test_feedback_ends_once(feedback):
    feedback(state="answered", ended_at=NOON, text="Good.")
    for wrong in (
        {"state": "answered", "ended_at": NOON},
        {"state": "answered", "text": "Good."},
        {"state": "declined"},
        {"state": "open", "text": "Good."},
        {"state": "lost", "ended_at": NOON},
    ):
        with refused("feedback_ends_once"), transaction.atomic():
            feedback(**wrong)


def test_nobody_gives_feedback_to_themselves(feedback, person):
    with refused("nobody_gives_feedback_to_themselves"):
        feedback(giver=person)


def test_a_letter_is_to_one(feedback, person):
    letter = {"message_id": "<1@example.mil>", "made_at": NOON, "next_try_at": NOON}
    asked = feedback(**OUTSIDE, link_name=LINK)
    for wrong in ({}, {"recipient": person, "invitation": asked}):
        with refused("a_letter_is_to_one"), transaction.atomic():
            Letter.objects.create(**letter, **wrong)
    Letter.objects.create(**letter, invitation=asked)
