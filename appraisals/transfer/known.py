"""What of a file is here already: a record is not received a second time (R9.8).

A record is known by the moment at which it was opened; that goes with it wherever it goes. Whether a file says
anything of it that is not here is seen by what is only ever added to a record. So an installation’s own file brings
nothing, and somebody who comes back brings the years that they were elsewhere.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from django.db.models import ForeignKey, Model
from django.utils.dateparse import parse_datetime

from appraisals.models import (
    Appraisal,
    AppraisalEvent,
    Document,
    MoreCurrentRating,
    RatingAmendment,
    RatingOfRecord,
    TextVersion,
)
from appraisals.parts import PARTS, Part, part_of
from appraisals.transfer.container import FileRefused, RecordFile
from appraisals.transfer.references import plain
from orgchart.models import Person

Rows = dict[str, list[dict[str, Any]]]
RECORD = PARTS[0].label
NOT_IN_FORM = "The rows of the file are not in the form they should be."
ADDED: Mapping[type[Model], tuple[str, ...]] = MappingProxyType(
    {
        Document: ("kind", "number", "opened_at"),
        AppraisalEvent: ("name", "at"),
        TextVersion: ("version", "written_at"),
        RatingOfRecord: ("effective_on", "issued_at"),
        RatingAmendment: ("version", "recorded_at"),
        MoreCurrentRating: ("effective_on", "issued_at"),
    }
)
"""What tells one row of a record from another, wherever it is."""


def without_known(file: RecordFile, employee: Person) -> RecordFile:
    """The file with those records alone that bring something. Raises FileRefused when none does."""
    rows = file.content.get("rows")
    if not isinstance(rows, dict):
        raise FileRefused(["The file holds no rows."])
    try:
        known = _known(rows, employee)
        if not known:
            return file
        count = len(rows[RECORD])
        if len(known) == count:
            which = "The record" if count == 1 else f"Each of the {count} records"
            raise FileRefused(
                [
                    f"{which} in this file is here already, with everything that the file says of it. "
                    "Nothing was changed."
                ]
            )
        return replace(file, content=file.content | {"rows": _without(rows, known)})
    except (TypeError, KeyError, AttributeError, IndexError, ValueError):
        raise FileRefused([NOT_IN_FORM]) from None


def _known(rows: Rows, employee: Person) -> set[int]:
    """The numbers of those records of the file."""
    here = {
        number: found
        for number, values in enumerate(rows[RECORD], start=1)
        if (found := _opened_at(values.get("opened_at"), employee))
    }
    if not here:
        return set()
    told: dict[int, set[tuple[Any, ...]]] = {number: set() for number in here}
    for model, names in ADDED.items():
        part = part_of(model)
        for values in rows.get(part.label, []):
            if _counts(model, values):
                number = _record_number(rows, part, values)
                told.setdefault(number, set()).add((part.label, *map(values.get, names)))
    return {
        number
        for number, records in here.items()
        if any(told[number] <= _said(record) for record in records)
    }


def _opened_at(said: object, employee: Person) -> list[Appraisal]:
    moment = parse_datetime(str(said))
    if moment is None or moment.tzinfo is None:
        return []
    return list(Appraisal.objects.filter(employee=employee, opened_at=moment))


def _counts(model: type[Model], values: dict[str, Any]) -> bool:
    """What happened to the record as a whole, that it was sent and received, brings no text and no rating."""
    return model is not AppraisalEvent or values["document"] is not None


def _said(record: Appraisal) -> set[tuple[Any, ...]]:
    return {
        (part_of(model).label, *(plain(value) for value in row))
        for model, names in ADDED.items()
        for row in part_of(model).of([record.pk]).values_list(*names)
    }


def _record_number(rows: Rows, part: Part, values: dict[str, Any]) -> int:
    """Along the way that the part says."""
    model, number = part.model, 0
    for name in part.record.split("__"):
        column = model._meta.get_field(name)
        model, number = column.related_model, values[name]  # type: ignore[assignment]
        values = rows[model._meta.label][_place(number)]
    return number


def _place(number: int) -> int:
    if number < 1:
        raise IndexError(number)
    return number - 1


def _without(rows: Rows, known: set[int]) -> Rows:
    """Rows that stay get new numbers, and what points to them points there."""
    kept: dict[type[Model], dict[int, int]] = {}
    for part in PARTS:
        if part.travels:
            stay = [
                number
                for number, values in enumerate(rows.get(part.label, []), start=1)
                if (_record_number(rows, part, values) if part.record else number) not in known
            ]
            kept[part.model] = {old: new for new, old in enumerate(stay, start=1)}
    return {
        part.label: [
            _pointing_anew(part, rows[part.label][_place(number)], kept)
            for number in kept[part.model]
        ]
        for part in PARTS
        if part.travels
    }


def _pointing_anew(
    part: Part, values: dict[str, Any], kept: dict[type[Model], dict[int, int]]
) -> dict[str, Any]:
    said = dict(values)
    for column in part.model._meta.concrete_fields:
        numbers = kept.get(column.related_model) if isinstance(column, ForeignKey) else None
        if numbers is not None and isinstance(said[column.name], int):
            said[column.name] = numbers[said[column.name]]
    for name, model in part.marks.items():
        said[name] = kept[model][said[name]] if said[name] else 0
    for path, model in part.keys.items():
        column_name, key = path.split(".")
        inside = said[column_name]
        if model in kept and isinstance(inside, dict) and isinstance(inside.get(key), int):
            said[column_name] = {**inside, key: kept[model][inside[key]]}
    return said
