"""People and their roles, one at a time."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Organization, OrgEvent, Person, RoleGrant
from orgchart.selectors import has_left, newest_assignments
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


@transaction.atomic
def revoke_role(grant: RoleGrant, *, on: date, by: Person | None) -> RoleGrant:
    """`on` is the last day."""
    locked = RoleGrant.objects.select_for_update(no_key=True).get(pk=grant.pk)
    if locked.ends_on is not None and locked.ends_on <= on:
        raise Refused("This role has already ended.")
    if on < locked.starts_on:
        raise Refused("A role cannot end before it began.")
    locked.ends_on = on
    locked.save(update_fields=["ends_on"])
    record(
        "role_revoked",
        by=by,
        person=locked.person,
        organization=locked.organization,
        role=locked.role,
        on=on.isoformat(),
    )
    return locked


@transaction.atomic
def close_accounts(*, on: date) -> int:
    """Of everybody who has left by that day, however their place ended; how many were still open.
    A place here later opens the account again, without the roles."""
    left = Person.objects.filter(has_left(on), is_active=True).select_for_update(
        of=("self",), no_key=True
    )
    people = list(left.order_by("pk"))
    Person.objects.filter(pk__in=[each.pk for each in people]).update(is_active=False)
    now, held = clock.now(), newest_assignments(people, on=on)
    OrgEvent.objects.bulk_create(
        OrgEvent(
            at=now,
            what="account_closed",
            person=each,
            organization=held[each.pk].organization,
            detail={"on": str(held[each.pk].ends_on)},
        )
        for each in people
    )
    end_roles_of_closed_accounts(last_day=on - timedelta(days=1), by=None)
    return len(people)


def end_roles_of_closed_accounts(
    *, last_day: date, by: Person | None, of: Person | None = None
) -> None:
    """No role waits for somebody to come back. In a transaction of the caller. `of`: this one’s alone."""
    closed = RoleGrant.objects.filter(person__is_active=False, starts_on__lte=last_day)
    held = closed.filter(person=of) if of is not None else closed
    for grant in held.filter(Q(ends_on=None) | Q(ends_on__gt=last_day)).order_by("pk"):
        revoke_role(grant, on=last_day, by=by)
