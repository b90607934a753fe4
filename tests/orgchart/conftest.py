"""One small department. Reviewer -> rating official -> employee; the others stand elsewhere."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orgchart import clock
from orgchart.models import Organization, Person
from tests.factories import (
    AssignmentFactory,
    OrganizationFactory,
    PersonFactory,
    kind,
)

DAY = date(2027, 4, 6)


@dataclass
class Department:
    top: Organization
    command: Organization
    branch: Organization
    other_branch: Organization
    leader: Person
    reviewer: Person
    rating_official: Person
    employee: Person
    colleague: Person
    stranger: Person


def person(first: str, last: str) -> Person:
    return PersonFactory(first_name=first, last_name=last)


@pytest.fixture
def day() -> date:
    return DAY


@pytest.fixture
def department(db) -> Department:
    """`other_branch` is under `command` too; the stranger heads nothing and answers to the leader."""
    leader = person("Lena", "Hart")
    top = OrganizationFactory(code="TOP", kind=kind("department"), head=leader)
    command = OrganizationFactory(code="CMD", kind=kind("command"), parent=top)
    branch = OrganizationFactory(code="CMD-1", parent=command)
    other_branch = OrganizationFactory(code="CMD-2", parent=command)
    reviewer, official = person("Rosa", "Vance"), person("Omar", "Reid")
    employee, colleague = person("Maria", "Ortega"), person("Cole", "Núñez")
    stranger = person("Sven", "Østergård")
    for somebody, supervisor, unit in [
        (leader, None, top),
        (reviewer, leader, command),
        (official, reviewer, branch),
        (employee, official, branch),
        (colleague, official, branch),
        (stranger, leader, other_branch),
    ]:
        AssignmentFactory(employee=somebody, supervisor=supervisor, organization=unit)
    return Department(
        top,
        command,
        branch,
        other_branch,
        leader,
        reviewer,
        official,
        employee,
        colleague,
        stranger,
    )


@pytest.fixture
def on_day(day) -> Iterator[date]:
    """The clock stands on `day`."""
    with clock.frozen(day):
        yield day


@pytest.fixture
def count_queries() -> Callable[[Callable[[], Any]], int]:
    def count(act: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as queries:
            act()
        return len(queries)

    return count
