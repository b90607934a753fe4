"""What a batch is of, and the receipt of one."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.files.uploadedfile import UploadedFile

from appraisals.forms.administration import PlaceField
from appraisals.models import AppraisalCycle
from orgchart.models import Organization

MEGABYTE = 1_000_000
RECEIPT_MAX_BYTES = 60 * MEGABYTE
"""Of the whole department: 771,387 lines with a reason each."""


class BatchForm(forms.Form):
    """A GET first: what the batch would hold is shown before it is made."""

    organization = PlaceField(
        help_text="Ratings of this organization and of all below it. Its code."
    )
    cycle = forms.ModelChoiceField(
        AppraisalCycle.objects.none(),
        label="Cycle",
        empty_label=None,
        error_messages={"required": "Choose a cycle.", "invalid_choice": "Choose a cycle."},
    )

    def __init__(self, *args: Any, scope: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["organization"]
        if isinstance(place, PlaceField):
            place.scope = scope
        cycle = self.fields["cycle"]
        if isinstance(cycle, forms.ModelChoiceField):
            cycle.queryset = _cycles(scope)
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.add_input(Submit("show", "Show what waits", css_class="btn--quiet"))


def _cycles(scope: list[Organization]) -> Any:
    """Those that hold anywhere in the scope, newest first."""
    above = {pk for place in scope for pk in (*place.ancestor_ids, place.pk)}
    found = AppraisalCycle.objects.filter(organization__in=above)
    for place in scope:
        found |= AppraisalCycle.objects.filter(organization__path__startswith=place.path)
    return found.distinct().order_by("-starts_on", "pk")


class ReceiptForm(forms.Form):
    receipt = forms.FileField(
        label="Receipt (CSV)",
        help_text="With the columns line, result (accepted or refused) and reason.",
        error_messages={
            "required": "Choose the file that the personnel system gave you.",
            "empty": "This file is empty.",
        },
    )

    def __init__(self, *args: Any, url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["receipt"].widget.attrs["accept"] = ".csv,text/csv"
        self.helper = FormHelper()
        self.helper.form_action = url
        self.helper.add_input(Submit("read", "Read the receipt"))

    def clean_receipt(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["receipt"]
        if (file.size or 0) > RECEIPT_MAX_BYTES:
            raise forms.ValidationError(
                f"{file.name} has {(file.size or 0) / MEGABYTE:,.0f} MB, and "
                f"{RECEIPT_MAX_BYTES // MEGABYTE} MB is the most. Send the receipt of one batch."
            )
        return file
