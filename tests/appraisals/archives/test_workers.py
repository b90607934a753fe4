"""Parts and who works on them: each is one worker's, and a dead worker's part is taken over."""

import datetime as dt

import pytest
from django.db.models.functions import Now

from appraisals.archives import choosing, claims, job, store
from appraisals.models import Archive, ArchivePart
from appraisals.services.archives import go_on, start_archive
from appraisals.tasks.archives import make_archive, sweep_archives
from orgchart import clock
from tests.appraisals.archives.conftest import started
from tests.appraisals.archives.test_job import files, work
from tests.cast import PRACTICE_DAY

pytestmark = pytest.mark.django_db
State, Work = Archive.State, ArchivePart.Work


def test_who_takes_a_part_wakes_the_next_worker(choice, monkeypatch, nobody_hears):
    monkeypatch.setattr(choosing, "BATCH", 1)
    archive = started(choice)
    name = make_archive.name
    assert nobody_hears == [(name, archive.pk)]
    nobody_hears.clear()
    with clock.frozen(PRACTICE_DAY):
        make_archive(archive.pk)
    assert nobody_hears == [(name, archive.pk)] * 2
    assert archive.parts.filter(state="done").count() == 1


def test_no_part_is_two_workers(choice, monkeypatch):
    monkeypatch.setattr(choosing, "BATCH", 1)
    archive = started(choice)
    taken = [claims.claim(archive.pk) for _ in range(4)]
    assert [part and part.number for part in taken] == [1, 2, 3, None]
    assert claims.due() == []


def test_the_zip_waits_until_all_forms_are_made(choice, monkeypatch):
    monkeypatch.setattr(choosing, "BATCH", 2)
    archive = started(choice)
    first, second = claims.claim(archive.pk), claims.claim(archive.pk)
    job.work_on(first)
    assert claims.claim(archive.pk) is None
    job.work_on(second)
    assert claims.claim(archive.pk).work == Work.ZIP


def test_a_dead_workers_part_is_taken_over(choice, nobody_hears):
    archive = started(choice)
    dead = claims.claim(archive.pk)
    nobody_hears.clear()
    sweep_archives()
    assert nobody_hears == []
    silent(dead)
    sweep_archives()
    assert nobody_hears == [(make_archive.name, archive.pk)]
    assert claims.claim(archive.pk).attempts == 2


def test_a_worker_taken_for_dead_finds_its_part_gone(choice):
    archive = started(choice)
    while (slow := claims.claim(archive.pk)) and slow.work == Work.FORMS:
        job.work_on(slow)
    silent(slow)
    archive = work(archive)
    [file] = files(archive)
    content = file.read_bytes()
    job.work_on(slow)
    assert files(archive) == [file]
    assert list(store.folder(archive.pk).glob("*.zip")) == [file]
    assert file.read_bytes() == content


def test_what_an_ended_attempt_left_is_cleared_away(choice):
    """It died between the file's name and its row, or in the middle of the file."""
    archive = started(choice)
    archive.parts.filter(work=Work.ZIP).update(attempts=8)
    folder = store.folder(archive.pk)
    folder.mkdir(parents=True)
    (folder / "zip-1-7.zip").write_bytes(b"whole, but nobody knows")
    (folder / ".zip-1-8.zip.4711").write_bytes(b"half")
    archive = work(archive)
    assert [each.name for each in folder.iterdir()] == [files(archive)[0].name]


def test_a_part_that_kills_its_workers_is_given_up(choice, cast):
    archive = started(choice)
    for _ in range(claims.MOST_TRIES):
        silent(claims.claim(archive.pk))
    assert claims.claim(archive.pk) is None
    archive.refresh_from_db()
    assert (archive.state, archive.note) == (State.STOPPED, claims.GAVE_UP)
    go_on(archive, by=cast.hr)
    assert work(archive).state == State.READY


def test_folders_nobody_asks_for_are_deleted(choice, folders):
    kept = started(choice)
    store.folder(kept.pk).mkdir(parents=True)
    (folders / "999999" / "forms").mkdir(parents=True)
    (folders / "lost+found").mkdir()
    job.clear_old()
    assert {each.name for each in folders.iterdir()} == {str(kept.pk), "lost+found"}


def silent(part: ArchivePart) -> None:
    ArchivePart.objects.filter(pk=part.pk).update(heartbeat=Now() - dt.timedelta(minutes=1))


def test_the_same_request_starts_one_archive(choice):
    key = "2f0b7bd6-7b3c-4a43-8f56-d5ac0a3a0f0e"
    with clock.frozen(PRACTICE_DAY):
        first = start_archive(choice, words=[], by=choice.user, request_key=key)
        again = start_archive(choice, words=[], by=choice.user, request_key=key)
    assert first == again
    assert first.entries.count() == 3


def test_what_a_killed_worker_left_beside_a_ready_archive_is_swept(choice):
    archive = work(started(choice))
    place = store.folder(archive.pk)
    (place / "forms").mkdir()
    (place / "forms" / "1.pdf").write_bytes(b"a working copy")
    (place / "zip-1-7.zip").write_bytes(b"whole, but nobody knows")
    (place / ".zip-1-8.zip.4711").write_bytes(b"half")
    job.clear_old()
    assert list(place.iterdir()) == files(archive)
