"""Policy editions: begun, written, scheduled, withdrawn before their day. What is in force is never changed."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError
from django.urls import reverse

from appraisals.editions import question_of, reach_of_draft
from appraisals.models import PolicyDraft, PolicyEdition, PolicyForecast
from appraisals.notifications import tell_all
from appraisals.permissions import may_administer
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Organization, Person
from orgchart.selectors import administrators_around
from orgchart.services import record


class ChangedMeanwhile(Refused):
    """Somebody else saved the draft after this person opened it."""

    def __init__(self, current: PolicyDraft) -> None:
        super().__init__(
            f"{current.changed_by.full_name} changed this edition after you opened it."
        )
        self.current = current


def _locked(draft: PolicyDraft, *, by: Person) -> PolicyDraft:
    held = (
        PolicyDraft.objects.select_for_update(of=("self",))
        .select_related("organization", "edition", "changed_by")
        .filter(pk=draft.pk)
        .first()
    )
    if held is None:
        raise Refused("This draft was discarded meanwhile.")
    if not may_administer(by, held.organization):
        raise PermissionDenied
    return held


def _unscheduled(draft: PolicyDraft, *, by: Person) -> PolicyDraft:
    held = _locked(draft, by=by)
    if held.is_scheduled:
        raise Refused("This edition is scheduled. Withdraw it before you change it.")
    return held


@transaction.atomic
def begin_draft(
    organization: Organization, *, name: str, copy_of: PolicyEdition | None, by: Person
) -> PolicyDraft:
    """`copy_of` None: from the rule book itself."""
    if not may_administer(by, organization):
        raise PermissionDenied
    now = clock.now()
    draft = PolicyDraft.objects.create(
        organization=organization,
        name=name,
        values=dict(copy_of.values) if copy_of else {},
        core_values=copy_of.core_values if copy_of else "",
        begun_by=by,
        begun_at=now,
        changed_by=by,
        changed_at=now,
    )
    record("policy_begun", by=by, organization=organization, name=name, draft=draft.pk)
    return draft


@transaction.atomic
def save_draft(
    draft: PolicyDraft,
    *,
    expected_version: int,
    name: str,
    effective_on: dt.date | None,
    values: Mapping[str, Any],
    core_values: str,
    reason: str,
    by: Person,
) -> PolicyDraft:
    """`values` is what differs from the rule book. Saving what is there already is no conflict."""
    held = _unscheduled(draft, by=by)
    given = {
        "name": name,
        "effective_on": effective_on,
        "values": dict(values),
        "core_values": core_values,
        "reason": reason,
    }
    if all(getattr(held, field) == value for field, value in given.items()):
        return held
    if held.version != expected_version:
        raise ChangedMeanwhile(held)
    for field, value in given.items():
        setattr(held, field, value)
    held.version += 1
    held.changed_by, held.changed_at = by, clock.now()
    held.full_clean()
    held.save()
    return held


@transaction.atomic
def discard_draft(draft: PolicyDraft, *, by: Person) -> None:
    held = _unscheduled(draft, by=by)
    record("policy_discarded", by=by, organization=held.organization, name=held.name, draft=held.pk)
    held.delete()


@transaction.atomic
def schedule_edition(
    draft: PolicyDraft,
    *,
    expected_version: int,
    by: Person,
) -> PolicyEdition:
    """It becomes an edition as it was last shown; on its day it is in force without anybody doing anything."""
    held = _unscheduled(draft, by=by)
    if held.version != expected_version:
        raise Refused(
            f"{held.changed_by.full_name} changed this edition after you looked at it. "
            "Look at what it changes now, then schedule it."
        )
    effective_on = _day_of(held)
    # One after the other: two editions of one organization never get the same day.
    place = Organization.objects.select_for_update(no_key=True).get(pk=held.organization_id)
    taken = PolicyEdition.objects.filter(organization=place, effective_on=effective_on)
    if taken.exists():
        raise Refused(f"{place.name} already has an edition from that day. Choose another day.")
    foreseen = _foreseen(held)
    edition = PolicyEdition(
        organization=place,
        name=held.name,
        effective_on=effective_on,
        values=held.values,
        core_values=held.core_values,
        written_by=by,
        written_at=clock.now(),
    )
    edition.full_clean()
    edition.save()
    held.edition, held.foreseen = edition, foreseen
    held.save(update_fields=["edition", "foreseen"])
    _told(held, "scheduled", by=by, reason=held.reason)
    return edition


def _foreseen(draft: PolicyDraft) -> list[dict[str, Any]]:
    """What its page says that it changes; nobody schedules what could not be looked at."""
    question = question_of(draft, reach_of_draft(draft))
    counted = PolicyForecast.objects.filter(
        draft=draft, question=question, state=PolicyForecast.State.DONE
    ).first()
    if counted is None:
        raise Refused(
            "Whom the edition meets is not counted yet as things are now. "
            "Open it again, look at what it changes, then schedule it."
        )
    found: list[dict[str, Any]] = counted.found
    return found


def _day_of(draft: PolicyDraft) -> dt.date:
    """Of a draft that is ready to be scheduled."""
    if draft.effective_on is None:
        raise Refused("The edition has no day from which it is in force. Edit it and give one.")
    if draft.effective_on <= clock.today():
        raise Refused("A policy edition takes effect on a day ahead. Choose tomorrow or later.")
    if not draft.reason.strip():
        raise Refused("The edition does not say why it is made. Edit it and give the reason.")
    return draft.effective_on


@transaction.atomic
def withdraw_edition(draft: PolicyDraft, *, reason: str, by: Person) -> PolicyDraft:
    """Before its day nothing was decided under it, so nothing is left to repair: it is a draft again."""
    held = _locked(draft, by=by)
    edition = held.edition
    if edition is None:
        raise Refused("This edition is not scheduled.")
    if edition.effective_on <= clock.today():
        raise Refused(
            "This edition is in force, and what was decided under it stays. "
            "Write another edition from a day ahead."
        )
    held.edition = None
    held.version += 1
    held.save(update_fields=["edition", "version"])
    try:
        edition.delete()
    except ProtectedError as error:
        raise Refused("Records were opened under this edition, so it stays.") from error
    _told(held, "withdrawn", by=by, reason=reason)
    return held


def _told(draft: PolicyDraft, what: str, *, reason: str, by: Person) -> None:
    """An event of the organization, and word to everybody who administers there, above or below."""
    place, day = draft.organization, draft.effective_on
    assert day is not None  # noqa: S101  # a constraint: what is or was scheduled has its day
    record(
        f"policy_{what}",
        by=by,
        organization=place,
        name=draft.name,
        draft=draft.pk,
        effective_on=day.isoformat(),
        reason=reason,
    )
    tell_all(
        administrators_around(place, on=clock.today()).exclude(pk=by.pk),
        "policy_edition",
        key=f"policy:{draft.pk}:{what}:{draft.version}",
        link=reverse("policy_list"),
        organization=place.name,
        name=draft.name,
        day=f"{day:%-d %B %Y}",
        what=what,
    )
