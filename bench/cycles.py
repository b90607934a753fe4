"""A cycle as DoD runs it, for an invented department."""

import datetime as dt

from appraisals import rules
from appraisals.models import AppraisalCycle, Milestone
from appraisals.services.program import suggested_milestones
from orgchart import clock
from orgchart.models import Organization


def fiscal_cycle(top: Organization, year: int) -> AppraisalCycle:
    """FY `year`, with its milestones as suggested; nobody has a record in it yet."""
    bounds = rules.cycle_bounds(dt.date(year - 1, 4, 1), rules.Policy())
    days = {
        "starts_on": bounds.starts_on,
        "ends_on": bounds.ends_on,
        "effective_on": bounds.effective_on,
    }
    cycle = AppraisalCycle.objects.create(
        name=f"FY {year}", organization=top, opened_at=clock.now(), **days
    )
    Milestone.objects.bulk_create(
        Milestone(cycle=cycle, kind=kind, due_on=on)
        for kind, on in suggested_milestones(*days.values()).items()
    )
    return cycle
