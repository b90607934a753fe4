"""An invented department of any size in the roster format, the same bytes every time."""

import csv
import datetime as dt
import math
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from random import Random

KINDS = ("department", "component", "command", "activity", "directorate", "division", "branch")
# People in one unit of each kind; a branch is one supervisor and eight people.
SIZES = {
    "component": 2600,
    "command": 900,
    "activity": 300,
    "directorate": 90,
    "division": 30,
    "branch": 9,
}
FIRST = [
    "Ana",
    "Ben",
    "Carla",
    "Dev",
    "Elif",
    "Femi",
    "Grace",
    "Hugo",
    "Ines",
    "Jonas",
    "Kofi",
    "Lena",
    "Mei",
    "Noor",
    "Oskar",
    "Priya",
    "Renée",
    "Søren",
    "Tomás",
    "Uma",
    "Viktor",
    "Wanda",
    "Yusuf",
    "Zoë",
]
LAST = [
    "Abara",
    "Bianchi",
    "Castillo",
    "Dubois",
    "Eriksen",
    "Farouk",
    "Goldberg",
    "Haddad",
    "Ito",
    "Johansson",
    "Kovač",
    "Lindqvist",
    "Moreau",
    "Nguyễn",
    "O’Brien",
    "Petrov",
    "Quiroga",
    "Rossi",
    "Schmidt",
    "Tanaka",
    "Ueda",
    "Vargas",
    "Walker",
    "Xu",
    "Young",
    "Ziegler",
]
SERIES = (
    "0081",
    "0343",
    "0083",
    "0201",
    "0501",
    "0560",
    "1101",
    "1670",
    "2003",
    "2210",
    "0801",
    "1702",
)
STATIONS = ("Virginia", "Maryland", "Texas", "California", "Georgia", "Washington")
ORGANIZATION_FIELDS = ["code", "name", "kind", "parent_code", "head_dod_id"]
EMPLOYEE_FIELDS = [
    *("dod_id", "last_name", "first_name", "middle_name", "email", "organization_code"),
    *("position_title", "position_number", "pay_plan", "occupational_series", "grade", "step"),
    *("duty_station", "supervisor_dod_id", "is_supervisor", "bargaining_unit"),
    *("position_start_date", "covered", "exclusion_reason"),
]

Row = list[str]


class Department:
    def __init__(self, people: int, sizes: Mapping[str, int] = SIZES) -> None:
        self.sizes = sizes
        self.organizations: list[Row] = []
        self.employees: list[Row] = []
        self._numbers = count(1_500_000_001)
        self._random = Random(2027)  # noqa: S311 - invented people, not secrets
        self._unit("DOD", "Department of Defense", 0, people - 2, parent="", supervisor="")
        # Outside the program, as whoever is HR administrator or auditor of a whole department.
        for _ in range(2):
            self._person("DOD", self.organizations[0][4], level=1, is_supervisor=False)

    def _unit(
        self, code: str, name: str, kind: int, people: int, *, parent: str, supervisor: str
    ) -> None:
        head = self._person(code, supervisor, level=kind, is_supervisor=True)
        self.organizations.append([code, name, KINDS[kind], parent, head])
        rest = people - 1
        below = next((k for k in range(kind + 1, 7) if rest > self.sizes[KINDS[k]]), None)
        if below is None:
            for _ in range(rest):
                self._person(code, head, level=kind + 1, is_supervisor=False)
            return
        for number, share in enumerate(_shares(rest, self.sizes[KINDS[below]]), start=1):
            part = f"{KINDS[below].capitalize()} {number}, {name}"[:200]
            self._unit(f"{code}-{number:02d}", part, below, share, parent=code, supervisor=head)

    def _person(self, unit: str, supervisor: str, *, level: int, is_supervisor: bool) -> str:
        random, number = self._random, next(self._numbers)
        covered = level > 1
        began = dt.date(2010, 1, 4) + dt.timedelta(days=random.randrange(5500))
        self.employees.append(
            [
                *(str(number), random.choice(LAST), random.choice(FIRST), ""),
                *(f"employee.{number}@example.mil", unit),
                *("Supervisor" if is_supervisor else "Specialist", f"P{number % 100_000}"),
                *("GS" if covered else "ES", random.choice(SERIES)),
                *("13" if is_supervisor else "11", "4" if covered else "", random.choice(STATIONS)),
                *(supervisor, "Y" if is_supervisor else "N", "8888", began.isoformat()),
                *("Y" if covered else "N", "" if covered else "Senior Executive Service"),
            ]
        )
        return str(number)


def _shares(people: int, size: int) -> Iterator[int]:
    units = math.ceil(people / size)
    share, extra = divmod(people, units)
    for index in range(units):
        yield share + (index < extra)


def write_roster(folder: Path, *, people: int, sizes: Mapping[str, int] = SIZES) -> None:
    department = Department(people, sizes)
    for name, header, rows in (
        ("organizations.csv", ORGANIZATION_FIELDS, department.organizations),
        ("employees.csv", EMPLOYEE_FIELDS, department.employees),
    ):
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(rows)
