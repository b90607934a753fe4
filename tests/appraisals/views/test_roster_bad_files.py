"""Files that cannot be what they should be: HR reads what is wrong and where, and nothing is changed."""

import io
import tracemalloc
import zipfile
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from appraisals.views.roster_tables import PAGE
from orgchart import clock
from orgchart.models import Assignment, Organization, OrgEvent, Person, RosterChunk, RosterUpload
from orgchart.roster import job
from tests.factories import RoleGrantFactory
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

IMPORT = "/hr/roster/"
GOOD = csv_of(EMPLOYEES)
COLUMNS = list(EMPLOYEES[0])


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.frozen(DAY):
        yield


@pytest.fixture
def hr(_today, client, db) -> Person:
    imported()
    person = RoleGrantFactory(organization=Organization.objects.get(code="TOP")).person
    client.force_login(person)
    return person


def everything() -> list[object]:
    """What is held, to the letter."""
    return [
        *Person.objects.exclude(role_grants__isnull=False).order_by("pk").values(),
        *Assignment.objects.order_by("pk").values(),
        *Organization.objects.order_by("pk").values(),
        OrgEvent.objects.count(),
    ]


def send(client, organization_rows: bytes, employee_rows: bytes):
    files = {
        f"{name}_file": SimpleUploadedFile(f"{name}.csv", content, "text/csv")
        for name, content in [("organizations", organization_rows), ("employees", employee_rows)]
    }
    place = Organization.objects.get(code="TOP").pk
    return client.post(IMPORT, {"organization": place, "effective_on": f"{DAY}", **files})


def zipped() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("employees.csv", GOOD)
    return packed.getvalue()


def with_columns(*names: str) -> bytes:
    return csv_of(EMPLOYEES, list(names))


def changed(dod_id: str, **values: str) -> bytes:
    return csv_of(employees(changed={dod_id: values}))


TWO_TOPS = csv_of(organizations(ONE={"parent_code": ""}))
BAD_PEOPLE = {
    "UTF-16": (GOOD.decode().encode("utf-16"), 1, "", "UTF-16"),
    "Latin-1": (GOOD.decode().encode("latin-1"), 2, "", "is not UTF-8 text: byte fa"),
    "a zip": (zipped(), 1, "", "ZIP archive"),
    "an empty line of columns": (b"\n\n", 1, "", "The file is empty"),
    "no grade": (
        with_columns(*(name for name in COLUMNS if name != "grade")),
        1,
        "grade",
        "This column is missing.",
    ),
    "grade twice": (with_columns(*COLUMNS, "grade"), 1, "grade", "there 2 times"),
    "one ID twice": (
        csv_of([*EMPLOYEES, EMPLOYEES[0] | {"email": "b@example.mil"}]),
        5,
        "dod_id",
        "on line 2 already",
    ),
    "nobody's supervisor": (
        changed(EMPLOYEE, supervisor_dod_id="9999999999"),
        2,
        "supervisor_dod_id",
        "no person with this DoD ID",
    ),
    "a loop": (
        changed(LEADER, supervisor_dod_id=EMPLOYEE),
        4,
        "supervisor_dod_id",
        "in a loop",
    ),
    "two heads of all": (
        changed(EMPLOYEE, supervisor_dod_id="", organization_code="TOP"),
        2,
        "supervisor_dod_id",
        "Only one person has nobody above",
    ),
    "a formula": (
        changed(EMPLOYEE, last_name='=HYPERLINK("http://example.com")'),
        2,
        "last_name",
        "as a formula does",
    ),
    "a sum": (changed(EMPLOYEE, position_title="+1+1"), 2, "position_title", "as a formula does"),
    "an at sign": (changed(EMPLOYEE, duty_station="@SUM(A1)"), 2, "duty_station", "as a formula"),
    "a minus": (changed(EMPLOYEE, first_name="-2+3"), 2, "first_name", "as a formula does"),
    "an address that is a formula": (
        changed(EMPLOYEE, email="=1+1@example.mil"),
        2,
        "email",
        "not an e-mail address",
    ),
    "a NUL": (changed(EMPLOYEE, first_name="A\0b"), 2, "first_name", "cannot be shown"),
}


@pytest.mark.parametrize("bad", BAD_PEOPLE)
def test_bad_people_are_listed_and_change_nothing(client, hr, bad):
    content, line, column, message = BAD_PEOPLE[bad]
    before = everything()
    send(client, csv_of(ORGANIZATIONS), content)
    upload = RosterUpload.objects.get()
    job.run(upload.pk)
    found = upload.problems.filter(file="employees.csv", line=line, column=column)
    assert any(message in problem.message for problem in found), list(upload.problems.values())
    page = client.get(f"{IMPORT}{upload.pk}/").content.decode()
    assert "nothing can be changed" in page
    assert "Apply the roster" not in page
    assert client.post(f"{IMPORT}{upload.pk}/apply/").status_code == 409
    assert everything() == before


def test_two_tops_of_the_tree_are_listed(client, hr):
    before = everything()
    send(client, TWO_TOPS, GOOD)
    upload = RosterUpload.objects.get()
    job.run(upload.pk)
    found = upload.problems.filter(file="organizations.csv", line=3, column="parent_code")
    assert any("Only one organization has none above it" in each.message for each in found)
    assert everything() == before


@pytest.mark.parametrize("name", ["-", "–", "O'Brien-Núñez", "de la Cruz", "Null", "Nan"])
def test_odd_names_are_names(client, hr, name):
    send(client, csv_of(ORGANIZATIONS), changed(OFFICIAL, middle_name=name, last_name=name))
    upload = RosterUpload.objects.get()
    job.run(upload.pk)
    assert list(upload.problems.values_list("message", flat=True)) == []
    assert f"{name}, Ana" in upload.changes.get(kind="renamed").now


def test_ten_thousand_bad_rows_are_counted_paged_and_downloaded(client, hr):
    bad = [
        employee(f"5{n:09}", "Bad", "ONE", OFFICIAL, grade="", occupational_series="x")
        for n in range(10_000)
    ]
    before = everything()
    send(client, csv_of(ORGANIZATIONS), csv_of([*EMPLOYEES, *bad]))
    upload = RosterUpload.objects.get()
    job.run(upload.pk)
    url = f"{IMPORT}{upload.pk}/"
    page = client.get(url).content.decode()
    assert "20,000 problems: nothing can be changed" in page
    assert f"1 to {PAGE} of 20,000 problems" in page
    assert page.count("This must not be empty.") <= PAGE
    last = client.get(f"{url}?page=400").content.decode()
    assert "10,004" in last
    download = client.get(f"{url}?format=csv")
    lines = b"".join(download.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 20_001
    assert lines[1].startswith("employees.csv,5,grade,")
    assert everything() == before


class Endless:
    """A body of a form with one enormous file, made while it is read."""

    def __init__(self, size: int) -> None:
        part = '--boundary\r\nContent-Disposition: form-data; name="{}"; filename="{}.csv"\r\n\r\n'
        self.parts = [
            part.format("organizations_file", "organizations").encode() + b"code\r\n",
            part.format("employees_file", "employees").encode(),
        ]
        self.end = b"\r\n--boundary--\r\n"
        self.left = size
        self.length = sum(map(len, self.parts)) + size + len(self.end)

    def readline(self) -> bytes:
        raise NotImplementedError

    def read(self, most: int) -> bytes:
        if self.parts:
            return self.parts.pop(0)
        if self.left:
            given = min(most, self.left)
            self.left -= given
            return b"x" * given
        given, self.end = self.end, b""
        return given


def test_200_megabytes_are_refused_with_a_sentence_and_little_memory(client, hr):
    body = Endless(200_000_000)
    tracemalloc.start()
    response = client.post(
        IMPORT,
        data=b"",
        content_type="",
        CONTENT_TYPE="multipart/form-data; boundary=boundary",
        CONTENT_LENGTH=str(body.length),
        **{"wsgi.input": body},
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert response.context["form"].errors["employees_file"] == [
        "employees.csv has 200 MB. A roster file may have at most 180 MB: "
        "send the roster of one organization at a time."
    ]
    assert peak < 50_000_000
    assert not RosterUpload.objects.exists()
    assert not RosterChunk.objects.exists()
