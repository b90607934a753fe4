import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from orgchart import clock
from orgchart.models import Assignment, Organization, OrgEvent, Person, RosterUpload
from tests.factories import RoleGrantFactory
from tests.orgchart.roster.files import (
    DAY,
    EMPLOYEE,
    EMPLOYEES,
    ORGANIZATIONS,
    csv_of,
    employees,
    imported,
    organizations,
)

IMPORT = "/hr/roster/"


@pytest.fixture(autouse=True)
def _today(on_day):
    """The clock of every test here stands on `day`."""


@pytest.fixture
def administrator(db) -> Person:
    """HR of the whole top, where the good roster is held already."""
    imported()
    return RoleGrantFactory(organization=Organization.objects.get(code="TOP")).person


def upload(client, organization_rows=ORGANIZATIONS, employee_rows=EMPLOYEES, **changed):
    files = {
        name: SimpleUploadedFile(f"{name}.csv", csv_of(rows), "text/csv")
        for name, rows in [
            ("organizations_file", organization_rows),
            ("employees_file", employee_rows),
        ]
    }
    top = Organization.objects.get(code="TOP").pk
    return client.post(
        IMPORT, {"organization": top, "effective_on": DAY.isoformat(), **files, **changed}
    )


def step(name: str) -> str:
    return reverse(name, args=[RosterUpload.objects.get(state="waiting").pk])


def test_upload_waits_for_a_decision(client, administrator):
    client.force_login(administrator)
    response = upload(client, employee_rows=EMPLOYEES[1:])
    assert response.status_code == 302
    assert response["Location"] == step("roster_preview")
    page = client.get(response["Location"]).content.decode()
    assert "Are missing from the file (1)" in page
    assert "Núñez, Ana" in page
    assert "is waiting for your decision" in client.get(IMPORT).content.decode()


def test_preview_shows_each_kind_of_change(client, administrator):
    new = {**EMPLOYEES[0], "dod_id": "1000000009", "email": "n@example.mil", "last_name": "New"}
    changed = {
        EMPLOYEE: {"organization_code": "TWO", "supervisor_dod_id": "1000000001"},
        "1000000002": {"first_name": "Omar"},
    }
    client.force_login(administrator)
    upload(client, organizations(TWO={"name": "Renamed"}), employees(new, changed=changed))
    page = client.get(step("roster_preview")).content.decode()
    for shown in [
        "Join (1)",
        "Move to another unit (1)",
        "Get another supervisor (1)",
        "Get another name or address (1)",
        "0 new, 1 changed, 2 as they are",
        "Reid, Omar",
        "Hart, Ana",
    ]:
        assert shown in page
    assert not Person.objects.filter(dod_id="1000000009").exists()


def test_preview_lists_problems_and_offers_no_way_on(client, administrator):
    client.force_login(administrator)
    upload(client, employee_rows=employees(changed={EMPLOYEE: {"grade": ""}}))
    page = client.get(step("roster_preview")).content.decode()
    assert "1 problem: nothing can be changed" in page
    assert "employees.csv, line 2" in page
    assert step("roster_apply") not in page
    assert step("roster_discard") in page


def test_apply_changes_and_keeps_no_file(client, administrator):
    client.force_login(administrator)
    upload(
        client,
        employee_rows=employees(changed={EMPLOYEE: {"grade": "12"}}),
        effective_on="2027-05-01",
    )
    response = client.post(step("roster_apply"))
    assert response.status_code == 302
    assert Assignment.objects.get(employee__dod_id=EMPLOYEE, ends_on=None).grade == "12"
    kept = RosterUpload.objects.get()
    assert (kept.state, bytes(kept.employees_file)) == ("applied", b"")
    event = OrgEvent.objects.get(what="roster_imported", by=administrator)
    assert event.organization.code == "TOP"
    assert "0 joined, 1 changed" in client.get(IMPORT).content.decode()


def test_apply_separates_only_when_asked(client, administrator):
    client.force_login(administrator)
    upload(client, employee_rows=EMPLOYEES[1:])
    client.post(step("roster_apply"))
    assert Assignment.objects.filter(employee__dod_id=EMPLOYEE, ends_on=None).exists()
    upload(client, employee_rows=EMPLOYEES[1:])
    client.post(step("roster_apply"), {"separate_missing": "yes"})
    assert not Assignment.objects.filter(employee__dod_id=EMPLOYEE, ends_on=None).exists()


def test_apply_twice_is_refused(client, administrator):
    client.force_login(administrator)
    upload(client)
    url = step("roster_apply")
    client.post(url)
    response = client.post(url, follow=True)
    assert "This roster is applied already." in response.content.decode()


def test_apply_with_problems_changes_nothing(client, administrator):
    client.force_login(administrator)
    upload(client, employee_rows=employees(changed={EMPLOYEE: {"grade": ""}}))
    response = client.post(step("roster_apply"))
    assert response.status_code == 409
    assert "nothing can be changed" in response.content.decode()
    assert RosterUpload.objects.get().state == "waiting"


def test_discard(client, administrator):
    client.force_login(administrator)
    upload(client)
    client.post(step("roster_discard"))
    kept = RosterUpload.objects.get()
    assert (kept.state, bytes(kept.organizations_file)) == ("discarded", b"")


def test_second_upload_discards_the_first(client, administrator):
    client.force_login(administrator)
    upload(client)
    upload(client)
    assert sorted(RosterUpload.objects.values_list("state", flat=True)) == ["discarded", "waiting"]


def test_old_uploads_of_others_are_emptied(client, administrator):
    client.force_login(administrator)
    with clock.frozen(DAY.replace(day=1)):
        upload(client)
    other = RoleGrantFactory(organization=Organization.objects.get(code="TOP")).person
    client.force_login(other)
    upload(client)
    old = RosterUpload.objects.get(uploaded_by=administrator)
    assert (old.state, bytes(old.employees_file)) == ("discarded", b"")


@pytest.mark.parametrize("missing", ["effective_on", "organization"])
def test_upload_without_a_value(client, administrator, missing):
    client.force_login(administrator)
    response = upload(client, **{missing: ""})
    assert response.status_code == 200
    assert response.context["form"].errors[missing]
    assert not RosterUpload.objects.exists()


def test_upload_without_files(client, administrator):
    client.force_login(administrator)
    response = client.post(IMPORT, {})
    assert set(response.context["form"].errors) >= {"organizations_file", "employees_file"}


def test_upload_for_an_organization_one_does_not_administer(client, administrator):
    grant = RoleGrantFactory(organization=Organization.objects.get(code="TWO"))
    client.force_login(grant.person)
    response = upload(client)
    assert "organization" in response.context["form"].errors


def test_upload_outside_ones_scope_is_a_list_of_problems(client, administrator):
    two = Organization.objects.get(code="TWO")
    client.force_login(RoleGrantFactory(organization=two).person)
    upload(client, organization=two.pk)
    page = client.get(step("roster_preview")).content.decode()
    assert "outside the organization that you administer" in page


@pytest.mark.parametrize("name", ["roster_preview", "roster_apply", "roster_discard"])
def test_upload_of_somebody_else_does_not_exist(client, administrator, name):
    client.force_login(administrator)
    upload(client)
    url = step(name)
    other = RoleGrantFactory(organization=Organization.objects.get(code="TOP")).person
    client.force_login(other)
    response = client.get(url) if name == "roster_preview" else client.post(url)
    assert response.status_code == 404


@pytest.mark.parametrize("name", ["roster_preview", "roster_apply", "roster_discard"])
def test_upload_of_a_role_that_has_ended_is_forbidden(client, administrator, name):
    client.force_login(administrator)
    upload(client)
    url = step(name)
    administrator.role_grants.update(ends_on="2027-01-01")
    response = client.get(url) if name == "roster_preview" else client.post(url)
    assert response.status_code == 403
    assert "Reid" not in response.content.decode()


@pytest.mark.parametrize("role", ["auditor", "system_administrator"])
def test_import_is_for_hr_only(client, administrator, role):
    user = RoleGrantFactory(role=role, organization=Organization.objects.get(code="TOP")).person
    client.force_login(user)
    assert client.get(IMPORT).status_code == 403
    assert client.post(IMPORT).status_code == 403


def test_import_asks_for_sign_in(client, db):
    assert client.get(IMPORT).status_code == 302


@pytest.mark.parametrize("name", ["roster_apply", "roster_discard"])
def test_decisions_refuse_get(client, administrator, name):
    client.force_login(administrator)
    upload(client)
    assert client.get(step(name)).status_code == 405
