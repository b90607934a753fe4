"""What must go along when somebody goes to another Component or agency (R9.8): gathered, and in one file.

The losing side prepares it from what it may see. The gaining side, where it is HR of this installation too, reads
what the employee was told, from the day after the last day on, and nothing else of those records.
"""

import datetime as dt
import io
import zipfile
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet

from appraisals import rules
from appraisals.models import (
    TOLD,
    Appraisal,
    Departure,
    Document,
    Kind,
    Part,
    RatingOfRecord,
    State,
)
from appraisals.models.appraisal import DocumentQuerySet
from appraisals.models.scope import hr_paths, under_paths
from appraisals.pdf import PrintedForm, form_for
from appraisals.selectors import policy_for
from appraisals.services.records import record_view
from orgchart.models import Person


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One form. `document` None: of the whole record, of which only its rating came here in a file."""

    title: str
    why: str
    appraisal: Appraisal
    document: Document | None = None

    @property
    def key(self) -> str:
        """Its name among those of one departure."""
        about = self.document
        return f"document-{about.pk}" if about else f"record-{self.appraisal.pk}"


class Rating(NamedTuple):
    """One of the year, or with `more_current` one in between."""

    effective_on: dt.date
    title: str
    document: Document | None
    appraisal: Appraisal


@dataclass(frozen=True, slots=True)
class Side:
    """What one side may open of somebody who goes. `came`: the gaining one."""

    departure: Departure
    reader: Person
    records: QuerySet[Appraisal]
    documents: DocumentQuerySet
    came: bool

    def enclosures(self) -> list[Enclosure]:
        """Young ratings, the plan behind the newest, the statements made at the move."""
        departure = self.departure
        policy = policy_for(departure.organization, on=departure.planned_on).rules()
        young = [
            rating
            for rating in [*self._of_the_years(), *self._in_between()]
            if rules.goes_along(rating.effective_on, departure.last_day, policy)
        ]
        young.sort(key=lambda rating: rating.effective_on, reverse=True)
        why = f"In effect no longer than {policy.transfer_years} years ago"
        found = [Enclosure(each.title, why, each.appraisal, each.document) for each in young]
        return [*found, *self._plan_behind(young[:1]), *self._summaries()]

    def _open(self) -> DocumentQuerySet:
        return (
            self.documents.filter(appraisal__in=self.records)
            .exclude(state=State.CLOSED)
            .with_people()
        )

    def _of_the_years(self) -> list[Rating]:
        rated = (
            RatingOfRecord.objects.filter(appraisal__in=self.records)
            .select_related("appraisal__cycle", "appraisal__organization", "appraisal__employee")
            .select_related("appraisal__rating_official", "appraisal__higher_level_reviewer")
            .order_by("-effective_on")
        )
        forms = {
            each.appraisal_id: each for each in self._open().filter(kind=Kind.ANNUAL_APPRAISAL)
        }
        return [
            Rating(
                each.effective_on,
                f"Rating of record, {each.appraisal.cycle.name}",
                forms.get(each.appraisal_id),
                each.appraisal,
            )
            for each in rated
        ]

    def _in_between(self) -> list[Rating]:
        """More current ones are ratings of record as well (R10.7, R10.8)."""
        found = self._open().filter(more_current_rating__isnull=False)
        return [
            Rating(each.more_current_rating.effective_on, _title(each), each, each.appraisal)
            for each in found.select_related("more_current_rating")
        ]

    def _plan_behind(self, newest: list[Rating]) -> list[Enclosure]:
        plans = self._open().filter(
            kind=Kind.PERFORMANCE_PLAN, appraisal__in=[rating.appraisal for rating in newest]
        )
        why = "The plan behind the newest rating"
        return [Enclosure(_title(each), why, each.appraisal, each) for each in plans]

    def _summaries(self) -> list[Enclosure]:
        """What was written because of this departure, and every statement of the year."""
        own = self.departure.records.filter(part=Part.OWN).values("appraisal")
        made = self._open().filter(kind=Kind.NARRATIVE_STATEMENT, appraisal__in=own)
        return [
            Enclosure(_title(each), "The summary made at the move", each.appraisal, each)
            for each in made.order_by("appraisal", "number")
        ]

    def printed(self, enclosure: Enclosure) -> PrintedForm:
        """Whoever looked is noted on the record."""
        page = "came_along" if self.came else "form"
        record_view(enclosure.appraisal, by=self.reader, page=page)
        return form_for(
            enclosure.appraisal,
            reader=self.reader,
            document=enclosure.document,
            as_told=self.came,
        )

    def packed(self) -> bytes:
        """All forms in one ZIP file."""
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, each in enumerate(self.enclosures(), start=1):
                printed = self.printed(each)
                archive.writestr(f"{number:02} {printed.name}", printed.pdf)
        return file.getvalue()


def _title(document: Document) -> str:
    return f"{document.title}, {document.appraisal.cycle.name}"


def losing_side(departure: Departure, reader: Person) -> Side:
    records = Appraisal.objects.visible_to(reader).filter(employee=departure.person)
    return Side(departure, reader, records, Document.objects.visible_to(reader), came=False)


def gaining_side(departure: Departure, reader: Person) -> Side:
    """Of records that lie elsewhere; what came along as a whole is theirs already."""
    elsewhere = Appraisal.objects.filter(employee=departure.person).exclude(
        under_paths(hr_paths(reader), "organization__path")
    )
    told = Document.objects.filter(state__in=TOLD)
    return Side(departure, reader, elsewhere, told, came=True)
