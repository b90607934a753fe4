"""Check-ins: planned, filled with an agenda by both, held, with actions that stay open until they end."""

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from appraisals.models import AgendaItem, AgreedAction, CheckIn
from appraisals.notifications import tell
from appraisals.rules import normalize_text
from appraisals.services.talk import note_on_record, the_other
from appraisals.talk import official_of
from appraisals.talk_permissions import may_check_in
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person
from orgchart.templatetags.ui import day

AT_ONCE = 50


def _allowed(by: Person, employee: Person) -> None:
    if not may_check_in(by, employee):
        raise PermissionDenied


def address_of(employee: Person) -> str:
    return reverse("check_in_series", args=[employee.dod_id])


def _tell(employee: Person, by: Person, *, key: str, what: str, on: dt.date | None = None) -> None:
    other = the_other(employee, by)
    if other is not None and other.pk != by.pk:
        tell(
            other,
            "check_in",
            key=key,
            link=address_of(employee),
            what=what,
            by=by.full_name,
            day=day(on),
        )


def plan_check_in(employee: Person, *, by: Person, planned_on: dt.date) -> CheckIn:
    """The next one; planned already, it moves to the new day."""
    _allowed(by, employee)
    if planned_on < clock.today():
        raise Refused("This day is over. Choose today or a day to come.")
    try:
        with transaction.atomic():
            return _plan(employee, by, planned_on)
    except IntegrityError as error:
        if "one_check_in_is_planned" not in str(error):
            raise
        raise Refused(
            "The other one planned a check-in at the same moment. Open the page again."
        ) from None


def _plan(employee: Person, by: Person, planned_on: dt.date) -> CheckIn:
    held = CheckIn.objects.planned().filter(employee=employee).select_for_update(no_key=True)
    check_in = held.first()
    if check_in is None:
        check_in = CheckIn(employee=employee)
    elif check_in.planned_on == planned_on:
        return check_in
    check_in.planned_on, check_in.planned_by = planned_on, by
    check_in.save()
    key = f"check-in:{check_in.pk}:{planned_on}:{by.pk}"
    _tell(employee, by, key=key, what="planned", on=planned_on)
    return check_in


@transaction.atomic
def add_to_agenda(employee: Person, *, by: Person, text: str) -> AgendaItem:
    _allowed(by, employee)
    waiting = AgendaItem.objects.filter(employee=employee, check_in=None)
    if waiting.count() >= AT_ONCE:
        raise Refused(f"{AT_ONCE} things wait to be talked about. Hold a check-in first.")
    return AgendaItem.objects.create(
        employee=employee, text=normalize_text(text), added_by=by, added_at=clock.now()
    )


@transaction.atomic
def remove_from_agenda(item: AgendaItem, *, by: Person) -> None:
    """Only what one added oneself, before it was talked about."""
    held = AgendaItem.objects.select_for_update(no_key=True).filter(pk=item.pk).first()
    if held is None:
        return
    if held.added_by_id != by.pk or not may_check_in(by, held.employee):
        raise PermissionDenied
    if held.check_in_id is not None:
        raise Refused("This was talked about, so it stays with its check-in.")
    held.delete()


@transaction.atomic
def hold_check_in(
    employee: Person,
    *,
    by: Person,
    held_on: dt.date,
    summary: str,
    talked_about: Sequence[AgendaItem] = (),
) -> CheckIn:
    """The one that was planned, or one that nobody planned. What was not talked about waits on."""
    _allowed(by, employee)
    if held_on > clock.today():
        raise Refused("This day has not come yet. Record the check-in when it was held.")
    planned = CheckIn.objects.planned().filter(employee=employee).select_for_update(no_key=True)
    check_in = planned.first() or CheckIn(employee=employee, planned_on=held_on, planned_by=by)
    check_in.held_on, check_in.summary = held_on, normalize_text(summary)
    check_in.official = official_of(employee)
    check_in.recorded_by, check_in.recorded_at = by, clock.now()
    check_in.save()
    AgendaItem.objects.filter(
        employee=employee, check_in=None, pk__in=[item.pk for item in talked_about]
    ).update(check_in=check_in)
    note_on_record(employee, name="hold_check_in", by=by, details={"held_on": held_on.isoformat()})
    _tell(employee, by, key=f"check-in:{check_in.pk}:held", what="held", on=held_on)
    return check_in


@transaction.atomic
def agree_on_action(
    employee: Person, *, by: Person, text: str, by_employee: bool, due_on: dt.date | None
) -> AgreedAction:
    """It belongs to the last check-in that was held, if there was one."""
    _allowed(by, employee)
    if AgreedAction.objects.filter(employee=employee).still_open().count() >= AT_ONCE:
        raise Refused(f"{AT_ONCE} actions are open. End some of them first.")
    last = CheckIn.objects.filter(employee=employee).exclude(held_on=None).first()
    action = AgreedAction.objects.create(
        employee=employee,
        check_in=last,
        text=normalize_text(text),
        by_employee=by_employee,
        due_on=due_on,
        agreed_on=clock.today(),
        agreed_by=by,
    )
    _tell(employee, by, key=f"action:{action.pk}", what="action")
    return action


@transaction.atomic
def end_action(action: AgreedAction, *, by: Person, outcome: str) -> AgreedAction:
    """The first outcome stands; giving one again changes nothing."""
    held = AgreedAction.objects.select_for_update(of=("self",), no_key=True).get(pk=action.pk)
    _allowed(by, held.employee)
    if held.outcome:
        return held
    held.outcome = AgreedAction.Outcome(outcome)
    held.ended_on, held.ended_by = clock.today(), by
    held.save()
    return held
