"""A first load goes straight into the tables: the same rows as the careful way, or the careful way itself."""

from contextlib import contextmanager, nullcontext
from datetime import date

import psycopg
import pytest
from django.db import connection, transaction

from orgchart.models import DirectoryDue, HeadcountChange, OrgEvent, Person
from orgchart.roster import aside, feeding, first
from orgchart.rules import search_text
from tests.factories import PersonFactory
from tests.orgchart.roster.files import (
    EMPLOYEE,
    EMPLOYEES,
    LEADER,
    OFFICIAL,
    csv_of,
    employee,
    employees,
    imported,
    organizations,
)
from tests.orgchart.roster.tables import schema

pytestmark = pytest.mark.django_db

ROWS = """
    SELECT p.dod_id, p.last_name, p.first_name, p.middle_name, p.email, p.search_text, p.is_active,
        p.last_login, left(p.password, 1), o.code, boss.dod_id, a.position_title, a.position_number,
        a.pay_plan, a.occupational_series, a.grade, a.step, a.duty_station, a.is_supervisor,
        a.bargaining_unit, a.position_start_date, a.covered, a.exclusion_reason, a.starts_on, a.ends_on
    FROM orgchart_assignment a JOIN orgchart_person p ON p.id = a.employee_id
    JOIN orgchart_organization o ON o.id = a.organization_id
    LEFT JOIN orgchart_person boss ON boss.id = a.supervisor_id ORDER BY 1"""
UNITS = """
    SELECT o.code, o.name, o.kind_id, parent.code, head.dod_id, o.closed_on,
        o.path = coalesce(parent.path, '/') || o.id || '/'
    FROM orgchart_organization o LEFT JOIN orgchart_organization parent ON parent.id = o.parent_id
    LEFT JOIN orgchart_person head ON head.id = o.head_id ORDER BY 1"""


def rows(query: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


@pytest.fixture(autouse=True)
def any_load_is_a_first_one(monkeypatch):
    monkeypatch.setattr(aside, "FEWEST", 1)


@pytest.fixture(params=[1, 1 << 20], ids=["many turns", "one turn"])
def turns(request, monkeypatch):
    monkeypatch.setattr(feeding, "A_TURN", request.param)


@contextmanager
def the_careful_way():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(first, "is_possible", lambda cursor, size: False)
        yield


def both_ways(*files, **settled):
    """What each says and leaves behind, told changes included; nothing is left in the end."""
    found = []
    for way in (nullcontext, the_careful_way):
        told = []
        with transaction.atomic(), way():
            outcome = imported(*files, on_changes=told.extend, **settled)
            events = list(OrgEvent.objects.filter(person=None).values_list("what", "detail"))
            found.append((outcome, rows(ROWS), rows(UNITS), events, told))
            transaction.set_rollback(True)
    return found


def goes_straight(*files, **settled) -> bool:
    """The careful way compares."""
    steps = set()
    with transaction.atomic():
        imported(*files, progress=lambda step, done, total: steps.add(step), **settled)
        transaction.set_rollback(True)
    return "Comparing" not in steps


UNUSUAL = [
    employee("1000000011", "Kowalczyk-Hughes", "ONE", OFFICIAL, first_name="Mei-Ling"),
    employee("1000000012", "O'Brien", "TWO", LEADER, middle_name="O'Brien", email="A.B@X.mil"),
    employee("1000000013", "Back\\slash", "ONE", "1000000015", first_name="-", grade="-"),
    employee("1000000014", "Ñandú", "ONE", "1000000015", email="nan__du+x@example.mil"),
    employee("1000000015", "Quote, Jr.", "TWO", LEADER, position_title='The "One", \\N of all'),
    employee("1000000016", "Łuk", "TWO", LEADER, position_start_date="2027-09-01"),
]


@pytest.mark.usefixtures("turns")
@pytest.mark.parametrize("more", [[], UNUSUAL, UNUSUAL[::-1]], ids=["usual", "unusual", "turned"])
@pytest.mark.parametrize("day", [date(2023, 1, 1), date(2027, 4, 6), date(2090, 1, 1)])
def test_both_ways_leave_the_same(more, day):
    straight, careful = both_ways(organizations(), employees(*more), effective_on=day)
    assert straight == careful
    assert straight[0].applied
    assert len(straight[1]) == 3 + len(more)
    assert goes_straight(organizations(), employees(*more), effective_on=day)


def test_only_the_straight_way_leaves_everybody_to_the_sweep():
    before = schema()
    DirectoryDue.objects.all().delete()
    assert imported(employee_rows=employees(*UNUSUAL), effective_on=date(2090, 1, 1)).applied
    assert schema() == before
    assert list(DirectoryDue.objects.values_list("person_id")) == [(None,)]
    days = HeadcountChange.objects.filter(organization=None).values_list("day", flat=True)
    assert min(days) == date(1, 1, 1)
    for person in Person.objects.all():
        names = (person.first_name, person.middle_name, person.last_name)
        text = search_text(names=names, dod_id=person.dod_id, email=person.email)
        assert person.search_text == text
        assert not person.has_usable_password()


def test_whoever_comes_next_gets_other_numbers():
    imported()
    somebody = PersonFactory()
    assert Person.objects.exclude(pk=somebody.pk).filter(pk__gte=somebody.pk).count() == 0
    more = employees(employee("1000000044", "Later", "NEW", LEADER))
    assert imported(organizations({**organizations()[1], "code": "NEW"}), more).applied
    assert imported(organizations({**organizations()[1], "code": "NEW"}), more).counts.is_nothing


LOOP = employees(changed={LEADER: {"supervisor_dod_id": EMPLOYEE}})
WRONG = {
    "doubled id": (organizations(), employees(employee(EMPLOYEE, "Twice", "ONE", OFFICIAL))),
    "doubled address": (
        organizations(),
        employees(employee("1000000009", "X", "ONE", LEADER, email=f"{EMPLOYEE}@EXAMPLE.mil")),
    ),
    "unknown supervisor": (
        organizations(),
        employees(employee("1000000009", "X", "ONE", "9" * 10)),
    ),
    "unknown unit": (organizations(), employees(employee("1000000009", "X", "NONE", LEADER))),
    "own supervisor": (
        organizations(),
        employees(employee("1000000009", "X", "ONE", "1000000009")),
    ),
    "loop": (organizations(), LOOP),
    "second without supervisor": (
        organizations(),
        employees(employee("1000000009", "X", "TOP", "")),
    ),
    "alone below the top": (
        organizations(),
        employees(changed={LEADER: {"organization_code": "TWO"}}),
    ),
    "reason missing": (organizations(), employees(changed={EMPLOYEE: {"covered": "N"}})),
    "doubled code": (organizations(organizations()[1]), employees()),
    "unknown parent": (organizations(ONE={"parent_code": "NONE"}), employees()),
    "unknown head": (organizations(TWO={"head_dod_id": "9" * 10}), employees()),
    "two tops": (organizations(TWO={"parent_code": ""}), employees()),
    "units in a loop": (
        organizations(ONE={"parent_code": "TWO"}, TWO={"parent_code": "ONE"}),
        employees(),
    ),
    "bad value": (organizations(), employees(changed={EMPLOYEE: {"step": "=1+1"}})),
    "no column": (organizations(), csv_of(EMPLOYEES, list(EMPLOYEES[0])[:-1])),
    "no rows": (organizations(), csv_of(EMPLOYEES).splitlines(keepends=True)[0]),
    "not UTF-8": (organizations(), csv_of(EMPLOYEES).replace(b"Reid", b"R\xe9id")),
    "open quotation mark": (organizations(), csv_of(EMPLOYEES) + b'"' + b"x" * 200),
    "empty organizations": (b"", employees()),
}


@pytest.mark.usefixtures("turns")
@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_found_the_careful_way(name):
    straight, careful = both_ways(*WRONG[name])
    assert straight == careful
    assert straight[0].problem_count or name == "no rows"
    assert not goes_straight(*WRONG[name])


@pytest.mark.parametrize("held", [{"dod_id": EMPLOYEE}, {"email": f"{EMPLOYEE}@example.mil"}])
def test_somebody_who_is_there_already_is_seen_to_the_careful_way(held):
    PersonFactory(**held)
    straight, careful = both_ways(organizations(), employees())
    assert straight == careful
    assert straight[0].could_be_applied == ("dod_id" in held)


def test_a_few_others_may_be_there_already():
    somebody = PersonFactory()
    straight, careful = both_ways(organizations(), employees())
    assert straight == careful
    assert Person.objects.get() == somebody
    assert goes_straight()


def test_the_server_saying_no_is_heard_and_the_connection_lives_on():
    statements = {"orgchart_kept": "COPY orgchart_kept (id) FROM STDIN"}
    with transaction.atomic(), connection.cursor() as cursor:
        with (
            pytest.raises(psycopg.IntegrityError),
            transaction.atomic(),
            feeding.Feed(cursor.connection, statements) as feed,
        ):
            feed.add("orgchart_kept", "2\n")
        with (
            pytest.raises(psycopg.ProgrammingError),
            transaction.atomic(),
            feeding.Feed(cursor.connection, {"no_table": "COPY no_table FROM STDIN"}) as feed,
        ):
            feed.add("no_table", "2\n")
        with (
            pytest.raises(ZeroDivisionError),
            transaction.atomic(),
            feeding.Feed(cursor.connection, statements) as feed,
        ):
            feed.add("orgchart_kept", f"{1 / len('')}\n")
        cursor.execute("SELECT count(*) FROM orgchart_kept")
        assert cursor.fetchone() == (1,)
