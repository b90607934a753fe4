"""Reorganizations: kept when they are decided, carried out on their day, taken back while they lie ahead."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Assignment, Organization, Person, Reorganization
from orgchart.models.reorganization import Kind, State
from orgchart.permissions import HR, has_role
from orgchart.services.carrying import carry
from orgchart.services.places import (
    appoint_head,
    close_organization,
    merge_organization,
    move_organization,
    rename_organization,
    reopen_organization,
)
from orgchart.services.shared import TREE_AND_PEOPLE, explained, lock, record

FROM_ABOVE = {Kind.MOVE, Kind.MERGE, Kind.CLOSE, Kind.REOPEN}
"""What changes the unit above, too, so whoever decides it administers that one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody decided, before it is kept; the fields are those of `Reorganization`."""

    kind: str
    organization: Organization
    effective_on: date
    reason: str
    target: Organization | None = None
    name: str = ""
    person: Person | None = None
    former_supervisor: Person | None = None
    people: Sequence[Person] = ()
    whole_team: bool = False
    officials_follow: bool = False
    request_key: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """`people` and `units`: how many have another place, name or supervisor, those below counted in.

    `employee_ids` have another unit or supervisor themselves, `unit_ids` another parent.
    """

    people: int = 0
    units: int = 0
    employee_ids: list[int] = field(default_factory=list)
    unit_ids: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def places_touched(wanted: Wanted | Reorganization) -> list[Organization]:
    """Whoever decides this administers every one of them."""
    unit = wanted.organization
    place = unit.parent if wanted.kind in FROM_ABOVE and unit.parent else unit
    return [place, wanted.target] if wanted.target else [place]


def may_decide(user: Person, wanted: Wanted | Reorganization, *, on: date | None = None) -> bool:
    return all(has_role(user, HR, over=place, on=on) for place in places_touched(wanted))


@transaction.atomic
def keep(wanted: Wanted, *, by: Person) -> Reorganization:
    today = clock.today()
    if wanted.effective_on < today:
        raise Refused("A reorganization takes effect today or on a day ahead. Choose another day.")
    with explained():
        row = Reorganization.objects.create(
            kind=wanted.kind,
            organization=wanted.organization,
            target=wanted.target,
            name=wanted.name,
            person=wanted.person,
            former_supervisor=wanted.former_supervisor,
            whole_team=wanted.whole_team,
            officials_follow=wanted.officials_follow,
            effective_on=wanted.effective_on,
            reason=wanted.reason,
            by=by,
            planned_on=today,
            planned_at=clock.now(),
            request_key=wanted.request_key,
        )
    row.people.set(wanted.people)
    if wanted.effective_on > today:
        _note("planned", row, by=by)
    return row


@transaction.atomic
def carry_out(row: Reorganization) -> Effect:
    """Changes units and people as `row` says, or raises Refused. `settle` says what came of it."""
    for table in TREE_AND_PEOPLE:
        lock(table)
    unit = row.organization
    for place in filter(None, (unit, row.target)):
        place.refresh_from_db()
    if unit.parent_id is None and row.kind in FROM_ABOVE:
        raise Refused(f"{unit.name} is the top of the organization and stays where it is.")
    if not may_decide(row.by, row, on=row.planned_on):
        raise Refused(
            f"{row.by.full_name} does not administer the place where {unit.name} lies or would lie. "
            "Somebody who does has to decide this."
        )
    if unit.closed_on is not None and row.kind != Kind.REOPEN:
        raise Refused(f"{unit.name} was closed on {unit.closed_on:%-d %B %Y}.")
    return _CARRY_OUT[Kind(row.kind)](row)


@transaction.atomic
def settle(row: Reorganization, state: State, *, by: Person | None, outcome: str = "") -> None:
    row.state, row.outcome = state, outcome
    row.settled_at, row.settled_by = clock.now(), by
    row.save(update_fields=["state", "outcome", "settled_at", "settled_by"])
    if state != State.APPLIED:
        _note(state.value, row, by=by, outcome=outcome)


@transaction.atomic
def take_back(row: Reorganization, *, by: Person) -> Reorganization:
    """Nothing has happened yet, so nothing else has to be put right."""
    locked = locked_row(row.pk)
    if locked.state != State.PLANNED:
        raise Refused(
            f"This reorganization is no longer ahead: {locked.get_state_display().lower()}."
        )
    settle(locked, State.UNDONE, by=by)
    return locked


def locked_row(pk: int) -> Reorganization:
    """Behind the lock of the tree, so that taking back and carrying out wait in turn."""
    for table in TREE_AND_PEOPLE:
        lock(table)
    rows = Reorganization.objects.select_for_update(of=("self",)).with_names()
    return rows.select_related("organization__parent").get(pk=pk)


def _note(step: str, row: Reorganization, *, by: Person | None, outcome: str = "") -> None:
    record(
        f"reorganization_{step}",
        by=by,
        organization=row.organization,
        reorganization=row.pk,
        kind=row.kind,
        effective_on=row.effective_on.isoformat(),
        outcome=outcome,
    )


def _move(row: Reorganization) -> Effect:
    unit, target = row.organization, row.target
    if target is not None and unit.parent_id == target.pk:
        raise Refused(f"{unit.name} lies right under {target.name} already.")
    moved = move_organization(unit, parent=target, by=row.by, reorganization=row.pk)
    return _with_all_below([moved.pk], on=row.effective_on)


def _rename(row: Reorganization) -> Effect:
    rename_organization(row.organization, name=row.name, by=row.by, reorganization=row.pk)
    return Effect(units=1)


def _merge(row: Reorganization) -> Effect:
    if row.target is None:
        raise Refused("The unit to merge into is missing.")
    if row.person is not None:
        _must_work(row.person, row.effective_on)
    merged = merge_organization(
        row.organization,
        into=row.target,
        head=row.person,
        on=row.effective_on,
        by=row.by,
        reorganization=row.pk,
    )
    below = _with_all_below(merged.unit_ids, on=row.effective_on)
    return Effect(
        people=len(merged.employee_ids) + below.people,
        units=below.units,
        employee_ids=merged.employee_ids,
        unit_ids=merged.unit_ids,
    )


def _close(row: Reorganization) -> Effect:
    close_organization(row.organization, on=row.effective_on, by=row.by, reorganization=row.pk)
    return Effect(units=1)


def _reopen(row: Reorganization) -> Effect:
    reopen_organization(row.organization, by=row.by, reorganization=row.pk)
    return Effect(units=1)


def _head(row: Reorganization) -> Effect:
    unit, head = row.organization, row.person
    if unit.head_id == (head.pk if head else None):
        raise Refused(
            f"{head.full_name} heads {unit.name} already." if head else f"{unit.name} has no head."
        )
    if head is not None:
        _must_work(head, row.effective_on)
    appoint_head(unit, head=head, by=row.by, reorganization=row.pk)
    return Effect(units=1)


def _supervisor(row: Reorganization) -> Effect:
    new, former, day = row.person, row.former_supervisor, row.effective_on
    if new is None:
        raise Refused("The supervisor is missing.")
    _must_work(new, day)
    named = former.full_name if former else "nobody"
    rows = Assignment.objects.filter(supervisor=former).in_subtree(row.organization)
    rows = rows.exclude(ends_on__lt=day).exclude(employee=new)
    wanted = set(row.people.values_list("pk", flat=True))
    if not row.whole_team:
        rows = rows.filter(employee__in=wanted)
    with explained():
        people = carry(rows, on=day, by=row.by, supervisor=new, reorganization=row.pk)
    if not people:
        raise Refused(
            f"Nobody chosen answers to {named} in {row.organization.name} on {day:%-d %B %Y}."
        )
    others = Person.objects.filter(pk__in=wanted.difference(people)).by_name()
    notes = [
        f"{person.full_name} no longer answers to {named} then and is left out."
        for person in others
    ]
    return Effect(people=len(people), employee_ids=people, notes=notes)


def _must_work(person: Person, day: date) -> None:
    if not Assignment.objects.on(day).filter(employee=person, employee__is_active=True).exists():
        raise Refused(f"{person.full_name} does not work here on {day:%-d %B %Y}.")


def _with_all_below(unit_ids: list[int], *, on: date) -> Effect:
    """These units with all below them and everybody who works there."""
    people = units = 0
    for unit in Organization.objects.filter(pk__in=unit_ids):
        units += Organization.objects.filter(path__startswith=unit.path).open_on(on).count()
        people += Assignment.objects.on(on).in_subtree(unit).count()
    return Effect(people=people, units=units, unit_ids=unit_ids)


_CARRY_OUT: dict[Kind, Callable[[Reorganization], Effect]] = {
    Kind.MOVE: _move,
    Kind.RENAME: _rename,
    Kind.MERGE: _merge,
    Kind.CLOSE: _close,
    Kind.REOPEN: _reopen,
    Kind.HEAD: _head,
    Kind.SUPERVISOR: _supervisor,
}
