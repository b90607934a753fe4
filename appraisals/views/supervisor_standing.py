"""How each first-level supervisor below a reviewer stands in one cycle: numbers, and who is behind each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from appraisals.models import Appraisal, AppraisalCycle, Kind, NudgePurpose, State
from appraisals.models.scope import Party
from appraisals.supervision import Figures, figures_of
from appraisals.supervision_facts import Facts
from appraisals.turns import Turn, current_turn, documents_of, was_returned
from appraisals.views.rows import is_far, open_turns, plan_due_on, running_cycles
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
    return any(was_returned(document) for document in record.documents.all())


SHOWN: dict[str, tuple[str, Callable[[Appraisal], bool]]] = {
    "plans": ("Plans approved", _plan_approved),
    "reviews": ("Progress reviews held", _review_held),
    "ratings": ("Ratings approved", _rating_approved),
    "waiting": ("Waiting for your review", _in_review),
    "late": ("Late", _late),
    "returned": ("Returned by you", _returned),
}

MISSING: dict[str, tuple[str, Callable[[Figures], frozenset[int]]]] = {
    "late_plans": ("Plans not on time", lambda figures: figures.plans.share.missing),
    "late_reviews": ("Progress reviews not on time", lambda figures: figures.reviews.share.missing),
    "late_ratings": ("Ratings not on time", lambda figures: figures.ratings.share.missing),
    "not_held": ("Progress review owed", lambda figures: figures.held.missing),
    "came_back": ("Came back", lambda figures: figures.first_time.missing),
    "no_narrative": ("Required narrative missing", lambda figures: figures.required.missing),
    "unanswered": ("Input without an answer", lambda figures: figures.answered.missing),
}
"""The people behind a figure: those whose record it leaves out."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What is the supervisor's to do now, and for whom: what a reminder stands on."""

    purpose: NudgePurpose
    records: list[Appraisal]
    without: list[Assignment]
    late: int

    @property
    def employee_ids(self) -> list[int]:
        return [
            *(record.employee_id for record in self.records),
            *(report.employee_id for report in self.without),
        ]

    @property
    def count(self) -> int:
        return len(self.records) + len(self.without)


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

    def figures(self, facts: Facts) -> Figures:
        return figures_of(self.records, facts, without=self.without)

    def owed(self, cycle: AppraisalCycle) -> list[Owed]:
        """Every purpose that somebody stands behind."""
        found: dict[NudgePurpose, list[tuple[Appraisal, Turn]]] = {}
        for record in self.records:
            for turn in open_turns(record):
                purpose = purpose_of(turn)
                if purpose:
                    found.setdefault(purpose, []).append((record, turn))
        if self.without:
            found.setdefault(NudgePurpose.PLANS, [])
        due = plan_due_on(cycle)
        overdue = due is not None and due < clock.today()
        return [
            _owed(
                purpose,
                found[purpose],
                self.without if purpose == NudgePurpose.PLANS else [],
                overdue=overdue,
            )
            for purpose in NudgePurpose
            if purpose in found
        ]


def _owed(
    purpose: NudgePurpose,
    turns: Sequence[tuple[Appraisal, Turn]],
    without: list[Assignment],
    *,
    overdue: bool,
) -> Owed:
    records = {record.pk: record for record, _ in turns}
    late = {record.pk for record, turn in turns if turn.is_late}
    return Owed(
        purpose,
        list(records.values()),
        without,
        len(late) + (len(without) if overdue else 0),
    )


def purpose_of(turn: Turn) -> NudgePurpose | None:
    """What a rating official is asked for by this turn; nothing when it is somebody else's, or far off."""
    document = turn.document
    if document is None and turn.party is None:
        return NudgePurpose.PLANS
    if turn.party != Party.RATING_OFFICIAL or is_far(turn, today=clock.today()):
        return None
    if document is not None and document.state == State.APPROVED:
        return NudgePurpose.DISCUSSIONS
    if document is not None and was_returned(document):
        return NudgePurpose.RETURNED
    return (NudgePurpose.PLANS, NudgePurpose.REVIEWS, NudgePurpose.RATINGS)[turn.stage]


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
