"""When a person wants mail."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from appraisals.models import Rhythm


class RhythmForm(forms.Form):
    def __init__(self, *args: Any, said: dict[Rhythm, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rhythm"] = forms.ChoiceField(
            label="How often",
            choices=[(rhythm.value, words) for rhythm, words in said.items()],
            widget=forms.RadioSelect,
            error_messages={
                "required": "Choose how often.",
                "invalid_choice": "Choose one of the four.",
            },
        )
        self.helper = FormHelper()
        self.helper.form_id = "rhythm"
        self.helper.add_input(Submit("save", "Save"))

    def clean_rhythm(self) -> Rhythm:
        return Rhythm(self.cleaned_data["rhythm"])
