"""A policy edition as a form: one field for every setting of `rules.Policy`, whatever it may grow."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Submit
from django import forms

from appraisals import rules
from appraisals.forms.administration import NO_DAY, cancel
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
    "R12": "What follows from a rating",
    "R13": "Records and reports",
    "R14": "Reminders",
    "R16": "Records and reports",
}
OWN = ("name", "effective_on", "core_values")


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


def _field(setting: rules.PolicySetting) -> forms.Field:
    help_text = f"{setting.rule} · usually {shown(setting.default)}"
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


class PolicyForm(forms.Form):
    name = forms.CharField(
        label="Name of the edition",
        max_length=120,
        error_messages={"required": "Name the edition, for example “Volume 431, Change 5”."},
    )
    effective_on = forms.DateField(
        label="In force from",
        help_text="A day ahead. What was decided under an earlier edition stays as it was.",
        error_messages=NO_DAY,
    )
    core_values = forms.CharField(
        label="DoD core values",
        help_text="The first text of every new plan.",
        widget=forms.Textarea,
        required=False,
    )
    checked = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: dict[str, list[str]] = {}
        for setting in rules.policy_settings():
            self.fields[setting.name] = _field(setting)
            groups.setdefault(group_of(setting), []).append(setting.name)
        self.helper = FormHelper()
        self.helper.form_id = "policy"
        self.helper.layout = Layout(
            Fieldset("The edition", *OWN, "checked"),
            *(Fieldset(title, *names) for title, names in groups.items()),
            ButtonHolder(Submit("check", "Show what changes"), cancel(back)),
        )

    def clean_effective_on(self) -> Any:
        day = self.cleaned_data["effective_on"]
        if day <= clock.today():
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

    def values(self) -> dict[str, Any]:
        """What differs from the defaults, as an edition keeps it."""
        return {
            setting.name: self.cleaned_data[setting.name]
            for setting in rules.policy_settings()
            if _plain(self.cleaned_data[setting.name]) != _plain(setting.default)
        }

    def digest(self) -> str:
        """Of everything given: an edition is written only as it was last shown."""
        given = {name: str(self.cleaned_data[name]) for name in self.fields if name != "checked"}
        return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()

    def differences(self, in_force: rules.Policy) -> list[dict[str, object]]:
        """What changes from the edition in force, in reading order."""
        return [
            {
                "rule": setting.rule,
                "label": setting.label,
                "old": shown(getattr(in_force, setting.name)),
                "new": shown(self.cleaned_data[setting.name]),
                "default": shown(setting.default),
            }
            for setting in rules.policy_settings()
            if _plain(getattr(in_force, setting.name)) != _plain(self.cleaned_data[setting.name])
        ]


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, list | tuple) else value


def initial_of(policy: rules.Policy) -> Mapping[str, object]:
    return {
        setting.name: list(value) if isinstance(value, tuple) else value
        for setting in rules.policy_settings()
        if (value := getattr(policy, setting.name)) is not None
    }
