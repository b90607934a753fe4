"""Every component in every state on one page, for whoever builds or tests a screen. Never in production."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, ButtonHolder, Div, Fieldset, Layout, Submit
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.messages import constants as levels
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dpmap.context import NavItem, Practice
from dpmap.errors import error_page
from orgchart.templatetags.form_pack import autosave_attrs


@dataclass(frozen=True)
class Somebody:
    pk: int
    full_name: str
    initials: str


DANA = Somebody(8, "Dana Whitfield", "DW")
MARIA = Somebody(1, "Maria Ortega", "MO")
TERRENCE = Somebody(3, "Terrence Blake", "TB")
PAUL = Somebody(2, "Paul Sørensen", "PS")
AISHA = Somebody(5, "Aisha Khan", "AK")
ROBERT = Somebody(6, "Robert Jensen", "RJ")

PLAN, REVIEW, RATING = "Plan", "Progress review", "Rating"
NARRATIVE = (
    "Chief Ortega’s crews met the 7-minute standard in 96% of structural alarms over the year, against "
    "the 90% that is Fully Successful, after she re-based Engine 2 on her own analysis of dispatch data."
)
STAGES = ("Acknowledged", "Approved", "In review", "With supervisor", "Not started")


def stages(*states: str) -> list[dict[str, str]]:
    labels = (PLAN, REVIEW, RATING)
    return [{"label": label, "state": state} for label, state in zip(labels, states, strict=True)]


def bar(*counts: int) -> list[dict[str, Any]]:
    return [
        {"label": label, "count": count, "css": f"b{number}"}
        for number, (label, count) in enumerate(zip(STAGES, counts, strict=True), start=1)
    ]


TEAM = [
    {"person": MARIA, "job": "Fire Chief · GS-0081-12", "walk": stages("done", "done", "now"), "stands": "Rate 4 elements", "kind": "turn", "words": "You · due in 9 days", "action": "Rate", "look": ""},
    {"person": TERRENCE, "job": "Fire Inspector · GS-0081-09", "walk": stages("done", "done", "done"), "stands": "Waiting for employee to acknowledge", "kind": "", "words": "Terrence · since 2 April", "action": "View", "look": "quiet"},
    {"person": PAUL, "job": "Firefighter · GS-0081-08", "walk": stages("done", "done", "now"), "stands": "Returned by reviewer: narrative for element 2", "kind": "late", "words": "You · 3 days late", "action": "Revise", "look": ""},
    {"person": AISHA, "job": "Firefighter · GS-0081-07", "walk": stages("done", "done", "other"), "stands": "Waiting for higher level review", "kind": "", "words": "Col. Reyes · since 1 April", "action": "View", "look": "quiet"},
    {"person": ROBERT, "job": "Administrative Assistant · GS-0303-06", "walk": stages("done", "", ""), "stands": "Not rateable: 71 of 90 days", "kind": "", "words": "Explained to Robert", "action": "View", "look": "quiet"},
]  # fmt: skip

STEPS = [
    {"title": "Plan acknowledged", "detail": "22 April 2026", "state": "done"},
    {"title": "Progress review", "detail": "14 October 2026 · 1 of at least 1", "state": "done"},
    {"title": "Your input", "detail": "28 March 2027", "state": "done"},
    {"title": "Rating by H. Okafor", "detail": "Since 1 April · due 15 April", "state": "now"},
    {"title": "Higher level review", "detail": "", "state": ""},
    {"title": "Discussion and acknowledgment", "detail": "", "state": ""},
    {"title": "Rating of record", "detail": "Effective 1 June 2027", "state": ""},
]
SIGHT = [
    {"title": "Keep Fort Calloway ready to respond", "url": "#"},
    {"title": "Protect the installation", "url": "#"},
    {"title": "Power projection", "url": ""},
    {"title": "Provide the military forces needed to deter war", "url": ""},
]
UNITS = [
    {"name": "Directorate of Emergency Services", "head": "H. Okafor · 212 people", "parts": bar(129, 38, 25, 15, 5), "approved": "79%", "kind": "late", "words": "7 late"},
    {"name": "Family and Morale, Welfare and Recreation", "head": "S. Abara · 301 people", "parts": bar(166, 75, 42, 15, 3), "approved": "80%", "kind": "late", "words": "4 late"},
    {"name": "Plans, Analysis and Integration", "head": "R. Whitehorse · 27 people", "parts": bar(19, 5, 3, 0, 0), "approved": "89%", "kind": "good", "words": "none late"},
    {"name": "Office of the Chaplain", "head": "1 person", "parts": bar(0, 0, 0, 0, 0), "approved": "–", "kind": "", "words": "no plans yet"},
]  # fmt: skip


class RatingForm(forms.Form):
    """As on the rating page: rating cards, one counted text, saved while it is typed."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=7)
    level = forms.ChoiceField(
        label="Your rating of this element",
        choices=[
            ("5", "5 Outstanding"),
            ("3", "3 Fully Successful"),
            ("1", "1 Unacceptable"),
            ("0", "– Not rated, no chance to perform"),
        ],
        widget=forms.RadioSelect(attrs={"data-look": "rate"}),
    )
    text = forms.CharField(
        label="Narrative",
        help_text="Required for a 5. Say what she did, against the standard, and what came of it.",
        max_length=2000,
        required=False,
        widget=forms.Textarea,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.save_state = {
            "field": "text",
            "form_id": "rating",
            "saved_at": datetime(2027, 4, 6, 14, 42, tzinfo=UTC),
            "version": 7,
        }
        self.helper = FormHelper()
        self.helper.attrs = autosave_attrs("rating", "#")
        self.helper.layout = Layout(
            "version",
            "level",
            "text",
            HTML('{% include "gallery/_why.html" only %}'),
            ButtonHolder(
                Submit("next", "Save and go to element 3"),
                Submit("save", "Save", css_class="btn--quiet"),
            ),
        )


class EveryFieldForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the badge.")
    email = forms.EmailField(label="Email address", required=False)
    word = forms.CharField(label="Password", widget=forms.PasswordInput, required=False)
    reason = forms.CharField(
        label="Reason", max_length=20, widget=forms.Textarea(attrs={"class": "usa-textarea--short"})
    )
    method = forms.ChoiceField(
        label="Method",
        choices=[("", "Choose"), ("F", "Face to face"), ("T", "Telephone"), ("O", "Other")],
    )
    unit = forms.ChoiceField(
        label="Unit",
        help_text="Type part of its name.",
        choices=[
            ("", ""),
            ("1", "Fire and Emergency Services"),
            ("2", "Police"),
            ("3", "Dispatch"),
        ],
        widget=forms.Select(attrs={"data-look": "combo"}),
        required=False,
    )
    held_on = forms.DateField(
        label="Date of the discussion", help_text="For example 14 October 2026."
    )
    kind = forms.ChoiceField(
        label="Kind",
        choices=[("a", "Technical"), ("b", "Supervisory")],
        widget=forms.RadioSelect,
    )
    topics = forms.MultipleChoiceField(
        label="Topics you spoke about",
        help_text="Choose all that apply.",
        choices=[("g", "Goals"), ("s", "Standards"), ("d", "Development")],
        widget=forms.CheckboxSelectMultiple,
    )
    roster = forms.FileField(label="Roster", help_text="A .tsv file.", required=False)
    agreed = forms.BooleanField(label="We spoke about this plan", help_text="It is not agreement.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset("Who", "name", "email", "word"),
            Div("reason", "method", "unit", "held_on"),
            Fieldset("What", "kind", "topics", "roster", "agreed"),
            ButtonHolder(
                Submit("send", "Send"), Submit("delete", "Delete", css_class="btn--danger")
            ),
        )


NAV = [
    NavItem(name="home", label="Home", url="#", current=False),
    NavItem(name="team", label="My team", url="#", current=True),
    NavItem(name="organization_list", label="Organization", url="#", current=False),
    NavItem(name="line_of_sight", label="Line of sight", url="#", current=False),
]
FRAME = {
    "user": DANA,
    "nav": NAV,
    "cycle_name": "FY 2027",
    "session_seconds": 900,
    "practice": Practice(
        today=date(2027, 4, 6), person=DANA.full_name, role="first-level supervisor", url="#"
    ),
}
WRONG = {"reason": "Much more than twenty characters", "held_on": "soon", "topics": ["x"]}
ERRORS = ("400", "403", "404", "405", "409", "413", "429", "500", "503")
MESSAGES = [
    {"level_tag": levels.DEFAULT_TAGS[level], "text": text}
    for level, text in (
        (
            levels.INFO,
            "Elements were copied from last year. Read each one before you send the plan.",
        ),
        (levels.SUCCESS, "Plan sent to Col. Reyes. You will hear when it is approved or returned."),
        (levels.WARNING, "One element is new since 1 January; it cannot reach 90 days."),
        (levels.ERROR, "The plan was not sent."),
    )
]


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    if request.GET.get("error") in ERRORS:
        return error_page(
            request, status=int(request.GET["error"]), message="A reason, if one is given."
        )
    every = EveryFieldForm(WRONG if "wrong" in request.GET else None)
    rating = RatingForm(initial={"level": "5", "text": NARRATIVE})
    return render(
        request,
        "gallery.html",
        FRAME
        | {
            "form": every,
            "rating": rating,
            "dana": DANA,
            "maria": MARIA,
            "paul": PAUL,
            "team": TEAM,
            "steps": STEPS,
            "sight": SIGHT,
            "units": UNITS,
            "legend": bar(0, 0, 0, 0, 0),
            "alerts": MESSAGES,
            "page": Paginator(range(10_035), 50).get_page(request.GET.get("page", 7)),
            "crumbs": [{"label": "My team", "url": "#"}, {"label": "Maria Ortega", "url": ""}],
            "tabs": [
                {"label": "Plan", "url": "#", "current": True},
                {"label": "Progress review", "url": "#", "current": False},
                {"label": "Annual appraisal", "url": "#", "current": False},
            ],
            "at": datetime(2027, 4, 3, 15, 7, tzinfo=UTC),
            "narrative": NARRATIVE,
            "older": NARRATIVE.replace("96%", "nearly all").replace(" of structural", " of the"),
            "hidden": {"key": "8c1"},
        },
    )
