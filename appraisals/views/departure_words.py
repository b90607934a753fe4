"""A departure in words: what happens, what is owed, how far it has come."""

from collections import Counter

from appraisals.models import Arrangement, Departure, DepartureKind, Kind
from appraisals.rules.words import joined
from orgchart.templatetags.ui import day, plural

LOOKS = {"planned": "blue", "done": "good", "undone": "", "failed": "late"}

_WHAT = {
    DepartureKind.LEAVES: "leaves the service",
    DepartureKind.TRANSFERS: "transfers",
    DepartureKind.MOVES: "moves",
    DepartureKind.DETAIL: "is away for a time",
    DepartureKind.HANDS_OVER: "hands over the people they rate",
    DepartureKind.RETURNS: "gives back what was held for a time",
}

OWED = {
    Kind.NARRATIVE_STATEMENT.value: "Narrative statement",
    Kind.ANNUAL_APPRAISAL.value: "Annual appraisal",
    "": "Nothing",
}
TAGS = {Kind.NARRATIVE_STATEMENT.value: "turn", Kind.ANNUAL_APPRAISAL.value: "turn", "": ""}


def title_of(departure: Departure) -> str:
    """Dana Whitfield moves to Otto Reyes."""
    words = f"{departure.person.full_name} {_WHAT[DepartureKind(departure.kind)]}"
    to = departure.goes_to
    if departure.kind == DepartureKind.MOVES and departure.gaining_supervisor:
        to = departure.gaining_supervisor.full_name
    return f"{words} to {to}" if to else words


def who_acts(departure: Departure) -> str:
    """Who has the people from the day after on."""
    parts = Counter(heir.full_name for heir in departure.given_to.values())
    shares = [f"{name} {plural(count, 'person,people')}" for name, count in parts.items()]
    return "; ".join(filter(None, [_successor(departure), *shares]))


def parts_of(departure: Departure) -> list[tuple[str, str]]:
    """Of a team that is split: who takes over a part of it, and whom."""
    parts: dict[str, list[str]] = {}
    for each in departure.shares.all():
        parts.setdefault(each.successor.full_name, []).append(each.employee.full_name)
    return [(name, joined(people)) for name, people in parts.items()]


def _successor(departure: Departure) -> str:
    if departure.successor is None:
        return ""
    name = departure.successor.full_name
    return {
        Arrangement.SUCCESSOR.value: name,
        Arrangement.TEMPORARY.value: f"{name}, for the time being",
        Arrangement.VACANT.value: f"{name}, the next one up, while nobody is named",
    }[departure.arrangement]


def when_of(departure: Departure) -> str:
    back = f", back on {day(departure.back_on)}" if departure.back_on else ""
    return f"Last day {day(departure.last_day)}{back}"
