"""What must go along when somebody transfers to another Component or agency (R9.8): gathered, and in one file."""

import datetime as dt
import io
import zipfile
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet

from appraisals import rules
from appraisals.models import Appraisal, Departure, Document, Kind, Part, RatingOfRecord, State
from appraisals.pdf import form_for
from appraisals.selectors import policy_for
from appraisals.services.records import record_view
from orgchart.models import Person


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One form. `document` None: of the whole record."""

    title: str
    why: str
    appraisal: Appraisal
    document: Document | None = None


class Rating(NamedTuple):
    """One of the year, or with its `document` one in between."""

    appraisal: Appraisal
    document: Document | None = None


def enclosures(departure: Departure, reader: Person) -> list[Enclosure]:
    """Of what this reader may see: young ratings, the plan behind the newest, the statements made now."""
    seen = Appraisal.objects.visible_to(reader).filter(employee=departure.person)
    policy = policy_for(departure.organization, on=departure.planned_on).rules()
    young = [
        (effective_on, rating)
        for effective_on, rating in [*_of_the_years(seen), *_in_between(seen, reader)]
        if rules.goes_along(effective_on, departure.last_day, policy)
    ]
    young.sort(key=lambda each: each[0], reverse=True)
    why = f"In effect no longer than {policy.transfer_years} years ago"
    found = [Enclosure(_title(rating), why, *rating) for _, rating in young]
    newest = [rating for _, rating in young[:1]]
    return [*found, *_plan_behind(newest), *_summaries(departure, seen)]


def _of_the_years(seen: QuerySet[Appraisal]) -> list[tuple[dt.date, Rating]]:
    rows = (
        RatingOfRecord.objects.filter(appraisal__in=seen)
        .select_related("appraisal__cycle", "appraisal__organization", "appraisal__employee")
        .select_related("appraisal__rating_official", "appraisal__higher_level_reviewer")
        .order_by("-effective_on")
    )
    return [(each.effective_on, Rating(each.appraisal)) for each in rows]


def _in_between(seen: QuerySet[Appraisal], reader: Person) -> list[tuple[dt.date, Rating]]:
    """More current ones are ratings of record as well (R10.7, R10.8)."""
    documents = (
        Document.objects.visible_to(reader)
        .filter(appraisal__in=seen, more_current_rating__isnull=False)
        .exclude(state=State.CLOSED)
        .with_people()
        .select_related("more_current_rating")
        .order_by("-more_current_rating__effective_on")
    )
    return [
        (each.more_current_rating.effective_on, Rating(each.appraisal, each)) for each in documents
    ]


def _title(rating: Rating) -> str:
    title = rating.document.title if rating.document else "Rating of record"
    return f"{title}, {rating.appraisal.cycle.name}"


def _plan_behind(newest: list[Rating]) -> list[Enclosure]:
    return [
        Enclosure(
            f"{plan.title}, {rating.appraisal.cycle.name}",
            "The plan behind the newest rating",
            rating.appraisal,
            plan,
        )
        for rating in newest
        for plan in rating.appraisal.documents.filter(kind=Kind.PERFORMANCE_PLAN)
        .exclude(state=State.CLOSED)
        .select_related("policy")
    ]


def _summaries(departure: Departure, seen: QuerySet[Appraisal]) -> list[Enclosure]:
    """What was written because of this departure, and every statement of the year."""
    own = departure.records.filter(part=Part.OWN, appraisal__in=seen).values("appraisal")
    statements = (
        Document.objects.filter(appraisal__in=own, kind=Kind.NARRATIVE_STATEMENT)
        .with_people()
        .order_by("number")
    )
    return [
        Enclosure(
            f"{each.title}, {each.appraisal.cycle.name}",
            "The summary made at the move",
            each.appraisal,
            each,
        )
        for each in statements
    ]


def packed(departure: Departure, reader: Person) -> bytes:
    """All forms in one ZIP file, as this reader may read them. Each look is noted on its record."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, each in enumerate(enclosures(departure, reader), start=1):
            record_view(each.appraisal, by=reader, page="form")
            printed = form_for(each.appraisal, reader=reader, document=each.document)
            archive.writestr(f"{number:02} {printed.name}", printed.pdf)
    return file.getvalue()
