"""The organization level by level: whatever is open, and one level below it, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from orgchart.headcounts import headcounts
from orgchart.models import Organization, Person
from orgchart.selectors import with_seen_heads, with_units

MOST_OPEN = 60
MOST_LISTED = 100
ORDER = ["kind__rank", "name", "code"]


@dataclass(slots=True, kw_only=True)
class Branch:
    """A unit as the tree shows it; `below` only when it is open."""

    unit: Organization
    people: int
    is_open: bool
    is_asked_for: bool
    query: str
    below: list["Branch"] = field(default_factory=list)

    @property
    def not_listed(self) -> int:
        units: int = getattr(self.unit, "units", 0)
        return units - len(self.below) if self.is_open else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    branches: list[Branch]
    query: str


def tree(
    codes: Sequence[str] | None, user: Person, *, on: date, to: Organization | None = None
) -> Tree:
    """With `to`, open down to that unit; without codes, the top."""
    chosen = Q(parent=None) if codes is None else Q(code__in=list(codes)[:MOST_OPEN])
    if to is not None:
        chosen = Q(pk__in=[*to.ancestor_ids, to.pk])
    opened = list(Organization.objects.filter(chosen)[:MOST_OPEN])
    listed = _listed(opened, user, on)
    people = headcounts([unit.pk for unit in listed], on=on)
    below: dict[int | None, list[Branch]] = {}
    for unit in listed:
        branch = Branch(
            unit=unit,
            people=people[unit.pk][1],
            is_open=unit in opened,
            is_asked_for=unit == to,
            query=_query(opened, toggled=unit),
        )
        below.setdefault(unit.parent_id, []).append(branch)
    for branch in [branch for level in below.values() for branch in level]:
        branch.below = below.get(branch.unit.pk, [])
    return Tree(branches=below.get(None, []), query=_query(opened))


def _listed(opened: list[Organization], user: Person, on: date) -> list[Organization]:
    """The top and what lies right below all that is open, no more than MOST_LISTED of each."""
    place = Window(RowNumber(), partition_by=F("parent"), order_by=ORDER)
    units = Organization.objects.open_on(on).filter(Q(parent=None) | Q(parent__in=opened))
    first = units.annotate(place=place).filter(place__lte=MOST_LISTED).values("pk")
    found = Organization.objects.filter(pk__in=first).order_by(*ORDER)
    return list(with_seen_heads(with_units(found, on=on), user, on=on))


def _query(opened: list[Organization], toggled: Organization | None = None) -> str:
    """The address of the tree, or of the tree with one unit more or less open; what it held is closed with it."""
    kept = opened
    if toggled in opened:
        kept = [unit for unit in opened if not unit.path.startswith(toggled.path)]
    elif toggled is not None:
        kept = [*opened, toggled]
    return "?" + urlencode([("open", unit.code) for unit in kept] or [("open", "")])
