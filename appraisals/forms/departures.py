"""What is filled in when somebody leaves, and which stranded records are put right."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, ButtonHolder, Div, Fieldset, Layout, Submit
from django import forms

from appraisals.forms.administration import NO_DAY, somebody
from appraisals.forms.buttons import cancel
from appraisals.forms.reasons import ReasonField
from appraisals.models import Appraisal, Arrangement, DepartureKind
from appraisals.rules.words import joined
from orgchart import clock
from orgchart.models import Person

PERSON_HINT = "DoD ID, e-mail address or name."
FARTHEST = dt.timedelta(days=365)
TEAM_FIELDS = ("arrangement", "successor", "whole_team", "people")
SHARES = ("second", "third")
"""Who takes over a part of the team in place of the successor; each with the people of that part."""
PEOPLE_FIELDS = ("people", *(f"{share}_people" for share in SHARES))
SHARE_FIELDS = tuple(name for share in SHARES for name in (share, f"{share}_people"))


class WhoForm(forms.Form):
    """Who leaves."""

    who = forms.CharField(
        label="Who leaves, moves or hands over",
        max_length=254,
        help_text=PERSON_HINT,
        error_messages={"required": "Enter who leaves."},
    )

    def __init__(self, *args: Any, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_who(self) -> Person:
        return somebody(self.cleaned_data["who"], self.user, active_only=False)


class DepartureForm(forms.Form):
    """`team`: the records that `person` rates or reviews. Who answers to whom is asked of HR alone."""

    request_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(
        label="What happens",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what happens."},
    )
    last_day = forms.DateField(
        label="Last day",
        error_messages=NO_DAY,
        help_text="The last day with the people and the supervisor of today. Everything changes hands "
        "on the day after.",
    )
    back_on = forms.DateField(
        label="Back on",
        required=False,
        error_messages=NO_DAY,
        help_text="Of a detail or an absence: the first day back. What was held for a time goes back then.",
    )
    arrangement = forms.ChoiceField(
        label="Who acts from the day after",
        choices=Arrangement.choices,
        widget=forms.RadioSelect,
        initial=Arrangement.SUCCESSOR,
        required=False,
    )
    successor = forms.CharField(
        label="Successor or temporary supervisor",
        max_length=254,
        required=False,
        help_text=PERSON_HINT,
    )
    whole_team = forms.BooleanField(
        label="Everybody they rate or review", required=False, initial=True
    )
    people = forms.MultipleChoiceField(
        label="Or only these people", required=False, widget=forms.CheckboxSelectMultiple
    )
    second = forms.CharField(
        label="Somebody else for a part of them",
        max_length=254,
        required=False,
        help_text=f"{PERSON_HINT} Leave it empty when one person takes over everybody.",
    )
    second_people = forms.MultipleChoiceField(
        label="These go to them", required=False, widget=forms.CheckboxSelectMultiple
    )
    third = forms.CharField(
        label="A third one for another part",
        max_length=254,
        required=False,
        help_text=PERSON_HINT,
    )
    third_people = forms.MultipleChoiceField(
        label="These go to the third one", required=False, widget=forms.CheckboxSelectMultiple
    )
    gaining_supervisor = forms.CharField(
        label="Their supervisor there",
        max_length=254,
        required=False,
        help_text=f"{PERSON_HINT} Of a move, who rates them from then on; of a detail, only when the supervisor "
        "there rates them meanwhile.",
    )
    goes_to = forms.CharField(
        label="Component or agency they go to",
        max_length=200,
        required=False,
        help_text="Of a transfer. What must go along is gathered for you.",
    )
    changes_chart = forms.BooleanField(
        label="Also change who answers to whom from the day after",
        required=False,
        initial=True,
        help_text="Units that they head go to whoever takes over. Leave it out when the next roster brings "
        "the change.",
    )
    reason = ReasonField(
        help_text="Stays on every record it changes, where the employee reads it.",
        missing="Say in a few words why.",
    )

    def __init__(
        self,
        *args: Any,
        leaver: Person,
        user: Person,
        team: Sequence[Appraisal],
        is_hr: bool,
        back: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.leaver, self.user, self.is_hr = leaver, user, is_hr
        self.team = {str(each.employee_id): each.employee for each in team}
        self.fields["request_key"].initial = uuid.uuid4()
        self._choices("kind", self._kinds())
        self._choices("people", [(key, each.full_name) for key, each in self.team.items()])
        rated = {str(each.employee_id) for each in team if each.rating_official_id == leaver.pk}
        self.may_split = len(rated) > 1
        for share in SHARES:
            names = [(key, each.full_name) for key, each in self.team.items() if key in rated]
            self._choices(f"{share}_people", names)
        unasked = [] if self.team else [*TEAM_FIELDS]
        for name in [*unasked, *([] if self.may_split else SHARE_FIELDS)]:
            del self.fields[name]
        if not is_hr:
            del self.fields["changes_chart"]
        self.helper = self._helper(back)

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def _kinds(self) -> list[tuple[str, str]]:
        hidden = {DepartureKind.RETURNS} | (set() if self.team else {DepartureKind.HANDS_OVER})
        return [(kind.value, str(kind.label)) for kind in DepartureKind if kind not in hidden]

    def _helper(self, back: str) -> FormHelper:
        helper = FormHelper()
        count = len(self.team)
        people = f"Who takes over the {count} {'person' if count == 1 else 'people'}"
        parts: list[Any] = [Fieldset("What happens", "kind", "last_day", "back_on")]
        if self.team:
            parts.append(Fieldset(f"{people} they rate or review", *TEAM_FIELDS))
        if self.may_split:
            parts.append(self._folded("Split the team between several", SHARE_FIELDS))
        parts.append(Fieldset("Where they go", "gaining_supervisor", "goes_to"))
        if self.is_hr:
            parts.append("changes_chart")
        show = Submit("decision", "Show what it means", css_id="show")
        helper.layout = Layout(
            *parts, "reason", "request_key", ButtonHolder(show, cancel(back)), HTML("")
        )
        return helper

    def _folded(self, title: str, names: Sequence[str]) -> Div:
        """Open as soon as something of it is filled in."""
        given = self.data if self.is_bound else self.initial
        is_open = " open" if any(given.get(name) for name in names) else ""
        summary = f'<details class="read read--fold"{is_open}><summary>{title}</summary>'
        return Div(HTML(summary), *names, HTML("</details>"))

    def clean_last_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["last_day"]
        today = clock.today()
        if not today - FARTHEST <= day <= today + FARTHEST:
            raise forms.ValidationError(f"Choose a day within a year of today, {today:%-d %B %Y}.")
        return day

    def clean_successor(self) -> Person | None:
        return self._person("successor")

    def clean_second(self) -> Person | None:
        return self._person("second")

    def clean_third(self) -> Person | None:
        return self._person("third")

    def clean_gaining_supervisor(self) -> Person | None:
        return self._person("gaining_supervisor")

    def _person(self, name: str) -> Person | None:
        asked = self.cleaned_data[name]
        found = somebody(asked, self.user) if asked else None
        if found == self.leaver:
            raise forms.ValidationError(f"This is {self.leaver.full_name}. Name somebody else.")
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        self._check_days(cleaned, kind)
        if kind == DepartureKind.MOVES and not self._named("gaining_supervisor"):
            self.add_error("gaining_supervisor", "Name the supervisor they move to.")
        if self.team:
            self._check_team(cleaned, kind)
        if self.may_split:
            self._check_shares(cleaned)
        return cleaned

    def _named(self, name: str) -> bool:
        return bool(self.cleaned_data.get(name)) or name in self.errors

    def _check_days(self, cleaned: dict[str, Any], kind: str | None) -> None:
        last, back = cleaned.get("last_day"), cleaned.get("back_on")
        if back and kind and kind != DepartureKind.DETAIL:
            self.add_error("back_on", "Only who is on a detail or away comes back. Leave it empty.")
        elif back and last and back <= last:
            self.add_error("back_on", "The first day back comes after the last day.")

    def _check_team(self, cleaned: dict[str, Any], kind: str | None) -> None:
        is_vacant = cleaned.get("arrangement") == Arrangement.VACANT
        if is_vacant and cleaned.get("successor"):
            self.add_error(
                "successor", "The next one up acts, so nobody is named here. Leave it empty."
            )
        elif not is_vacant and not self._named("successor"):
            self.add_error("successor", "Name who takes over, or choose that the next one up acts.")
        chosen = cleaned.get("people") or any(cleaned.get(f"{each}_people") for each in SHARES)
        if not cleaned.get("whole_team") and not chosen:
            self.add_error("people", "Tick everybody, or at least one person.")

    def _check_shares(self, cleaned: dict[str, Any]) -> None:
        taken: set[str] = set()
        for share in SHARES:
            people = set(cleaned.get(f"{share}_people") or ())
            if people and not self._named(share):
                self.add_error(share, "Name who takes over the people you ticked.")
            if cleaned.get(share) and not people and f"{share}_people" not in self.errors:
                self.add_error(f"{share}_people", "Tick who goes to them, or name nobody here.")
            if twice := sorted(self.team[key].full_name for key in taken & people):
                self.add_error(
                    f"{share}_people", f"{joined(twice)} would go to two people. Tick each once."
                )
            taken |= people
        heirs = [cleaned[name] for name in ("successor", *SHARES) if cleaned.get(name)]
        if len({each.pk for each in heirs}) < len(heirs):
            self.add_error("second", "Name a different person for each part of the team.")

    def _shares(self) -> tuple[tuple[Person, tuple[Person, ...]], ...]:
        given = self.cleaned_data
        return tuple(
            (given[share], tuple(self.team[key] for key in given[f"{share}_people"]))
            for share in SHARES
            if given.get(share)
        )

    def facts(self) -> dict[str, Any]:
        """The fields of `services.leaving.Leaving`."""
        given = self.cleaned_data
        whole = given.get("whole_team", True)
        kept = ("kind", "last_day", "back_on", "gaining_supervisor", "goes_to", "reason")
        return {name: given[name] for name in (*kept, "request_key")} | {
            "person": self.leaver,
            "arrangement": given.get("arrangement") or Arrangement.SUCCESSOR,
            "successor": given.get("successor"),
            "whole_team": whole,
            "people": () if whole else tuple(self.team[key] for key in given["people"]),
            "changes_chart": given.get("changes_chart", False),
            "shares": self._shares(),
        }


class RepairForm(forms.Form):
    """Which stranded records go to the officials that are proposed."""

    records = forms.TypedMultipleChoiceField(
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Tick at least one record.",
            "invalid_choice": "A ticked record is no longer stranded, or nobody can be proposed for it. "
            "Look at the list again.",
        },
    )
    reason = ReasonField(
        help_text="Stays on each record, where the employee reads it.",
        missing="Say in a few words why.",
    )

    def __init__(self, *args: Any, offered: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        records = self.fields["records"]
        if isinstance(records, forms.TypedMultipleChoiceField):
            records.choices = [(str(pk), str(pk)) for pk in offered]
        self.helper = FormHelper()
        self.helper.form_tag = False
