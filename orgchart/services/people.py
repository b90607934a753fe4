"""People and their roles, one at a time."""

from datetime import date

from django.db import transaction

from orgchart.errors import Refused
from orgchart.models import Organization, Person, RoleGrant
from orgchart.services.shared import explained, record


@transaction.atomic
def create_person(
    *,
    dod_id: str,
    email: str,
    first_name: str,
    last_name: str,
    by: Person | None,
    middle_name: str = "",
    password: str | None = None,
) -> Person:
    """Without a password nobody can sign in with one."""
    person = Person(
        dod_id=dod_id,
        email=email.lower(),
        first_name=first_name,
        middle_name=middle_name,
        last_name=last_name,
    )
    person.set_password(password)
    person.refresh_search_text()
    with explained():
        person.save()
    record("person_created", by=by, person=person)
    return person


@transaction.atomic
def grant_role(
    person: Person,
    *,
    role: str,
    organization: Organization,
    starts_on: date,
    by: Person | None,
    ends_on: date | None = None,
) -> RoleGrant:
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    held = RoleGrant.objects.filter(
        person=person, role=role, organization=organization, ends_on=None
    )
    if held.exists():
        raise Refused(
            f"{person.full_name} is {RoleGrant.Role(role).label} of {organization} already."
        )
    grant = RoleGrant.objects.create(
        person=person, role=role, organization=organization, starts_on=starts_on, ends_on=ends_on
    )
    record("role_granted", by=by, person=person, organization=organization, role=role)
    return grant
