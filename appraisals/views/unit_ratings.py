"""How the ratings of a unit that are in effect were distributed: shares of large groups, never one rating (R16.3)."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from appraisals.exports import Column, Table, download
from appraisals.figures import ratings_by_each, ratings_of_cycles
from appraisals.models import AppraisalCycle
from appraisals.models.scope import headed_paths, hr_paths
from appraisals.rules import OUTSTANDING
from appraisals.rules.small_cells import Group, is_shown, shown_parts
from appraisals.unit_people import SMALL_UNIT, Average, averages
from appraisals.views.shared import person
from appraisals.views.unit_pages import frame, page_url, visible_unit
from appraisals.views.units import PAGE, Unit
from orgchart import clock
from orgchart.models import Organization, Person
from orgchart.selectors import outermost

HIDDEN = "not shown"
LOWEST_TOLD, HIGHEST_TOLD = 3.2, 4.8
WAYS = {
    "grade": ("Pay plan and grade", {}),
    "series": ("Occupational series", {}),
    "supervisory": ("Supervisory or not", {"yes": "Supervisory", "no": "Not supervisory"}),
    "bargaining": (
        "Bargaining unit or not",
        {"yes": "In a bargaining unit", "no": "Not in a bargaining unit"},
    ),
}

Groups = dict[Any, Group]


@dataclass(frozen=True)
class ShareRow:
    """The share of Outstanding in percent, of the cycle and of the one before. None: not shown."""

    name: str
    now: int | None
    before: int | None
    url: str = ""

    @property
    def parts(self) -> list[dict[str, object]]:
        now = self.now or 0
        return [
            {"label": "Outstanding", "count": now, "css": "b1"},
            {"label": "Other ratings", "count": 100 - now, "css": "b3"},
        ]


@dataclass(frozen=True)
class Ratings:
    """One unit's groups in one cycle, and whether the unit may be shown as a whole."""

    parts: Groups
    is_shown: bool
    minimum: int

    def of_whole(self) -> int | None:
        return sum(self.parts.values(), Group()).share if self.is_shown else None

    def of_parts(self, parts: Mapping[Any, Group]) -> dict[Any, int]:
        """Shares of what may be told apart: units below, grades, series."""
        found = shown_parts(parts, self.minimum)
        if not (self.is_shown or found.leaves_something):
            return {}
        return {key: group.share for key, group in parts.items() if key in found.shown}


@require_safe
def unit_ratings(request: HttpRequest, code: str) -> HttpResponseBase:
    unit = visible_unit(request, code)
    stage = unit.stage(request.GET.get("stage", ""))
    cycle = in_effect(unit) if unit.policy.leaders_see_distribution else None
    context = {
        **frame(request, unit, "unit_ratings", stage),
        "policy": unit.policy,
        "cycle": cycle,
        "is_earlier": cycle is not None and cycle != unit.cycle,
    }
    if cycle:
        tables, page = _tables(request, unit, cycle)
        if file := download(request, *tables.values(), about=unit.organization):
            return file
        context |= {
            "tables": tables,
            "drawn": [
                {"of": row, "cells": cells}
                for row, cells in zip(tables["units"].rows, tables["units"].body, strict=True)
            ],
            "dimensions": [tables[name] for name in WAYS if name in tables],
            "page": page,
            "lowest": LOWEST_TOLD,
            "highest": HIGHEST_TOLD,
            "leads_whole": answers_for_whole(person(request), unit.organization),
        }
    return render(request, "appraisals/oversight/ratings.html", context)


def in_effect(unit: Unit) -> AppraisalCycle | None:
    """R16.4: nothing is told of ratings that are still being decided. The cycle chosen, or the one before it."""
    known = [each for each in unit.calendar.cycles if each.starts_on <= unit.cycle.starts_on]
    return next((each for each in known if each.effective_on <= clock.today()), None)


def answers_for_whole(user: Person, organization: Organization) -> bool:
    """Is this the topmost unit that the reader leads or administers? See `rules.small_cells`."""
    return organization.path in outermost(sorted({*headed_paths(user), *hr_paths(user)}))


def _tables(
    request: HttpRequest, unit: Unit, cycle: AppraisalCycle
) -> tuple[dict[str, Table[Any]], Any]:
    before = unit.calendar.before(cycle)
    cycles = [cycle, *([before] if before else [])]
    ratings = _ratings(unit, cycles)
    tables: dict[str, Table[Any]] = {"units": _units_table(unit, ratings, cycle, before)}
    if answers_for_whole(person(request), unit.organization):
        found = ratings_by_each(unit.organization, cycles)
        for way in WAYS:
            groups = [groups_of(found[each.pk].get(way, {})) for each in cycles]
            tables[way] = _dimension(unit, way, ratings, groups, cycles)
    whole = sum(ratings[0].parts.values(), Group()).size
    given = averages(
        unit.organization,
        cycle,
        minimum=unit.policy.small_cell_minimum,
        below=whole <= SMALL_UNIT,
    )
    given = [each for each in given if each.value is not None]
    page = Paginator(given, PAGE).get_page(request.GET.get("page"))
    tables["officials"] = _officials_table(unit, cycle, list(page), given)
    return tables, page


def _ratings(unit: Unit, cycles: list[AppraisalCycle]) -> list[Ratings]:
    """For each cycle; what lies above is read only as far as it decides."""
    minimum = unit.policy.small_cell_minimum
    own = ratings_of_cycles(unit.organization, cycles)
    above: dict[int, dict[int, Groups]] = {}

    def levels(cycle: AppraisalCycle) -> Iterator[tuple[Groups, int]]:
        key = unit.organization.pk
        for place in reversed(unit.above):
            if place.pk not in above:
                counted = ratings_of_cycles(place, cycles)
                above[place.pk] = {pk: groups_of(each) for pk, each in counted.items()}
            yield above[place.pk][cycle.pk], key
            key = place.pk

    found = []
    for cycle in cycles:
        parts = groups_of(own[cycle.pk])
        whole = sum(parts.values(), Group())
        found.append(Ratings(parts, is_shown(whole, levels(cycle), minimum), minimum))
    return found


def groups_of(counted: Mapping[Any, Counter[int]]) -> Groups:
    """Level 1 is never told apart from level 3."""
    return {
        key: Group(levels[OUTSTANDING], levels.total() - levels[OUTSTANDING])
        for key, levels in counted.items()
    }


def _units_table(
    unit: Unit, ratings: list[Ratings], cycle: AppraisalCycle, before: AppraisalCycle | None
) -> Table[ShareRow]:
    shares = [each.of_parts(each.parts) for each in ratings]
    whole = [each.of_whole() for each in ratings]
    rows = [ShareRow(f"All of {unit.organization.name}", whole[0], whole[1] if before else None)]
    for place in unit.below:
        url = page_url("unit_ratings", Unit(place, unit.calendar, cycle))
        rows.append(_share_row(place.name, place.pk, shares, url=url))
    if unit.below and any(None in each.parts for each in ratings):
        rows.append(_share_row("Directly in this unit", None, shares))
    title = f"Share of Outstanding ratings by unit of {unit.organization.name}"
    return _shares_table("units", title, "Unit", rows, cycle, before)


def _share_row(name: str, key: Any, shares: list[dict[Any, int]], *, url: str = "") -> ShareRow:
    found = [each.get(key) for each in shares]
    return ShareRow(name, found[0], found[1] if len(found) > 1 else None, url)


def _dimension(
    unit: Unit,
    way: str,
    ratings: list[Ratings],
    groups: list[Groups],
    cycles: list[AppraisalCycle],
) -> Table[ShareRow]:
    heading, names = WAYS[way]
    shares = [each.of_parts(parts) for each, parts in zip(ratings, groups, strict=True)]
    keys = sorted(set().union(*shares))
    rows = [_share_row(names.get(key, key), key, shares) for key in keys]
    before = cycles[1] if len(cycles) > 1 else None
    title = f"Share of Outstanding ratings by {heading.lower()} of {unit.organization.name}"
    return _shares_table(way, title, heading, rows, cycles[0], before)


def _shares_table(
    name: str,
    title: str,
    heading: str,
    rows: list[ShareRow],
    cycle: AppraisalCycle,
    before: AppraisalCycle | None,
) -> Table[ShareRow]:
    columns: list[Column[ShareRow]] = [
        Column(heading, lambda row: row.name, url=lambda row: row.url),
        Column(f"Outstanding, {cycle.name}", lambda row: _told(row.now), is_number=True),
    ]
    if before:
        columns.append(
            Column(f"Outstanding, {before.name}", lambda row: _told(row.before), is_number=True)
        )
    return Table(name=name, title=title, columns=columns, rows=rows)


def _told(share: int | None) -> str:
    return HIDDEN if share is None else f"about {share}%"


def _officials_table(
    unit: Unit, cycle: AppraisalCycle, rows: list[Average], everything: list[Average]
) -> Table[Average]:
    return Table(
        name="officials",
        title=f"Averages of rating officials of {unit.organization.name}, {cycle.name}",
        columns=[
            Column("Rating official", lambda row: row.official),
            Column("Unit", lambda row: row.unit),
            Column("Average given", lambda row: _average(row.value), is_number=True),
            Column("Average of the unit", lambda row: _average(row.of_unit), is_number=True),
        ],
        rows=rows,
        everything=lambda: everything,
        total=len(everything),
    )


def _average(value: float | None) -> str:
    """An average at either end would tell every single rating."""
    if value is None:
        return HIDDEN
    if value <= LOWEST_TOLD:
        return f"{LOWEST_TOLD} or less"
    return f"{HIGHEST_TOLD} or more" if value >= HIGHEST_TOLD else f"{value:.1f}"
