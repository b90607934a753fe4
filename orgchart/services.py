"""Every change to people, places and assignments that is made one at a time; all are recorded."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any, Literal

import psycopg
from django.db import IntegrityError, connection, transaction

from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import (
    Assignment,
    Organization,
    OrganizationKind,
    OrgEvent,
    Person,
    Position,
    RoleGrant,
)
from orgchart.selectors import direct_reports

SENTENCES = {
    "assignment_no_loop": "This supervisor answers to the employee, directly or through others. "
    "Nobody can be in their own chain of command.",
    "assignment_no_overlap": "The employee already has an assignment on some of these days.",
    "assignment_one_start_a_day": "The employee already has an assignment from this day on.",
    "assignment_not_own_supervisor": "Nobody can be their own supervisor.",
    "assignment_exclusion_has_reason": "An employee who is not covered needs a reason, "
    "and one who is covered has none.",
    "organization_no_loop": "An organization cannot lie inside itself.",
    "organization_not_own_parent": "An organization cannot lie inside itself.",
    "orgchart_organization_code_key": "There is already an organization with this code.",
    "orgchart_person_email_key": "There is already a person with this e-mail address.",
    "orgchart_person_dod_id_key": "There is already a person with this DoD ID.",
    "person_dod_id_ten_digits": "A DoD ID has exactly ten digits.",
}


@contextmanager
def explained() -> Iterator[None]:
    """What a constraint of the database refuses, said in a sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        cause = error.__cause__
        name = cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None
        if name not in SENTENCES:
            raise
        raise Refused(SENTENCES[name]) from error


def lock(table: Literal["orgchart_assignment", "orgchart_organization"]) -> None:
    """The triggers' own lock, taken before any row's: two writers wait in turn and never in a ring."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [table])


def record(
    what: str,
    *,
    by: Person | None,
    person: Person | None = None,
    organization: Organization | None = None,
    **detail: Any,
) -> OrgEvent:
    return OrgEvent.objects.create(
        at=clock.now(), by=by, what=what, person=person, organization=organization, detail=detail
    )


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
def create_organization(
    *,
    code: str,
    name: str,
    kind: str,
    by: Person | None,
    parent: Organization | None = None,
    head: Person | None = None,
) -> Organization:
    organization = Organization(
        code=code,
        name=name,
        kind=OrganizationKind.objects.get(code=kind),
        parent=parent,
        head=head,
    )
    with explained():
        organization.save()
    organization.refresh_from_db(fields=["path"])
    record("organization_created", by=by, organization=organization)
    return organization


@transaction.atomic
def move_organization(
    organization: Organization, *, parent: Organization | None, by: Person | None
) -> Organization:
    """The whole subtree moves along."""
    lock("orgchart_organization")
    locked = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if parent is not None and locked.contains(parent):
        raise Refused(SENTENCES["organization_no_loop"])
    was, locked.parent = locked.parent_id, parent
    with explained():
        locked.save(update_fields=["parent"])
    locked.refresh_from_db(fields=["path"])
    record("organization_moved", by=by, organization=locked, was=was, parent=locked.parent_id)
    return locked


@transaction.atomic
def appoint_head(
    organization: Organization, *, head: Person | None, by: Person | None
) -> Organization:
    locked = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    was, locked.head = locked.head_id, head
    locked.save(update_fields=["head"])
    record("head_appointed", by=by, person=head, organization=locked, was=was)
    return locked


@transaction.atomic
def assign(
    employee: Person,
    *,
    supervisor: Person | None,
    organization: Organization,
    position: Position,
    starts_on: date,
    by: Person | None,
) -> Assignment:
    """Ends what is open the day before; on the same first day it corrects it; the same facts write nothing."""
    lock("orgchart_assignment")
    locked = Person.objects.select_for_update(no_key=True).get(pk=employee.pk)
    wanted = Assignment(
        employee=locked,
        supervisor=supervisor,
        organization=organization,
        starts_on=starts_on,
        **asdict(position),
    )
    held = Assignment.objects.filter(employee=locked, ends_on=None).first()
    if held is not None and _facts(held) == _facts(wanted):
        return held
    if held is not None and starts_on < held.starts_on:
        raise Refused(
            f"{locked.full_name} already has an assignment from {held.starts_on:%-d %B %Y}. "
            "A change cannot begin before it."
        )
    if not locked.is_active:
        locked.is_active = True
        locked.save(update_fields=["is_active"])
    with explained():
        _put(wanted, held)
    was = _detail(held) if held else None
    record("assigned", by=by, person=locked, organization=organization, was=was, **_detail(wanted))
    return wanted


def _put(wanted: Assignment, held: Assignment | None) -> None:
    if held is not None and held.starts_on == wanted.starts_on:
        wanted.pk = held.pk
    elif held is not None:
        Assignment.objects.filter(pk=held.pk).update(ends_on=wanted.starts_on - timedelta(days=1))
    wanted.save()


def _facts(assignment: Assignment) -> tuple[Any, ...]:
    return (assignment.supervisor_id, assignment.organization_id, assignment.position)


def _detail(assignment: Assignment) -> dict[str, Any]:
    return {
        "supervisor": assignment.supervisor_id,
        "unit": assignment.organization_id,
        "position": assignment.position_title,
        "starts_on": assignment.starts_on.isoformat(),
    }


@transaction.atomic
def change_supervisor(
    employee: Person, *, supervisor: Person | None, starts_on: date, by: Person | None
) -> Assignment:
    """The same position and unit under somebody else."""
    lock("orgchart_assignment")
    held = Assignment.objects.select_related("organization").get(employee=employee, ends_on=None)
    return assign(
        employee,
        supervisor=supervisor,
        organization=held.organization,
        position=replace(held.position),
        starts_on=starts_on,
        by=by,
    )


@transaction.atomic
def separate(employee: Person, *, on: date, by: Person | None) -> Assignment:
    """`on` is the last day. Nobody leaves people behind without a supervisor."""
    lock("orgchart_assignment")
    locked = Person.objects.select_for_update(no_key=True).get(pk=employee.pk)
    held = Assignment.objects.filter(employee=locked, ends_on=None).first()
    if held is None:
        raise Refused(f"{locked.full_name} has no open assignment.")
    if on < held.starts_on:
        raise Refused(
            f"{locked.full_name} began on {held.starts_on:%-d %B %Y} and cannot leave before it."
        )
    left_behind = direct_reports(locked, on=on + timedelta(days=1)).count()
    if left_behind:
        raise Refused(
            f"{locked.full_name} still supervises {left_behind}. "
            "Give each of them another supervisor first."
        )
    held.ends_on = on
    held.save(update_fields=["ends_on"])
    if on < clock.today():
        locked.is_active = False
        locked.save(update_fields=["is_active"])
    record("separated", by=by, person=locked, organization=held.organization, on=on.isoformat())
    return held


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
