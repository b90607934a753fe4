"""What a step asks its actor for; `FORMS` is keyed by `Transition.asks`."""

import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from appraisals.models import Document, Method, ReturnReason
from appraisals.rules.words import date_words
from appraisals.workflow import Given
from orgchart import clock

NOT_ACKNOWLEDGED = [
    ("The employee declined to acknowledge", "The employee declined to acknowledge"),
    ("The employee is away", "The employee is away"),
    ("The employee has no access to a computer", "The employee has no access to a computer"),
    ("Other", "Another reason, given below"),
]


class StepForm(forms.Form):
    """A step that needs nothing but the decision itself, once per form (`request_key`)."""

    request_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, document: Document, verb: str, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"request_key": uuid.uuid4()})
        super().__init__(*args, **kwargs)
        self.document = document
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["data-limit"] = document.policy.rules().comment_limit
        self.helper = FormHelper()
        self.helper.add_input(Submit("take", verb))

    def given(self) -> Given:
        return Given()


class ReasonForm(StepForm):
    about = forms.ChoiceField(
        label="What it is about",
        choices=ReturnReason.choices,
        widget=forms.RadioSelect,
        help_text="The main thing. Leaders see how often each comes back, never what you write below.",
        error_messages={"required": "Choose what it is about."},
    )
    reason = forms.CharField(
        label="What must change, and why",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text="The rating official sees it with the document, and it stays on the record.",
        error_messages={"required": "Give a reason: without one nobody knows what to change."},
    )

    def given(self) -> Given:
        return Given(reason=self.cleaned_data["reason"], about=self.cleaned_data["about"])


class CommentForm(StepForm):
    comment = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
        label="Comment (optional)",
        help_text="It stays on the record. Your rating official, the higher level reviewer and HR read it.",
    )

    def given(self) -> Given:
        return Given(reason=self.cleaned_data["comment"])


class CommunicationForm(StepForm):
    discussed_on = forms.DateField(
        label="Day of the discussion",
        help_text="For example 4/15/2027",
        widget=forms.DateInput,
        error_messages={"required": "Give the day on which you talked.", "invalid": "Give a date."},
    )
    method = forms.ChoiceField(
        label="How you talked",
        choices=Method.choices,
        widget=forms.RadioSelect,
        help_text="Face to face is the norm.",
        error_messages={"required": "Choose how you talked."},
    )
    other = forms.CharField(
        label="If other, how", required=False, max_length=120, help_text="A few words."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"request_key": uuid.uuid4(), "discussed_on": clock.today()})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, approved = cleaned.get("discussed_on"), self.document.approved_on
        if day and day > clock.today():
            self.add_error("discussed_on", "This day has not come yet. Record it afterwards.")
        elif day and approved and day < approved:
            # R4.4: nothing is communicated before it is approved.
            self.add_error(
                "discussed_on",
                f"It was approved on {date_words(approved)}; the discussion comes after that.",
            )
        if cleaned.get("method") == Method.OTHER and not cleaned.get("other", "").strip():
            self.add_error("other", "Say how you talked.")
        return cleaned

    def given(self) -> Given:
        cleaned = self.cleaned_data
        return Given(
            discussed_on=cleaned["discussed_on"],
            method=cleaned["method"],
            other=cleaned["other"] if cleaned["method"] == Method.OTHER else "",
        )


class AcknowledgmentForm(StepForm):
    why = forms.ChoiceField(
        label="Why the employee did not acknowledge",
        choices=NOT_ACKNOWLEDGED,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a reason."},
    )
    explanation = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        label="Explanation",
        help_text="What happened, and when. Needed for “another reason”.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("why") == "Other" and not cleaned.get("explanation", "").strip():
            self.add_error("explanation", "Say what the reason is.")
        return cleaned

    def given(self) -> Given:
        why, explanation = self.cleaned_data["why"], self.cleaned_data["explanation"].strip()
        parts = [explanation] if why == "Other" else [why, explanation]
        return Given(reason=". ".join(part for part in parts if part))


FORMS: dict[str, type[StepForm]] = {
    "": StepForm,
    "reason": ReasonForm,
    "comment": CommentForm,
    "communication": CommunicationForm,
    "acknowledgment": AcknowledgmentForm,
}
