"""Units: making, moving, naming, closing them. Each locks the tree, then its rows, then writes."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from orgchart.errors import Refused
from orgchart.models import Assignment, Organization, OrganizationKind, Person
from orgchart.services.carrying import carry
from orgchart.services.shared import SENTENCES, TREE_AND_PEOPLE, explained, lock, record


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
    organization: Organization, *, parent: Organization | None, by: Person | None, **detail: Any
) -> Organization:
    """The whole subtree moves along."""
    lock("orgchart_organization")
    locked = _locked(organization)
    if parent is not None:
        parent.refresh_from_db(fields=["path", "closed_on"])
        if locked.contains(parent):
            raise Refused(SENTENCES["organization_no_loop"])
        _must_be_open(parent)
    was, locked.parent = locked.parent_id, parent
    with explained():
        locked.save(update_fields=["parent"])
    locked.refresh_from_db(fields=["path"])
    record(
        "organization_moved",
        by=by,
        organization=locked,
        was=was,
        parent=locked.parent_id,
        **detail,
    )
    return locked


@transaction.atomic
def rename_organization(
    organization: Organization, *, name: str, by: Person | None, **detail: Any
) -> Organization:
    lock("orgchart_organization")
    locked = _locked(organization)
    if locked.name == name:
        raise Refused(f"{locked.code} is called {name} already.")
    was, locked.name = locked.name, name
    with explained():
        locked.save(update_fields=["name"])
    record("organization_renamed", by=by, organization=locked, was=was, name=name, **detail)
    return locked


@transaction.atomic
def appoint_head(
    organization: Organization, *, head: Person | None, by: Person | None, **detail: Any
) -> Organization:
    locked = _locked(organization)
    was, locked.head = locked.head_id, head
    locked.save(update_fields=["head"])
    record("head_appointed", by=by, person=head, organization=locked, was=was, **detail)
    return locked


@transaction.atomic
def close_organization(
    organization: Organization, *, on: date, by: Person | None, **detail: Any
) -> Organization:
    """`on` is the first day on which it is closed. Nobody works there and no unit lies below."""
    for table in TREE_AND_PEOPLE:
        lock(table)
    locked = _locked(organization)
    _must_be_open(locked)
    here = Assignment.objects.filter(organization=locked).exclude(ends_on__lt=on)
    people = here.values("employee").distinct().count()
    below = Organization.objects.filter(parent=locked, closed_on=None).count()
    if people or below:
        left = [
            f"{count} {noun}" for count, noun in ((people, "people"), (below, "units")) if count
        ]
        raise Refused(
            f"{locked.name} still holds {' and '.join(left)} on {on:%-d %B %Y}. "
            "Merge it into another unit, which takes them along."
        )
    return _closed(locked, on=on, by=by, what="organization_closed", **detail)


@dataclass(frozen=True, slots=True)
class Merged:
    """What went along into the other unit."""

    employee_ids: list[int]
    unit_ids: list[int]


@transaction.atomic
def merge_organization(
    organization: Organization,
    *,
    into: Organization,
    head: Person | None,
    on: date,
    by: Person | None,
    **detail: Any,
) -> Merged:
    """People and units below go along, then the unit is closed. Without `head` the head of `into` stays."""
    for table in TREE_AND_PEOPLE:
        lock(table)
    units = Organization.objects.select_for_update(no_key=True).order_by("pk")
    found = {unit.pk: unit for unit in units.filter(pk__in=[organization.pk, into.pk])}
    closing, target = found[organization.pk], found[into.pk]
    for unit in (closing, target):
        _must_be_open(unit)
    if closing.contains(target):
        raise Refused(f"{target.name} lies inside {closing.name}. Move it out first.")
    below = list(Organization.objects.filter(parent=closing, closed_on=None).order_by("pk"))
    with explained():
        Organization.objects.filter(pk__in=[unit.pk for unit in below]).update(parent=target)
        rows = Assignment.objects.filter(organization=closing).exclude(ends_on__lt=on)
        people = carry(rows, on=on, by=by, organization=target, **detail)
    for unit in below:
        record(
            "organization_moved",
            by=by,
            organization=unit,
            was=closing.pk,
            parent=target.pk,
            **detail,
        )
    if head is not None and head.pk != target.head_id:
        appoint_head(target, head=head, by=by, **detail)
    _closed(closing, on=on, by=by, what="organization_merged", into=target.pk, **detail)
    return Merged(people, [unit.pk for unit in below])


@transaction.atomic
def reopen_organization(
    organization: Organization, *, by: Person | None, **detail: Any
) -> Organization:
    lock("orgchart_organization")
    locked = _locked(organization)
    if locked.closed_on is None:
        raise Refused(f"{locked.name} is open already.")
    if locked.parent is not None:
        _must_be_open(locked.parent)
    was, locked.closed_on = locked.closed_on, None
    locked.save(update_fields=["closed_on"])
    record("organization_reopened", by=by, organization=locked, closed_on=was.isoformat(), **detail)
    return locked


def _locked(organization: Organization) -> Organization:
    return Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)


def _must_be_open(organization: Organization) -> None:
    if organization.closed_on is not None:
        raise Refused(
            f"{organization.name} is closed since {organization.closed_on:%-d %B %Y}. "
            "Choose another unit, or reopen it first."
        )


def _closed(
    organization: Organization, *, on: date, by: Person | None, what: str, **detail: Any
) -> Organization:
    """Nobody heads what is closed; the event keeps who did."""
    was = organization.head_id
    organization.closed_on, organization.head = on, None
    organization.save(update_fields=["closed_on", "head"])
    record(what, by=by, organization=organization, on=on.isoformat(), head=was, **detail)
    return organization
