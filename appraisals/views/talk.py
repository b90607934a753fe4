"""The frame of the pages through the year: their tabs, and whom they are about."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.urls import reverse

from appraisals.models.scope import Party
from appraisals.talk import people_rated_by
from appraisals.views.shared import person
from orgchart.models import Person

TABS = (
    ("journal", "Journal"),
    ("check_in_list", "Check-ins"),
    ("support_list", "Requests"),
    ("feedback_list", "Feedback"),
    ("recognition_list", "Recognition"),
)
EVERYBODY = "all"


def talk_tabs(current: str) -> list[dict[str, object]]:
    return [
        {"label": label, "url": reverse(name), "current": name == current} for name, label in TABS
    ]


@dataclass(frozen=True)
class About:
    """Whom a page is about: the reader, one of those the reader rates, or everybody (`person` None)."""

    person: Person | None
    people: list[Person]

    @property
    def value(self) -> str:
        return self.person.dod_id if self.person else EVERYBODY


def about_whom(request: HttpRequest, *, default: str = "") -> About:
    """From ?about=: nothing is the reader, "all" is everybody."""
    user = person(request)
    people = list(people_rated_by(user))
    asked = request.GET.get("about", default)
    if asked == EVERYBODY:
        return About(None, people)
    if asked in ("", user.dod_id):
        return About(user, people)
    for each in people:
        if each.dod_id == asked:
            return About(each, people)
    raise Http404


def links_about(employee: Person, mine: frozenset[Party]) -> list[dict[str, str]]:
    """From a record: to what the employee and the rating official keep and share through the year."""
    own = Party.EMPLOYEE in mine
    if not own and Party.RATING_OFFICIAL not in mine:
        return []
    about = "" if own else f"?about={employee.dod_id}"
    links = [
        ("Your journal" if own else f"Your journal about {employee.first_name}", "journal", about),
        ("Check-ins", "check_in_series", ""),
        ("Ask for feedback", "feedback_new", about),
    ]
    if own:
        links.insert(2, ("Ask for tools, training or resources", "support_new", ""))
    else:
        links.append((f"Recognize {employee.first_name}", "recognition_new", ""))
    of_a_person = ("check_in_series", "recognition_new")
    return [
        {
            "label": label,
            "url": reverse(name, args=[employee.dod_id] if name in of_a_person else []) + query,
        }
        for label, name, query in links
    ]
