"""Which plans a mandatory element binds, and what putting it in does to each (R3.8)."""

from enum import StrEnum
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from appraisals.models import (
    Document,
    Element,
    Kind,
    MandatoryElement,
    MandatoryWording,
    State,
)
from orgchart import clock
from orgchart.models import Person


class Outcome(StrEnum):
    """`AT_ONCE` and `CHANGE` are work; the rest says why a plan is left alone."""

    AT_ONCE = "at_once"
    CHANGE = "change"
    ON_ITS_WAY = "on_its_way"
    HOLDS = "holds"
    ADAPTED = "adapted"
    TOO_LATE = "too_late"
    OWN = "own"


WORK = (Outcome.AT_ONCE, Outcome.CHANGE)
LABELS: dict[Outcome, str] = {
    Outcome.AT_ONCE: "Being written: holds it at once",
    Outcome.CHANGE: "Sent up or approved: gets a plan change, to be discussed and acknowledged",
    Outcome.ON_ITS_WAY: "A plan change with it is on its way",
    Outcome.HOLDS: "Holds it as it is worded now",
    Outcome.ADAPTED: "Holds it in words of its own, which stay: its rating official changes it if need be",
    Outcome.TOO_LATE: "Its annual appraisal has gone up: left alone",
    Outcome.OWN: "Your own plan: another HR administrator puts it in",
}


def bound_plans(row: MandatoryElement, *, by: Person) -> QuerySet[Any]:
    """Plans of running cycles that must hold it, each with its `outcome`."""
    today = clock.today()
    plans = Document.objects.filter(
        kind=Kind.PERFORMANCE_PLAN,
        appraisal__organization__path__startswith=row.organization.path,
        appraisal__cycle__ends_on__gte=max(today, row.starts_on),
    ).exclude(state=State.CLOSED)
    if row.applies_to == MandatoryElement.AppliesTo.SUPERVISORS:
        plans = plans.filter(appraisal__is_supervisor=True)
    return plans.annotate(outcome=_outcome(row, by))


def outcomes(plans: QuerySet[Any]) -> dict[Outcome, int]:
    counted = plans.order_by().values_list("outcome").annotate(Count("pk"))
    found = dict(counted)
    return {outcome: found.get(outcome.value, 0) for outcome in Outcome}


def _outcome(row: MandatoryElement, by: Person) -> Case:
    held = Element.objects.filter(
        plan=OuterRef("pk"), mandatory=row, removed_at=None, accepted=True
    )
    as_now = {name: getattr(row, name) for name in MandatoryWording.CONTENT}
    worded = MandatoryWording.objects.filter(
        element=row, **{name: OuterRef(name) for name in MandatoryWording.CONTENT}
    )
    beside = Document.objects.filter(appraisal=OuterRef("appraisal"))
    walking = [State.DRAFT, State.IN_REVIEW, State.APPROVED]
    on_its_way = beside.filter(kind=Kind.PLAN_CHANGE, mandatory=row, state__in=walking)
    gone_up = beside.filter(kind=Kind.ANNUAL_APPRAISAL).exclude(state=State.DRAFT)
    return Case(
        When(Exists(held.filter(**as_now)), then=Value(Outcome.HOLDS.value)),
        When(Exists(gone_up), then=Value(Outcome.TOO_LATE.value)),
        When(Exists(on_its_way), then=Value(Outcome.ON_ITS_WAY.value)),
        When(
            Exists(held) & ~Exists(held.filter(Exists(worded))), then=Value(Outcome.ADAPTED.value)
        ),
        When(Q(appraisal__employee=by), then=Value(Outcome.OWN.value)),
        When(Q(state=State.DRAFT, on_paper=False), then=Value(Outcome.AT_ONCE.value)),
        default=Value(Outcome.CHANGE.value),
    )
