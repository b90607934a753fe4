"""What is owed before somebody leaves: opened in time, and noted with the reason for each record (R9.1, R9.5)."""

from dataclasses import replace

from appraisals import rules
from appraisals.models import (
    Departure,
    DepartureKind,
    DepartureRecord,
    DepartureState,
    Document,
    Kind,
    Part,
    State,
)
from appraisals.notifications.departures import tell_what_is_owed
from appraisals.selectors import policy_for
from appraisals.services.departing import Found, Line, lines_of
from appraisals.services.records import open_document
from appraisals.services.writing import lock_document
from appraisals.workflow import record_event
from orgchart import clock
from orgchart.errors import Refused


def reckon(departure: Departure) -> Found:
    found = lines_of(departure, departure.people.values_list("pk", flat=True))
    needs_heir = any(line.part != Part.OWN for line in found.lines)
    if needs_heir and departure.successor_id is None and departure.kind != DepartureKind.RETURNS:
        raise Refused(
            f"{departure.person.full_name} rates or reviews people. Say who takes them over."
        )
    return found


def open_in_time(departure: Departure) -> None:
    if departure.state != DepartureState.PLANNED or departure.opened_at is not None:
        return
    policy = policy_for(departure.organization, on=clock.today()).rules()
    if clock.today() >= rules.handover_opens_on(departure.last_day, policy):
        open_owed(departure, reckon(departure))


def open_owed(departure: Departure, found: Found) -> None:
    """Every statement and early appraisal that is owed and not begun yet."""
    opened = [replace(line, document=_open(departure, line)) for line in found.owed]
    by_record = {line.appraisal.pk: line for line in opened}
    lines = [by_record.get(line.appraisal.pk, line) for line in found.lines]
    note_records(departure, replace(found, lines=lines))
    departure.opened_at = clock.now()
    departure.save(update_fields=["opened_at"])
    tell_what_is_owed(departure, opened)


def _open(departure: Departure, line: Line) -> Document | None:
    record, is_early = line.appraisal, line.covers[1] < line.appraisal.period_ends_on
    if line.document is not None:
        document = lock_document(line.document)
        if document.state == State.DRAFT and document.covers_until is None and is_early:
            document.covers_from, document.covers_until = line.covers
            document.save(update_fields=["covers_from", "covers_until"])
            record_event(document, name="departure_due", by=departure.by, reason=line.owes.reason)
        return document
    kind = Kind(line.owes.owed or "")
    policy = policy_for(record.organization, on=clock.today())
    if kind == Kind.ANNUAL_APPRAISAL and not is_early:
        opens = rules.appraisal_opens_on(record.period_ends_on, policy.rules())
        if clock.today() < opens:
            return None
    covers = line.covers if is_early or kind == Kind.NARRATIVE_STATEMENT else None
    number = record.documents.filter(kind=kind).count() + 1
    return open_document(
        record,
        kind,
        number=number,
        policy=policy,
        by=departure.by,
        covers=covers,
        reason=f"{departure.reason} {line.owes.reason}",
    )


def note_records(departure: Departure, found: Found) -> None:
    """What the rules say of each record as it is now; whose it was before stays as it was first noted."""
    DepartureRecord.objects.bulk_create(
        [
            DepartureRecord(
                departure=departure,
                appraisal=line.appraisal,
                part=line.part,
                owed=line.owes.owed or "",
                why=line.owes.reason,
                days_on_plan=line.owes.days_on_plan,
                days_left=line.owes.days_left,
                document=line.document,
                official_before=line.appraisal.rating_official,
                reviewer_before=line.appraisal.higher_level_reviewer,
            )
            for line in found.lines
        ],
        update_conflicts=True,
        unique_fields=["departure", "appraisal"],
        update_fields=["part", "owed", "why", "days_on_plan", "days_left", "document"],
    )
