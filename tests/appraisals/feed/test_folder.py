"""Every night what waits is written where the personnel system fetches it: once, whole, or not at all."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from appraisals.feed import batch_bytes, make_batch
from appraisals.models import FeedBatch
from appraisals.tasks import send_ratings
from tests.appraisals.feed.sending import rated
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FEED_FOLDER = tmp_path
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def batches() -> dict[str, bytes]:
    return {
        f"ratings-batch-{batch.number:05d}.csv": b"".join(batch_bytes(batch))
        for batch in FeedBatch.objects.all()
    }


def test_each_night_brings_a_file_of_what_is_new(cast: Cast, folder: Path) -> None:
    rated(cast)
    send_ratings.delay()
    assert list(files(folder)) == ["ratings-batch-00001.csv"]
    send_ratings.delay()
    assert FeedBatch.objects.count() == 1
    rated(cast)
    send_ratings.delay()
    assert FeedBatch.objects.count() == 2
    assert files(folder) == batches()


def test_without_a_folder_no_night_makes_a_batch(cast: Cast, settings: Any) -> None:
    assert settings.FEED_FOLDER is None
    rated(cast)
    send_ratings.delay()
    assert not FeedBatch.objects.exists()


def test_a_folder_that_is_not_there_is_not_made(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.FEED_FOLDER = tmp_path / "share"
    rated(cast)
    with pytest.raises(NotADirectoryError, match="DPMAP_FEED_FOLDER is no folder"):
        send_ratings.delay()
    assert not FeedBatch.objects.exists()
    assert not files(tmp_path)


def test_a_full_disk_leaves_the_ratings_for_the_next_night(
    cast: Cast, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    rated(cast)
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            send_ratings.delay()
    assert not FeedBatch.objects.exists()
    assert not files(folder)
    send_ratings.delay()
    assert files(folder) == batches()


def test_what_a_killed_run_left_gets_its_name_or_goes(cast: Cast, folder: Path) -> None:
    rated(cast)
    batch = make_batch(cast.cycle, cast.places["DOD"], by=None)
    assert batch is not None
    (folder / "ratings-batch-committed.new").write_bytes(b"".join(batch_bytes(batch)))
    (folder / "ratings-batch-half.new").write_bytes(b"batch,line,kind")
    send_ratings.delay()
    assert files(folder) == batches()
    assert FeedBatch.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_schedules_one_writes(folder: Path) -> None:
    cast = make_cast()
    rated(cast)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('appraisals_feed_folder'))")
            send_ratings.delay()
            assert not files(folder)
            # A closed connection's locks live until its server process has ended.
            cursor.execute("SELECT pg_advisory_unlock(hashtext('appraisals_feed_folder'))")
    finally:
        other.close()
    send_ratings.delay()
    assert files(folder) == batches()
    assert FeedBatch.objects.count() == 1


def test_by_hand_it_writes_the_same(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rated(cast)
    call_command("rating_feed", to=tmp_path)
    assert files(tmp_path) == batches()
    assert "Batch 1: 1 line, " in capsys.readouterr().out
    call_command("rating_feed", to=tmp_path)
    assert "Nothing new waits" in capsys.readouterr().out
    rated(cast)
    call_command("rating_feed")
    assert FeedBatch.objects.count() == 2
    assert len(files(tmp_path)) == 1
    with pytest.raises(CommandError, match="No organization has the code NOWHERE"):
        call_command("rating_feed", organization="NOWHERE")
    with pytest.raises(CommandError, match="is no folder"):
        call_command("rating_feed", to=tmp_path / "nowhere")
