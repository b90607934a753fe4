"""More time for one employee, a year without a rating, who is specially situated, another cycle."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms

from appraisals import rules
from appraisals.forms.buttons import cancel
from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    ExtensionReason,
    NotRatedReason,
    Situation,
    SituationKind,
)
from appraisals.rateability import closing_problem
from appraisals.rules.words import date_words
from orgchart import clock

AUTHORITY = 200
TEXT = 2000


def day_field(
    label: str, help_text: str = "For example 4/15/2027", **kwargs: Any
) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        error_messages={"required": "Give the day.", "invalid": "Give a date."},
        **kwargs,
    )


def text_field(label: str, missing: str, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "data-limit": TEXT}),
        error_messages={"required": missing},
        **kwargs,
    )


def authority_field(label: str = "Who approved it") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=AUTHORITY,
        help_text="Name and office of whoever had the authority to decide. It stays on the record.",
        error_messages={"required": "Name who decided: the record needs an authority."},
    )


class OneButtonForm(forms.Form):
    """Its fields in order, the button that says what happens, and a way back."""

    verb = "Save"

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = self.laid_out(list(self.fields), back)

    def laid_out(self, names: Sequence[str], back: str) -> Layout:
        return Layout(*names, ButtonHolder(Submit("save", self.verb), cancel(back)))


class ExtensionForm(OneButtonForm):
    """R1.11. `grants`: this person may decide, and does; else they ask."""

    until = day_field("Last day of the extended period", "The day until which the work counts.")
    reason = forms.ChoiceField(
        label="Why more time is needed",
        choices=ExtensionReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why more time is needed."},
    )
    explanation = text_field(
        "What it is about",
        "Say what more time is needed for. The employee reads it.",
        help_text="The employee, the officials and HR read it.",
    )
    authority = authority_field()

    def __init__(
        self, *args: Any, appraisal: Appraisal, policy: rules.Policy, grants: bool, **kwargs: Any
    ) -> None:
        self.verb = "Extend the period" if grants else "Ask for more time"
        self.appraisal, self.policy = appraisal, policy
        super().__init__(*args, **kwargs)
        if not grants:
            del self.fields["authority"]
            self.helper.layout.fields.remove("authority")

    def clean_until(self) -> dt.date:
        until: dt.date = self.cleaned_data["until"]
        problem = rules.extension_problem(
            until,
            cycle_ends_on=self.appraisal.cycle.ends_on,
            today=clock.today(),
            policy=self.policy,
        )
        if problem:
            raise forms.ValidationError(problem)
        return until


class DecideForm(OneButtonForm):
    verb = "Record the decision"
    outcome = forms.ChoiceField(
        label="Decision",
        choices=[("granted", "Grant it"), ("declined", "Decline it")],
        widget=forms.RadioSelect,
        error_messages={"required": "Grant it or decline it."},
    )
    authority = authority_field("Who decided")
    answer = text_field(
        "Reason", "", required=False, help_text="Needed when you decline. The official reads it."
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("outcome") == "declined" and not cleaned.get("answer", "").strip():
            self.add_error("answer", "Say why it is declined.")
        return cleaned


class WhyForm(OneButtonForm):
    """A step that asks for nothing but its reason."""

    why = text_field(
        "Reason",
        "Give the reason. It stays on the record.",
        help_text="It stays on the record, where the employee reads it.",
    )

    def __init__(self, *args: Any, verb: str, **kwargs: Any) -> None:
        self.verb = verb
        super().__init__(*args, **kwargs)


class CloseYearForm(OneButtonForm):
    verb = "Close the year without a rating"
    reason = forms.ChoiceField(
        label="Why no rating can be given",
        choices=NotRatedReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the reason."},
    )
    explanation = text_field(
        "Explanation",
        "",
        required=False,
        help_text="For the employee, in plain words. Needed for every reason but too few days.",
    )

    def __init__(self, *args: Any, appraisal: Appraisal, **kwargs: Any) -> None:
        self.appraisal = appraisal
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if reason := cleaned.get("reason"):
            problem = closing_problem(self.appraisal, reason, cleaned.get("explanation", ""))
            if problem:
                self.add_error("explanation" if problem.startswith("Say") else "reason", problem)
        return cleaned


class SituationForm(OneButtonForm):
    """R7.13"""

    verb = "Enter it"
    kind = forms.ChoiceField(
        label="What it is",
        choices=SituationKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is."},
    )
    starts_on = day_field("First day")
    ends_on = day_field("Last day", "Leave it empty while nobody knows.", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "The last day comes before the first day.")
        return cleaned


class EndSituationForm(OneButtonForm):
    verb = "Save"
    what = forms.ChoiceField(
        label="What to do",
        choices=[("end", "Set its last day"), ("remove", "Take it out: it was entered wrongly")],
        widget=forms.RadioSelect,
        initial="end",
    )
    ends_on = day_field("Last day", required=False)

    def __init__(self, *args: Any, situation: Situation, **kwargs: Any) -> None:
        self.situation = situation
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("what") == "remove":
            return cleaned | {"ends_on": None}
        ends_on = cleaned.get("ends_on")
        if not ends_on and "ends_on" not in self.errors:
            self.add_error("ends_on", "Give its last day.")
        elif ends_on and ends_on < self.situation.starts_on:
            began = date_words(self.situation.starts_on)
            self.add_error("ends_on", f"It began on {began}. Choose that day or a later one.")
        return cleaned


class CycleChangeForm(OneButtonForm):
    """R1.12"""

    verb = "Move the record"
    cycle = forms.ChoiceField(
        label="Cycle that the record follows from now on",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the cycle."},
    )
    reason = text_field(
        "Reason", "Say why the record follows another cycle. It stays on the record."
    )

    def __init__(self, *args: Any, cycles: Iterable[AppraisalCycle], **kwargs: Any) -> None:
        self.cycles = {str(cycle.pk): cycle for cycle in cycles}
        super().__init__(*args, **kwargs)
        choice = self.fields["cycle"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [
                (
                    key,
                    f"{cycle.name} of {cycle.organization.name}: {date_words(cycle.starts_on)} to "
                    f"{date_words(cycle.ends_on)}",
                )
                for key, cycle in self.cycles.items()
            ]

    @property
    def chosen(self) -> AppraisalCycle:
        return self.cycles[self.cleaned_data["cycle"]]
