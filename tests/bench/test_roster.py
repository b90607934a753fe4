import datetime as dt
from pathlib import Path

import pytest

from bench.roster import write_roster
from orgchart import roster
from orgchart.models import Assignment, Organization, Person


@pytest.mark.django_db
def test_invented_department_is_a_valid_roster_of_the_wanted_size(tmp_path: Path) -> None:
    write_roster(tmp_path, people=400)
    source = roster.Source(tmp_path / "organizations.csv", tmp_path / "employees.csv")
    outcome = roster.import_roster(source, by=None, effective_on=dt.date(2025, 1, 1))
    assert outcome.applied
    assert Person.objects.count() == 400
    assert Organization.objects.filter(head=None).count() == 0
    assert Assignment.objects.filter(supervisor=None).count() == 1


def test_same_department_every_time(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        write_roster(tmp_path / name, people=120)
    first, second = (
        (tmp_path / name / "employees.csv").read_bytes() for name in ("first", "second")
    )
    assert first == second
