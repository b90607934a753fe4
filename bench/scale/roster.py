"""Ten thousand people cut out of a roster so that one command stays whole and the tree keeps its top.

Whoever opens the pages is of that command: the same people with the same records at both sizes,
below the same components and commands. What is cut away is all the rest of the department.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from bench.roster import write_roster

PEOPLE = 771_387
SMALL = 10_000
KEPT_SHARE = 0.4
"""At most so much of the small roster is the command that stays whole."""

# People in one unit of each kind, as in the real department: 4 components, 167 commands.
SIZES = {
    "component": 192_846,
    "command": 4_620,
    "activity": 2_400,
    "directorate": 240,
    "division": 40,
    "branch": 8,
}
FILES = ("organizations.csv", "employees.csv")


def write_department(folder: Path, people: int = PEOPLE) -> None:
    """With as many components and commands at any size."""
    upper = {kind: SIZES[kind] * people // PEOPLE for kind in ("component", "command")}
    write_roster(folder, people=people, sizes=SIZES | upper)


class Tree:
    """A roster as codes and numbers: units below units, people in units, supervisors above people."""

    def __init__(self, folder: Path) -> None:
        self.parent: dict[str, str] = {}
        self.head: dict[str, str] = {}
        self.below: defaultdict[str, list[str]] = defaultdict(list)
        self.members: defaultdict[str, list[str]] = defaultdict(list)
        self.unit: dict[str, str] = {}
        self.supervisor: dict[str, str] = {}
        for row in _rows(folder / FILES[0]):
            self.parent[row["code"]], self.head[row["code"]] = (
                row["parent_code"],
                row["head_dod_id"],
            )
            self.below[row["parent_code"]].append(row["code"])
        for row in _rows(folder / FILES[1]):
            person, unit = row["dod_id"], row["organization_code"]
            self.unit[person], self.supervisor[person] = unit, row["supervisor_dod_id"]
            self.members[unit].append(person)
        self.size = {code: len(self.members[code]) for code in self.parent}
        for code in reversed(self.downwards("")):
            if self.parent[code]:
                self.size[self.parent[code]] += self.size[code]

    def downwards(self, code: str) -> list[str]:
        """Everything below a unit, each after what it lies in."""
        found = list(self.below[code])
        for each in found:
            found.extend(self.below[each])
        return found

    def commands(self) -> list[str]:
        """Units two below the top."""
        return [
            command
            for top in self.below[""]
            for component in self.below[top]
            for command in self.below[component]
        ]


def whole_command(tree: Tree, people: int) -> str:
    """Of the size of an average one or, where that is too many, as near to it as may be."""
    commands = tree.commands()
    average = sum(tree.size[code] for code in commands) / len(commands)
    most = KEPT_SHARE * people
    fitting = [code for code in commands if tree.size[code] <= most]
    return min(fitting, key=lambda code: (abs(tree.size[code] - average), code))


def cut(whole: Path, small: Path, *, people: int = SMALL) -> str:
    """Write the small roster; the code of the command that stayed whole."""
    tree = Tree(whole)
    command = whole_command(tree, people)
    kept = _kept_people(tree, command, people)
    units = {tree.unit[person] for person in kept}
    for unit in list(units):
        while unit := tree.parent[unit]:
            units.add(unit)
    _copy_rows(whole / FILES[0], small / FILES[0], "code", units)
    _copy_rows(whole / FILES[1], small / FILES[1], "dod_id", kept)
    return command


def _kept_people(tree: Tree, command: str, people: int) -> set[str]:
    """The command, whoever the heads above it rate or review, a share of each other command, and everybody
    who supervises or heads what is kept."""
    units = [command, *tree.downwards(command)]
    kept = {person for unit in units for person in tree.members[unit]}
    others = [code for code in tree.commands() if code != command]
    left = people - len(kept)
    for at, code in enumerate(others):
        share = left // (len(others) - at)
        taken = _branch_of(tree, code, share)
        kept.update(taken)
        left -= len(taken)
    kept |= _reviewed_above(tree, command)
    for person in list(kept):
        _keep_above(tree, person, kept)
    return kept


def _reviewed_above(tree: Tree, command: str) -> set[str]:
    """Or their pages would show fewer records, and not only a smaller department."""
    heads = set()
    while command := tree.parent[command]:
        heads.add(tree.head[command])
    rated = {person for person, above in tree.supervisor.items() if above in heads}
    return rated | {person for person, above in tree.supervisor.items() if above in rated}


def _branch_of(tree: Tree, code: str, share: int) -> list[str]:
    """About so many people of a unit: its own, then those of as few of its parts as will do."""
    taken = tree.members[code][: max(share, 1)]
    for part in tree.below[code]:
        if len(taken) >= share:
            break
        taken = [*taken, *_branch_of(tree, part, share - len(taken))]
    return taken


def _keep_above(tree: Tree, person: str, kept: set[str]) -> None:
    """The supervisor, the heads of the unit and of all above it, and whoever supervises those."""
    unknown = [person]
    while unknown:
        each = unknown.pop()
        kept.add(each)
        above = [tree.supervisor[each]]
        unit = tree.unit[each]
        while unit:
            above.append(tree.head[unit])
            unit = tree.parent[unit]
        unknown.extend(one for one in above if one and one not in kept)


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as rows:
        yield from csv.DictReader(rows)


def _copy_rows(source: Path, target: Path, key: str, wanted: set[str]) -> None:
    with (
        source.open(newline="", encoding="utf-8") as rows,
        target.open("w", newline="", encoding="utf-8") as copied,
    ):
        reader = csv.DictReader(rows)
        writer = csv.DictWriter(copied, reader.fieldnames or [])
        writer.writeheader()
        writer.writerows(row for row in reader if row[key] in wanted)
