"""A changed rating beside the original (R11.5): by a decision that has an authority, and never overwritten."""

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from appraisals import rules
from appraisals.models import (
    AmendmentReason,
    AppraisalEvent,
    Kind,
    RatingAmendment,
    RatingOfRecord,
)
from appraisals.permissions import may_administer_appraisal
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person


@transaction.atomic
def amend_rating(
    rating: RatingOfRecord,
    levels: Sequence[int],
    *,
    reason: AmendmentReason,
    authority: str,
    decided_on: dt.date,
    by: Person,
) -> RatingAmendment:
    """`levels` of all elements in their order; the rating follows from them as always (R7.4)."""
    locked = (
        RatingOfRecord.objects.select_for_update(of=("self",))
        .select_related("appraisal__organization", "appraisal__employee")
        .get(pk=rating.pk)
    )
    if not may_administer_appraisal(by, locked.appraisal):
        raise PermissionDenied
    if not authority.strip():
        raise Refused("Say who decided: a changed rating has an authority.")
    issued_on = timezone.localdate(locked.issued_at)
    problem = rules.step_day_problem(
        decided_on, today=clock.today(), not_before=issued_on, why="The rating was issued on"
    )
    if problem:
        raise Refused(problem)
    annual = locked.appraisal.documents.filter(kind=Kind.ANNUAL_APPRAISAL).first()
    policy = annual.policy.rules() if annual else rules.Policy()
    try:
        total, count = rules.sum_and_count(levels)
    except ValueError as wrong:
        raise Refused(f"{wrong}.") from None
    level = rules.summary_level(levels, policy)
    if level is None:
        raise Refused("No element is rated, so there is no rating of record (R7.9).")
    last = locked.amendments.aggregate(last=Max("version"))["last"] or 1
    amendment = RatingAmendment.objects.create(
        rating=locked,
        version=last + 1,
        level=level,
        rated_sum=total,
        rated_count=count,
        levels=list(levels),
        reason=reason,
        authority=authority.strip(),
        decided_on=decided_on,
        recorded_by=by,
        recorded_at=clock.now(),
    )
    AppraisalEvent.objects.create(
        appraisal=locked.appraisal,
        name="amend_rating",
        by=by,
        at=clock.now(),
        reason=authority.strip(),
        details={"version": last + 1, "amended_for": reason.value},
    )
    return amendment
