"""What HR writes as a mandatory element, and why it is put into plans."""

import uuid
from typing import Any, Self

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms

from appraisals.forms.administration import NO_DAY, InScope, PlaceField
from appraisals.forms.buttons import cancel
from appraisals.forms.reasons import ReasonField
from appraisals.models import MandatoryElement
from appraisals.rules import Policy

LIMITS = Policy()


class WordingForm(forms.Form):
    """Its texts and the days on which plans must hold it."""

    title = forms.CharField(
        label="Title",
        max_length=LIMITS.title_limit,
        error_messages={"required": "Give it a title: people see it in their plan."},
    )
    description = forms.CharField(
        label="Description",
        max_length=LIMITS.description_limit,
        required=False,
        widget=forms.Textarea(attrs={"class": "usa-textarea--short"}),
    )
    standards = forms.CharField(
        label="Standards at the Fully Successful level",
        max_length=LIMITS.standards_limit,
        widget=forms.Textarea,
        help_text="They stand in every plan as they stand here. One standard to a line.",
        error_messages={"required": "Write the standards: nobody can be rated without them."},
    )
    starts_on = forms.DateField(
        label="In force from",
        help_text="From this day on a new plan holds it and cannot be sent up without it.",
        error_messages=NO_DAY,
    )
    ends_on = forms.DateField(
        label="In force to",
        help_text="Leave it empty as long as no end is known. Plans that hold it keep it.",
        required=False,
        error_messages=NO_DAY,
    )

    TEXTS = ("title", "description", "standards")

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *self.fields, ButtonHolder(Submit("save", "Save the element"), cancel(back))
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "It ends before it begins. Put the days right.")
        return cleaned

    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.TEXTS}

    def lasts(self) -> tuple[Any, Any]:
        return self.cleaned_data["starts_on"], self.cleaned_data["ends_on"]


class MandatoryForm(WordingForm, InScope):
    organization = PlaceField(help_text="It binds plans here and in all units below. Its code.")
    applies_to = forms.ChoiceField(
        label="In plans of",
        choices=MandatoryElement.AppliesTo.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whose plans must hold it."},
    )
    rule = forms.CharField(
        label="Which rule asks for it",
        max_length=12,
        initial="R3.8",
        help_text="A short mark of the instruction, shown beside the element.",
        error_messages={"required": "Name the rule, for example R3.8."},
    )

    field_order = ("organization", "applies_to", "rule")


class PushForm(forms.Form):
    reason = ReasonField(
        label="Why it is put in now",
        help_text="Every employee and rating official concerned reads it with the change.",
        missing="Say why: everybody concerned asks this first.",
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, url: str, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"request_key": uuid.uuid4()})
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = url

    def with_button(self, label: str) -> Self:
        self.helper.add_input(Submit("put_in", label))
        return self
