"""Asking for support and for feedback, answering, recognizing."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.db.models import QuerySet

from appraisals.forms.talk import NO_DAY, element_label, within
from appraisals.models import (
    Element,
    FeedbackRequest,
    Recognition,
    RecognitionKind,
    SupportKind,
    SupportRequest,
)
from orgchart import clock
from orgchart.models import Person

GRANT, DECLINE = "grant", "decline"


class ElementField(forms.ModelChoiceField[Element]):
    def label_from_instance(self, obj: Element) -> str:
        return element_label(obj)


def _offer(form: forms.Form, elements: QuerySet[Element]) -> None:
    field = form.fields["element"]
    if isinstance(field, ElementField):
        field.queryset = elements


def _choose(form: forms.Form, name: str, choices: Iterable[tuple[str, str]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = list(choices)


class SupportForm(forms.Form):
    kind = forms.ChoiceField(
        label="What you need",
        choices=SupportKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you need."},
    )
    text = forms.CharField(
        label="What it is, and what it is for",
        widget=forms.Textarea(attrs={"rows": 5, "data-limit": SupportRequest.TEXT_LIMIT}),
        help_text="What stands in your way, and what would remove it.",
        error_messages={"required": "Say what you need and what for."},
    )
    element = ElementField(
        queryset=Element.objects.none(),
        required=False,
        label="Element it would help (optional)",
        empty_label="None in particular",
        error_messages={"invalid_choice": "This element is no longer in the plan."},
    )
    needed_by = forms.DateField(label="Needed by (optional)", required=False, error_messages=NO_DAY)

    def __init__(self, *args: Any, elements: QuerySet[Element], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, elements)
        self.helper = FormHelper()
        self.helper.add_input(Submit("ask", "Send the request"))

    def clean_text(self) -> str:
        return within(str(self.cleaned_data["text"]), SupportRequest.TEXT_LIMIT, "The request")

    def clean_needed_by(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["needed_by"]
        if day is not None and day < clock.today():
            raise forms.ValidationError("This day is over. Choose today or a day to come.")
        return day


class AnswerForm(forms.Form):
    decision = forms.ChoiceField(
        label="Your answer",
        choices=[(GRANT, "Yes"), (DECLINE, "No, not now")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose yes or no."},
    )
    answer = forms.CharField(
        label="In a few words",
        widget=forms.Textarea(attrs={"rows": 4, "data-limit": SupportRequest.TEXT_LIMIT}),
        help_text="When and how it comes; or why not, and what else would help.",
        error_messages={"required": "Say when and how, or why not."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("send", "Send the answer"))

    def clean_answer(self) -> str:
        return within(str(self.cleaned_data["answer"]), SupportRequest.TEXT_LIMIT, "The answer")


class RecognitionForm(forms.Form):
    """`kinds`: what this giver may give; `elements` of the recipient that the giver may see."""

    kind = forms.ChoiceField(
        label="What it is",
        widget=forms.RadioSelect,
        help_text="Amounts do not belong here: they are decided and kept elsewhere.",
        error_messages={"required": "Choose what it is."},
    )
    text = forms.CharField(
        label="For what",
        widget=forms.Textarea(attrs={"rows": 4, "data-limit": Recognition.TEXT_LIMIT}),
        help_text="What was done, and what came of it. It is kept as you send it.",
        error_messages={"required": "Say what for."},
    )
    given_on = forms.DateField(label="Day", error_messages=NO_DAY)
    element = ElementField(
        queryset=Element.objects.none(),
        required=False,
        label="Element it belongs to (optional)",
        empty_label="None in particular",
        error_messages={"invalid_choice": "This element is no longer in the plan."},
    )

    def __init__(
        self,
        *args: Any,
        kinds: Iterable[RecognitionKind],
        elements: QuerySet[Element],
        **kwargs: Any,
    ) -> None:
        offered = [(kind.value, str(kind.label)) for kind in kinds]
        kwargs.setdefault("initial", {"given_on": clock.today(), "kind": offered[0][0]})
        super().__init__(*args, **kwargs)
        _choose(self, "kind", offered)
        _offer(self, elements)
        if not elements:
            del self.fields["element"]
        self.helper = FormHelper()
        self.helper.add_input(Submit("give", "Say it"))

    def clean_text(self) -> str:
        return within(str(self.cleaned_data["text"]), Recognition.TEXT_LIMIT, "The text")

    def clean_given_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["given_on"]
        if day > clock.today():
            raise forms.ValidationError("This day has not come yet.")
        return day


class AskFeedbackForm(forms.Form):
    """One colleague of those near, or somebody else by name and address."""

    element = ElementField(
        queryset=Element.objects.none(),
        label="Element",
        empty_label="Choose an element",
        help_text="Whoever is asked sees its title, and nothing else of the plan.",
        error_messages={
            "required": "Choose the element it is about.",
            "invalid_choice": "This element is no longer in the plan.",
        },
    )
    colleague = forms.ChoiceField(
        label="A colleague",
        required=False,
        widget=forms.Select(attrs={"data-look": "combo"}),
        error_messages={"invalid_choice": "Choose one of the colleagues listed."},
    )
    name = forms.CharField(label="Or somebody else: name", required=False, max_length=120)
    email = forms.EmailField(
        label="Their e-mail address",
        required=False,
        max_length=254,
        help_text="Somebody who is not in dpmap gets a link by mail. It works once.",
        error_messages={"invalid": "This is no e-mail address."},
    )

    def __init__(
        self, *args: Any, elements: QuerySet[Element], colleagues: list[Person], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, elements)
        self.known = {each.dod_id: each for each in colleagues}
        named = [(each.dod_id, each.full_name) for each in colleagues]
        _choose(self, "colleague", [("", "Choose a colleague"), *named])
        self.helper = FormHelper()
        self.helper.add_input(Submit("ask", "Ask for feedback"))

    def clean_name(self) -> str:
        return within(str(self.cleaned_data["name"]), 120, "The name")

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"colleague", "name", "email"} & set(self.errors):
            return cleaned
        somebody, others = cleaned["colleague"], (cleaned["name"], cleaned["email"])
        if somebody and any(others):
            self.add_error("colleague", "Choose a colleague or name somebody else, not both.")
        elif not somebody and not any(others):
            self.add_error("colleague", "Choose a colleague, or name somebody else.")
        elif not somebody and not all(others):
            missing = "name" if not others[0] else "email"
            self.add_error(missing, "Give the name and the e-mail address of somebody else.")
        return cleaned

    @property
    def chosen(self) -> Person | None:
        """Somebody else whose address belongs to a person here is that person: no link goes out."""
        colleague = self.known.get(self.cleaned_data["colleague"])
        if colleague is not None:
            return colleague
        return Person.objects.filter(email=self.cleaned_data["email"], is_active=True).first()


class FeedbackForm(forms.Form):
    text = forms.CharField(
        label="How do you see it?",
        widget=forms.Textarea(attrs={"rows": 8, "data-limit": FeedbackRequest.TEXT_LIMIT}),
        help_text="What went well, what could be better. An example helps most.",
        error_messages={"required": "Write something, or say below that you would rather not."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("send", "Send"))
        self.helper.add_input(Submit("decline", "I would rather not", css_class="btn--text"))

    def clean_text(self) -> str:
        return within(str(self.cleaned_data["text"]), FeedbackRequest.TEXT_LIMIT, "The text")
