"""A first load spares the trigger that keeps the standings: it could count nobody, and it is back afterwards."""

import pytest
from django.db import IntegrityError

from appraisals import rollups
from appraisals.models import RecordStanding
from orgchart.models import Organization, Person
from orgchart.roster import aside, first
from tests.appraisals.rows import make_cycle
from tests.orgchart.roster.files import LEADER, OFFICIAL, employee, employees, imported
from tests.orgchart.roster.tables import triggers

pytestmark = pytest.mark.django_db


def test_there_is_no_cycle_before_there_is_an_organization():
    with pytest.raises(IntegrityError, match="organization_id"):
        make_cycle(None)


def test_what_is_spared_is_a_trigger_that_is_there():
    assert set(first.SPARED) < triggers()


def test_whoever_comes_is_counted_from_the_first_cycle_on(monkeypatch):
    monkeypatch.setattr(aside, "FEWEST", 1)
    assert imported().applied
    assert not RecordStanding.objects.exists()
    make_cycle(Organization.objects.get(code="TOP"))
    standing = RecordStanding.objects.values_list("employee__dod_id", flat=True)
    covered = set(Person.objects.exclude(dod_id=LEADER).values_list("dod_id", flat=True))
    assert set(standing) == covered
    assert imported(employee_rows=employees(employee("1000000077", "New", "ONE", OFFICIAL))).applied
    assert set(standing.all()) == covered | {"1000000077"}
    assert not rollups.check(10)
