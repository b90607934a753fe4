"""Input only: what a form asks for is checked here and written by a service."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse

from orgchart import clock
from orgchart.models import Organization

MEGABYTE = 1_000_000


class RosterForm(forms.Form):
    organization = forms.ModelChoiceField(
        Organization.objects.none(),
        label="Organization",
        empty_label=None,
        help_text="The roster is of this organization and of everything below it.",
    )
    effective_on = forms.DateField(
        label="First day of the changes",
        help_text="Who moves has the new supervisor from this day on.",
    )
    organizations_file = forms.FileField(label="Organizations (organizations.csv)")
    employees_file = forms.FileField(label="People (employees.csv)")

    def __init__(self, *args: Any, organizations: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organization"]
        if isinstance(field, forms.ModelChoiceField):
            numbers = [unit.pk for unit in organizations]
            field.queryset = Organization.objects.filter(pk__in=numbers).order_by("path")
        self.fields["effective_on"].initial = clock.today()
        for name in ("organizations_file", "employees_file"):
            self.fields[name].widget.attrs["accept"] = ".csv,text/csv"
        self.helper = FormHelper()
        self.helper.form_action = reverse("roster_import")
        self.helper.add_input(Submit("check", "Check the roster"))

    def clean_organizations_file(self) -> UploadedFile[bytes]:
        return self._small_enough("organizations_file")

    def clean_employees_file(self) -> UploadedFile[bytes]:
        return self._small_enough("employees_file")

    def _small_enough(self, name: str) -> UploadedFile[bytes]:
        uploaded: UploadedFile[bytes] = self.cleaned_data[name]
        size, limit = uploaded.size or 0, settings.ROSTER_MAX_BYTES
        if size > limit:
            raise forms.ValidationError(
                f"{uploaded.name} has {size / MEGABYTE:,.0f} MB. A roster file may have at most "
                f"{limit // MEGABYTE:,} MB: send the roster of one organization at a time."
            )
        return uploaded
