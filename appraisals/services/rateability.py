"""More time for one employee, a year that ends without a rating, and who is specially situated (R1.11, R7.8, R7.13)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from appraisals import rules
from appraisals.models import (
    Appraisal,
    AppraisalEvent,
    Extension,
    ExtensionReason,
    ExtensionState,
    NotRated,
    NotRatedReason,
    RatingOfRecord,
    Situation,
    SituationKind,
)
from appraisals.notifications.ratings import (
    hr_of,
    officials_of,
    settle,
    settle_documents,
    tell_about,
)
from appraisals.permissions import may_administer_appraisal, may_ask_extension, may_extend
from appraisals.rateability import closing_problem
from appraisals.rules.words import date_words
from appraisals.selectors import later_rating, policy_for
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person


def lock_record(appraisal: Appraisal) -> Appraisal:
    return Appraisal.objects.select_for_update(of=("self",)).with_people().get(pk=appraisal.pk)


def note_on_record(
    appraisal: Appraisal,
    name: str,
    *,
    by: Person,
    reason: str = "",
    details: Mapping[str, Any] = {},
) -> AppraisalEvent:
    return AppraisalEvent.objects.create(
        appraisal=appraisal,
        name=name,
        by=by,
        at=clock.now(),
        reason=reason,
        details=dict(details),
    )


def policy_of(appraisal: Appraisal) -> rules.Policy:
    return policy_for(appraisal.organization, on=clock.today()).rules()


def _still_open(appraisal: Appraisal) -> None:
    if RatingOfRecord.objects.filter(appraisal=appraisal).exists():
        raise Refused("The rating of record of this year is issued already.")
    if appraisal.not_rated:
        raise Refused("This year was closed without a rating. Open it again first.")


def _check_extension(appraisal: Appraisal, until: dt.date, policy: rules.Policy) -> None:
    _still_open(appraisal)
    problem = rules.extension_problem(
        until, cycle_ends_on=appraisal.cycle.ends_on, today=clock.today(), policy=policy
    )
    if problem:
        raise Refused(problem)


@transaction.atomic
def ask_extension(
    appraisal: Appraisal,
    *,
    until: dt.date,
    reason: ExtensionReason,
    explanation: str,
    by: Person,
) -> Extension:
    """R1.11: the rating official asks; HR, or the reviewer where policy says so, decides."""
    locked = lock_record(appraisal)
    if not may_ask_extension(by, locked):
        raise PermissionDenied
    policy = policy_of(locked)
    _check_extension(locked, until, policy)
    if locked.extensions.filter(state=ExtensionState.ASKED).exists():
        raise Refused("More time was asked for already. Wait for the answer.")
    extension = Extension.objects.create(
        appraisal=locked,
        until=until,
        reason=reason,
        explanation=explanation,
        state=ExtensionState.ASKED,
        asked_by=by,
        asked_at=clock.now(),
    )
    _note(locked, "ask_extension", extension, by=by, reason=explanation)
    deciders = hr_of(locked)
    if policy.reviewer_may_extend and locked.higher_level_reviewer:
        deciders.append(locked.higher_level_reviewer)
    tell_about(
        locked,
        deciders,
        "extension_asked",
        key=f"extension:{extension.pk}:asked",
        by=by,
        link=extension.get_absolute_url(),
    )
    return extension


@transaction.atomic
def grant_extension(
    appraisal: Appraisal,
    *,
    until: dt.date,
    reason: ExtensionReason,
    explanation: str,
    authority: str,
    by: Person,
) -> Extension:
    """Without having been asked. One that holds already is replaced and stays on record."""
    locked = lock_record(appraisal)
    policy = policy_of(locked)
    if not may_extend(by, locked, policy):
        raise PermissionDenied
    _check_extension(locked, until, policy)
    extension = Extension(
        appraisal=locked,
        until=until,
        reason=reason,
        explanation=explanation,
        asked_by=by,
        asked_at=clock.now(),
    )
    return _grant(locked, extension, authority=authority, by=by)


@transaction.atomic
def decide_extension(
    extension: Extension, *, granted: bool, authority: str, answer: str, by: Person
) -> Extension:
    appraisal = lock_record(extension.appraisal)
    locked = Extension.objects.select_for_update().get(pk=extension.pk)
    locked.appraisal = appraisal
    policy = policy_of(appraisal)
    if not may_extend(by, appraisal, policy):
        raise PermissionDenied
    if locked.state != ExtensionState.ASKED:
        raise Refused("Somebody else has decided this already. Nothing was changed.")
    locked.answer = answer
    if granted:
        _check_extension(appraisal, locked.until, policy)
        return _grant(appraisal, locked, authority=authority, by=by)
    _decide(locked, ExtensionState.DECLINED, authority=authority, by=by)
    _note(appraisal, "decline_extension", locked, by=by, reason=answer)
    _tell_decided(locked, "declined", by=by, people=[locked.asked_by])
    return locked


def _grant(appraisal: Appraisal, extension: Extension, *, authority: str, by: Person) -> Extension:
    for earlier in appraisal.extensions.filter(state=ExtensionState.GRANTED):
        _decide(earlier, ExtensionState.ENDED, authority=earlier.authority, by=by)
    _decide(extension, ExtensionState.GRANTED, authority=authority, by=by)
    appraisal.extended_until = extension.until
    appraisal.save(update_fields=["extended_until"])
    _note(appraisal, "extend", extension, by=by, reason=extension.explanation)
    _tell_decided(extension, "granted", by=by)
    return extension


def _decide(extension: Extension, state: ExtensionState, *, authority: str, by: Person) -> None:
    extension.state = state
    extension.authority = authority.strip()
    extension.decided_on, extension.decided_at = clock.today(), clock.now()
    extension.decided_by = by
    extension.save()


@transaction.atomic
def end_extension(appraisal: Appraisal, *, why: str, by: Person) -> Appraisal:
    """The period ends with the cycle again, as long as nothing was rated in it."""
    locked = lock_record(appraisal)
    if not may_extend(by, locked, policy_of(locked)):
        raise PermissionDenied
    _still_open(locked)
    extension = locked.extensions.filter(state=ExtensionState.GRANTED).first()
    if extension is None:
        raise Refused("No extension holds for this record.")
    extension.answer = why
    _decide(extension, ExtensionState.ENDED, authority=extension.authority, by=by)
    locked.extended_until = None
    locked.save(update_fields=["extended_until"])
    _note(locked, "end_extension", extension, by=by, reason=why)
    _tell_decided(extension, "ended", by=by)
    return locked


def _note(
    appraisal: Appraisal, name: str, extension: Extension, *, by: Person, reason: str
) -> None:
    details = {
        "until": extension.until.isoformat(),
        "why": extension.get_reason_display(),
        "authority": extension.authority,
    }
    note_on_record(appraisal, name, by=by, reason=reason, details=details)


def _tell_decided(
    extension: Extension, part: str, *, by: Person, people: list[Person] | None = None
) -> None:
    appraisal = extension.appraisal
    settle(extension.get_absolute_url())
    tell_about(
        appraisal,
        people or [appraisal.employee, *officials_of(appraisal)],
        "extension_decided",
        key=f"extension:{extension.pk}:{part}",
        by=by,
        part=part,
        until=date_words(extension.until),
    )


# A year that ends without a rating


@transaction.atomic
def close_year(
    appraisal: Appraisal, *, reason: NotRatedReason, explanation: str, by: Person
) -> NotRated:
    locked = lock_record(appraisal)
    if not may_administer_appraisal(by, locked):
        raise PermissionDenied
    _still_open(locked)
    problem = closing_problem(locked, reason, explanation)
    if problem:
        raise Refused(problem)
    closing = NotRated.objects.create(
        appraisal=locked,
        reason=reason,
        explanation=explanation.strip(),
        closed_by=by,
        closed_at=clock.now(),
    )
    locked.not_rated = reason
    locked.save(update_fields=["not_rated"])
    for asked in locked.extensions.filter(state=ExtensionState.ASKED):
        asked.answer = "The year was closed without a rating."
        _decide(asked, ExtensionState.DECLINED, authority=by.full_name, by=by)
        settle(asked.get_absolute_url())
    details = {"why": closing.get_reason_display()}
    note_on_record(locked, "close_year", by=by, reason=explanation, details=details)
    settle_documents(locked.documents.all())
    _tell_closed(locked, closing, "closed", by=by)
    return closing


@transaction.atomic
def reopen_year(appraisal: Appraisal, *, why: str, by: Person) -> Appraisal:
    """What was closed by mistake goes on where it stood; not behind a later rating (R7.12)."""
    locked = lock_record(appraisal)
    if not may_administer_appraisal(by, locked):
        raise PermissionDenied
    closing = locked.closings.select_for_update().filter(undone_at=None).first()
    if closing is None:
        raise Refused("This year is not closed.")
    if later := later_rating(locked):
        raise Refused(later)
    closing.undone_by, closing.undone_at, closing.undone_why = by, clock.now(), why
    closing.save()
    locked.not_rated = ""
    locked.save(update_fields=["not_rated"])
    note_on_record(locked, "reopen_year", by=by, reason=why)
    _tell_closed(locked, closing, "reopened", by=by)
    return locked


def _tell_closed(appraisal: Appraisal, closing: NotRated, part: str, *, by: Person) -> None:
    tell_about(
        appraisal,
        [appraisal.employee, *officials_of(appraisal)],
        "year_closed",
        key=f"closing:{closing.pk}:{part}",
        by=by,
        part=part,
    )


# Who is specially situated


@transaction.atomic
def enter_situation(
    appraisal: Appraisal,
    *,
    kind: SituationKind,
    starts_on: dt.date,
    ends_on: dt.date | None,
    by: Person,
) -> Situation:
    """R7.13: of the employee, so it holds for every record that its days touch."""
    locked = lock_record(appraisal)
    if not may_administer_appraisal(by, locked):
        raise PermissionDenied
    if ends_on and ends_on < starts_on:
        raise Refused("The last day comes before the first day. Put the days right.")
    situation = Situation.objects.create(
        employee=locked.employee,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        entered_by=by,
        entered_at=clock.now(),
    )
    _note_situation(locked, "enter_situation", situation, by=by)
    return situation


@transaction.atomic
def end_situation(
    situation: Situation, appraisal: Appraisal, *, ends_on: dt.date | None, by: Person
) -> Situation:
    """With its last day; or, `ends_on` None, taken out because it was entered wrongly."""
    locked = lock_record(appraisal)
    found = Situation.objects.select_for_update().standing().get(pk=situation.pk)
    if not may_administer_appraisal(by, locked) or found.employee_id != locked.employee_id:
        raise PermissionDenied
    if ends_on is None:
        found.removed_by, found.removed_at = by, clock.now()
    elif ends_on < found.starts_on:
        raise Refused(f"It began on {date_words(found.starts_on)}. Choose that day or a later one.")
    else:
        found.ends_on = ends_on
    found.save()
    name = "change_situation" if ends_on else "remove_situation"
    _note_situation(locked, name, found, by=by)
    return found


def _note_situation(appraisal: Appraisal, name: str, situation: Situation, *, by: Person) -> None:
    """On every record of the employee that its days touch."""
    records = Appraisal.objects.filter(
        employee=situation.employee_id, cycle__ends_on__gte=situation.starts_on
    )
    if situation.ends_on:
        records = records.filter(cycle__starts_on__lte=situation.ends_on)
    details = {
        "why": situation.get_kind_display(),
        "from": situation.starts_on.isoformat(),
        "until": situation.ends_on.isoformat() if situation.ends_on else "",
    }
    for record in {appraisal.pk: appraisal, **{each.pk: each for each in records}}.values():
        note_on_record(record, name, by=by, details=details)
