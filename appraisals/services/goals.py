"""Writing, publishing, changing and retiring the mission and goals of a unit; every change is kept."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import reverse

from appraisals.models import (
    AppraisalCycle,
    Goal,
    GoalPublication,
    GoalVersion,
    MissionStatement,
    PublicationRead,
    Way,
)
from appraisals.notifications import tell_all, withdraw
from appraisals.permissions import may_edit_goals
from appraisals.selectors import goals_above, not_yet_told
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Assignment, Organization, Person

What = GoalVersion.What
NO_LINK = "Choose the goal above that “{title}” serves, or say why it serves none."


def _writing(organization: Organization, cycle: AppraisalCycle, by: Person) -> None:
    """One writer at a time for a unit, who may, while the cycle is not over."""
    if not may_edit_goals(by, organization):
        raise PermissionDenied
    if cycle.ends_on < clock.today():
        raise Refused(
            f"The {cycle.name} cycle is over. Its mission and goals stay as its plans served them."
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('appraisals_goals_of'), %s)", [organization.pk]
        )


def _content(item: Goal | MissionStatement) -> dict[str, Any]:
    return {name: getattr(item, name) for name in item.CONTENT}


def _keep(
    item: Goal | MissionStatement,
    what: GoalVersion.What,
    before: dict[str, Any],
    *,
    by: Person,
    more: dict[str, Any] | None = None,
) -> None:
    GoalVersion.objects.create(
        cycle=item.cycle,
        organization=item.organization,
        goal=item if isinstance(item, Goal) else None,
        what=what,
        before=before,
        after={} if what == What.DELETED else _content(item) | (more or {}),
        by=by,
        at=clock.now(),
    )


@transaction.atomic
def set_mission(
    organization: Organization, *, cycle: AppraisalCycle, text: str, by: Person
) -> MissionStatement:
    """A draft until it is published; the words of a published one change at once."""
    _writing(organization, cycle, by)
    mission = MissionStatement.objects.filter(organization=organization, cycle=cycle).first()
    if mission is None:
        mission = MissionStatement(organization=organization, cycle=cycle, text=text)
        mission.save()
        _keep(mission, What.WRITTEN, {}, by=by)
    elif mission.text != text:
        before = _content(mission)
        mission.text = text
        mission.save(update_fields=["text"])
        _keep(mission, What.CHANGED, before, by=by)
    return mission


@transaction.atomic
def save_goal(goal: Goal, *, by: Person) -> Goal:
    """A new goal as a draft, or a changed one. What it serves lies above, in the same cycle, and is offered."""
    _writing(goal.organization, goal.cycle, by)
    held = Goal.objects.filter(pk=goal.pk).first() if goal.pk else None
    if held is not None and _content(held) == _content(goal):
        return held
    if held is None or held.serves_id != goal.serves_id:
        _check_link(goal)
    if goal.serves_id:
        goal.serves_none = ""
    elif not goal.serves_none and _offered_above(goal).exists():
        raise Refused(NO_LINK.format(title=goal.title))
    goal.way = _way_of(goal)
    goal.save()
    _keep(goal, What.CHANGED if held else What.WRITTEN, _content(held) if held else {}, by=by)
    return goal


def _offered_above(goal: Goal) -> Any:
    return goals_above(goal.organization, goal.cycle)


def _check_link(goal: Goal) -> None:
    if goal.serves_id and not _offered_above(goal).filter(pk=goal.serves_id).exists():
        raise Refused(
            "Choose a goal of an organization above this one, in the same cycle, that is published "
            "and not retired."
        )


def _way_of(goal: Goal) -> Way:
    """Adopted as long as its words are those of the goal it serves."""
    above = goal.serves
    if above is None:
        return Way.ADDED
    if (goal.title, goal.statement) == (above.title, above.statement):
        return Way.ADOPTED
    return Way.ADDED if goal.way == Way.ADDED else Way.ADAPTED


@transaction.atomic
def adopt_goal(above: Goal, organization: Organization, *, by: Person) -> Goal:
    """A draft with the words of a goal above, linked to it. Asking again returns the one that is there."""
    _writing(organization, above.cycle, by)
    held = Goal.objects.filter(
        organization=organization, cycle=above.cycle, serves=above, way=Way.ADOPTED
    ).first()
    if held is not None:
        return held
    goal = Goal(
        organization=organization,
        cycle=above.cycle,
        serves=above,
        title=above.title,
        statement=above.statement,
        position=next_position(organization, above.cycle),
    )
    return save_goal(goal, by=by)


def next_position(organization: Organization, cycle: AppraisalCycle) -> int:
    held = Goal.objects.filter(organization=organization, cycle=cycle)
    return max(held.values_list("position", flat=True), default=0) + 1


def is_used(goal: Goal) -> bool:
    return goal.elements.exists() or goal.served_by.exists()


@transaction.atomic
def delete_goal(goal: Goal, *, by: Person) -> None:
    """Only a draft that nothing serves. What was published is retired instead."""
    _writing(goal.organization, goal.cycle, by)
    goal.refresh_from_db()
    if goal.published_at is not None or is_used(goal):
        raise Refused(
            "This goal was published, so it cannot be deleted: people may have seen it or serve it. "
            "Retire it instead."
        )
    _keep(goal, What.DELETED, _content(goal), by=by)
    goal.delete()


@transaction.atomic
def retire_goal(goal: Goal, *, on: dt.date, reason: str, by: Person) -> Goal:
    """From that day on nothing new is linked to it; what serves it stays."""
    _writing(goal.organization, goal.cycle, by)
    goal.refresh_from_db()
    if goal.published_at is None:
        raise Refused("This goal is a draft. Delete it instead.")
    if goal.retired_on is not None:
        raise Refused("This goal is retired already.")
    if not clock.today() <= on <= goal.cycle.ends_on:
        raise Refused("Choose a day from today to the last day of the cycle.")
    before = _content(goal)
    goal.retired_on, goal.retired_reason = on, reason
    goal.save(update_fields=["retired_on", "retired_reason"])
    more = {"retired_on": on.isoformat(), "retired_reason": reason}
    _keep(goal, What.RETIRED, before, by=by, more=more)
    return goal


@transaction.atomic
def keep_goal(goal: Goal, *, by: Person) -> Goal:
    """Take a retirement back. The history keeps both."""
    _writing(goal.organization, goal.cycle, by)
    goal.refresh_from_db()
    if goal.retired_on is None:
        return goal
    goal.retired_on, goal.retired_reason = None, ""
    goal.save(update_fields=["retired_on", "retired_reason"])
    _keep(goal, What.KEPT, _content(goal), by=by)
    return goal


@transaction.atomic
def publish(organization: Organization, cycle: AppraisalCycle, *, by: Person) -> GoalPublication:
    """Everything that is a draft is seen from now on, and those below are told, of changes too."""
    _writing(organization, cycle, by)
    now = clock.now()
    news = not_yet_told(organization, cycle)
    if not news:
        raise Refused("Nothing is new since the mission and goals were published last.")
    if news.unlinked:
        raise Refused(
            "Every goal serves one above or says why not. Still missing: "
            + ", ".join(f"“{goal.title}”" for goal in news.unlinked)
            + "."
        )
    drafts: Sequence[Goal | MissionStatement] = [
        *news.goals,
        *([news.mission] if news.mission else []),
    ]
    for draft in drafts:
        draft.published_at = now
        draft.save(update_fields=["published_at"])
        _keep(draft, What.PUBLISHED, _content(draft), by=by)
    publication = GoalPublication.objects.create(
        organization=organization,
        cycle=cycle,
        by=by,
        at=now,
        details={
            "goals": [goal.title for goal in news.goals],
            "mission": news.mission is not None,
            "changes": news.changes,
        },
    )
    tell_of_goals(publication)
    return publication


def tell_of_goals(publication: GoalPublication) -> None:
    """The people of the unit, and the heads of all units below, who adopt. Everybody else below sees it on
    their home page, and gets no mail for it."""
    organization, today = publication.organization, clock.today()
    units = Organization.objects.open_on(today).filter(path__startswith=organization.path)
    heads = Person.objects.filter(pk__in=units.values("head"))
    placed = Assignment.objects.on(today).filter(organization=organization)
    own = Person.objects.filter(pk__in=placed.values("employee"))
    tell_all(
        (heads | own).exclude(pk=publication.by_id),
        "goals_published",
        key=f"goals:{publication.pk}",
        link=_address(organization, publication.cycle),
        organization=organization.name,
    )


def _address(organization: Organization, cycle: AppraisalCycle) -> str:
    return f"{reverse('goals', args=[organization.code])}?cycle={cycle.pk}"


@transaction.atomic
def carry_over(
    organization: Organization, *, before: AppraisalCycle, into: AppraisalCycle, by: Person
) -> int:
    """Mission and goals of the cycle before as drafts of this one; what has their name already is left out.

    A link goes to the goal of the same name above, if it is published; else it is to be chosen.
    """
    _writing(organization, into, by)
    missing = not MissionStatement.objects.filter(organization=organization, cycle=into).exists()
    old = MissionStatement.objects.filter(
        organization=organization, cycle=before, published_at__isnull=False
    )
    for mission in old if missing else ():
        copy = MissionStatement.objects.create(
            organization=organization, cycle=into, text=mission.text
        )
        _keep(copy, What.CARRIED, {}, by=by)
    held = set(
        Goal.objects.filter(organization=organization, cycle=into).values_list("title", flat=True)
    )
    offered = {(goal.organization_id, goal.title): goal for goal in goals_above(organization, into)}
    earlier = Goal.objects.offered(before.ends_on).filter(organization=organization, cycle=before)
    copies = [
        _copied(goal, into, offered)
        for goal in earlier.select_related("serves", "organization")
        if goal.title not in held
    ]
    for goal in copies:
        goal.save()
        _keep(goal, What.CARRIED, {}, by=by)
    return len(copies)


def _copied(goal: Goal, into: AppraisalCycle, offered: dict[tuple[int, str], Goal]) -> Goal:
    above = goal.serves and offered.get((goal.serves.organization_id, goal.serves.title))
    return Goal(
        organization=goal.organization,
        cycle=into,
        serves=above,
        serves_none=goal.serves_none,
        way=goal.way if above else Way.ADDED,
        position=goal.position,
        title=goal.title,
        statement=goal.statement,
    )


def note_opened(organization: Organization, cycle: AppraisalCycle, *, by: Person) -> None:
    """Whoever opens the goals knows what was published, so their home page says it no more."""
    told = GoalPublication.objects.filter(organization=organization, cycle=cycle)
    unread = list(told.exclude(reads__person=by).exclude(by=by))
    if not unread:
        return
    PublicationRead.objects.bulk_create(
        [PublicationRead(publication=each, person=by, at=clock.now()) for each in unread],
        ignore_conflicts=True,
    )
    withdraw(by, link=_address(organization, cycle))
