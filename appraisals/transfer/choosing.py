"""What goes into a file: everything of a person, or what the law sends along when they move (R9.8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from appraisals import rules
from appraisals.models import Appraisal, Document, Kind, MoreCurrentRating, State
from appraisals.parts import Part
from orgchart.models import Person

FINISHED = (State.COMMUNICATED, State.ACKNOWLEDGED)


@dataclass(frozen=True)
class Chosen:
    """`documents` None: all of them, and everything else of these records."""

    records: tuple[Appraisal, ...]
    documents: frozenset[int] | None

    def rows_of(self, part: Part) -> QuerySet[Any]:
        rows = part.of([record.pk for record in self.records])
        if self.documents is None:
            return rows
        if part.document is None:
            return rows.none()
        if part.document == "":
            return rows
        return rows.filter(Q(**{f"{part.document}__in": self.documents}))


def everything(employee: Person) -> Chosen:
    return Chosen(tuple(_records(employee)), None)


def going_along(employee: Person, *, today: dt.date, policy: rules.Policy) -> Chosen:
    """R9.8: ratings of record that are not too old, the more current ones (R10.8) among them, the plan behind the
    newest, and the summary of the running year."""
    records = _records(employee)
    between = [
        each.document
        for each in MoreCurrentRating.objects.filter(
            document__appraisal__in=records, document__state__in=FINISHED
        ).select_related("document")
        if rules.goes_along(each.effective_on, today, policy)
    ]
    rated = [
        record
        for record in records
        if (rating := getattr(record, "rating_of_record", None)) is not None
        and rules.goes_along(rating.effective_on, today, policy)
    ]
    newest = max(rated, key=lambda each: each.rating_of_record.effective_on, default=None)
    summaries = _finished(records, [Kind.NARRATIVE_STATEMENT])
    moving = {document.appraisal_id for document in [*summaries, *between]}
    plans = _finished(
        [each for each in records if each == newest or each.pk in moving],
        [Kind.PERFORMANCE_PLAN, Kind.ANNUAL_APPRAISAL, Kind.NARRATIVE_STATEMENT],
    )
    chosen = {each.pk for each in rated} | moving
    return Chosen(
        tuple(each for each in records if each.pk in chosen),
        frozenset(document.pk for document in [*plans, *between]),
    )


def _records(employee: Person) -> list[Appraisal]:
    return list(
        Appraisal.objects.filter(employee=employee)
        .with_people()
        .select_related("rating_of_record")
        .order_by("cycle__starts_on", "pk")
    )


def _finished(records: Iterable[Appraisal], kinds: list[Kind]) -> list[Document]:
    """What the employee has been told."""
    return list(
        Document.objects.filter(
            appraisal__in=[record.pk for record in records], kind__in=kinds, state__in=FINISHED
        )
    )
