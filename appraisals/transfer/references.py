"""What a record points to outside of itself, said in words that another installation understands.

A reference is a plain value that holds all of it, references inside references included. Its digest is its name
in the file, so the same thing has the same name whatever its primary key is.
"""

import hashlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from django.db.models import Model, Q

from appraisals.models import (
    AppraisalCycle,
    Counterpart,
    Goal,
    MandatoryElement,
    PolicyEdition,
)
from appraisals.transfer.container import canonical
from orgchart.models import Organization, Person, Reorganization

Reference = dict[str, Any]
Thing = tuple[type[Model], int]

COLUMNS: Mapping[type[Model], tuple[str, ...]] = MappingProxyType(
    {
        Person: ("dod_id", "email", "first_name", "middle_name", "last_name"),
        Organization: ("code", "name", "kind_id"),
        AppraisalCycle: ("name", "starts_on", "ends_on", "effective_on", "organization"),
        PolicyEdition: ("name", "effective_on", "values", "core_values", "organization"),
        Goal: (
            "title",
            "statement",
            "organization",
            "cycle",
            "serves",
            "serves_none",
            "way",
            "position",
            "published_at",
            "retired_on",
            "retired_reason",
        ),
        MandatoryElement: (
            "code",
            "rule",
            "organization",
            "applies_to",
            "starts_on",
            "ends_on",
            "title",
            "description",
            "standards",
        ),
        Reorganization: ("kind", "effective_on"),
    }
)


def digest_of(reference: Reference) -> str:
    return hashlib.sha256(canonical(reference)).hexdigest()


class Describer:
    """Describes each thing once; `known` is what goes into the file under "references"."""

    def __init__(self, columns: Mapping[type[Model], tuple[str, ...]] = COLUMNS) -> None:
        self.columns = columns
        self.known: dict[str, Reference] = {}
        self._names: dict[Thing, str] = {}
        self._rows: dict[Thing, Model] = {}
        self._kept: dict[Thing, Reference] = {}

    def learn(self, things: Iterable[Thing]) -> None:
        """Reads them and all they point to: so many queries for each level, however many things there are."""
        new = set(things) - self._rows.keys() - self._kept.keys()
        while new:
            self._kept |= _counterparts(new)
            rows = _rows_of(new - self._kept.keys())
            self._rows |= rows
            next_ones = {
                (column.related_model, key)
                for row in rows.values()
                for column in self._pointing(row).values()
                if (key := getattr(row, column.attname)) is not None
            }
            new = next_ones - self._rows.keys() - self._kept.keys()

    def name_of(self, model: type[Model], pk: int) -> str:
        found = self._names.get((model, pk))
        if found is None:
            reference = self.reference(model, pk)
            found = digest_of(reference)
            self.known[found] = reference
            self._names[model, pk] = found
        return found

    def take(self, reference: Reference) -> str:
        """One that was described elsewhere."""
        found = digest_of(reference)
        self.known[found] = reference
        return found

    def reference(self, model: type[Model], pk: int) -> Reference:
        """What stands here for something of elsewhere goes out as it came."""
        self.learn([(model, pk)])
        if (model, pk) in self._kept:
            return dict(self._kept[model, pk])
        row = self._rows[model, pk]
        return {"is": model._meta.label} | {
            name: self._value(row, name) for name in self.columns[model]
        }

    def _pointing(self, row: Model) -> dict[str, Any]:
        names = self.columns[type(row)]
        columns = row._meta.concrete_fields
        return {each.name: each for each in columns if each.is_relation and each.name in names}

    def _value(self, row: Model, name: str) -> Any:
        column = self._pointing(row).get(name)
        if column is None:
            return plain(getattr(row, name))
        key = getattr(row, column.attname)
        return None if key is None else self.reference(column.related_model, key)


def _by_model(things: Iterable[Thing]) -> dict[type[Model], list[int]]:
    keys: dict[type[Model], list[int]] = {}
    for model, pk in sorted(things, key=lambda thing: (thing[0]._meta.label, thing[1])):
        keys.setdefault(model, []).append(pk)
    return keys


def _counterparts(things: Iterable[Thing]) -> dict[Thing, Reference]:
    models = {model._meta.label: model for model, _ in things}
    wanted = Q()
    for model, keys in _by_model(things).items():
        wanted |= Q(model=model._meta.label, row__in=keys)
    return {
        (models[each.model], each.row): each.reference
        for each in Counterpart.objects.filter(wanted)
    }


def _rows_of(things: Iterable[Thing]) -> dict[Thing, Model]:
    return {
        (model, pk): row
        for model, keys in _by_model(things).items()
        for pk, row in model._default_manager.in_bulk(keys).items()
    }


def plain(value: Any) -> Any:
    """Days and moments as ISO 8601, numbers of forms as text."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return (
        value if value is None or isinstance(value, bool | int | str | list | dict) else str(value)
    )
