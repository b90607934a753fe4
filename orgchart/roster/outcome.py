"""What came of a roster: what is wrong with it, or how many it changes and how."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol, get_args

from orgchart.roster.problems import Problem

Kind = Literal[
    "joined",
    "moved",
    "supervisor",
    "position",
    "renamed",
    "missing",
    "organization_new",
    "organization_changed",
]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Change(NamedTuple):
    """One change in words; `key` is the DoD ID, or the code of the two kinds of organization.

    `was` and `now` are the units' names (moved), the supervisors' names (supervisor; "" is nobody), the
    positions (position), names and addresses (renamed), position and unit (joined: `now`, missing:
    `was`), or what a unit is called, its kind, what is above it and its head (organizations).
    `was_key` and `now_key` are the codes of those units (an organization's: of the one above) and the
    DoD IDs of those supervisors, and "" where there is none.
    Somebody who moves and gets another supervisor is there twice, once as each.
    """

    kind: Kind
    key: str
    name: str
    was: str
    now: str
    was_key: str
    now_key: str


# Called as progress("Reading people", 500_000, 771_387), never more often than the eye can follow;
# the total is 0 when it is not known.
Progress = Callable[[str, int, int], None]
# Called once when there are no problems, in the same transaction and, but for a first load, before
# any change is written.
# Whatever it raises undoes the import.
OnChanges = Callable[["ChangeList"], None]


class ChangeList(Protocol):
    """Every change, read from the database as it is asked for, by kind in the order of KINDS."""

    def __iter__(self) -> Iterator[Change]: ...

    def of(self, kind: Kind) -> Iterator[Change]: ...


@dataclass(frozen=True, slots=True)
class Counts:
    """`joined`, `changed`, `unchanged` and `missing` are people; those between count within `changed`."""

    organizations_created: int = 0
    organizations_changed: int = 0
    organizations_unchanged: int = 0
    joined: int = 0
    changed: int = 0
    moved: int = 0
    under_another_supervisor: int = 0
    in_another_position: int = 0
    renamed: int = 0
    unchanged: int = 0
    missing: int = 0

    @property
    def placed(self) -> int:
        """At least one when anybody gets a new dated assignment."""
        return self.moved + self.under_another_supervisor + self.in_another_position

    @property
    def is_nothing(self) -> bool:
        """Missing people are not a change: they are separated only when somebody asks for it."""
        return not (
            self.organizations_created or self.organizations_changed or self.joined or self.changed
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`counts` are only known when there are no problems.

    `problems` are the first in order, at most as many as were asked for; `problem_count` is all of them.
    """

    applied: bool
    problem_count: int = 0
    problems: list[Problem] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)

    @property
    def could_be_applied(self) -> bool:
        return not self.problem_count

    def as_json(self) -> str:
        counts = self.counts
        return json.dumps(
            {
                "applied": self.applied,
                "organizations": {
                    "created": counts.organizations_created,
                    "changed": counts.organizations_changed,
                    "unchanged": counts.organizations_unchanged,
                },
                "employees": {
                    "created": counts.joined,
                    "changed": counts.changed,
                    "unchanged": counts.unchanged,
                    "missing": counts.missing,
                },
                "problems": [found.as_json() for found in self.problems],
            },
            ensure_ascii=False,
        )
