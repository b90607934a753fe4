import pytest
from django.core.management import CommandError, call_command

from orgchart import clock
from orgchart.models import OrgEvent, RoleGrant
from tests.factories import OrganizationFactory, PersonFactory

pytestmark = pytest.mark.django_db


def test_grant_role_from_today_on(capsys):
    person, place = PersonFactory(), OrganizationFactory(code="CMD")
    call_command("grant_role", person.email.upper(), "hr_administrator", "CMD")

    grant = RoleGrant.objects.get()
    assert (grant.person, grant.role, grant.organization) == (person, "hr_administrator", place)
    assert (grant.starts_on, grant.ends_on) == (clock.today(), None)
    assert OrgEvent.objects.get().what == "role_granted"
    assert person.full_name in capsys.readouterr().out


@pytest.mark.parametrize(
    ("email", "code", "said"),
    [("nobody@example.mil", "CMD", "Nobody has"), ("known@example.mil", "XYZ", "No organization")],
)
def test_grant_role_says_who_or_what_is_unknown(email, code, said):
    PersonFactory(email="known@example.mil")
    OrganizationFactory(code="CMD")
    with pytest.raises(CommandError, match=said):
        call_command("grant_role", email, "auditor", code)
    assert not RoleGrant.objects.exists()


def test_grant_role_twice_is_refused():
    person = PersonFactory()
    OrganizationFactory(code="CMD")
    call_command("grant_role", person.email, "auditor", "CMD")
    with pytest.raises(CommandError, match="already"):
        call_command("grant_role", person.email, "auditor", "CMD")
