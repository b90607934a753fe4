"""How a person stands to records, as conditions that a queryset can filter by."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q

from appraisals.models.officials import Delegation
from orgchart import clock
from orgchart.models import Organization, Person, PersonQuerySet, RoleGrant
from orgchart.selectors import outermost


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


KEPT = "reach"
"""The attribute of a person. Through the wrapper that a request has for its user, too: not in `__dict__`."""


def _reach(user: Person) -> Reach:
    """One query per request, kept on the person; none where `keep_reach` was there first."""
    today = clock.today()
    found: Reach | None = getattr(user, KEPT, None)
    if found is None or found.on != today:
        found = _reach_of(with_reach(Person.objects.all(), user.pk, on=today).get(), on=today)
        setattr(user, KEPT, found)
    return found


def with_reach(people: PersonQuerySet, key: int, *, on: dt.date) -> PersonQuerySet:
    """The one of these people, read with what they head, administer and draft for on that day."""
    headed = Organization.objects.filter(head=key).order_by("path").values("path")
    granted = RoleGrant.objects.on(on).filter(person=key, role=RoleGrant.Role.HR_ADMINISTRATOR)
    given = Delegation.objects.in_force(on).filter(delegate=key).order_by()
    # Look-ups in an index each: an OR of them would read every unit there is.
    return people.filter(pk=key).annotate(
        headed_paths=ArraySubquery(headed),
        granted_paths=ArraySubquery(
            granted.order_by("organization__path").values("organization__path")
        ),
        principals=ArraySubquery(given.values("principal")),
    )


def keep_reach(user: Person, *, on: dt.date) -> None:
    """Of somebody who was read by `with_reach`."""
    setattr(user, KEPT, _reach_of(user, on=on))


def _reach_of(read: Any, *, on: dt.date) -> Reach:
    return Reach(
        on=on,
        headed=outermost(read.headed_paths),
        administered=outermost(read.granted_paths),
        drafts_for=frozenset(read.principals),
    )


def forget_reach(user: Person) -> None:
    """After something was given or taken in this very request."""
    setattr(user, KEPT, None)


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
