"""What is written down through the year: notes of one's own first."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from appraisals.models import Element, JournalEntry
from appraisals.rules import normalize_text, text_limit_problems
from orgchart import clock

NO_DAY = {"required": "Give the day.", "invalid": "Give a day, for example 4/15/2027."}


class ElementsField(forms.ModelMultipleChoiceField[Element]):
    def label_from_instance(self, obj: Element) -> str:
        return element_label(obj)


def element_label(element: Element) -> str:
    """Plans of two cycles are in hand each spring, so the cycle stands in front."""
    cycle = element.plan.appraisal.cycle.name
    return f"{cycle}: {element.number}. {element.title or 'Untitled element'}"


def within(given: str, limit: int, where: str) -> str:
    text = normalize_text(given).strip()
    for problem in text_limit_problems(text, limit, where=where):
        raise forms.ValidationError(problem.message)
    return text


class JournalForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    noted_on = forms.DateField(label="Day", error_messages=NO_DAY)
    text = forms.CharField(
        label="What happened",
        widget=forms.Textarea(attrs={"rows": 4, "data-limit": JournalEntry.TEXT_LIMIT}),
        help_text="What was done, what came of it, a figure if there is one.",
        error_messages={"required": "Write something."},
    )
    elements = ElementsField(
        queryset=Element.objects.none(),
        required=False,
        label="Elements it belongs to",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of these elements is no longer in the plan."},
    )

    def __init__(
        self,
        *args: Any,
        elements: QuerySet[Element],
        action: str,
        entry: JournalEntry | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("initial", _initial(entry))
        super().__init__(*args, **kwargs)
        field = self.fields["elements"]
        if isinstance(field, ElementsField):
            field.queryset = elements
        self.helper = FormHelper()
        self.helper.form_action = action
        self.helper.add_input(Submit("keep", "Save" if entry else "Keep this note"))

    def clean_noted_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["noted_on"]
        if day > clock.today():
            raise forms.ValidationError("This day has not come yet.")
        return day

    def clean_text(self) -> str:
        return within(str(self.cleaned_data["text"]), JournalEntry.TEXT_LIMIT, "The note")

    def at_version(self, version: int) -> None:
        """Keep what was typed, on top of what is kept now."""
        sent = QueryDict(mutable=True)
        sent.update(self.data)
        sent["version"] = str(version)
        self.data = sent


def _initial(entry: JournalEntry | None) -> dict[str, Any]:
    if entry is None:
        return {"noted_on": clock.today()}
    return {
        "version": entry.version,
        "noted_on": entry.noted_on,
        "text": entry.text,
        "elements": [element.pk for element in entry.elements.all()],
    }
