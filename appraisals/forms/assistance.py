"""What is asked for when work is not good enough (R10)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from appraisals import rules
from appraisals.forms.reasons import ExplainedForm
from appraisals.models import (
    ActionDecision,
    ActionKind,
    Element,
    Method,
    OpportunityMeeting,
    ProposedAction,
)
from orgchart import clock

MOST = 2000


def _day(label: str, help_text: str = "For example 4/15/2027", **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput,
        error_messages={"required": "Give the day.", "invalid": "Give a date."},
        **kwargs,
    )


def _text(label: str, help_text: str, missing: str, *, rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": rows, "data-limit": MOST}),
        error_messages={
            "required": missing,
            "max_length": f"{label}: shorten it to {MOST:,} characters.",
        },
    )


class _Form(forms.Form):
    verb = "Save"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", self.verb))


class ElementsForm(_Form):
    """Which elements of the plan it is about."""

    elements = forms.MultipleChoiceField(
        label="Elements it is about",
        widget=forms.CheckboxSelectMultiple,
        help_text="Only these stand in it.",
        error_messages={
            "required": "Choose at least one element.",
            "invalid_choice": "Choose from the elements of the plan.",
        },
    )

    def __init__(self, *args: Any, offered: Sequence[Element], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(each.pk): each for each in offered}
        field = self.fields["elements"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(pk, str(each)) for pk, each in self.offered.items()]

    def chosen(self) -> list[Element]:
        asked = self.cleaned_data["elements"]
        return [each for pk, each in self.offered.items() if pk in asked]


class TalkForm(ElementsForm):
    verb = "Prepare the talk"


class OpportunityForm(ElementsForm):
    verb = "Begin the notice"

    days = forms.IntegerField(
        label="Days the period lasts",
        min_value=1,
        max_value=365,
        error_messages={
            "required": "Say how many days.",
            "invalid": "Give a whole number of days.",
        },
    )
    meeting_every = forms.IntegerField(
        label="Days between meetings",
        min_value=1,
        max_value=365,
        help_text="Each meeting is held and recorded by then.",
        error_messages={"required": "Say how often you meet.", "invalid": "Give a whole number."},
    )
    consulted = forms.CharField(
        label="Whom in human resources you consulted",
        max_length=200,
        required=False,
        help_text="Labor or employee relations, by name.",
        error_messages={"required": "Say whom in human resources you consulted (R10.1)."},
    )
    consulted_on = _day("Day on which you consulted them", required=False)

    def __init__(self, *args: Any, policy: rules.Policy, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {
                "days": max(policy.opportunity_target_days, policy.opportunity_minimum_days),
                "meeting_every": policy.opportunity_meeting_days,
            },
        )
        super().__init__(*args, **kwargs)
        self.policy = policy
        least = policy.opportunity_minimum_days
        target = policy.opportunity_target_days
        self.fields["days"].help_text = (
            f"Counted from the day after the notice is given. {target} is usual, longer ones are reported to "
            "OPM" + (f", fewer than {least} are not allowed here." if least else ".")
        )
        for name in ("consulted", "consulted_on"):
            self.fields[name].required = policy.hr_consultation_required

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"days", "meeting_every", "consulted", "consulted_on"} <= set(cleaned):
            problems = rules.terms_problems(self.terms(), today=clock.today(), policy=self.policy)
            for name, problem in problems.items():
                self.add_error(name, problem)
        return cleaned

    def terms(self) -> rules.Terms:
        cleaned = self.cleaned_data
        return rules.Terms(
            days=cleaned["days"],
            meeting_every=cleaned["meeting_every"],
            consulted=cleaned["consulted"],
            consulted_on=cleaned["consulted_on"],
        )


class MeetingForm(_Form):
    verb = "Record the meeting"

    held_on = _day("Day of the meeting")
    method = forms.ChoiceField(
        label="How you met",
        choices=Method.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you met."},
    )
    account = _text(
        "How the work stands, and what help was given",
        "Element by element against the notice. The employee reads it at once and can add a word.",
        "Say how the work stands and what help was given.",
        rows=6,
    )

    def __init__(self, *args: Any, began_on: dt.date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"held_on": clock.today(), "method": Method.FACE_TO_FACE})
        super().__init__(*args, **kwargs)
        self.began_on = began_on
        self.fields["account"].widget.attrs["data-limit"] = OpportunityMeeting.TEXT_LIMIT

    def clean_held_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["held_on"]
        problem = rules.step_day_problem(
            day,
            today=clock.today(),
            not_before=self.began_on,
            why="The notice was discussed on",
        )
        if problem:
            raise forms.ValidationError(problem)
        return day


class WordForm(_Form):
    verb = "Put it on the record"

    text = _text(
        "Your word on this meeting",
        "What was otherwise, what help you need. Your rating official, the higher level reviewer and HR read it. "
        "You say it once.",
        "Write something, or leave the page.",
    )


class ExtensionForm(_Form):
    verb = "Give more days"

    days = forms.IntegerField(
        label="Days more",
        min_value=1,
        max_value=365,
        error_messages={
            "required": "Say how many days.",
            "invalid": "Give a whole number of days.",
        },
    )
    reason = _text(
        "Why", "For example absence, training that came late.", "Say why. It stays on the record."
    )


class ActionForm(ElementsForm):
    verb = "Begin the proposal"

    action = forms.ChoiceField(
        label="What is proposed",
        choices=ActionKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is proposed."},
    )
    field_order = ("action", "elements")


class InstanceForm(_Form):
    verb = "Add this instance"

    element = forms.ChoiceField(label="Element", error_messages={"required": "Choose the element."})
    happened_on = _day("Day")
    what = _text(
        "What happened",
        "What was done or not done, against the standard.",
        "Say what happened.",
    )

    def __init__(self, *args: Any, offered: Sequence[Element], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(each.pk): each for each in offered}
        field = self.fields["element"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(pk, str(each)) for pk, each in self.offered.items()]

    def clean_happened_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["happened_on"]
        first = rules.instances_count_from(clock.today())
        if day > clock.today():
            raise forms.ValidationError("This day has not come yet.")
        if day < first:
            raise forms.ValidationError(
                f"Only instances from {first:%-d %B %Y} on count: those of the year before the notice."
            )
        return day

    def element_chosen(self) -> Element:
        return self.offered[self.cleaned_data["element"]]


class FollowUpForm(_Form):
    """What human resources knows of a proposed action by now."""

    verb = "Save what is known"

    more_notice_days = forms.IntegerField(
        label="Days by which the notice was extended",
        min_value=0,
        max_value=365,
        error_messages={"required": "Enter 0 if it was not.", "invalid": "Give a whole number."},
    )
    replied_on = _day("Day of the employee’s reply", "Empty if there was none.", required=False)
    decision = forms.ChoiceField(
        label="What was decided",
        choices=[("", "Nothing yet"), *ActionDecision.choices],
        required=False,
    )
    decided_on = _day("Day of the decision", "Empty until it is made.", required=False)
    decided_by = forms.CharField(
        label="Who decided", max_length=200, required=False, help_text="Name and position."
    )
    effective_on = _day("Day it takes effect", "Of a removal or a lower grade.", required=False)

    def __init__(self, *args: Any, action: ProposedAction, **kwargs: Any) -> None:
        names = rules.FollowUp.__dataclass_fields__
        kwargs.setdefault("initial", {name: getattr(action, name) for name in names})
        super().__init__(*args, **kwargs)
        self.action = action

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            document = self.action.document
            problems = rules.follow_up_problems(
                document.communicated_on,
                self.given(),
                today=clock.today(),
                policy=document.policy.rules(),
            )
            for name, problem in problems.items():
                self.add_error(name, problem)
        return cleaned

    def given(self) -> rules.FollowUp:
        return rules.FollowUp(
            **{name: self.cleaned_data[name] for name in rules.FollowUp.__dataclass_fields__}
        )


WHY_CURRENT = [
    (
        "A within-grade decision is due, and the latest rating no longer matches the work",
        "A within-grade decision is due, and the latest rating no longer matches the work (R10.7)",
    ),
    (
        "An opportunity period has ended",
        "An opportunity period has ended (R10.8)",
    ),
]


class CurrentRatingForm(ExplainedForm, _Form):
    verb = "Begin the rating"
    question = "Why it cannot wait for the yearly rating"
    reasons = WHY_CURRENT


class CutOffForm(forms.Form):
    """The day of a reduction in force; today while none is asked for."""

    on = forms.DateField(
        label="Cut-off day of a reduction in force",
        required=False,
        help_text="For example 4/15/2027. Today when empty.",
        widget=forms.DateInput,
        error_messages={"invalid": "Give a date."},
    )
