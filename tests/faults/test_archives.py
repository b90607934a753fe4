"""An export meets a killed worker and a disk that is full: one archive in the end, with every record once."""

import zipfile
from pathlib import Path

import pytest

from tests.faults.servers import until
from tests.faults.site import Site, grow_disk

MINUTES = 180
START = """
from appraisals.archives.choosing import Choice
from appraisals.models import AppraisalCycle
from appraisals.services.archives import start_archive
from orgchart.models import Organization, Person
user = Person.objects.get(email="miriam.castellano@example.mil")
choice = Choice(
    user=user,
    organization=Organization.objects.get(code="DES-FIRE"),
    cycle=AppraisalCycle.objects.order_by("-starts_on")[0],
)
print(start_archive(choice, words=["Whole records"], by=user).pk)
"""
GO_ON = """
from appraisals.models import Archive
from appraisals.services.archives import go_on
archive = Archive.objects.get()
go_on(archive, by=archive.asked_by)
"""
# Nobody waits for the seconds after which a silent worker counts as dead.
SILENT = """
UPDATE appraisals_archivepart SET heartbeat = heartbeat - interval '1 minute' WHERE state = 'working'
"""
RECORDS = """
SELECT count(*) FROM appraisals_appraisal a
JOIN appraisals_archive r ON r.cycle_id = a.cycle_id AND r.id = %s
JOIN orgchart_organization o ON o.id = a.organization_id
JOIN orgchart_organization top ON top.id = r.organization_id AND starts_with(o.path, top.path)
"""


def start(house: Site) -> int:
    return int(house.python(START).split()[-1])


def state(house: Site, archive: int) -> str:
    return str(house.one("SELECT state FROM appraisals_archive WHERE id = %s", archive))


def assert_whole(house: Site, archive: int, *, root: Path = Path("/")) -> None:
    """The account: as many forms as there are records, each under its name once, in the only file."""
    until(lambda: state(house, archive) == "ready", what="the archive is ready", within=MINUTES)
    names = [
        name
        for (name,) in house.rows(
            "SELECT name FROM appraisals_archiveentry WHERE archive_id = %s", archive
        )
    ]
    assert len(set(names)) == len(names) == house.one(RECORDS, archive) > 0
    folder = root / str(house.archives / str(archive))[1:]
    [file] = [each for each in folder.rglob("*") if each.is_file()]
    with zipfile.ZipFile(file) as whole:
        assert whole.testzip() is None
        assert {each for each in whole.namelist() if each.endswith(".pdf")} == set(names)


def done(house: Site) -> int:
    return int(
        house.one("SELECT coalesce(sum(done), 0) + sum(attempts) FROM appraisals_archivepart")
    )


def test_killed_worker_leaves_work_that_another_ends(house):
    house.beat(DPMAP_TEST_ENTRIES="sweep-archives")
    archive = start(house)
    for _ in range(2):
        before = done(house)
        worker = house.worker()
        until(lambda: done(house) > before + 1, what="it is at work")  # noqa: B023
        worker.kill()
        house.rows(SILENT)
    house.worker()
    assert_whole(house, archive)


def test_full_disk_is_said_and_the_work_goes_on_when_there_is_room(house):
    house.beat(DPMAP_TEST_ENTRIES="sweep-archives")
    archive = start(house)
    worker = house.worker(disk="128k")
    until(lambda: state(house, archive) == "stopped", what="the work has stopped", within=MINUTES)
    note = house.one("SELECT note FROM appraisals_archive")
    assert note.startswith("The disk is full where archives are written.")
    root = Path(f"/proc/{worker.process.pid}/root")
    assert not list((root / str(house.archives)[1:]).rglob("*.zip"))
    grow_disk(worker, "64m", house.archives)
    house.python(GO_ON)
    assert_whole(house, archive, root=root)


@pytest.mark.long
def test_killed_child_of_a_worker_is_replaced_and_its_work_done(house):
    house.beat(app="dpmap")
    archive = start(house)
    worker = house.worker()
    before = done(house)
    until(lambda: done(house) > before + 1, what="it is at work")
    worker.kill_child()
    assert_whole(house, archive)
