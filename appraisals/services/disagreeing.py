"""An employee asks that a rating be looked at again, or puts a disagreement on record (R7.11, R11)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from appraisals import rules
from appraisals.models import (
    AppraisalEvent,
    Decision,
    Disagreement,
    DisagreementKind,
    DisagreementState,
    Document,
    PolicyEdition,
    RatingOfRecord,
)
from appraisals.notifications.ratings import hr_of, officials_of, settle, tell_about
from appraisals.pdf import note_final
from appraisals.permissions import may_administer_appraisal, may_answer, may_disagree
from appraisals.rules.words import date_words
from appraisals.selectors import policy_for
from appraisals.services.amending import annual_of, lock_rating, write_amendment
from appraisals.tasks import render_forms
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person
from orgchart.waking import wake


@dataclass(frozen=True)
class Filing:
    """What an employee may still do about a rating, and until when."""

    rating: RatingOfRecord
    annual: Document
    policy: PolicyEdition
    days: rules.DisagreementDays
    filed: dict[str, Disagreement]

    @property
    def is_open(self) -> bool:
        return clock.today() <= self.days.last_day

    def may_still(self, kind: str) -> bool:
        return self.is_open and kind not in self.filed


def filing_of(rating: RatingOfRecord, annual: Document) -> Filing | None:
    """By the policy in force today, from the day on which the rating was discussed."""
    if annual.communicated_on is None:
        return None
    policy = policy_for(rating.appraisal.organization, on=clock.today())
    standing = Disagreement.objects.standing().filter(rating=rating)
    return Filing(
        rating=rating,
        annual=annual,
        policy=policy,
        days=rules.disagreement_days(annual.communicated_on, policy.rules()),
        filed={each.kind: each for each in standing},
    )


@transaction.atomic
def file_disagreement(
    rating: RatingOfRecord,
    kind: DisagreementKind,
    *,
    text: str,
    by: Person,
    filed_on: dt.date | None = None,
) -> Disagreement:
    """By the employee today; or by HR for them, of a day on which it came another way."""
    locked = lock_rating(rating)
    appraisal = locked.appraisal
    is_own = may_disagree(by, appraisal)
    if not is_own and not may_administer_appraisal(by, appraisal):
        raise PermissionDenied
    annual = annual_of(appraisal)
    filing = filing_of(locked, annual) if annual else None
    if filing is None or filing.annual.communicated_on is None:
        raise Refused("The rating has not been discussed yet.")
    day = clock.today() if is_own or filed_on is None else filed_on
    problem = rules.filing_problem(
        day,
        discussed_on=filing.annual.communicated_on,
        today=clock.today(),
        policy=filing.policy.rules(),
    )
    if problem:
        raise Refused(problem)
    if kind in filing.filed:
        raise Refused(_again(filing.filed[kind]))
    is_request = kind == DisagreementKind.RECONSIDERATION
    disagreement = Disagreement.objects.create(
        rating=locked,
        policy=filing.policy,
        kind=kind,
        state=DisagreementState.WAITING if is_request else DisagreementState.ON_RECORD,
        text=text,
        filed_on=day,
        filed_at=clock.now(),
        filed_by=by,
        due_on=rules.answer_due_on(day, filing.policy.rules()) if is_request else None,
    )
    name = "ask_reconsideration" if is_request else "note_disagreement"
    _note(disagreement, name, by=by, on_behalf_of=None if is_own else appraisal.employee)
    _tell_filed(disagreement, by=by)
    if not is_request:
        _print_again(filing.annual)
    return disagreement


def _again(filed: Disagreement) -> str:
    if filed.kind == DisagreementKind.STATEMENT:
        return f"A disagreement was put on record on {date_words(filed.filed_on)} already."
    return (
        f"A request was made on {date_words(filed.filed_on)} already. There is one for each rating."
    )


def _print_again(annual: Document) -> None:
    """What is on record stands on the form, so a final form is final anew."""
    note_final(annual)
    wake(render_forms)


def _tell_filed(disagreement: Disagreement, *, by: Person) -> None:
    appraisal = disagreement.rating.appraisal
    key, link = f"disagreement:{disagreement.pk}:filed", disagreement.get_absolute_url()
    if disagreement.state == DisagreementState.WAITING and disagreement.due_on:
        answering = [
            person
            for person in (*hr_of(appraisal), *officials_of(appraisal))
            if may_answer(person, disagreement)
        ]
        due = date_words(disagreement.due_on)
        tell_about(
            appraisal, answering, "reconsideration_asked", key=key, by=by, link=link, due=due
        )
        part = "asked"
    else:
        part = "noted"
    officials = officials_of(appraisal)
    tell_about(appraisal, officials, "disagreement_noted", key=key, by=by, link=link, part=part)


@transaction.atomic
def withdraw_disagreement(disagreement: Disagreement, *, by: Person) -> Disagreement:
    """By the employee, until it is answered; what was put on record stays there."""
    locked = _locked(disagreement)
    if not may_disagree(by, locked.rating.appraisal):
        raise PermissionDenied
    if locked.state != DisagreementState.WAITING:
        raise Refused("This has been answered already, or is on record for good.")
    locked.state = DisagreementState.WITHDRAWN
    locked.save(update_fields=["state"])
    _note(locked, "withdraw_disagreement", by=by)
    _tell_officials(locked, "withdrawn", by=by)
    return locked


@transaction.atomic
def answer_disagreement(
    disagreement: Disagreement,
    *,
    answer: str,
    authority: str,
    decided_on: dt.date,
    decision: Decision | None,
    by: Person,
) -> Disagreement:
    """`decision` None: the rating stands. Else it is changed in the same transaction."""
    locked = _locked(disagreement)
    if not may_answer(by, locked):
        raise PermissionDenied
    if locked.state != DisagreementState.WAITING:
        raise Refused("Somebody else has answered this already, or it was withdrawn.")
    problem = rules.step_day_problem(
        decided_on, today=clock.today(), not_before=locked.filed_on, why="It was asked for on"
    )
    if problem:
        raise Refused(problem)
    if decision is not None:
        locked.amendment = write_amendment(locked.rating, decision, by=by, was_asked=True)
    locked.state = DisagreementState.CHANGED if decision else DisagreementState.STANDS
    locked.answer, locked.authority = answer, authority.strip()
    locked.answered_on, locked.answered_by, locked.answered_at = decided_on, by, clock.now()
    locked.save()
    _note(locked, "answer_reconsideration", by=by, outcome=locked.state)
    appraisal = locked.rating.appraisal
    tell_about(
        appraisal,
        [appraisal.employee],
        "reconsideration_answered",
        key=f"disagreement:{locked.pk}:answered",
        by=by,
        link=locked.get_absolute_url(),
    )
    if decision is None:
        _tell_officials(locked, "stands", by=by)
    else:
        settle(locked.get_absolute_url())
    return locked


def _locked(disagreement: Disagreement) -> Disagreement:
    """Behind the lock of its rating, as whoever changes that one."""
    rating = lock_rating(disagreement.rating)
    found = Disagreement.objects.select_for_update(of=("self",)).select_related("policy")
    locked = found.get(pk=disagreement.pk)
    locked.rating = rating
    return locked


def _tell_officials(disagreement: Disagreement, part: str, *, by: Person) -> None:
    appraisal = disagreement.rating.appraisal
    settle(disagreement.get_absolute_url())
    tell_about(
        appraisal,
        officials_of(appraisal),
        "disagreement_noted",
        key=f"disagreement:{disagreement.pk}:{part}",
        by=by,
        link=disagreement.get_absolute_url(),
        part=part,
    )


def _note(
    disagreement: Disagreement,
    name: str,
    *,
    by: Person,
    on_behalf_of: Person | None = None,
    **details: Any,
) -> None:
    """What was written stays in the row: the history is read by more people than it."""
    AppraisalEvent.objects.create(
        appraisal=disagreement.rating.appraisal,
        name=name,
        by=by,
        on_behalf_of=on_behalf_of,
        at=clock.now(),
        details={"disagreement": disagreement.pk, **details},
    )
