"""What is wrong in the hierarchy: each finding is one query, for a unit and all below it, at any size.

A list reads its page and the number of all in the same query. Rows come unit by unit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db import connection, transaction
from django.urls import reverse

from orgchart.models import Organization

MOST_REPORTS = 25
"""More people than this answer to one supervisor: too many to rate each of them with care."""


class Of(StrEnum):
    PEOPLE = "people"
    SUPERVISORS = "supervisors"
    UNITS = "units"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`found` is SQL for rows (id, place_id, number); it may use the tables `place` and `working`."""

    key: str
    title: str
    about: str
    of: Of
    found: str


@dataclass(frozen=True, slots=True)
class Row:
    """`code` is the DoD ID of a person or the code of a unit; `other` the supervisor or head."""

    number: int | None
    code: str
    name: str
    place_code: str
    place: str
    other: str
    other_code: str
    other_place: str

    def address(self, finding: Finding) -> str:
        name = "organization_detail" if finding.of == Of.UNITS else "person_detail"
        return reverse(name, args=[self.code])


@dataclass(frozen=True, slots=True)
class Listed:
    total: int
    rows: list[Row]


# `working` is whoever has an assignment on the day; a person who was made inactive has left.
_FRAME = """
WITH RECURSIVE place AS (
    SELECT id, path, parent_id, head_id, closed_on FROM orgchart_organization
    WHERE path LIKE %(under)s
), working AS NOT MATERIALIZED (
    SELECT a.employee_id, a.supervisor_id, a.organization_id, a.covered
    FROM orgchart_assignment a
    WHERE a.starts_on <= %(on)s AND (a.ends_on IS NULL OR a.ends_on >= %(on)s)
)"""

_LISTED = """, found (id, place_id, number) AS MATERIALIZED ({found})
SELECT total.n, shown.* FROM (SELECT COUNT(*) AS n FROM found) total LEFT JOIN LATERAL (
    SELECT ROW_NUMBER() OVER (ORDER BY {order}) AS at, listed.number, {shown} FROM (
        SELECT * FROM found listed ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
    ) listed {joins}
) shown ON TRUE"""
_ORDER = "listed.number DESC NULLS LAST, listed.place_id NULLS FIRST, listed.id"

_PERSON = (
    """p.dod_id, p.first_name || ' ' || p.last_name, coalesce(o.code, ''),
        coalesce(o.name, ''), coalesce(s.first_name || ' ' || s.last_name, ''),
        coalesce(s.dod_id, ''), ''""",
    """JOIN orgchart_person p ON p.id = listed.id
    LEFT JOIN orgchart_organization o ON o.id = listed.place_id
    LEFT JOIN working w ON w.employee_id = listed.id
    LEFT JOIN orgchart_person s ON s.id = w.supervisor_id""",
)
_UNIT = (
    """o.code, o.name, coalesce(above.code, ''), coalesce(above.name, ''),
        coalesce(p.first_name || ' ' || p.last_name, ''), coalesce(p.dod_id, ''),
        coalesce(elsewhere.name, '')""",
    """JOIN orgchart_organization o ON o.id = listed.id
    LEFT JOIN orgchart_organization above ON above.id = o.parent_id
    LEFT JOIN orgchart_person p ON p.id = o.head_id
    LEFT JOIN working w ON w.employee_id = p.id AND p.is_active
    LEFT JOIN orgchart_organization elsewhere ON elsewhere.id = w.organization_id""",
)

NOBODY_ABOVE = Finding(
    key="nobody-above",
    title="Nobody above",
    about="They answer to nobody, so nobody can rate them. Only the head of the whole may.",
    of=Of.PEOPLE,
    found="""
    SELECT w.employee_id, w.organization_id, NULL::bigint
    FROM working w JOIN place ON place.id = w.organization_id
    WHERE w.supervisor_id IS NULL AND NOT (
        place.parent_id IS NULL AND (
            COALESCE(place.head_id = w.employee_id, FALSE) OR (
                place.head_id IS NULL AND 1 = (
                    SELECT COUNT(*) FROM working other
                    WHERE other.supervisor_id IS NULL AND other.organization_id = place.id
                )
            )
        )
    )""",
)
# Whoever is above the unit's people; of these, walking down from whoever answers to nobody reaches all but loops and
# what hangs below them.
LOOPS = Finding(
    key="loops",
    title="In a loop",
    about="Each of them is above themselves. Give one of them another supervisor.",
    of=Of.PEOPLE,
    found="""
    WITH RECURSIVE up (id) AS (
        SELECT w.supervisor_id FROM working w JOIN place ON place.id = w.organization_id
        WHERE w.supervisor_id IS NOT NULL
        UNION
        SELECT w.supervisor_id FROM up JOIN working w ON w.employee_id = up.id
        WHERE w.supervisor_id IS NOT NULL
    ), edge AS MATERIALIZED (
        SELECT w.employee_id, w.supervisor_id, w.organization_id
        FROM up JOIN working w ON w.employee_id = up.id WHERE w.supervisor_id IS NOT NULL
    ), free (id) AS (
        SELECT edge.supervisor_id FROM edge
        WHERE NOT EXISTS (SELECT FROM edge above WHERE above.employee_id = edge.supervisor_id)
        UNION
        SELECT edge.employee_id FROM free JOIN edge ON edge.supervisor_id = free.id
    ), stuck AS MATERIALIZED (
        SELECT * FROM edge WHERE NOT EXISTS (SELECT FROM free WHERE free.id = edge.employee_id)
    ), above (start_id, id) AS (
        SELECT employee_id, supervisor_id FROM stuck
        UNION
        SELECT above.start_id, stuck.supervisor_id
        FROM above JOIN stuck ON stuck.employee_id = above.id
    )
    SELECT stuck.employee_id, stuck.organization_id, NULL::bigint
    FROM stuck JOIN place ON place.id = stuck.organization_id
    WHERE EXISTS (SELECT FROM above WHERE start_id = id AND id = stuck.employee_id)""",
)
LEFT = Finding(
    key="supervisors-left",
    title="Supervisors who left",
    about="People still answer to them, and nobody can write or sign for these people.",
    of=Of.SUPERVISORS,
    found="""
    SELECT w.supervisor_id, MIN(w.organization_id), COUNT(*)
    FROM working w JOIN place ON place.id = w.organization_id
    WHERE w.supervisor_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM working s JOIN orgchart_person p ON p.id = s.employee_id AND p.is_active
        WHERE s.employee_id = w.supervisor_id
    )
    GROUP BY w.supervisor_id""",
)
TOO_MANY = Finding(
    key="too-many-reports",
    title="Too many people under one supervisor",
    about="More than can be rated with care. Divide them among several supervisors.",
    of=Of.SUPERVISORS,
    found="""
    SELECT s.employee_id, s.organization_id, COUNT(*)
    FROM working s JOIN place ON place.id = s.organization_id
    JOIN working w ON w.supervisor_id = s.employee_id
    GROUP BY s.employee_id, s.organization_id HAVING COUNT(*) > %(most)s""",
)
NO_HEAD = Finding(
    key="no-head",
    title="Units without a head",
    about="Nobody writes their goals, and nobody but those above sees how they stand.",
    of=Of.UNITS,
    found="""
    SELECT id, parent_id, NULL::bigint FROM place
    WHERE head_id IS NULL AND (closed_on IS NULL OR closed_on > %(on)s)""",
)
HEAD_ELSEWHERE = Finding(
    key="head-elsewhere",
    title="Heads who left or work elsewhere",
    about="They still see the numbers of the unit, though they no longer work in it or below it.",
    of=Of.UNITS,
    found="""
    SELECT place.id, place.parent_id, NULL::bigint FROM place
    LEFT JOIN working w ON w.employee_id = place.head_id
    LEFT JOIN orgchart_organization o ON o.id = w.organization_id
    LEFT JOIN orgchart_person p ON p.id = place.head_id
    WHERE place.head_id IS NOT NULL AND (place.closed_on IS NULL OR place.closed_on > %(on)s)
        AND (o.id IS NULL OR NOT p.is_active OR NOT starts_with(o.path, place.path))""",
)
FINDINGS = (NOBODY_ABOVE, LOOPS, LEFT, TOO_MANY, NO_HEAD, HEAD_ELSEWHERE)


def look(
    finding: Finding,
    organization: Organization | None,
    *,
    on: date,
    most: int = MOST_REPORTS,
    page: int = 1,
    size: int = 25,
) -> Listed:
    """Without an organization, everywhere."""
    return look_at_all([finding], organization, on=on, most=most, page=page, size=size)[finding]


def look_at_all(
    findings: Sequence[Finding],
    organization: Organization | None,
    *,
    on: date,
    most: int = MOST_REPORTS,
    page: int = 1,
    size: int = 25,
) -> dict[Finding, Listed]:
    """The same page of each, in one statement."""
    values = _values(organization, on, most) | {"limit": size, "offset": (page - 1) * size}
    parts = [
        f"SELECT {number} AS finding, part.* FROM ({_sql(finding)}) part"  # noqa: S608
        for number, finding in enumerate(findings)
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts) + " ORDER BY finding, at", values)
        found = cursor.fetchall()
    listed = {finding: Listed(0, []) for finding in findings}
    for number, total, at, *row in found:
        kept = listed[findings[number]]
        listed[findings[number]] = Listed(total, kept.rows + ([Row(*row)] if at else []))
    return listed


def everything(
    finding: Finding, organization: Organization, *, on: date, most: int = MOST_REPORTS
) -> Iterator[Row]:
    """All rows, read as they are asked for."""
    values = _values(organization, on, most) | {"limit": None, "offset": 0}
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_sql(finding), values)
        for _, at, *row in cursor:
            if at:
                yield Row(*row)


def _sql(finding: Finding) -> str:
    shown, joins = _UNIT if finding.of == Of.UNITS else _PERSON
    return _FRAME + _LISTED.format(found=finding.found, shown=shown, joins=joins, order=_ORDER)


def _values(organization: Organization | None, on: date, most: int) -> dict[str, Any]:
    return {"under": f"{organization.path if organization else '/'}%", "on": on, "most": most}
