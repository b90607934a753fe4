"""What must never be, tried against the database itself, past every service and form."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from orgchart.models import (
    Assignment,
    Kept,
    Organization,
    OrgEvent,
    Person,
    PracticeClock,
    Reorganization,
    RosterChange,
    RosterChunk,
    RosterProblem,
    RosterUpload,
)
from tests.factories import (
    AssignmentFactory,
    OrganizationFactory,
    PersonFactory,
    RoleGrantFactory,
)

pytestmark = pytest.mark.django_db
JANUARY, JUNE, JULY = date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)


def refused(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


@pytest.mark.parametrize("dod_id", ["123456789", "123456789x", "12345 7890", ""])
def test_dod_id_is_ten_digits(dod_id):
    with refused("person_dod_id_ten_digits"):
        PersonFactory(dod_id=dod_id, email="a@example.mil")


def test_dod_id_is_unique():
    person = PersonFactory()
    with refused("dod_id"):
        PersonFactory(dod_id=person.dod_id, email="other@example.mil")


def test_email_is_unique_whatever_the_case():
    PersonFactory(email="maria@example.mil")
    with refused("email"):
        PersonFactory(email="MARIA@example.mil")


def test_email_is_kept_in_lower_case():
    with refused("person_email_lower_case"):
        Person.objects.filter(pk=PersonFactory().pk).update(email="Maria@example.mil")


def test_person_has_a_name():
    with refused("person_is_named"):
        PersonFactory(last_name="")


def test_organization_has_a_name():
    with refused("organization_is_named"):
        OrganizationFactory(name="")


def test_organization_code_is_unique():
    OrganizationFactory(code="A")
    with refused("code"):
        OrganizationFactory(code="A")


def test_supervisor_is_somebody_else():
    person = PersonFactory()
    with refused("assignment_not_own_supervisor"):
        AssignmentFactory(employee=person, supervisor=person)


def test_assignment_ends_after_it_starts():
    with refused("assignment_ends_after_start"):
        AssignmentFactory(starts_on=JUNE, ends_on=JANUARY)


def test_two_assignments_never_start_on_one_day():
    person = PersonFactory()
    AssignmentFactory(employee=person, starts_on=JANUARY, ends_on=JANUARY)
    with refused("assignment_one_start_a_day"):
        AssignmentFactory(employee=person, starts_on=JANUARY, ends_on=JUNE)


def test_one_assignment_is_open():
    person = PersonFactory()
    AssignmentFactory(employee=person, starts_on=JANUARY)
    with refused("assignment_one_open"):
        AssignmentFactory(employee=person, starts_on=JULY)


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (JUNE, None),
        (JUNE, JUNE),
        (JANUARY - timedelta(days=9), JANUARY),
        (JANUARY + timedelta(days=9), JUNE),
        (JANUARY - timedelta(days=9), JULY),
    ],
)
def test_assignments_of_one_person_never_overlap(starts_on, ends_on):
    person = PersonFactory()
    AssignmentFactory(employee=person, starts_on=JANUARY, ends_on=JUNE)
    with refused("two supervisors on one day"):
        AssignmentFactory(employee=person, starts_on=starts_on, ends_on=ends_on)


def test_assignments_meet_but_do_not_overlap():
    person = PersonFactory()
    AssignmentFactory(employee=person, starts_on=JANUARY, ends_on=JUNE)
    AssignmentFactory(employee=person, starts_on=JULY)
    assert Assignment.objects.filter(employee=person).count() == 2


def test_overlap_is_refused_in_an_update():
    person = PersonFactory()
    early = AssignmentFactory(employee=person, starts_on=JANUARY, ends_on=JUNE)
    AssignmentFactory(employee=person, starts_on=JULY)
    with refused("two supervisors on one day"):
        Assignment.objects.filter(pk=early.pk).update(ends_on=JULY)


def test_overlap_inside_one_statement_is_refused():
    person, unit = PersonFactory(), OrganizationFactory()
    rows = [
        AssignmentFactory.build(
            employee=person, organization=unit, starts_on=JANUARY + timedelta(days=n), ends_on=JUNE
        )
        for n in range(2)
    ]
    with refused("two supervisors on one day"):
        Assignment.objects.bulk_create(rows)


def test_loop_of_two_is_refused():
    first, second = PersonFactory(), PersonFactory()
    AssignmentFactory(employee=first, supervisor=second)
    with refused("own chain of command"):
        AssignmentFactory(employee=second, supervisor=first)


def test_long_loop_is_refused_in_an_update():
    people = PersonFactory.create_batch(5)
    rows = [
        AssignmentFactory(employee=lower, supervisor=upper)
        for lower, upper in zip(people, [*people[1:], None], strict=True)
    ]
    with refused("own chain of command"):
        Assignment.objects.filter(pk=rows[-1].pk).update(supervisor=people[0])


def test_loop_inside_one_statement_is_refused():
    people, unit = PersonFactory.create_batch(3), OrganizationFactory()
    rows = [
        AssignmentFactory.build(employee=lower, supervisor=upper, organization=unit)
        for lower, upper in zip(people, [*people[1:], people[0]], strict=True)
    ]
    with refused("own chain of command"):
        Assignment.objects.bulk_create(rows)


def test_loop_on_past_days_only_is_refused():
    first, second = PersonFactory(), PersonFactory()
    AssignmentFactory(employee=first, supervisor=second, starts_on=JANUARY, ends_on=JUNE)
    with refused("own chain of command"):
        AssignmentFactory(employee=second, supervisor=first, starts_on=JUNE, ends_on=JULY)


def test_turning_round_on_different_days_is_no_loop():
    first, second = PersonFactory(), PersonFactory()
    AssignmentFactory(employee=first, supervisor=second, starts_on=JANUARY, ends_on=JUNE)
    AssignmentFactory(employee=second, supervisor=first, starts_on=JULY)
    assert Assignment.objects.count() == 2


def test_loop_by_a_longer_row_is_refused():
    first, second = PersonFactory(), PersonFactory()
    early = AssignmentFactory(employee=first, supervisor=second, starts_on=JANUARY, ends_on=JUNE)
    AssignmentFactory(employee=second, supervisor=first, starts_on=JULY)
    with refused("own chain of command"):
        Assignment.objects.filter(pk=early.pk).update(ends_on=JULY)


@pytest.mark.parametrize(("covered", "reason"), [(True, "Senior"), (False, "")])
def test_exclusion_has_its_reason(covered, reason):
    with refused("assignment_exclusion_has_reason"):
        AssignmentFactory(covered=covered, exclusion_reason=reason)


def test_path_leads_from_the_top():
    top = OrganizationFactory()
    below = OrganizationFactory(parent=top)
    assert (top.path, below.path) == (f"/{top.pk}/", f"/{top.pk}/{below.pk}/")


def test_paths_of_everything_below_move_along():
    top, other = OrganizationFactory(), OrganizationFactory()
    below = OrganizationFactory(parent=top)
    lowest = OrganizationFactory(parent=below)
    Organization.objects.filter(pk=below.pk).update(parent=other)
    below.refresh_from_db()
    lowest.refresh_from_db()
    assert below.path == f"/{other.pk}/{below.pk}/"
    assert lowest.path == f"/{other.pk}/{below.pk}/{lowest.pk}/"


def test_two_moves_in_one_statement_leave_right_paths():
    top, other = OrganizationFactory(), OrganizationFactory()
    first = OrganizationFactory(parent=top)
    second = OrganizationFactory(parent=first)
    lowest = OrganizationFactory(parent=second)
    first.parent, second.parent = other, top
    Organization.objects.bulk_update([first, second], ["parent"])
    paths = dict(Organization.objects.values_list("pk", "path"))
    assert paths[first.pk] == f"/{other.pk}/{first.pk}/"
    assert paths[lowest.pk] == f"/{top.pk}/{second.pk}/{lowest.pk}/"


def test_nobody_writes_a_path():
    top = OrganizationFactory()
    Organization.objects.filter(pk=top.pk).update(path="/9/", name="Renamed")
    top.refresh_from_db()
    assert (top.path, top.name) == (f"/{top.pk}/", "Renamed")


def test_organization_inside_itself_is_refused():
    top = OrganizationFactory()
    below = OrganizationFactory(parent=OrganizationFactory(parent=top))
    with refused("inside itself"):
        Organization.objects.filter(pk=top.pk).update(parent=below)


def test_organization_is_not_its_own_parent():
    top = OrganizationFactory()
    with refused("organization_not_own_parent"):
        Organization.objects.filter(pk=top.pk).update(parent=top)


def test_two_organizations_inside_each_other_in_one_statement_are_refused():
    first, second = OrganizationFactory(), OrganizationFactory()
    first.parent, second.parent = second, first
    with refused("inside itself"):
        Organization.objects.bulk_update([first, second], ["parent"])


def test_role_is_known():
    with refused("role_grant_known_role"):
        RoleGrantFactory(role="emperor")


def test_role_ends_after_it_starts():
    with refused("role_grant_ends_after_start"):
        RoleGrantFactory(starts_on=JUNE, ends_on=JANUARY)


def test_same_role_is_open_once():
    grant = RoleGrantFactory()
    with refused("role_grant_one_open"):
        RoleGrantFactory(person=grant.person, role=grant.role, organization=grant.organization)


@pytest.mark.parametrize(
    "statement", ["UPDATE orgchart_orgevent SET what = ''", "DELETE FROM orgchart_orgevent"]
)
def test_events_are_append_only(statement, department):
    OrgEvent.objects.create(at="2026-01-01T00:00Z", what="assigned", person=department.employee)
    with refused("append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert OrgEvent.objects.get().what == "assigned"


def upload_of(department, **changed) -> RosterUpload:
    return RosterUpload.objects.create(
        organization=department.top,
        uploaded_by=department.employee,
        uploaded_at="2026-01-01T00:00Z",
        effective_on=JANUARY,
        **changed,
    )


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"state": "lost"}, "roster_upload_state_is_known"),
        ({"total": 5, "done": 6}, "roster_upload_done_of_total"),
        ({"state": "applied"}, "roster_upload_over_has_its_moment"),
        ({"finished_at": "2026-01-01T00:00Z"}, "roster_upload_over_has_its_moment"),
    ],
)
def test_upload_is_in_one_piece(department, changed, name):
    with refused(name):
        upload_of(department, **changed)


def test_one_upload_is_open_for_each_person(department):
    upload_of(department)
    with refused("roster_upload_one_open_each"):
        upload_of(department, state="failed")


def test_pieces_and_lists_of_an_upload_are_numbered(department):
    upload = upload_of(department)
    numbered = {
        "roster_chunk_numbered": lambda: RosterChunk.objects.create(
            upload=upload, file="employees", number=0, content=b"x"
        ),
        "roster_change_numbered": lambda: RosterChange.objects.create(
            upload=upload, kind="joined", number=1, key="1", name="x"
        ),
        "roster_problem_numbered": lambda: RosterProblem.objects.create(
            upload=upload, number=1, file="employees.csv", line=1, message="x"
        ),
    }
    for name, create in numbered.items():
        create()
        with refused(name), transaction.atomic():
            create()


def test_practice_clock_is_one_row():
    with refused("practice_clock_only_one"):
        PracticeClock.objects.create(pk=2, today=JANUARY)


def test_person_with_an_assignment_is_never_deleted(department):
    with pytest.raises(Exception, match="protected"):
        department.employee.delete()


def test_kept_is_one_row():
    with refused("kept_only_one"):
        Kept.objects.create(id=2)


def decided(department, **fields) -> Reorganization:
    given = {
        "kind": "rename",
        "name": "Signals",
        "organization": department.branch,
        "effective_on": JULY,
        "reason": "A better name.",
        "by": department.leader,
        "planned_on": JUNE,
        "planned_at": "2026-06-30T00:00Z",
    }
    return Reorganization.objects.create(**given | fields)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("reorganization_known_kind", {"kind": "paint"}),
        ("reorganization_known_state", {"state": "lost", "settled_at": "2026-07-01T00:00Z"}),
        ("reorganization_says_what", {"name": ""}),
        ("reorganization_says_what", {"kind": "move"}),
        ("reorganization_says_what", {"kind": "merge"}),
        ("reorganization_says_what", {"kind": "supervisor"}),
        ("reorganization_settled", {"state": "applied"}),
        ("reorganization_settled", {"settled_at": "2026-07-01T00:00Z"}),
        (
            "reorganization_failure_explained",
            {"state": "failed", "settled_at": "2026-07-01T00:00Z"},
        ),
    ],
)
def test_a_reorganization_says_what_and_what_came_of_it(department, constraint, fields):
    with refused(constraint):
        decided(department, **fields)


def test_a_unit_does_not_go_into_itself(department):
    with refused("reorganization_not_into_itself"):
        decided(department, kind="merge", target=department.branch)


def test_another_supervisor_is_another_person(department):
    official = department.rating_official
    with refused("reorganization_another_supervisor"):
        decided(department, kind="supervisor", person=official, former_supervisor=official)


def test_a_request_to_reorganize_counts_once(department):
    key = "6a2f7d0a-5a8e-4d55-9d3c-1f4b3a0c9e11"
    decided(department, request_key=key)
    with refused("request_key"):
        decided(department, request_key=key)
