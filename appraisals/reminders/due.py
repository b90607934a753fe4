"""Who is to be reminded today: counted, listed, or told, each by one statement whatever the number."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction

from appraisals import rules
from appraisals.models import AppraisalCycle
from appraisals.notifications import post_at_sql
from appraisals.reminders import statement
from appraisals.reminders.points import Point, elsewhere, points_of
from appraisals.reminders.schedules import Schedules
from appraisals.reminders.words import Letter, below_link, letter_of, record_link, unit_link
from appraisals.rules.reminders import Mark, Occasion, Who
from orgchart import clock


class Planned(NamedTuple):
    """A mark of a schedule, by its place in `Schedules.places`."""

    schedule: int
    occasion: Occasion
    mark: Mark
    letter: Letter


# Due days of these are not only in shapes.
_ALSO_ELSEWHERE = (
    Occasion.APPROVAL_WAITING,
    Occasion.ACKNOWLEDGMENT_WAITING,
    Occasion.NINETY_DAYS,
)


@dataclass(frozen=True)
class Due:
    """What is to be told on `clock.today()` of marks after `after`; `among` are all cycles there are.

    `scope`: only what concerns units below these paths.
    """

    cycles: Sequence[AppraisalCycle]
    among: Sequence[AppraisalCycle]
    schedules: Schedules
    after: dt.date
    scope: Sequence[str] = ()

    @cached_property
    def _marks(self) -> list[tuple[int, Occasion, Mark]]:
        return [
            (number, occasion, mark)
            for number, path in enumerate(self.schedules.places, start=1)
            for occasion in Occasion
            for mark in self.schedules.marks(path, occasion, after=self.after, until=clock.today())
        ]

    @cached_property
    def points(self) -> list[Point]:
        wanted = {(occasion, mark.due_on) for _, occasion, mark in self._marks}
        found = points_of(self.cycles, self.schedules)
        return [point for point in found if (point.occasion, point.due_on) in wanted]

    @cached_property
    def planned(self) -> list[Planned]:
        """The marks that something may be due at."""
        waiting = {(point.occasion, point.due_on) for point in self.points}
        today = clock.today()
        return [
            Planned(number, occasion, mark, letter_of(occasion, mark.rule, mark.due_on, today))
            for number, occasion, mark in self._marks
            if occasion in _ALSO_ELSEWHERE or (occasion, mark.due_on) in waiting
        ]

    def notices(self) -> "Notices":
        text = statement.gather(statement.INSIDE if self.scope else "TRUE")
        return Notices(text, self.params(), [each.letter for each in self.planned])

    def params(self) -> dict[str, Any]:
        said = {key: at for at, key in enumerate(dict.fromkeys(self._keys()), start=1)}
        marks = self.planned
        reached = [each.mark.due_on for each in marks if each.occasion == Occasion.NINETY_DAYS]
        return {
            **shared_params(self.cycles, self.schedules, self.points),
            **self._shapes(),
            **ground_params(self.cycles, self.among, self.schedules.places),
            **approved_between(self.schedules, reached),
            "with_answers": any(each.occasion in _ALSO_ELSEWHERE[:2] for each in marks),
            "inside": [f"{path}%" for path in self.scope],
            "mark_schedules": [each.schedule for each in marks],
            "mark_occasions": [each.occasion.value for each in marks],
            "mark_due_from": [each.mark.due_on for each in marks],
            "mark_due_until": [each.mark.due_on for each in marks],
            "mark_days": [each.mark.day for each in marks],
            "mark_who": [each.mark.rule.who.value for each in marks],
            "mark_said": [said[key] for key in self._keys()],
        }

    def _shapes(self) -> dict[str, list[str]]:
        """Which ways of standing heads of units hear of, and which everybody else does."""
        told: dict[str, set[tuple[Occasion, dt.date]]] = {
            "head_shapes": set(),
            "open_shapes": set(),
        }
        for each in self.planned:
            name = "head_shapes" if each.mark.rule.who == Who.UNIT_HEAD else "open_shapes"
            told[name].add((each.occasion, each.mark.due_on))
        return {
            name: sorted(
                {each.shape for each in self.points if (each.occasion, each.due_on) in due}
            )
            for name, due in told.items()
        }

    def _keys(self) -> list[str]:
        return [each.letter.key for each in self.planned]


LONG_GONE = dt.timedelta(days=365)
"""Before a cycle: whoever left so long ago has no record in it."""


def shared_params(
    cycles: Sequence[AppraisalCycle], schedules: Schedules, points: Sequence[Point]
) -> dict[str, Any]:
    policies = [(edition.pk, schedules.policy_of(edition.pk)) for edition in schedules.editions]
    return {
        "day": clock.today(),
        "zone": settings.TIME_ZONE,
        "cycles": [cycle.pk for cycle in cycles],
        "left_since": min((each.starts_on for each in cycles), default=clock.today()) - LONG_GONE,
        "point_cycles": [point.cycle_id for point in points],
        "point_shapes": [point.shape for point in points],
        "point_occasions": [point.occasion.value for point in points],
        "point_roles": [point.role for point in points],
        "point_days": [point.due_on for point in points],
        "editions": [pk for pk, _ in policies],
        "answer_days": [policy.answer_days for _, policy in policies],
        "minimum_days": [_minimum_days(policy) for _, policy in policies],
        "absence_counts": [policy.absence_counts for _, policy in policies],
    }


def ground_params(
    cycles: Iterable[AppraisalCycle], among: Sequence[AppraisalCycle], places: Sequence[str]
) -> dict[str, Any]:
    """A unit follows the nearest of the places; a cycle of its own takes it out of the one above."""
    grounds = [
        (cycle, number, path, [*elsewhere(cycle, among), *_places_below(path, places)])
        for cycle in cycles
        for number, path in enumerate(places, start=1)
    ]
    return {
        "ground_cycles": [cycle.pk for cycle, _, _, _ in grounds],
        "ground_schedules": [number for _, number, _, _ in grounds],
        "ground_paths": [path for _, _, path, _ in grounds],
        "ground_without": [" ".join(without) for _, _, _, without in grounds],
        "ground_usual": [
            cycle.organization.path.startswith(path)
            and not any(cycle.organization.path.startswith(each) for each in without)
            for cycle, _, path, without in grounds
        ],
    }


def _places_below(path: str, places: Sequence[str]) -> list[str]:
    return [each for each in places if each != path and each.startswith(path)]


def _minimum_days(policy: rules.Policy) -> int:
    """From the day a plan is approved until it can be rated (R1.5)."""
    return (rules.rateable_from(dt.date(2000, 1, 1), policy) - dt.date(2000, 1, 1)).days


def approved_between(schedules: Schedules, reached: Sequence[dt.date]) -> dict[str, dt.date]:
    """Between which days plans were approved that have run long enough on one of `reached`."""
    if not reached or not schedules.editions:
        return {"approved_from": dt.date.max, "approved_until": dt.date.min}
    days = [_minimum_days(schedules.policy_of(edition.pk)) for edition in schedules.editions]
    return {
        "approved_from": min(reached) - dt.timedelta(days=max(days)),
        "approved_until": max(reached) - dt.timedelta(days=min(days)),
    }


# As a sentence begins.
_BEGINS = """overlay(replace(title, '{{what}}', {what})
        PLACING upper(left(replace(title, '{{what}}', {what}), 1)) FROM 1 FOR 1)"""
# The same words for the same number of things; only of a single one the name is filled in for each. An e-mail may be
# read anywhere: there the one employee has no name.
_LETTERS = """
WITH letter AS (
    SELECT * FROM unnest(
        %(kinds)s::text[], %(keys)s::text[], %(titles)s::text[], %(texts)s::text[],
        %(ones)s::text[], %(manys)s::text[], %(links)s::text[]
    ) WITH ORDINALITY AS letter (kind, key, title, text, one, many, link, no)
), gap AS (
    SELECT sent.*, letter.kind, letter.link,
        replace(letter.key, '{cycle}', sent.cycle_id::text) AS key,
        replace(replace(replace(letter.title, '{due}', due), '{are}', are), '{cycle}', cycle.name)
            AS title,
        replace(replace(replace(letter.text, '{due}', due), '{are}', are), '{cycle}', cycle.name)
            AS text,
        CASE WHEN things = 1 THEN letter.one
            ELSE replace(letter.many, '{n}', to_char(things, 'FM999,999,999')) END AS what
    FROM (
        SELECT DISTINCT mark, cycle_id, due_on, things,
            to_char(due_on, 'FMDD FMMonth YYYY') AS due,
            CASE WHEN things = 1 THEN 'is' ELSE 'are' END AS are
        FROM reminder_sent
    ) AS sent
    JOIN letter ON letter.no = sent.mark
    JOIN appraisals_appraisalcycle cycle ON cycle.id = sent.cycle_id
), said AS MATERIALIZED (
    SELECT mark, cycle_id, due_on, things, kind, link, key, {title} AS title,
        replace(text, '{what}', what) AS text,
        CASE WHEN is_named THEN left({mail_title}, 400) ELSE '' END AS mail_title,
        CASE WHEN is_named THEN replace(text, '{what}', what_mailed) ELSE '' END AS mail_text,
        is_named
    FROM gap CROSS JOIN LATERAL (
        SELECT what LIKE '%%{name}%%' AS is_named,
            replace(what, '{name}', 'one employee') AS what_mailed
    ) AS mailed
), notice AS (
    SELECT sent.recipient_id, sent.things, sent.mark, said.kind, said.key,
        left(CASE WHEN is_named THEN replace(title, '{name}', name) ELSE title END, 400) AS title,
        CASE WHEN is_named THEN replace(text, '{name}', name) ELSE text END AS text,
        left(CASE
            WHEN place_code IS NOT NULL
            THEN replace(replace(%(unit_link)s, '{place}', safe), '{cycle}', cycle_id::text)
            WHEN passed_on THEN %(below_link)s
            WHEN things = 1 AND appraisal_id IS NOT NULL
            THEN replace(%(record_link)s, '{record}', appraisal_id::text)
            ELSE link END, 400) AS link,
        said.mail_title, said.mail_text
    FROM reminder_sent AS sent
    JOIN said USING (mark, cycle_id, due_on, things)
    LEFT JOIN (SELECT id AS place_id, code AS place_code FROM orgchart_organization) AS place
        USING (place_id)
    LEFT JOIN orgchart_person about ON about.id = CASE WHEN said.is_named THEN sent.employee_id END
    CROSS JOIN LATERAL (
        SELECT concat_ws(' ', about.first_name, about.last_name) AS name,
            replace(replace(replace(replace(replace(replace(
                place_code, '~', '~7e'), '/', '~2f'), '%%', '%%25'), '?', '%%3F'), '#', '%%23'), ' ', '%%20')
                AS safe
    ) AS own
)""".replace("{title}", _BEGINS.format(what="what")).replace(
    "{mail_title}", _BEGINS.format(what="what_mailed")
)


class Sent(NamedTuple):
    """One line of a preview."""

    recipient_id: int
    dod_id: str
    name: str
    things: int
    mark: int
    kind: str
    title: str
    text: str
    link: str
    total: int


class Counted(NamedTuple):
    mark: int
    people: int
    things: int


class Notices:
    """What a statement gathers comes to with these letters; ask inside `gathered`."""

    def __init__(self, gather: str, params: dict[str, Any], letters: Sequence[Letter]) -> None:
        self.gather = gather
        self.letters = letters
        self._counts: list[Counted] = []
        self.params = params | {
            "kinds": [each.kind for each in letters],
            "keys": [each.key for each in letters],
            "titles": [each.title for each in letters],
            "texts": [each.text for each in letters],
            "ones": [each.one for each in letters],
            "manys": [each.many for each in letters],
            "links": [each.link for each in letters],
            "unit_link": unit_link(),
            "below_link": below_link(),
            "record_link": record_link(),
        }

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """What waits and is to be told, in tables of this transaction; and how many that is."""
        with transaction.atomic(savepoint=False), connection.cursor() as cursor:
            cursor.execute(self.gather, self.params)
            while cursor.nextset():
                pass
            self._counts = [Counted(*row) for row in cursor.fetchall()]
            yield

    def tell(self) -> int:
        """How many notices were written; who was told before is left as it is."""
        kinds = sorted({each.kind for each in self.letters})
        if not kinds:
            return 0
        post, params = _post_at(kinds)
        with self.gathered(), connection.cursor() as cursor:
            cursor.execute(f"{_LETTERS}{_INSERT.format(**post)}", self.params | params)
            return int(cursor.rowcount)

    def counted(self) -> list[Counted]:
        """People and things for each mark, under whatever schedule."""
        return self._counts

    def listed(self, *, page: int, size: int) -> list[Sent]:
        """By name; each row says how many there are in all."""
        more = {"limit": size, "offset": (page - 1) * size}
        return [Sent(*row) for row in self._rows(f"{_LETTERS}{_LISTED}", more)]

    def _rows(self, text: str, more: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
        if not self.letters:
            return
        with connection.cursor() as cursor:
            cursor.execute(text, self.params | more)
            yield from cursor.fetchall()


_LISTED = """
SELECT notice.recipient_id, person.dod_id, concat_ws(' ', person.first_name, person.last_name),
    things, mark, kind, title, text, link, count(*) OVER ()
FROM notice JOIN orgchart_person person ON person.id = notice.recipient_id
ORDER BY person.last_name, person.first_name, person.id, mark LIMIT %(limit)s OFFSET %(offset)s
"""

_INSERT = """
INSERT INTO appraisals_notice
    (recipient_id, kind, key, title, text, mail_title, mail_text, link, created_at, post_at)
SELECT notice.recipient_id, kind, key, title, text, mail_title, mail_text, link, %(now)s, {value}
FROM notice
{home}
{join}
ORDER BY notice.recipient_id, key
ON CONFLICT (recipient_id, key) DO NOTHING
"""

_HOME = """
LEFT JOIN orgchart_assignment home ON home.employee_id = notice.recipient_id
    AND home.starts_on <= %(day)s AND (home.ends_on IS NULL OR home.ends_on >= %(day)s)
LEFT JOIN orgchart_organization home_unit ON home_unit.id = home.organization_id
"""


def _post_at(kinds: Sequence[str]) -> tuple[dict[str, str], dict[str, Any]]:
    """When each may go out by mail: the recipient's preference, and what policy says of their unit."""
    now = clock.now()
    params: dict[str, Any] = {"now": now}
    cases = []
    join = ""
    for kind in kinds:
        part = post_at_sql(kind, person="notice.recipient_id", path="home_unit.path", now=now)
        value = part.value
        for given in part.params:
            name = f"post_{len(params)}"
            value = value.replace("%s", f"%({name})s", 1)
            params[name] = given
        params[f"kind_{kind}"] = kind
        cases.append(f"WHEN kind = %(kind_{kind})s THEN {value}")
        join = part.join
    value = f"CASE {' '.join(cases)} END"
    # Where all policies say the same the unit is not asked for.
    home = _HOME if "home_unit." in value else ""
    return {"value": value, "join": join, "home": home}, params
