"""How a person stands to records, as conditions that a queryset can filter by."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q, TextField, Value
from django.db.models.functions import Cast

from appraisals.models.officials import Delegation
from orgchart import clock
from orgchart.models import Organization, Person, RoleGrant
from orgchart.selectors import outermost, scope_organizations


class Party(StrEnum):
    """How a person stands to one record. The first three are the record's own columns.

    A delegate writes what the rating official drafts, for a time, and takes no step (R8.4).
    """

    EMPLOYEE = "employee"
    RATING_OFFICIAL = "rating_official"
    HIGHER_LEVEL_REVIEWER = "higher_level_reviewer"
    HR = "hr"
    DELEGATE = "delegate"


TURN = {
    "draft": Party.RATING_OFFICIAL,
    "in_review": Party.HIGHER_LEVEL_REVIEWER,
    "approved": Party.RATING_OFFICIAL,
    "communicated": Party.EMPLOYEE,
}


@dataclass(frozen=True)
class Reach:
    """What a person stands to beside their own work on one day; `drafts_for` holds primary keys."""

    on: dt.date
    headed: list[str]
    administered: list[str]
    drafts_for: frozenset[int]


def hr_paths(user: Person) -> list[str]:
    """Paths of the organizations that `user` administers today."""
    return _reach(user).administered


def headed_paths(user: Person) -> list[str]:
    """Paths of the organizations that `user` heads."""
    return _reach(user).headed


def drafts_for(user: Person) -> frozenset[int]:
    """The rating officials whose drafts `user` may write today, as their delegate (R8.4)."""
    return _reach(user).drafts_for


def _reach(user: Person) -> Reach:
    """All three in one query per request, kept on the person."""
    today = clock.today()
    found: Reach | None = user.__dict__.get("_reach")
    if found is None or found.on != today:
        # Look-ups in an index each: an OR of them would read every unit there is.
        headed = Organization.objects.filter(head=user).values_list(Value("headed"), "path")
        administered = scope_organizations(
            user, RoleGrant.Role.HR_ADMINISTRATOR, on=today
        ).values_list(Value("administered"), "path")
        given = (
            Delegation.objects.in_force(today)
            .filter(delegate=user)
            .values_list(Value("drafts_for"), Cast("principal_id", TextField()))
        )
        rows = sorted(headed.union(administered.order_by(), given.order_by()))
        found = Reach(
            on=today,
            headed=outermost(value for what, value in rows if what == "headed"),
            administered=outermost(value for what, value in rows if what == "administered"),
            drafts_for=frozenset(int(value) for what, value in rows if what == "drafts_for"),
        )
        user.__dict__["_reach"] = found
    return found


def forget_reach(user: Person) -> None:
    """After something was given or taken in this very request."""
    user.__dict__.pop("_reach", None)


def under_paths(paths: list[str], lookup: str) -> Q:
    """Rows whose organization path lies at or below one of `paths`; none when there are no paths."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{lookup}__startswith": path})
    return condition


def party_itself(user: Person, prefix: str = "") -> Q:
    """By the record's own columns: no delegate."""
    return (
        Q(**{f"{prefix}employee": user})
        | Q(**{f"{prefix}rating_official": user})
        | Q(**{f"{prefix}higher_level_reviewer": user})
    )


def party_to(user: Person, prefix: str = "") -> Q:
    found = party_itself(user, prefix)
    if principals := drafts_for(user):
        # Their own record is theirs as the employee, whoever rates it.
        found |= Q(**{f"{prefix}rating_official__in": principals})
    return found
