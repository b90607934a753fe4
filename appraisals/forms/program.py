"""What leaders ask a list for."""

from django import forms

from appraisals.counts import NOT_RATEABLE, STAGE_NAMES, STEPS

STEP_CHOICES = [("", "All"), *((label, label) for label, _ in STEPS), (NOT_RATEABLE, NOT_RATEABLE)]


class RecordsFilterForm(forms.Form):
    cycle = forms.CharField(widget=forms.HiddenInput, required=False)
    stage = forms.ChoiceField(
        label="Part of the year",
        choices=[(stage.value, name) for stage, name in STAGE_NAMES.items()],
        required=False,
    )
    step = forms.ChoiceField(label="How far", choices=STEP_CHOICES, required=False)
    late = forms.ChoiceField(
        label="Late",
        choices=[("", "Late or not"), ("on", "Late in this part"), ("any", "Late in any part")],
        required=False,
    )
    alone = forms.BooleanField(label="Only directly in this unit", required=False)
