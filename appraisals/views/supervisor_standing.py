"""How each first-level supervisor below a reviewer stands in one cycle: numbers, and who is behind each."""

from collections.abc import Callable
from dataclasses import dataclass, field

from appraisals.models import Appraisal, AppraisalCycle, Kind, State
from appraisals.turns import current_turn, documents_of
from appraisals.views.rows import running_cycles
from orgchart import clock
from orgchart.models import Assignment, Person


def _plan_approved(record: Appraisal) -> bool:
    return any(plan.approved_on for plan in documents_of(record, Kind.PERFORMANCE_PLAN))


def _review_held(record: Appraisal) -> bool:
    return any(review.communicated_on for review in documents_of(record, Kind.PROGRESS_REVIEW))


def _rating_approved(record: Appraisal) -> bool:
    return any(annual.approved_on for annual in documents_of(record, Kind.ANNUAL_APPRAISAL))


def _in_review(record: Appraisal) -> bool:
    return any(document.state == State.IN_REVIEW for document in record.documents.all())


def _late(record: Appraisal) -> bool:
    return current_turn(record).is_late


def _returned(record: Appraisal) -> bool:
    return any(
        document.state == State.DRAFT
        and getattr(document, "last_event_name", "") == "return_for_change"
        for document in record.documents.all()
    )


SHOWN: dict[str, tuple[str, Callable[[Appraisal], bool]]] = {
    "plans": ("Plans approved", _plan_approved),
    "reviews": ("Progress reviews held", _review_held),
    "ratings": ("Ratings approved", _rating_approved),
    "waiting": ("Waiting for your review", _in_review),
    "late": ("Late", _late),
    "returned": ("Returned by you", _returned),
}


@dataclass(slots=True)
class Standing:
    """`without` are people of this supervisor with no record in the cycle that runs."""

    official: Person
    records: list[Appraisal] = field(default_factory=list)
    without: list[Assignment] = field(default_factory=list)

    @property
    def people(self) -> int:
        return len(self.records) + len(self.without)

    def having(self, name: str) -> list[Appraisal]:
        return [record for record in self.records if SHOWN[name][1](record)]

    @property
    def counts(self) -> dict[str, int]:
        return {name: len(self.having(name)) for name in SHOWN}


def standings_of(
    records: list[Appraisal], people: list[Assignment], cycle: AppraisalCycle
) -> list[Standing]:
    """By the rating official's name. `people`: who answers today to a supervisor that answers to the reader."""
    found: dict[int, Standing] = {}
    for record in records:
        official = record.rating_official
        found.setdefault(official.pk, Standing(official)).records.append(record)
    held = {record.employee_id for record in records}
    for report in _unrecorded(people, cycle):
        if report.supervisor is not None and report.employee_id not in held:
            official = report.supervisor
            found.setdefault(official.pk, Standing(official)).without.append(report)
    return sorted(
        found.values(), key=lambda each: (each.official.last_name, each.official.first_name)
    )


def _unrecorded(people: list[Assignment], cycle: AppraisalCycle) -> list[Assignment]:
    if not people or cycle.ends_on < clock.today():
        return []
    running = running_cycles((report.organization for report in people), on=clock.today())
    return [
        report
        for report in people
        if report.covered and running.get(report.organization_id) == cycle
    ]
