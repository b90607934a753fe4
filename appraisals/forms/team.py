from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.urls import reverse_lazy

from orgchart.models import Person


class PeopleField(forms.MultipleChoiceField):
    """Offers some and accepts more: a form that is sent twice is right both times."""

    accepted: frozenset[str] = frozenset()

    def valid_value(self, value: Any) -> bool:
        return str(value) in self.accepted


class StartPlansForm(forms.Form):
    people = PeopleField(
        label="For whom",
        widget=forms.CheckboxSelectMultiple,
        help_text="Each gets a first draft with the core values and the elements everyone must have.",
        error_messages={"required": "Choose at least one person."},
    )

    def __init__(
        self, *args: Any, offered: list[Person], accepted: list[Person], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(person.pk): person for person in accepted}
        field = self.fields["people"]
        if isinstance(field, PeopleField):
            field.choices = [(str(person.pk), person.full_name) for person in offered]
            field.accepted = frozenset(self.known)
        self.helper = FormHelper()
        self.helper.form_action = reverse_lazy("team_start_plans")
        self.helper.add_input(Submit("start", "Start plans"))

    def chosen(self) -> list[Person]:
        """In the order of the list, however they were sent."""
        return [person for pk, person in self.known.items() if pk in self.cleaned_data["people"]]
