"""DD Form 2906, block by block, as far as its blocks are known (R15)."""

import re

import pytest

from appraisals.models import Kind, State
from appraisals.pdf import form_html
from orgchart import clock
from tests.cast import PRACTICE_DAY, VALUES, Cast, make_cast, make_document

TITLE = "Department of Defense Civilian Performance Plan, Progress Review and Appraisal"
PART_A = [
    ("1a. Appraisal period: start date", "1 April 2026"),
    ("1b. Appraisal period: end date", "31 March 2027"),
    ("1c. Rating of record: effective date", "1 June 2027"),
    ("2. Employee name", "Employee, Maria"),
    ("3. DoD ID number", "2000000011"),
    ("4. Position title and position description code", "Firefighter · P-100"),
    ("5. Pay plan, occupational code, grade and step", "GS-0081-08, step 3"),
    ("6. Organization", "Fire Division"),
    ("7. Duty station", "Fort Calloway, Virginia"),
]
BLOCK = re.compile(r'<span class="label">([^<]*)</span>\n([^<]*)</p>')


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def form(cast: Cast) -> str:
    appraisal = make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED).appraisal
    with clock.frozen(PRACTICE_DAY):
        return form_html(appraisal, reader=cast.employee)


def blocks(form: str) -> list[tuple[str, str]]:
    return [(label, value.strip()) for label, value in BLOCK.findall(form)]


def headings(form: str) -> list[str]:
    found = re.findall(r"<h2[^>]*>(.*?)</h2>", form, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", heading).strip() for heading in found]


def test_title_r15_1(form: str) -> None:
    (title,) = re.findall(r"<h1[^>]*>(.*?)</h1>", form, re.DOTALL)
    assert title.strip() == TITLE


def test_cover_line_r15_2(form: str) -> None:
    assert blocks(form)[:3] == [
        ("Employee name", "Employee, Maria"),
        ("DoD ID number", "2000000011"),
        ("Year of appraisal", "FY 2027"),
    ]
    assert "If the employee declines to give the data, the supervisor completes the form." in form


def test_part_a_block_by_block_r15_3(form: str) -> None:
    assert blocks(form)[3:] == PART_A


def test_part_b_asks_each_party_for_each_discussion_r15_4(form: str) -> None:
    part = form[form.index("<b>Part B</b>") : form.index("<b>Part C</b>")]
    assert re.findall(r'<th scope="col">(.*?)</th>', part) == [
        "Discussion",
        "Rating official",
        "Higher level reviewer",
        "Employee",
    ]
    for discussion in ("Performance plan", "Progress review", "Annual appraisal"):
        assert f'<th scope="row">{discussion}\n' in part
    assert "certifies that the discussion took place" in part


def test_part_c_holds_values_and_goals_r15_5(form: str, cast: Cast) -> None:
    part = form[form.index("<b>Part C</b>") :]
    assert VALUES in part
    for goal in cast.goals:
        assert goal.title in part


def test_no_block_is_invented_after_part_c_r15_6(form: str) -> None:
    known = ["Part A", "Part B", "Part C"]
    assert [heading[:6] for heading in headings(form) if heading.startswith("Part ")] == known
    after = form[form.index("<b>Part C</b>") :]
    assert blocks(after) == []
