from dataclasses import replace
from datetime import date, timedelta

import pytest

from orgchart import clock, selectors, services
from orgchart.errors import Refused
from orgchart.models import Assignment, Organization, OrgEvent, Person, RoleGrant
from tests.factories import AssignmentFactory, OrganizationFactory, PersonFactory, RoleGrantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Person:
    return PersonFactory()


@pytest.fixture
def position(department):
    return Assignment.objects.get(employee=department.employee).position


def test_create_person(by):
    person = services.create_person(
        dod_id="0000000001",
        email="Zoe@Example.mil",
        first_name="Zoë",
        last_name="Łukasz",
        password="correct horse battery",
        by=by,
    )
    assert Person.objects.search("zoe lukasz").get() == person
    assert person.email == "zoe@example.mil"
    assert person.check_password("correct horse battery")
    event = OrgEvent.objects.get()
    assert (event.what, event.by, event.person) == ("person_created", by, person)


def test_create_person_without_password_cannot_sign_in(by):
    person = services.create_person(
        dod_id="0000000001", email="a@b.mil", first_name="A", last_name="B", by=by
    )
    assert not person.has_usable_password()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"dod_id": "2000000777"}, "this DoD ID"),
        ({"email": "TAKEN@example.mil"}, "this e-mail address"),
        ({"dod_id": "12"}, "exactly ten digits"),
    ],
)
def test_create_person_refused(by, changed, said):
    PersonFactory(dod_id="2000000777", email="taken@example.mil")
    values = {"dod_id": "0000000001", "email": "a@b.mil", "first_name": "A", "last_name": "B"}
    with pytest.raises(Refused, match=said):
        services.create_person(**{**values, **changed}, by=by)
    assert not OrgEvent.objects.exists()


def test_create_organization_knows_its_path(by):
    top = OrganizationFactory()
    unit = services.create_organization(code="NEW", name="New", kind="branch", parent=top, by=by)
    assert unit.path == f"{top.path}{unit.pk}/"
    assert OrgEvent.objects.get().what == "organization_created"


def test_create_organization_refuses_a_code_twice(by):
    OrganizationFactory(code="TWICE")
    with pytest.raises(Refused, match="already an organization with this code"):
        services.create_organization(code="TWICE", name="New", kind="branch", by=by)


def test_move_organization_takes_all_below_along(department, by):
    moved = services.move_organization(department.branch, parent=department.other_branch, by=by)
    assert moved.path.startswith(department.other_branch.path)
    event = OrgEvent.objects.get()
    assert event.detail == {"was": department.command.pk, "parent": department.other_branch.pk}


def test_move_organization_into_itself_is_refused(department, by):
    with pytest.raises(Refused, match="inside itself"):
        services.move_organization(department.top, parent=department.branch, by=by)
    with pytest.raises(Refused, match="inside itself"):
        services.move_organization(department.top, parent=department.top, by=by)


def test_appoint_head(department, by):
    services.appoint_head(department.branch, head=department.rating_official, by=by)
    assert Organization.objects.get(pk=department.branch.pk).head == department.rating_official
    assert OrgEvent.objects.get().person == department.rating_official


def assign(department, position, by, **changed):
    settled = {
        "supervisor": department.stranger,
        "organization": department.other_branch,
        "position": position,
        "starts_on": date(2027, 4, 6),
        "by": by,
    }
    return services.assign(department.employee, **{**settled, **changed})


def test_assign_ends_the_old_and_opens_the_new(department, position, by):
    new = assign(department, position, by)
    old = Assignment.objects.exclude(pk=new.pk).get(employee=department.employee)
    assert (old.ends_on, new.starts_on, new.ends_on) == (date(2027, 4, 5), date(2027, 4, 6), None)
    event = OrgEvent.objects.get()
    assert (event.what, event.by, event.person) == ("assigned", by, department.employee)
    assert event.detail["was"]["supervisor"] == department.rating_official.pk
    assert event.detail["supervisor"] == department.stranger.pk


def test_assign_the_same_again_writes_nothing(department, position, by):
    first = assign(department, position, by)
    again = assign(department, position, by, starts_on=date(2027, 5, 1))
    assert first.pk == again.pk
    assert OrgEvent.objects.count() == 1


def test_assign_on_the_first_day_corrects(department, position, by):
    first = assign(department, position, by)
    corrected = assign(department, replace(position, grade="12"), by)
    assert corrected.pk == first.pk
    assert Assignment.objects.get(pk=first.pk).grade == "12"


def test_assign_the_first_time(department, position, by):
    person = PersonFactory(is_active=False)
    services.assign(
        person,
        supervisor=None,
        organization=department.branch,
        position=position,
        starts_on=date(2027, 1, 1),
        by=by,
    )
    assert Person.objects.get(pk=person.pk).is_active
    assert selectors.assignment_of(person, on=date(2027, 1, 1)) is not None


def test_assign_before_what_is_held_is_refused(department, position, by):
    with pytest.raises(Refused, match=r"from 1 January 2024\. A change cannot begin before it"):
        assign(department, position, by, starts_on=date(2023, 12, 31))


def test_assign_over_a_closed_past_is_refused(department, position, by):
    gone = AssignmentFactory(ends_on=date(2025, 6, 30)).employee
    with pytest.raises(Refused, match="some of these days"):
        services.assign(
            gone,
            supervisor=None,
            organization=department.branch,
            position=position,
            starts_on=date(2025, 6, 1),
            by=by,
        )


def test_assign_to_somebody_below_is_refused(department, position, by):
    with pytest.raises(Refused, match="own chain of command"):
        services.assign(
            department.reviewer,
            supervisor=department.employee,
            organization=department.command,
            position=position,
            starts_on=date(2027, 4, 6),
            by=by,
        )
    held = Assignment.objects.get(employee=department.reviewer)
    assert (held.supervisor, held.ends_on) == (department.leader, None)


def test_assign_to_oneself_is_refused(department, position, by):
    with pytest.raises(Refused, match="own supervisor"):
        assign(department, position, by, supervisor=department.employee)


def test_assign_an_exclusion_without_a_reason_is_refused(department, position, by):
    with pytest.raises(Refused, match="needs a reason"):
        assign(department, replace(position, covered=False), by)


def test_change_supervisor_keeps_position_and_unit(department, position, by, day):
    changed = services.change_supervisor(
        department.employee, supervisor=department.reviewer, starts_on=day, by=by
    )
    assert (changed.position, changed.organization) == (position, department.branch)
    assert selectors.supervisor_of(department.employee, on=day) == department.reviewer


def test_separate(department, by, day):
    with clock.frozen(day):
        services.separate(department.employee, on=day - timedelta(days=1), by=by)
    assert selectors.assignment_of(department.employee, on=day) is None
    assert not Person.objects.get(pk=department.employee.pk).is_active
    assert OrgEvent.objects.get().what == "separated"


def test_separate_ahead_keeps_the_account(department, by, day):
    with clock.frozen(day):
        services.separate(department.employee, on=day, by=by)
    assert Person.objects.get(pk=department.employee.pk).is_active


def test_separate_leaves_nobody_behind(department, by, day):
    with pytest.raises(Refused, match="Omar Reid still supervises 2"):
        services.separate(department.rating_official, on=day, by=by)


@pytest.mark.parametrize(
    ("who", "on", "said"),
    [
        ("employee", date(2023, 1, 1), "cannot leave before it"),
        ("nobody", date(2027, 1, 1), "has no open assignment"),
    ],
)
def test_separate_refused(department, by, who, on, said):
    person = getattr(department, who, None) or PersonFactory()
    with pytest.raises(Refused, match=said):
        services.separate(person, on=on, by=by)


def test_grant_and_revoke_role(department, by, day):
    role = RoleGrant.Role.AUDITOR
    grant = services.grant_role(
        department.employee, role=role, organization=department.top, starts_on=day, by=by
    )
    assert selectors.roles_of(department.employee, on=day).is_auditor
    services.revoke_role(grant, on=day, by=by)
    assert not selectors.roles_of(department.employee, on=day + timedelta(days=1)).is_auditor
    assert sorted(OrgEvent.objects.values_list("what", flat=True)) == [
        "role_granted",
        "role_revoked",
    ]


def test_grant_role_twice_is_refused(by, day):
    grant = RoleGrantFactory()
    with pytest.raises(Refused, match=r"is HR administrator of .* already"):
        services.grant_role(
            grant.person,
            role=grant.role,
            organization=grant.organization,
            starts_on=day,
            by=by,
        )


def test_revoke_role_refused(by, day):
    grant = RoleGrantFactory(ends_on=day)
    with pytest.raises(Refused, match="already ended"):
        services.revoke_role(grant, on=day, by=by)
    with pytest.raises(Refused, match="before it began"):
        services.revoke_role(grant, on=date(2020, 1, 1), by=by)
