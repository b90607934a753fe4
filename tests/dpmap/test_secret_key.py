"""Without SECRET_KEY a checkout makes its own, once, however many processes start at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from dpmap import settings

AT_ONCE = 8


def test_all_who_start_at_once_have_the_same_whole_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = Barrier(AT_ONCE)

    def start(_: int) -> str:
        together.wait()
        return settings.local_secret_key()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for turn in range(20):
            monkeypatch.setattr(settings, "VAR", tmp_path / str(turn))
            [key] = set(pool.map(start, range(AT_ONCE)))
            assert len(key) >= 50


def test_key_is_kept_and_nobody_elses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "VAR", tmp_path / "var")
    first = settings.local_secret_key()
    assert settings.local_secret_key() == first
    assert [each.name for each in (tmp_path / "var").iterdir()] == ["secret-key"]
    assert (tmp_path / "var" / "secret-key").stat().st_mode & 0o777 == 0o600
