"""Keeping what somebody decided about a departure: who may, who takes over, and where they go."""

import datetime as dt
import uuid
from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied

from appraisals.models import Arrangement, Departure, DepartureKind, DepartureShare, DepartureState
from appraisals.permissions import is_hr_for, may_decide_departure, works_under
from appraisals.services.heirs import must_work
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Assignment, Organization, Person
from orgchart.selectors import newest_assignments, supervisor_of
from orgchart.services import explained

SENTENCES = {
    "departure_to_somebody_else": "Nobody takes over from themselves or rates themselves. Name somebody else.",
    "departure_move_has_its_supervisor": "Name the supervisor they move to.",
    "departure_back_after_it": "Only who is on a detail or away comes back, on a day after the last day.",
    "everybody_goes_to_one_successor": "Somebody is in two parts of the team. Tick each person once.",
    "nobody_takes_over_themselves": "Somebody would take over themselves. Leave them out of that part.",
    "departure_return_follows_one": "What was held for a time goes back by itself on the day that was named.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What somebody decided, before it is kept; the fields are those of `Departure`."""

    person: Person
    kind: str
    last_day: dt.date
    reason: str
    arrangement: str = Arrangement.SUCCESSOR
    successor: Person | None = None
    people: tuple[Person, ...] = ()
    whole_team: bool = True
    back_on: dt.date | None = None
    gaining_supervisor: Person | None = None
    gaining_organization: Organization | None = None
    goes_to: str = ""
    changes_chart: bool = False
    request_key: uuid.UUID | None = None
    shares: tuple[tuple[Person, tuple[Person, ...]], ...] = ()
    """Who takes over a part of the team in place of the successor, and whom."""

    @property
    def shared(self) -> tuple[Person, ...]:
        return tuple(each for _, people in self.shares for each in people)


def keep_departure(wanted: Leaving, *, by: Person) -> Departure:
    person, today = wanted.person, clock.today()
    if not may_decide_departure(by, person):
        raise PermissionDenied
    if wanted.changes_chart and not may_change_chart(by, wanted):
        raise Refused("You do not administer every unit it touches. Leave out who answers to whom.")
    held = _held_then(person, wanted.last_day)
    if held is None:
        raise Refused(f"{person.full_name} has never worked here, so there is nothing to leave.")
    if wanted.last_day < held.starts_on:
        raise Refused(
            f"{person.full_name} began on {held.starts_on:%-d %B %Y} and cannot leave before it."
        )
    ahead = Departure.objects.filter(person=person, state=DepartureState.PLANNED)
    if ahead.exclude(kind=DepartureKind.RETURNS).exists():
        raise Refused(
            f"A departure of {person.full_name} is planned already. Take that one back first."
        )
    wanted = _with_who_acts(wanted, by)
    departure = Departure(
        person=person,
        kind=wanted.kind,
        organization=held.organization,
        last_day=wanted.last_day,
        back_on=wanted.back_on,
        arrangement=wanted.arrangement,
        successor=wanted.successor,
        whole_team=wanted.whole_team,
        gaining_supervisor=wanted.gaining_supervisor,
        gaining_organization=_gaining_place(wanted),
        goes_to=wanted.goes_to,
        changes_chart=wanted.changes_chart,
        reason=wanted.reason,
        by=by,
        planned_on=today,
        planned_at=clock.now(),
        request_key=wanted.request_key,
    )
    with explained(SENTENCES):
        departure.save()
        DepartureShare.objects.bulk_create(
            DepartureShare(departure=departure, employee=each, successor=heir)
            for heir, people in wanted.shares
            for each in people
        )
    departure.people.set([] if wanted.whole_team else {*wanted.people, *wanted.shared})
    return departure


def _held_then(person: Person, last_day: dt.date) -> Assignment | None:
    """On a day behind us, when the roster may have moved them since; else, and before they came, the newest."""
    today = clock.today()
    then = newest_assignments([person], on=min(last_day, today)).get(person.pk)
    return then or newest_assignments([person], on=today).get(person.pk)


def _with_who_acts(wanted: Leaving, by: Person) -> Leaving:
    """While nobody is named the next one up acts. Whoever takes over works here on that day."""
    day = wanted.last_day + dt.timedelta(days=1)
    if wanted.arrangement == Arrangement.VACANT:
        above = supervisor_of(wanted.person, on=wanted.last_day)
        if above is None:
            raise Refused(
                f"Nobody is above {wanted.person.full_name}, so nobody can act. Name a successor."
            )
        wanted = replace(wanted, successor=above)
    others = [heir for heir, _ in wanted.shares]
    for somebody in filter(None, (wanted.successor, wanted.gaining_supervisor, *others)):
        must_work(somebody, day)
    named = [wanted.successor] if wanted.arrangement != Arrangement.VACANT else []
    for heir in filter(None, [*named, *others]):
        _must_be_in_reach(heir, wanted.person, by)
    return wanted


def _must_be_in_reach(successor: Person, leaver: Person, by: Person) -> None:
    """HR names anybody; a supervisor themselves, or somebody who works under them."""
    held = newest_assignments([leaver], on=clock.today())[leaver.pk]
    if is_hr_for(by, held.organization) or successor.pk == by.pk:
        return
    under = Assignment.objects.on(clock.today()).filter(employee=successor, supervisor=by)
    if under.exists() or Person.objects.filter(works_under(by), pk=successor.pk).exists():
        return
    raise Refused(
        f"{successor.full_name} does not work under you. Choose yourself or somebody who does, or ask HR."
    )


def _gaining_place(wanted: Leaving) -> Organization | None:
    """Where the gaining supervisor works, unless another unit is named."""
    if wanted.gaining_organization is not None or wanted.gaining_supervisor is None:
        return wanted.gaining_organization
    day = wanted.last_day + dt.timedelta(days=1)
    held = Assignment.objects.on(day).filter(employee=wanted.gaining_supervisor)
    first = held.select_related("organization").first()
    return first.organization if first else None


def may_change_chart(user: Person, departure: Leaving) -> bool:
    """Who answers to whom is HR’s to change, of every unit that it touches."""
    held = newest_assignments([departure.person], on=clock.today()).get(departure.person.pk)
    places = [held.organization] if held else []
    place = _gaining_place(departure)
    places += [place] if place and departure.kind == DepartureKind.MOVES else []
    return bool(places) and all(is_hr_for(user, each) for each in places)
