"""Whose records go where, and the file that came."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.conf import settings

from appraisals.forms.buttons import cancel
from appraisals.forms.retention import EmployeeField
from appraisals.models import SentFile

MOST_MEGABYTES = 100


class SendForm(forms.Form):
    employee = EmployeeField()
    purpose = forms.ChoiceField(
        label="What goes along",
        choices=SentFile.Purpose.choices,
        widget=forms.RadioSelect,
        initial=SentFile.Purpose.TRANSFER,
        error_messages={"required": "Choose what goes along."},
    )
    to_whom = forms.CharField(
        label="Who gets it",
        max_length=200,
        help_text="For example: Department of the Navy, human resources of Norfolk.",
        error_messages={"required": "Say who gets the file."},
    )
    key = forms.ChoiceField(label="Signed with", required=False)

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(name, f"The key shared with {name}") for name in sorted(settings.TRANSFER_KEYS)]
        key = self.fields["key"]
        if isinstance(key, forms.ChoiceField):
            key.choices = [("", "No key: the fingerprint is compared on the telephone"), *names]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "employee",
            "purpose",
            "to_whom",
            "key" if names else None,
            ButtonHolder(Submit("save", "Make the file"), cancel(back)),
        )
        if not names:
            del self.fields["key"]
            self.helper.layout.fields.remove(None)


class ReceiveForm(forms.Form):
    file = forms.FileField(
        label="File",
        help_text="As the other installation made it, a ZIP.",
        error_messages={"required": "Choose the file."},
    )
    fingerprint = forms.CharField(
        label="Fingerprint",
        required=False,
        max_length=40,
        help_text="The sixteen characters that the sender reads to you. Not needed when a shared key signed it.",
    )

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_enctype = "multipart/form-data"
        self.helper.layout = Layout(
            "file", "fingerprint", ButtonHolder(Submit("save", "Receive the records"), cancel(back))
        )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_MEGABYTES * 1024**2:
            raise forms.ValidationError(
                f"The file is larger than {MOST_MEGABYTES} MB, which no records of one person need."
            )
        return file
