"""HR and reminders: a schedule with its rules, which day to look ahead to, whom to ask now."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms

from appraisals.forms.administration import NO_DAY, PlaceField
from appraisals.models.reminder import WHO_CHOICES
from appraisals.rules.reminders import (
    MOST_RULES,
    OCCASIONS,
    TEXT_LIMIT,
    TITLE_LIMIT,
    Occasion,
    Rule,
    Who,
    can_be_prompted,
    schedule_problems,
)
from orgchart import clock
from orgchart.models import Organization

BEFORE, ON, AFTER = "before", "on", "after"
SIDES = [
    (BEFORE, "days before the due day"),
    (ON, "on the due day"),
    (AFTER, "days after it, when late"),
]


class RuleForm(forms.Form):
    """One reminder. Left empty it is none."""

    days = forms.IntegerField(
        label="Days",
        required=False,
        min_value=0,
        error_messages={"invalid": "Enter a whole number of days."},
        widget=forms.NumberInput(attrs={"class": "usa-input--small"}),
    )
    side = forms.ChoiceField(label="When", choices=SIDES, initial=BEFORE)
    who = forms.ChoiceField(label="Who is told", choices=WHO_CHOICES, initial=Who.HOLDER.value)
    title = forms.CharField(label="Subject", required=False, max_length=TITLE_LIMIT)
    text = forms.CharField(
        label="Text",
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"class": "usa-textarea--short"}),
    )
    remove = forms.BooleanField(label="Remove this reminder", required=False)

    @property
    def is_blank(self) -> bool:
        given = self.cleaned_data
        return not (given.get("days") or given.get("title") or given.get("text"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("remove") or self.is_blank:
            return cleaned
        if cleaned.get("side") != ON and not cleaned.get("days") and "days" not in self.errors:
            self.add_error("days", "Enter how many days, or choose “on the due day”.")
        return cleaned

    def rule(self) -> Rule:
        given = self.cleaned_data
        days = given.get("days") or 0
        offset = {BEFORE: -days, ON: 0, AFTER: days}[given["side"]]
        return Rule(offset, Who(given["who"]), given["title"], given["text"])


class BaseRules(forms.BaseFormSet[RuleForm]):
    def __init__(self, *args: Any, occasion: Occasion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.occasion = occasion

    def _given(self) -> list[RuleForm]:
        return [
            form
            for form in self.forms
            if not form.errors and not form.cleaned_data.get("remove") and not form.is_blank
        ]

    def clean(self) -> None:
        given = self._given()
        for problem in schedule_problems(self.occasion, [form.rule() for form in given]):
            number, _, name = problem.field.partition("-")
            if name:
                given[int(number)].add_error("days" if name == "offset" else name, problem.message)
            else:
                raise forms.ValidationError(problem.message)

    def rules(self) -> list[Rule]:
        return [form.rule() for form in self._given()]


_FORMSET = forms.formset_factory(
    RuleForm, formset=BaseRules, extra=0, max_num=MOST_RULES + 10, validate_max=True
)


def rule_forms(data: Any, *, rules: Iterable[Rule], occasion: Occasion) -> BaseRules:
    made = cast(type[BaseRules], _FORMSET)
    return made(data, initial=initial_of(rules), occasion=occasion)


def initial_of(rules: Iterable[Rule]) -> list[dict[str, object]]:
    return [
        {
            "days": abs(rule.offset) or None,
            "side": ON if not rule.offset else BEFORE if rule.offset < 0 else AFTER,
            "who": rule.who.value,
            "title": rule.title,
            "text": rule.text,
        }
        for rule in rules
    ]


class ScheduleForm(forms.Form):
    effective_on = forms.DateField(
        label="In force from",
        help_text="Today or a day ahead. What was sent before stays as it was.",
        error_messages=NO_DAY,
    )

    def clean_effective_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["effective_on"]
        if day < clock.today():
            raise forms.ValidationError(
                "What was sent was sent by the schedule of its day. Choose today or later."
            )
        return day


class _BelowForm(forms.Form):
    organization = PlaceField(help_text="It and all below it. Its code.")

    def __init__(self, *args: Any, scope: Sequence[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["organization"]
        if isinstance(place, PlaceField):
            place.scope = list(scope)


class AheadForm(_BelowForm):
    day = forms.DateField(label="Day", error_messages=NO_DAY)

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        today = clock.today()
        if not today <= day <= today + dt.timedelta(days=366):
            raise forms.ValidationError("Choose a day from today to a year ahead.")
        return day


class PromptForm(_BelowForm):
    occasion = forms.ChoiceField(
        label="Of what",
        choices=[(each.value, OCCASIONS[each].label) for each in Occasion if can_be_prompted(each)],
    )
    late_only = forms.BooleanField(label="Only what is late", required=False)
