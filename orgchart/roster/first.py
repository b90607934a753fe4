"""Where nobody is yet, a roster that is right goes straight into the tables.

The careful way stages the files and lets queries compare them with what is held. Here nothing is
held, so one look at each row is enough. Whatever is not surely right raises `NotSimple`: then
nothing was written, and the careful way finds words for it. A test holds both ways to the same rows.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import count
from pathlib import Path
from typing import BinaryIO

import psycopg
from django.db import IntegrityError
from django.db.backends.utils import CursorWrapper

from orgchart import clock
from orgchart.models import OrganizationKind
from orgchart.roster import aside
from orgchart.roster.cells import EMPLOYEE_CELLS, organization_cells
from orgchart.roster.feeding import Feed
from orgchart.roster.loops import in_loops
from orgchart.roster.outcome import Counts, Progress
from orgchart.roster.problems import EMPLOYEES, ORGANIZATIONS, Noted
from orgchart.roster.rows import Block, Found, Sheet, reading
from orgchart.roster.write import POSITION, keep_event
from orgchart.rules import fold, search_text

# Nobody at all may be in a unit yet; a few people may be there, such as who sets dpmap up.
MOST_HELD = 1_000
NOTHING_HELD = """
    SELECT NOT EXISTS (SELECT FROM orgchart_organization)
       AND NOT EXISTS (SELECT FROM orgchart_assignment)
       AND NOT EXISTS (SELECT FROM orgchart_person OFFSET %s)"""
HELD = "SELECT dod_id FROM orgchart_person"
SHORTEST_ROW = 100

NEXT = "SELECT nextval(pg_get_serial_sequence(%s, 'id'))"
REACHED = "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)"
# No value holds a character that cannot be shown.
NOTHING, TAB = "\x01", "\t"
UNITS = "orgchart_organization"
PEOPLE = ["orgchart_person", "orgchart_assignment"]
COLUMNS = {
    UNITS: "id, code, name, kind_id, parent_id, head_id, path",
    "orgchart_person": "id, dod_id, last_name, first_name, middle_name, email, is_active, password,"
    " search_text",
    "orgchart_assignment": "employee_id, supervisor_id, organization_id, starts_on, is_supervisor,"
    f" covered, position_start_date, {', '.join(POSITION)}",
}
STATEMENTS = {
    table: f"COPY {table} ({columns}) FROM STDIN (NULL '{NOTHING}')"
    for table, columns in COLUMNS.items()
}
# What the triggers of these statements would note, see the migrations 0004 and 0007.
COUNT_ALL = "INSERT INTO orgchart_headcountchange (day) SELECT unnest(%s::date[])"
FIND_ALL = "INSERT INTO orgchart_directorydue (person_id) VALUES (NULL)"
BEFORE_ALL = "0001-01-01"
# Triggers with nothing left to do. An app above adds its own to them that work only where there are organizations.
SPARED = [
    ("orgchart_assignment", "assignment_check_insert"),
    ("orgchart_assignment", "assignment_noted_insert"),
]
SEPARATORS = str.maketrans(dict.fromkeys(".@-_", " "))


class NotSimple(Exception):  # noqa: N818  not a fault: the careful way is still open
    pass


BROKEN = (NotSimple, IntegrityError, psycopg.IntegrityError, psycopg.DataError)


def is_possible(cursor: CursorWrapper, size: int) -> bool:
    """Of a file of people of so many bytes."""
    if size < aside.FEWEST * SHORTEST_ROW or not aside.is_ours(cursor):
        return False
    cursor.execute(NOTHING_HELD, [MOST_HELD])
    return bool(cursor.fetchone()[0])


def numbers(first: int) -> defaultdict[str, str]:
    """A number for each key, given when it is first asked for, as text."""
    return defaultdict(map(str, count(first)).__next__)


class Words(dict[str, str]):
    """Each name folded, with a space after it; in `runs` those of more than one word, run together."""

    def __init__(self) -> None:
        self.runs: dict[str, str] = {}

    def __missing__(self, name: str) -> str:
        folded = fold(name)
        if " " in folded:
            self.runs[name] = folded.replace(" ", "")
        self[name] = word = folded and f"{folded} "
        return word


class FirstLoad:
    def __init__(self, cursor: CursorWrapper, *, day: date, progress: Progress) -> None:
        self._cursor, self._progress = cursor, progress
        self._day = day.isoformat()
        # Not a password: nobody signs in until one is set.
        self._new = f"t\t!{secrets.token_hex(4)}"
        self._units: dict[str, list[str]] = {}
        self._unit_ids: dict[str, str] = {}
        self._top = ""
        self._people = numbers(self._next("orgchart_person") + 1)
        self._held = set[str]()
        self._ids = list[str]()
        self._above = list[str]()
        self._alone = list[str]()
        self._begins = set[str]()
        self._odd = set[str]()
        self._words = Words()

    def load(
        self, organizations: Path | BinaryIO, employees: Path | BinaryIO, *, by: int | None
    ) -> Counts:
        self._read_units(organizations)
        self._cursor.execute(HELD)
        self._held = {dod_id for (dod_id,) in self._cursor.fetchall()}
        with aside.set_aside(self._cursor, self._progress, also=SPARED) as kept_aside:
            with Feed(self._cursor.connection, STATEMENTS) as feed:
                self._add_units(feed)
                feed.close([UNITS], kept_aside.indexes_of(UNITS))
                self._add_people(employees, feed)
                feed.close(PEOPLE, kept_aside.indexes_of(*PEOPLE))
                self._progress("Checking", 0, 0)
                self._check_people()
                self._progress(aside.MAKING, 0, 0)
            self._settle()
        counts = Counts(organizations_created=len(self._unit_ids), joined=len(self._ids))
        keep_event(counts, day=self._day, by=by)
        return counts

    def _next(self, table: str) -> int:
        self._cursor.execute(NEXT, [table])
        number: int = self._cursor.fetchone()[0]
        return number

    def _blocks(self, sheet: Sheet, given: Path | BinaryIO, file: str) -> Iterator[Block]:
        with (
            Noted(file) as noted,
            reading(sheet, given, found := Found(noted), self._progress) as rows,
        ):
            self._odd = found.odd
            if not rows.take_header():
                raise NotSimple
            for block in rows.blocks():
                if noted.count:
                    raise NotSimple
                yield block
            if noted.count:
                raise NotSimple

    def _read_units(self, organizations: Path | BinaryIO) -> None:
        kinds = OrganizationKind.objects.values_list("code", flat=True)
        cells = organization_cells(kinds)
        self._units = {name: [] for name in cells}
        sheet = Sheet("", "Reading organizations", cells)
        for block in self._blocks(sheet, organizations, ORGANIZATIONS):
            for name, column in block.values.items():
                self._units[name].extend(column)
        codes, parents = self._units["code"], self._units["parent_code"]
        first = self._next("orgchart_organization") + 1
        self._unit_ids = {code: str(number) for number, code in enumerate(codes, start=first)}
        if (
            len(self._unit_ids) != len(codes)
            or parents.count("") != 1
            or not self._unit_ids.keys() >= set(filter(None, parents))
        ):
            raise NotSimple
        self._top = codes[parents.index("")]

    def _add_people(self, employees: Path | BinaryIO, feed: Feed) -> None:
        sheet = Sheet("", "Reading people", EMPLOYEE_CELLS)
        for block in self._blocks(sheet, employees, EMPLOYEES):
            if not self._held.isdisjoint(block.values["dod_id"]):
                raise NotSimple
            feed.add("orgchart_person", as_text(self._people_rows(block.values)))
            feed.add("orgchart_assignment", as_text(self._assignment_rows(block.values)))

    def _people_rows(self, values: Mapping[str, Sequence[str]]) -> list[str]:
        """With their search texts, as `search_text`, which is asked for unusual addresses only."""
        dod_ids = values["dod_id"]
        ids = list(map(self._people.__getitem__, dod_ids))
        self._ids += ids
        names = values["first_name"], values["middle_name"], values["last_name"]
        emails = "\n".join(values["email"]).lower()
        words: list[Iterable[str]] = [map(self._words.__getitem__, column) for column in names]
        words.append(emails.translate(SEPARATORS).split("\n"))
        people = zip(ids, dod_ids, *names, emails.split("\n"), *words, strict=True)
        new = self._new
        if not self._odd.isdisjoint(values["email"]):
            return [
                f"{number}\t{dod_id}\t{last}\t{first}\t{middle}\t{email}\t{new}\t"
                + search_text(names=(first, middle, last), dod_id=dod_id, email=email)
                for number, dod_id, first, middle, last, email, *_ in people
            ]
        rows = [
            f"{number}\t{dod_id}\t{last}\t{first}\t{middle}\t{email}\t{new}\t{a}{b}{c}{dod_id} {d}"
            for number, dod_id, first, middle, last, email, a, b, c, d in people
        ]
        self._add_runs(rows, names)
        return rows

    def _add_runs(self, rows: list[str], names: tuple[Sequence[str], ...]) -> None:
        """Names of two words, once more as one."""
        runs = self._words.runs
        columns = [column for column in names if not runs.keys().isdisjoint(column)]
        places = {place for column in columns for place, name in enumerate(column) if name in runs}
        for place in places:
            beside = f" {rows[place].rpartition(TAB)[2]} "
            of_one = (runs.get(column[place], "") for column in names)
            rows[place] += "".join(f" {run}" for run in of_one if run and f" {run} " not in beside)

    def _assignment_rows(self, values: Mapping[str, Sequence[str]]) -> list[str]:
        supervisors = values["supervisor_dod_id"]
        numbers = {one: self._people[one] if one else NOTHING for one in dict.fromkeys(supervisors)}
        above = list(map(numbers.__getitem__, supervisors))
        self._above += above
        if "" in numbers:
            self._alone += [
                code
                for code, one in zip(values["organization_code"], supervisors, strict=True)
                if not one
            ]
        try:
            units = list(map(self._unit_ids.__getitem__, values["organization_code"]))
        except KeyError as unknown:
            raise NotSimple from unknown
        begins, first = values["position_start_date"], self._day
        days = set(begins)
        if max(days) > first:
            begins = [day if day < first else first for day in begins]
            days = set(begins)
        self._begins |= days
        columns = [
            *(self._ids[-len(above) :], above, units, begins, values["is_supervisor"]),
            *(values["covered"], values["position_start_date"]),
            *(values[name] for name in POSITION),
        ]
        return in_rows(columns)

    def _check_people(self) -> None:
        """Everybody who is named is there, one has nobody above and works at the top, nobody is in a loop."""
        heads = set(filter(None, self._units["head_dod_id"]))
        bosses = set(self._above)
        above = {
            one: boss
            for one, boss in zip(self._ids, self._above, strict=True)
            if one in bosses and boss is not NOTHING
        }
        if (
            len(self._people) != len(self._ids)
            or not self._people.keys() >= heads
            or self._alone != [self._top]
            or in_loops(above)
        ):
            raise NotSimple

    def _add_units(self, feed: Feed) -> None:
        units, ids = self._units, self._unit_ids
        self._progress("Adding organizations", 0, len(ids))
        paths = self._paths()
        columns = [
            *(list(ids.values()), units["code"], units["name"], units["kind"]),
            [ids.get(code, NOTHING) for code in units["parent_code"]],
            [self._people[one] if one else NOTHING for one in units["head_dod_id"]],
            list(map(paths.__getitem__, units["code"])),
        ]
        feed.add(UNITS, as_text(in_rows(columns)))

    def _paths(self) -> dict[str, str]:
        paths = {"": "/"}
        above = dict(zip(self._units["code"], self._units["parent_code"], strict=True))
        for code, parent in above.items():
            if parent not in paths:
                self._add_paths(parent, above, paths)
            paths[code] = f"{paths[parent]}{self._unit_ids[code]}/"
        return paths

    def _add_paths(self, code: str, above: Mapping[str, str], paths: dict[str, str]) -> None:
        """Those of a unit and all above it."""
        way = []
        while code not in paths:
            way.append(code)
            code = above[code]
            if len(way) > len(above):
                raise NotSimple
        for one in reversed(way):
            paths[one] = f"{paths[above[one]]}{self._unit_ids[one]}/"

    def _settle(self) -> None:
        """Whoever comes next gets higher numbers, and everybody has to be counted and found."""
        for table, ids in (("person", self._people), ("organization", self._unit_ids)):
            self._cursor.execute(REACHED, [f"orgchart_{table}", next(reversed(ids.values()))])
        today = clock.today().isoformat()
        ahead = sorted(day for day in self._begins if day > today)
        self._cursor.execute(COUNT_ALL, [[BEFORE_ALL, *ahead]])
        self._cursor.execute(FIND_ALL)


def in_rows(columns: Sequence[Sequence[str]]) -> list[str]:
    return list(map(TAB.join, zip(*columns, strict=True)))


def as_text(rows: Sequence[str]) -> str:
    """What COPY takes: a tab between two values, and a backslash is written twice."""
    return ("\n".join(rows) + "\n").replace("\\", r"\\")
