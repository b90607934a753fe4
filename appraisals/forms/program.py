"""What leaders ask a list for, and mission and goals."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, ButtonHolder, Layout, Submit
from django import forms

from appraisals.counts import NOT_RATEABLE, STAGE_NAMES, STEPS
from appraisals.models import AppraisalCycle, Goal
from appraisals.rules import normalize_text, text_length
from orgchart.models import Organization

STEP_CHOICES = [("", "All"), *((label, label) for label, _ in STEPS), (NOT_RATEABLE, NOT_RATEABLE)]
TEXT_LIMIT = 2000


class RecordsFilterForm(forms.Form):
    cycle = forms.CharField(widget=forms.HiddenInput, required=False)
    stage = forms.ChoiceField(
        label="Part of the year",
        choices=[(stage.value, name) for stage, name in STAGE_NAMES.items()],
        required=False,
    )
    step = forms.ChoiceField(label="How far", choices=STEP_CHOICES, required=False)
    late = forms.ChoiceField(
        label="Late",
        choices=[("", "Late or not"), ("on", "Late in this part"), ("any", "Late in any part")],
        required=False,
    )
    alone = forms.BooleanField(label="Only directly in this unit", required=False)


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
        empty_label="None: nothing above is served",
        required=False,
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
        self,
        *args: Any,
        organization: Organization,
        cycle: AppraisalCycle,
        verb: str,
        back: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        above = Goal.objects.filter(cycle=cycle, organization__in=organization.ancestor_ids)
        choice = self.fields["serves"]
        if isinstance(choice, forms.ModelChoiceField):
            choice.queryset = above.select_related("organization").order_by(
                "-organization__path", "position"
            )
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "title", "statement", "serves", "position", _buttons(verb, back)
        )

    def clean_statement(self) -> str:
        return _within(self.cleaned_data["statement"], "The statement")


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
