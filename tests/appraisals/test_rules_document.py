"""docs/rules.md is true: every rule has its row, and what a row names exists."""

import dataclasses
import importlib
import re
from pathlib import Path

import pytest
from django.urls import get_resolver

from appraisals.rules import policy_settings

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "rules.md").read_text()

# How many rules each section of the rule book has: R0.1 to R0.4, R1.1 to R1.14 and so on.
RULES_IN_SECTION = (4, 14, 6, 12, 7, 6, 5, 16, 5, 9, 8, 5, 7, 7, 9, 7, 4, 3)
EXAMPLES = [
    f"{letter}{n}" for letter, most in (("T", 20), ("D", 16), ("O", 11)) for n in range(1, most + 1)
]
STATUSES = {"implemented", "setting", "elsewhere", "out of scope"}


@dataclasses.dataclass(frozen=True)
class Row:
    rule: str
    short: str
    status: str
    where: str
    test: str

    @property
    def names(self) -> list[str]:
        return re.findall(r"`([\w.]+)`", self.where)


def rows() -> list[Row]:
    lines = [line for line in PAGE.splitlines() if re.match(r"\| R\d", line)]
    return [Row(*(cell.strip() for cell in line.strip("|").split("|"))) for line in lines]


def exists(name: str) -> bool:
    """`name` is an attribute path below some importable module."""
    full = name if name.startswith("orgchart.") else f"appraisals.{name}"
    parts = full.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


def missing_tests(text: str) -> list[str]:
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", text)
    return [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / "tests" / file).is_file()
        or f"\ndef {name}(" not in (ROOT / "tests" / file).read_text()
    ]


def by_rule(row: Row) -> str:
    return row.rule


def test_every_rule_has_exactly_one_row():
    expected = [
        f"R{section}.{number}"
        for section, count in enumerate(RULES_IN_SECTION)
        for number in range(1, count + 1)
    ]

    assert [row.rule for row in rows()] == expected


@pytest.mark.parametrize("row", rows(), ids=by_rule)
def test_row_says_what_and_where_or_why_not(row):
    assert row.status in STATUSES
    assert row.short
    assert row.where


@pytest.mark.parametrize("row", rows(), ids=by_rule)
def test_what_a_row_names_exists(row):
    assert [name for name in row.names if not exists(name)] == []
    assert missing_tests(row.test) == []
    assert bool(row.test) == bool(re.search(r"\.py::", row.test))


@pytest.mark.parametrize("row", [row for row in rows() if row.status == "implemented"], ids=by_rule)
def test_implemented_row_names_code_and_test(row):
    assert row.names
    assert row.test


@pytest.mark.parametrize("row", [row for row in rows() if row.status == "setting"], ids=by_rule)
def test_setting_row_names_its_field(row):
    assert any(name.startswith(("rules.Policy.", "models.PolicyEdition")) for name in row.names)


@pytest.mark.parametrize("setting", policy_settings(), ids=lambda setting: setting.name)
def test_rule_of_every_policy_setting_is_not_out_of_scope(setting):
    (row,) = [row for row in rows() if row.rule == setting.rule]

    assert row.status != "out of scope"


def test_every_worked_example_has_its_page_and_its_test():
    section = PAGE.split("## Worked examples")[1]
    addresses = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    covered = []
    for line in section.splitlines():
        if match := re.match(r"\| ([TDO]\d[^|]*)\|", line):
            covered += expand(match.group(1))
            pages, tests = line.strip("|").split("|")[2:]
            named = set(re.findall(r"`(\w+)`", pages))
            assert named
            assert named <= addresses
            assert "/views/" in tests

    assert covered == EXAMPLES
    assert missing_tests(section) == []


def expand(cell: str) -> list[str]:
    """ "T1 to T18" and "O5, O6" are what they say."""
    found = re.findall(r"([TDO])(\d+)", cell)
    if " to " not in cell:
        return [f"{letter}{number}" for letter, number in found]
    (letter, first), (_, last) = found
    return [f"{letter}{number}" for number in range(int(first), int(last) + 1)]


def test_the_check_itself_notices_what_does_not_exist():
    assert not exists("rules.no_such_function")
    assert not exists("no_such_module.anything")
    assert missing_tests("`appraisals/test_rules_dates.py::test_nothing`") == [
        "appraisals/test_rules_dates.py::test_nothing"
    ]
