"""What must go along when somebody transfers to another Component or agency (R9.8): gathered, and in one file."""

import io
import zipfile
from dataclasses import dataclass

from django.db.models import QuerySet

from appraisals import rules
from appraisals.models import Appraisal, Departure, Document, Kind, Part, RatingOfRecord
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


def enclosures(departure: Departure, reader: Person) -> list[Enclosure]:
    """Of the records that this reader may see: young ratings, the plan behind the newest, the statements made now."""
    seen = Appraisal.objects.visible_to(reader).filter(employee=departure.person)
    ratings = list(
        RatingOfRecord.objects.filter(appraisal__in=seen)
        .select_related("appraisal__cycle", "appraisal__organization", "appraisal__employee")
        .select_related("appraisal__rating_official", "appraisal__higher_level_reviewer")
        .order_by("-effective_on")
    )
    policy = policy_for(departure.organization, on=departure.planned_on).rules()
    chosen = [
        each.appraisal
        for each in ratings
        if rules.goes_along(each.effective_on, departure.last_day, policy)
    ]
    found = [
        Enclosure(f"Rating of record, {record.cycle.name}", _years(policy), record)
        for record in chosen
    ]
    return [*found, *_plan_behind(chosen[:1]), *_summaries(departure, seen)]


def _years(policy: rules.Policy) -> str:
    return f"In effect no longer than {policy.transfer_years} years ago"


def _plan_behind(newest: list[Appraisal]) -> list[Enclosure]:
    return [
        Enclosure(
            f"{plan.title}, {record.cycle.name}", "The plan behind the newest rating", record, plan
        )
        for record in newest
        for plan in record.documents.filter(kind=Kind.PERFORMANCE_PLAN).select_related("policy")
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
