"""Of which organization, whose records, and why: lists of what is due, holds."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.db.models import Q

from appraisals.forms.administration import PlaceField
from appraisals.forms.buttons import cancel
from appraisals.forms.reasons import ReasonField
from appraisals.models import AppraisalCycle
from orgchart.models import Organization, Person

REASON_LIMIT = 2000


class EmployeeField(forms.CharField):
    """One person by DoD ID or e-mail address. Whether somebody may act for them the service decides."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="Employee",
            max_length=254,
            help_text="DoD ID or e-mail address; also of somebody who left.",
            error_messages={"required": "Enter a DoD ID or an e-mail address."},
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        asked = str(super().clean(value)).strip()
        found = Person.objects.filter(Q(dod_id=asked) | Q(email=asked.lower())).first()
        if found is None:
            raise forms.ValidationError(
                f"Nobody has the DoD ID or the e-mail address “{asked}”. Look it up under Organization."
            )
        return found


class DueForm(forms.Form):
    organization = PlaceField(help_text="What is due in it and in all units below. Its code.")

    def __init__(self, *args: Any, scope: Iterable[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["organization"]
        if isinstance(place, PlaceField):
            place.scope = list(scope)
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.add_input(Submit("", "Show", css_class="btn--quiet"))


class HoldForm(forms.Form):
    employee = EmployeeField()
    cycle = forms.ModelChoiceField(
        AppraisalCycle.objects.none(),
        label="Which record",
        required=False,
        empty_label="All records of this person, also later ones",
    )
    reason = ReasonField(missing="Say why these records must be kept.", limit=REASON_LIMIT)
    authority = forms.CharField(
        label="On whose authority",
        max_length=200,
        help_text="For example: Office of Counsel, case 27-114.",
        error_messages={"required": "Say who asked for the hold."},
    )

    def __init__(self, *args: Any, scope: Iterable[Organization], back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cycles = self.fields["cycle"]
        if isinstance(cycles, forms.ModelChoiceField):
            above = [pk for place in scope for pk in (*place.ancestor_ids, place.pk)]
            inside = Q(organization__in=above)
            for place in scope:
                inside |= Q(organization__path__startswith=place.path)
            cycles.queryset = AppraisalCycle.objects.filter(inside)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "employee",
            "cycle",
            "reason",
            "authority",
            ButtonHolder(Submit("save", "Place the hold"), cancel(back)),
        )
