from datetime import date
from io import BytesIO

import pytest

from orgchart import clock, roster, selectors
from orgchart.models import Assignment, Organization, OrgEvent, Person
from orgchart.roster import Source
from tests.factories import AssignmentFactory, OrganizationFactory, PersonFactory
from tests.orgchart.roster.files import (
    DAY,
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

LATER = date(2027, 6, 1)


def person(dod_id: str) -> Person:
    return Person.objects.get(dod_id=dod_id)


def counts(outcome) -> tuple[int, int, int, int]:
    counted = outcome.counts
    return counted.joined, counted.changed, counted.unchanged, counted.missing


def test_import_makes_people_places_and_the_chain():
    outcome = imported()
    assert outcome.applied
    assert counts(outcome) == (3, 0, 0, 0)
    chain = selectors.chain_above(person(EMPLOYEE), on=DAY)
    assert [one.dod_id for one in chain] == [OFFICIAL, LEADER]
    top, one, two = Organization.objects.order_by("pk")
    assert [unit.code for unit in (top, one, two)] == ["TOP", "ONE", "TWO"]
    assert one.path == f"/{top.pk}/{one.pk}/"
    assert (one.parent, one.head, two.head) == (top, person(OFFICIAL), None)


def test_import_keeps_every_value():
    imported()
    row = EMPLOYEES[2]
    held = person(LEADER)
    assignment = Assignment.objects.get(employee=held)
    assert (held.last_name, held.email, held.is_active) == ("Hart", row["email"], True)
    position = assignment.position
    assert position.position_start_date == date(2024, 2, 1)
    assert (position.is_supervisor, position.covered) == (True, False)
    for name in ("position_title", "position_number", "pay_plan", "occupational_series", "grade"):
        assert getattr(position, name) == row[name]
    for name in ("step", "duty_station", "bargaining_unit", "exclusion_reason"):
        assert getattr(position, name) == row[name]


def test_imported_people_are_found_and_have_no_password():
    imported()
    found = Person.objects.search("nunez ana").get()
    assert found.dod_id == EMPLOYEE
    assert not found.has_usable_password()


def test_new_assignment_begins_with_the_position_or_on_the_day_of_the_file():
    rows = employees(changed={EMPLOYEE: {"position_start_date": "2027-09-01"}})
    imported(employee_rows=rows)
    starts = dict(Assignment.objects.values_list("employee__dod_id", "starts_on"))
    assert starts == {EMPLOYEE: DAY, OFFICIAL: date(2024, 2, 1), LEADER: date(2024, 2, 1)}


def test_importing_again_writes_nothing(django_assert_max_num_queries):
    imported()
    before = [
        list(model.objects.values()) for model in (Person, Organization, Assignment, OrgEvent)
    ]
    with django_assert_max_num_queries(60):
        outcome = imported(effective_on=LATER)
    after = [list(model.objects.values()) for model in (Person, Organization, Assignment, OrgEvent)]
    assert outcome.applied
    assert counts(outcome) == (0, 0, 3, 0)
    assert outcome.counts.organizations_unchanged == 3
    assert before == after


def test_another_supervisor_is_a_new_dated_assignment():
    imported()
    outcome = imported(
        employee_rows=employees(changed={EMPLOYEE: {"supervisor_dod_id": LEADER}}),
        effective_on=LATER,
    )
    assert counts(outcome) == (0, 1, 2, 0)
    rows = Assignment.objects.filter(employee__dod_id=EMPLOYEE).order_by("starts_on")
    assert list(rows.values_list("supervisor__dod_id", "starts_on", "ends_on")) == [
        (OFFICIAL, date(2024, 2, 1), date(2027, 5, 31)),
        (LEADER, LATER, None),
    ]
    event = OrgEvent.objects.get(person__dod_id=EMPLOYEE)
    assert event.what == "assigned"
    assert event.detail["was"]["supervisor"] == person(OFFICIAL).pk


@pytest.mark.parametrize(
    "changed",
    [
        {"organization_code": "TWO"},
        {"position_title": "Chief"},
        {"grade": "12"},
        {"step": ""},
        {"is_supervisor": "Y"},
        {"position_start_date": "2027-05-01"},
        {"covered": "N", "exclusion_reason": "Intermittent"},
    ],
)
def test_another_place_or_position_is_a_new_dated_assignment(changed):
    imported()
    imported(employee_rows=employees(changed={EMPLOYEE: changed}), effective_on=LATER)
    assert Assignment.objects.filter(employee__dod_id=EMPLOYEE).count() == 2
    assert Assignment.objects.count() == 4


def test_change_on_the_same_day_corrects_the_assignment():
    imported(employee_rows=employees(changed={EMPLOYEE: {"position_start_date": "2027-05-01"}}))
    changed = {"position_start_date": "2027-05-01", "supervisor_dod_id": LEADER}
    imported(employee_rows=employees(changed={EMPLOYEE: changed}))
    assignment = Assignment.objects.get(employee__dod_id=EMPLOYEE)
    assert (assignment.supervisor.dod_id, assignment.starts_on) == (LEADER, DAY)


def test_another_name_changes_the_person_only():
    imported()
    outcome = imported(
        employee_rows=employees(changed={EMPLOYEE: {"last_name": "Ortega", "email": "O@X.mil"}})
    )
    assert counts(outcome) == (0, 1, 2, 0)
    assert Person.objects.search("ortega").get().email == "o@x.mil"
    assert Assignment.objects.count() == 3


def test_two_people_swap_their_addresses():
    imported()
    swapped = {
        EMPLOYEE: {"email": f"{OFFICIAL}@example.mil"},
        OFFICIAL: {"email": f"{EMPLOYEE}@example.mil"},
    }
    assert imported(employee_rows=employees(changed=swapped)).applied
    assert person(EMPLOYEE).email == f"{OFFICIAL}@example.mil"
    assert person(OFFICIAL).email == f"{EMPLOYEE}@example.mil"


def test_supervisor_and_employee_turn_round():
    imported()
    turned = {
        EMPLOYEE: {"supervisor_dod_id": LEADER},
        OFFICIAL: {"supervisor_dod_id": EMPLOYEE},
    }
    assert imported(employee_rows=employees(changed=turned), effective_on=LATER).applied
    assert selectors.supervisor_of(person(OFFICIAL), on=LATER) == person(EMPLOYEE)
    assert selectors.supervisor_of(person(EMPLOYEE), on=DAY) == person(OFFICIAL)


def test_missing_person_is_reported_and_kept():
    imported()
    missing = []
    outcome = imported(
        employee_rows=EMPLOYEES[1:],
        effective_on=LATER,
        on_changes=lambda changes: missing.extend(changes.of("missing")),
    )
    assert counts(outcome) == (0, 0, 2, 1)
    assert [one.key for one in missing] == [EMPLOYEE]
    assert Assignment.objects.filter(employee__dod_id=EMPLOYEE, ends_on=None).exists()


def test_missing_person_is_separated_when_asked():
    imported()
    with clock.frozen(LATER):
        imported(employee_rows=EMPLOYEES[1:], effective_on=LATER, separate_missing=True)
    gone = person(EMPLOYEE)
    assert Assignment.objects.get(employee=gone).ends_on == date(2027, 5, 31)
    assert not gone.is_active
    assert OrgEvent.objects.get(person=gone).what == "separated"


def test_somebody_who_left_comes_back():
    imported()
    with clock.frozen(LATER):
        imported(employee_rows=EMPLOYEES[1:], effective_on=LATER, separate_missing=True)
        outcome = imported(effective_on=date(2027, 7, 1))
    assert counts(outcome) == (0, 1, 2, 0)
    assert person(EMPLOYEE).is_active
    held = selectors.assignment_of(person(EMPLOYEE), on=date(2027, 7, 1))
    assert (held.starts_on, held.ends_on) == (date(2027, 7, 1), None)


def test_people_without_an_assignment_are_not_missing():
    PersonFactory()
    assert counts(imported()) == (3, 0, 0, 0)


def test_changed_organization_moves_with_all_below():
    imported(organizations({**ORGANIZATIONS[1], "code": "LOW", "parent_code": "ONE"}))
    outcome = imported(
        organizations(
            {**ORGANIZATIONS[1], "code": "LOW", "parent_code": "ONE"},
            ONE={"parent_code": "TWO", "name": "Renamed", "kind": "division", "head_dod_id": ""},
        )
    )
    assert outcome.counts.organizations_changed == 1
    paths = dict(Organization.objects.values_list("code", "path"))
    assert paths["LOW"].startswith(paths["ONE"])
    assert paths["ONE"].startswith(paths["TWO"])
    one = Organization.objects.get(code="ONE")
    assert (one.name, one.kind_id, one.head) == ("Renamed", "division", None)


def test_children_may_come_before_their_parents():
    assert imported(list(reversed(ORGANIZATIONS))).applied
    assert Organization.objects.get(code="ONE").path.count("/") == 3


def test_supervisor_may_be_somebody_only_held():
    boss = AssignmentFactory(organization=OrganizationFactory(code="HELD")).employee
    rows = employees(changed={LEADER: {"supervisor_dod_id": boss.dod_id}})
    assert imported(employee_rows=rows).applied
    assert selectors.supervisor_of(person(LEADER), on=DAY) == boss


def test_byte_order_mark_and_spaces_are_no_problem():
    content = b"\xef\xbb\xbf" + csv_of(EMPLOYEES).replace(b"Reid", b" Reid ")
    assert imported(employee_rows=content).applied
    assert person(OFFICIAL).last_name == "Reid"


def test_letters_put_together_or_apart_are_the_same_name():
    imported()
    content = csv_of(EMPLOYEES).decode().replace("ú", "u\u0301").replace("ñ", "n\u0303").encode()
    assert counts(imported(employee_rows=content)) == (0, 0, 3, 0)


def test_preview_writes_nothing():
    source = Source(BytesIO(csv_of(ORGANIZATIONS)), BytesIO(csv_of(EMPLOYEES)))
    outcome = roster.preview_roster(source, effective_on=DAY)
    assert (outcome.applied, outcome.could_be_applied) == (False, True)
    assert counts(outcome) == (3, 0, 0, 0)
    assert not Person.objects.exists()


def test_import_is_recorded_with_its_counts(on_day):
    by = PersonFactory()
    imported(by=by)
    event = OrgEvent.objects.get()
    assert (event.what, event.by, event.organization) == ("roster_imported", by, None)
    assert (event.detail["employees_created"], event.detail["organizations_created"]) == (3, 3)


def test_queries_do_not_grow_with_the_roster(count_queries):
    costs = []
    for number in (1, 30):
        more = [
            employee(f"30000{number:02d}{n:03d}", f"New{n}", "ONE", OFFICIAL) for n in range(number)
        ]
        costs.append(count_queries(lambda more=more: imported(employee_rows=employees(*more))))
    assert costs[1] <= costs[0]
