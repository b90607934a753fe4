"""Somebody leaves (R9): kept when it is decided, what is owed opened in time, handed over on the day after.

The organization changes first, then the records, in one transaction. `services.departing` says what a
departure means for each record.
"""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from appraisals.models import Departure, DepartureKind, DepartureState, Document, Kind, Part, State
from appraisals.notifications.departures import (
    tell_of_arrival,
    tell_of_failure,
    tell_of_hand_over,
    tell_of_plan,
)
from appraisals.permissions import may_decide_departure
from appraisals.services.cycles import follow_cycle
from appraisals.services.departing import Found, Line, records_held
from appraisals.services.heirs import must_take_over
from appraisals.services.leaving import Leaving, keep_departure
from appraisals.services.moving import change_chart, move_record
from appraisals.services.offices import hand_over_offices
from appraisals.services.officials import NewOfficials, write_officials
from appraisals.services.owing import note_records, open_in_time, open_owed, reckon
from appraisals.services.writing import lock_document
from appraisals.workflow import record_event
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person
from orgchart.services import TREE_AND_PEOPLE, lock, record


@transaction.atomic
def decide_departure(wanted: Leaving, *, by: Person) -> Departure:
    """What is owed is opened when its time has come; a last day behind us is carried out at once.
    Sent twice, it counts once."""
    _wait_in_turn()
    if wanted.request_key is not None:
        before = Departure.objects.filter(request_key=wanted.request_key, by=by).first()
        if before is not None:
            return before
    if wanted.last_day >= clock.today():
        rehearse(wanted, by=by)
    departure = keep_departure(wanted, by=by)
    found = reckon(departure)
    note_records(departure, found)
    tell_of_plan(departure, found.lines)
    if departure.last_day < clock.today():
        _finish(departure, by=by)
    else:
        record(
            "departure_planned",
            by=by,
            person=departure.person,
            organization=departure.organization,
            on=departure.last_day.isoformat(),
        )
        open_in_time(departure)
    return departure


def rehearse(wanted: Leaving, *, by: Person) -> Found:
    """What would come of it, by doing all of it and taking it back. Raises Refused as the real one would."""
    with transaction.atomic():
        _wait_in_turn()
        departure = keep_departure(wanted, by=by)
        found = reckon(departure)
        _carry_out(departure)
        transaction.set_rollback(True)
    return found


def run_due() -> int:
    """Opens what is to be written soon, and carries out what has come due; a missed day is made up for."""
    for departure in Departure.objects.filter(state=DepartureState.PLANNED, opened_at=None):
        with transaction.atomic():
            open_in_time(_locked(departure.pk))
    due = Departure.objects.due_on(clock.today()).values_list("pk", flat=True)
    return sum(_settle_due(pk) for pk in list(due))


@transaction.atomic
def take_back(departure: Departure, *, by: Person) -> Departure:
    """Nothing has changed hands yet. What was written stays; a statement nobody began is no longer due."""
    locked = _locked(departure.pk)
    if not may_take_back(by, locked):
        raise PermissionDenied
    if locked.state != DepartureState.PLANNED:
        raise Refused(f"This is no longer ahead: {locked.get_state_display().lower()}.")
    _settle(locked, DepartureState.UNDONE, by=by)
    for held in Document.objects.filter(owed_by__departure=locked):
        document = lock_document(held)
        if document.kind == Kind.ANNUAL_APPRAISAL and document.state == State.DRAFT:
            document.covers_from = document.covers_until = None
            document.save(update_fields=["covers_from", "covers_until"])
            record_event(document, name="departure_undone", by=by, reason=locked.reason)
    return locked


def may_take_back(user: Person, departure: Departure) -> bool:
    return departure.by_id == user.pk or may_decide_departure(user, departure.person)


def _wait_in_turn() -> None:
    for table in TREE_AND_PEOPLE:
        lock(table)


def _locked(pk: int) -> Departure:
    _wait_in_turn()
    rows = Departure.objects.select_for_update(of=("self",)).with_names()
    return rows.select_related("follows").get(pk=pk)


# --- the day after


@transaction.atomic
def _settle_due(pk: int) -> bool:
    """Whoever comes second finds it settled."""
    departure = _locked(pk)
    if departure.state != DepartureState.PLANNED:
        return False
    try:
        with transaction.atomic():
            _finish(departure, by=None)
    except Refused as refusal:
        departure = _locked(pk)
        _settle(departure, DepartureState.FAILED, by=None, outcome=refusal.message)
        tell_of_failure(departure)
    return True


def _finish(departure: Departure, *, by: Person | None) -> None:
    handed, notes = _carry_out(departure)
    _settle(departure, DepartureState.DONE, by=by, outcome="\n".join(notes))
    tell_of_hand_over(departure, handed)
    tell_of_arrival(departure)
    _plan_return(departure, handed)


def _carry_out(departure: Departure) -> tuple[list[Line], list[str]]:
    """What changed hands, and what whoever decided should know."""
    people = list(departure.people.values_list("pk", flat=True))
    held = records_held(departure.person).order_by("pk").values_list("pk", flat=True)
    list(held.select_for_update(of=("self",)))
    found = reckon(departure)
    must_take_over(departure, found.lines)
    open_owed(departure, found)
    change_chart(departure, people)
    hand_over_offices(departure)
    changed = [line for line in found.lines if line.changes_hands]
    for line in found.of(Part.OWN):
        move_record(line.appraisal, departure, goes_along=line in changed)
        if line.cycle is not None:
            follow_cycle(line.appraisal, line.cycle, reason=departure.reason, by=departure.by)
    departure.records.filter(appraisal__in=[line.appraisal.pk for line in changed]).update(
        handed_over_at=clock.now()
    )
    write_officials(
        [NewOfficials(line.appraisal, line.official, line.reviewer) for line in changed],
        by=departure.by,
        reason=departure.reason,
        effective_on=departure.effective_on if departure.last_day < clock.today() else None,
        details={"departure": departure.pk},
    )
    return changed, found.notes


def _settle(
    departure: Departure, state: DepartureState, *, by: Person | None, outcome: str = ""
) -> None:
    departure.state, departure.outcome = state, outcome
    departure.settled_at, departure.settled_by = clock.now(), by
    departure.save(update_fields=["state", "outcome", "settled_at", "settled_by"])
    if state in (DepartureState.UNDONE, DepartureState.FAILED):
        record(
            f"departure_{state.value}",
            by=by,
            person=departure.person,
            organization=departure.organization,
            on=departure.last_day.isoformat(),
            outcome=outcome,
        )


def _plan_return(departure: Departure, handed: list[Line]) -> None:
    """After a detail what was held for a time goes back by a departure of its own (R9.7)."""
    if departure.back_on is None:
        return
    for holder in departure.heirs:
        if holder != departure.successor and all(line.official != holder for line in handed):
            continue
        row = Departure.objects.create(
            person=holder,
            kind=DepartureKind.RETURNS,
            organization=departure.organization,
            last_day=departure.back_on - dt.timedelta(days=1),
            successor=departure.person,
            follows=departure,
            changes_chart=departure.changes_chart,
            reason=departure.reason,
            by=departure.by,
            planned_on=clock.today(),
            planned_at=clock.now(),
        )
        note_records(row, reckon(row))
