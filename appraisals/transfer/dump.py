"""From the tables to plain values: every row of every part, its columns by their names.

Rows are numbered within their part in the order of their primary keys, and point to each other by these numbers;
to everything else by the name of a reference. So the same record is the same text, whatever keys it has.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import ForeignKey, Model

from appraisals.models import ReceivedRecord
from appraisals.parts import PARTS, Part
from appraisals.transfer.references import Describer, Thing, plain

Rows = Callable[[Part], Iterable[Model]]


def in_file() -> list[Part]:
    return [part for part in PARTS if part.travels]


class Dump:
    """`rows_of`: which rows of a part are wanted. What points to a row that is not among them says nothing."""

    def __init__(self, rows_of: Rows, *, described: Describer | None = None) -> None:
        self.described = described or Describer()
        self._rows = {part.model: list(rows_of(part)) for part in in_file()}
        self._numbers = {
            model: {row.pk: number for number, row in enumerate(rows, start=1)}
            for model, rows in self._rows.items()
        }
        records = [row.pk for row in self._rows[PARTS[0].model]]
        self._origins = dict(
            ReceivedRecord.objects.filter(appraisal__in=records).values_list(
                "appraisal_id", "origin"
            )
        )
        self.described.learn(self._outside())

    def _outside(self) -> Iterator[Thing]:
        """What the rows point to and is not among them."""
        for part in in_file():
            columns = part.model._meta.concrete_fields
            pointing = [each for each in columns if isinstance(each, ForeignKey)]
            for row in self._rows[part.model]:
                found = [(each.related_model, getattr(row, each.attname)) for each in pointing]
                found += [(model, _inside(row, path)) for path, model in part.keys.items()]
                yield from (
                    (model, key) for model, key in found if key and model not in self._numbers
                )

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        return {
            part.label: [self._row(part, row) for row in self._rows[part.model]]
            for part in in_file()
        }

    @property
    def references(self) -> dict[str, Any]:
        return self.described.known

    def number(self, model: type[Model], pk: int | None) -> int | None:
        return None if pk is None else self._numbers[model].get(pk)

    def _row(self, part: Part, row: Model) -> dict[str, Any]:
        is_record = part.model is PARTS[0].model
        values: dict[str, Any] = self._origin(row.pk) if is_record else {}
        for column in row._meta.concrete_fields:
            if column.primary_key or column.name in values:
                continue
            value = getattr(row, column.attname)
            if isinstance(column, ForeignKey):
                values[column.name] = self._pointed_to(column, value)
            elif column.name in part.only_here:
                values[column.name] = None
            elif column.name in part.marks:
                values[column.name] = self._mark(part, row, column.name, value)
            else:
                values[column.name] = plain(value)
        for path, model in part.keys.items():
            self._name_key(row, values, path, model)
        return values

    def _pointed_to(self, column: ForeignKey[Any, Any], key: int | None) -> int | str | None:
        if key is None:
            return None
        model = column.related_model
        if model in self._numbers:
            return self.number(model, key)
        return self.described.name_of(model, key)

    def _origin(self, pk: int) -> dict[str, str]:
        """Columns that say something else here than where the record came from."""
        names = {}
        for column, reference in self._origins.get(pk, {}).items():
            names[column] = self.described.take(reference)
        return names

    def _mark(self, part: Part, row: Model, name: str, mark: int) -> int:
        """The newest of the document's own rows that the mark takes in."""
        document = getattr(row, "document_id", None)
        rows = self._rows[part.marks[name]]
        within = [
            self._numbers[type(each)][each.pk]
            for each in rows
            if each.pk <= mark and getattr(each, "document_id", None) == document
        ]
        return max(within, default=0)

    def _name_key(self, row: Model, values: dict[str, Any], path: str, model: type[Model]) -> None:
        """A primary key inside a JSON column becomes a number or the name of a reference."""
        key = _inside(row, path)
        if key is None:
            return
        column, name = path.split(".")
        named = (
            self.number(model, key)
            if model in self._numbers
            else self.described.name_of(model, key)
        )
        values[column] = {**values[column], name: named}


def _inside(row: Model, path: str) -> int | None:
    column, name = path.split(".")
    value = getattr(row, column)
    key = value.get(name) if isinstance(value, dict) else None
    return key if isinstance(key, int) else None
