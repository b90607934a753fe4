"""Counting and listing effects: a query for each kind of row, however many settings change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from appraisals import rules
from appraisals.editions.bases import Base
from appraisals.editions.effect import Change, Effect, What
from appraisals.editions.on_plans import PLAN_FINDERS
from appraisals.editions.on_ratings import RATING_FINDERS
from appraisals.editions.on_records import RECORD_FINDERS
from appraisals.editions.reach import Reach
from appraisals.models import AppraisalCycle
from orgchart import clock
from orgchart.models import Organization, Person


def effects_of(reach: Reach, after: rules.Policy, cycles: Sequence[AppraisalCycle]) -> list[Effect]:
    change = Change(reach.on, reach.before, after, cycles)
    finders = (*RECORD_FINDERS, *PLAN_FINDERS, *RATING_FINDERS)
    return [effect for finder in finders for effect in finder(change)]


@dataclass(frozen=True)
class Foreseen:
    """An effect with how many records and how many people it meets as things stand today."""

    effect: Effect
    records: int
    people: int

    def kept(self) -> dict[str, Any]:
        """As a forecast holds it, and a scheduled edition from then on."""
        effect = self.effect
        return {
            "key": effect.key,
            "what": effect.what.value,
            "rule": effect.rule,
            "title": effect.title,
            "then": effect.then,
            "old": effect.old,
            "new": effect.new,
            "records": self.records if effect.base.has_record else None,
            "people": self.people,
        }


@dataclass(frozen=True)
class Row:
    person: Person
    unit: Organization
    supervisor: Person | None
    record_id: int | None
    detail: str


def cycles_under_way(reach: Reach) -> list[AppraisalCycle]:
    """Cycles whose ratings are not in effect yet, of the places reached and above."""
    place = reach.organization
    return list(
        AppraisalCycle.objects.filter(
            reach.of("organization__path") | Q(organization__in=place.ancestor_ids),
            effective_on__gt=clock.today(),
        ).order_by("starts_on", "pk")
    )


Say = Callable[[str, int, int], None]


def _in_silence(step: str, done: int, total: int) -> None:
    pass


def foresee(reach: Reach, after: rules.Policy, say: Say = _in_silence) -> list[Foreseen]:
    """A query for each kind of row; `say` is told before each, as `orgchart.heart.Heart` wants it."""
    effects = effects_of(reach, after, cycles_under_way(reach))
    bases = [base for base in Base if any(each.base == base for each in effects)]
    counted = {}
    for number, base in enumerate(bases):
        say(base.counting, number, len(bases))
        counted[base] = _counted(reach, base, [each for each in effects if each.base == base])
    return [Foreseen(each, *counted[each.base][each.key]) for each in _in_order(effects)]


def _in_order(effects: Sequence[Effect]) -> list[Effect]:
    places = list(What)
    return sorted(effects, key=lambda each: places.index(each.what))


def _counted(reach: Reach, base: Base, effects: Sequence[Effect]) -> dict[str, tuple[int, int]]:
    asked: dict[str, Count] = {}
    for number, effect in enumerate(effects):
        condition = effect.condition or None
        asked[f"rows_{number}"] = Count("pk", filter=condition)
        asked[f"people_{number}"] = Count(f"{base.record}employee", filter=condition, distinct=True)
    found = base.rows(reach).aggregate(**asked)
    return {
        effect.key: (found[f"rows_{number}"], found[f"people_{number}"])
        for number, effect in enumerate(effects)
    }


def rows_of(reach: Reach, effect: Effect) -> QuerySet[Any]:
    """By name; to be paged, and each row read by `row_of`."""
    way = effect.base.record
    supervisor = "supervisor" if effect.base == Base.NEWCOMERS else f"{way}rating_official"
    return (
        effect.base.rows(reach)
        .filter(effect.condition)
        .select_related(f"{way}employee", f"{way}organization", supervisor)
        .order_by(f"{way}employee__last_name", f"{way}employee__first_name", "pk")
    )


def row_of(effect: Effect, found: Any) -> Row:
    if effect.base == Base.NEWCOMERS:
        detail = effect.detail(found)
        return Row(found.employee, found.organization, found.supervisor, None, detail)
    record = found.appraisal if effect.base.record else found
    return Row(
        record.employee,
        record.organization,
        record.rating_official,
        record.pk,
        effect.detail(found),
    )
