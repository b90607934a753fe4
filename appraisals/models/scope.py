"""How a person stands to records, as conditions that a queryset can filter by."""

from enum import StrEnum

from django.db.models import Q, Value

from orgchart import clock
from orgchart.models import Organization, Person, RoleGrant
from orgchart.selectors import outermost, scope_organizations


class Party(StrEnum):
    """How a person stands to one record. The first three are the record's own columns."""

    EMPLOYEE = "employee"
    RATING_OFFICIAL = "rating_official"
    HIGHER_LEVEL_REVIEWER = "higher_level_reviewer"
    HR = "hr"


TURN = {
    "draft": Party.RATING_OFFICIAL,
    "in_review": Party.HIGHER_LEVEL_REVIEWER,
    "approved": Party.RATING_OFFICIAL,
    "communicated": Party.EMPLOYEE,
}


def hr_paths(user: Person) -> list[str]:
    """Paths of the organizations that `user` administers today."""
    return _paths(user)[1]


def headed_paths(user: Person) -> list[str]:
    """Paths of the organizations that `user` heads."""
    return _paths(user)[0]


def _paths(user: Person) -> tuple[list[str], list[str]]:
    """Headed and administered, in one query per request, kept on the person."""
    found: tuple[list[str], list[str]] | None = user.__dict__.get("_paths")
    if found is None:
        # Two look-ups in an index: an OR of both would read every unit there is.
        headed = Organization.objects.filter(head=user).values_list("path", Value(True))
        administered = scope_organizations(
            user, RoleGrant.Role.HR_ADMINISTRATOR, on=clock.today()
        ).values_list("path", Value(False))
        rows = sorted(headed.union(administered.order_by()))
        found = (
            outermost(path for path, is_headed in rows if is_headed),
            outermost(path for path, is_headed in rows if not is_headed),
        )
        user.__dict__["_paths"] = found
    return found


def under_paths(paths: list[str], lookup: str) -> Q:
    """Rows whose organization path lies at or below one of `paths`; none when there are no paths."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{lookup}__startswith": path})
    return condition


def party_to(user: Person, prefix: str = "") -> Q:
    return (
        Q(**{f"{prefix}employee": user})
        | Q(**{f"{prefix}rating_official": user})
        | Q(**{f"{prefix}higher_level_reviewer": user})
    )
