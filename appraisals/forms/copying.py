from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.db.models import QuerySet

from appraisals.beside import CopySource
from appraisals.models import Element, LibraryElement
from orgchart.models import Person


class CopyForm(forms.Form):
    """One group of boxes for each source; a value is "element-12" or "library-5"."""

    request_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, sources: list[CopySource], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known: dict[str, Element | LibraryElement] = {}
        for number, source in enumerate(sources):
            choices = []
            for item in source.items:
                value = f"{'element' if isinstance(item, Element) else 'library'}-{item.pk}"
                self.known[value] = item
                choices.append((value, item.title))
            self.fields[f"source_{number}"] = forms.MultipleChoiceField(
                label=source.label,
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=source.hint,
            )
        self.helper = FormHelper()
        self.helper.add_input(Submit("copy", "Copy the chosen elements"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self._values(cleaned):
            raise forms.ValidationError("Choose at least one element to copy.")
        return cleaned

    def _values(self, cleaned: dict[str, Any]) -> list[str]:
        return [
            value
            for name, values in cleaned.items()
            if name.startswith("source_")
            for value in values
        ]

    def chosen(self) -> list[Element | LibraryElement]:
        return [self.known[value] for value in self._values(self.cleaned_data)]


class PeopleField(forms.ModelMultipleChoiceField[Person]):
    def label_from_instance(self, obj: Person) -> str:
        return obj.full_name


class CopyToManyForm(forms.Form):
    people = PeopleField(
        queryset=Person.objects.none(),
        label="Copy to",
        widget=forms.CheckboxSelectMultiple,
        help_text="Each gets these elements in a draft of their own; what a draft holds already is left alone.",
        error_messages={"required": "Choose at least one person."},
    )

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["people"]
        if isinstance(field, PeopleField):
            field.queryset = people.order_by("last_name", "first_name")
        self.helper = FormHelper()
        self.helper.add_input(Submit("copy", "Copy the elements"))
