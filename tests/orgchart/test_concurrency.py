"""Two real connections at once: what each alone may do, both together may not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from orgchart import services
from orgchart.errors import Refused
from orgchart.models import Assignment, Organization, Person
from tests.factories import AssignmentFactory, OrganizationFactory, PersonFactory
from tests.orgchart.roster.files import imported

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2027, 4, 6)


def together(*acts) -> list[str]:
    """Each act in a thread of its own, begun at one moment; what came of each."""
    barrier = Barrier(len(acts))

    def run(act) -> str:
        try:
            barrier.wait(timeout=10)
            act()
        except Refused as refused:
            return refused.message
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as threads:
        return sorted(threads.map(run, acts))


def test_two_people_are_not_made_each_others_supervisor():
    first, second = AssignmentFactory(), AssignmentFactory()
    by = PersonFactory()

    def put(lower: Assignment, upper: Assignment):
        return lambda: services.change_supervisor(
            lower.employee, supervisor=upper.employee, starts_on=DAY, by=by
        )

    outcomes = together(put(first, second), put(second, first))
    assert outcomes.count("done") == 1
    assert Assignment.objects.exclude(supervisor=None).count() == 1


def test_two_changes_of_one_person_on_one_day_leave_one_assignment():
    held = AssignmentFactory()
    bosses = [AssignmentFactory().employee for _ in range(2)]
    by = PersonFactory()
    acts = [
        lambda boss=boss: services.change_supervisor(
            held.employee, supervisor=boss, starts_on=DAY, by=by
        )
        for boss in bosses
    ]
    assert together(*acts) == ["done", "done"]
    opened = Assignment.objects.get(employee=held.employee, ends_on=None)
    assert opened.supervisor in bosses
    assert Assignment.objects.filter(employee=held.employee).count() == 2


def test_two_organizations_are_not_put_inside_each_other():
    first, second = OrganizationFactory(), OrganizationFactory()
    by = PersonFactory()

    def put(unit: Organization, parent: Organization):
        return lambda: services.move_organization(unit, parent=parent, by=by)

    outcomes = together(put(first, second), put(second, first))
    assert outcomes.count("done") == 1
    paths = {len(path.split("/")) for path in Organization.objects.values_list("path", flat=True)}
    assert paths == {3, 4}


def test_two_imports_of_one_roster_make_it_once():
    assert together(imported, imported) == ["done", "done"]
    assert Person.objects.count() == 3
    assert Assignment.objects.count() == 3
