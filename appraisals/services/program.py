"""Running the program: cycles with milestones."""

import datetime as dt
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError

from appraisals.editions.cycles import foresee_cycle
from appraisals.models import (
    AppraisalCycle,
    Milestone,
    MilestoneKind,
)
from appraisals.permissions import may_administer
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Organization, Person
from orgchart.services import record


def suggested_milestones(
    starts_on: dt.date, ends_on: dt.date, effective_on: dt.date
) -> dict[MilestoneKind, dt.date]:
    """Dates to start from when a cycle is opened. Only the plan's has a source (R1.3); HR edits all."""
    day = dt.timedelta(days=1)
    # A school year ends a month before its ratings take effect: the steps come closer together.
    step = min(15, (effective_on - day - ends_on).days // 4)
    return {
        MilestoneKind.PLAN_DUE: starts_on + 29 * day,
        MilestoneKind.PROGRESS_REVIEW_DUE: starts_on + 213 * day,
        MilestoneKind.INPUT_DUE: ends_on,
        MilestoneKind.APPRAISAL_DUE: ends_on + step * day,
        MilestoneKind.REVIEW_DUE: ends_on + 2 * step * day,
        MilestoneKind.DISCUSSION_DUE: ends_on + 3 * step * day,
        MilestoneKind.ACKNOWLEDGMENT_DUE: effective_on - day,
    }


@transaction.atomic
def open_cycle(
    organization: Organization,
    *,
    name: str,
    starts_on: dt.date,
    ends_on: dt.date,
    effective_on: dt.date,
    milestones: Mapping[MilestoneKind, dt.date],
    by: Person,
) -> AppraisalCycle:
    """R1.12: one calendar per organization that elects its own; everyone below follows the nearest."""
    if not may_administer(by, organization):
        raise PermissionDenied
    if AppraisalCycle.objects.filter(
        organization=organization, starts_on__lte=ends_on, ends_on__gte=starts_on
    ).exists():
        raise Refused(f"{organization.name} already has a cycle in these dates.")
    held_back = foresee_cycle(organization, starts_on=starts_on, ends_on=ends_on).refusal
    if held_back:
        raise Refused(held_back)
    cycle = AppraisalCycle.objects.create(
        name=name,
        organization=organization,
        starts_on=starts_on,
        ends_on=ends_on,
        effective_on=effective_on,
        opened_by=by,
        opened_at=clock.now(),
    )
    Milestone.objects.bulk_create(
        Milestone(cycle=cycle, kind=kind, due_on=due_on) for kind, due_on in milestones.items()
    )
    record(
        "cycle_opened",
        by=by,
        organization=organization,
        name=name,
        starts_on=starts_on.isoformat(),
        ends_on=ends_on.isoformat(),
    )
    return cycle


@transaction.atomic
def withdraw_cycle(cycle: AppraisalCycle, *, reason: str, by: Person) -> None:
    """Before its first day, and only while nothing was begun in it."""
    if not may_administer(by, cycle.organization):
        raise PermissionDenied
    if cycle.starts_on <= clock.today():
        raise Refused(f"{cycle.name} has begun, so it stays.")
    try:
        cycle.delete()
    except ProtectedError as error:
        raise Refused(
            f"Goals or records of {cycle.name} were made already, so it stays."
        ) from error
    record(
        "cycle_withdrawn",
        by=by,
        organization=cycle.organization,
        name=cycle.name,
        reason=reason,
    )
