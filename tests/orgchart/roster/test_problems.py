"""Every kind of bad file: what is said about it, and that it changes nothing."""

import pytest

from orgchart.models import Assignment, Organization, OrgEvent, Person
from orgchart.roster import Counts
from tests.factories import AssignmentFactory, PersonFactory
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

NOBODY = "9999999999"


def found(outcome) -> list[tuple[str, int, str, str]]:
    """Where each problem is; and nothing was written."""
    assert not outcome.applied
    assert outcome.counts == Counts()
    assert outcome.problem_count == len(outcome.problems)
    assert not OrgEvent.objects.exists()
    assert not Person.objects.filter(dod_id=EMPLOYEE).exists()
    return [(p.file, p.line, p.column, p.value) for p in outcome.problems]


BAD_CELLS = [
    ("dod_id", "123", "ten digits"),
    ("dod_id", "12345678901", "ten digits"),
    ("dod_id", "١٢٣٤٥٦٧٨٩٠", "ten digits"),
    ("dod_id", "", "must not be empty"),
    ("last_name", "", "must not be empty"),
    ("last_name", "x" * 101, "101 characters"),
    ("first_name", "Ana\x07", "cannot be shown"),
    ("first_name", "Ana\x00", "cannot be shown"),
    ("middle_name", "x" * 101, "101 characters"),
    ("email", "nobody", "not an e-mail address"),
    ("email", "a b@example.mil", "not an e-mail address"),
    ("email", "", "must not be empty"),
    ("email", "a" * 250 + "@x.mil", "at most 254"),
    ("organization_code", "", "must not be empty"),
    ("organization_code", "NOWHERE", "no organization with this code"),
    ("position_title", "", "must not be empty"),
    ("position_title", "x" * 201, "201 characters"),
    ("position_number", "x" * 41, "41 characters"),
    ("pay_plan", "LONGER", "at most 4"),
    ("occupational_series", "56", "four digits"),
    ("occupational_series", "05A0", "four digits"),
    ("grade", "", "must not be empty"),
    ("step", "12345", "at most 4"),
    ("duty_station", "", "must not be empty"),
    ("supervisor_dod_id", "12", "ten digits"),
    ("supervisor_dod_id", NOBODY, "no person with this DoD ID"),
    ("supervisor_dod_id", EMPLOYEE, "above itself"),
    ("supervisor_dod_id", "", "Only one person has nobody above"),
    ("is_supervisor", "yes", "one of: Y, N"),
    ("bargaining_unit", "x" * 11, "at most 10"),
    ("position_start_date", "01/02/2024", "not a date like"),
    ("position_start_date", "20240201", "not a date like"),
    ("position_start_date", "2024-02-30", "no such day"),
    ("position_start_date", "0001-01-01", "cannot be right"),
    ("position_start_date", "", "must not be empty"),
    ("covered", "y", "one of: Y, N"),
    ("covered", "", "one of: Y, N"),
    ("exclusion_reason", "Because", "the person is covered"),
]


@pytest.mark.parametrize(("column", "value", "said"), BAD_CELLS)
def test_bad_value_of_an_employee(column, value, said):
    outcome = imported(employee_rows=employees(changed={EMPLOYEE: {column: value}}))
    found(outcome)
    first = next(p for p in outcome.problems if p.column == column and p.line == 2)
    assert (first.file, first.value) == ("employees.csv", value[:200])
    assert said in first.message


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("code", "", "must not be empty"),
        ("code", "x" * 41, "41 characters"),
        ("name", "", "must not be empty"),
        ("name", "x" * 201, "201 characters"),
        ("kind", "squad", "one of: department, component"),
        ("parent_code", "NOWHERE", "no organization with this code"),
        ("parent_code", "TWO", "above itself"),
        ("parent_code", "", "line 2 is it"),
        ("head_dod_id", "1", "ten digits"),
        ("head_dod_id", NOBODY, "no person with this DoD ID"),
    ],
)
def test_bad_value_of_an_organization(column, value, said):
    outcome = imported(organizations(TWO={column: value}))
    assert found(outcome)[0] == ("organizations.csv", 4, column, value[:200])
    assert said in outcome.problems[0].message


def test_excluded_without_a_reason():
    outcome = imported(employee_rows=employees(changed={EMPLOYEE: {"covered": "N"}}))
    assert found(outcome) == [("employees.csv", 2, "exclusion_reason", "")]


@pytest.mark.parametrize(
    ("column", "value"), [("dod_id", OFFICIAL), ("email", f"{OFFICIAL}@EXAMPLE.mil")]
)
def test_doubled_key_of_an_employee(column, value):
    again = {**employee("1000000009", "Twice", "ONE", LEADER), column: value}
    outcome = imported(employee_rows=employees(again))
    assert ("employees.csv", 5, column, value) in found(outcome)
    assert any("line 3 already" in p.message for p in outcome.problems)


def test_doubled_code():
    outcome = imported(organizations({**ORGANIZATIONS[1], "name": "Other"}))
    assert found(outcome) == [("organizations.csv", 5, "code", "ONE")]


def test_email_of_somebody_who_is_not_in_the_file():
    PersonFactory(email="taken@example.mil")
    outcome = imported(employee_rows=employees(changed={EMPLOYEE: {"email": "Taken@example.mil"}}))
    assert found(outcome) == [("employees.csv", 2, "email", "Taken@example.mil")]


def test_loop_of_organizations_names_every_row_in_it():
    outcome = imported(organizations(ONE={"parent_code": "TWO"}, TWO={"parent_code": "ONE"}))
    assert found(outcome) == [
        ("organizations.csv", 3, "parent_code", "TWO"),
        ("organizations.csv", 4, "parent_code", "ONE"),
    ]
    assert "ONE -> TWO -> ONE" in outcome.problems[0].message


def test_loop_of_supervision_names_every_row_in_it():
    outcome = imported(employee_rows=employees(changed={OFFICIAL: {"supervisor_dod_id": EMPLOYEE}}))
    assert found(outcome) == [
        ("employees.csv", 2, "supervisor_dod_id", OFFICIAL),
        ("employees.csv", 3, "supervisor_dod_id", EMPLOYEE),
    ]


def test_loop_through_somebody_who_is_only_held():
    held = AssignmentFactory(employee__dod_id="1000000008").employee
    boss = PersonFactory(dod_id=OFFICIAL)
    Assignment.objects.filter(employee=held).update(supervisor=boss)
    outcome = imported(
        employee_rows=employees(changed={OFFICIAL: {"supervisor_dod_id": held.dod_id}})
    )
    assert found(outcome) == [("employees.csv", 3, "supervisor_dod_id", held.dod_id)]


def test_supervisor_who_has_left():
    gone = AssignmentFactory(ends_on="2026-01-01").employee
    outcome = imported(
        employee_rows=employees(changed={EMPLOYEE: {"supervisor_dod_id": gone.dod_id}})
    )
    assert found(outcome) == [("employees.csv", 2, "supervisor_dod_id", gone.dod_id)]
    assert "has left" in outcome.problems[0].message


def test_supervisor_who_would_be_separated():
    going = AssignmentFactory().employee
    rows = employees(changed={EMPLOYEE: {"supervisor_dod_id": going.dod_id}})
    assert found(imported(employee_rows=rows, separate_missing=True))[0][1] == 2


def test_assignment_after_the_day_of_the_file():
    ahead = AssignmentFactory(starts_on="2027-05-01").employee
    boss = employee(ahead.dod_id, "Ahead", "ONE", LEADER)
    assert found(imported(employee_rows=employees(boss))) == [
        ("employees.csv", 5, "", ahead.dod_id)
    ]


def test_missing_column():
    columns = [name for name in EMPLOYEES[0] if name != "email"]
    assert ("employees.csv", 1, "email", "") in found(
        imported(employee_rows=csv_of(EMPLOYEES, columns))
    )


def test_doubled_column():
    columns = [*EMPLOYEES[0], "email"]
    assert ("employees.csv", 1, "email", "") in found(
        imported(employee_rows=csv_of(EMPLOYEES, columns))
    )


def test_another_order_and_more_columns_are_no_problem():
    columns = [*reversed(list(EMPLOYEES[0]))]
    content = csv_of([{**row, "extra": "x"} for row in EMPLOYEES], [*columns, "extra"])
    assert imported(employee_rows=content).applied


def test_empty_file():
    assert ("organizations.csv", 1, "", "") in found(imported(b""))


def test_row_with_too_few_values_does_not_blame_who_refers_to_it():
    content = csv_of(EMPLOYEES).replace(b"Reid,Ana,,", b"Reid,Ana,")
    assert found(imported(employee_rows=content)) == [("employees.csv", 3, "", "")]


def test_bytes_that_are_not_utf_8():
    content = csv_of(EMPLOYEES).replace("ú".encode(), b"\xfa")
    assert found(imported(employee_rows=content))[0] == ("employees.csv", 2, "", "")


def test_unclosed_quote():
    content = csv_of(EMPLOYEES).replace(b"Reid", b'"Reid')
    outcome = imported(employee_rows=content)
    assert ("employees.csv", 3, "", "") in found(outcome)
    assert any("cannot be read as CSV" in p.message for p in outcome.problems)


def test_line_is_the_editors_even_after_a_value_over_two_lines():
    content = csv_of(EMPLOYEES).replace(b"Maryland", b'"Mary\nland"', 1).replace(b"Reid", b"", 1)
    places = found(imported(employee_rows=content))
    assert ("employees.csv", 2, "duty_station", "Mary\nland") in places
    assert ("employees.csv", 4, "last_name", "") in places


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
def test_line_with_any_line_ending_and_blank_lines(newline):
    content = csv_of(EMPLOYEES).replace(b"\r\n", b"\r\n\r\n").replace(b"Reid", b"")
    outcome = imported(employee_rows=content.replace(b"\r\n", newline))
    assert found(outcome) == [("employees.csv", 5, "last_name", "")]


def test_every_bad_row_is_listed_organizations_first():
    rows = employees(
        changed={
            EMPLOYEE: {"covered": "?", "grade": ""},
            OFFICIAL: {"position_start_date": "soon"},
        }
    )
    assert found(imported(organizations(TWO={"kind": "squad"}), rows)) == [
        ("organizations.csv", 4, "kind", "squad"),
        ("employees.csv", 2, "covered", "?"),
        ("employees.csv", 2, "grade", ""),
        ("employees.csv", 3, "position_start_date", "soon"),
    ]
    assert not Organization.objects.exists()


def test_long_value_is_cut_in_the_report():
    outcome = imported(employee_rows=employees(changed={EMPLOYEE: {"last_name": "x" * 5000}}))
    assert len(outcome.problems[0].value) == 200


def test_second_person_without_a_supervisor():
    second = employee("1000000009", "Other", "TOP", "")
    assert found(imported(employee_rows=employees(second))) == [
        ("employees.csv", 5, "supervisor_dod_id", "")
    ]
