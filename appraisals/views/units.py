"""A unit in a cycle: what the screens about an organization start from."""

from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from appraisals import rules
from appraisals.counts import (
    STAGE_NAMES,
    STEPS,
    Calendar,
    calendar_of,
    stage_now,
)
from appraisals.models import AppraisalCycle
from appraisals.permissions import may_see_unit_numbers
from appraisals.standing import Asked, Stage, Standing, Standings
from appraisals.views.rows import show_cycle
from orgchart import clock
from orgchart.models import Organization, Person

STEP_RUNGS = dict(STEPS)
PAGE = 25
OPEN_TO_ALL = {"goals", "alignment"}


@dataclass(frozen=True)
class Unit:
    """An organization in the cycle that the reader chose; the units around it are read when asked for."""

    organization: Organization
    calendar: Calendar
    cycle: AppraisalCycle

    @cached_property
    def _family(self) -> dict[int, Organization]:
        near = Q(pk__in=self.organization.ancestor_ids) | Q(parent=self.organization)
        return {each.pk: each for each in Organization.objects.filter(near).select_related("head")}

    @property
    def above(self) -> list[Organization]:
        return [self._family[pk] for pk in self.organization.ancestor_ids]

    @cached_property
    def below(self) -> list[Organization]:
        children = (
            each for each in self._family.values() if each.parent_id == self.organization.pk
        )
        return sorted(children, key=lambda each: each.name)

    @cached_property
    def policy(self) -> rules.Policy:
        return self.calendar.policy(self.organization, on=clock.today())

    def standings(self) -> Standings:
        return self.calendar.standings(self.organization, self.cycle)

    def stage(self, asked: str) -> Stage:
        known = {stage.value: stage for stage in Stage}
        return known.get(asked) or stage_now(self.cycle, self.policy, on=clock.today())

    def cycle_links(self, name: str, **kept: str) -> list[dict[str, object]]:
        """The other cycles of this screen, oldest first; none when there is no choice."""
        if len(self.calendar.cycles) < 2:
            return []
        more = "".join(f"&{key}={value}" for key, value in kept.items())
        address = reverse(name, args=[self.organization.code])
        return [
            {
                "label": each.name,
                "url": f"{address}?cycle={each.pk}{more}",
                "current": each == self.cycle,
            }
            for each in reversed(self.calendar.cycles)
        ]


def load_unit(request: HttpRequest, organization: Organization) -> Unit:
    """404 where no cycle was ever opened: there is nothing to show yet."""
    unit = find_unit(request, organization)
    if unit is None:
        raise Http404
    return unit


def find_unit(
    request: HttpRequest, organization: Organization, *, running: bool = False
) -> Unit | None:
    """`running`: without a choice of the reader’s, the cycle of today rather than the one being rated."""
    calendar = calendar_of(organization)
    cycle = calendar.chosen(request.GET.get("cycle", ""), on=clock.today(), running=running)
    if cycle is None:
        return None
    show_cycle(request, cycle)
    return Unit(organization, calendar, cycle)


def organization_with(code: str) -> Organization:
    return get_object_or_404(Organization.objects.select_related("head", "kind"), code=code)


def crumbs_of(unit: Unit, user: Person, *, address: str, last: str = "") -> list[dict[str, str]]:
    """The units above, each to the same screen where the reader may see it, else to its goals."""
    crumbs = []
    for place in unit.above:
        name = address if address in OPEN_TO_ALL or may_see_unit_numbers(user, place) else "goals"
        crumbs.append({"label": place.name, "url": _to(name, place, unit.cycle)})
    if not last:
        return [*crumbs, {"label": unit.organization.name, "url": ""}]
    here = {
        "label": unit.organization.name,
        "url": _to(address, unit.organization, unit.cycle),
    }
    return [*crumbs, here, {"label": last, "url": ""}]


def _to(name: str, place: Organization, cycle: AppraisalCycle) -> str:
    return f"{reverse(name, args=[place.code])}?cycle={cycle.pk}"


def stage_tabs(url: str, cycle: AppraisalCycle, current: Stage) -> list[dict[str, object]]:
    return [
        {
            "label": label,
            "url": f"{url}?cycle={cycle.pk}&stage={stage.value}",
            "current": stage == current,
        }
        for stage, label in STAGE_NAMES.items()
    ]


def listed_page(
    request: HttpRequest, standings: Standings, asked: Asked
) -> tuple[Page[int], list[Standing]]:
    """One query for the rows and their number; a page that does not exist shows the first."""
    given = request.GET.get("page", "")
    number = int(given) if given.isdecimal() and 0 < len(given) < 7 and int(given) else 1
    rows, total = standings.listed(asked, page=number, size=PAGE)
    if not rows and number > 1:
        number = 1
        rows, total = standings.listed(asked, page=1, size=PAGE)
    return Paginator(range(total), PAGE).get_page(number), rows
