"""A file is whole or not there, and what a killed process left does not stay."""

import os
import time
from pathlib import Path

import pytest

from orgchart.whole_files import A_DAY, begun, keep_as, sweep


def files(folder: Path) -> list[str]:
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file())


def test_a_file_has_its_name_when_all_of_it_is_there(tmp_path):
    place = tmp_path / "ab" / "form.pdf"
    with begun(tmp_path / "new") as file:
        file.write(b"all of it")
        assert not place.exists()
        keep_as(place, file)
    assert place.read_bytes() == b"all of it"
    assert files(tmp_path) == ["ab/form.pdf"]


def test_what_goes_wrong_leaves_nothing(tmp_path):
    def fail() -> None:
        with begun(tmp_path) as file:
            file.write(b"half of it")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert files(tmp_path) == []


def test_what_a_killed_process_left_goes_after_a_day(tmp_path):
    (tmp_path / "ab").mkdir()
    for name, age in (("ab/old.new", A_DAY + 60), ("ab/young.new", 60), ("ab/old.pdf", A_DAY * 99)):
        (tmp_path / name).write_bytes(b"half")
        since = time.time() - age
        os.utime(tmp_path / name, (since, since))
    assert sweep(tmp_path) == 1
    assert files(tmp_path) == ["ab/old.pdf", "ab/young.new"]


def test_nothing_was_ever_written(tmp_path):
    assert sweep(tmp_path / "nowhere") == 0
