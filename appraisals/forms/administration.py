"""What HR and auditors fill in: cycles, policy editions, officials, and what lists are narrowed to."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Submit
from django import forms

from appraisals.forms.buttons import cancel
from appraisals.forms.reasons import ReasonField
from appraisals.models import OF_THE_YEAR, Appraisal, AppraisalCycle, MilestoneKind, State
from orgchart import clock
from orgchart.models import Organization, Person
from orgchart.rules import fold

NO_DAY = {"required": "Enter a day.", "invalid": "Enter a day, for example 2027-04-15."}
MOST_SHOWN = 5


class PlaceField(forms.CharField):
    """An organization by its code, inside the organizations given."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label="Organization", max_length=40, **kwargs)
        self.scope: list[Organization] = []
        self.error_messages["required"] = "Enter the code of an organization."

    def clean(self, value: Any) -> Any:
        code = super().clean(value).strip()
        if not code:
            return None
        granted = (each for each in self.scope if each.code.lower() == code.lower())
        place = next(granted, None) or Organization.objects.filter(code__iexact=code).first()
        if place is None or not any(each.contains(place) for each in self.scope):
            raise forms.ValidationError(
                f"No organization with the code “{code}” in your scope. Look the code up under Organization."
            )
        return place


class InScope(forms.Form):
    def __init__(self, *args: Any, scope: Iterable[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields.get("organization")
        if isinstance(place, PlaceField):
            place.scope = list(scope)


class CycleForm(InScope):
    """R1.1, R1.2, R1.12. Every date is HR's to set; `suggested_milestones` only fills the form."""

    organization = PlaceField(help_text="The cycle holds for it and all below it. Its code.")
    name = forms.CharField(
        label="Name", max_length=40, error_messages={"required": "Name the cycle."}
    )
    starts_on = forms.DateField(label="First day", error_messages=NO_DAY)
    ends_on = forms.DateField(label="Last day", error_messages=NO_DAY)
    effective_on = forms.DateField(
        label="Ratings of record take effect", error_messages=NO_DAY, help_text="R1.2: 1 June."
    )
    checked = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in MilestoneKind:
            self.fields[kind.value] = forms.DateField(label=kind.label, error_messages=NO_DAY)
        self.helper = FormHelper()
        self.helper.form_id = "cycle"
        self.helper.layout = Layout(
            Fieldset("The year", "organization", "name", "starts_on", "ends_on", "effective_on"),
            Fieldset("What is due when", *(kind.value for kind in MilestoneKind), "checked"),
            ButtonHolder(Submit("show", "Show whom it concerns"), cancel(back)),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        effective_on = cleaned.get("effective_on")
        if starts_on and ends_on and ends_on <= starts_on:
            self.add_error("ends_on", "The last day must come after the first day.")
        if ends_on and effective_on and effective_on <= ends_on:
            self.add_error("effective_on", "Ratings take effect after the last day of the cycle.")
        if starts_on and effective_on:
            self._check_milestones(starts_on, effective_on)
        return cleaned

    def _check_milestones(self, starts_on: dt.date, effective_on: dt.date) -> None:
        before: tuple[str, dt.date] | None = None
        for kind in MilestoneKind:
            day = self.cleaned_data.get(kind.value)
            if day is None:
                continue
            if not starts_on <= day <= effective_on:
                self.add_error(
                    kind.value,
                    f"“{kind.label}” lies outside the year: choose a day from {starts_on:%-d %B %Y} "
                    f"to {effective_on:%-d %B %Y}.",
                )
            elif before and day < before[1]:
                self.add_error(kind.value, f"“{kind.label}” comes before “{before[0]}”.")
            before = (kind.label, day)

    @property
    def was_shown(self) -> bool:
        """Asked to open it, as it was last shown."""
        return "open" in self.data and self.cleaned_data["checked"] == self._digest()

    def show(self) -> None:
        """What is shown now is what the next "open" may open."""
        typed = {name: self.data[name] for name in self.data}
        self.data = {**typed, "checked": self._digest()}

    def _digest(self) -> str:
        given = {name: str(self.cleaned_data[name]) for name in self.fields if name != "checked"}
        return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()

    def milestones(self) -> dict[MilestoneKind, dt.date]:
        return {kind: self.cleaned_data[kind.value] for kind in MilestoneKind}


class WithoutPlanForm(InScope):
    cycle = forms.CharField(widget=forms.HiddenInput, required=False)
    organization = PlaceField(required=False)
    q = forms.CharField(label="Name or DoD ID", max_length=100, required=False)


class SearchForm(InScope):
    q = forms.CharField(label="Name or DoD ID", max_length=100, required=False)
    organization = PlaceField(required=False)
    cycle = forms.ChoiceField(label="Cycle", required=False)
    kind = forms.ChoiceField(
        label="Document",
        choices=[("", "Any"), *((each.value, each.label) for each in OF_THE_YEAR)],
        required=False,
    )
    state = forms.ChoiceField(label="Stage", choices=[("", "Any"), *State.choices], required=False)
    late = forms.BooleanField(label="Late only", required=False)
    unreviewed = forms.BooleanField(label="No reviewer named", required=False)

    def __init__(self, *args: Any, cycles: Iterable[AppraisalCycle], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["cycle"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [(str(cycle.pk), cycle.name) for cycle in cycles]


class OfficialsForm(forms.Form):
    """R9.9: somebody by DoD ID, e-mail address or name; each must be one person, and three in all."""

    rating_official = forms.CharField(
        label="Rating official",
        max_length=254,
        help_text="DoD ID, e-mail address or name.",
        error_messages={"required": "Name the rating official."},
    )
    higher_level_reviewer = forms.CharField(
        label="Higher level reviewer",
        max_length=254,
        required=False,
        help_text="DoD ID, e-mail address or name. Empty when nobody is to review.",
    )
    effective_on = forms.DateField(
        label="From",
        required=False,
        help_text="Today, or a day before that on which it truly changed.",
        error_messages=NO_DAY,
    )
    reason = ReasonField(
        help_text="Stays on the record, where the employee reads it.",
        missing="Say why the officials change.",
    )

    def __init__(
        self, *args: Any, appraisal: Appraisal, user: Person, back: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.appraisal, self.user = appraisal, user
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "rating_official",
            "higher_level_reviewer",
            "effective_on",
            "reason",
            ButtonHolder(Submit("save", "Name officials"), cancel(back)),
        )

    def clean_rating_official(self) -> Person:
        return somebody(self.cleaned_data["rating_official"], self.user)

    def clean_higher_level_reviewer(self) -> Person | None:
        asked = self.cleaned_data["higher_level_reviewer"]
        return somebody(asked, self.user) if asked else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        official, reviewer = cleaned.get("rating_official"), cleaned.get("higher_level_reviewer")
        for name, found in (("rating_official", official), ("higher_level_reviewer", reviewer)):
            if found and found.pk == self.appraisal.employee_id:
                self.add_error(
                    name,
                    f"{found.full_name} is the employee, and nobody rates or reviews their own record.",
                )
        record = self.appraisal
        held = (record.rating_official_id, record.higher_level_reviewer_id)
        asked = cleaned.get("higher_level_reviewer", ...)
        if official and asked is not ... and (official.pk, asked.pk if asked else None) == held:
            self.add_error(None, "These are the officials already. Name somebody else, or go back.")
        if official and reviewer and official.pk == reviewer.pk:
            self.add_error(
                "higher_level_reviewer",
                f"{reviewer.full_name} is the rating official already. Name somebody else as the reviewer.",
            )
        return cleaned


def somebody(asked: str, user: Person, *, active_only: bool = True) -> Person:
    """A name is looked for among those the user may see; an ID or address among all."""
    people = Person.objects.filter(is_active=True) if active_only else Person.objects.all()
    exact = people.filter(email=asked.lower()) | people.filter(dod_id=asked)
    found = list(exact[:1]) or list(
        people.visible_to(user, on=clock.today()).search(asked).by_name()[: MOST_SHOWN + 1]
    )
    if len(found) == 1:
        return found[0]
    if not found:
        raise forms.ValidationError(
            f"Nobody was found for “{asked}”. Enter a DoD ID of 10 digits, an e-mail address or a name."
        )
    whole = [each for each in found if fold(each.full_name) == fold(asked)]
    if len(whole) == 1:
        return whole[0]
    names = "; ".join(f"{each.full_name}, {each.dod_id}" for each in found[:MOST_SHOWN])
    more = " and others" if len(found) > MOST_SHOWN else ""
    raise forms.ValidationError(
        f"More than one person matches “{asked}”: {names}{more}. Enter the DoD ID of the one you mean."
    )


class AuditForm(forms.Form):
    tab = forms.CharField(widget=forms.HiddenInput, required=False)
    employee = forms.CharField(label="Whose record", max_length=100, required=False)
    actor = forms.CharField(label="Who did it", max_length=100, required=False)
    action = forms.ChoiceField(label="What", required=False)
    since = forms.DateField(
        label="From", required=False, error_messages={"invalid": NO_DAY["invalid"]}
    )
    until = forms.DateField(
        label="To", required=False, error_messages={"invalid": NO_DAY["invalid"]}
    )

    def __init__(self, *args: Any, actions: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["action"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [("", "Anything"), *actions.items()]
