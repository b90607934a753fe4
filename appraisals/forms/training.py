"""A course that supervisors completed; one that was entered in error."""

import re
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.db.models import Q

from appraisals.forms.administration import NO_DAY, InScope, PlaceField
from appraisals.forms.buttons import cancel
from orgchart import clock
from orgchart.models import Person

MOST = 500
SHOWN = 5


class TrainingFilterForm(InScope):
    organization = PlaceField(required=False)
    show = forms.CharField(widget=forms.HiddenInput, required=False)


class TrainingForm(forms.Form):
    """Many people, one course: the list that the school sends is pasted as it is."""

    people = forms.CharField(
        label="Who completed it",
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="DoD IDs or e-mail addresses, one to a line.",
        error_messages={"required": "Enter at least one DoD ID or e-mail address."},
    )
    course = forms.CharField(
        label="Course",
        max_length=200,
        help_text="For example “DPMAP for supervisors, two days”.",
        error_messages={"required": "Name the course."},
    )
    completed_on = forms.DateField(label="Day it was completed", error_messages=NO_DAY)

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "people",
            "course",
            "completed_on",
            ButtonHolder(Submit("record", "Record the course"), cancel(back)),
        )

    def clean_people(self) -> list[Person]:
        asked = [part.lower() for part in re.split(r"[\s,;]+", self.cleaned_data["people"]) if part]
        if len(asked) > MOST:
            raise forms.ValidationError(
                f"These are {len(asked):,} people. Enter at most {MOST} at a time."
            )
        found = Person.objects.filter(Q(dod_id__in=asked) | Q(email__in=asked))
        known = {key: person for person in found for key in (person.dod_id, person.email)}
        unknown = [each for each in asked if each not in known]
        if unknown:
            shown = ", ".join(f"“{each}”" for each in unknown[:SHOWN])
            more = f" and {len(unknown) - SHOWN} more" if len(unknown) > SHOWN else ""
            raise forms.ValidationError(
                f"Nobody has {shown}{more} as DoD ID or e-mail address. Correct the line or leave it out; "
                "nothing was recorded."
            )
        return list({known[each].pk: known[each] for each in asked}.values())

    def clean_completed_on(self) -> Any:
        day = self.cleaned_data["completed_on"]
        if day > clock.today():
            raise forms.ValidationError("This day has not come yet. Record a course afterwards.")
        return day
