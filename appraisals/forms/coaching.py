"""A note to oneself about a supervisor, a word to one."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.urls import reverse

from appraisals.models import CoachingNote, Nudge, NudgePurpose
from appraisals.rules import normalize_text, text_limit_problems
from orgchart import clock
from orgchart.models import Person


class NoteForm(forms.Form):
    noted_on = forms.DateField(
        label="Day",
        help_text="For example 4/15/2027",
        widget=forms.DateInput,
        error_messages={"required": "Give the day it is about.", "invalid": "Give a date."},
    )
    text = forms.CharField(
        label="Note",
        widget=forms.Textarea(attrs={"rows": 4, "data-limit": CoachingNote.TEXT_LIMIT}),
        help_text="What you saw or said, and what you want to come back to.",
        error_messages={"required": "Write something."},
    )

    def __init__(self, *args: Any, about: Person, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"noted_on": clock.today()})
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = reverse("note_new", args=[about.dod_id])
        self.helper.add_input(Submit("keep", "Keep this note", css_class="btn--quiet"))

    def clean_noted_on(self) -> Any:
        day = self.cleaned_data["noted_on"]
        if day > clock.today():
            raise forms.ValidationError("This day has not come yet.")
        return day

    def clean_text(self) -> str:
        return _within(str(self.cleaned_data["text"]), CoachingNote.TEXT_LIMIT, "The note")


class NudgeForm(forms.Form):
    purpose = forms.ChoiceField(
        label="What it is about",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is about."},
    )
    words = forms.CharField(
        label="Your own words (optional)",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-limit": Nudge.WORDS_LIMIT}),
        help_text="They stand under the reminder.",
    )

    def __init__(self, *args: Any, purposes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["purpose"]
        if isinstance(field, forms.ChoiceField):
            field.choices = purposes
        self.helper = FormHelper()
        self.helper.add_input(Submit("send", "Send the reminder"))

    def clean_words(self) -> str:
        return _within(str(self.cleaned_data["words"]), Nudge.WORDS_LIMIT, "The message")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("purpose") == NudgePurpose.TALK and not cleaned.get("words", "").strip():
            self.add_error("words", "Say what you want to talk about.")
        return cleaned


def _within(given: str, limit: int, where: str) -> str:
    text = normalize_text(given).strip()
    for problem in text_limit_problems(text, limit, where=where):
        raise forms.ValidationError(problem.message)
    return text
