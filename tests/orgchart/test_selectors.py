from datetime import date, timedelta

import pytest
from django.db.models import Q

from orgchart import selectors
from orgchart.models import Assignment, Organization, Person, RoleGrant
from orgchart.selectors import Roles
from tests.factories import (
    AssignmentFactory,
    OrganizationFactory,
    PersonFactory,
    RoleGrantFactory,
    kind,
)

BEFORE = date(2023, 12, 31)
NOTHING = Roles(
    is_supervisor=False,
    is_reviewer=False,
    heads_organization=False,
    is_senior=False,
    is_hr_administrator=False,
    is_auditor=False,
    is_system_administrator=False,
)


def names(people) -> set[str]:
    return {person.first_name for person in people}


def test_assignment_of_person_on_a_day(department, day):
    found = selectors.assignment_of(department.employee, on=day)
    assert found is not None
    assert found.organization == department.branch
    assert selectors.assignment_of(department.employee, on=BEFORE) is None


def test_supervisor_is_the_rating_official(department, day):
    assert selectors.supervisor_of(department.employee, on=day) == department.rating_official
    assert selectors.rating_official_of(department.employee, on=day) == department.rating_official
    assert selectors.supervisor_of(department.leader, on=day) is None
    assert selectors.supervisor_of(PersonFactory(), on=day) is None


def test_higher_level_reviewer_is_the_supervisors_supervisor(department, day):
    assert selectors.higher_level_reviewer_of(department.employee, on=day) == department.reviewer
    assert selectors.higher_level_reviewer_of(department.reviewer, on=day) is None
    assert selectors.higher_level_reviewer_of(department.employee, on=BEFORE) is None


def test_who_answered_to_whom_stays_true_after_a_move(department, day):
    Assignment.objects.filter(employee=department.employee).update(ends_on=day)
    AssignmentFactory(
        employee=department.employee,
        supervisor=department.stranger,
        organization=department.other_branch,
        starts_on=day + timedelta(days=1),
    )
    later = day + timedelta(days=1)
    assert selectors.supervisor_of(department.employee, on=day) == department.rating_official
    assert selectors.supervisor_of(department.employee, on=later) == department.stranger
    assert selectors.higher_level_reviewer_of(department.employee, on=later) == department.leader


def test_direct_reports(department, day):
    reports = selectors.direct_reports(department.rating_official, on=day)
    assert set(reports) == {department.employee, department.colleague}
    assert not selectors.direct_reports(department.rating_official, on=BEFORE)


def test_everyone_below(department, day):
    assert names(selectors.everyone_below(department.reviewer, on=day)) == {"Omar", "Maria", "Cole"}
    assert selectors.everyone_below(department.leader, on=day).count() == 5
    assert not selectors.everyone_below(department.employee, on=day)
    assert not selectors.everyone_below(department.leader, on=BEFORE)


def test_chain_above_ends_at_the_top(department, day, django_assert_num_queries):
    with django_assert_num_queries(1):
        chain = selectors.chain_above(department.employee, on=day)
    assert chain == [department.rating_official, department.reviewer, department.leader]
    assert selectors.chain_above(department.leader, on=day) == []


def test_organizations_headed_by(department):
    assert list(selectors.organizations_headed_by(department.leader)) == [department.top]
    assert not selectors.organizations_headed_by(department.employee)


def test_scope_is_granted_organizations_on_their_days(department, day):
    grant = RoleGrantFactory(organization=department.command, ends_on=day)
    role = RoleGrant.Role.HR_ADMINISTRATOR
    assert list(selectors.scope_organizations(grant.person, role, on=day)) == [department.command]
    assert selectors.scope_paths(grant.person, role, on=day) == [department.command.path]
    assert not selectors.scope_paths(grant.person, role, on=day + timedelta(days=1))
    assert not selectors.scope_paths(grant.person, role, on=BEFORE)
    assert not selectors.scope_paths(grant.person, RoleGrant.Role.AUDITOR, on=day)


def test_scope_inside_another_is_left_out(department, day):
    grant = RoleGrantFactory(organization=department.branch)
    RoleGrantFactory(person=grant.person, organization=department.command)
    assert selectors.scope_paths(grant.person, grant.role, on=day) == [department.command.path]


def test_in_scope_q_takes_the_subtree_and_nothing_else(department, day):
    grant = RoleGrantFactory(organization=department.branch)
    found = Assignment.objects.filter(selectors.in_scope_q(grant.person, grant.role, on=day))
    assert names(row.employee for row in found) == {"Omar", "Maria", "Cole"}
    nothing = selectors.in_scope_q(department.employee, grant.role, on=day, prefix="")
    assert not Organization.objects.filter(nothing)


def test_subtree_q_is_not_fooled_by_a_longer_number(department):
    """/1/ is no part of /11/."""
    found = Organization.objects.filter(selectors.subtree_q(department.command, prefix=""))
    assert set(found) == {department.command, department.branch, department.other_branch}
    assert not Organization.objects.filter(Q(path__startswith=department.command.path[:-1] + "9"))


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("employee", set()),
        ("rating_official", {"is_supervisor"}),
        ("reviewer", {"is_supervisor", "is_reviewer"}),
        ("leader", {"is_supervisor", "is_reviewer", "heads_organization", "is_senior"}),
    ],
)
def test_roles_come_from_relations(department, day, who, expected, django_assert_num_queries):
    with django_assert_num_queries(1):
        roles = selectors.roles_of(getattr(department, who), on=day)
    assert {name for name in Roles.__slots__ if getattr(roles, name)} == expected


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("hr_administrator", "is_hr_administrator"),
        ("auditor", "is_auditor"),
        ("system_administrator", "is_system_administrator"),
    ],
)
def test_roles_that_are_granted(day, role, name, db):
    grant = RoleGrantFactory(role=role)
    roles = selectors.roles_of(grant.person, on=day)
    assert {slot for slot in Roles.__slots__ if getattr(roles, slot)} == {name}
    assert selectors.roles_of(grant.person, on=BEFORE) == NOTHING


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("employee", {"Maria", "Cole", "Omar", "Rosa", "Lena"}),
        ("rating_official", {"Maria", "Cole", "Omar", "Rosa", "Lena"}),
        ("reviewer", {"Maria", "Cole", "Omar", "Rosa", "Lena"}),
        ("stranger", {"Sven", "Lena"}),
        ("leader", {"Maria", "Cole", "Omar", "Rosa", "Lena", "Sven"}),
    ],
)
def test_people_visible_to(department, day, who, seen, django_assert_num_queries):
    user = getattr(department, who)
    with django_assert_num_queries(1):
        assert names(Person.objects.visible_to(user, on=day)) == seen


@pytest.mark.parametrize("role", ["hr_administrator", "auditor"])
def test_people_visible_in_a_scope(department, day, role):
    grant = RoleGrantFactory(role=role, organization=department.command, person__first_name="Hana")
    seen = {"Hana", "Rosa", "Omar", "Maria", "Cole", "Sven"}
    assert names(Person.objects.visible_to(grant.person, on=day)) == seen


def test_system_administrator_sees_nobody_else(department, day):
    grant = RoleGrantFactory(role="system_administrator", organization=department.top)
    assert list(Person.objects.visible_to(grant.person, on=day)) == [grant.person]


def test_reports_three_levels_down_are_not_visible_without_heading_a_unit(department, day):
    lowest = AssignmentFactory(
        supervisor=department.employee, organization=OrganizationFactory()
    ).employee
    assert lowest in Person.objects.visible_to(department.rating_official, on=day)
    assert lowest not in Person.objects.visible_to(department.reviewer, on=day)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("ortega", {"Maria"}),
        ("ORTEGA mar", {"Maria"}),
        ("nunez", {"Cole"}),
        ("núñez c", {"Cole"}),
        ("ostergard", {"Sven"}),
        ("maria nunez", set()),
        ("", set()),
        ("  &|!:*() ' ", set()),
        ("rteg", set()),
    ],
)
def test_search_by_name(department, asked, found):
    assert names(Person.objects.search(asked)) == found


def test_search_by_dod_id_and_email(department):
    person = PersonFactory(dod_id="0012345678", email="a.b-c@sub.example.mil")
    for asked in ["0012345678", "00123", "a.b-c@sub.example.mil", "b c sub"]:
        assert list(Person.objects.search(asked)) == [person]


def test_search_with_an_apostrophe(db):
    person = PersonFactory(first_name="D'Andre", last_name="O'Brien")
    for asked in ["obrien", "o'brien", "O’Brien dandre", "brien"]:
        assert list(Person.objects.search(asked)) == [person]


def test_people_of_a_unit_are_those_one_may_see(department, day):
    found = selectors.people_of_unit(department.branch, department.stranger, on=day)
    assert not found
    found = selectors.people_of_unit(department.branch, department.employee, on=day)
    assert [row.employee.first_name for row in found] == ["Cole", "Maria", "Omar"]


def test_units_of_a_name_that_many_have_senior_ones_first_then_by_name(department):
    branch, division = kind("branch"), kind("division")
    OrganizationFactory(code="2", name="Army Band", kind=division, parent=department.branch)
    OrganizationFactory(code="1", name="Army Archive", kind=branch, parent=department.branch)
    OrganizationFactory(code="3", name="Army Works", kind=kind("command"), parent=department.top)
    OrganizationFactory(
        code="4", name="Department of the Army", parent=department.top, kind=kind("component")
    )
    found = selectors.first_organizations_named("army", most=3)
    assert [unit.code for unit in found] == ["4", "3", "1"]
    assert [unit.code for unit in selectors.first_organizations_named("army", most=9)][3:] == ["2"]
