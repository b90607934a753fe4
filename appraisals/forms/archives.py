"""What HR chooses to take away: where, of which cycle, which forms, of whom."""

import uuid
from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.db.models import Q, QuerySet

from appraisals.archives.choosing import RATINGS, STAGES, Choice
from appraisals.forms.administration import MOST_SHOWN, PlaceField
from appraisals.models import OF_THE_YEAR, AppraisalCycle
from appraisals.models.scope import under_paths
from orgchart import clock
from orgchart.models import Organization, Person

KINDS = [("", "Whole records: DD Form 2906"), *((kind.value, kind.label) for kind in OF_THE_YEAR)]
MOST_LINES = 2_000
MOST_NAMES = 50
MOST_SAID = 20
DIGITS = 10
TOO_MANY = f"Too many lines: at most {MOST_LINES:,} fit, and {MOST_NAMES} of them may be names. Choose by unit, or in turns."


class ArchiveForm(forms.Form):
    organization = PlaceField(help_text="It and all units below. Its code.")
    cycle = forms.ModelChoiceField(
        AppraisalCycle.objects.none(),
        empty_label=None,
        error_messages={"required": "Choose a cycle."},
    )
    kind = forms.ChoiceField(label="Forms", choices=KINDS, required=False)
    stage = forms.ChoiceField(
        label="Stage",
        choices=STAGES,
        required=False,
        help_text="Of these documents; for whole records, of the annual appraisal.",
    )
    rating = forms.ChoiceField(label="Rating of record", choices=RATINGS, required=False)
    people = forms.CharField(
        label="People",
        required=False,
        widget=forms.Textarea(attrs={"class": "usa-textarea--short"}),
        help_text=f"Empty for everybody. Else one to a line, at most {MOST_LINES:,}: DoD ID, e-mail address or name.",
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, user: Person, scope: Sequence[Organization], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.named: tuple[int, ...] | None = None
        place, cycle = self.fields["organization"], self.fields["cycle"]
        if isinstance(place, PlaceField) and isinstance(cycle, forms.ModelChoiceField):
            place.scope = list(scope)
            above = {pk for each in scope for pk in (*each.ancestor_ids, each.pk)}
            below = under_paths([each.path for each in scope], "organization__path")
            cycle.queryset = AppraisalCycle.objects.filter(Q(organization__in=above) | below)
            over = cycle.queryset.filter(ends_on__lt=clock.today()).order_by("-ends_on")
            cycle.initial = over.first() or cycle.queryset.first()
        self.fields["request_key"].initial = uuid.uuid4()
        self.helper = FormHelper()
        self.helper.add_input(Submit("show", "Show what it holds", css_id="show"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("organization") and cleaned.get("cycle") and cleaned.get("people"):
            self.named = self._named(cleaned["people"].splitlines())
        return cleaned

    @property
    def choice(self) -> Choice:
        asked = self.cleaned_data
        return Choice(
            user=self.user,
            people=self.named,
            **{name: asked[name] for name in ("organization", "cycle", "kind", "stage", "rating")},
        )

    @property
    def words(self) -> list[str]:
        """What was chosen, for the pages and the archive itself."""
        asked = self.cleaned_data
        named = len(self.named) if self.named is not None else 0
        return [
            dict(KINDS)[asked["kind"]],
            *([dict(STAGES)[asked["stage"]]] if asked["stage"] else []),
            *([f"Rating {dict(RATINGS)[asked['rating']]}"] if asked["rating"] else []),
            *([f"{named:,} named people" if named != 1 else "1 named person"] if named else []),
        ]

    def _named(self, lines: list[str]) -> tuple[int, ...] | None:
        """Only people with a record there: who else exists is not told."""
        asked = [(number, line.strip(" \t,;")) for number, line in enumerate(lines, start=1)]
        asked = [(number, words) for number, words in asked if words]
        names = sum(not is_exact(words) for _, words in asked)
        if len(asked) > MOST_LINES or names > MOST_NAMES:
            self.add_error("people", TOO_MANY)
            return None
        place, cycle = self.cleaned_data["organization"], self.cleaned_data["cycle"]
        records = Choice(user=self.user, organization=place, cycle=cycle).records
        people = Person.objects.filter(appraisals__in=records)
        exact = _exact(people, [words.lower() for _, words in asked])
        where = f"has a record in {place.name}, {cycle.name}"
        found, problems = [], []
        for number, words in asked:
            answer = exact.get(words.lower()) or _sought(people, words, where)
            if isinstance(answer, int):
                found.append(answer)
            else:
                problems.append(f"Line {number}: {answer}.")
        if not problems:
            return tuple(dict.fromkeys(found)) or None
        if len(problems) > MOST_SAID:
            problems[MOST_SAID:] = [f"And {len(problems) - MOST_SAID:,} more lines."]
        self.add_error("people", [forms.ValidationError(problem) for problem in problems])
        return None


def is_exact(words: str) -> bool:
    return words.isdecimal() or "@" in words


def _exact(people: QuerySet[Person], asked: list[str]) -> dict[str, int]:
    found = people.filter(Q(dod_id__in=asked) | Q(email__in=asked))
    rows = found.values_list("pk", "dod_id", "email")
    return {key: pk for pk, dod_id, email in rows for key in (dod_id, email)}


def _sought(people: QuerySet[Person], words: str, where: str) -> int | str:
    """The one who is called so, or what is wrong with the line."""
    if words.isdecimal():
        if len(words) != DIGITS:
            return f"“{words}” has {len(words)} digits, and a DoD ID has {DIGITS}"
        return f"nobody with the DoD ID {words} {where}"
    if "@" in words:
        return f"nobody with the address {words} {where}"
    named = Person.objects.search(words).by_name()
    found = list(named.filter(pk__in=people.values("pk"))[: MOST_SHOWN + 1])
    if len(found) == 1:
        return found[0].pk
    if not found:
        return f"nobody called “{words}” {where}"
    names = ", ".join(f"{each.full_name} {each.dod_id}" for each in found[:MOST_SHOWN])
    more = " and others" if len(found) > MOST_SHOWN else ""
    return f"“{words}” fits {names}{more}; enter the DoD ID of the one you mean"
