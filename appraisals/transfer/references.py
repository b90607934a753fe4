"""What a record points to outside of itself, said in words that another installation understands.

A reference is a plain value that holds all of it, references inside references included. Its digest is its name
in the file, so the same thing has the same name whatever its primary key is.
"""

import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.db.models import Model

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
        self._names: dict[tuple[type[Model], int], str] = {}

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
        kept = Counterpart.objects.filter(model=model._meta.label, row=pk).first()
        if kept is not None:
            return dict(kept.reference)
        row = model._default_manager.get(pk=pk)
        return {"is": model._meta.label} | {
            name: self._value(row, name) for name in self.columns[model]
        }

    def _value(self, row: Model, name: str) -> Any:
        pointing = {each.name: each for each in row._meta.concrete_fields if each.is_relation}
        column = pointing.get(name)
        if column is None:
            return plain(getattr(row, name))
        key = getattr(row, column.attname)
        model: type[Model] = column.related_model  # type: ignore[assignment]  # a relation has one
        return None if key is None else self.reference(model, key)


def plain(value: Any) -> Any:
    """Days and moments as ISO 8601, numbers of forms as text."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return (
        value if value is None or isinstance(value, bool | int | str | list | dict) else str(value)
    )
