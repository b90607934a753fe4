"""A person's own file: what they may read of their records, as PDF and as plain values, to take along.

It says what the screens would show them on the day, no more: no draft of somebody else, no reason that is still
held back, no DoD ID or address of another person.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db.models import Field, Model, Q
from django.template.loader import render_to_string

from appraisals.models import (
    Appraisal,
    AppraisalEvent,
    Document,
    Scan,
    Section,
    TextVersion,
)
from appraisals.parts import PERSONAL, Own, Part, part_of
from appraisals.pdf import FormLost, printed_form, stored_forms
from appraisals.permissions import may_read_reason, may_read_scan, may_read_section
from appraisals.scans import open_scan
from appraisals.transfer.container import VERSION, canonical
from appraisals.transfer.dump import Dump
from appraisals.transfer.references import COLUMNS, Describer, plain
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person

NAMED: dict[type[Model], tuple[str, ...]] = dict(COLUMNS)
NAMED[Person] = ("first_name", "last_name")
FORMAT = "dpmap-own-file"
NOT_THEIRS = {"giver_email", "link_name"}
"""The address of somebody outside who was asked, and what their link is made of."""


class OwnFile:
    def __init__(self, employee: Person) -> None:
        self.employee = employee
        self.records = list(
            Appraisal.objects.filter(employee=employee)
            .with_people()
            .order_by("cycle__starts_on", "pk")
        )
        seen = Document.objects.visible_to(employee).filter(appraisal__in=self.records)
        self._documents = set(seen.values_list("pk", flat=True))
        self._readable = {each.pk for each in self._sections()}
        self.lost: list[str] = []

    def _sections(self) -> Iterator[Section]:
        documents = Document.objects.filter(pk__in=self._documents).with_contents()
        for document in documents:
            for section in document.sections.all():
                if may_read_section(self.employee, section, document):
                    yield section

    def rows_of(self, part: Part) -> Iterable[Model]:
        rows = part.of([record.pk for record in self.records])
        if part.own in (Own.NOTHING, Own.AS_FILES):
            return []
        if way := part.way_to_document:
            rows = rows.filter(Q(**{f"{way}__in": self._documents}) | Q(**{f"{way}__isnull": True}))
        if part.model is Section:
            return [row for row in rows if row.pk in self._readable]
        if part.model is AppraisalEvent:
            return rows.select_related("appraisal", "document")
        if part.model is TextVersion:
            return [
                row
                for row in rows
                if isinstance(row, TextVersion)
                and (row.section_id is None or row.section_id in self._readable)
            ]
        return rows

    def content(self) -> dict[str, Any]:
        dump = Dump(self.rows_of, described=Describer(NAMED))
        rows = dump.rows()
        self._hold_back(rows)
        return {
            "format": FORMAT,
            "version": VERSION,
            "installation": settings.SITE_ADDRESS,
            "made_at": clock.now().isoformat(),
            "of": self.employee.full_name,
            "rows": {label: values for label, values in rows.items() if values},
            "references": dump.references,
            "beside_the_records": self.beside(),
        }

    def _hold_back(self, rows: dict[str, list[dict[str, Any]]]) -> None:
        """What a reviewer wrote about a rating that the employee does not know yet."""
        part = part_of(AppraisalEvent)
        events = self.rows_of(part)
        for event, values in zip(events, rows[part.label], strict=True):
            if isinstance(event, AppraisalEvent) and not may_read_reason(self.employee, event):
                values["reason"], values["details"] = "", {}

    def beside(self) -> dict[str, list[dict[str, Any]]]:
        """What is theirs and of no record, such as their journal."""
        found = {}
        for model, personal in PERSONAL.items():
            rows = model._default_manager.filter(**{personal.whose: self.employee}).order_by("pk")
            people = [each.name for each in model._meta.concrete_fields if _is_person(each)]
            if values := [_plain_row(row) for row in rows.select_related(*people)]:
                found[model._meta.label] = values
        return found

    def forms(self) -> Iterator[tuple[str, bytes]]:
        """One of each record, as it was stored where it is final; and scans of paper forms."""
        stored = stored_forms(self.records)
        for record in self.records:
            try:
                printed = printed_form(record, stored.get(record.pk), reader=self.employee)
            except FormLost as lost:
                self.lost.append(str(lost))
                continue
            yield f"forms/{printed.name}", printed.pdf
        scans = Scan.objects.filter(document__appraisal__in=self.records, removed_at=None)
        for scan in scans.select_related("document__appraisal"):
            if may_read_scan(self.employee, scan.document):
                yield from self._scan(scan)

    def _scan(self, scan: Scan) -> Iterator[tuple[str, bytes]]:
        try:
            with open_scan(scan) as file:
                yield f"scans/{scan.content_hash[:16]}.pdf", file.read()
        except Refused as lost:
            self.lost.append(str(lost))

    def packed(self) -> bytes:
        place = io.BytesIO()
        with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as zipped:
            for name, pdf in self.forms():
                zipped.writestr(name, pdf)
            zipped.writestr("my-records.json", canonical(self.content()))
            readme = render_to_string(
                "appraisals/records_kept/readme.txt",
                {
                    "employee": self.employee.full_name,
                    "records": self.records,
                    "lost": self.lost,
                    "today": clock.today(),
                },
            )
            zipped.writestr("READ ME.txt", readme)
        return place.getvalue()


def _plain_row(row: Model) -> dict[str, Any]:
    """Columns of their own; of people only the name."""
    values = {}
    for column in row._meta.concrete_fields:
        if column.primary_key or column.name in NOT_THEIRS:
            continue
        if not column.is_relation:
            values[column.name] = plain(getattr(row, column.attname))
        elif _is_person(column):
            person = getattr(row, column.name)
            values[column.name] = person.full_name if person else None
    return values


def _is_person(column: "Field[Any, Any]") -> bool:
    return column.is_relation and column.related_model is Person
