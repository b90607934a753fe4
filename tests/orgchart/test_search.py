"""One box for people: every kind of word, any mix, and never anybody whom the searcher may not see."""

from datetime import timedelta

import pytest
from django.db import connection

from orgchart import directory, headcounts, search, services
from orgchart.models import Assignment, DirectoryDue, DirectoryEntry, Person, RoleGrant
from orgchart.rules import fold
from orgchart.search import find_people
from tests.factories import AssignmentFactory, OrganizationFactory, PersonFactory, RoleGrantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def hr(department):
    return RoleGrantFactory(organization=department.top, person__first_name="Hana").person


@pytest.fixture
def fire(department):
    """A unit with one firefighter in it."""
    unit = OrganizationFactory(code="CMD-FIRE", name="Fire and Émergency", parent=department.branch)
    AssignmentFactory(
        organization=unit,
        supervisor=department.rating_official,
        position_title="Firefighter (Paramedic)",
        occupational_series="0081",
        grade="07",
        employee__first_name="Ana-Lucía",
        employee__middle_name="Q",
        employee__last_name="De la Cruz",
        employee__dod_id="3000000007",
        employee__email="ana.dlc2@fire.example.mil",
    )
    return unit


def names(asked, user, day):
    return {person.first_name for person in find_people(asked, user, on=day).people}


@pytest.mark.parametrize(
    "asked",
    [
        "cruz",
        "CRUZ ana",
        "lucia de",
        "ana-lucia",
        "analucia",
        "de la cruz",
        "DelaC",
        "3000000007",
        "30000",
        "ana.dlc2@fire.example.mil",
        "dlc2",
        "firefighter",
        "paramedic cruz",
        "0081",
        "GS-0081-07",
        "gs 0081",
        "emerg",
        "émergency FIRE",
        "CMD-FIRE",
        "cmd-fire lucía",
        "cmd-f",
        "fire 0081 cruz 3000",
        "cruz cmd",
    ],
)
def test_one_person_by_every_kind_of_word(fire, hr, day, asked):
    assert names(asked, hr, day) == {"Ana-Lucía"}


@pytest.mark.parametrize(
    "asked",
    ["", "  ", "&|!:*()'\\ \"", "zzz", "cruz zzz", "ruz", "cruz 0560", "/left", "left", "' | 'x"],
)
def test_nobody(fire, hr, day, asked):
    assert names(asked, hr, day) == set()


def test_the_code_of_a_unit_finds_the_people_of_all_below(fire, department, hr, day):
    assert names("CMD-1", hr, day) == {"Maria", "Cole", "Omar", "Ana-Lucía"}
    assert names("cmd-2", hr, day) == {"Sven"}
    assert names("top hart", hr, day) == {"Lena"}


def test_last_names_that_begin_so_come_first(department, hr, day):
    for first, last in [("Hart", "Zimmer"), ("Zoe", "Hartman"), ("Abe", "Hart")]:
        AssignmentFactory(
            organization=department.branch, employee__first_name=first, employee__last_name=last
        )
    found = find_people("hart", hr, on=day).people
    assert [person.last_name for person in found] == ["Hart", "Hart", "Hartman", "Zimmer"]


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("employee", {"Maria", "Cole", "Omar", "Rosa", "Lena"}),
        ("rating_official", {"Maria", "Cole", "Omar", "Rosa", "Lena"}),
        ("stranger", {"Sven", "Lena"}),
        ("leader", {"Maria", "Cole", "Omar", "Rosa", "Lena", "Sven"}),
    ],
)
def test_finds_exactly_whom_one_may_see(department, day, who, seen):
    user = getattr(department, who)
    assert names("budget", user, day) == seen
    assert seen == {person.first_name for person in Person.objects.visible_to(user, on=day)}


@pytest.mark.parametrize("role", ["hr_administrator", "auditor"])
@pytest.mark.parametrize("swept", [False, True])
def test_a_scope_and_nothing_beside_it(department, day, role, swept):
    if swept:
        headcounts.fold(on=day)
        directory.sweep(on=day)
    user = RoleGrantFactory(role=role, organization=department.branch).person
    assert names("budget", user, day) == {"Maria", "Cole", "Omar"}
    assert names("sven", user, day) == set()
    assert names("budget", user, day - timedelta(days=3000)) == set()


def test_a_system_administrator_finds_nobody(department, day):
    grant = RoleGrantFactory(role=RoleGrant.Role.SYSTEM_ADMINISTRATOR, organization=department.top)
    assert names("budget", grant.person, day) == set()


def test_who_left_is_found_by_hr_in_scope_only(department, hr, day):
    services.separate(department.employee, on=day - timedelta(days=1), by=None)
    directory.sweep(on=day)
    elsewhere = RoleGrantFactory(organization=department.other_branch).person
    auditor = RoleGrantFactory(
        organization=department.top, role=RoleGrant.Role.AUDITOR, person__first_name="Asa"
    ).person
    assert names("ortega", hr, day) == {"Maria"}
    for user in (elsewhere, auditor, department.leader, department.colleague, department.employee):
        assert names("ortega", user, day) <= {"Maria"} - (
            {"Maria"} if user != department.employee else set()
        )


def test_more_than_is_shown(department, hr, day, monkeypatch):
    monkeypatch.setattr(search, "MOST", 3)
    found = find_people("budget", hr, on=day)
    assert found.more
    assert len(found.people) == 3
    assert not find_people("budget ortega", hr, on=day).more


def test_a_beginning_of_very_many_dod_ids(department, hr, day, monkeypatch):
    monkeypatch.setattr(search, "MOST", 3)
    found = find_people(department.employee.dod_id[:5], hr, on=day)
    assert found.more
    assert names(f"{department.employee.dod_id[:5]} ortega", hr, day) == {"Maria"}


@pytest.mark.parametrize("common", [0, 2, 25_000])
@pytest.mark.parametrize("forms", [0, 60])
def test_the_plan_changes_nothing_of_what_is_found(
    fire, department, day, monkeypatch, common, forms
):
    """Whatever is looked up in the index and whatever is read off the entries."""
    monkeypatch.setattr(search, "COMMON", common)
    monkeypatch.setattr(search, "FEW", common)
    monkeypatch.setattr(search, "MOST_FORMS", forms)
    directory.sweep(on=day)
    headcounts.fold(on=day)
    user = RoleGrantFactory(organization=department.branch).person
    for asked, found in [
        ("budget", {"Maria", "Cole", "Omar"}),
        ("b mar", {"Maria"}),
        ("fire cruz", {"Ana-Lucía"}),
        ("gs 3000000007", {"Ana-Lucía"}),
        ("b sven", set()),
    ]:
        assert names(asked, user, day) == found


def test_what_changes_is_found_at_once(fire, department, hr, day):
    services.move_organization(fire, parent=department.other_branch, by=None)
    assert names("cmd-2", hr, day) == {"Sven", "Ana-Lucía"}
    person = Person.objects.get(dod_id="3000000007")
    person.last_name = "Quist"
    person.refresh_search_text()
    person.save()
    assert names("cruz", hr, day) == set()
    assert names("quist", hr, day) == {"Ana-Lucía"}
    fire.name = "Rescue"
    fire.save()
    assert names("rescue", hr, day) == {"Ana-Lucía"}
    Assignment.objects.filter(employee=person).update(position_title="Welder")
    assert names("welder rescue", hr, day) == {"Ana-Lucía"}
    assert names("paramedic", hr, day) == set()


def test_many_changes_wait_for_the_sweep(department, hr, day):
    people = PersonFactory.create_batch(3)
    Assignment.objects.bulk_create(
        AssignmentFactory.build(employee=people[n % 3], organization=department.branch,
            starts_on=day - timedelta(days=2000 - 7 * n), ends_on=day - timedelta(days=1995 - 7 * n))
        for n in range(250)
    )  # fmt: skip
    with connection.cursor() as cursor:
        numbers = list(range(1, 300))
        cursor.execute("SELECT orgchart_directory_note(%s::bigint[])", [numbers])
        assert DirectoryDue.objects.filter(person_id__in=numbers).count() == len(numbers)
        cursor.execute("SELECT orgchart_directory_note(%s::bigint[])", [list(range(20_001))])
        assert DirectoryDue.objects.filter(person=None).exists()
    DirectoryEntry.objects.all().delete()
    assert names("budget", hr, day) == set()
    assert directory.sweep(on=day) == Person.objects.count()
    assert "Maria" in names("budget", hr, day)
    assert not DirectoryDue.objects.exists()
    assert directory.sweep(on=day) == 0


def test_the_day_turns(department, hr, day):
    """A move ahead of time is found under the new unit from its day on."""
    later = day + timedelta(days=10)
    Assignment.objects.filter(employee=department.employee).update(
        ends_on=later - timedelta(days=1)
    )
    AssignmentFactory(
        employee=department.employee, organization=department.other_branch, starts_on=later
    )
    directory.sweep(on=day)
    assert "Maria" not in names("cmd-2", hr, day)
    directory.sweep(on=later)
    assert "Maria" in names("cmd-2", hr, later)


@pytest.mark.parametrize(
    "text",
    [
        "Núñez-O'Brien",
        "ŁØĐ Straße",
        "Þór Æsir Œuvre",
        "  F/R  (x) ",
        "ÉCOLE Ñ",
        "12th",
        "Τάξις",
        "İı",
    ],
)
def test_the_database_folds_as_the_rules_do(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT orgchart_fold(%s)", [text])
        assert cursor.fetchone()[0] == fold(text)


def test_queries_are_as_many_for_one_as_for_a_hundred(department, hr, day, count_queries):
    one = count_queries(lambda: find_people("ortega", hr, on=day))
    for _ in range(100):
        AssignmentFactory(organization=department.branch)
    assert count_queries(lambda: find_people("budget", hr, on=day)) == one <= 12
