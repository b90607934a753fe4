"""What the frame around every page shows. Nothing is read until a template asks for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.conf import settings
from django.db.models import F, Subquery
from django.db.models.functions import Length
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from appraisals.models import AppraisalCycle
from orgchart import clock
from orgchart.models import Assignment, Person
from orgchart.selectors import Roles, roles_known
from orgchart.waking import is_delayed

MOST_UNREAD = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    name: str
    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    today: date
    person: str
    role: str
    url: str


# Whoever heads one of these, with supervisors below, is called a senior leader.
NAVIGATION: tuple[tuple[str, str, Callable[[Roles], bool]], ...] = (
    ("home", "Home", lambda roles: True),
    ("team", "My team", lambda roles: roles.is_supervisor),
    ("review_queue", "Reviews", lambda roles: roles.is_reviewer),
    ("organization_list", "Organization", lambda roles: True),
    ("line_of_sight", "Line of sight", lambda roles: True),
    ("journal", "All year", lambda roles: True),
    ("hr_home", "HR", lambda roles: roles.is_hr_administrator),
    ("audit_list", "Audit", lambda roles: roles.is_auditor),
)


def page(request: HttpRequest) -> dict[str, object]:
    @cache
    def roles() -> Roles | None:
        person = signed_in(request)
        return roles_known(person, on=clock.today()) if person else None

    return {
        "nav": SimpleLazyObject(lambda: navigation(roles(), path=request.path)),
        "cycle_name": SimpleLazyObject(lambda: cycle_name(request)),
        "practice": SimpleLazyObject(lambda: practice(request, roles=roles())),
        "unread_notices": SimpleLazyObject(lambda: unread_notices(request)),
        "session_seconds": SimpleLazyObject(lambda: session_seconds(request)),
        "delayed": SimpleLazyObject(is_delayed),
    }


def navigation(roles: Roles | None, *, path: str) -> list[NavItem]:
    """The parts of the site this person has something to do in; none for a stranger."""
    if roles is None:
        return []
    places = [
        (name, label, url)
        for name, label, has in NAVIGATION
        if has(roles) and (url := _address(name))
    ]
    here = [url for _, _, url in places if path == url or (url != "/" and path.startswith(url))]
    longest = max(here, key=len, default="")
    return [
        NavItem(name=name, label=label, url=url, current=url == longest)
        for name, label, url in places
    ]


def role_words(roles: Roles) -> str:
    named = (
        (roles.is_auditor, "auditor"),
        (roles.is_hr_administrator, "HR administrator"),
        (roles.is_reviewer and roles.is_senior, "senior leader"),
        (roles.is_reviewer, "second-level supervisor"),
        (roles.is_supervisor, "first-level supervisor"),
    )
    return next((words for applies, words in named if applies), "employee")


def cycle_name(request: HttpRequest) -> str:
    """The cycle the view works in, if it says so on the request; else this person's."""
    person = signed_in(request)
    if person is None:
        return ""
    cycle = getattr(request, "appraisal_cycle", None) or cycle_in_hand(person, on=clock.today())
    return cycle.name if cycle else ""


def cycle_in_hand(person: Person, *, on: date) -> AppraisalCycle | None:
    """The cycle whose ratings do not count yet (R1.2): in April and May that is still the last one."""
    place = Assignment.objects.on(on).filter(employee=person).values("organization__path")
    return (
        AppraisalCycle.objects.alias(place=Subquery(place[:1]))
        .filter(place__startswith=F("organization__path"), starts_on__lte=on, effective_on__gt=on)
        .order_by(Length("organization__path").desc(), "starts_on")
        .first()
    )


def practice(request: HttpRequest, *, roles: Roles | None) -> Practice | None:
    if not settings.PRACTICE_MODE:
        return None
    person = signed_in(request)
    return Practice(
        today=clock.today(),
        person=person.full_name if person else "",
        role=role_words(roles) if person and roles else "",
        url=_address("practice"),
    )


def unread_notices(request: HttpRequest) -> str:
    """For the header; nobody needs to know more than that there are many."""
    unread = getattr(signed_in(request), "unread_notices", None) or 0
    return f"{MOST_UNREAD}+" if unread > MOST_UNREAD else str(unread or "")


def session_seconds(request: HttpRequest) -> int:
    return settings.SESSION_COOKIE_AGE if signed_in(request) else 0


def signed_in(request: HttpRequest) -> Person | None:
    """Also asked on error pages, when middleware may not have come as far as the session."""
    user = getattr(request, "user", None)
    return user if isinstance(user, Person) else None


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
