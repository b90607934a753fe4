"""Which forms HR wants: counted before, fixed as entries when the archive is started."""

from dataclasses import dataclass
from math import ceil
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.lookups import Exact

from appraisals.archives.names import FOLDER_SQL, LAST_DIGITS
from appraisals.models import (
    OF_THE_YEAR,
    WALK,
    Appraisal,
    AppraisalCycle,
    Archive,
    ArchiveEntry,
    ArchivePart,
    Document,
    Kind,
    State,
    current_of,
)
from appraisals.models.scope import hr_paths, under_paths
from orgchart.models import Organization, Person

BATCH = 20
"""Forms that one worker makes before it is another job's turn: some seconds."""
VOLUME = 10_000
"""Forms in one ZIP."""
MOST = 100_000
"""Forms in one archive: as many as its index fits on a sheet."""
USUAL_SIZE = 60_000
"""Bytes of a form, where none is stored that tells better."""
NO_ANNUAL = UNRATED = "none"
STAGES = [
    ("", "Any stage"),
    (State.ACKNOWLEDGED.value, "Finished: everything is acknowledged"),
    *((state.value, str(state.label)) for state in WALK if state != State.ACKNOWLEDGED),
    (NO_ANNUAL, "Not begun yet (whole records)"),
]
RATINGS = [
    ("", "Any rating, and none"),
    ("5", "5 Outstanding"),
    ("3", "3 Fully Successful"),
    ("1", "1 Unacceptable"),
    (UNRATED, "No rating of record"),
]

OF_THE_YEAR_SQL = ", ".join(f"'{kind.value}'" for kind in OF_THE_YEAR)
CHOSEN = f"""
SELECT form.appraisal_id, form.document_id, record.employee_id, person.last_name, person.first_name, unit.path,
    {FOLDER_SQL} AS folder, right(person.dod_id, {LAST_DIGITS}) AS digits, stored.id AS stored_id, stored.size
FROM ({{forms}}) AS form (appraisal_id, document_id)
JOIN appraisals_appraisal record ON record.id = form.appraisal_id
JOIN orgchart_person person ON person.id = record.employee_id
JOIN orgchart_organization unit ON unit.id = record.organization_id
CROSS JOIN LATERAL (
    SELECT max(document.state_since) AS since, bool_and(document.state = 'acknowledged') AS final
    FROM appraisals_document document
    WHERE document.appraisal_id = form.appraisal_id
      AND (document.id = form.document_id OR (form.document_id IS NULL AND document.kind IN ({OF_THE_YEAR_SQL})))
) AS now
LEFT JOIN LATERAL (
    -- What is said afterwards makes a form final anew: the newest counts, and only once it is made.
    -- LIMIT: looked up one by one, whatever the planner knows of a table that has just been filled.
    SELECT stored.id, stored.size, stored.made_at
    FROM appraisals_storedform stored
    WHERE stored.appraisal_id = form.appraisal_id AND stored.document_id IS NOT DISTINCT FROM form.document_id
      AND stored.final_since >= now.since AND now.final
    ORDER BY stored.final_since DESC
    LIMIT 1
) AS newest ON true
LEFT JOIN LATERAL (SELECT newest.id, newest.size WHERE newest.made_at IS NOT NULL) AS stored ON true
"""  # noqa: S608  constants of this module

COUNT = """
SELECT count(*), count(stored_id), coalesce(sum(size), 0)::bigint FROM ({chosen}) AS chosen
"""
FIX = """
INSERT INTO appraisals_archiveentry
    (archive_id, number, appraisal_id, document_id, stored_id, batch, volume, is_alike, name, size, sha256, left_out)
SELECT %s, number, appraisal_id, document_id, stored_id,
    CASE WHEN stored_id IS NULL
        THEN (row_number() OVER (PARTITION BY stored_id IS NULL ORDER BY number) - 1) / %s + 1 END,
    (number - 1) / %s + 1, is_alike, '', 0, '', ''
FROM (
    SELECT chosen.*,
        row_number() OVER (ORDER BY path, last_name, first_name, appraisal_id, document_id) AS number,
        min(employee_id) OVER alike <> max(employee_id) OVER alike AS is_alike
    FROM ({chosen}) AS chosen
    WINDOW alike AS (PARTITION BY folder, digits)
) AS numbered
"""


@dataclass(frozen=True, slots=True)
class Size:
    """`bytes` are known for what is stored, and estimated for the rest."""

    forms: int
    stored: int
    bytes: int

    @property
    def to_make(self) -> int:
        return self.forms - self.stored

    @property
    def volumes(self) -> int:
        return ceil(self.forms / VOLUME)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """`kind` empty: whole records. `people` None: everybody."""

    user: Person
    organization: Organization
    cycle: AppraisalCycle
    kind: str = ""
    stage: str = ""
    rating: str = ""
    people: tuple[int, ...] | None = None

    @property
    def records(self) -> QuerySet[Appraisal]:
        """What `user` administers, and nothing that they see for another reason."""
        found = Appraisal.objects.filter(
            under_paths(hr_paths(self.user), "organization__path"),
            cycle=self.cycle,
            organization__path__startswith=self.organization.path,
        )
        if self.people is not None:
            found = found.filter(employee__in=self.people)
        if self.rating == UNRATED:
            found = found.filter(rating_of_record__isnull=True)
        elif self.rating:
            found = found.filter(Exact(current_of("level", "rating_of_record"), int(self.rating)))
        return found

    def _forms(self) -> tuple[str, tuple[Any, ...]]:
        """SQL of (record, document) pairs; a whole record has no document."""
        if self.kind:
            documents = Document.objects.filter(kind=self.kind, appraisal__in=self.records)
            if self.stage:
                documents = documents.filter(state=self.stage)
            return documents.order_by().values_list("appraisal", "pk").query.sql_with_params()
        records = self._at_stage(self.records).order_by().values_list("pk")
        sql, values = records.query.sql_with_params()
        return f"SELECT record.id, NULL::bigint FROM ({sql}) AS record (id)", values  # noqa: S608

    def _at_stage(self, records: QuerySet[Appraisal]) -> QuerySet[Appraisal]:
        documents = Document.objects.filter(appraisal=OuterRef("pk"))
        annual = documents.filter(kind=Kind.ANNUAL_APPRAISAL)
        if self.stage == NO_ANNUAL:
            return records.filter(~Exists(annual))
        if self.stage == State.ACKNOWLEDGED:
            undone = documents.exclude(state__in=[State.ACKNOWLEDGED, State.CLOSED])
            return records.filter(Exists(annual), ~Exists(undone))
        return records.filter(Exists(annual.filter(state=self.stage))) if self.stage else records

    def _chosen(self, statement: str) -> tuple[str, tuple[Any, ...]]:
        forms, values = self._forms()
        return statement.format(chosen=CHOSEN.format(forms=forms)), values

    def size(self) -> Size:
        try:
            statement, values = self._chosen(COUNT)
        except EmptyResultSet:  # somebody who administers nothing
            return Size(0, 0, 0)
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            forms, stored, known = cursor.fetchone()
        missing = forms - stored
        return Size(forms, stored, known + missing * (known // stored if stored else USUAL_SIZE))


def fix_entries(archive: Archive, choice: Choice) -> None:
    """From here on it is decided which forms the archive holds; the caller's transaction is open."""
    statement, values = choice._chosen(FIX)
    with connection.cursor() as cursor:
        cursor.execute(statement, [archive.pk, BATCH, VOLUME, *values])
    _plan_parts(archive)


def _plan_parts(archive: Archive) -> None:
    entries = ArchiveEntry.objects.filter(archive=archive)
    to_make = entries.filter(stored__isnull=True).count()
    volumes = ceil(archive.documents / VOLUME)
    work = ArchivePart.Work
    totals = [
        *((work.FORMS, size) for size in _sizes(to_make, BATCH)),
        *((work.ZIP, size) for size in _sizes(archive.documents, VOLUME)),
        *([(work.INDEX, 1)] if volumes > 1 else []),
    ]
    numbers = dict.fromkeys(work, 0)
    parts = []
    for kind, total in totals:
        numbers[kind] += 1
        parts.append(
            ArchivePart(
                archive=archive,
                work=kind,
                order=ArchivePart.ORDER[kind],
                number=numbers[kind],
                total=total,
            )
        )
    ArchivePart.objects.bulk_create(parts)


def _sizes(count: int, most: int) -> list[int]:
    whole, rest = divmod(count, most)
    return [most] * whole + [rest] * bool(rest)
