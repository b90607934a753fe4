"""What the documents say is so: tables, names and paths are held to the code."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from appraisals.demonstration.people import PEOPLE
from appraisals.demonstration.place import PASSWORD
from appraisals.models import CONFIDENTIAL, PLANNING, Kind, State
from appraisals.workflow import TRANSITIONS, Transition
from orgchart.roster.cells import EMPLOYEE_CELLS, organization_cells
from tests.dpmap.test_deployment import required, variables_read

ROOT = Path(settings.BASE_DIR)
README = (ROOT / "README.md").read_text()
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()
ROSTER = (ROOT / "docs" / "roster.md").read_text()
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text()
    for path in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))
}


def rows(text: str, *, under: str) -> list[list[str]]:
    """The cells of the table whose header begins with `under`."""
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith(f"| {under} |"):
            break
    next(lines)
    found = []
    for line in lines:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def codes(cell: str) -> list[str]:
    return re.findall(r"`(\w+)`", cell)


# ----------------------------------------------------------------------------------- life cycle


APPLIES = {
    "_needs_no_review": "without higher level review",
    "_takes_approvals_from_outside": "where policy allows it",
    "_has_somebody_elses_word": "to what others entered",
    "_is_written_here": "nor on paper",
    "_is_mandatory": "with a mandatory element",
    "_is_its_writers": "without a mandatory element",
    "_nothing_rests_on_it": "that nothing rests on",
    "_is_owed_no_more": "that is owed no more",
    "needs_review": "with higher level review",
}
OF_KINDS = {
    frozenset(Kind): "",
    frozenset(Kind) - PLANNING - frozenset(CONFIDENTIAL): "not to a plan,",
    frozenset(CONFIDENTIAL): "to work that is not good enough",
    frozenset({Kind.PLAN_CHANGE}): "to a plan change",
    frozenset({Kind.PERFORMANCE_PLAN}): "to a plan",
    frozenset({Kind.NARRATIVE_STATEMENT}): "to a narrative statement",
}


def applies(row: Transition) -> str:
    return f"{OF_KINDS[row.kinds]} {APPLIES.get(row.when.__name__, '')}".strip()


def test_the_table_of_steps_is_the_one_in_force():
    in_force = [
        [
            f"`{row.name}`",
            ", ".join(sorted(row.sources)),
            str(row.moves_to.value if row.moves_to else "as it is"),
            row.who.value,
            row.asks,
            applies(row),
            row.for_whom.value if row.for_whom else "",
            "yes" if row.on_paper else "",
            ", ".join(f"{party.value}: {kind}" for party, kind in row.tells.items()),
        ]
        for row in TRANSITIONS.values()
    ]
    assert rows(ARCHITECTURE, under="Step") == in_force


def test_the_drawing_of_states_is_the_one_in_force():
    drawn = re.findall(r"^  (\w+) --> (\w+): (\w+)$", ARCHITECTURE, re.MULTILINE)
    in_force = {
        (source.value, row.moves_to.value, row.name)
        for row in TRANSITIONS.values()
        if row.moves_to
        for source in row.sources
    }
    assert sorted(drawn) == sorted(in_force)
    assert f"  [*] --> {State.DRAFT.value}" in ARCHITECTURE
    for last in (State.ACKNOWLEDGED, State.CLOSED):
        assert f"  {last.value} --> [*]" in ARCHITECTURE


def test_the_layers_are_those_of_the_contract():
    (line,) = re.findall(r"^    (urls > .*)$", ARCHITECTURE, re.MULTILINE)
    contract = (ROOT / "pyproject.toml").read_text().split('id = "layers"')[1]
    layers = re.findall(r'^  "(\(.*\))",$', contract, re.MULTILINE)
    assert line.split(" > ") == [re.sub(r"[()]", "", layer) for layer in layers]


# ---------------------------------------------------------------------------------------- readme


def test_every_variable_that_is_read_is_explained():
    explained = [name for row in rows(README, under="Variable") for name in codes(row[0])]
    assert sorted(explained) == sorted(variables_read())


def test_what_production_must_be_told_is_marked():
    marked = {
        name
        for variables, _, without in rows(README, under="Variable")
        for name in codes(variables)
        if without == "**must**"
    }
    assert marked == required()


def test_everybody_named_can_sign_in():
    named = [row[0] for row in rows(README, under="Sign in as")]
    known = {person.email for person in PEOPLE}
    assert set(named) <= known
    assert len(named) == 5
    assert f"`{PASSWORD}`" in README


def test_every_command_named_exists():
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    commands = {path.stem for path in ROOT.glob("*/management/commands/[a-z]*.py")}
    named = set(re.findall(r"manage\.py (\w+)", "".join(PAGES.values())))
    assert set(re.findall(r"\bmake ([a-z-]+)\b", README)) - {"alone"} <= set(targets)
    assert named - {"changepassword", "shell"} <= commands


# ----------------------------------------------------------------------------------- all of them


def test_the_roster_has_the_columns_that_are_read():
    organizations, employees = ROSTER.split("**employees.csv**")
    for text, cells_of in ((organizations, organization_cells([])), (employees, EMPLOYEE_CELLS)):
        named = [name for cells in rows(text, under="Column") for name in codes(cells[0])]
        assert sorted(named) == sorted(cells_of)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    folder = (ROOT / page).parent
    linked = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", PAGES[page])
    assert [link for link in linked if not (folder / link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_files_named_exist(page):
    named = re.findall(
        r"`((?:dpmap|orgchart|appraisals|tests|docs|templates|static|scripts|bench)/[\w./-]*)`",
        PAGES[page],
    )
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize(
    "picture", sorted((ROOT / "docs" / "images").iterdir()), ids=lambda path: path.stem
)
def test_pictures_are_used_and_small(picture):
    png = picture.read_bytes()
    assert picture.relative_to(ROOT).as_posix() in README
    assert len(png) < 250_000
    assert int.from_bytes(png[16:20]) == 1280
