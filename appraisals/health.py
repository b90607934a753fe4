"""The health of the hierarchy where appraisals are concerned: nobody to review, nobody has a plan.

Some findings walk over everybody in a unit, so what was found for a large one is shown for some minutes.
"""

import datetime as dt
from dataclasses import asdict, dataclass

from orgchart import clock
from orgchart.headcounts import headcounts
from orgchart.health import (
    HEAD_ELSEWHERE,
    LEFT,
    LOOPS,
    NO_HEAD,
    NOBODY_ABOVE,
    TOO_MANY,
    Finding,
    Listed,
    Of,
    Row,
    look_at_all,
)
from orgchart.models import HierarchyLook, Organization, OrgEvent, Person

LARGE = 2_000
"""More people than this are not walked over for every reader."""
FRESH = dt.timedelta(minutes=15)

NOBODY_REVIEWS = Finding(
    key="nobody-reviews",
    title="Nobody to review",
    about="Their supervisor answers to nobody, and no higher level reviewer is named in an open record.",
    of=Of.PEOPLE,
    found="""
    SELECT w.employee_id, w.organization_id, NULL::bigint
    FROM working w JOIN place ON place.id = w.organization_id
    WHERE w.covered AND w.supervisor_id IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM working s WHERE s.employee_id = w.supervisor_id AND s.supervisor_id IS NOT NULL
        )
        AND NOT EXISTS (
            SELECT FROM appraisals_appraisal r JOIN appraisals_appraisalcycle c ON c.id = r.cycle_id
            WHERE r.employee_id = w.employee_id AND r.higher_level_reviewer_id IS NOT NULL
                AND c.starts_on <= %(on)s AND c.ends_on >= %(on)s
        )""",
)
WITHOUT_PLAN = Finding(
    key="without-plan",
    title="Covered people without a plan",
    about="They have no record in the cycle that runs today. Their supervisor or HR can start it.",
    of=Of.PEOPLE,
    found="""
    SELECT w.employee_id, w.organization_id, NULL::bigint
    FROM working w JOIN place ON place.id = w.organization_id
    WHERE w.covered
        AND EXISTS (
            SELECT FROM appraisals_appraisalcycle c JOIN orgchart_organization o ON o.id = c.organization_id
            WHERE c.starts_on <= %(on)s AND c.ends_on >= %(on)s AND starts_with(place.path, o.path)
        )
        AND NOT EXISTS (
            SELECT FROM appraisals_appraisal r JOIN appraisals_appraisalcycle c ON c.id = r.cycle_id
            WHERE r.employee_id = w.employee_id AND c.starts_on <= %(on)s AND c.ends_on >= %(on)s
        )""",
)
ALL = (
    NOBODY_ABOVE,
    NOBODY_REVIEWS,
    LOOPS,
    LEFT,
    TOO_MANY,
    NO_HEAD,
    HEAD_ELSEWHERE,
    WITHOUT_PLAN,
)
BY_KEY = {finding.key: finding for finding in ALL}


@dataclass(frozen=True, slots=True)
class Looked:
    """`at` None: just now, and nothing is kept."""

    at: dt.datetime | None
    found: dict[Finding, Listed]


def _changed(reader: Person, kept: HierarchyLook) -> bool:
    return OrgEvent.objects.filter(by=reader, at__gte=kept.looked_at).exists()


def looked(unit: Organization, reader: Person, *, most: int, first: int, again: bool) -> Looked:
    """The first rows of every finding; of a large unit as they were at most `FRESH` ago.

    Unless `again`, or `reader` has changed something in the hierarchy since.
    """
    now, today = clock.now(), clock.today()
    if headcounts([unit.pk], on=today)[unit.pk][1] <= LARGE:
        return Looked(None, look_at_all(ALL, unit, on=today, most=most, size=first))
    kept = HierarchyLook.objects.filter(organization=unit, most=most).first()
    if kept is None or again or not now - FRESH < kept.looked_at <= now or _changed(reader, kept):
        found = look_at_all(ALL, unit, on=today, most=most, size=first)
        kept, _ = HierarchyLook.objects.update_or_create(
            organization=unit,
            most=most,
            defaults={
                "looked_at": now,
                "found": {
                    finding.key: [listed.total, [asdict(row) for row in listed.rows]]
                    for finding, listed in found.items()
                },
            },
        )
    return Looked(
        kept.looked_at,
        {
            BY_KEY[key]: Listed(total, [Row(**row) for row in rows])
            for key, (total, rows) in kept.found.items()
            if key in BY_KEY
        },
    )
