"""HR and reminders: writing a schedule, seeing ahead who would be told, asking people now."""

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from appraisals.models import Prompt, ReminderRule, ReminderSchedule
from appraisals.permissions import may_administer
from appraisals.reminders import statement
from appraisals.reminders.due import (
    Due,
    Notices,
    approved_between,
    ground_params,
    shared_params,
)
from appraisals.reminders.points import begun, cycles_near, points_of
from appraisals.reminders.schedules import BOOK, load_policies, load_schedules
from appraisals.reminders.words import prompt_letter
from appraisals.rules.reminders import (
    OCCASIONS,
    Occasion,
    Rule,
    Who,
    can_be_prompted,
    schedule_problems,
)
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Organization, Person

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('appraisals_prompts'), %s)"


@transaction.atomic
def write_schedule(
    organization: Organization,
    occasion: Occasion,
    *,
    effective_on: dt.date,
    rules: Sequence[Rule],
    as_above: bool = False,
    by: Person,
) -> ReminderSchedule:
    """From a day on, and never for a day that is over. Nothing that was written is changed by it."""
    if not may_administer(by, organization):
        raise PermissionDenied
    if effective_on < clock.today():
        raise Refused("What was sent was sent by the schedule of its day. Choose today or later.")
    if as_above and rules:
        raise Refused("A schedule either follows the one above or has rules of its own.")
    if problems := schedule_problems(occasion, rules):
        raise Refused(" ".join(problem.message for problem in problems))
    schedule = ReminderSchedule.objects.create(
        organization=organization,
        occasion=occasion.value,
        effective_on=effective_on,
        as_above=as_above,
        written_by=by,
        written_at=clock.now(),
    )
    ReminderRule.objects.bulk_create(
        ReminderRule(
            schedule=schedule,
            offset=rule.offset,
            who=rule.who.value,
            title=rule.title,
            text=rule.text,
        )
        for rule in rules
    )
    return schedule


def ahead(organization: Organization, day: dt.date) -> tuple[Due, Notices]:
    """Who of a unit and below would be told on that day, as things stand now. The clock is on that day."""
    among = cycles_near(day)
    due = Due(
        [cycle for cycle in begun(among, day) if _meets(cycle.organization, organization)],
        among,
        load_schedules(),
        after=day - dt.timedelta(days=1),
        scope=(organization.path,),
    )
    return due, due.notices()


def _meets(one: Organization, other: Organization) -> bool:
    return one.path.startswith(other.path) or other.path.startswith(one.path)


def prompted(organization: Organization, occasion: Occasion, *, late_only: bool) -> Notices:
    """Everybody in a unit and below who has to act on one occasion, with the notice HR would send."""
    today = clock.today()
    among = cycles_near(today)
    cycles = [cycle for cycle in begun(among, today) if _meets(cycle.organization, organization)]
    schedules = load_policies()
    points = [point for point in points_of(cycles, schedules) if point.occasion == occasion]
    waiting = (Occasion.APPROVAL_WAITING, Occasion.ACKNOWLEDGMENT_WAITING)
    params = {
        **shared_params(cycles, schedules, points),
        **ground_params(cycles, among, [BOOK]),
        **approved_between(schedules, ()),
        "open_shapes": [point.shape for point in points],
        "head_shapes": [],
        "with_answers": occasion in waiting,
        "inside": [f"{organization.path}%"],
        "mark_schedules": [1],
        "mark_occasions": [occasion.value],
        "mark_due_from": [dt.date.min],
        "mark_due_until": [today - dt.timedelta(days=1) if late_only else dt.date.max],
        "mark_days": [today],
        "mark_who": [Who.HOLDER.value],
        "mark_said": [1],
    }
    letter = prompt_letter(occasion, day=today, late_only=late_only)
    return Notices(statement.gather(statement.INSIDE), params, [letter])


@transaction.atomic
def send_prompt(
    organization: Organization, occasion: Occasion, *, late_only: bool, by: Person
) -> Prompt:
    """Whoever HR reminded today already, of whatever, is not reminded again."""
    if not may_administer(by, organization):
        raise PermissionDenied
    if not can_be_prompted(occasion):
        raise Refused(f"{OCCASIONS[occasion].label}: nobody has to act on this.")
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [clock.today().toordinal()])
    told = prompted(organization, occasion, late_only=late_only).tell()
    if not told:
        raise Refused(
            "Nobody was reminded: nothing waits, or everybody it waits for was reminded today."
        )
    return Prompt.objects.create(
        organization=organization,
        occasion=occasion.value,
        late_only=late_only,
        told=told,
        sent_by=by,
        sent_on=clock.today(),
        sent_at=clock.now(),
    )
