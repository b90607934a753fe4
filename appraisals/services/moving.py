"""What a departure changes beside the officials of records: who answers to whom, and where a record lies."""

import datetime as dt
from dataclasses import replace

from django.db.models import QuerySet

from appraisals.models import Appraisal, AppraisalEvent, Departure, DepartureKind
from appraisals.models.scope import under_paths
from orgchart import clock
from orgchart.models import Assignment, Organization, Person, RoleGrant
from orgchart.selectors import assignment_of, scope_paths, supervisor_of
from orgchart.services import assign, explained, separate
from orgchart.services.carrying import carry


def change_chart(departure: Departure, people: list[int]) -> None:
    """From the day after on, where HR decided so. The caller holds the locks of tree and people."""
    if not departure.changes_chart:
        return
    day, by = departure.effective_on, departure.by
    team = _administered(departure, Assignment.objects.filter(supervisor=departure.person))
    if departure.follows is not None:
        given = departure.follows.records.values("appraisal__employee")
        team = team.filter(employee__in=given)
    elif not departure.whole_team:
        team = team.filter(employee__in=people)
    with explained():
        for heir, theirs in _parts_of(departure, team):
            _to(theirs, heir, day, by)
        _goes(departure)


def _administered(departure: Departure, rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """In the scope that whoever decided it had on the day of the decision."""
    paths = scope_paths(departure.by, RoleGrant.Role.HR_ADMINISTRATOR, on=departure.planned_on)
    inside = under_paths(paths, "organization__path")
    return rows.filter(inside).exclude(ends_on__lt=departure.effective_on)


def _parts_of(
    departure: Departure, team: QuerySet[Assignment]
) -> list[tuple[Person, QuerySet[Assignment]]]:
    """Who takes over whom: each share, and the rest to the successor."""
    given_to = departure.given_to
    others = {heir.pk: heir for heir in given_to.values()}
    parts = [
        (heir, team.filter(employee__in=[who for who, to in given_to.items() if to == heir]))
        for heir in others.values()
    ]
    if departure.successor is not None:
        parts.append((departure.successor, team.exclude(employee__in=list(given_to))))
    return parts


def _to(team: QuerySet[Assignment], heir: Person, day: dt.date, by: Person) -> None:
    """Whoever takes over a team they belonged to answers to the next one up."""
    own = team.filter(employee=heir)
    first = own.first()
    if first is not None and first.supervisor is not None:
        above = supervisor_of(first.supervisor, on=day - dt.timedelta(days=1))
        if above is not None:
            carry(own, on=day, by=by, supervisor=above)
    carry(team.exclude(employee=heir), on=day, by=by, supervisor=heir)


def _goes(departure: Departure) -> None:
    person, day = departure.person, departure.effective_on
    held = Assignment.objects.filter(employee=person, ends_on=None).first()
    if held is None:
        return
    if departure.kind in (DepartureKind.LEAVES, DepartureKind.TRANSFERS):
        separate(person, on=departure.last_day, by=departure.by)
    if departure.kind == DepartureKind.MOVES and departure.gaining_organization is not None:
        assign(
            person,
            supervisor=departure.gaining_supervisor,
            organization=departure.gaining_organization,
            position=replace(held.position, position_start_date=day),
            starts_on=day,
            by=departure.by,
        )


def move_record(record: Appraisal, departure: Departure, *, goes_along: bool) -> None:
    """Of whoever moves: the record lies where they work, so that those who lead there see it."""
    place = departure.gaining_organization
    if departure.kind != DepartureKind.MOVES or not goes_along or place is None:
        return
    place_record(
        record, place, by=departure.by, reason=departure.reason, details={"departure": departure.pk}
    )
    held = assignment_of(record.employee, on=departure.effective_on)
    if held is not None and held.organization_id == place.pk:
        record.position_title, record.position_number = held.position_title, held.position_number
        record.pay_plan, record.occupational_series = held.pay_plan, held.occupational_series
        record.grade, record.step = held.grade, held.step
        record.is_supervisor, record.bargaining_unit = held.is_supervisor, held.bargaining_unit
        record.save()


def place_record(
    record: Appraisal,
    place: Organization,
    *,
    by: Person,
    reason: str,
    details: dict[str, object],
) -> None:
    """Where it lies is who counts it and sees it there. The caller holds its lock."""
    if place.pk == record.organization_id:
        return
    names = [record.organization.name, place.name]
    record.organization = place
    record.save(update_fields=["organization"])
    AppraisalEvent.objects.create(
        appraisal=record,
        name="change_organization",
        by=by,
        at=clock.now(),
        reason=reason,
        details=details | {"organization": names},
    )
