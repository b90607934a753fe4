"""Mission and goals: writing, linking and retiring."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, ButtonHolder, Layout, Submit
from django import forms
from django.db.models import QuerySet

from appraisals.models import Goal
from appraisals.rules import normalize_text, text_length
from orgchart import clock

TEXT_LIMIT = 2000


class _TextForm(forms.Form):
    """Texts are kept as they will be counted and shown: one kind of line end, no stray spaces."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, value in cleaned.items():
            if isinstance(value, str):
                cleaned[name] = normalize_text(value)
        return cleaned


class MissionForm(_TextForm):
    text = forms.CharField(
        label="Mission",
        help_text="What this organization is there for, in a sentence or two.",
        widget=forms.Textarea(attrs={"class": "usa-textarea--short", "data-limit": TEXT_LIMIT}),
        error_messages={"required": "Write the mission."},
    )

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("text", _buttons("Save mission", back))

    def clean_text(self) -> str:
        return _within(self.cleaned_data["text"], "The mission")


class AboveField(forms.ModelChoiceField[Goal]):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title} ({obj.organization.name})"


class GoalForm(_TextForm):
    title = forms.CharField(
        label="Goal",
        help_text="Short, so that an employee can say it: “Protect the installation”.",
        max_length=200,
        error_messages={
            "required": "Write the goal.",
            "max_length": "Write the goal in at most 200 characters; say more below.",
        },
    )
    statement = forms.CharField(
        label="How everybody will know it was reached",
        widget=forms.Textarea(attrs={"class": "usa-textarea--short", "data-limit": TEXT_LIMIT}),
        required=False,
    )
    serves = AboveField(
        Goal.objects.none(),
        label="Goal above that it serves",
        empty_label="None",
        required=False,
    )
    serves_none = forms.CharField(
        label="If it serves none: why",
        help_text="“A task of this unit alone, by its charter.” Leave it empty when a goal above is chosen.",
        max_length=400,
        required=False,
        error_messages={"max_length": "Say it in at most 400 characters."},
    )
    position = forms.IntegerField(
        label="Place in the list",
        min_value=1,
        max_value=99,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), "Enter a number from 1 to 99."
        ),
    )

    def __init__(
        self, *args: Any, above: QuerySet[Goal], verb: str, back: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["serves"]
        if isinstance(choice, forms.ModelChoiceField):
            choice.queryset = above
        self.has_above = above.exists()
        if not self.has_above:
            del self.fields["serves"], self.fields["serves_none"]
        names = list(self.fields)
        self.helper = FormHelper()
        self.helper.layout = Layout(*names, _buttons(verb, back))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.has_above and "serves" in cleaned:
            if cleaned["serves"]:
                cleaned["serves_none"] = ""
            elif not cleaned.get("serves_none"):
                self.add_error(
                    "serves",
                    "Choose the goal above that it serves, or say below why it serves none.",
                )
        return {"serves": None, "serves_none": "", **cleaned}

    def clean_statement(self) -> str:
        return _within(self.cleaned_data["statement"], "The statement")


class RetireForm(_TextForm):
    retired_on = forms.DateField(
        label="From which day",
        help_text="From that day no new element or goal can be linked to it.",
        error_messages={"required": "Enter the day.", "invalid": "Enter a date."},
    )
    reason = forms.CharField(
        label="Why",
        help_text="Everybody whose work serves it can read this.",
        widget=forms.Textarea(attrs={"class": "usa-textarea--short", "data-limit": TEXT_LIMIT}),
        error_messages={"required": "Say why it is retired."},
    )

    def __init__(self, *args: Any, goal: Goal, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal = goal
        self.helper = FormHelper()
        self.helper.layout = Layout("retired_on", "reason", _buttons("Retire goal", back))

    def clean_retired_on(self) -> Any:
        on = self.cleaned_data["retired_on"]
        if not clock.today() <= on <= self.goal.cycle.ends_on:
            raise forms.ValidationError(
                f"Choose a day from today to {self.goal.cycle.ends_on:%-d %B %Y}, the end of the cycle."
            )
        return on

    def clean_reason(self) -> str:
        return _within(self.cleaned_data["reason"], "The reason")


def _within(text: str, what: str) -> str:
    length = text_length(text)
    if length > TEXT_LIMIT:
        raise forms.ValidationError(
            f"{what} has {length:,} characters; {TEXT_LIMIT:,} fit. Shorten it by {length - TEXT_LIMIT:,}."
        )
    return text


def _buttons(verb: str, back: str) -> ButtonHolder:
    return ButtonHolder(
        Submit("save", verb), HTML(f'<a class="btn btn--text" href="{back}">Cancel</a>')
    )
