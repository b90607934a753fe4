"""HR hands over a roster: upload, progress, preview, decision, receipt."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgchart import clock
from orgchart.models import Assignment, Organization, OrgEvent, Person, RosterChunk, RosterUpload
from orgchart.roster import job
from tests.factories import RoleGrantFactory
from tests.orgchart.roster.files import (
    DAY,
    EMPLOYEE,
    EMPLOYEES,
    ORGANIZATIONS,
    csv_of,
    employee,
    employees,
    imported,
    organizations,
)

IMPORT = "/hr/roster/"
STEPS = ["roster_check", "roster_apply", "roster_discard"]


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.frozen(DAY):
        yield


@pytest.fixture
def administrator(_today, client, db) -> Person:
    """HR of the whole top, signed in; the good roster is held already."""
    imported()
    person = RoleGrantFactory(organization=Organization.objects.get(code="TOP")).person
    client.force_login(person)
    return person


def send(client, organization_rows=ORGANIZATIONS, employee_rows=EMPLOYEES, **changed):
    """What the form sends; nobody has worked on it yet."""
    files = {
        name: SimpleUploadedFile(
            f"{name}.csv", rows if isinstance(rows, bytes) else csv_of(rows), "text/csv"
        )
        for name, rows in [
            ("organizations_file", organization_rows),
            ("employees_file", employee_rows),
        ]
    }
    top = Organization.objects.get(code="TOP").pk
    return client.post(
        IMPORT, {"organization": top, "effective_on": DAY.isoformat(), **files, **changed}
    )


def the_upload() -> RosterUpload:
    return RosterUpload.objects.latest("pk")


def work() -> None:
    """The worker has been there."""
    job.run(the_upload().pk)


def upload(client, *rows, **changed) -> str:
    """Sent and checked; the page it led to."""
    response = send(client, *rows, **changed)
    assert response.status_code == 302
    assert response["Location"] == step("roster_preview")
    work()
    return client.get(response["Location"]).content.decode()


def step(name: str, *more: str) -> str:
    return reverse(name, args=[the_upload().pk, *more])


def page(client) -> str:
    return client.get(step("roster_preview")).content.decode()


# Upload and progress


def test_upload_is_watched_while_a_worker_checks_it(client, administrator):
    send(client)
    shown = page(client)
    assert "The roster is being checked" in shown
    assert "You can close this page." in shown
    assert "Waiting to be begun" in shown
    assert step("roster_preview") in shown
    assert "is being checked" in client.get(IMPORT).content.decode()
    work()
    assert "What the roster would change" in page(client)


def test_progress_is_looked_at_again_until_the_work_is_done(client, administrator):
    send(client)
    RosterUpload.objects.update(step="Reading people", done=250_000, total=771_387)
    watch = {"headers": {"HX-Request": "true"}}
    fragment = client.get(step("roster_preview"), **watch).content.decode()
    assert "<html" not in fragment
    assert 'value="32" max="100"' in fragment
    assert "<span>32%</span>" in fragment
    assert "looks=1&amp;seen=Reading%20people" in fragment
    assert 'id="work-step"' in fragment
    again = f"{step('roster_preview')}?looks=1&seen=Reading%20people"
    fragment = client.get(again, **watch).content.decode()
    assert "looks=2" in fragment
    assert 'id="work-step"' not in fragment
    work()
    assert client.get(again, **watch).headers["HX-Refresh"] == "true"


def test_a_forgotten_page_stops_looking(client, administrator):
    """Each look keeps the session alive."""
    send(client)
    watch = {"headers": {"HX-Request": "true"}}
    fragment = client.get(f"{step('roster_preview')}?looks=450", **watch).content.decode()
    assert "hx-get" not in fragment
    assert client.get(f"{step('roster_preview')}?looks=x", **watch).status_code == 200


def test_a_file_that_is_too_large_is_refused_with_a_sentence(client, administrator, settings):
    settings.ROSTER_MAX_BYTES = 1000
    response = send(client, employee_rows=b"x" * 1_200_000)
    assert response.status_code == 200
    [error] = response.context["form"].errors["employees_file"]
    assert error == (
        "employees_file.csv has 1 MB. A roster file may have at most 0 MB: "
        "send the roster of one organization at a time."
    )
    assert not RosterUpload.objects.exists()


def test_the_limit_lies_between_the_whole_department_and_200_megabytes():
    assert 150_000_000 < settings.ROSTER_MAX_BYTES < 200_000_000


# Preview and decision


def test_upload_waits_for_a_decision(client, administrator):
    shown = upload(client, ORGANIZATIONS, EMPLOYEES[1:])
    assert "Are missing from the file (1)" in shown
    assert "Núñez, Ana" in shown
    assert "waits for your decision" in client.get(IMPORT).content.decode()


def test_preview_shows_each_kind_of_change(client, administrator):
    new = {**EMPLOYEES[0], "dod_id": "1000000009", "email": "n@example.mil", "last_name": "New"}
    changed = {
        EMPLOYEE: {"organization_code": "TWO", "supervisor_dod_id": "1000000001"},
        "1000000002": {"first_name": "Omar"},
    }
    shown = upload(client, organizations(TWO={"name": "Renamed"}), employees(new, changed=changed))
    for words in [
        "Join (1)",
        "Move to another unit (1)",
        "Get another supervisor (1)",
        "Get another name or address (1)",
        "0 new, 1 changed, 2 as they are",
        "Units that change (1)",
        "Reid, Omar",
        "Hart, Ana",
    ]:
        assert words in shown
    assert not Person.objects.filter(dod_id="1000000009").exists()


def test_every_change_of_a_kind_has_its_list(client, administrator):
    joined = [employee(f"30000000{n:02}", f"New{n:02}", "ONE", "1000000002") for n in range(60)]
    shown = upload(client, ORGANIZATIONS, EMPLOYEES + joined)
    assert "New04" in shown
    assert "New05" not in shown
    everybody = step("roster_changes", "joined")
    assert everybody in shown
    shown = client.get(everybody).content.decode()
    assert "1 to 50 of 60 changes" in shown
    assert "New59" in client.get(f"{everybody}?page=2").content.decode()
    assert client.get(step("roster_changes", "moved")).status_code == 404
    assert client.get(step("roster_changes", "nonsense")).status_code == 404


def test_preview_costs_the_same_for_many_changes(client, administrator):
    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(step("roster_preview"))
        return sum("SAVEPOINT" not in query["sql"] for query in found.captured_queries)

    upload(client)
    few = cost()
    joined = [employee(f"30000000{n:02}", f"N{n}", "ONE", "1000000002") for n in range(60)]
    changed = {row["dod_id"]: {"grade": "13", "first_name": "Other"} for row in EMPLOYEES}
    upload(client, ORGANIZATIONS, employees(*joined, changed=changed))
    assert cost() == few <= 15


def test_apply_is_asked_for_watched_and_receipted(client, administrator):
    changed = employees(changed={EMPLOYEE: {"grade": "12"}})
    upload(client, ORGANIZATIONS, changed, effective_on="2027-05-01")
    response = client.post(step("roster_apply"))
    assert response["Location"] == step("roster_preview")
    assert "The roster is being applied" in page(client)
    work()
    assert Assignment.objects.get(employee__dod_id=EMPLOYEE, ends_on=None).grade == "12"
    assert not RosterChunk.objects.exists()
    receipt = page(client)
    for words in ["What the roster changed", "Receipt", administrator.full_name, "1 May 2027"]:
        assert words in receipt
    assert "Got another position (1)" in receipt
    assert "Apply the roster" not in receipt
    event = OrgEvent.objects.get(what="roster_imported", by=administrator)
    assert event.organization.code == "TOP"
    shown = client.get(IMPORT).content.decode()
    assert "0 joined, 1 changed" in shown
    assert step("roster_preview") in shown


def test_apply_separates_only_when_asked(client, administrator):
    upload(client, ORGANIZATIONS, EMPLOYEES[1:])
    client.post(step("roster_apply"))
    work()
    assert Assignment.objects.filter(employee__dod_id=EMPLOYEE, ends_on=None).exists()
    assert "left as they are" in page(client)
    upload(client, ORGANIZATIONS, EMPLOYEES[1:])
    client.post(step("roster_apply"), {"separate_missing": "yes"})
    work()
    assert not Assignment.objects.filter(employee__dod_id=EMPLOYEE, ends_on=None).exists()
    assert "their assignments ended" in page(client)


def test_apply_twice_is_refused(client, administrator):
    upload(client)
    client.post(step("roster_apply"))
    response = client.post(step("roster_apply"))
    assert response.status_code == 409
    assert "This roster is being applied." in response.content.decode()
    work()
    response = client.post(step("roster_apply"))
    assert "This roster is applied already." in response.content.decode()


def test_apply_with_problems_is_refused(client, administrator):
    upload(client, ORGANIZATIONS, employees(changed={EMPLOYEE: {"grade": ""}}))
    response = client.post(step("roster_apply"))
    assert response.status_code == 409
    assert "nothing of it can be applied" in response.content.decode()


def test_work_that_stopped_says_so_and_can_be_tried_again(client, administrator):
    send(client)
    RosterUpload.objects.update(state="failed", note=job.STOPPED)
    shown = page(client)
    assert "The work on the roster stopped" in shown
    assert job.STOPPED in shown
    assert client.post(step("roster_check"))["Location"] == step("roster_preview")
    work()
    assert "Nothing would change." in page(client)


def test_discard(client, administrator):
    upload(client)
    client.post(step("roster_discard"))
    assert the_upload().state == "discarded"
    assert "Nothing was changed, and the files are gone." in page(client)


# What a form refuses


@pytest.mark.parametrize("missing", ["effective_on", "organization"])
def test_upload_without_a_value(client, administrator, missing):
    response = send(client, **{missing: ""})
    assert response.status_code == 200
    assert response.context["form"].errors[missing]
    assert not RosterUpload.objects.exists()


def test_upload_without_files(client, administrator):
    response = client.post(IMPORT, {})
    assert set(response.context["form"].errors) >= {"organizations_file", "employees_file"}


def test_upload_for_an_organization_one_does_not_administer(client, administrator):
    client.force_login(RoleGrantFactory(organization=Organization.objects.get(code="TWO")).person)
    response = send(client)
    assert "organization" in response.context["form"].errors


# Who may


def test_upload_outside_ones_scope_is_a_list_of_problems(client, administrator):
    two = Organization.objects.get(code="TWO")
    client.force_login(RoleGrantFactory(organization=two).person)
    shown = upload(client, organization=two.pk)
    assert "outside the organization that you administer" in shown
    assert step("roster_apply") not in shown


def every_address() -> list[tuple[str, str]]:
    return [
        ("get", step("roster_preview")),
        ("get", step("roster_changes", "joined")),
        ("get", step("roster_records", "supervisor")),
        *(("post", step(name)) for name in STEPS),
    ]


def test_upload_of_somebody_else_does_not_exist(client, administrator):
    upload(client)
    client.force_login(RoleGrantFactory(organization=Organization.objects.get(code="TOP")).person)
    for method, url in every_address():
        assert getattr(client, method)(url).status_code == 404, url


def test_upload_of_a_role_that_has_ended_is_forbidden(client, administrator):
    upload(client, ORGANIZATIONS, EMPLOYEES[1:])
    administrator.role_grants.update(ends_on="2027-01-01")
    for method, url in every_address():
        response = getattr(client, method)(url)
        assert response.status_code == 403, url
        assert "Núñez" not in response.content.decode()


@pytest.mark.parametrize("role", ["auditor", "system_administrator"])
def test_import_is_for_hr_only(client, administrator, role):
    user = RoleGrantFactory(role=role, organization=Organization.objects.get(code="TOP")).person
    client.force_login(user)
    assert client.get(IMPORT).status_code == 403
    assert client.post(IMPORT).status_code == 403


def test_import_asks_for_sign_in(client, db):
    assert client.get(IMPORT).status_code == 302


@pytest.mark.parametrize("name", STEPS)
def test_decisions_refuse_get(client, administrator, name):
    upload(client)
    assert client.get(step(name)).status_code == 405
