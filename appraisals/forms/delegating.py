"""Naming somebody who drafts for a rating official, and ending it."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms

from appraisals import rules
from appraisals.forms.administration import NO_DAY, somebody
from appraisals.forms.buttons import cancel
from appraisals.forms.reasons import ReasonField
from orgchart import clock
from orgchart.models import Person

SUGGESTED = dt.timedelta(days=30)


class DelegationForm(forms.Form):
    """`for_others`: HR names the rating official too."""

    principal = forms.CharField(
        label="Rating official",
        max_length=254,
        help_text="Whose drafts are to be written. DoD ID, e-mail address or name.",
        error_messages={"required": "Name the rating official."},
    )
    to = forms.CharField(
        label="Who drafts",
        max_length=254,
        help_text="DoD ID, e-mail address or name.",
        error_messages={"required": "Name the person who is to draft."},
    )
    starts_on = forms.DateField(label="First day", error_messages=NO_DAY)
    ends_on = forms.DateField(
        label="Last day", help_text="It ends by itself after this day.", error_messages=NO_DAY
    )
    reason = ReasonField(
        help_text="Both sides and HR read it.", missing="Say why somebody else drafts."
    )

    def __init__(
        self, *args: Any, user: Person, back: str, for_others: bool = False, **kwargs: Any
    ) -> None:
        today = clock.today()
        kwargs.setdefault("initial", {"starts_on": today, "ends_on": today + SUGGESTED})
        super().__init__(*args, **kwargs)
        self.user = user
        if not for_others:
            del self.fields["principal"]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *self.fields, ButtonHolder(Submit("name", "Name them"), cancel(back))
        )

    def clean_principal(self) -> Person:
        return somebody(self.cleaned_data["principal"], self.user)

    def clean_to(self) -> Person:
        return somebody(self.cleaned_data["to"], self.user)

    def refuse(self, problems: list[rules.Problem]) -> None:
        for problem in problems:
            field = problem.field if problem.field in self.fields else None
            self.add_error(field, problem.message)
