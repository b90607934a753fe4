"""What must never be of archives of forms, tried against the database itself."""

import uuid

import pytest
from django.db import transaction
from django.db.models import ProtectedError

from appraisals.models import Archive, ArchiveDownload, ArchiveEntry, ArchivePart
from tests.appraisals.rows import NOON, make_appraisal, make_cycle
from tests.appraisals.test_constraints import refused
from tests.factories import OrganizationFactory, PersonFactory

pytestmark = pytest.mark.django_db


def make_archive(**fields: object) -> Archive:
    place = OrganizationFactory()
    wanted = {
        "asked_by": PersonFactory(),
        "asked_at": NOON,
        "organization": place,
        "cycle": make_cycle(place),
        "documents": 3,
    }
    return Archive.objects.create(**wanted | fields)


def make_part(archive: Archive, **fields: object) -> ArchivePart:
    wanted = {"archive": archive, "work": "forms", "order": 1, "number": 1, "total": 3}
    return ArchivePart.objects.create(**wanted | fields)


def make_entry(archive: Archive, **fields: object) -> ArchiveEntry:
    wanted = {"archive": archive, "number": 1, "volume": 1}
    if "appraisal" not in fields:
        fields["appraisal"] = make_appraisal(archive.cycle)
    return ArchiveEntry.objects.create(**wanted | fields)


HELD = {"name": "fire/a.pdf", "size": 1, "sha256": "a" * 64}


def test_one_request_starts_one_archive():
    key = uuid.uuid4()
    make_archive(request_key=key)
    make_archive(request_key=None)
    make_archive(request_key=None)
    with refused("archive_started_once"):
        make_archive(request_key=key)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("archive_state_is_known", {"state": "waiting"}),
        ("archive_holds_something", {"documents": 0}),
        ("archive_holds_something", {"left_out": 4}),
        ("archive_that_is_ready_expires", {"state": "ready", "ready_at": NOON}),
        ("archive_says_why_it_stopped", {"state": "stopped"}),
    ],
)
def test_an_archive_is_never(name, wrong):
    with refused(name):
        make_archive(**wrong)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("archive_parts_are_numbered", {}),
        ("archive_work_has_its_order", {"number": 2, "work": "zip"}),
        ("archive_work_has_its_order", {"number": 2, "work": "mail"}),
        ("archive_part_done_has_its_moment", {"number": 2, "state": "done"}),
        ("archive_part_done_has_its_moment", {"number": 2, "file_name": "half.zip"}),
        ("archive_part_done_has_its_moment", {"number": 2, "state": "idle"}),
        ("archive_part_done_of_total", {"number": 2, "done": 4}),
    ],
)
def test_a_part_is_never(name, wrong):
    archive = make_archive()
    make_part(archive)
    with refused(name):
        make_part(archive, **wrong)


def test_nothing_is_in_an_archive_twice():
    archive = make_archive()
    first = make_entry(archive, **HELD)
    with refused("archive_entries_are_numbered"), transaction.atomic():
        make_entry(archive)
    with refused("archive_holds_each_form_once"), transaction.atomic():
        make_entry(archive, number=2, appraisal=first.appraisal)
    with refused("archive_names_differ"), transaction.atomic():
        make_entry(archive, number=2, **HELD)


@pytest.mark.parametrize(
    "wrong",
    [{"name": "a.pdf"}, {"sha256": "a" * 64}, HELD | {"left_out": "lost"}, HELD | {"sha256": "A"}],
)
def test_a_form_is_held_or_left_out(wrong):
    with refused("archive_entry_is_held_or_left_out"):
        make_entry(make_archive(), **wrong)


def test_a_download_is_never_changed_nor_deleted():
    archive = make_archive()
    download = ArchiveDownload.objects.create(
        archive=archive, part=make_part(archive), by=archive.asked_by, at=NOON
    )
    for change in (
        lambda: ArchiveDownload.objects.update(by=PersonFactory()),
        lambda: download.delete(),
    ):
        with refused("appraisals_archivedownload is append-only"), transaction.atomic():
            change()
    with pytest.raises(ProtectedError):
        archive.delete()
