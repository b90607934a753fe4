"""Holds, and destroying what is due: one person draws up the list, another confirms it (R13)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from appraisals import keeping
from appraisals.keeping import Due, Kept
from appraisals.models import (
    AppraisalCycle,
    DestructionItem,
    DestructionList,
    Hold,
)
from appraisals.notifications import tell
from appraisals.permissions import may_confirm_destruction, may_keep_records
from appraisals.tasks.retention import destroy_records
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Organization, Person, RoleGrant
from orgchart.selectors import assignment_of
from orgchart.services import record
from orgchart.waking import wake

MOST = 2000
"""On one list: somebody has to look through it."""
State = DestructionList.State


def due_now(due: Kept, *, most: int = MOST) -> list[Due]:
    """What can go on a list now, oldest records first."""
    ratings = keeping.free(due.superseded()).select_related(
        "appraisal__organization", "appraisal__cycle", "appraisal__employee"
    )
    records = keeping.free(due.records()).select_related(
        "organization", "cycle", "employee", "rating_of_record"
    )
    found = [due.due_of_record(each) for each in records.order_by("cycle__ends_on", "pk")[:most]]
    whole = {each.record.pk for each in found}
    rest = [due.due_of_rating(each) for each in ratings.order_by("pk")[:most]]
    return [*found, *(each for each in rest if each.record.pk not in whole)][:most]


@transaction.atomic
def draw_up_list(place: Organization, *, by: Person) -> DestructionList:
    """What is due now is on it and nothing else; nothing is destroyed yet."""
    if not may_keep_records(by, place):
        raise PermissionDenied
    # Two who draw up at once: the second finds what the first has listed.
    Organization.objects.select_for_update(no_key=True).get(pk=place.pk)
    found = [
        each
        for each in due_now(keeping.kept(place, today=clock.today()))
        if each.record.employee_id != by.pk
    ]
    if not found:
        raise Refused("Nothing is due that can be destroyed now, so there is nothing to list.")
    listed = DestructionList.objects.create(
        organization=place, drawn_up_by=by, drawn_up_at=clock.now()
    )
    DestructionItem.objects.bulk_create(
        DestructionItem(
            on_list=listed,
            record=each.record.pk,
            employee=each.record.employee,
            cycle=each.record.cycle,
            organization=each.record.organization,
            what=each.what,
            rule=each.rule,
            kept_until=each.kept_until,
        )
        for each in found
    )
    _note("destruction_drawn_up", listed, by, things=len(found))
    for other in _second_persons(listed):
        tell(
            other,
            "destruction_to_confirm",
            key=f"destruction:{listed.pk}",
            link=listed.get_absolute_url(),
            things=len(found),
            organization=place.name,
            by=by.full_name,
        )
    return listed


def _second_persons(listed: DestructionList) -> list[Person]:
    roles = (
        RoleGrant.objects.on(clock.today())
        .covering(listed.organization)
        .filter(role=RoleGrant.Role.HR_ADMINISTRATOR)
        .exclude(person=listed.drawn_up_by_id)
    )
    return list(Person.objects.filter(role_grants__in=roles, is_active=True).distinct())


@transaction.atomic
def strike_off(item: DestructionItem, *, by: Person, reason: str) -> None:
    """It stays where it is, and the list says who wanted it so and why."""
    listed = _locked(item.on_list, by, to_confirm=False)
    again = listed.items.get(pk=item.pk)
    if again.state != DestructionItem.State.LISTED:
        return
    if not reason.strip():
        raise Refused("Say why this is not to be destroyed.")
    again.state, again.reason, again.decided_by = (
        DestructionItem.State.STRUCK,
        reason.strip(),
        by,
    )
    again.save(update_fields=["state", "reason", "decided_by"])
    if not listed.items.filter(state=DestructionItem.State.LISTED).exists():
        _withdraw(listed, by, "Everything on it was struck off.")


@transaction.atomic
def withdraw_list(listed: DestructionList, *, by: Person, reason: str) -> None:
    locked = _locked(listed, by, to_confirm=False)
    if not reason.strip():
        raise Refused("Say why the list is withdrawn.")
    _withdraw(locked, by, reason.strip())


def _withdraw(listed: DestructionList, by: Person, reason: str) -> None:
    listed.items.filter(state=DestructionItem.State.LISTED).update(
        state=DestructionItem.State.STRUCK, reason="The list was withdrawn.", decided_by=by
    )
    listed.state, listed.ended_at, listed.note = State.WITHDRAWN, clock.now(), reason
    listed.save(update_fields=["state", "ended_at", "note"])
    _note("destruction_withdrawn", listed, by, reason=reason)


@transaction.atomic
def confirm_list(listed: DestructionList, *, by: Person, things: int) -> DestructionList:
    """The second person. `things`: how many they saw; a list that changed since is looked at again."""
    locked = _locked(listed, by, to_confirm=True)
    now_listed = locked.items.filter(state=DestructionItem.State.LISTED).count()
    if now_listed != things:
        raise Refused(
            f"The list changed while you looked at it: {now_listed:,} are on it now, you saw {things:,}. "
            "Look through it again."
        )
    locked.state, locked.confirmed_by, locked.confirmed_at = State.CONFIRMED, by, clock.now()
    locked.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    _note("destruction_confirmed", locked, by, things=things)
    wake(destroy_records)
    return locked


def _locked(listed: DestructionList, by: Person, *, to_confirm: bool) -> DestructionList:
    locked = (
        DestructionList.objects.select_for_update(of=("self",))
        .select_related("organization")
        .get(pk=listed.pk)
    )
    allowed = may_confirm_destruction(by, locked) if to_confirm else _may_change(by, locked)
    if not allowed:
        raise PermissionDenied
    if locked.state != State.DRAWN_UP:
        raise Refused(
            f"This list is not open any more: {locked.get_state_display().lower()}. Nothing was changed."
        )
    return locked


def _may_change(by: Person, listed: DestructionList) -> bool:
    return may_keep_records(by, listed.organization)


def _note(what: str, listed: DestructionList, by: Person, **detail: Any) -> None:
    record(what, by=by, organization=listed.organization, list=listed.pk, **detail)


@transaction.atomic
def place_hold(
    employee: Person, *, cycle: AppraisalCycle | None, reason: str, authority: str, by: Person
) -> Hold:
    """From now on nothing of these records is destroyed, whatever list they are on."""
    place = hold_place(employee)
    if by.pk == employee.pk or place is None or not may_keep_records(by, place):
        raise PermissionDenied
    Person.objects.select_for_update(no_key=True).get(pk=employee.pk)
    if Hold.objects.active().filter(employee=employee, cycle=cycle).exists():
        what = f"{cycle.name} of {employee.full_name}" if cycle else employee.full_name
        raise Refused(f"There is a hold on {what} already.")
    hold = Hold.objects.create(
        employee=employee,
        cycle=cycle,
        organization=place,
        reason=reason.strip(),
        authority=authority.strip(),
        placed_by=by,
        placed_at=clock.now(),
    )
    record("hold_placed", by=by, person=employee, organization=place, hold=hold.pk)
    return hold


@transaction.atomic
def lift_hold(hold: Hold, *, by: Person, reason: str) -> None:
    locked = (
        Hold.objects.select_for_update(of=("self",)).select_related("organization").get(pk=hold.pk)
    )
    if by.pk == locked.employee_id or not may_keep_records(by, locked.organization):
        raise PermissionDenied
    if locked.lifted_at is not None:
        return
    if not reason.strip():
        raise Refused("Say why the hold is lifted.")
    locked.lifted_by, locked.lifted_at, locked.lifted_reason = by, clock.now(), reason.strip()
    locked.save(update_fields=["lifted_by", "lifted_at", "lifted_reason"])
    record(
        "hold_lifted",
        by=by,
        person=locked.employee,
        organization=locked.organization,
        hold=locked.pk,
    )


def hold_place(employee: Person) -> Organization | None:
    """Where this person works, or worked last; of somebody who never did, where a record of theirs is."""
    current = assignment_of(employee, on=clock.today())
    if current:
        return current.organization
    last = employee.assignments.select_related("organization").order_by("-starts_on").first()
    if last:
        return last.organization
    kept = employee.appraisals.select_related("organization").order_by("-cycle__ends_on").first()
    return kept.organization if kept else None
