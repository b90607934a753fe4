"""Which plans a mandatory element binds, and what putting it in does to each (R3.8)."""

from enum import StrEnum
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat

from appraisals.models import (
    Document,
    Element,
    Kind,
    MandatoryElement,
    MandatoryWording,
    Notice,
    State,
)
from orgchart import clock
from orgchart.models import Person


class Outcome(StrEnum):
    """The first three are work; the rest says why a plan is left alone."""

    AT_ONCE = "at_once"
    CHANGE = "change"
    TO_LOOK_AT = "to_look_at"
    ON_ITS_WAY = "on_its_way"
    HOLDS = "holds"
    ADAPTED = "adapted"
    TOO_LATE = "too_late"
    OWN = "own"


PUTS_IN = (Outcome.AT_ONCE, Outcome.CHANGE)
WORK = (*PUTS_IN, Outcome.TO_LOOK_AT)
LABELS: dict[Outcome, str] = {
    Outcome.AT_ONCE: "Being written: holds it at once",
    Outcome.CHANGE: "Sent up or approved: gets a plan change, to be discussed and acknowledged",
    Outcome.TO_LOOK_AT: "Holds it in words of its own, which stay: its rating official is told to look at them",
    Outcome.ON_ITS_WAY: "A plan change with it is on its way",
    Outcome.HOLDS: "Holds it as it is worded now",
    Outcome.ADAPTED: "Holds it in words of its own, which stay: its rating official was told to look at them",
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


def look_key(row: MandatoryElement) -> str:
    """Begins the key of the notice about words of a plan’s own, which is told once for each wording."""
    wording = row.wordings.last()
    return f"adapted:{wording.pk if wording else 0}:"


def _outcome(row: MandatoryElement, by: Person) -> Case:
    held = Element.objects.filter(
        plan=OuterRef("pk"), mandatory=row, removed_at=None, accepted=True
    )
    as_now = {name: getattr(row, name) for name in MandatoryWording.CONTENT}
    worded = MandatoryWording.objects.filter(
        element=row, **{name: OuterRef(name) for name in MandatoryWording.CONTENT}
    )
    beside = Document.objects.filter(appraisal=OuterRef("appraisal"))
    adapted = Exists(held) & ~Exists(held.filter(Exists(worded)))
    told = Notice.objects.filter(
        recipient=OuterRef("appraisal__rating_official"),
        key=Concat(Value(look_key(row)), Cast(OuterRef("pk"), CharField())),
    )
    walking = [State.DRAFT, State.IN_REVIEW, State.APPROVED]
    on_its_way = beside.filter(kind=Kind.PLAN_CHANGE, mandatory=row, state__in=walking)
    gone_up = beside.filter(kind=Kind.ANNUAL_APPRAISAL).exclude(state=State.DRAFT)
    return Case(
        When(Exists(held.filter(**as_now)), then=Value(Outcome.HOLDS.value)),
        When(Exists(gone_up), then=Value(Outcome.TOO_LATE.value)),
        When(Exists(on_its_way), then=Value(Outcome.ON_ITS_WAY.value)),
        When(adapted & Exists(told), then=Value(Outcome.ADAPTED.value)),
        When(adapted, then=Value(Outcome.TO_LOOK_AT.value)),
        When(Q(appraisal__employee=by), then=Value(Outcome.OWN.value)),
        When(Q(state=State.DRAFT, on_paper=False), then=Value(Outcome.AT_ONCE.value)),
        default=Value(Outcome.CHANGE.value),
    )
