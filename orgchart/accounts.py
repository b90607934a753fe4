"""Roles that end, and accounts of people who have left."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from orgchart import clock
from orgchart.errors import Refused
from orgchart.events import record
from orgchart.models import OrgEvent, Person, RoleGrant
from orgchart.selectors import has_left, newest_assignments


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
