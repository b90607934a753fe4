"""Somebody drafts for a rating official, for a time, and never signs (R8.4)."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from appraisals import rules
from appraisals.models import AppraisalEvent, Delegation, Document
from appraisals.models.scope import forget_reach
from appraisals.notifications import tell
from appraisals.permissions import (
    acts_for,
    may_delegate_for,
    may_end_delegation,
    may_report_draft,
)
from appraisals.rules.words import date_words
from appraisals.selectors import place_of, policy_for
from appraisals.services.writing import lock_document
from appraisals.workflow import record_event
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person
from orgchart.services import record


class DelegationRefused(Refused):
    """Days or people that cannot be. Holds each problem with the field that mends it."""

    def __init__(self, problems: list[rules.Problem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = problems


def policy_of(principal: Person) -> rules.Policy:
    """The edition in force where a rating official works."""
    place = place_of(principal)
    return policy_for(place, on=clock.today()).rules() if place else rules.Policy()


@transaction.atomic
def delegate(
    principal: Person,
    *,
    to: Person,
    starts_on: dt.date,
    ends_on: dt.date,
    reason: str,
    by: Person,
) -> Delegation:
    """`by` is the rating official, or HR where they work. The same pair has one at a time."""
    policy = policy_of(principal)
    if not may_delegate_for(by, principal, place_of(principal), policy):
        raise PermissionDenied
    # Whoever comes second waits here, and finds the row of the first.
    Person.objects.select_for_update(no_key=True).get(pk=principal.pk)
    problems = rules.delegation_problems(starts_on, ends_on, today=clock.today(), policy=policy)
    problems += _people_problems(principal, to) or _meets(principal, to, starts_on, ends_on)
    if problems:
        raise DelegationRefused(problems)
    made = Delegation.objects.create(
        principal=principal,
        delegate=to,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        made_by=by,
        made_at=clock.now(),
    )
    forget_reach(to)
    _note(made, "delegation_given", by=by, reason=reason)
    _tell(made, "given", by=by)
    return made


def _people_problems(principal: Person, to: Person) -> list[rules.Problem]:
    if to.pk == principal.pk:
        return [
            rules.Problem(
                "R8.4", f"{to.full_name} is the rating official. Name somebody else.", field="to"
            )
        ]
    if not to.is_active:
        sentence = f"{to.full_name} cannot sign in any more. Name somebody who can."
        return [rules.Problem("R8.4", sentence, field="to")]
    return []


def _meets(
    principal: Person, to: Person, starts_on: dt.date, ends_on: dt.date
) -> list[rules.Problem]:
    same = Delegation.objects.filter(principal=principal, delegate=to, ended_at__isnull=True)
    held = same.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if held is None:
        return []
    sentence = (
        f"{to.full_name} drafts for {principal.full_name} from {date_words(held.starts_on)} to "
        f"{date_words(held.ends_on)} already. Choose days after that, or end it first."
    )
    return [rules.Problem("R8.4", sentence, field="starts_on")]


@transaction.atomic
def end_delegation(delegation: Delegation, *, by: Person, reason: str) -> Delegation:
    """At once, whatever its last day. Ending what is over changes nothing."""
    locked = Delegation.objects.select_for_update(of=("self",)).with_people().get(pk=delegation.pk)
    if not may_end_delegation(by, locked, place_of(locked.principal)):
        raise PermissionDenied
    if locked.ended_at is not None or locked.ends_on < clock.today():
        return locked
    return _end(locked, by=by, reason=reason)


@transaction.atomic
def end_delegations_of(person: Person, *, by: Person, reason: str) -> list[Delegation]:
    """Given and held, when somebody leaves. The caller has asked whether `by` may do that."""
    both = Delegation.objects.filter(principal=person) | Delegation.objects.filter(delegate=person)
    running = both.not_over(clock.today()).with_people().order_by("pk")
    return [_end(each, by=by, reason=reason) for each in running.select_for_update(of=("self",))]


def _end(delegation: Delegation, *, by: Person, reason: str) -> Delegation:
    delegation.ended_by, delegation.ended_at, delegation.end_reason = by, clock.now(), reason
    delegation.save(update_fields=["ended_by", "ended_at", "end_reason"])
    forget_reach(delegation.delegate)
    _note(delegation, "delegation_ended", by=by, reason=reason)
    _tell(delegation, "ended", by=by)
    return delegation


def _note(delegation: Delegation, what: str, *, by: Person, reason: str) -> None:
    record(
        what,
        by=by,
        person=delegation.principal,
        organization=place_of(delegation.principal),
        delegation=delegation.pk,
        delegate=delegation.delegate.full_name,
        starts_on=delegation.starts_on.isoformat(),
        ends_on=delegation.ends_on.isoformat(),
        reason=reason,
    )


def _tell(delegation: Delegation, what: str, *, by: Person) -> None:
    """Both sides, but never whoever did it."""
    sides = {"principal": delegation.principal, "delegate": delegation.delegate}
    for part, person in sides.items():
        if person.pk != by.pk:
            tell(
                person,
                "delegation",
                key=f"delegation:{delegation.pk}:{what}",
                link=delegation.get_absolute_url(),
                part=part,
                what=what,
                principal=delegation.principal.full_name,
                delegate=delegation.delegate.full_name,
                starts_on=date_words(delegation.starts_on),
                ends_on=date_words(delegation.ends_on),
            )


@transaction.atomic
def report_draft(document: Document, *, by: Person) -> AppraisalEvent:
    """The delegate is done for now: the rating official reads it and takes the step."""
    locked = lock_document(document)
    if not may_report_draft(by, locked):
        raise PermissionDenied
    principal = acts_for(by, locked)
    assert principal is not None  # noqa: S101  # may_report_draft has asked
    event = record_event(locked, name="report_draft", by=by)
    tell(
        principal,
        "draft_ready",
        key=f"draft:{event.pk}",
        link=locked.get_absolute_url(),
        policy=locked.policy.rules(),
        what=locked.title,
        employee=locked.appraisal.employee.full_name,
        by=by.full_name,
    )
    return event
