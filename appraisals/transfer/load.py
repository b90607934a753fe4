"""From plain values to the tables: nothing is believed that a column, a constraint or the file itself denies."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Field, ForeignKey, Model

from appraisals.models import Appraisal, ReceivedFile, ReceivedRecord
from appraisals.parts import PARTS, Part, in_order
from appraisals.transfer.columns import wrong_columns
from appraisals.transfer.container import FileRefused, RecordFile
from appraisals.transfer.known import NOT_IN_FORM, RECORD
from appraisals.transfer.places import Places
from orgchart.models import Organization, Person

MOST_SAID = 10


def employee_in(file: RecordFile) -> str:
    """The DoD ID of whom the file is about."""
    about = file.content.get("references", {}).get(file.content.get("employee"), {})
    dod_id = about.get("dod_id") if isinstance(about, dict) else None
    if not isinstance(dod_id, str):
        raise FileRefused(["The file does not say whose records it holds."])
    return dod_id


class Load:
    """Into `place`, of `employee` alone. `save` writes everything or nothing."""

    def __init__(self, file: RecordFile, *, place: Organization, employee: Person) -> None:
        self.content = file.content
        self.employee = employee
        self.places = Places(place, file.content["references"])
        self._keys: dict[type[Model], list[int]] = {}
        self.problems: list[str] = []

    def save(self) -> list[Appraisal]:
        rows = self.content.get("rows")
        if not isinstance(rows, dict):
            raise FileRefused(["The file holds no rows."])
        try:
            with transaction.atomic():
                made = {part.model: self._save(part, rows) for part in in_order() if part.travels}
        except IntegrityError as error:
            raise FileRefused(
                [f"The records contradict each other or what is here: {_said(error)}"]
            ) from None
        except (TypeError, KeyError, AttributeError, IndexError, ValueError, ValidationError):
            raise FileRefused([NOT_IN_FORM]) from None
        return [row for row in made[Appraisal] if isinstance(row, Appraisal)]

    def _save(self, part: Part, rows: dict[str, Any]) -> list[Model]:
        given = rows.get(part.label, [])
        made = [self._row(part, values, number) for number, values in enumerate(given, start=1)]
        if self.problems:
            raise FileRefused(self.problems[:MOST_SAID])
        # One by one in a statement: the keys keep the order of the file.
        saved = part.model._default_manager.bulk_create(made, batch_size=500)
        self._keys[part.model] = [row.pk for row in saved]
        return saved

    def _row(self, part: Part, values: dict[str, Any], number: int) -> Model:
        columns = {each.name: each for each in part.model._meta.concrete_fields}
        columns.pop("id")
        unknown = set(values) ^ set(columns)
        if unknown:
            raise FileRefused(
                [f"{part.label}, row {number}: {', '.join(sorted(unknown))} is unknown or missing."]
            )
        told = dict(values)
        for path in part.keys:
            self._take_key(part, told, path)
        row = part.model()
        for name, column in columns.items():
            setattr(row, column.attname, self._value(part, column, told[name]))
        if isinstance(row, Appraisal):
            self._land(row, values)
        for name, wrong in wrong_columns(row):
            self.problems.append(f"{part.label}, row {number}, {name}: {wrong}")
        return row

    def _value(self, part: Part, column: "Field[Any, Any]", value: Any) -> Any:
        if column.name in part.only_here:
            return None
        if isinstance(column, ForeignKey):
            if value is None:
                return None
            model = column.related_model
            if isinstance(value, int):
                return self._key(model, value)
            return self.places.key_of(value)
        if column.name in part.marks:
            return self._key(part.marks[column.name], value) if value else 0
        return column.to_python(value)

    def _key(self, model: type[Model], number: int) -> int:
        keys = self._keys[model]
        if not 1 <= number <= len(keys):
            raise FileRefused(
                [f"The file points to row {number} of {model._meta.label}, which it does not hold."]
            )
        return keys[number - 1]

    def _land(self, record: Appraisal, values: dict[str, Any]) -> None:
        if record.employee_id != self.employee.pk:
            raise FileRefused(["The file holds a record of somebody else."])
        record.organization = self.places.place
        record.cycle_id = self.places.cycle(values["cycle"], self.employee)

    def _take_key(self, part: Part, values: dict[str, Any], path: str) -> None:
        column, name = path.split(".")
        inside, model = values[column], part.keys[path]
        if not isinstance(inside, dict) or inside.get(name) is None:
            return
        told = inside[name]
        if isinstance(told, int):
            told = self._key(model, told)
        elif isinstance(told, str) and model in _MADE_HERE:
            told = self.places.key_of(told)
        values[column] = {**inside, name: told}


_MADE_HERE: frozenset[type[Model]] = frozenset(
    model for part in PARTS for model in part.keys.values() if model._meta.app_label == "appraisals"
)


def _said(error: IntegrityError) -> str:
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or "a rule of the database"
    return f"{str(name).replace('_', ' ')}."


def note_received(
    file: RecordFile, records: list[Appraisal], row: ReceivedFile
) -> list[ReceivedRecord]:
    """What the record's own columns said where it came from."""
    given = file.content["rows"][RECORD]
    references = file.content["references"]
    return ReceivedRecord.objects.bulk_create(
        ReceivedRecord(
            appraisal=record,
            file=row,
            origin={name: references[values[name]] for name in ("organization", "cycle")},
        )
        for record, values in zip(records, given, strict=True)
    )
