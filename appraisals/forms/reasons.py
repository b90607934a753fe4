"""Why something is done, in the actor's own words: they stay on the record."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms

from appraisals.forms.buttons import cancel
from appraisals.rules import is_blank, text_limit_problems

OTHER = "Other"
LIMIT = 500


class ReasonField(forms.CharField):
    """A short text, never only blanks. `missing`: what the page says when there is none."""

    def __init__(
        self, *, missing: str, label: str = "Reason", limit: int = LIMIT, **kwargs: Any
    ) -> None:
        self.limit = limit
        attributes = {"class": "usa-textarea--short", "data-limit": limit}
        super().__init__(
            label=label,
            widget=forms.Textarea(attrs=attributes),
            error_messages={"required": missing},
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if self.required and is_blank(text):
            raise forms.ValidationError(self.error_messages["required"])
        problems = list(text_limit_problems(text, self.limit, where="The reason"))
        if problems:
            raise forms.ValidationError([problem.message for problem in problems])
        return text.strip()


class ReasonForm(forms.Form):
    """Why something is withdrawn, struck off or lifted. `look`: the class of the button."""

    def __init__(
        self,
        *args: Any,
        label: str,
        missing: str,
        button: str,
        back: str,
        help_text: str = "",
        limit: int = LIMIT,
        look: str = "",
    ) -> None:
        super().__init__(*args)
        self.fields["reason"] = ReasonField(
            label=label, missing=missing, help_text=help_text, limit=limit
        )
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "reason", ButtonHolder(Submit("save", button, css_class=look), cancel(back))
        )


class ExplainedForm(forms.Form):
    """A reason chosen from a list, with words of one's own beside it; "another reason" needs them."""

    why = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": "Choose a reason."}
    )
    explanation = forms.CharField(
        label="Explanation",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed for “another reason”. It stays on the record.",
    )
    question: str
    reasons: list[tuple[str, str]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        why = self.fields["why"]
        why.label = self.question
        if isinstance(why, forms.ChoiceField):
            why.choices = [*self.reasons, (OTHER, "Another reason, given below")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("why") == OTHER and not cleaned.get("explanation", "").strip():
            self.add_error("explanation", "Say what the reason is.")
        return cleaned

    def reason(self) -> str:
        """As it is kept: the chosen words, then one's own."""
        why, explanation = self.cleaned_data["why"], self.cleaned_data["explanation"].strip()
        return ". ".join(part for part in ("" if why == OTHER else why, explanation) if part)
