"""From a choice to a ZIP: nothing missing, nothing doubled, and other people's programs can read it."""

import csv
import dataclasses
import datetime as dt
import hashlib
import subprocess
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from openpyxl import load_workbook

from appraisals.archives import choosing, claims, job, making, store
from appraisals.models import Appraisal, Archive, ArchivePart, Notice, StoredForm
from appraisals.pdf.stored import file_of, keep_form
from appraisals.services.archives import cancel_archive, go_on
from orgchart import clock, whole_files
from orgchart.models import Person, RoleGrant
from tests.appraisals.archives.conftest import record_of, started
from tests.cast import PRACTICE_DAY

pytestmark = pytest.mark.django_db
State, Work = Archive.State, ArchivePart.Work
CARL = "fire/colleague-carl-0012-fy-2027-dd2906.pdf"
MARIA = "fire/employee-maria-0011-fy-2027-dd2906.pdf"
DANA = "fire/official-dana-0008-fy-2027-dd2906.pdf"
INDEX = ["index.csv", "index.xlsx", "README.txt", "SHA256SUMS"]


def work(archive: Archive) -> Archive:
    """Until no part is free, as one worker would."""
    with clock.frozen(PRACTICE_DAY):
        while part := claims.claim(archive.pk):
            job.work_on(part)
    archive.refresh_from_db()
    return archive


def files(archive: Archive) -> list[Path]:
    return [store.part_path(part) for part in archive.parts.exclude(file_name="")]


def unpacked(archive: Archive, folder: Path) -> Path:
    for file in files(archive):
        subprocess.run(["unzip", "-q", str(file), "-d", str(folder)], check=True)
    return folder


def index_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "index.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# ------------------------------------------------------------------------------- what it holds


def test_an_archive_is_made(choice):
    archive = work(started(choice))
    assert (archive.state, archive.note) == (State.READY, "")
    assert (archive.documents, archive.left_out) == (3, 0)
    [file] = files(archive)
    with zipfile.ZipFile(file) as zipped:
        assert zipped.namelist() == [CARL, MARIA, DANA, *INDEX]
        assert {info.compress_type for info in zipped.infolist()} == {zipfile.ZIP_STORED}
        assert all(zipped.read(name).startswith(b"%PDF") for name in (CARL, MARIA, DANA))


def test_whoever_asked_for_it_is_told_once_when_it_is_ready(choice, cast):
    archive = started(choice)
    told = Notice.objects.filter(kind="export_ready")
    assert not told.exists()

    work(archive)
    notice = told.get()

    assert notice.recipient == cast.hr
    assert notice.title == f"Your export is ready: 3 forms of {archive.organization.name}"
    assert notice.link == f"/hr/archives/{archive.pk}/"
    assert "until " in notice.text
    assert notice.post_at == notice.created_at


def test_the_programs_of_others_find_nothing_wrong_with_it(choice, tmp_path):
    archive = work(started(choice))
    for file in files(archive):
        tested = subprocess.run(["unzip", "-t", str(file)], capture_output=True, text=True)
        assert "No errors detected" in tested.stdout, tested.stdout
    folder = unpacked(archive, tmp_path / "all")
    checked = ["sha256sum", "--strict", "-c", "SHA256SUMS"]
    said = subprocess.run(checked, cwd=folder, capture_output=True, text=True, check=True)
    assert said.stdout.count(": OK") == 3 + 3
    (folder / MARIA).chmod(0o600)
    (folder / MARIA).write_bytes(b"somebody else")
    assert subprocess.run(checked, cwd=folder, capture_output=True).returncode == 1


def test_the_index_names_every_form(choice, tmp_path, cast):
    Person.objects.filter(pk=cast.colleague.pk).update(last_name="=1+1")
    folder = unpacked(work(started(choice)), tmp_path / "all")
    carl, maria, _ = index_of(folder)
    content = (folder / MARIA).read_bytes()
    assert maria == {
        "Number": "2",
        "File": MARIA,
        "ZIP": "1",
        "Organization": "FIRE",
        "Last name": "Employee",
        "First name": "Maria",
        "DoD ID": cast.employee.dod_id,
        "Cycle": "FY 2027",
        "Form": "DD Form 2906",
        "Status": "final",
        "Rating of record": "5",
        "Pages": str(StoredForm.objects.made().get(document=None).pages),
        "Bytes": str(len(content)),
        "SHA-256": hashlib.sha256(content).hexdigest(),
        "Left out because": "",
    }
    assert (carl["Last name"], carl["Status"], carl["Rating of record"]) == (
        "'=1+1",
        "working copy",
        "",
    )
    sheet = load_workbook(folder / "index.xlsx").active
    rows = list(sheet.values)
    assert [row[1] for row in rows[1:]] == [carl["File"], MARIA, DANA]
    assert sheet["E2"].data_type == "s"


def test_it_says_what_it_is_and_how_it_is_marked(choice, tmp_path):
    words = (unpacked(work(started(choice)), tmp_path / "all") / "README.txt").read_text()
    assert words.startswith("CUI\n")
    assert words.rstrip().endswith("CUI")
    assert "Forms of Installation Command (CMD), FY 2027" in words
    assert "Made for Hanna Human" in words
    assert "3 forms. Left out: 0" in words


def test_a_final_form_is_the_stored_one(choice, cast, tmp_path):
    stored = keep_form(record_of(cast.employee))
    folder = unpacked(work(started(choice)), tmp_path / "all")
    assert (folder / MARIA).read_bytes() == file_of(stored).read_bytes()


def test_a_form_that_becomes_final_while_it_is_exported_is_kept(choice, cast):
    work(started(choice))
    assert StoredForm.objects.made().get(document=None).appraisal == record_of(cast.employee)
    assert not (store.folder(Archive.objects.get().pk) / "forms").exists()


def test_many_come_in_several_files_with_one_index(choice, monkeypatch, tmp_path):
    monkeypatch.setattr(choosing, "VOLUME", 2)
    archive = work(started(choice))
    first, second, index = files(archive)
    assert zipfile.ZipFile(first).namelist() == [CARL, MARIA]
    assert zipfile.ZipFile(second).namelist() == [DANA]
    assert zipfile.ZipFile(index).namelist() == INDEX
    folder = unpacked(archive, tmp_path / "all")
    checked = ["sha256sum", "--strict", "-c", "SHA256SUMS"]
    assert subprocess.run(checked, cwd=folder, capture_output=True).returncode == 0
    assert [row["ZIP"] for row in index_of(folder)] == ["1", "1", "2"]


def test_a_file_above_four_gigabytes_would_be_read(choice, monkeypatch, tmp_path):
    """The format's other header, from a limit that three forms pass."""
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 60_000)
    archive = work(started(choice))
    with zipfile.ZipFile(files(archive)[0]) as zipped:
        assert max(info.header_offset for info in zipped.infolist()) > 60_000
    tested = subprocess.run(["unzip", "-t", str(files(archive)[0])], capture_output=True, text=True)
    assert "No errors detected" in tested.stdout


def test_one_kind_of_document_is_named_by_it(choice, cast, tmp_path):
    plans = dataclasses.replace(choice, kind="performance_plan", stage="acknowledged")
    folder = unpacked(work(started(plans)), tmp_path / "all")
    [row] = index_of(folder)
    assert row["File"] == "fire/employee-maria-0011-fy-2027-performance-plan.pdf"
    assert row["Form"] == "Performance plan"
    assert (folder / row["File"]).read_bytes().startswith(b"%PDF")


# ----------------------------------------------------------------------------- what is left out


def test_a_record_that_moved_away_is_left_out_and_said_so(choice, cast, tmp_path):
    archive = started(choice)
    Appraisal.objects.filter(employee=cast.colleague).update(organization=cast.places["YARD"])
    archive = work(archive)
    assert (archive.state, archive.documents, archive.left_out) == (State.READY, 3, 1)
    folder = unpacked(archive, tmp_path / "all")
    assert not (folder / CARL).exists()
    [row] = [row for row in index_of(folder) if row["Status"] == "left out"]
    assert (row["DoD ID"], row["Left out because"]) == (cast.colleague.dod_id, making.MOVED_AWAY)


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_a_lost_file_is_left_out_and_not_made_anew(choice, cast, damage):
    stored = keep_form(record_of(cast.employee))
    archive = started(choice)
    file_of(stored).unlink() if damage == "gone" else file_of(stored).chmod(0o600)
    if damage == "changed":
        file_of(stored).write_bytes(b"something else")
    archive = work(archive)
    assert (archive.state, archive.left_out) == (State.READY, 1)
    entry = archive.entries.exclude(left_out="").get()
    assert entry.appraisal.employee == cast.employee
    assert "put back from the backup" in entry.left_out


def test_one_form_that_cannot_be_laid_out_does_not_cost_the_others(choice, cast, monkeypatch):
    carls = record_of(cast.colleague)
    ask = making.form_for

    def faulty(appraisal, **more):
        if appraisal.pk == carls.pk:
            raise ValueError("a table without end")
        return ask(appraisal, **more)

    monkeypatch.setattr(making, "form_for", faulty)
    archive = work(started(choice))
    assert (archive.state, archive.left_out) == (State.READY, 1)
    assert archive.entries.exclude(left_out="").get().left_out == making.FAULT


def test_a_fault_of_all_forms_stops_the_work(choice, monkeypatch):
    def faulty(appraisal, **more):
        raise ValueError("no fonts")

    monkeypatch.setattr(making, "form_for", faulty)
    archive = started(choice)
    with pytest.raises(ValueError, match="no fonts"):
        work(archive)
    archive.refresh_from_db()
    assert (archive.state, archive.note) == (State.STOPPED, job.FAULT)
    assert not archive.entries.exclude(left_out="").exists()
    monkeypatch.undo()


# ----------------------------------------------------------------------- stopped, gone on, ended


def test_a_full_disk_stops_the_work_with_a_sentence_and_no_half_file(choice, monkeypatch):
    """/dev/full answers every write as a full disk does."""
    archive = started(choice)
    while (part := claims.claim(archive.pk)) and part.work == Work.FORMS:
        job.work_on(part)
    full = store.folder(archive.pk)

    @contextmanager
    def begun_on_a_full_disk(place, *, prefix=""):
        with whole_files.begun(place, prefix=prefix) as file:
            if place != full:
                yield file
                return
            with open("/dev/full", "wb") as nothing_left:
                yield nothing_left

    monkeypatch.setattr(store, "begun", begun_on_a_full_disk)
    job.work_on(part)
    archive.refresh_from_db()
    assert (archive.state, archive.note) == (State.STOPPED, job.DISK_FULL)
    assert list(full.glob("*.zip")) == []
    assert claims.claim(archive.pk) is None
    monkeypatch.undo()
    go_on(archive, by=choice.user)
    archive = work(archive)
    assert (archive.state, archive.note, archive.left_out) == (State.READY, "", 0)
    assert zipfile.ZipFile(files(archive)[0]).testzip() is None


def test_who_no_longer_administers_gets_nothing_more(choice, cast):
    archive = started(choice)
    RoleGrant.objects.filter(person=cast.hr).delete()
    archive = work(archive)
    assert (archive.state, archive.note) == (State.STOPPED, claims.NO_LONGER)
    assert files(archive) == []


def test_a_cancelled_archive_is_gone(choice, cast, django_capture_on_commit_callbacks):
    archive = started(choice)
    job.work_on(claims.claim(archive.pk))
    with django_capture_on_commit_callbacks(execute=True):
        cancel_archive(archive, by=cast.hr)
    archive = work(archive)
    assert archive.state == State.CANCELLED
    assert not store.folder(archive.pk).exists()
    assert not archive.entries.exists()


def test_an_archive_cancelled_under_the_hand_of_a_worker_is_not_finished(choice, cast):
    archive = started(choice)
    while (part := claims.claim(archive.pk)) and part.work == Work.FORMS:
        job.work_on(part)
    cancel_archive(archive, by=cast.hr)
    job.work_on(part)
    archive.refresh_from_db()
    assert archive.state == State.CANCELLED
    assert list(store.folder(archive.pk).glob("*.zip")) == []


def test_a_ready_archive_expires_and_is_deleted(choice, settings):
    archive = work(started(choice))
    day = PRACTICE_DAY + dt.timedelta(days=settings.ARCHIVE_DAYS)
    with clock.frozen(day - dt.timedelta(days=1)):
        job.clear_old()
    archive.refresh_from_db()
    assert archive.state == State.READY
    with clock.frozen(day + dt.timedelta(days=1)):
        job.clear_old()
    archive.refresh_from_db()
    assert archive.state == State.EXPIRED
    assert not store.folder(archive.pk).exists()
    assert not archive.entries.exists()
