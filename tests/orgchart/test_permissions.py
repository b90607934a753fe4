import pytest

from orgchart import permissions
from tests.factories import RoleGrantFactory

ACTORS = ["employee", "colleague", "rating_official", "reviewer", "leader", "stranger"]
ROLES = ["hr_administrator", "auditor", "system_administrator"]
PLACES = ["top", "command", "branch", "other_branch"]


@pytest.fixture(autouse=True)
def _today(on_day):
    """The clock of every test here stands on `day`."""


def over(question, department, user, place) -> bool:
    return getattr(permissions, question)(user, getattr(department, place))


SEES_BY_RELATION = {("leader", place) for place in PLACES}
# (role, where it is granted) -> where it holds
HOLDS = {"top": PLACES, "command": ["command", "branch", "other_branch"], "branch": ["branch"]}
ALLOWED_ROLES = {
    "may_see_organization_people": {"hr_administrator", "auditor"},
    "may_import_roster": {"hr_administrator"},
    "may_read_org_events": {"hr_administrator", "auditor"},
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("question", ALLOWED_ROLES)
def test_relations_alone(department, question, actor, place):
    expected = question == "may_see_organization_people" and (actor, place) in SEES_BY_RELATION
    assert over(question, department, getattr(department, actor), place) == expected


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("granted", HOLDS)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("question", ALLOWED_ROLES)
def test_granted_roles_hold_for_the_subtree(department, question, role, granted, place):
    user = RoleGrantFactory(role=role, organization=getattr(department, granted)).person
    expected = role in ALLOWED_ROLES[question] and place in HOLDS[granted]
    assert over(question, department, user, place) == expected


@pytest.mark.parametrize("question", ALLOWED_ROLES)
def test_role_that_has_ended_holds_nowhere(department, question):
    user = RoleGrantFactory(organization=department.top, ends_on="2027-04-05").person
    assert not over(question, department, user, "branch")


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        ("employee", True),
        ("rating_official", True),
        ("reviewer", True),
        ("leader", True),
        ("colleague", False),
        ("stranger", False),
    ],
)
def test_history_is_for_the_person_and_the_chain(department, actor, expected):
    user = getattr(department, actor)
    assert permissions.may_read_history(user, department.employee) == expected


@pytest.mark.parametrize(
    ("role", "place", "expected"),
    [
        ("hr_administrator", "branch", True),
        ("auditor", "top", True),
        ("hr_administrator", "other_branch", False),
        ("system_administrator", "top", False),
    ],
)
def test_history_for_granted_roles(department, role, place, expected):
    user = RoleGrantFactory(role=role, organization=getattr(department, place)).person
    assert permissions.may_read_history(user, department.employee) == expected


@pytest.mark.parametrize("role", ROLES)
def test_roles_of_no_place(department, role):
    user = RoleGrantFactory(role=role, organization=department.branch).person
    assert permissions.may_import_any_roster(user) == (role == "hr_administrator")
    assert permissions.may_administer_system(user) == (role == "system_administrator")
    assert not permissions.may_import_any_roster(department.leader)
