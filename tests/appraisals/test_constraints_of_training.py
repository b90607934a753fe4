"""What must never be of courses, tried against the database itself."""

import pytest

from appraisals.models import SupervisorTraining
from tests.appraisals.rows import APRIL, NOON
from tests.appraisals.test_constraints import refused
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def make_training(**fields):
    values = {"course": "DPMAP", "completed_on": APRIL, "recorded_at": NOON}
    people = {"person": PersonFactory(), "recorded_by": PersonFactory()}
    return SupervisorTraining.objects.create(**values | people | fields)


def test_a_course_counts_once_a_day():
    person = PersonFactory()
    ended = {"withdrawn_at": NOON, "withdrawn_by": person, "withdrawal_reason": "Another one"}
    make_training(person=person, **ended)
    make_training(person=person)
    with refused("a_course_counts_once_a_day"):
        make_training(person=person)


def test_a_course_has_its_name():
    with refused("a_course_has_its_name"):
        make_training(course="")


@pytest.mark.parametrize("given", [{"withdrawal_reason": "Wrong"}, {"withdrawn_at": NOON}])
def test_a_withdrawal_says_who_and_why(given):
    with refused("a_withdrawal_says_who_and_why"):
        make_training(**given)
