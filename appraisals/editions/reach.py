"""Where an edition would hold: its organization and all below, but for units that have an edition of their own."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from appraisals import rules
from appraisals.models import PolicyEdition
from orgchart.models import Organization
from orgchart.selectors import outermost


@dataclass(frozen=True)
class Reach:
    """`before` is what would hold there on that day without the edition, the same in every unit reached.

    `without`: paths of the units below whose own edition is nearer. `until`: the organization's next edition.
    """

    organization: Organization
    on: dt.date
    before: rules.Policy
    before_name: str
    without: tuple[str, ...]
    until: PolicyEdition | None

    def of(self, path: str) -> Q:
        """The condition on a row whose organization's path is under this name."""
        inside = Q(**{f"{path}__startswith": self.organization.path})
        for each in self.without:
            inside &= ~Q(**{f"{path}__startswith": each})
        return inside


def reach_of(organization: Organization, *, on: dt.date, without: int | None = None) -> Reach:
    """`without`: the key of the edition itself, once it is scheduled. One query."""
    touching = Q(organization__in=[*organization.ancestor_ids, organization.pk]) | Q(
        organization__path__startswith=organization.path
    )
    editions = [
        each
        for each in PolicyEdition.objects.filter(touching).select_related("organization")
        if each.pk != without
    ]
    above = [
        each
        for each in editions
        if organization.path.startswith(each.organization.path) and each.effective_on <= on
    ]
    before = max(
        above, key=lambda each: (len(each.organization.path), each.effective_on), default=None
    )
    own = sorted(
        (each for each in editions if each.organization_id == organization.pk),
        key=lambda each: each.effective_on,
    )
    below = {
        each.organization.path
        for each in editions
        if not organization.path.startswith(each.organization.path) and each.effective_on <= on
    }
    return Reach(
        organization=organization,
        on=on,
        before=before.rules() if before else rules.Policy(),
        before_name=before.name if before else "the rule book itself",
        without=tuple(outermost(sorted(below))),
        until=next((each for each in own if each.effective_on > on), None),
    )
