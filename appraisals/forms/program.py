"""What leaders ask a list for."""

from django import forms

from appraisals.counts import NOT_RATEABLE, STAGE_NAMES, STEPS
from appraisals.models import ReturnReason
from orgchart.rules import prefix_query

DONE, TURN = "done", "turn"
WEEKS: dict[int, tuple[int | None, str]] = {
    0: (1, "Less than a week"),
    1: (2, "1 week"),
    2: (3, "2 weeks"),
    3: (4, "3 weeks"),
    4: (8, "4 to 7 weeks"),
    8: (None, "8 weeks or more"),
}
"""How long documents wait is told in these steps: from so many whole weeks to fewer than so many."""

STEP_CHOICES = [
    ("", "All"),
    *((label, label) for label, _ in STEPS),
    (NOT_RATEABLE, NOT_RATEABLE),
    (DONE, "Done"),
    (TURN, "Supervisor’s turn"),
]


def _hidden_key() -> forms.IntegerField:
    return forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=2**62
    )


class WaitingFilterForm(forms.Form):
    """`reviewer` 0: nobody is named."""

    cycle = forms.CharField(widget=forms.HiddenInput, required=False)
    reviewer = _hidden_key()
    weeks = forms.TypedChoiceField(
        label="In review for",
        choices=[("", "Any time"), *((weeks, label) for weeks, (_, label) in WEEKS.items())],
        coerce=int,
        empty_value=None,
        required=False,
    )
    alone = forms.BooleanField(label="Only directly in this unit", required=False)


class ReturnedFilterForm(forms.Form):
    cycle = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.ChoiceField(
        label="Returned because",
        choices=[("", "Any reason"), *ReturnReason.choices],
        required=False,
    )


class RecordsFilterForm(forms.Form):
    cycle = forms.CharField(widget=forms.HiddenInput, required=False)
    supervisor = _hidden_key()
    stage = forms.ChoiceField(
        label="Part of the year",
        choices=[(stage.value, name) for stage, name in STAGE_NAMES.items()],
        required=False,
    )
    step = forms.ChoiceField(label="How far", choices=STEP_CHOICES, required=False)
    late = forms.ChoiceField(
        label="Late",
        choices=[
            ("", "Late or not"),
            ("on", "Late in this part"),
            ("any", "Late in any part"),
            ("no", "On time"),
        ],
        required=False,
    )
    q = forms.CharField(label="Name or DoD ID", max_length=100, required=False)
    alone = forms.BooleanField(label="Only directly in this unit", required=False)

    def clean_q(self) -> str:
        typed: str = self.cleaned_data["q"]
        if typed and not prefix_query(typed):
            raise forms.ValidationError("Type a letter or a digit: part of a name, or a DoD ID.")
        return typed
