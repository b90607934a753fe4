"""A file that still speaks of a closed unit."""

from datetime import date

import pytest

from orgchart.models import Organization
from tests.orgchart.roster.files import EMPLOYEES, ORGANIZATIONS, employee, imported

CLOSED_ON = date(2027, 2, 1)


@pytest.fixture
def two_is_closed(db) -> None:
    imported()
    Organization.objects.filter(code="TWO").update(closed_on=CLOSED_ON)


def test_the_unit_itself_who_works_there_and_what_lies_below_are_named(two_is_closed):
    below = {**ORGANIZATIONS[2], "code": "TWO-1", "parent_code": "TWO"}
    new = employee("1000000009", "New", "TWO", "1000000002")
    outcome = imported([*ORGANIZATIONS, below], [*EMPLOYEES, new])
    assert not outcome.applied
    assert [(each.file, each.column, each.message) for each in outcome.problems] == [
        (
            "organizations.csv",
            "code",
            "This unit was closed on 1 February 2027. Take it out of the file, or reopen it first.",
        ),
        (
            "organizations.csv",
            "parent_code",
            "This unit was closed on 1 February 2027. Enter the unit that this one lies under now.",
        ),
        (
            "employees.csv",
            "organization_code",
            "This unit was closed on 1 February 2027. Enter the unit where the person works now.",
        ),
    ]


def test_without_the_closed_unit_the_roster_is_imported_and_it_stays_closed(two_is_closed):
    assert imported(ORGANIZATIONS[:2], EMPLOYEES).applied
    assert Organization.objects.get(code="TWO").closed_on == CLOSED_ON
