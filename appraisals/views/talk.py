"""The frame of the pages through the year: their tabs, and whom they are about."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.urls import reverse

from appraisals.models.scope import Party
from appraisals.talk import people_rated_by
from appraisals.views.shared import person
from orgchart.models import Person

TABS = (("journal", "Journal"),)
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
    if Party.EMPLOYEE in mine:
        return [{"label": "Your journal", "url": reverse("journal")}]
    if Party.RATING_OFFICIAL not in mine:
        return []
    name = employee.first_name
    return [
        {
            "label": f"Your journal about {name}",
            "url": f"{reverse('journal')}?about={employee.dod_id}",
        }
    ]
