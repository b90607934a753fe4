"""The rows that effects are counted in: records under way, their plans, ratings, people without a record."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Length

from appraisals.editions.reach import Reach
from appraisals.models import (
    Appraisal,
    Document,
    Kind,
    RatingOfRecord,
    Section,
    SectionKind,
)
from appraisals.selectors import open_appraisals
from orgchart import clock
from orgchart.models import Assignment

_HELD = Q(documents__kind=Kind.PROGRESS_REVIEW, documents__communicated_on__isnull=False)


def _under_way(reach: Reach) -> QuerySet[Appraisal]:
    """Of cycles whose ratings are not in effect yet, neither finished nor closed without a rating."""
    return open_appraisals(
        Appraisal.objects.filter(
            reach.of("organization__path"), cycle__effective_on__gt=clock.today()
        )
    )


def records(reach: Reach) -> QuerySet[Any]:
    """Adds `plan_approved_on`, and how many reviews are `begun` and `held`, and whether an `annual` is."""
    return _under_way(reach).annotate(
        plan_approved_on=Max(
            "documents__approved_on", filter=Q(documents__kind=Kind.PERFORMANCE_PLAN)
        ),
        begun=Count("documents", filter=Q(documents__kind=Kind.PROGRESS_REVIEW)),
        held=Count("documents", filter=_HELD),
        annual=Count("documents", filter=Q(documents__kind=Kind.ANNUAL_APPRAISAL)),
    )


def plans(reach: Reach) -> QuerySet[Any]:
    """Plans that can still be rated, with what the rules of a plan ask: counts and longest texts."""
    annual = Document.objects.filter(appraisal=OuterRef("appraisal"), kind=Kind.ANNUAL_APPRAISAL)
    values = Section.objects.filter(document=OuterRef("pk"), kind=SectionKind.CORE_VALUES)
    in_force = Q(elements__removed_at__isnull=True, elements__accepted=True)
    return Document.objects.filter(
        ~Exists(annual), kind=Kind.PERFORMANCE_PLAN, appraisal__in=_under_way(reach).values("pk")
    ).annotate(
        elements_held=Count("elements", filter=in_force),
        leading=Count("elements", filter=in_force & Q(elements__is_supervisory=True)),
        serving=Count("elements", filter=in_force & Q(elements__goal__isnull=False)),
        longest_title=Max(Length("elements__title"), filter=in_force),
        longest_description=Max(Length("elements__description"), filter=in_force),
        longest_standards=Max(Length("elements__standards"), filter=in_force),
        values_length=Subquery(values.values(length=Length("text"))[:1]),
    )


def ratings(reach: Reach) -> QuerySet[Any]:
    """Every rating of record; `is_latest` of each employee, with the level that counts today."""
    later = RatingOfRecord.objects.filter(
        appraisal__employee=OuterRef("appraisal__employee"),
        effective_on__gt=OuterRef("effective_on"),
    )
    return (
        RatingOfRecord.objects.with_current()
        .filter(reach.of("appraisal__organization__path"))
        .annotate(is_latest=~Exists(later))
    )


def newcomers(reach: Reach) -> QuerySet[Any]:
    """Assignments of covered people with no record yet in a cycle that runs on the edition's day."""
    today = clock.today()
    recorded = Appraisal.objects.filter(
        employee=OuterRef("employee"),
        cycle__starts_on__lte=reach.on,
        cycle__ends_on__gte=reach.on,
    )
    return Assignment.objects.on(today).filter(
        ~Exists(recorded), reach.of("organization__path"), covered=True, employee__is_active=True
    )


class Base(StrEnum):
    RECORDS = "records"
    PLANS = "plans"
    RATINGS = "ratings"
    NEWCOMERS = "newcomers"

    def rows(self, reach: Reach) -> QuerySet[Any]:
        return _ROWS[self](reach)

    @property
    def counting(self) -> str:
        return _COUNTING[self]

    @property
    def has_record(self) -> bool:
        return self != Base.NEWCOMERS

    @property
    def record(self) -> str:
        """The way from a row to its record, as a prefix of look-ups."""
        return "appraisal__" if self in (Base.PLANS, Base.RATINGS) else ""


_COUNTING = {
    Base.RECORDS: "Counting records under way",
    Base.PLANS: "Reading plans",
    Base.RATINGS: "Counting ratings",
    Base.NEWCOMERS: "Counting people without a record",
}
_ROWS: dict[Base, Callable[[Reach], QuerySet[Any]]] = {
    Base.RECORDS: records,
    Base.PLANS: plans,
    Base.RATINGS: ratings,
    Base.NEWCOMERS: newcomers,
}
