"""Who stands behind a unit's numbers: supervisors, reviewers, documents that wait or came back.

Each query is bounded by the unit: it reads its own people, or as many documents as there are in review below it.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Avg, Count, F, FloatField, Min, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from appraisals.counts import DONE_FROM
from appraisals.models import (
    OF_THE_YEAR,
    AppraisalCycle,
    AppraisalEvent,
    Document,
    RatingOfRecord,
    RecordStanding,
    ReturnReason,
    State,
)
from appraisals.rules.small_cells import Group, shown_parts
from appraisals.shapes import shape_of
from appraisals.standing import Judged, Stage, Standings
from orgchart import clock
from orgchart.models import Organization, Person

SMALL_UNIT = 500
"""Up to so many people, all supervisors below a unit are named on its page, else those of its own people."""
REVIEWERS = 25
SUPERVISORS_TURN = (0, 1, 3)
"""Rungs on which the supervisor is the one to go on; 2 is the reviewer’s, 4 the employee’s."""


def _below(place: Organization, lookup: str) -> Q:
    return Q(**{f"{lookup}__path__startswith": place.path})


@dataclass
class SupervisorRow:
    """One first-level supervisor and their people in this unit. `key` None: nobody is named."""

    key: int | None
    first_name: str | None
    last_name: str | None
    people: int = 0
    done: int = 0
    late: int = 0
    turn: int = 0

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}" if self.key else "Nobody named"

    @property
    def order(self) -> tuple[bool, str, str, int]:
        return (self.key is None, self.last_name or "", self.first_name or "", self.key or 0)

    def add(self, judged: Judged, stage: Stage, people: int) -> None:
        self.people += people
        self.done += people if getattr(judged, stage.value) >= DONE_FROM[stage] else 0
        self.late += people if judged.is_late else 0
        waits = judged.waits_for is not None and judged.rung in SUPERVISORS_TURN
        self.turn += people if waits else 0


def supervisors_of(standings: Standings, stage: Stage, *, below: bool) -> list[SupervisorRow]:
    """By name; of the people directly in the unit, or with `below` of all. One query."""
    place = standings.organization
    of_unit = _below(place, "organization") if below else Q(organization=place.pk)
    for path in standings.elsewhere:
        of_unit &= ~Q(organization__path__startswith=path)
    counted = (
        RecordStanding.objects.filter(of_unit, cycle=standings.cycle.pk)
        .values_list("supervisor_id", "supervisor__first_name", "supervisor__last_name", "shape")
        .annotate(people=Count("pk"))
        .order_by()
    )
    rows: dict[int | None, SupervisorRow] = {}
    for *supervisor, shape, people in counted:
        if judged := standings.judge(shape_of(shape)):
            row = rows.setdefault(supervisor[0], SupervisorRow(*supervisor))
            row.add(judged, stage, people)
    return sorted(rows.values(), key=lambda row: row.order)


def in_review(organization: Organization, cycle: AppraisalCycle) -> QuerySet[Document]:
    """Documents of the unit and all below it that wait for a reviewer, the oldest first."""
    return (
        Document.objects.filter(
            _below(organization, "appraisal__organization"),
            kind__in=OF_THE_YEAR,
            state=State.IN_REVIEW,
            appraisal__cycle=cycle,
        )
        .select_related(
            "appraisal__employee",
            "appraisal__organization",
            "appraisal__rating_official",
            "appraisal__higher_level_reviewer",
        )
        .order_by("state_since", "pk")
    )


def waiting_between(weeks: int, fewer_than: int | None) -> Q:
    """Documents that `figures.waiting_weeks` counts from so many weeks on; what lies ahead counts as today."""
    found = Q()
    if weeks:
        found &= Q(state_since__lt=_midnight(clock.today() - dt.timedelta(days=7 * weeks - 1)))
    if fewer_than is not None:
        found &= Q(
            state_since__gte=_midnight(clock.today() - dt.timedelta(days=7 * fewer_than - 1))
        )
    return found


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)


@dataclass(frozen=True)
class ReviewerRow:
    reviewer: Person | None
    documents: int
    oldest: dt.datetime

    @property
    def name(self) -> str:
        return self.reviewer.full_name if self.reviewer else "No reviewer named"

    @property
    def oldest_on(self) -> dt.date:
        return timezone.localtime(self.oldest).date()

    @property
    def days(self) -> int:
        return (clock.today() - self.oldest_on).days


def reviewers_waited_for(organization: Organization, cycle: AppraisalCycle) -> list[ReviewerRow]:
    """Those with the oldest documents, at most `REVIEWERS` of them. Two queries."""
    found = list(
        in_review(organization, cycle)
        .select_related(None)
        .values("appraisal__higher_level_reviewer_id")
        .annotate(documents=Count("pk"), oldest=Min("state_since"))
        .order_by("oldest", "appraisal__higher_level_reviewer_id")[:REVIEWERS]
    )
    keys = [row["appraisal__higher_level_reviewer_id"] for row in found]
    people = Person.objects.in_bulk([key for key in keys if key])
    return [
        ReviewerRow(people.get(key), row["documents"], row["oldest"])
        for key, row in zip(keys, found, strict=True)
    ]


def returned(organization: Organization, cycle: AppraisalCycle) -> QuerySet[AppraisalEvent]:
    """What reviewers of the unit and all below it returned, the newest first; its reason's text is not read."""
    return (
        AppraisalEvent.objects.filter(
            _below(organization, "appraisal__organization"),
            name="return_for_change",
            document__kind__in=OF_THE_YEAR,
            appraisal__cycle=cycle,
        )
        .select_related(
            "document",
            "by",
            "appraisal__employee",
            "appraisal__organization",
            "appraisal__rating_official",
        )
        .defer("reason")
        .order_by("-at", "-pk")
    )


def returned_for(reason: ReturnReason) -> Q:
    """As `figures.returns_by_reason`: no reason chosen counts as another one."""
    found = Q(details__about=reason.value)
    if reason == ReturnReason.OTHER:
        found |= Q(details__about="") | Q(details__about=None) | Q(details__about__isnull=True)
    return found


@dataclass(frozen=True)
class Average:
    """Of the element ratings given to the people directly in one unit. None: not shown (R16.3)."""

    unit: str
    official: str
    value: float | None
    of_unit: float | None


def averages(
    organization: Organization, cycle: AppraisalCycle, *, minimum: int, below: bool
) -> list[Average]:
    """For each rating official the average they gave, beside their unit's; one query.

    Units are told apart to their own people, so no two averages on different pages overlap. An official
    with fewer than `minimum` ratings is left out; where that leaves fewer than `minimum` ratings of the unit over,
    the official with the fewest others is left out as well.
    """
    by_unit: dict[tuple[str, int], list[_Given]] = {}
    for unit, key, *official in _averaged(organization, cycle, below=below):
        by_unit.setdefault((unit, key), []).append(_Given(*official))
    found = []
    for (unit, _), officials in sorted(by_unit.items()):
        sizes = {each.official: Group(each.ratings, each.ratings) for each in officials}
        shown = shown_parts(sizes, minimum).shown
        total = sum(each.ratings for each in officials)
        of_unit = sum(each.ratings * each.value for each in officials) / total
        found += [
            Average(
                unit=unit,
                official=f"{each.first_name} {each.last_name}",
                value=each.value if each.official in shown else None,
                of_unit=of_unit if total >= minimum else None,
            )
            for each in sorted(officials, key=lambda each: (each.last_name, each.first_name))
        ]
    return found


class _Given(NamedTuple):
    official: int
    first_name: str
    last_name: str
    ratings: int
    value: float


def _averaged(
    organization: Organization, cycle: AppraisalCycle, *, below: bool
) -> Iterable[tuple[Any, ...]]:
    of_unit = (
        _below(organization, "appraisal__organization")
        if below
        else Q(appraisal__organization=organization)
    )
    element = Cast(F("current_sum"), FloatField()) / F("current_count")
    official = "appraisal__rating_official"
    return (
        RatingOfRecord.objects.filter(of_unit, appraisal__cycle=cycle)
        .with_current()
        .values_list(
            "appraisal__organization__name",
            "appraisal__organization",
            official,
            f"{official}__first_name",
            f"{official}__last_name",
        )
        .annotate(ratings=Count("pk"), value=Avg(element))
        .order_by()
    )
