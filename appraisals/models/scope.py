"""How a person stands to records, as conditions that a queryset can filter by."""

from enum import StrEnum

from django.db.models import Q

from orgchart import clock
from orgchart.models import Person, RoleGrant
from orgchart.selectors import organizations_headed_by, outermost, scope_paths


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
    """Paths of the organizations that `user` administers today; one query per request, kept on the person."""
    found: list[str] | None = user.__dict__.get("_hr_paths")
    if found is None:
        found = scope_paths(user, RoleGrant.Role.HR_ADMINISTRATOR, on=clock.today())
        user.__dict__["_hr_paths"] = found
    return found


def headed_paths(user: Person) -> list[str]:
    """Paths of the organizations that `user` heads; one query per request, kept on the person."""
    found: list[str] | None = user.__dict__.get("_headed_paths")
    if found is None:
        found = outermost(organizations_headed_by(user).values_list("path", flat=True))
        user.__dict__["_headed_paths"] = found
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
