"""Measures that come to the same for who asks: told apart by the day somebody began, plans are a thousand, and two.

Each is SQL over the column `measure`: what it makes equal is counted together, and NULL is not counted.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FIRST_DAY = "split_part(measure, ':', 9)"
FROM_DAY = "split_part(measure, ':', 10)"
UNTIL_DAY = "split_part(measure, ':', 11)"
# A shape ends with three days or what is left of them: "…:2026-10-01::" with a record, and always the same begins
# one without a record.
WITH_RECORD = "left(measure, -12)"
WITHOUT_RECORD = "left(measure, 15)"
NEW_SINCE = """coalesce(
    %(new_since)s::jsonb ->> split_part(measure, ':', 8), %(new_since)s::jsonb ->> '')"""
NEW = f"CASE WHEN {FIRST_DAY} >= {NEW_SINCE} THEN {NEW_SINCE} ELSE '' END"


@dataclass(frozen=True, slots=True)
class Alike:
    sql: str
    values: Mapping[str, Any] = field(default_factory=dict)


EACH = Alike("measure")
RECORDED = Alike(
    "CASE WHEN NOT starts_with(measure, 'at:') THEN measure "
    "WHEN split_part(measure, ':', 8) <> '' THEN 'at:record' END"
)


def on_day(on: dt.date, new_since: Mapping[str, dt.date]) -> Alike:
    """Shapes without the days that decide nothing on this day, of who counts on it.

    Who began on `new_since` or later, by the edition of their record ("" for those without), keeps that
    day for their own; the others have none.
    """
    return Alike(
        f"""CASE
            WHEN measure LIKE '%%:::' THEN measure
            WHEN measure LIKE '%%::' THEN {WITH_RECORD} || ({NEW}) || '::'
            WHEN {FROM_DAY} <= %(on)s AND ({UNTIL_DAY} = '' OR {UNTIL_DAY} >= %(on)s)
            THEN {WITHOUT_RECORD} || ({NEW}) || '::'
        END""",
        {
            "on": on.isoformat(),
            "new_since": json.dumps({key: day.isoformat() for key, day in new_since.items()}),
        },
    )
