"""HR of one organization imports inside it and nowhere else."""

import pytest

from orgchart.models import Organization, Person
from tests.orgchart.roster.files import (
    EMPLOYEE,
    EMPLOYEES,
    LEADER,
    OFFICIAL,
    ORGANIZATIONS,
    employee,
    employees,
    imported,
    organizations,
)

ONE = ORGANIZATIONS[1:2]
TWO_PEOPLE = EMPLOYEES[:2]


@pytest.fixture
def one(db) -> Organization:
    imported()
    return Organization.objects.get(code="ONE")


def places(outcome) -> list[tuple[int, str]]:
    assert not outcome.applied
    return [(found.line, found.column) for found in outcome.problems]


def test_scope_itself_and_new_units_below_it_may_come(one):
    below = {**ORGANIZATIONS[1], "code": "ONE-1", "parent_code": "ONE"}
    lower = {**ORGANIZATIONS[1], "code": "ONE-2", "parent_code": "ONE-1"}
    new = employee("1000000009", "New", "ONE-2", OFFICIAL)
    outcome = imported([*ONE, lower, below], [*TWO_PEOPLE, new], scope=one)
    assert outcome.applied
    assert Organization.objects.get(code="ONE-2").path.startswith(one.path)
    assert Person.objects.filter(dod_id="1000000009").exists()


def test_missing_people_are_those_of_the_scope_only(one):
    missing = []
    imported(
        ONE,
        EMPLOYEES[1:2],
        scope=one,
        on_changes=lambda changes: missing.extend(changes.of("missing")),
    )
    assert [one.key for one in missing] == [EMPLOYEE]


def test_other_organizations_are_refused(one):
    outcome = imported(organizations(), TWO_PEOPLE, scope=one)
    assert places(outcome) == [(2, "code"), (4, "code")]


def test_new_organization_outside_is_refused(one):
    new = {**ORGANIZATIONS[1], "code": "NEW", "parent_code": "TWO"}
    assert (3, "code") in places(imported([*ONE, new], TWO_PEOPLE, scope=one))


def test_scope_itself_is_not_moved(one):
    moved = [{**ONE[0], "parent_code": "TWO"}]
    assert places(imported(moved, TWO_PEOPLE, scope=one)) == [(2, "parent_code")]


def test_unit_of_the_scope_is_not_moved_out(one):
    below = {**ORGANIZATIONS[1], "code": "ONE-1", "parent_code": "ONE"}
    imported([*ONE, below], TWO_PEOPLE, scope=one)
    out = {**below, "parent_code": "TWO"}
    assert places(imported([*ONE, out], TWO_PEOPLE, scope=one)) == [(3, "parent_code")]


def test_people_of_others_are_refused(one):
    outcome = imported(ONE, EMPLOYEES, scope=one)
    assert (4, "organization_code") in places(outcome)


def test_people_are_not_sent_out(one):
    rows = employees(changed={EMPLOYEE: {"organization_code": "TWO"}})[:2]
    assert places(imported(ONE, rows, scope=one)) == [(2, "organization_code")]


def test_people_are_not_fetched_in(one):
    fetched = [
        *TWO_PEOPLE,
        {**EMPLOYEES[2], "organization_code": "ONE", "supervisor_dod_id": OFFICIAL},
    ]
    assert (4, "dod_id") in places(imported(ONE, fetched, scope=one))


def test_supervisor_may_be_outside_the_scope(one):
    assert imported(ONE, TWO_PEOPLE, scope=one).applied
    assert TWO_PEOPLE[1]["supervisor_dod_id"] == LEADER


def test_loop_of_new_units_is_refused(one):
    first = {**ORGANIZATIONS[1], "code": "A", "parent_code": "B"}
    second = {**ORGANIZATIONS[1], "code": "B", "parent_code": "A"}
    assert (3, "code") in places(imported([*ONE, first, second], TWO_PEOPLE, scope=one))
