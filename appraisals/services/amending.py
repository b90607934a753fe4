"""A changed rating beside the original (R11.5): by a decision that has an authority, and never overwritten."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from appraisals import rules
from appraisals.models import (
    Appraisal,
    AppraisalEvent,
    Decision,
    Document,
    Kind,
    RatingAmendment,
    RatingOfRecord,
    current_rating,
)
from appraisals.notifications.ratings import officials_of, tell_about
from appraisals.pdf import note_final
from appraisals.permissions import may_administer_appraisal
from appraisals.problems import rated_levels
from appraisals.tasks import render_forms
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person
from orgchart.waking import wake


def annual_of(appraisal: Appraisal) -> Document | None:
    """The annual appraisal with what is written in it."""
    documents = Document.objects.with_contents().filter(appraisal=appraisal)
    return documents.filter(kind=Kind.ANNUAL_APPRAISAL).first()


def levels_now(rating: RatingOfRecord, annual: Document | None) -> list[int]:
    """Of the elements in their order, as they count today; none where no appraisal is held here."""
    newest = current_rating(rating).amendment
    if newest is not None:
        return [int(level) for level in newest.levels]
    return rated_levels(annual) if annual else []


@transaction.atomic
def record_decision(rating: RatingOfRecord, decision: Decision, *, by: Person) -> RatingAmendment:
    """HR records what was decided elsewhere; the rating follows from the elements as always (R7.4)."""
    locked = lock_rating(rating)
    if not may_administer_appraisal(by, locked.appraisal):
        raise PermissionDenied
    return write_amendment(locked, decision, by=by)


def lock_rating(rating: RatingOfRecord) -> RatingOfRecord:
    return RatingOfRecord.objects.select_for_update(of=("self",)).with_record().get(pk=rating.pk)


def write_amendment(
    locked: RatingOfRecord, decision: Decision, *, by: Person, was_asked: bool = False
) -> RatingAmendment:
    """In a transaction of the caller, who locked the rating and asked whether `by` may."""
    annual = annual_of(locked.appraisal)
    policy = annual.policy.rules() if annual else rules.Policy()
    _check(locked, decision, annual, policy, was_asked=was_asked)
    total, count = rules.sum_and_count(decision.levels)
    last = locked.amendments.aggregate(last=Max("version"))["last"] or 1
    amendment = RatingAmendment.objects.create(
        rating=locked,
        version=last + 1,
        level=rules.summary_level(decision.levels, policy) or 0,
        rated_sum=total,
        rated_count=count,
        levels=list(decision.levels),
        reason=decision.reason,
        authority=decision.authority.strip(),
        explanation=decision.explanation.strip(),
        approved_by=decision.approved_by.strip(),
        decided_on=decision.decided_on,
        recorded_by=by,
        recorded_at=clock.now(),
    )
    AppraisalEvent.objects.create(
        appraisal=locked.appraisal,
        name="amend_rating",
        by=by,
        at=clock.now(),
        reason=decision.authority.strip(),
        details={"version": last + 1, "amended_for": decision.reason.value},
    )
    _print_and_tell(amendment, annual, by=by)
    return amendment


def _check(
    rating: RatingOfRecord,
    decision: Decision,
    annual: Document | None,
    policy: rules.Policy,
    *,
    was_asked: bool,
) -> None:
    if not decision.authority.strip():
        raise Refused("Say who decided: a changed rating has an authority.")
    problem = rules.step_day_problem(
        decision.decided_on,
        today=clock.today(),
        not_before=timezone.localdate(rating.issued_at),
        why="The rating was issued on",
    )
    if problem:
        raise Refused(problem)
    try:
        rules.sum_and_count(decision.levels)
    except ValueError as wrong:
        raise Refused(f"{wrong}.") from None
    problems = rules.amendment_problems(
        decision.levels,
        levels_now(rating, annual),
        reason=decision.reason,
        was_asked=was_asked,
        approved_by=decision.approved_by,
        policy=policy,
    )
    if problems:
        raise Refused(" ".join(problems))


def _print_and_tell(amendment: RatingAmendment, annual: Document | None, *, by: Person) -> None:
    """A record that was final is final anew, with a form of its own (R11.5)."""
    appraisal = amendment.rating.appraisal
    if annual is not None:
        note_final(annual)
        wake(render_forms)
    key = f"amendment:{amendment.pk}"
    link = appraisal.get_absolute_url()
    tell_about(appraisal, [appraisal.employee], "rating_changed", key=key, by=by, link=link)
    tell_about(
        appraisal,
        officials_of(appraisal),
        "disagreement_noted",
        key=key,
        by=by,
        link=link,
        part="changed",
    )
