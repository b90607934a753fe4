"""An export while its workers are killed: it ends, with exactly one archive, nothing missing, nothing doubled."""

import random
import resource
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.servers import until
from tests.faults.site import Site

KILLS = 20
START = """
from appraisals.archives.choosing import Choice
from appraisals.models import AppraisalCycle
from appraisals.services.archives import start_archive
from orgchart.models import Organization, Person
user = Person.objects.get(email="miriam.castellano@example.mil")
choice = Choice(
    user=user,
    organization=Organization.objects.get(code="{place}"),
    cycle=AppraisalCycle.objects.order_by("-starts_on")[{back}],
)
print(start_archive(choice, words=["Whole records"], by=user).pk)
"""
GO_ON = """
from appraisals.models import Archive
from appraisals.services.archives import go_on
archive = Archive.objects.get()
go_on(archive, by=archive.asked_by)
"""
# A minute passes for a worker that says nothing any more.
LATER = "UPDATE appraisals_archivepart SET heartbeat = heartbeat - interval '1 minute' WHERE state = 'working'"
EXPECTED = """
SELECT e.number, e.name, e.size, e.sha256 FROM appraisals_archiveentry e WHERE e.archive_id = %s ORDER BY e.number
"""
RECORDS = """
SELECT count(*) FROM appraisals_appraisal a JOIN orgchart_organization o ON o.id = a.organization_id
JOIN appraisals_archive r ON r.cycle_id = a.cycle_id
JOIN orgchart_organization top ON top.id = r.organization_id AND starts_with(o.path, top.path) WHERE r.id = %s
"""


def start(site: Site, place: str, *, back: int = 0) -> int:
    return int(site.python(START.format(place=place, back=back)).split()[-1])


def state(site: Site, archive: int) -> str:
    return str(site.one("SELECT state FROM appraisals_archive WHERE id = %s", archive))


def assert_whole(site: Site, archive: int, folder: Path) -> None:
    """One file of this archive on the disk, and in it each record of the choice once."""
    place = site.media / "archives" / str(archive)
    until(lambda: len(list(place.rglob("*"))) == 1, what="only the archive is left", within=60)
    [file] = place.iterdir()
    rows = site.rows(EXPECTED, archive)
    assert len(rows) == site.one(RECORDS, archive) > 0
    names = [name for _, name, _, _ in rows]
    assert all(names)
    assert zipfile.ZipFile(file).namelist()[: len(rows)] == names
    assert len(set(names)) == len(rows)
    subprocess.run(["unzip", "-q", str(file), "-d", str(folder)], check=True)
    checked = ["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"]
    subprocess.run(checked, cwd=folder, check=True)


@pytest.mark.long
def test_workers_killed_twenty_times_make_exactly_one_archive(house: Site, tmp_path: Path) -> None:
    """At any moment of the work, whole machines and single children; the first death is waited out."""
    chance = random.Random(2906)  # noqa: S311  not a secret
    house.beat()
    archives = [start(house, "DES")]
    for kill in range(KILLS):
        worker = house.worker(children=2)
        time.sleep(chance.uniform(0, 4))
        if chance.random() < 0.25:
            worker.kill_child()
        worker.kill()
        if kill:
            house.rows(LATER)
        if state(house, archives[-1]) == "ready":
            archives.append(start(house, "DES"))
    house.worker(children=2)
    for number, archive in enumerate(archives):
        until(lambda pk=archive: state(house, pk) == "ready", what="it is ready", within=300)
        assert_whole(house, archive, tmp_path / f"unpacked-{number}")
    assert house.one("SELECT count(*) FROM appraisals_archive") == len(archives)


def limited(size: int) -> Callable[[], None]:
    """No file of the worker grows beyond that, as on a disk that is full."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.long
def test_a_full_disk_stops_the_work_and_it_goes_on_when_there_is_room(
    house: Site, tmp_path: Path
) -> None:
    house.beat()
    archive = start(house, "DES-FIRE")
    worker = house.worker(children=2, limits=limited(200_000))
    until(lambda: state(house, archive) == "stopped", what="it has stopped", within=300)
    note = house.one("SELECT note FROM appraisals_archive WHERE id = %s", archive)
    assert note.startswith("The disk is full where archives are written.")
    assert list((house.media / "archives" / str(archive)).glob("*.zip*")) == []
    worker.stop()
    house.worker(children=2)
    house.python(GO_ON)
    until(lambda: state(house, archive) == "ready", what="it is ready", within=300)
    assert_whole(house, archive, tmp_path / "unpacked")
