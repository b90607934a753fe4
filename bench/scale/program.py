"""What the department has beside its people: four cycles, policy, goals of its upper three levels, HR."""

import datetime as dt

from django.db.models import Q

from appraisals.demonstration.goals import CORE_VALUES, MISSIONS
from appraisals.demonstration.occupations.supervisors import ACCOUNTABILITY, WHISTLEBLOWER
from appraisals.models import (
    AppraisalCycle,
    Goal,
    MandatoryElement,
    MissionStatement,
    PolicyEdition,
)
from bench.cycles import fiscal_cycle
from orgchart import clock
from orgchart.models import Assignment, Organization, RoleGrant

TODAY = dt.date(2027, 4, 6)
RUNNING = 2027
YEARS = (2024, 2025, 2026, RUNNING)
LEVELS = 3
TITLES = (
    "Forces that are ready on the day they are called",
    "People who are trained, cared for and stay",
    "Money spent where it does the most good",
    "Systems that work and are safe",
    "Bases that can sustain the force",
)
"""The department has all five; each level below serves one fewer with a goal of its own."""


def fill_program(command: str) -> None:
    """HR and the auditor of the whole are two specialists of the command that is in both databases."""
    top = Organization.objects.get(parent=None)
    day = dt.date(2020, 1, 1)
    PolicyEdition.objects.create(
        name="DoD program",
        organization=top,
        effective_on=day,
        core_values=CORE_VALUES,
        written_at=clock.now(),
    )
    MandatoryElement.objects.bulk_create(
        MandatoryElement(
            code=text.mandatory,
            rule="R3.8",
            organization=top,
            applies_to=MandatoryElement.AppliesTo.SUPERVISORS,
            starts_on=day,
            title=text.title,
            description=text.description,
            standards=text.standards,
        )
        for text in (ACCOUNTABILITY, WHISTLEBLOWER)
    )
    for year in YEARS:
        fiscal_cycle(top, year)
    _goals(AppraisalCycle.objects.get(name=f"FY {RUNNING}"))
    _grants(top, command)


def upper_units() -> list[Organization]:
    """The department, its components and their commands, each after what it lies in."""
    below = Q(parent=None) | Q(parent__parent=None) | Q(parent__parent__parent=None)
    return sorted(Organization.objects.filter(below), key=lambda unit: (unit.level, unit.path))


def _goals(cycle: AppraisalCycle) -> None:
    units = upper_units()
    MissionStatement.objects.bulk_create(
        MissionStatement(
            cycle=cycle,
            organization=unit,
            text=MISSIONS["DOD"],
            published_at=cycle.opened_at,
        )
        for unit in units
    )
    made: dict[tuple[int, int], Goal] = {}
    for unit in units:
        for position in range(1, len(TITLES) + 1 - unit.level):
            goal = Goal(
                cycle=cycle,
                organization=unit,
                serves=made.get((unit.parent_id or 0, position)),
                position=position,
                title=f"{TITLES[position - 1]}: {unit.name}"[:200],
                published_at=cycle.opened_at,
            )
            made[unit.pk, position] = goal
            goal.save()


def _grants(top: Organization, command: str) -> None:
    unit = Organization.objects.get(code=command)
    specialists = (
        Assignment.objects.in_subtree(unit)
        .on(TODAY)
        .filter(is_supervisor=False)
        .order_by("-employee__dod_id")
    )
    roles = (RoleGrant.Role.HR_ADMINISTRATOR, RoleGrant.Role.AUDITOR)
    for held, role in zip(specialists[: len(roles)], roles, strict=True):
        RoleGrant.objects.create(
            person_id=held.employee_id, role=role, organization=top, starts_on=dt.date(2025, 1, 1)
        )
