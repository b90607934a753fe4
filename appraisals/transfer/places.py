"""What a reference of a file is here: found where it is the same, else made so that it changes nothing.

People who are not known here come as names that cannot sign in. Units, cycles, editions and goals of elsewhere
hang in a closed unit, above nobody: the record goes on saying what it said, and nothing here follows from them.
"""

import datetime as dt
from typing import Any

from django.db.models import Model

from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    Counterpart,
    Goal,
    MandatoryElement,
    PolicyEdition,
)
from appraisals.selectors import cycles_at
from appraisals.transfer.columns import wrong_columns
from appraisals.transfer.container import FileRefused
from appraisals.transfer.references import COLUMNS, Describer, Reference, digest_of
from orgchart import clock
from orgchart.models import Organization, OrganizationKind, Person

CODE_LENGTH = 40
_FOUND_BY: dict[type[Model], tuple[str, ...]] = {
    AppraisalCycle: ("name", "starts_on"),
    PolicyEdition: ("name", "effective_on"),
    Goal: ("title",),
    MandatoryElement: ("code",),
}
_WITH: dict[type[Model], Any] = {
    AppraisalCycle: lambda: {"opened_at": clock.now()},
    PolicyEdition: lambda: {"written_at": clock.now()},
}
_MODELS = {model._meta.label: model for model in COLUMNS}


class Places:
    """`place`: the unit that the records come to."""

    def __init__(self, place: Organization, references: dict[str, Reference]) -> None:
        self.place = place
        self.references = references
        self.describer = Describer()
        self._found: dict[str, int] = {}
        self.new_people: list[Person] = []

    def key_of(self, name: str) -> int:
        """The primary key of what this reference is here."""
        if name not in self.references:
            raise FileRefused(["The file points to something that it does not describe."])
        return self._key(self.references[name])

    def _key(self, reference: Reference) -> int:
        digest = digest_of(reference)
        if digest not in self._found:
            self._found[digest] = self._find_or_make(reference, digest).pk
        return self._found[digest]

    def _find_or_make(self, reference: Reference, digest: str) -> Model:
        model = _MODELS.get(str(reference.get("is")))
        if model is None or set(reference) != {"is", *COLUMNS[model]}:
            raise FileRefused(
                ["The file describes something in a way that is not understood here."]
            )
        if model is Person:
            return self._person(reference)
        if model is Organization:
            return self._unit(reference) or self._mirror(reference)
        return self._same(model, reference, digest) or self._apart(model, reference, digest)

    def _apart(self, model: type[Model], reference: Reference, digest: str) -> Model:
        """What stands for it beside ours; made the first time."""
        known = Counterpart.objects.filter(digest=digest).first()
        if known is not None:
            return model._default_manager.get(pk=known.row)
        return self._made(model, reference, digest)

    def _person(self, reference: Reference) -> Person:
        known = Person.objects.filter(dod_id=reference["dod_id"]).first()
        if known is not None:
            return known
        email = str(reference["email"]).lower()
        other = Person.objects.filter(email=email).first()
        if other is not None:
            raise FileRefused(
                [
                    f"The address {email} belongs here to {other.full_name}, DoD ID {other.dod_id}; in the file it "
                    f"is of DoD ID {reference['dod_id']}. Clear up which of the two is right."
                ]
            )
        person = Person(**{name: reference[name] for name in COLUMNS[Person]}, is_active=False)
        person.email = email
        person.set_unusable_password()
        person.refresh_search_text()
        _refuse_wrong(person)
        person.save()
        self.new_people.append(person)
        return person

    def _unit(self, reference: Reference) -> Organization | None:
        """One that is called and coded alike."""
        return Organization.objects.filter(
            **{name: reference[name] for name in COLUMNS[Organization]}
        ).first()

    def _mirror(self, reference: Reference) -> Organization:
        digest = digest_of(reference)
        known = Counterpart.objects.filter(digest=digest).first()
        if known is not None:
            return Organization.objects.get(pk=known.row)
        kinds = OrganizationKind.objects.order_by("code")
        kind = kinds.filter(code=reference["kind_id"]).first() or kinds[0]
        top = Organization.objects.get(pk=[*self.place.ancestor_ids, self.place.pk][0])
        unit = Organization(
            code=f"{str(reference['code'])[: CODE_LENGTH - 9]}@{digest[:8]}",
            name=reference["name"],
            kind=kind,
            parent=top,
            closed_on=clock.today(),
        )
        _refuse_wrong(unit)
        unit.save()
        unit.refresh_from_db()
        self._keep(Organization, unit.pk, reference, digest)
        return unit

    def _same(self, model: type[Model], reference: Reference, digest: str) -> Model | None:
        """A row of ours of which we would say the same."""
        by = {name: reference[name] for name in _FOUND_BY[model]}
        for row in model._default_manager.filter(**by)[:20]:
            if digest_of(self.describer.reference(model, row.pk)) == digest:
                return row
        return None

    def _made(self, model: type[Model], reference: Reference, digest: str) -> Model:
        values: dict[str, Any] = {}
        for name in COLUMNS[model]:
            column = model._meta.get_field(name)
            value = reference[name]
            if not column.is_relation:
                values[name] = column.to_python(value)  # type: ignore[union-attr]
            elif value is not None and column.related_model is Organization:
                values[name] = self._mirror(value)
            elif value is not None:
                values[f"{name}_id"] = self._key(value)
        if model is MandatoryElement:
            values["code"] = f"{values['code'][:31]}-{digest[:8]}"
        row = model(**values, **_WITH.get(model, dict)())
        _refuse_wrong(row)
        row.save(force_insert=True)
        self._keep(model, row.pk, reference, digest)
        return row

    def _keep(self, model: type[Model], pk: int, reference: Reference, digest: str) -> None:
        Counterpart.objects.create(
            model=model._meta.label, row=pk, reference=reference, digest=digest
        )

    def cycle(self, name: str, employee: Person) -> int:
        """The cycle of this place with the same days, unless the employee has a record in it; else theirs."""
        reference = self.references.get(name, {})
        days = {day: reference.get(day) for day in ("starts_on", "ends_on", "effective_on")}
        if isinstance(days["starts_on"], str):
            starts_on = dt.date.fromisoformat(days["starts_on"])
            ours = cycles_at(self.place, on=starts_on).filter(**days).first()
            if ours and not self._has_record(employee, ours.pk):
                return ours.pk
        found = self.key_of(name)
        if self._has_record(employee, found):
            reference = self.references[name]
            found = self._apart(AppraisalCycle, reference, digest_of(reference)).pk
        return found

    @staticmethod
    def _has_record(employee: Person, cycle: int) -> bool:
        return Appraisal.objects.filter(employee=employee, cycle=cycle).exists()


def _refuse_wrong(row: Model) -> None:
    problems = [f"{row._meta.label}, {name}: {wrong}" for name, wrong in wrong_columns(row)]
    if problems:
        raise FileRefused(problems)
