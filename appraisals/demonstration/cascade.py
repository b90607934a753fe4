"""How the goals came down: who wrote and published them on which day, and who has read of it."""

import datetime as dt

from django.utils import timezone

from appraisals.demonstration.goals import NOT_WRITTEN, STILL_DRAFTS
from appraisals.demonstration.place import Place
from appraisals.models import (
    AppraisalCycle,
    Goal,
    GoalPublication,
    GoalVersion,
    MissionStatement,
    PublicationRead,
    Way,
)
from orgchart.models import Assignment, Organization, Person

NEWEST = 2028
FIRST_TOLD = dt.timedelta(days=60)
EACH_LEVEL = dt.timedelta(days=14)
LATEST_TOLD = {"DES": dt.date(2027, 4, 5)}
"""Published just before the demonstration begins, so its people have not read it yet."""


def _moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9, 20), tzinfo=timezone.get_current_timezone())


def is_written(code: str, cycle: AppraisalCycle) -> bool:
    return cycle.ends_on.year != NEWEST or code not in NOT_WRITTEN


def told_at(organization: Organization, cycle: AppraisalCycle) -> dt.datetime | None:
    """A level after the other, before the year begins; None: still a draft."""
    is_newest = cycle.ends_on.year == NEWEST
    if is_newest and organization.code in STILL_DRAFTS:
        return None
    day = cycle.starts_on - FIRST_TOLD + organization.level * EACH_LEVEL
    return _moment(LATEST_TOLD.get(organization.code, day) if is_newest else day)


def build_cascade(place: Place, cycles: list[AppraisalCycle]) -> None:
    for cycle in cycles:
        for code in {goal.organization.code for goal in _goals(cycle)}:
            _tell(place, place.organizations[code], cycle)
    Goal.objects.filter(serves__isnull=False).update(way=Way.ADAPTED)
    _note_reads()


def _goals(cycle: AppraisalCycle) -> list[Goal]:
    return list(Goal.objects.filter(cycle=cycle).select_related("organization"))


def _tell(place: Place, organization: Organization, cycle: AppraisalCycle) -> None:
    by: Person = organization.head or place.people["helena.strand"]
    told = told_at(organization, cycle)
    written = (told or _moment(cycle.starts_on)) - dt.timedelta(days=9)
    held = {"cycle": cycle, "organization": organization}
    items: list[Goal | MissionStatement] = [
        *MissionStatement.objects.filter(**held),
        *Goal.objects.filter(**held),
    ]
    for item in items:
        content = {name: getattr(item, name) for name in item.CONTENT}
        of = {**held, "goal": item if isinstance(item, Goal) else None, "by": by}
        GoalVersion.objects.create(**of, what="written", after=content, at=written)
        if told:
            GoalVersion.objects.create(
                **of, what="published", before=content, after=content, at=told
            )
    if told:
        titles = [item.title for item in items if isinstance(item, Goal)]
        details = {"goals": titles, "mission": len(titles) < len(items), "changes": 0}
        GoalPublication.objects.create(**held, by=by, at=told, details=details)


def _note_reads() -> None:
    """Everybody has read what was published before the year began."""
    people = list(Assignment.objects.filter(ends_on=None).select_related("organization"))
    news = GoalPublication.objects.filter(cycle__ends_on__year=NEWEST).select_related(
        "organization", "cycle"
    )
    PublicationRead.objects.bulk_create(
        PublicationRead(publication=each, person_id=row.employee_id, at=each.at)
        for each in news
        if each.organization.code not in LATEST_TOLD
        for row in people
        if row.organization.path.startswith(each.organization.path)
        and row.employee_id != each.by_id
    )
