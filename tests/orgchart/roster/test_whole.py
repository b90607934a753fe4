"""What a whole roster needs: files in pieces, shortcuts that change nothing, a first load, progress, every change in words."""

import io
from datetime import date

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from orgchart.models import Assignment, Organization, Person
from orgchart.roster import aside, files
from orgchart.roster.cells import EMPLOYEE_CELLS, organization_cells
from orgchart.rules import search_text
from tests.factories import OrganizationFactory
from tests.orgchart.roster.files import (
    EMPLOYEE,
    EMPLOYEES,
    LEADER,
    OFFICIAL,
    ORGANIZATIONS,
    csv_of,
    employee,
    employees,
    imported,
    organizations,
)
from tests.orgchart.roster.tables import schema

LATER = date(2027, 6, 1)
CELLS = {**EMPLOYEE_CELLS, **organization_cells(["command", "branch"])}
VALUES = st.one_of(
    st.text(max_size=12),
    st.text("=+-@ \"',.0123456789YNab", max_size=12),
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True),
    st.from_regex(r"[a-z.'_-]{1,9}@[a-z.-]{1,9}\.mil", fullmatch=True),
    st.sampled_from(["", "x" * 40, "x" * 41, "x" * 200, "x" * 201, "1000000001", "1900-02-29"]),
)
NAMES = st.text(st.sampled_from("AbcZ -'’.éñØßŁİıﬁ™ǅΣ中٣_"), min_size=1, max_size=12).filter(
    lambda name: name == name.strip() and name[0] != "-"
)


@given(st.sampled_from(sorted(name for name in CELLS if CELLS[name].usual)), VALUES)
def test_what_passes_at_first_sight_is_right(column, value):
    cell = CELLS[column]
    assert not (
        cell.usual.fullmatch(f"{value}\n") and (cell.check(value) or value != value.strip())
    )


def test_ordinary_values_pass_at_first_sight():
    for rows in (EMPLOYEES, ORGANIZATIONS):
        for name in rows[0]:
            if usual := CELLS[name].usual:
                assert usual.fullmatch("".join(f"{row[name]}\n" for row in rows if row[name]))


@given(st.lists(st.tuples(NAMES, NAMES, NAMES), min_size=1, max_size=5))
def test_search_text_is_the_one_of_the_rules(names):
    more = [
        employee(
            f"20000000{number:02d}",
            last,
            "ONE",
            OFFICIAL,
            first_name=first,
            middle_name=middle,
            email=f"{'a.b-c' if number % 2 else 'A__b+'}{number}@Example.mil",
        )
        for number, (first, middle, last) in enumerate(names)
    ]
    with transaction.atomic():
        assert imported(employee_rows=employees(*more)).applied
        for held in Person.objects.all():
            texts = (held.first_name, held.middle_name, held.last_name)
            assert held.search_text == search_text(
                names=texts, dod_id=held.dod_id, email=held.email
            )
        transaction.set_rollback(True)


@pytest.mark.parametrize("piece", [1, 7, 100])
def test_a_file_read_in_small_pieces_is_the_same_file(monkeypatch, piece):
    monkeypatch.setattr(files, "PIECE", piece)
    content = csv_of(EMPLOYEES).replace(b"Maryland", b'"Mary\r\nland"', 1)
    places = [(found.line, found.column) for found in imported(employee_rows=content).problems]
    assert places == [(2, "duty_station")]
    assert imported().applied


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04" + b"\x00\xff" * 900, "a ZIP archive or an Excel workbook"),
        ("dod_id,last_name".encode("utf-16"), "UTF-16"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_another_kind_of_file_is_called_by_its_name(content, said):
    outcome = imported(employee_rows=content)
    assert [(found.file, found.line) for found in outcome.problems][-1:] == [("employees.csv", 1)]
    assert said in outcome.problems[-1].message


@pytest.mark.parametrize("value", ['=HYPERLINK("x")', "+1", "@SUM(A1)", "-2+3"])
def test_formulas_are_refused(value):
    outcome = imported(employee_rows=employees(changed={EMPLOYEE: {"position_title": value}}))
    assert [(found.line, found.column, found.value) for found in outcome.problems] == [
        (2, "position_title", value)
    ]
    assert "as a formula does" in outcome.problems[0].message


def test_ten_thousand_bad_rows_are_counted_and_listed_in_order():
    bad = [employee(f"{number:010d}", "", "ONE", OFFICIAL) for number in range(10_000)]
    outcome = imported(employee_rows=employees(*bad))
    assert outcome.problem_count == 10_000
    assert [found.line for found in outcome.problems] == list(range(5, 1_005))
    everything = imported(employee_rows=employees(*bad), most_problems=None)
    assert [found.line for found in everything.problems] == list(range(5, 10_005))


def test_a_long_loop_is_cut_off():
    ring = [f"30000000{number:02d}" for number in range(9)]
    more = [
        employee(one, "Round", "ONE", above)
        for one, above in zip(ring, ring[1:] + ring[:1], strict=True)
    ]
    outcome = imported(employee_rows=employees(*more))
    assert outcome.problem_count == 9
    assert f"in a loop: {' -> '.join([*ring[:6], '...'])}." in outcome.problems[0].message


def test_progress_is_told_in_words():
    said = []
    imported(progress=lambda step, done, total: said.append(step))
    assert list(dict.fromkeys(said)) == [
        "Reading organizations",
        "Reading people",
        "Comparing",
        "Adding people",
        "Adding organizations",
        "Assigning people",
    ]


def test_progress_of_the_command_goes_beside_what_it_prints(tmp_path):
    names = []
    for name, rows in (("organizations.csv", ORGANIZATIONS), ("employees.csv", EMPLOYEES)):
        (tmp_path / name).write_bytes(csv_of(rows))
        names.append(str(tmp_path / name))
    out, beside = io.StringIO(), io.StringIO()
    call_command("import_roster", *names, "--json", stdout=out, stderr=beside)
    assert out.getvalue().startswith("{")
    assert "Assigning people" in beside.getvalue().splitlines()


def test_every_change_is_told_in_words():
    imported()
    told = []
    imported(
        organizations({**ORGANIZATIONS[1], "code": "NEW"}, TWO={"head_dod_id": EMPLOYEE}),
        [
            employee("1000000009", "Joiner", "NEW", LEADER),
            EMPLOYEES[0]
            | {"organization_code": "TWO", "supervisor_dod_id": LEADER, "last_name": "Ortega"},
            {**EMPLOYEES[2], "grade": "15"},
        ],
        effective_on=LATER,
        on_changes=told.extend,
    )
    moved = f"{EMPLOYEE}@example.mil"
    assert [tuple(change) for change in told] == [
        ("joined", "1000000009", "Joiner, Ana", "", "Budget Analyst, Branch One", "", "NEW"),
        ("moved", EMPLOYEE, "Ortega, Ana", "Branch One", "Branch Two", "ONE", "TWO"),
        ("supervisor", EMPLOYEE, "Ortega, Ana", "Reid, Ana", "Hart, Ana", OFFICIAL, LEADER),
        (
            "position",
            LEADER,
            "Hart, Ana",
            "Budget Analyst, GS-0560-11, step 4, Maryland",
            "Budget Analyst, GS-0560-15, step 4, Maryland",
            "",
            "",
        ),
        (
            "renamed",
            EMPLOYEE,
            "Ortega, Ana",
            f"Núñez, Ana, {moved}",
            f"Ortega, Ana, {moved}",
            "",
            "",
        ),
        ("missing", OFFICIAL, "Reid, Ana", "Budget Analyst, Branch One", "", "ONE", ""),
        (
            "organization_new",
            "NEW",
            "Branch One",
            "",
            f"Branch One (branch) under TOP, head {OFFICIAL}",
            "",
            "TOP",
        ),
        (
            "organization_changed",
            "TWO",
            "Branch Two",
            "Branch Two (branch) under TOP",
            f"Branch Two (branch) under TOP, head {EMPLOYEE}",
            "TOP",
            "TOP",
        ),
    ]


def test_what_raises_while_changes_are_told_undoes_the_import():
    class Refusal(Exception):  # noqa: N818
        pass

    def refuse(changes):
        raise Refusal

    with pytest.raises(Refusal):
        imported(on_changes=refuse)
    assert not Person.objects.exists()
    assert not Organization.objects.exists()


@pytest.fixture
def any_load_is_a_first_one(monkeypatch):
    monkeypatch.setattr(aside, "FEWEST", 1)


def test_a_first_load_leaves_the_same_rows_and_the_same_tables(any_load_is_a_first_one):
    before = schema()
    assert imported().applied
    assert schema() == before
    assert Organization.objects.get(code="ONE").path.count("/") == 3
    assert Assignment.objects.get(employee__dod_id=EMPLOYEE).supervisor.dod_id == OFFICIAL
    # Nothing is set aside where somebody is already.
    with connection.execute_wrapper(no_ddl):
        assert imported(employee_rows=employees(changed={EMPLOYEE: {"grade": "12"}})).applied


def no_ddl(execute, sql, params, many, context):
    assert not sql.startswith(("ALTER TABLE", "DROP INDEX", "CREATE INDEX"))
    return execute(sql, params, many, context)


def test_only_the_owner_of_the_tables_sets_anything_aside(any_load_is_a_first_one, monkeypatch):
    monkeypatch.setattr(aside, "OWNED", "SELECT %s::text[] IS NULL")
    with connection.execute_wrapper(no_ddl):
        assert imported().applied


MANY = """
    INSERT INTO orgchart_assignment (employee_id, supervisor_id, organization_id, position_title,
        position_number, pay_plan, occupational_series, grade, step, duty_station, is_supervisor,
        bargaining_unit, position_start_date, covered, exclusion_reason, starts_on, ends_on)
    SELECT p.id, {supervisor}, %(unit)s, 'Analyst', '', 'GS', '0343', '12', '', 'Here', false, '',
        '2024-01-01', true, '', {days}
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM orgchart_person) p, {times}"""


@pytest.fixture
def a_thousand(db) -> dict[str, int]:
    """Parameters of MANY."""
    people = [
        Person(dod_id=f"{number:010d}", email=f"{number}@x.mil", first_name="A", last_name="B")
        for number in range(1_100)
    ]
    first = min(person.pk for person in Person.objects.bulk_create(people))
    return {"unit": OrganizationFactory().pk, "first": first}


OPEN, ONCE = "date '2026-01-01', NULL::date", "(VALUES (1)) AS times (time)"
ABOVE = "CASE WHEN p.number > 1 THEN p.id - 1 END"


def put(values: dict[str, int], **parts: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MANY.format(**parts), values)


def test_a_long_chain_of_many_is_no_loop(a_thousand):
    put(a_thousand, supervisor=ABOVE, days=OPEN, times=ONCE)
    assert Assignment.objects.count() == 1_100


def test_a_loop_among_many_is_refused(a_thousand):
    ring = f"CASE WHEN p.id = %(first)s THEN p.id + 9 ELSE ({ABOVE}) END"
    with pytest.raises(IntegrityError, match="own chain of command"):
        put(a_thousand, supervisor=ring, days=OPEN, times=ONCE)


YEARS = "(VALUES (1), (2)) AS times (time)"
HALVES = """make_date(2024 + times.time, 1, 1),
    CASE times.time WHEN 1 THEN date '2025-12-31' + {days} ELSE NULL END"""


def test_many_with_a_history_may_turn_round(a_thousand):
    """The second of each two answers to the first in one year, the first to the second in the next."""
    turned = """CASE WHEN (p.number + times.time) %% 2 = 1 THEN NULL
        WHEN p.number %% 2 = 0 THEN p.id - 1 ELSE p.id + 1 END"""
    put(a_thousand, supervisor=turned, days=HALVES.format(days=0), times=YEARS)
    assert Assignment.objects.count() == 2_200


def test_many_that_overlap_are_refused(a_thousand):
    late = HALVES.format(days="CASE WHEN p.number = 700 THEN 1 ELSE 0 END")
    with pytest.raises(IntegrityError, match="two supervisors on one day"):
        put(a_thousand, supervisor="NULL::bigint", days=late, times=YEARS)
