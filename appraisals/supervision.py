"""How a first-level supervisor does it: time, discussions, returned work, ratings, narratives.

For the reviewer of these very records, from what that reviewer may read: a draft's texts and ratings
are not counted. Descriptive, never a target (R7.10, R16.4).
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from django.utils import timezone

from appraisals import rules
from appraisals.models import Appraisal, Kind, MilestoneKind
from appraisals.supervision_facts import Facts
from appraisals.turns import current_turn, documents_of, due_on, milestone
from orgchart import clock
from orgchart.models import Assignment


@dataclass(frozen=True, slots=True)
class Share:
    """`done` of `of`; `missing` are the records that `done` leaves out, for the list behind it."""

    done: int = 0
    of: int = 0
    missing: frozenset[int] = frozenset()

    @property
    def percent(self) -> int | None:
        """None where there is nothing to count; 0 and 100 only where nobody or everybody is meant."""
        if self.of == 0:
            return None
        if self.done in (0, self.of):
            return 100 * self.done // self.of
        return min(99, max(1, round(100 * self.done / self.of)))


@dataclass(frozen=True, slots=True)
class OnTime:
    """`late_days`: the median of those that were late, or are."""

    share: Share = Share()
    late_days: int | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """One supervisor, or several together, in one cycle. None: there is nothing to count yet."""

    plans: OnTime = OnTime()
    reviews: OnTime = OnTime()
    ratings: OnTime = OnTime()
    plan_days: int | None = None
    rating_days: int | None = None
    days_with_you: int | None = None
    held: Share = Share()
    first_time: Share = Share()
    returns: Counter[str] = field(default_factory=Counter)
    required: Share = Share()
    further: Share = Share()
    answered: Share = Share()
    levels: Counter[int] | None = None

    @property
    def rated(self) -> int:
        return (self.levels or Counter()).total()


def figures_of(
    records: Sequence[Appraisal], facts: Facts, *, without: Sequence[Assignment] = ()
) -> Figures:
    """Of records of one cycle, loaded by `selectors.with_documents` and `with_levels`. `without` have no record yet."""
    sent = [facts.sent[record.pk] for record in records if record.pk in facts.sent]
    is_over = bool(records) and records[0].cycle.effective_on <= clock.today()
    return Figures(
        plans=_on_time([*map(_plan_days, records), *_unplanned(records, without)]),
        reviews=_on_time(map(_review_days, records)),
        ratings=_on_time(_rating_days(record, facts) for record in records),
        plan_days=_median(_days_to_approval(records, Kind.PERFORMANCE_PLAN)),
        rating_days=_median(_days_to_approval(records, Kind.ANNUAL_APPRAISAL)),
        days_with_you=_median(days for each in sent for days in each.days),
        held=_held(records),
        first_time=Share(
            sum(len(each.documents - each.returned) for each in sent),
            sum(len(each.documents) for each in sent),
            frozenset(each.record for each in sent if each.returned),
        ),
        returns=sum((each.reasons for each in sent), Counter()),
        required=_texts(records, facts, is_required=True),
        further=_texts(records, facts, is_required=False),
        answered=_answered(records, facts),
        levels=_levels(records) if is_over else None,
    )


def _median(days: Iterable[int]) -> int | None:
    found = list(days)
    return round(median(found)) if found else None


@dataclass(frozen=True, slots=True)
class _Due:
    """What was due when, and when it was done; a day that is not there is None."""

    record: int
    due: dt.date | None
    done: dt.date | None
    is_owed: bool = True


def _on_time(dues: Iterable[_Due]) -> OnTime:
    """Counted is what was done, and what is not done though its day has passed."""
    today = clock.today()
    in_time, late, days = 0, [], []
    for each in dues:
        if each.due is None or (each.done is None and (not each.is_owed or each.due >= today)):
            continue
        if each.done is not None and each.done <= each.due:
            in_time += 1
        else:
            late.append(each.record)
            days.append(((each.done or today) - each.due).days)
    return OnTime(Share(in_time, in_time + len(late), frozenset(late)), _median(days))


def _plan_days(record: Appraisal) -> _Due:
    """R1.3: approved within its days."""
    plans = documents_of(record, Kind.PERFORMANCE_PLAN)
    if not plans:
        return _Due(record.pk, milestone(record, MilestoneKind.PLAN_DUE), None)
    return _Due(record.pk, due_on(plans[0], record), plans[0].approved_on)


def _unplanned(records: Sequence[Appraisal], people: Sequence[Assignment]) -> list[_Due]:
    """Who has no plan at all: due as if it had been begun on their first day."""
    if not records:
        return []
    cycle, plans = records[0].cycle, documents_of(records[0], Kind.PERFORMANCE_PLAN)
    policy = plans[0].policy.rules() if plans else rules.Policy()
    usual = milestone(records[0], MilestoneKind.PLAN_DUE)
    if usual is None:
        return []
    return [
        _Due(
            0,
            max(
                usual,
                rules.plan_due_on(max(cycle.starts_on, each.position_start_date), policy),
            ),
            None,
        )
        for each in people
    ]


def _owed_reviews(record: Appraisal) -> int:
    """R1.7, under the policy of the plan; nothing before there is an approved plan."""
    plans = documents_of(record, Kind.PERFORMANCE_PLAN)
    if not plans or plans[0].approved_on is None:
        return 0
    return plans[0].policy.rules().progress_reviews_minimum


def _held_on(record: Appraisal) -> list[dt.date]:
    reviews = documents_of(record, Kind.PROGRESS_REVIEW)
    return sorted(each.communicated_on for each in reviews if each.communicated_on)


def _review_days(record: Appraisal) -> _Due:
    """Done when the last of those that are owed was held; nobody is late for one that came due
    before there was a plan to review."""
    owed, held = _owed_reviews(record), _held_on(record)
    due = milestone(record, MilestoneKind.PROGRESS_REVIEW_DUE)
    approved_on = next(
        (each.approved_on for each in documents_of(record, Kind.PERFORMANCE_PLAN)), None
    )
    if owed == 0 or due is None or approved_on is None or approved_on > due:
        return _Due(record.pk, None, None)
    return _Due(record.pk, due, held[owed - 1] if owed <= len(held) else None)


def _held(records: Sequence[Appraisal]) -> Share:
    """Progress reviews held of those that are owed for the whole cycle; more than owed count as owed."""
    done = of = 0
    missing = []
    for record in records:
        owed = _owed_reviews(record)
        held = min(owed, len(_held_on(record)))
        done, of = done + held, of + owed
        if held < owed:
            missing.append(record.pk)
    return Share(done, of, frozenset(missing))


def _rating_days(record: Appraisal, facts: Facts) -> _Due:
    """Sent up, or finished where no review is asked for: that much is in the supervisor's hand."""
    annual = documents_of(record, Kind.ANNUAL_APPRAISAL)
    done = facts.first_sent.get(annual[0].pk) if annual else None
    is_owed = bool(annual) or current_turn(record).action == "start_annual_appraisal"
    due = milestone(record, MilestoneKind.APPRAISAL_DUE)
    return _Due(record.pk, due, done, is_owed=is_owed)


def _days_to_approval(records: Sequence[Appraisal], kind: Kind) -> list[int]:
    return [
        (document.approved_on - timezone.localtime(document.opened_at).date()).days
        for record in records
        for document in documents_of(record, kind)
        if document.approved_on
    ]


def _texts(records: Sequence[Appraisal], facts: Facts, *, is_required: bool) -> Share:
    """Narratives of rated elements: those that the policy asks for, or the others (R7.7)."""
    done = of = 0
    missing = []
    for record in records:
        for document in documents_of(record, Kind.ANNUAL_APPRAISAL):
            required = document.policy.rules().narrative_required_levels
            counted = [
                texts
                for level, texts in facts.narratives.get(document.pk, {}).items()
                if level != rules.NOT_RATED and (level in required) == is_required
            ]
            written, rated = sum(each[0] for each in counted), sum(each[1] for each in counted)
            done, of = done + written, of + rated
            if written < rated:
                missing.append(record.pk)
    return Share(done, of, frozenset(missing))


def _answered(records: Sequence[Appraisal], facts: Facts) -> Share:
    """Elements with input of the employee that got a text of the rating official in the same document."""
    done = of = 0
    missing = []
    for record in records:
        for document in record.documents.all():
            answered, given = facts.inputs.get(document.pk, (0, 0))
            done, of = done + answered, of + given
            if answered < given:
                missing.append(record.pk)
    return Share(done, of, frozenset(missing))


def _levels(records: Sequence[Appraisal]) -> Counter[int]:
    levels = (getattr(record, "current_level", None) for record in records)
    return Counter(level for level in levels if level is not None)
