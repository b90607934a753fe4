"""Who rates and who reviews a record: named with a reason and a day, every change kept (R9.9)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from appraisals.models import Appraisal, AppraisalEvent, Office, OfficialChange, State
from appraisals.notifications.steps import officials_told
from appraisals.notifications.telling import tell_each
from appraisals.permissions import may_name_officials
from appraisals.rules.words import date_words
from appraisals.selectors import policy_for
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person


@dataclass(frozen=True)
class NewOfficials:
    """What shall hold for a record that the caller has locked and loaded `with_people`."""

    appraisal: Appraisal
    rating_official: Person
    higher_level_reviewer: Person | None


@transaction.atomic
def name_officials(
    appraisal: Appraisal,
    *,
    rating_official: Person,
    higher_level_reviewer: Person | None,
    by: Person,
    reason: str,
    effective_on: dt.date | None = None,
) -> Appraisal:
    """From today, or from a day before that lies after the last change. Asking for what holds changes nothing."""
    locked = Appraisal.objects.select_for_update(of=("self",)).with_people().get(pk=appraisal.pk)
    policy = policy_for(locked.organization, on=clock.today()).rules()
    if not may_name_officials(by, locked, policy):
        raise PermissionDenied
    new = NewOfficials(locked, rating_official, higher_level_reviewer)
    if not _changes(new):
        return locked
    _check(new, effective_on or clock.today())
    write_officials([new], by=by, reason=reason, effective_on=effective_on)
    return locked


def _check(new: NewOfficials, day: dt.date) -> None:
    record, official, reviewer = new.appraisal, new.rating_official, new.higher_level_reviewer
    named = [official, *([reviewer] if reviewer else [])]
    if len({record.employee_id, *(each.pk for each in named)}) < 1 + len(named):
        raise Refused(
            "Employee, rating official and higher level reviewer must be three different people."
        )
    gone = next((each for each in named if not each.is_active), None)
    if gone:
        raise Refused(f"{gone.full_name} cannot sign in any more. Name somebody who can.")
    if reviewer is None and (waiting := _in_review(record)):
        raise Refused(
            f"{waiting} waits for the higher level reviewer. Name one, or have it taken back first."
        )
    if problem := day_problem(record, day):
        raise Refused(problem)


def day_problem(record: Appraisal, day: dt.date) -> str:
    """Why officials cannot change on that day; "" when they can."""
    if day > clock.today():
        return "This day has not come yet. Name the officials on the day, or move the person then."
    last = record.official_changes.order_by("-effective_on").first()
    if last and day < last.effective_on:
        return (
            f"The officials changed on {date_words(last.effective_on)} already. "
            "Give that day or a later one."
        )
    if day < record.starts_on:
        return (
            f"This record begins on {date_words(record.starts_on)}. Give that day or a later one."
        )
    return ""


def _in_review(record: Appraisal) -> str:
    waiting = record.documents.filter(state=State.IN_REVIEW).first()
    return waiting.title if waiting else ""


def _changes(new: NewOfficials) -> list[tuple[Office, Person | None, Person | None]]:
    """Each office that goes to somebody else: office, former, successor."""
    record = new.appraisal
    both: list[tuple[Office, Person | None, Person | None]] = [
        (Office.RATING_OFFICIAL, record.rating_official, new.rating_official),
        (Office.HIGHER_LEVEL_REVIEWER, record.higher_level_reviewer, new.higher_level_reviewer),
    ]
    return [
        (office, former, successor) for office, former, successor in both if former != successor
    ]


def write_officials(
    news: Sequence[NewOfficials],
    *,
    by: Person,
    reason: str,
    effective_on: dt.date | None = None,
    details: dict[str, Any] | None = None,
    tells: bool = True,
) -> list[AppraisalEvent]:
    """Name them on many records at once: columns, events, history, notices. In a transaction of the caller,
    who holds the records' locks and has asked whether `by` may. `details` go into every event."""
    found = [new for new in news if _changes(new)]
    day = effective_on or clock.today()
    drawn = [
        drawn_up(new, by=by, reason=reason, at=clock.now(), day=day, details=details)
        for new in found
    ]
    events = [event for event, _ in drawn]
    AppraisalEvent.objects.bulk_create(events, batch_size=1000)
    OfficialChange.objects.bulk_create((row for _, rows in drawn for row in rows), batch_size=1000)
    _name_and_tell(found, events, tells=tells)
    return events


def drawn_up(
    new: NewOfficials,
    *,
    by: Person,
    reason: str,
    at: dt.datetime,
    day: dt.date,
    details: dict[str, Any] | None = None,
) -> tuple[AppraisalEvent, list[OfficialChange]]:
    """Not saved yet, the event before its rows; also for histories that are written in bulk."""
    changes = _changes(new)
    event = AppraisalEvent(
        appraisal=new.appraisal,
        name="name_officials",
        by=by,
        at=at,
        reason=reason,
        details={
            **{office.value: [_name(old), _name(after)] for office, old, after in changes},
            **({"effective_on": day.isoformat()} if day != timezone.localdate(at) else {}),
            **(details or {}),
        },
    )
    rows = [
        OfficialChange(
            appraisal=new.appraisal,
            office=office,
            former=former,
            successor=successor,
            effective_on=day,
            event=event,
        )
        for office, former, successor in changes
    ]
    return event, rows


def _name(person: Person | None) -> str:
    return person.full_name if person else ""


def _name_and_tell(
    found: Sequence[NewOfficials], events: list[AppraisalEvent], *, tells: bool
) -> None:
    before = []
    for new in found:
        record = new.appraisal
        before.append((record.rating_official, record.higher_level_reviewer))
        record.rating_official = new.rating_official
        record.higher_level_reviewer = new.higher_level_reviewer
    records = [new.appraisal for new in found]
    Appraisal.objects.bulk_update(records, ["rating_official", "higher_level_reviewer"], 500)
    if tells:
        tell_each(
            [
                telling
                for record, was, event in zip(records, before, events, strict=True)
                for telling in officials_told(record, *was, event)
            ]
        )
