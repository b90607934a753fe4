"""The department's dashboard data from the kept counts, beside the plain GROUP BY they replace."""

from dataclasses import dataclass

from appraisals.counts import UnitCounts, calendar_of, unit_counts
from appraisals.models import AppraisalCycle
from bench.plain_count import plain_unit_counts
from bench.scale.databases import Database
from bench.scale.measure import seconds_of
from bench.scale.program import RUNNING, TODAY
from orgchart import clock
from orgchart.models import Organization

FASTER = 50


@dataclass(frozen=True)
class Counting:
    people: int
    plain: float
    kept: float
    agree: bool

    @property
    def times_faster(self) -> float:
        return self.plain / self.kept


def measure_counting(database: Database, *, times: int) -> Counting:
    with database.in_use(), clock.frozen(TODAY):
        top = Organization.objects.get(parent=None)
        cycle = AppraisalCycle.objects.get(name=f"FY {RUNNING}")
        calendar = calendar_of(top)

        def from_appraisals() -> UnitCounts:
            return plain_unit_counts(calendar, top, cycle)

        def from_kept_counts() -> UnitCounts:
            return unit_counts(calendar.standings(top, cycle))

        plain = from_appraisals()
        return Counting(
            people=plain.whole.people,
            plain=seconds_of(from_appraisals, times=times),
            kept=seconds_of(from_kept_counts, times=5 * times),
            agree=plain == from_kept_counts(),
        )
