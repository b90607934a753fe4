"""What a step asks its actor for; `FORMS` is keyed by `Transition.asks_of`."""

import uuid
from dataclasses import replace
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.functional import cached_property

from appraisals.forms.reasons import ExplainedForm
from appraisals.models import ApprovalWay, Document, Method, ReturnReason
from appraisals.models.scope import Party
from appraisals.workflow import Given, Transition, day_problem
from orgchart import clock
from orgchart.models import Person

NOT_ACKNOWLEDGED = [
    ("The employee declined to acknowledge", "The employee declined to acknowledge"),
    ("The employee is away", "The employee is away"),
    ("The employee has no access to a computer", "The employee has no access to a computer"),
]


class StepForm(forms.Form):
    """A step that needs nothing but the decision itself, once per form (`request_key`)."""

    request_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, document: Document, row: Transition, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"request_key": uuid.uuid4()})
        super().__init__(*args, **kwargs)
        self.document, self.row = document, row
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["data-limit"] = document.policy.rules().comment_limit
        self.helper = FormHelper()
        self.helper.add_input(Submit("take", row.verb))

    def given(self) -> Given:
        return Given()

    def check_day(self, name: str) -> None:
        """R4.3: neither ahead nor before what it follows."""
        day = self.cleaned_data.get(name)
        problem = day_problem(self.document, self.row, day) if day else ""
        if problem:
            self.add_error(name, problem)

    def check_other(self, sentence: str) -> None:
        """ "Other" says what it is."""
        is_other = self.cleaned_data.get("method") == Method.OTHER
        if is_other and not self.cleaned_data.get("other", "").strip():
            self.add_error("other", sentence)

    def other_given(self) -> str:
        is_other = self.cleaned_data["method"] == Method.OTHER
        return str(self.cleaned_data["other"]) if is_other else ""

    def signatory(self) -> Person | None:
        """Whose part the step is, by the record."""
        party = self.row.for_whom or self.row.who
        whose: Person | None = getattr(self.document.appraisal, party.value)
        return whose


def _day(label: str, help_text: str = "For example 4/15/2027", **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput,
        error_messages={"required": "Give the day.", "invalid": "Give a date."},
        **kwargs,
    )


def _name(label: str, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=200, **kwargs)


def _other(label: str = "If other, how") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=120, help_text="A few words.")


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
    discussed_on = _day("Day of the discussion")
    method = forms.ChoiceField(
        label="How you talked",
        choices=Method.choices,
        widget=forms.RadioSelect,
        help_text="Face to face is the norm.",
        error_messages={"required": "Choose how you talked."},
    )
    other = _other()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"request_key": uuid.uuid4(), "discussed_on": clock.today()})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.check_day("discussed_on")
        self.check_other("Say how you talked.")
        return cleaned

    def given(self) -> Given:
        cleaned = self.cleaned_data
        return Given(
            discussed_on=cleaned["discussed_on"],
            method=cleaned["method"],
            other=self.other_given(),
        )


class SigningForm(StepForm):
    """Who signed the paper form, and on which day (R4.7)."""

    signed_by = _name(
        "Who signed", error_messages={"required": "Give the name that stands on the form."}
    )
    happened_on = _day("Day of the signature")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whose = self.signatory()
        self.fields["signed_by"].initial = whose.full_name if whose else ""

    @cached_property
    def changed_data(self) -> list[str]:
        """The name is suggested: a form that holds nothing else says nothing."""
        return [name for name in super().changed_data if name != "signed_by"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.check_day("happened_on")
        return cleaned

    def given(self) -> Given:
        return Given(
            happened_on=self.cleaned_data["happened_on"],
            signed_by=self.cleaned_data["signed_by"].strip(),
        )


class ApprovalForm(SigningForm):
    """An approval given outside (R8.4): who, when, how."""

    method = forms.ChoiceField(
        label="How it was approved",
        choices=ApprovalWay.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it was approved."},
    )
    other = _other()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed_by"].label = "Who approved it"
        self.fields["happened_on"].label = "Day of the approval"

    def clean_signed_by(self) -> str:
        """R8.1, R8.3: a review is somebody else's."""
        name, appraisal = str(self.cleaned_data["signed_by"]).strip(), self.document.appraisal
        for party, who in (
            (Party.RATING_OFFICIAL, "the rating official"),
            (Party.EMPLOYEE, "the employee"),
        ):
            if name.casefold() == getattr(appraisal, party.value).full_name.casefold():
                raise forms.ValidationError(
                    f"{name} is {who}. A higher level official approves; give that name."
                )
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.check_other("Say how it was approved.")
        return cleaned

    def given(self) -> Given:
        return replace(
            super().given(), method=self.cleaned_data["method"], other=self.other_given()
        )


class SignatureForm(SigningForm):
    """The employee's own signature, with what they wrote beside it."""

    comment = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        label="Comment on the form (optional)",
        help_text="What the employee wrote beside the signature, word for word.",
    )

    def given(self) -> Given:
        return replace(super().given(), reason=self.cleaned_data["comment"])


class AcknowledgmentForm(ExplainedForm, StepForm):
    question = "Why the employee did not acknowledge"
    reasons = NOT_ACKNOWLEDGED
    happened_on = _day(
        "Day on which it was asked for",
        "When the employee was asked to acknowledge, or could not be reached.",
    )
    method = forms.ChoiceField(
        label="How the employee was asked",
        choices=Method.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how the employee was asked."},
    )
    other = _other()
    witness = _name(
        "Witness (optional)",
        required=False,
        help_text="Who else was there, above all when the employee declined.",
    )

    field_order = ("why", "explanation", "happened_on", "method", "other", "witness")

    def clean_witness(self) -> str:
        name, appraisal = str(self.cleaned_data["witness"]).strip(), self.document.appraisal
        involved = (appraisal.employee.full_name, appraisal.rating_official.full_name)
        if name.casefold() in (each.casefold() for each in involved):
            raise forms.ValidationError(
                f"{name} is a party to this. A witness is a third person; or leave it empty."
            )
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.check_day("happened_on")
        self.check_other("Say how the employee was asked.")
        return cleaned

    def given(self) -> Given:
        return Given(
            reason=self.reason(),
            happened_on=self.cleaned_data["happened_on"],
            method=self.cleaned_data["method"],
            other=self.other_given(),
            witness=self.cleaned_data["witness"],
        )


class DifferenceForm(StepForm):
    what = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        label="What differs",
        help_text="For example a day, a word, or that you were not asked.",
        error_messages={"required": "Say what differs."},
    )

    def given(self) -> Given:
        return Given(reason=self.cleaned_data["what"])


class WhyForm(StepForm):
    """Why something is taken out of the walk (R3.10)."""

    reason = forms.CharField(
        label="Why",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text="It stays on the record, where everybody reads it who may read the document.",
        error_messages={"required": "Say why: this stays on the record."},
    )

    def given(self) -> Given:
        return Given(reason=self.cleaned_data["reason"])


FORMS: dict[str, type[StepForm]] = {
    "": StepForm,
    "reason": ReasonForm,
    "comment": CommentForm,
    "communication": CommunicationForm,
    "acknowledgment": AcknowledgmentForm,
    "approval": ApprovalForm,
    "difference": DifferenceForm,
    "signature": SignatureForm,
    "signing": SigningForm,
    "why": WhyForm,
}
