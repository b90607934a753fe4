"""Many people at once into another unit or under another supervisor, in a handful of statements."""

import json
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from orgchart import clock
from orgchart.models import Assignment, Organization, Person, Position

_KEPT = ", ".join(Position.__slots__)
# What ended the day before goes on from the day, in the other place, as long as it would have lasted.
_GO_ON = f"""
    INSERT INTO orgchart_assignment
        (employee_id, supervisor_id, organization_id, starts_on, ends_on, {_KEPT})
    SELECT a.employee_id, coalesce(%(supervisor)s, a.supervisor_id),
        coalesce(%(organization)s, a.organization_id), %(on)s, was.ends_on, {_KEPT}
    FROM unnest(%(ids)s::bigint[], %(ends)s::date[]) AS was (id, ends_on)
    JOIN orgchart_assignment a ON a.id = was.id"""  # noqa: S608  names of columns
_EVENTS = """
    INSERT INTO orgchart_orgevent (at, by_id, what, person_id, organization_id, detail)
    SELECT %(at)s, %(by)s, 'assigned', a.employee_id, a.organization_id,
        %(detail)s::jsonb || jsonb_build_object(
            'supervisor', a.supervisor_id, 'unit', a.organization_id,
            'position', a.position_title, 'starts_on', a.starts_on, 'was',
            jsonb_build_object('supervisor', was.supervisor_id, 'unit', was.organization_id,
                'position', a.position_title))
    FROM unnest(%(employees)s::bigint[], %(starts)s::date[], %(supervisors)s::bigint[],
        %(organizations)s::bigint[]) AS was (employee_id, starts_on, supervisor_id, organization_id)
    JOIN orgchart_assignment a USING (employee_id, starts_on)
    ORDER BY a.employee_id, a.starts_on"""


def carry(
    rows: QuerySet[Assignment],
    *,
    on: date,
    by: Person | None,
    organization: Organization | None = None,
    supervisor: Person | None = None,
    **detail: Any,
) -> list[int]:
    """Each of these assignments from `on` in the other place; those that begin later are changed whole.

    Returns the employees. The caller holds the lock of the assignments.
    """
    held = list(
        rows.order_by("employee_id", "starts_on").values_list(
            "pk", "employee_id", "starts_on", "ends_on", "supervisor_id", "organization_id"
        )
    )
    whole = [row[0] for row in held if row[2] >= on]
    split = [row for row in held if row[2] < on]
    wanted = {
        f"{name}_id": found.pk
        for name, found in (("organization", organization), ("supervisor", supervisor))
        if found is not None
    }
    Assignment.objects.filter(pk__in=whole).update(**wanted)
    Assignment.objects.filter(pk__in=[row[0] for row in split]).update(
        ends_on=on - timedelta(days=1)
    )
    values = {
        "organization": wanted.get("organization_id"),
        "supervisor": wanted.get("supervisor_id"),
        "on": on,
        "ids": [row[0] for row in split],
        "ends": [row[3] for row in split],
    }
    with connection.cursor() as cursor:
        cursor.execute(_GO_ON, values)
        cursor.execute(_EVENTS, _events(held, on=on, by=by, detail=detail))
    return sorted({row[1] for row in held})


def _events(
    held: list[Any], *, on: date, by: Person | None, detail: dict[str, Any]
) -> dict[str, Any]:
    return {
        "at": clock.now(),
        "by": by.pk if by else None,
        "detail": json.dumps(detail),
        "employees": [row[1] for row in held],
        "starts": [max(row[2], on) for row in held],
        "supervisors": [row[4] for row in held],
        "organizations": [row[5] for row in held],
    }
