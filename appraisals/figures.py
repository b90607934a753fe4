"""More numbers of a unit and all below it: ratings by kind of position, what waits, what came back."""

import datetime as dt
from collections import Counter

from appraisals.models import AppraisalCycle
from appraisals.rollups.reading import Unit, kept_counts
from orgchart import clock
from orgchart.models import Organization

Ratings = dict[str, Counter[int]]
"""How many ratings of each level there are for each value of a dimension."""


def ratings_by(organization: Organization, cycle: AppraisalCycle, by: str) -> Ratings:
    """`by` is all, grade ("GS-11"), series ("0081"), supervisory or bargaining ("yes", "no").

    Raw counts: whoever shows them hides small groups first (R16.3).
    """
    found: Ratings = {}
    for row in kept_counts(organization, [cycle], f"rating:{by}", by_unit=False):
        _, _, value, level = row.measure.split(":")
        found.setdefault(value, Counter())[int(level)] += row.people
    return found


def ratings_below(organization: Organization, cycle: AppraisalCycle) -> dict[Unit, Counter[int]]:
    """Ratings of each level in each unit just below, and under None of the unit's own people. Raw counts."""
    found: dict[Unit, Counter[int]] = {}
    for row in kept_counts(organization, [cycle], "rating:all"):
        found.setdefault(row.unit, Counter())[int(row.measure.rsplit(":", 1)[1])] += row.people
    return found


def waiting_weeks(organization: Organization, cycle: AppraisalCycle) -> Counter[int]:
    """Documents in higher level review, by whole weeks since they were sent up."""
    today, found = clock.today(), Counter[int]()
    for row in kept_counts(organization, [cycle], "waiting", by_unit=False):
        sent_up_on = dt.date.fromisoformat(row.measure.split(":", 1)[1])
        found[max(0, (today - sent_up_on).days // 7)] += row.people
    return found


def returns_by_reason(organization: Organization, cycle: AppraisalCycle) -> Counter[str]:
    """Documents the reviewer returned in this cycle, by `ReturnReason`; OTHER where none was chosen."""
    found = Counter[str]()
    for row in kept_counts(organization, [cycle], "returned", by_unit=False):
        found[row.measure.split(":", 1)[1]] += row.people
    return found
