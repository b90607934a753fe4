"""Kept head counts say what a count would say, at any moment."""

import random
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from orgchart import clock, headcounts, services
from orgchart.models import (
    Assignment,
    DirectoryDue,
    DirectoryEntry,
    Headcount,
    HeadcountChange,
    Kept,
    Organization,
)
from orgchart.tasks import keep_people_found
from tests.factories import AssignmentFactory, OrganizationFactory

pytestmark = pytest.mark.django_db
DAY = date(2027, 4, 6)


def same(on=DAY) -> dict[int, tuple[int, int]]:
    units = list(Organization.objects.values_list("pk", flat=True))
    read = headcounts.headcounts(units, on=on)
    assert read == headcounts.counted(units, on=on)
    return read


def test_here_and_below(department):
    for _ in range(2):
        counts = same()
        assert counts[department.top.pk] == (1, 6)
        assert counts[department.command.pk] == (1, 5)
        assert counts[department.branch.pk] == (3, 3)
        headcounts.fold(on=DAY)
    assert headcounts.headcounts([], on=DAY) == {}


def test_an_empty_unit_has_nobody(department):
    headcounts.fold(on=DAY)
    assert headcounts.headcounts([OrganizationFactory().pk], on=DAY).popitem()[1] == (0, 0)


def test_from_the_day_on(department):
    """Who joins, moves or leaves ahead of time is counted from that day, swept or not."""
    AssignmentFactory(organization=department.branch, starts_on=DAY + timedelta(days=5))
    leaving = Assignment.objects.get(employee=department.employee)
    leaving.ends_on = DAY + timedelta(days=9)
    leaving.save()
    for sweep in (False, True):
        if sweep:
            headcounts.fold(on=DAY)
        for days, people in [(0, 6), (4, 6), (5, 7), (9, 7), (10, 6)]:
            assert same(DAY + timedelta(days=days))[department.top.pk][1] == people
    headcounts.fold(on=DAY + timedelta(days=20))
    assert same(DAY + timedelta(days=20))[department.top.pk][1] == 6
    assert same(DAY + timedelta(days=5))[department.top.pk][1] == 7, "the practice date goes back"


def test_a_unit_that_moves_takes_its_people_along(department):
    headcounts.fold(on=DAY)
    services.move_organization(department.branch, parent=department.other_branch, by=None)
    assert same()[department.other_branch.pk] == (1, 4)
    headcounts.fold(on=DAY)
    assert not HeadcountChange.objects.filter(day__lte=DAY).exists()
    assert same()[department.other_branch.pk] == (1, 4)


def test_reading_folded_numbers_is_one_query(department, django_assert_num_queries):
    headcounts.fold(on=DAY)
    with django_assert_num_queries(1):
        headcounts.headcounts([department.top.pk, department.branch.pk], on=DAY)


def test_nothing_is_written_when_nothing_changed(department):
    headcounts.fold(on=DAY)
    Assignment.objects.filter(employee=department.employee).update(step="9")
    headcounts.fold(on=DAY)
    headcounts.fold(on=DAY)
    assert Headcount.objects.get(organization=department.top).below == 6


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens(department, seed):
    """Random changes, moves and sweeps, also with the clock going back: always what a count says."""
    chance = random.Random(seed)  # noqa: S311
    units = [department.top, department.command, department.branch, department.other_branch]
    on = DAY
    for _ in range(25):
        match chance.randrange(6):
            case 0:
                days = chance.randrange(-30, 60)
                AssignmentFactory(
                    organization=chance.choice(units), starts_on=on + timedelta(days=days)
                )
            case 1:
                held = chance.choice(list(Assignment.objects.all()))
                held.ends_on = max(held.starts_on, on + timedelta(days=chance.randrange(-9, 30)))
                held.save()
            case 2:
                held = chance.choice(list(Assignment.objects.all()))
                held.organization = chance.choice(units)
                held.save()
            case 3:
                unit, parent = chance.sample(units[1:], 2)
                parent.refresh_from_db()
                unit.refresh_from_db()
                if not unit.contains(parent):
                    services.move_organization(unit, parent=parent, by=None)
            case 4:
                headcounts.fold(on=on)
            case _:
                Assignment.objects.filter(
                    pk=chance.choice(list(Assignment.objects.all())).pk
                ).delete()
                AssignmentFactory(organization=chance.choice(units))
        on += timedelta(days=chance.choice([0, 0, 1, 7, -3]))
        same(on)


def test_a_large_import_is_noted_in_one_row(department):
    """More than a sweep would count one by one; from then until the sweep the people are counted."""
    headcounts.fold(on=DAY)
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH made AS (
                INSERT INTO orgchart_person (dod_id, email, first_name, middle_name, last_name,
                    is_active, password, search_text)
                SELECT n, n || '@x.mil', 'A', '', 'B', true, '!', 'a b'
                FROM generate_series(5000000000, 5000020001) n RETURNING id
            ) INSERT INTO orgchart_assignment (employee_id, organization_id, position_title,
                position_number, pay_plan, occupational_series, grade, step, duty_station,
                is_supervisor, bargaining_unit, position_start_date, covered, exclusion_reason,
                starts_on)
            SELECT id, %s, 'T', '', 'GS', '0001', '01', '', '', false, '', %s, true, '', %s
            FROM made""",
            [department.branch.pk, DAY, DAY + timedelta(days=1)],
        )
    assert HeadcountChange.objects.filter(organization=None).count() == 2
    assert same()[department.top.pk][1] == 6
    headcounts.fold(on=DAY)
    assert same(DAY + timedelta(days=1))[department.top.pk][1] == 20_008


def test_the_worker_and_the_command_sweep(department, capsys):
    keep_people_found.delay()
    kept = Kept.objects.get()
    assert kept.headcounts_on == kept.directory_on == clock.today()
    with clock.frozen(DAY):
        call_command("sweep_people")
        capsys.readouterr()
        DirectoryEntry.objects.filter(person=department.employee).delete()
        DirectoryDue.objects.create(person=department.employee)
        call_command("sweep_people")
    assert capsys.readouterr().out.startswith("1 entries written")
