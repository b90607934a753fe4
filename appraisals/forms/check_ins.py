"""A check-in: its day, what is on the agenda, what came of it, who does what."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.db.models import QuerySet

from appraisals.forms.talk import NO_DAY, within
from appraisals.models import AgendaItem, AgreedAction, CheckIn
from orgchart import clock
from orgchart.models import Person

EMPLOYEE, OFFICIAL = "employee", "official"


class PlanForm(forms.Form):
    planned_on = forms.DateField(label="Day of the check-in", error_messages=NO_DAY)

    def __init__(self, *args: Any, action: str, planned: CheckIn | None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"planned_on": planned.planned_on if planned else None})
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = action
        look = "btn--quiet" if planned else ""
        self.helper.add_input(
            Submit("plan", "Move it" if planned else "Plan the check-in", css_class=look)
        )

    def clean_planned_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["planned_on"]
        if day < clock.today():
            raise forms.ValidationError("This day is over. Choose today or a day to come.")
        return day


class AgendaForm(forms.Form):
    text = forms.CharField(
        label="Something to talk about",
        widget=forms.Textarea(
            attrs={"rows": 2, "data-limit": AgendaItem.TEXT_LIMIT, "class": "usa-textarea--short"}
        ),
        error_messages={"required": "Write what you want to talk about."},
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = action
        self.helper.add_input(Submit("add", "Put it on the agenda", css_class="btn--quiet"))

    def clean_text(self) -> str:
        return within(str(self.cleaned_data["text"]), AgendaItem.TEXT_LIMIT, "The text")


class ActionForm(forms.Form):
    action = forms.CharField(
        label="What will be done",
        widget=forms.Textarea(
            attrs={"rows": 2, "data-limit": AgreedAction.TEXT_LIMIT, "class": "usa-textarea--short"}
        ),
        error_messages={"required": "Write what will be done."},
    )
    who = forms.ChoiceField(
        label="Who does it",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who does it."},
    )
    due_on = forms.DateField(label="Until (optional)", required=False, error_messages=NO_DAY)

    def __init__(
        self, *args: Any, action: str, employee: Person, official: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        who = self.fields["who"]
        if isinstance(who, forms.ChoiceField):
            who.choices = [(EMPLOYEE, employee.full_name), (OFFICIAL, official)]
        self.helper = FormHelper()
        self.helper.form_action = action
        self.helper.add_input(Submit("agree", "Write it down", css_class="btn--quiet"))

    def clean_action(self) -> str:
        return within(str(self.cleaned_data["action"]), AgreedAction.TEXT_LIMIT, "The text")

    def clean_due_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["due_on"]
        if day is not None and day < clock.today():
            raise forms.ValidationError("This day is over. Choose today or a day to come.")
        return day


class AgendaField(forms.ModelMultipleChoiceField[AgendaItem]):
    def label_from_instance(self, obj: AgendaItem) -> str:
        return f"{obj.text} ({obj.added_by.full_name})"


class HoldForm(forms.Form):
    held_on = forms.DateField(label="Day it was held", error_messages=NO_DAY)
    talked_about = AgendaField(
        queryset=AgendaItem.objects.none(),
        required=False,
        label="What you talked about",
        widget=forms.CheckboxSelectMultiple,
        help_text="What is not ticked stays on the agenda of the next check-in.",
        error_messages={"invalid_choice": "One of these is on the agenda no more."},
    )
    summary = forms.CharField(
        label="What came of it (optional)",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "data-limit": CheckIn.SUMMARY_LIMIT}),
        help_text="A few lines that both of you read.",
    )

    def __init__(self, *args: Any, agenda: QuerySet[AgendaItem], **kwargs: Any) -> None:
        chosen = [item.pk for item in agenda]
        kwargs.setdefault("initial", {"held_on": clock.today(), "talked_about": chosen})
        super().__init__(*args, **kwargs)
        field = self.fields["talked_about"]
        if isinstance(field, AgendaField):
            field.queryset = agenda
        if not chosen:
            del self.fields["talked_about"]
        self.helper = FormHelper()
        self.helper.add_input(Submit("held", "Record the check-in"))

    def clean_held_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["held_on"]
        if day > clock.today():
            raise forms.ValidationError(
                "This day has not come yet. Record the check-in when it was held."
            )
        return day

    def clean_summary(self) -> str:
        return within(str(self.cleaned_data["summary"]), CheckIn.SUMMARY_LIMIT, "The text")
