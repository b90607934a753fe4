"""What somebody who goes holds beside records: units that they head, roles, and delegations given and held (R8.4)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from appraisals.models import Arrangement, Delegation, Departure, DepartureKind
from appraisals.models.scope import under_paths
from appraisals.rules.words import date_words
from appraisals.services.delegating import end_delegations_of
from orgchart.models import Organization, OrgEvent, Person, RoleGrant
from orgchart.selectors import grants_of, organizations_headed_by, scope_paths
from orgchart.services import appoint_head, revoke_role


@dataclass(frozen=True, slots=True)
class Offices:
    """`heads`: units that somebody else heads then, or nobody yet. `left`: those that HR of elsewhere decides."""

    heads: list[tuple[Organization, Person | None]] = field(default_factory=list)
    left: list[Organization] = field(default_factory=list)
    delegations: list[Delegation] = field(default_factory=list)
    roles: list[RoleGrant] = field(default_factory=list)

    def words(self, departure: Departure) -> list[str]:
        person, day = departure.person.full_name, date_words(departure.effective_on)
        return [
            *(
                f"{heir.full_name} heads {unit.name} from {day} on."
                if heir
                else f"Nobody heads {unit.name} from {day} on: appoint somebody there."
                for unit, heir in self.heads
            ),
            *(f"{person} heads {unit.name}: appoint another head there." for unit in self.left),
            *(
                f"{each.delegate.full_name} no longer drafts for {each.principal.full_name} from {day} on."
                for each in self.delegations
            ),
            *(
                f"{person} is no longer {each.get_role_display()} of {each.organization.name} from {day} on."
                for each in self.roles
            ),
        ]


def offices_of(departure: Departure) -> Offices:
    units = list(_headed(departure))
    paths = scope_paths(departure.by, RoleGrant.Role.HR_ADMINISTRATOR, on=departure.planned_on)
    inside = set(
        Organization.objects.filter(
            under_paths(paths, "path"), pk__in=[unit.pk for unit in units]
        ).values_list("pk", flat=True)
        if departure.changes_chart
        else ()
    )
    return Offices(
        [(unit, departure.successor) for unit in units if unit.pk in inside],
        [unit for unit in units if unit.pk not in inside],
        _delegations(departure),
        _roles(departure),
    )


def _headed(departure: Departure) -> list[Organization]:
    """Whoever works on in the unit heads it on; an absence with nobody in between leaves it as it is.
    What somebody heads for a time goes back, or to the successor that is named at last."""
    headed = organizations_headed_by(departure.person).filter(closed_on=None)
    if departure.follows_id is not None:
        return list(headed.filter(pk__in=_given_by([departure.follows_id])))
    if not departure.person_goes:
        for_a_time = Departure.objects.filter(successor=departure.person).exclude(
            arrangement=Arrangement.SUCCESSOR
        )
        return list(headed.filter(pk__in=_given_by(for_a_time.values_list("pk", flat=True))))
    if departure.kind == DepartureKind.DETAIL and departure.successor_id is None:
        return []
    if departure.kind == DepartureKind.MOVES and departure.gaining_organization_id is not None:
        headed = headed.exclude(pk=departure.gaining_organization_id)
    return list(headed)


def _given_by(departures: Iterable[int]) -> list[int]:
    """Units that got their head by one of these."""
    given = OrgEvent.objects.filter(what="head_appointed", detail__departure__in=list(departures))
    return [pk for pk in given.values_list("organization", flat=True) if pk is not None]


def _delegations(departure: Departure) -> list[Delegation]:
    """What would still hold on the day after."""
    if not departure.person_goes:
        return []
    both = Q(principal=departure.person) | Q(delegate=departure.person)
    return list(
        Delegation.objects.filter(both)
        .not_over(departure.effective_on)
        .with_people()
        .order_by("pk")
    )


def _roles(departure: Departure) -> list[RoleGrant]:
    """Whoever leaves keeps none; whoever moves keeps those of an organization that the new place lies in."""
    goes_for_good = departure.person_goes and departure.kind != DepartureKind.DETAIL
    if not departure.changes_chart or not goes_for_good:
        return []
    held = grants_of(departure.person, on=departure.effective_on).select_related("organization")
    before = held.filter(starts_on__lte=departure.last_day).order_by("pk")
    place = departure.gaining_organization if departure.kind == DepartureKind.MOVES else None
    return [each for each in before if place is None or not each.organization.contains(place)]


def hand_over_offices(departure: Departure) -> None:
    """The caller holds the locks of tree and people. After a detail headed units come back; delegations
    are given anew."""
    offices = offices_of(departure)
    for unit, heir in offices.heads:
        appoint_head(unit, head=heir, by=departure.by, departure=departure.pk)
    for grant in offices.roles:
        revoke_role(grant, on=departure.last_day, by=departure.by)
    if departure.person_goes:
        why = f"{departure.person.full_name}: {departure.get_kind_display().lower()}."
        end_delegations_of(departure.person, by=departure.by, reason=why)
