"""What must never be of readings, notes and reminders, tried against the database itself."""

import pytest

from appraisals.models import AppraisalCycle, CoachingNote, Nudge, NudgeAnswer, Reading
from tests.appraisals.rows import (
    APRIL,
    MARCH,
    NOON,
    make_appraisal,
    make_cycle,
    make_document,
    record_step,
)
from tests.appraisals.test_constraints import refused
from tests.factories import OrganizationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle() -> AppraisalCycle:
    return make_cycle(OrganizationFactory())


def test_what_was_sent_is_read_once_by_a_reader(cycle):
    sent = record_step(make_document(make_appraisal(cycle)))
    reading = {"sent": sent, "reader": PersonFactory(), "read_at": NOON}
    Reading.objects.create(**reading)
    with refused("read_once_as_it_was_sent"):
        Reading.objects.create(**reading)


def test_nobody_notes_about_themselves():
    person = PersonFactory()
    note = {"about": person, "noted_on": APRIL, "text": "Late", "written_at": NOON}
    CoachingNote.objects.create(writer=PersonFactory(), **note)
    with refused("nobody_notes_about_themselves"):
        CoachingNote.objects.create(writer=person, **note)


def make_nudge(**fields):
    values = {"purpose": "talk", "sent_on": APRIL, "sent_at": NOON, "words": "Thursday?"}
    people = {"sender": PersonFactory(), "supervisor": PersonFactory()}
    return Nudge.objects.create(**people | values | fields)


def test_of_one_thing_once_a_day():
    supervisor = PersonFactory()
    make_nudge(supervisor=supervisor)
    make_nudge(supervisor=supervisor, sent_on=MARCH)
    with refused("one_nudge_a_day_and_purpose"):
        make_nudge(supervisor=supervisor)


def test_nobody_nudges_themselves():
    person = PersonFactory()
    with refused("nobody_nudges_themselves"):
        make_nudge(sender=person, supervisor=person)


def test_nudge_purpose_is_known(cycle):
    with refused("nudge_purpose_is_known"):
        make_nudge(purpose="scold", cycle=cycle, employee_ids=[1])


@pytest.mark.parametrize(
    ("purpose", "employee_ids", "has_cycle"),
    [("plans", [], True), ("plans", [1], False), ("talk", [1], True)],
)
def test_a_nudge_stands_on_its_list(cycle, purpose, employee_ids, has_cycle):
    make_nudge(purpose="plans", employee_ids=[1], cycle=cycle)
    with refused("a_nudge_stands_on_its_list"):
        make_nudge(purpose=purpose, employee_ids=employee_ids, cycle=cycle if has_cycle else None)


def test_nudge_answer_is_known():
    with refused("nudge_answer_is_known"):
        NudgeAnswer.objects.create(nudge=make_nudge(), answer="later", answered_at=NOON)
