"""A policy edition as a form: one field for every setting of `rules.Policy`, whatever it may grow."""

from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Submit
from django import forms

from appraisals import rules
from appraisals.forms.administration import NO_DAY, InScope, PlaceField
from appraisals.forms.buttons import cancel
from appraisals.models import PolicyEdition
from appraisals.models.cycle import policy_of
from orgchart import clock

GROUPS = {
    "R1": "The cycle and its dates",
    "R3": "The plan",
    "R4": "Discussions and input",
    "R5": "Discussions and input",
    "R6": "Discussions and input",
    "R7": "The rating",
    "R8": "Higher level review",
    "R9": "Moves",
    "R10": "Unacceptable performance",
    "R11": "Contesting a rating",
    "R12": "What follows from a rating",
    "R13": "Records and reports",
    "R14": "Reminders",
    "R16": "Records and reports",
    "R17": "Training of supervisors",
}
IN_FORCE, BOOK = "in_force", "book"


def group_of(setting: rules.PolicySetting) -> str:
    return GROUPS.get(setting.rule.partition(".")[0], "Other")


def shown(value: object) -> str:
    """A setting's value in words."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, tuple | list):
        return ", ".join(_words(each) for each in value) or "None"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _words(each: int | str) -> str:
    return rules.NOTICES[each] if isinstance(each, str) else rules.LEVEL_NAMES[each]


def _field(setting: rules.PolicySetting, before: rules.Policy | None) -> forms.Field:
    help_text = f"{setting.rule} · rule book: {shown(setting.default)}"
    if before is not None:
        help_text += f" · until then: {shown(getattr(before, setting.name))}"
    if isinstance(setting.default, bool):
        return forms.BooleanField(label=setting.label, help_text=help_text, required=False)
    if isinstance(setting.default, tuple):
        named = isinstance(setting.default[0], str)
        choices = [
            (str(each), _words(each)) for each in (rules.NOTICES if named else rules.ELEMENT_LEVELS)
        ]
        return forms.TypedMultipleChoiceField(
            label=setting.label,
            help_text=help_text,
            choices=choices,
            coerce=str if named else int,
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
    if isinstance(setting.default, int):
        return forms.IntegerField(
            label=setting.label,
            help_text=help_text,
            error_messages=dict.fromkeys(("required", "invalid"), "Enter a whole number."),
        )
    return forms.CharField(
        label=setting.label, help_text=help_text, error_messages={"required": "Write something."}
    )


def _name_field() -> forms.CharField:
    return forms.CharField(
        label="Name of the edition",
        max_length=120,
        error_messages={"required": "Name the edition, for example “Volume 431, Change 5”."},
    )


class BeginPolicyForm(InScope):
    """Whose rules, and what they start from."""

    organization = PlaceField(help_text="The edition holds for it and all below it. Its code.")
    name = _name_field()
    start = forms.ChoiceField(
        label="Start from",
        widget=forms.RadioSelect,
        initial=IN_FORCE,
        error_messages={"required": "Choose what the edition starts from."},
    )

    def __init__(
        self, *args: Any, back: str, editions: Iterable[PolicyEdition], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        start = self.fields["start"]
        if isinstance(start, forms.ChoiceField):
            start.choices = [
                (IN_FORCE, "What is in force there today"),
                (BOOK, "The rule book itself"),
                *((str(each.pk), f"{each.name} ({each.organization.name})") for each in editions),
            ]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "organization",
            "name",
            "start",
            ButtonHolder(Submit("begin", "Begin a draft"), cancel(back)),
        )


class PolicyForm(forms.Form):
    """A draft: nothing of it holds before it is scheduled. `before`: what holds until then."""

    OWN = ("name", "effective_on", "reason", "core_values")

    name = _name_field()
    effective_on = forms.DateField(
        label="In force from",
        help_text="A day ahead; it may stay open while the draft is written.",
        required=False,
        error_messages=NO_DAY,
    )
    reason = forms.CharField(
        label="Why this edition is made",
        help_text="Needed to schedule it. Stays in the history of the organization.",
        max_length=500,
        widget=forms.Textarea(attrs={"class": "usa-textarea--short", "data-limit": 500}),
        required=False,
    )
    core_values = forms.CharField(
        label="DoD core values",
        help_text="The first text of every new plan.",
        widget=forms.Textarea,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, back: str, before: rules.Policy | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        groups: dict[str, list[str]] = {}
        for setting in rules.policy_settings():
            self.fields[setting.name] = _field(setting, before)
            groups.setdefault(group_of(setting), []).append(setting.name)
        self.anchors = {
            title: f"group-{number}" for number, title in enumerate(["The edition", *groups])
        }
        self.helper = FormHelper()
        self.helper.form_id = "policy"
        self.helper.layout = Layout(
            Fieldset("The edition", *self.OWN, "version", css_id=self.anchors["The edition"]),
            *(
                Fieldset(title, *names, css_id=self.anchors[title])
                for title, names in groups.items()
            ),
            ButtonHolder(Submit("save", "Save and show what it changes"), cancel(back)),
        )

    def clean_core_values(self) -> str:
        return rules.normalize_text(self.cleaned_data["core_values"])

    def clean_reason(self) -> str:
        return rules.normalize_text(self.cleaned_data["reason"])

    def clean_effective_on(self) -> Any:
        day = self.cleaned_data["effective_on"]
        if day is not None and day <= clock.today():
            raise forms.ValidationError(
                "A policy edition takes effect on a day ahead. Choose tomorrow or later."
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for problem in rules.policy_problems(self._given()):
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)
        return cleaned

    def _given(self) -> dict[str, Any]:
        return {
            setting.name: self.cleaned_data[setting.name]
            for setting in rules.policy_settings()
            if setting.name in self.cleaned_data
        }

    def policy(self) -> rules.Policy:
        return policy_of(self.values())

    def values(self) -> dict[str, Any]:
        """What differs from the defaults, as an edition keeps it."""
        return {
            setting.name: self.cleaned_data[setting.name]
            for setting in rules.policy_settings()
            if _plain(self.cleaned_data[setting.name]) != _plain(setting.default)
        }


def differences(before: rules.Policy, after: rules.Policy) -> list[dict[str, object]]:
    """What changes from one to the other, in reading order."""
    return [
        {
            "rule": setting.rule,
            "label": setting.label,
            "old": shown(getattr(before, setting.name)),
            "new": shown(getattr(after, setting.name)),
            "default": shown(setting.default),
            "holds": rules.holds_for(setting).value,
        }
        for setting in rules.policy_settings()
        if _plain(getattr(before, setting.name)) != _plain(getattr(after, setting.name))
    ]


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, list | tuple) else value


def initial_of(policy: rules.Policy) -> Mapping[str, object]:
    return {
        setting.name: list(value) if isinstance(value, tuple) else value
        for setting in rules.policy_settings()
        if (value := getattr(policy, setting.name)) is not None
    }
