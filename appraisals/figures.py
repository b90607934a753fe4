"""More numbers of a unit and all below it: ratings by kind of position, what waits, what came back."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

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


def ratings_of_cycles(
    organization: Organization, cycles: Sequence[AppraisalCycle]
) -> dict[int, dict[Unit, Counter[int]]]:
    """`ratings_below` of several cycles, by their keys; one query."""
    found: dict[int, dict[Unit, Counter[int]]] = {cycle.pk: {} for cycle in cycles}
    for row in kept_counts(organization, cycles, "rating:all"):
        level = int(row.measure.rsplit(":", 1)[1])
        found[row.cycle_id].setdefault(row.unit, Counter())[level] += row.people
    return found


def ratings_by_each(
    organization: Organization, cycles: Sequence[AppraisalCycle]
) -> dict[int, dict[str, Ratings]]:
    """`ratings_by` each way, of several cycles; one query."""
    found: dict[int, dict[str, Ratings]] = {cycle.pk: {} for cycle in cycles}
    for row in kept_counts(organization, cycles, "rating", by_unit=False):
        _, by, value, level = row.measure.split(":")
        ratings = found[row.cycle_id].setdefault(by, {})
        ratings.setdefault(value, Counter())[int(level)] += row.people
    return found


def waiting_weeks(organization: Organization, cycle: AppraisalCycle) -> Counter[int]:
    """Documents in higher level review, by whole weeks since they were sent up."""
    return sum(waiting_below(organization, cycle).values(), Counter())


def waiting_below(organization: Organization, cycle: AppraisalCycle) -> dict[Unit, Counter[int]]:
    """The same for each unit just below, and under None for the unit's own people."""
    today = clock.today()
    found: dict[Unit, Counter[int]] = {}
    for row in kept_counts(organization, [cycle], "waiting"):
        sent_up_on = dt.date.fromisoformat(row.measure.split(":", 1)[1])
        weeks = max(0, (today - sent_up_on).days // 7)
        found.setdefault(row.unit, Counter())[weeks] += row.people
    return found


def returns_by_reason(organization: Organization, cycle: AppraisalCycle) -> Counter[str]:
    """Documents the reviewer returned in this cycle, by `ReturnReason`; OTHER where none was chosen."""
    found = Counter[str]()
    for row in kept_counts(organization, [cycle], "returned", by_unit=False):
        found[row.measure.split(":", 1)[1]] += row.people
    return found
