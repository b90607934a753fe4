"""Running the program: cycles with milestones, policy editions, mission and goals."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from appraisals.models import (
    AppraisalCycle,
    Goal,
    Milestone,
    MilestoneKind,
    MissionStatement,
    PolicyEdition,
)
from appraisals.permissions import may_administer, may_edit_goals
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Organization, Person


def suggested_milestones(
    starts_on: dt.date, ends_on: dt.date, effective_on: dt.date
) -> dict[MilestoneKind, dt.date]:
    """Dates to start from when a cycle is opened. Only the plan's has a source (R1.3); HR edits all."""
    day = dt.timedelta(days=1)
    return {
        MilestoneKind.PLAN_DUE: starts_on + 29 * day,
        MilestoneKind.PROGRESS_REVIEW_DUE: starts_on + 213 * day,
        MilestoneKind.INPUT_DUE: ends_on,
        MilestoneKind.APPRAISAL_DUE: ends_on + 15 * day,
        MilestoneKind.REVIEW_DUE: ends_on + 30 * day,
        MilestoneKind.DISCUSSION_DUE: ends_on + 45 * day,
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
    return cycle


@transaction.atomic
def write_policy_edition(
    organization: Organization,
    *,
    name: str,
    effective_on: dt.date,
    values: Mapping[str, Any],
    core_values: str,
    by: Person,
) -> PolicyEdition:
    """A new edition from a day that has not begun; what was decided under an earlier one stays."""
    if not may_administer(by, organization):
        raise PermissionDenied
    if effective_on <= clock.today():
        raise Refused("A policy edition takes effect on a day ahead. Choose tomorrow or later.")
    if PolicyEdition.objects.filter(organization=organization, effective_on=effective_on).exists():
        raise Refused(f"{organization.name} already has an edition from that day.")
    edition = PolicyEdition(
        organization=organization,
        name=name,
        effective_on=effective_on,
        values=dict(values),
        core_values=core_values,
        written_by=by,
        written_at=clock.now(),
    )
    edition.full_clean()
    edition.save()
    return edition


@transaction.atomic
def set_mission(
    organization: Organization, *, cycle: AppraisalCycle, text: str, by: Person
) -> MissionStatement:
    if not may_edit_goals(by, organization):
        raise PermissionDenied
    mission, _ = MissionStatement.objects.update_or_create(
        organization=organization, cycle=cycle, defaults={"text": text}
    )
    return mission


@transaction.atomic
def save_goal(goal: Goal, *, by: Person) -> Goal:
    """A new or changed goal. The goal it serves must belong to an organization above, same cycle."""
    if not may_edit_goals(by, goal.organization):
        raise PermissionDenied
    above = goal.serves
    if above is not None:
        lies_above = (
            goal.organization.path.startswith(above.organization.path)
            and goal.organization_id != above.organization_id
        )
        if above.cycle_id != goal.cycle_id or not lies_above:
            raise Refused("Choose a goal of an organization above this one, in the same cycle.")
    goal.save()
    return goal


@transaction.atomic
def delete_goal(goal: Goal, *, by: Person) -> None:
    if not may_edit_goals(by, goal.organization):
        raise PermissionDenied
    if goal.elements.exists() or goal.served_by.exists():
        raise Refused(
            "Elements or goals below serve this goal, so it cannot be deleted. Change its words instead."
        )
    goal.delete()
