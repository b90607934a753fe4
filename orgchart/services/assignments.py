"""Who works where and answers to whom, one person at a time."""

from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from orgchart import clock
from orgchart.accounts import end_roles_of_closed_accounts
from orgchart.errors import Refused
from orgchart.models import Assignment, Organization, Person, Position
from orgchart.selectors import direct_reports
from orgchart.services.shared import explained, lock, record


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
    if Organization.objects.filter(pk=organization.pk, closed_on__isnull=False).exists():
        raise Refused(f"{organization.name} is closed. Choose another unit.")
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
        end_roles_of_closed_accounts(last_day=on, by=by, of=locked)
    record("separated", by=by, person=locked, organization=held.organization, on=on.isoformat())
    return held
