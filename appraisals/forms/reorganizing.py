"""What HR fills in to reorganize; `FORMS` is keyed by `Reorganization.kind`."""

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from appraisals.forms.administration import MOST_SHOWN, NO_DAY, somebody
from appraisals.forms.reasons import ReasonField
from appraisals.models.scope import under_paths
from orgchart import clock
from orgchart.health import MOST_REPORTS
from orgchart.models import Assignment, Organization, Person
from orgchart.models.reorganization import Kind
from orgchart.selectors import organizations_named
from orgchart.services.reorganizing import Wanted

PERSON_HINT = "DoD ID, e-mail address or name."
UNIT_HINT = "Its code, or words of its name."
NOBODY = "nobody"
"""Instead of a supervisor: the people who answer to none."""


class ReorganizationForm(forms.Form):
    """A day and a reason; each kind adds what it changes."""

    kind: ClassVar[Kind]
    request_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    effective_on = forms.DateField(
        label="From",
        error_messages=NO_DAY,
        help_text="Today, or a day ahead: then nothing changes before that day, and you can take it back.",
    )
    reason = ReasonField(
        help_text="Stays in the history of the unit, and on every record it changes.",
        missing="Say why this changes.",
    )

    def __init__(
        self,
        *args: Any,
        unit: Organization,
        user: Person,
        scope: Sequence[Organization],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.unit, self.user, self.scope = unit, user, scope
        self.fields["effective_on"].initial = clock.today()
        self.fields["request_key"].initial = uuid.uuid4()
        common = ("effective_on", "reason", "request_key")
        self.order_fields([name for name in self.fields if name not in common] + list(common))
        self.helper = FormHelper()
        self.helper.add_input(Submit("decision", "Show what it does", css_id="show"))

    def clean_effective_on(self) -> Any:
        day = self.cleaned_data["effective_on"]
        if day < clock.today():
            raise forms.ValidationError(
                f"Choose today, {clock.today():%-d %B %Y}, or a day ahead: the past is not rewritten."
            )
        return day

    def wanted(self) -> Wanted:
        return Wanted(
            kind=self.kind,
            organization=self.unit,
            **{name: self.cleaned_data[name] for name in ("effective_on", "reason", "request_key")},
            **self.more(),
        )

    def more(self) -> dict[str, Any]:
        """The fields of `Wanted` that this kind fills."""
        return {}

    def unit_in_scope(self, asked: str) -> Organization:
        """By code, else by the words of its name; inside the scope, and not closed."""
        inside = under_paths([place.path for place in self.scope], "path")
        places = Organization.objects.open_on(clock.today()).filter(inside)
        exact = places.filter(code__iexact=asked.strip()).first()
        if exact is not None:
            return exact
        named = organizations_named(asked).filter(inside, closed_on=None)
        found = list(named.exclude(pk=self.unit.pk)[: MOST_SHOWN + 1])
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(
                f"No open unit in your scope is called “{asked}” or has this code. "
                "Look it up under Organization."
            )
        names = "; ".join(f"{each.name}, {each.code}" for each in found[:MOST_SHOWN])
        more = " and others" if len(found) > MOST_SHOWN else ""
        raise forms.ValidationError(
            f"More than one unit matches “{asked}”: {names}{more}. Enter the code of the one you mean."
        )

    def other_unit(self, name: str) -> Organization | None:
        asked = self.cleaned_data[name]
        found = self.unit_in_scope(asked) if asked else None
        if found == self.unit:
            raise forms.ValidationError("This is the unit itself. Choose another one.")
        return found


class MoveForm(ReorganizationForm):
    kind = Kind.MOVE
    target = forms.CharField(
        label="The unit above it",
        max_length=200,
        help_text=UNIT_HINT,
        error_messages={"required": "Enter the unit it shall lie under."},
    )

    def clean_target(self) -> Organization | None:
        return self.other_unit("target")

    def more(self) -> dict[str, Any]:
        return {"target": self.cleaned_data["target"]}


class RenameForm(ReorganizationForm):
    kind = Kind.RENAME
    name = forms.CharField(
        label="New name",
        max_length=200,
        help_text="The code stays: the personnel system knows the unit by it.",
        error_messages={"required": "Enter the new name."},
    )

    def more(self) -> dict[str, Any]:
        return {"name": self.cleaned_data["name"]}


class MergeForm(ReorganizationForm):
    kind = Kind.MERGE
    STAYS, GOES_ALONG = "stays", "goes along"
    target = forms.CharField(
        label="The unit it becomes part of",
        max_length=200,
        help_text=UNIT_HINT,
        error_messages={"required": "Enter the unit it shall become part of."},
    )
    head = forms.ChoiceField(label="Who heads that unit then", widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(self.STAYS, "Whoever heads that unit now")]
        if self.unit.head:
            choices.append((self.GOES_ALONG, f"{self.unit.head.full_name}, who heads this one now"))
        head = self.fields["head"]
        if isinstance(head, forms.ChoiceField):
            head.choices, head.initial = choices, self.STAYS

    def clean_target(self) -> Organization | None:
        return self.other_unit("target")

    def more(self) -> dict[str, Any]:
        goes_along = self.cleaned_data["head"] == self.GOES_ALONG
        return {
            "target": self.cleaned_data["target"],
            "person": self.unit.head if goes_along else None,
        }


class CloseForm(ReorganizationForm):
    kind = Kind.CLOSE


class ReopenForm(ReorganizationForm):
    kind = Kind.REOPEN


class HeadForm(ReorganizationForm):
    kind = Kind.HEAD
    person = forms.CharField(
        label="New head",
        max_length=254,
        required=False,
        help_text=f"{PERSON_HINT} Empty when the place falls vacant.",
    )

    def clean_person(self) -> Person | None:
        asked = self.cleaned_data["person"]
        return somebody(asked, self.user) if asked else None

    def more(self) -> dict[str, Any]:
        return {"person": self.cleaned_data["person"]}


class TeamForm(ReorganizationForm):
    """Who of a supervisor's people gets another one."""

    kind = Kind.SUPERVISOR
    whole_team = forms.BooleanField(
        label="The whole team, whoever belongs to it on that day", required=False
    )
    people = forms.MultipleChoiceField(
        label="Or only these people", required=False, widget=forms.CheckboxSelectMultiple
    )
    person = forms.CharField(
        label="New supervisor",
        max_length=254,
        help_text=PERSON_HINT,
        error_messages={"required": "Name the new supervisor."},
    )
    officials_follow = forms.BooleanField(
        label="Also name the new supervisor as rating official of their open appraisals",
        required=False,
        help_text="Else each open appraisal keeps its rating official until HR names another.",
    )

    def __init__(
        self, *args: Any, former: Person | None, team: Sequence[Assignment], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.former = former
        self.team = {str(each.employee_id): each.employee for each in team}
        people = self.fields["people"]
        if isinstance(people, forms.MultipleChoiceField):
            people.choices = [
                (str(each.employee_id), f"{each.employee.full_name}, {each.position_title}")
                for each in team
            ]

    def clean_person(self) -> Person:
        found = somebody(self.cleaned_data["person"], self.user)
        if found == self.former:
            raise forms.ValidationError(
                f"{found.full_name} is their supervisor now. Name somebody else."
            )
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        new, ticked = cleaned.get("person"), cleaned.get("people", [])
        if not cleaned.get("whole_team") and not ticked and "people" not in self.errors:
            self.add_error("people", "Tick the whole team, or at least one person.")
        if new and not cleaned.get("whole_team") and str(new.pk) in ticked:
            self.add_error(
                "people", f"{new.full_name} cannot be their own supervisor. Untick them."
            )
        return cleaned

    def more(self) -> dict[str, Any]:
        whole_team = self.cleaned_data["whole_team"]
        ticked = [] if whole_team else self.cleaned_data["people"]
        return {
            "former_supervisor": self.former,
            "person": self.cleaned_data["person"],
            "whole_team": whole_team,
            "people": [self.team[number] for number in ticked],
            "officials_follow": self.cleaned_data["officials_follow"],
        }


FORMS: dict[str, type[ReorganizationForm]] = {
    form.kind: form for form in (MoveForm, RenameForm, MergeForm, CloseForm, ReopenForm, HeadForm)
}


class WhoseForm(forms.Form):
    """The supervisor whose people shall get another one."""

    supervisor = forms.CharField(
        label="Whose people",
        max_length=254,
        help_text=PERSON_HINT,
        error_messages={"required": "Enter the supervisor whose people shall get another one."},
    )

    def __init__(self, *args: Any, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_supervisor(self) -> Person | None:
        asked: str = self.cleaned_data["supervisor"]
        return None if asked == NOBODY else somebody(asked, self.user, active_only=False)


class MostForm(forms.Form):
    """How many people may answer to one supervisor before it is called too many."""

    most = forms.IntegerField(
        label="Too many people under one supervisor: more than",
        min_value=1,
        max_value=10_000,
        initial=MOST_REPORTS,
        required=False,
    )

    @property
    def most_reports(self) -> int:
        if self.is_bound and self.is_valid():
            return self.cleaned_data["most"] or MOST_REPORTS
        return MOST_REPORTS
