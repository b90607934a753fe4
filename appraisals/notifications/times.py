"""When a notice may go out by mail: what the person chose, within what policy makes mandatory.

Once as a function for one person, once as SQL for a whole department; a test holds them together.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models.functions import Length
from django.utils import timezone

from appraisals.models import PolicyEdition, PostPreference, Rhythm
from appraisals.notifications.kinds import KINDS
from appraisals.rules import Policy
from appraisals.selectors import policy_for
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person
from orgchart.selectors import assignment_of

WEEK = 7


def rhythm_of(person: Person) -> Rhythm:
    chosen = PostPreference.objects.filter(person=person).values_list("rhythm", flat=True).first()
    return Rhythm(chosen) if chosen else Rhythm.DAILY


def next_digest(after: dt.datetime, *, weekly: bool = False) -> dt.datetime:
    """The first digest later than `after`, at the local hour, on the day clocks change too."""
    zone = timezone.get_current_timezone()
    day = after.astimezone(zone).date()
    if weekly:
        day += dt.timedelta(days=(settings.DIGEST_WEEKDAY - day.weekday()) % WEEK)
    moment = _digest_on(day, zone)
    # In UTC: two times of one zone compare by the clock on the wall, also in the hour that comes twice.
    if moment.astimezone(dt.UTC) <= after.astimezone(dt.UTC):
        moment = _digest_on(day + dt.timedelta(days=WEEK if weekly else 1), zone)
    return moment


def _digest_on(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(settings.DIGEST_HOUR), tzinfo=zone)


def time_for(kind: str, rhythm: Rhythm, *, mandatory: bool, now: dt.datetime) -> dt.datetime | None:
    if rhythm == Rhythm.CALENDAR:
        return next_digest(now) if mandatory else None
    if rhythm == Rhythm.AT_ONCE or KINDS[kind].is_awaited:
        return now
    return next_digest(now, weekly=rhythm == Rhythm.WEEKLY and not mandatory)


def post_at(
    recipient: Person, kind: str, *, policy: Policy | None = None, now: dt.datetime | None = None
) -> dt.datetime | None:
    """None: shown in the application only. `policy` of the record it is about, else of their unit."""
    rhythm = rhythm_of(recipient)
    mandatory = is_mandatory(kind, recipient, rhythm, policy)
    return time_for(kind, rhythm, mandatory=mandatory, now=now or clock.now())


def is_mandatory(kind: str, recipient: Person, rhythm: Rhythm, policy: Policy | None) -> bool:
    """Asked only of whoever would get it later than the day, or not at all."""
    if rhythm not in (Rhythm.WEEKLY, Rhythm.CALENDAR):
        return False
    return kind in (policy or policy_over(recipient)).mandatory_notices


def policy_over(person: Person) -> Policy:
    """Of the unit they are in today; the rule book itself for whoever is in none."""
    assignment = assignment_of(person, on=clock.today())
    if assignment is None:
        return Policy()
    try:
        return policy_for(assignment.organization, on=clock.today()).rules()
    except Refused:
        return Policy()


@dataclass(frozen=True)
class PostAtSql:
    """`value` is when a notice may go out, for a statement that has `join` among its joins.

    Pass `params` where `value` stands; `join` has none.
    """

    join: str
    value: str
    params: tuple[Any, ...]


def post_at_sql(kind: str, *, person: str, path: str, now: dt.datetime | None = None) -> PostAtSql:
    """For INSERT … SELECT: `person` and `path` are the columns of the recipient and of a unit's path.

    The names are written by the caller, never by a user.
    """
    now = now or clock.now()
    at_once, daily, weekly = now, next_digest(now), next_digest(now, weekly=True)
    awaited = KINDS[kind].is_awaited
    mandatory, paths = _mandatory_sql(kind, path)
    value = f"""CASE
        WHEN told.rhythm = 'calendar' THEN CASE WHEN {mandatory} THEN %s::timestamptz END
        WHEN told.rhythm = 'at_once' THEN %s::timestamptz
        WHEN told.rhythm = 'weekly' AND NOT ({mandatory}) THEN %s::timestamptz
        ELSE %s::timestamptz END"""
    params = (*paths, daily, at_once, *paths, at_once if awaited else weekly)
    return PostAtSql(
        f"LEFT JOIN appraisals_postpreference told ON told.person_id = {person}",
        value,
        (*params, at_once if awaited else daily),
    )


def _mandatory_sql(kind: str, path: str) -> tuple[str, Sequence[str]]:
    """Whether policy makes the kind mandatory in a unit: its nearest edition in force says."""
    says: dict[str, bool] = {}
    editions = (
        PolicyEdition.objects.filter(effective_on__lte=clock.today())
        .select_related("organization")
        .order_by(Length("organization__path").desc(), "organization", "-effective_on")
    )
    for edition in editions:
        says.setdefault(edition.organization.path, kind in edition.rules().mandatory_notices)
    usual = str(kind in Policy().mandatory_notices).upper()
    if all(str(said).upper() == usual for said in says.values()):
        return usual, ()
    whens = " ".join(f"WHEN {path} LIKE %s THEN {str(said).upper()}" for said in says.values())
    return f"CASE {whens} ELSE {usual} END", [f"{place}%" for place in says]
