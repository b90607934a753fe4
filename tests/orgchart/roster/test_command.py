import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from orgchart.models import Assignment, Person
from tests.orgchart.roster.files import EMPLOYEE, EMPLOYEES, ORGANIZATIONS, csv_of, employees


@pytest.fixture
def files(tmp_path):
    def written(employee_rows=EMPLOYEES) -> list[str]:
        organizations, people = tmp_path / "organizations.csv", tmp_path / "employees.csv"
        organizations.write_bytes(csv_of(ORGANIZATIONS))
        people.write_bytes(csv_of(employee_rows))
        return [str(organizations), str(people)]

    return written


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("import_roster", *arguments, stdout=out)
    return out.getvalue()


def test_import_prints_json(files):
    assert json.loads(run(*files(), "--json")) == {
        "applied": True,
        "organizations": {"created": 3, "changed": 0, "unchanged": 0},
        "employees": {"created": 3, "changed": 0, "unchanged": 0, "missing": 0},
        "problems": [],
    }


def test_import_again_prints_json(files):
    run(*files())
    again = json.loads(run(*files(), "--json"))
    assert again["employees"] == {"created": 0, "changed": 0, "unchanged": 3, "missing": 0}
    assert again["organizations"] == {"created": 0, "changed": 0, "unchanged": 3}


def test_dry_run_could_be_applied(files):
    assert not json.loads(run(*files(), "--json", "--dry-run"))["applied"]
    assert "Dry run: nothing was changed." in run(*files(), "--dry-run")
    assert not Person.objects.exists()


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_problems_print_json_and_exit_with_one(files, more):
    bad = files(employees(changed={EMPLOYEE: {"grade": ""}}))
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("import_roster", *bad, "--json", *more, stdout=out)
    printed = json.loads(out.getvalue())
    assert ended.value.code == 1
    assert not printed["applied"]
    assert printed["problems"] == [
        {
            "file": "employees.csv",
            "line": 2,
            "column": "grade",
            "value": "",
            "message": "This must not be empty.",
        }
    ]


def test_problems_in_words(files):
    bad = files(employees(changed={EMPLOYEE: {"grade": ""}}))
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("import_roster", *bad, stdout=out)
    assert "employees.csv, line 2, grade '': This must not be empty." in out.getvalue()
    assert "1 problem. Nothing was changed." in out.getvalue()


def test_missing_people_in_words(files):
    run(*files())
    said = run(*files(EMPLOYEES[1:]))
    assert "1 missing from the file" in said
    assert f"Missing: {EMPLOYEE} Núñez, Ana" in said


def test_effective_on_and_separation(files):
    run(*files())
    run(*files(EMPLOYEES[1:]), "--effective-on", "2027-06-01", "--separate-missing")
    assert str(Assignment.objects.get(employee__dod_id=EMPLOYEE).ends_on) == "2027-05-31"


def test_file_that_is_not_there(files):
    with pytest.raises(CommandError, match="No such file"):
        run(files()[0], "nowhere.csv")


def test_day_that_is_none(files):
    with pytest.raises(CommandError, match="effective-on"):
        run(*files(), "--effective-on", "soon")
