"""A unit as a drawing: its head, the units right below, and its people under their supervisors."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from orgchart.chart import Card, Chart, draw
from orgchart.models import Assignment, Organization
from orgchart.templatetags.ui import plural

MOST_UNITS = 120
MOST_PEOPLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChart:
    """The same twice: as boxes and lines, and as cards for a list."""

    root: Card
    drawing: Chart
    too_many: bool


def unit_chart(
    unit: Organization,
    units: Sequence[Organization],
    people: QuerySet[Assignment],
    counts: Mapping[int, tuple[int, int]],
) -> UnitChart:
    rows = list(people[: MOST_PEOPLE + 1])
    cards = [_unit(found, counts[found.pk][1], "unit") for found in units[:MOST_UNITS]]
    below = (*cards, *_people(rows[:MOST_PEOPLE], unit))
    root = _unit(unit, counts[unit.pk][1], "root", below=below)
    too_many = len(units) > MOST_UNITS or len(rows) > MOST_PEOPLE
    return UnitChart(root=root, drawing=draw(root), too_many=too_many)


def _unit(unit: Organization, people: int, look: str, below: tuple[Card, ...] = ()) -> Card:
    head = unit.head if getattr(unit, "head_is_seen", False) else None
    return Card(
        title=unit.name,
        detail=f"{unit.kind} · {plural(people, 'person,people')}",
        url=unit.get_absolute_url(),
        look=look,
        note=f"Head: {head.full_name}" if head else "",
        below=below,
    )


def _people(rows: Sequence[Assignment], unit: Organization) -> list[Card]:
    """Under whoever supervises them, if that person is in the unit and seen; else at the top."""
    here = {row.employee_id for row in rows}
    under: dict[int | None, list[Assignment]] = defaultdict(list)
    for row in rows:
        under[row.supervisor_id if row.supervisor_id in here else None].append(row)
    return [_person(row, under, unit) for row in _leaves_first(under[None], under)]


def _person(
    row: Assignment, under: Mapping[int | None, list[Assignment]], unit: Organization
) -> Card:
    below = _leaves_first(under.get(row.employee_id, []), under)
    return Card(
        title=row.employee.full_name,
        detail=row.position_title,
        url=row.employee.get_absolute_url(),
        look="head" if row.employee_id == unit.head_id else "person",
        note=row.pay,
        below=tuple(_person(each, under, unit) for each in below),
    )


def _leaves_first(
    rows: list[Assignment], under: Mapping[int | None, list[Assignment]]
) -> list[Assignment]:
    return sorted(rows, key=lambda row: row.employee_id in under)
