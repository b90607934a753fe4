"""The same files again are compared line by line; whatever differs, here or there, is left to the careful way."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from orgchart import roster
from orgchart.models import Assignment, Organization, Person
from orgchart.roster.cells import EMPLOYEE_CELLS, organization_cells
from orgchart.roster.same import PEOPLE_COLUMNS, UNIT_COLUMNS
from tests.factories import PersonFactory
from tests.orgchart.roster.files import (
    DAY,
    EMPLOYEE,
    EMPLOYEES,
    LEADER,
    OFFICIAL,
    ORGANIZATIONS,
    csv_of,
    employee,
    employees,
    imported,
    organizations,
)

pytestmark = pytest.mark.django_db


def goes_straight(*files, **settled) -> bool:
    """The careful way compares."""
    steps = set()
    imported(*files, progress=lambda step, done, total: steps.add(step), **settled)
    return "Comparing" not in steps


def the_careful_way(monkeypatch, *files, **settled):
    """Undone again."""
    with monkeypatch.context() as patch, transaction.atomic():
        patch.setattr(roster, "same", lambda *given, **settled: None)
        outcome = imported(*files, **settled)
        transaction.set_rollback(True)
    return outcome


MORE = [
    employee("1000000011", "Quote, Jr.", "ONE", OFFICIAL, position_title='The "One"', step=""),
    employee("1000000012", "Ñandú", "TWO", LEADER, middle_name="", position_title="A\\B, \\."),
]


def test_it_knows_every_column():
    assert list(PEOPLE_COLUMNS) == list(EMPLOYEE_CELLS)
    assert list(UNIT_COLUMNS) == list(organization_cells([]))


@pytest.mark.parametrize("later", [0, 100])
def test_the_same_again_is_neither_staged_nor_compared(monkeypatch, later):
    files = organizations(), employees(*MORE)
    assert imported(*files).applied
    told, day = [], DAY + timedelta(days=later)
    assert goes_straight(*files, on_changes=told.extend, effective_on=day)
    assert not told
    careful = the_careful_way(monkeypatch, *files, effective_on=day)
    assert imported(*files, effective_on=day) == careful
    assert careful.counts.unchanged == len(files[1])


def test_lines_may_come_in_any_order_and_columns_too(monkeypatch):
    assert imported().applied
    turned = csv_of([dict(reversed(row.items())) for row in EMPLOYEES[::-1]])
    assert turned.splitlines()[0] != csv_of(EMPLOYEES).splitlines()[0]
    assert goes_straight(ORGANIZATIONS, turned)
    assert imported(ORGANIZATIONS, turned) == the_careful_way(monkeypatch, ORGANIZATIONS, turned)


FILES = {
    "somebody else": (ORGANIZATIONS, employees(employee("1000000044", "New", "ONE", OFFICIAL))),
    "somebody missing": (ORGANIZATIONS, EMPLOYEES[1:]),
    "another place": (ORGANIZATIONS, employees(changed={EMPLOYEE: {"step": "9"}})),
    "the same line twice": (ORGANIZATIONS, [*EMPLOYEES, EMPLOYEES[0]]),
    "one line for another": (ORGANIZATIONS, [EMPLOYEES[0], EMPLOYEES[1], EMPLOYEES[0]]),
    "another name of a unit": (organizations(ONE={"name": "Otherwise"}), EMPLOYEES),
    "a unit missing": (ORGANIZATIONS[:-1], EMPLOYEES),
    "no rows": (ORGANIZATIONS, csv_of(EMPLOYEES).splitlines(keepends=True)[0]),
    "no column": (ORGANIZATIONS, csv_of(EMPLOYEES, list(EMPLOYEES[0])[:-1])),
    "not UTF-8": (ORGANIZATIONS, csv_of(EMPLOYEES).replace(b"Reid", b"R\xe9id")),
    "an open quotation mark": (ORGANIZATIONS, csv_of(EMPLOYEES) + b'"'),
    "empty": (b"", b""),
}


@pytest.mark.parametrize("name", FILES)
def test_another_file_is_compared(monkeypatch, name):
    assert imported().applied
    careful = the_careful_way(monkeypatch, *FILES[name])
    with transaction.atomic():
        assert imported(*FILES[name]) == careful
        transaction.set_rollback(True)
    assert not goes_straight(*FILES[name])


def somebody_is_inactive() -> None:
    Person.objects.filter(dod_id=EMPLOYEE).update(is_active=False)


def somebody_has_another_address() -> None:
    Person.objects.filter(dod_id=EMPLOYEE).update(email="other@example.mil")


def a_unit_is_closed() -> None:
    Organization.objects.filter(code="TWO").update(closed_on=DAY)


def somebody_has_left() -> None:
    Assignment.objects.filter(employee__dod_id=EMPLOYEE).update(ends_on=DAY)


def somebody_begins_later() -> None:
    Assignment.objects.filter(employee__dod_id=EMPLOYEE).update(starts_on=DAY + timedelta(days=9))


def somebody_else_is_here() -> None:
    unit = Organization.objects.get(code="ONE")
    held = Assignment.objects.get(employee__dod_id=EMPLOYEE)
    held.pk, held.employee, held.organization = None, PersonFactory(), unit
    held.save()


@pytest.mark.parametrize(
    "happens",
    [
        somebody_is_inactive,
        somebody_has_another_address,
        a_unit_is_closed,
        somebody_has_left,
        somebody_begins_later,
        somebody_else_is_here,
    ],
)
def test_what_happened_here_is_found(happens):
    assert imported().applied
    happens()
    assert not goes_straight()


def test_two_with_nobody_above_are_not_taken_for_right(monkeypatch):
    assert imported().applied
    Assignment.objects.filter(employee__dod_id=OFFICIAL).update(supervisor=None)
    files = ORGANIZATIONS, employees(changed={OFFICIAL: {"supervisor_dod_id": ""}})
    assert imported(*files) == the_careful_way(monkeypatch, *files)
    assert imported(*files).problem_count


def test_a_day_before_everybody_came_is_no_day_to_compare():
    assert imported().applied
    assert not goes_straight(effective_on=date(1950, 1, 1))
