"""Where an edition would hold: its organization and all below, but for units that have an edition of their own."""

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass

from django.db.models import Q

from appraisals import rules
from appraisals.models import PolicyDraft, PolicyEdition
from orgchart import clock
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


def reach_of_draft(draft: PolicyDraft) -> Reach:
    """On its day; without one, as if it were tomorrow."""
    tomorrow = clock.today() + dt.timedelta(days=1)
    day = max(draft.effective_on or tomorrow, tomorrow)
    return reach_of(draft.organization, on=day, without=draft.edition_id)


def question_of(draft: PolicyDraft, reach: Reach) -> str:
    """What whom it meets hangs on, but for the records: another one wants another count."""
    asked = [draft.values, reach.on, asdict(reach.before), reach.without]
    return hashlib.sha256(json.dumps(asked, default=str, sort_keys=True).encode()).hexdigest()
