"""When a person wants mail."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from appraisals.models import Rhythm


class RhythmForm(forms.Form):
    rhythm = forms.ChoiceField(
        label="How often",
        choices=Rhythm.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how often.",
            "invalid_choice": "Choose one of the four.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_id = "rhythm"
        self.helper.add_input(Submit("save", "Save"))

    def clean_rhythm(self) -> Rhythm:
        return Rhythm(self.cleaned_data["rhythm"])
