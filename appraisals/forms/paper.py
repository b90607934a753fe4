"""What a reader types off a printed form, and how many elements a blank one has room for."""

import re

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from appraisals.models.paper import HASH

SEPARATORS = re.compile(r"[\s\u2010-\u2015:.-]+")
NOT_A_DIGIT = re.compile(r"[^0-9a-f]")


class VerifyForm(forms.Form):
    hash = forms.CharField(
        label="Content hash",
        help_text=f"The {HASH} digits at the end of the form. Spaces and capitals do not matter.",
        error_messages={"required": "Enter the content hash; it stands at the end of the form."},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.disable_csrf = True
        self.helper.add_input(Submit("", "Verify"))

    def clean_hash(self) -> str:
        typed = SEPARATORS.sub("", self.cleaned_data["hash"]).lower()
        if wrong := NOT_A_DIGIT.search(typed):
            raise forms.ValidationError(
                f"“{wrong.group()}” is not in a content hash: it has only the digits 0 to 9 and the "
                "letters a to f. Compare it with the end of the form."
            )
        if len(typed) != HASH:
            raise forms.ValidationError(
                f"A content hash has {HASH} digits; this one has {len(typed)}. Compare it with the "
                "end of the form."
            )
        return typed


class BlankForm(forms.Form):
    """Read by hand: whatever is no number of elements is answered with the usual number."""

    FEWEST, USUAL, MOST = 1, 5, 10

    elements = forms.TypedChoiceField(
        label="Elements it has room for",
        coerce=int,
        choices=[(number, str(number)) for number in range(FEWEST, MOST + 1)],
        initial=USUAL,
    )

    def chosen(self) -> int:
        return self.cleaned_data["elements"] if self.is_valid() else self.USUAL
