"""Numbers for leaders: grouped counts of a unit and all below it, never a text and never one rating."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q, prefetch_related_objects

from appraisals import rules
from appraisals.models import (
    AppraisalCycle,
    Milestone,
    MilestoneKind,
    PolicyEdition,
)
from appraisals.rollups.alike import RECORDED
from appraisals.rollups.reading import Unit, kept_counts
from appraisals.standing import LATE_FOR, Stage, Standings, Tally
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Organization
from orgchart.selectors import outermost

APPROVED, COMMUNICATED, ACKNOWLEDGED = 3, 4, 5
NOT_RATEABLE = "Not rateable"

STEPS: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("Acknowledged", (ACKNOWLEDGED,)),
    ("Approved", (APPROVED, COMMUNICATED)),
    ("In review", (2,)),
    ("With supervisor", (1,)),
    ("Not started", (0,)),
)
"""What a bar shows, in order, and the rungs of `standing.LADDER` each part holds."""

STAGE_NAMES = {
    Stage.PLANS: "Plans",
    Stage.REVIEWS: "Progress reviews",
    Stage.APPRAISALS: "Annual appraisals",
}
DONE_WORDS = {
    Stage.PLANS: "plans approved",
    Stage.REVIEWS: "progress reviews held",
    Stage.APPRAISALS: "ratings approved",
}
DUE = {
    Stage.PLANS: MilestoneKind.PLAN_DUE,
    Stage.REVIEWS: MilestoneKind.PROGRESS_REVIEW_DUE,
    Stage.APPRAISALS: MilestoneKind.REVIEW_DUE,
}
_RATING = (
    "Annual appraisal to be started",
    "Elements to be rated",
    "Rating in higher level review",
    "Rating to be discussed",
    "Rating to be acknowledged",
)
DOING: dict[str, tuple[str, ...]] = {
    MilestoneKind.PLAN_DUE: (
        "No plan yet",
        "Plan being written",
        "Plan in higher level review",
        "Plan to be discussed",
        "Plan to be acknowledged",
    ),
    MilestoneKind.PROGRESS_REVIEW_DUE: (
        "Progress review to be held",
        "Progress review being written",
        "Progress review in higher level review",
        "Progress review to be discussed",
        "Progress review to be acknowledged",
    ),
    **dict.fromkeys(LATE_FOR[Stage.APPRAISALS], _RATING),
}
"""What a record waits for, by the milestone ahead of it and the rung its document stands on."""

DONE_FROM = {Stage.PLANS: APPROVED, Stage.REVIEWS: COMMUNICATED, Stage.APPRAISALS: APPROVED}


Alike = tuple[int, int, int, bool, bool, bool, MilestoneKind | None]
"""The rungs of plan, review and annual appraisal, whether no rating is asked for, whether HR closed the year,
whether the period was extended, and what is late."""


@dataclass
class Counts:
    """One unit's numbers: how many people stand on which rung of each stage, and who is late."""

    people: int = 0
    rungs: dict[Stage, Counter[int]] = field(
        default_factory=lambda: {stage: Counter() for stage in Stage}
    )
    not_rateable: int = 0
    closed: int = 0
    extended: int = 0
    late: Counter[str] = field(default_factory=Counter)

    def add(self, alike: Alike, people: int) -> None:
        plan, review, annual, not_rateable, is_closed, is_extended, late_for = alike
        self.people += people
        self.not_rateable += people if not_rateable else 0
        self.closed += people if is_closed else 0
        self.extended += people if is_extended else 0
        self.rungs[Stage.PLANS][plan] += people
        self.rungs[Stage.REVIEWS][review] += people
        self.rungs[Stage.APPRAISALS][annual] += people
        if late_for:
            self.late[late_for] += people

    def required(self, stage: Stage) -> int:
        """R16.3: ratings are asked for only where there were enough days under a plan, and no year was closed."""
        return self.people - (self.not_rateable if stage == Stage.APPRAISALS else 0)

    def done(self, stage: Stage) -> int:
        return sum(count for rung, count in self.rungs[stage].items() if rung >= DONE_FROM[stage])

    def share(self, stage: Stage) -> int | None:
        return percent(self.done(stage), self.required(stage))

    def late_in(self, stage: Stage) -> int:
        return sum(self.late[kind] for kind in LATE_FOR[stage])

    def parts(self, stage: Stage) -> list[dict[str, object]]:
        """For components/stage_bar.html."""
        found: list[dict[str, object]] = []
        for number, (label, rungs) in enumerate(STEPS, start=1):
            count = sum(self.rungs[stage][rung] for rung in rungs)
            if stage == Stage.APPRAISALS and rungs == (0,):
                count -= self.not_rateable
            found.append({"label": label, "count": count, "css": f"b{number}"})
        if stage == Stage.APPRAISALS:
            found.append({"label": NOT_RATEABLE, "count": self.not_rateable, "css": "b6"})
        return found


def percent(part: int, whole: int) -> int | None:
    """Whole percents; 100 only when nobody is missing, 0 only when nobody is there."""
    if whole == 0:
        return None
    if part in (0, whole):
        return 100 * part // whole
    return min(99, max(1, round(100 * part / whole)))


@dataclass(frozen=True)
class UnitCounts:
    """The unit with all below it, each unit just below with all below that, and the unit alone."""

    whole: Counts
    alone: Counts
    below: dict[int, Counts]


def unit_counts(standings: Standings) -> UnitCounts:
    whole, alone, below = Counts(), Counts(), dict[int, Counts]()
    for (unit, alike), people in _counted_alike(standings.tallies).items():
        whole.add(alike, people)
        part = alone if unit is None else below.setdefault(unit, Counts())
        part.add(alike, people)
    return UnitCounts(whole, alone, below)


def _counted_alike(tallies: Iterable[Tally]) -> Counter[tuple[Unit, Alike]]:
    """Due days tell thousands of tallies apart that count as one."""
    found = Counter[tuple[Unit, Alike]]()
    for unit, judged, people in tallies:
        late_for = judged.waits_for if judged.is_late else None
        is_extended = judged.extended_until is not None and not judged.is_closed
        rungs = (judged.plan, judged.review, judged.annual)
        without = (judged.not_rateable, judged.is_closed, is_extended)
        found[unit, (*rungs, *without, late_for)] += people
    return found


@dataclass(frozen=True)
class Calendar:
    """The cycles that a unit follows, newest first, and those that units below follow instead (R1.12)."""

    cycles: list[AppraisalCycle]
    others: list[AppraisalCycle]

    @cached_property
    def editions(self) -> list[PolicyEdition]:
        return list(PolicyEdition.objects.select_related("organization"))

    def chosen(self, asked: str, *, on: dt.date, running: bool = False) -> AppraisalCycle | None:
        """The cycle asked for; else the one whose ratings are not in effect yet, else the newest."""
        by_key = {str(cycle.pk): cycle for cycle in self.cycles}
        if asked in by_key:
            return by_key[asked]
        open_still = [
            cycle
            for cycle in self.cycles
            if (cycle.ends_on if running else cycle.effective_on) >= on
        ]
        return open_still[-1] if open_still else next(iter(self.cycles), None)

    def before(self, cycle: AppraisalCycle) -> AppraisalCycle | None:
        earlier = [each for each in self.cycles if each.starts_on < cycle.starts_on]
        return earlier[0] if earlier else None

    def elsewhere(self, cycle: AppraisalCycle) -> list[AppraisalCycle]:
        return [
            other
            for other in self.others
            if other.starts_on <= cycle.ends_on and other.ends_on >= cycle.starts_on
        ]

    def edition(self, organization: Organization, *, on: dt.date) -> PolicyEdition:
        """As `selectors.policy_for`, of editions that are read already."""
        in_force = self._in_force(organization, on)
        if not in_force:
            raise Refused(f"No policy edition is in force for {organization.name}. Ask HR.")
        return max(in_force, key=lambda each: (len(each.organization.path), each.effective_on))

    def policy(self, organization: Organization, *, on: dt.date) -> rules.Policy:
        """Before the first edition the rule book itself."""
        has_edition = self._in_force(organization, on)
        return self.edition(organization, on=on).rules() if has_edition else rules.Policy()

    def _in_force(self, organization: Organization, on: dt.date) -> list[PolicyEdition]:
        return [
            edition
            for edition in self.editions
            if edition.effective_on <= on
            and organization.path.startswith(edition.organization.path)
        ]

    def standings(self, organization: Organization, cycle: AppraisalCycle) -> Standings:
        prefetch_related_objects([cycle], "milestones")
        elsewhere = sorted(other.organization.path for other in self.elsewhere(cycle))
        return Standings(
            organization=organization,
            cycle=cycle,
            editions=self.editions,
            usual=self.policy(organization, on=clock.today()),
            elsewhere=tuple(outermost(elsewhere)),
        )


def calendar_of(organization: Organization) -> Calendar:
    """One query; milestones and policy editions are read when they are asked for."""
    found = AppraisalCycle.objects.filter(around(organization)).select_related("organization")
    return calendar_from(organization, found)


def around(organization: Organization) -> Q:
    """Cycles of the unit, of those above and of those below."""
    return Q(organization__in=[*organization.ancestor_ids, organization.pk]) | Q(
        organization__path__startswith=organization.path
    )


def calendar_from(organization: Organization, cycles: Iterable[AppraisalCycle]) -> Calendar:
    """Of cycles that are read already, each with its organization; others among them do no harm."""
    path = organization.path
    found = [
        each
        for each in sorted(cycles, key=lambda each: each.starts_on, reverse=True)
        if path.startswith(each.organization.path) or each.organization.path.startswith(path)
    ]
    own = [each for each in found if organization.path.startswith(each.organization.path)]
    return Calendar(
        cycles=[each for each in own if not any(_holds_instead(other, each) for other in own)],
        others=[each for each in found if each not in own],
    )


def _holds_instead(nearer: AppraisalCycle, cycle: AppraisalCycle) -> bool:
    """An organization that opens a cycle of its own follows the one above until then."""
    is_nearer = len(nearer.organization.path) > len(cycle.organization.path)
    return is_nearer and nearer.starts_on <= cycle.ends_on and nearer.ends_on >= cycle.starts_on


def due_on(cycle: AppraisalCycle, kind: MilestoneKind) -> dt.date | None:
    prefetch_related_objects([cycle], "milestones")
    milestones: Iterable[Milestone] = cycle.milestones.all()
    return next((row.due_on for row in milestones if row.kind == kind), None)


def stage_now(cycle: AppraisalCycle, policy: rules.Policy, *, on: dt.date) -> Stage:
    """What the year is about on that day."""
    if on >= rules.appraisal_opens_on(cycle.ends_on, policy):
        return Stage.APPRAISALS
    plans_due = due_on(cycle, MilestoneKind.PLAN_DUE) or cycle.starts_on
    return Stage.PLANS if on <= plans_due + dt.timedelta(days=30) else Stage.REVIEWS


@dataclass
class Progress:
    """How many records of a cycle there are, and how many came as far as a stage asks by the end of which week."""

    records: int = 0
    done: Counter[dt.date] = field(default_factory=Counter)

    def share_by(self, day: dt.date) -> int | None:
        return percent(sum(n for done_on, n in self.done.items() if done_on <= day), self.records)


def progress_of(
    organization: Organization, cycles: Sequence[AppraisalCycle], *stages: Stage
) -> dict[tuple[int, Stage], Progress]:
    """By cycle and part of the year, in one query; a week counts on its last day, the present one today."""
    found = {(cycle.pk, stage): Progress() for cycle in cycles for stage in stages}
    starts_on, today = {cycle.pk: cycle.starts_on for cycle in cycles}, clock.today()
    about = ("at", *(f"done:{stage.value}" for stage in stages))
    for row in kept_counts(organization, cycles, *about, by_unit=False, alike=RECORDED):
        if row.measure.startswith("done:"):
            _, stage, week = row.measure.split(":")
            ended_on = starts_on[row.cycle_id] + dt.timedelta(days=7 * int(week) + 6)
            found[row.cycle_id, Stage(stage)].done[min(ended_on, today)] += row.people
        else:
            for each in stages:
                found[row.cycle_id, each].records += row.people
    return found
