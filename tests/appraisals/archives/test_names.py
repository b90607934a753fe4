import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisals.archives.names import folder_of, name_of

PERSON = {
    "code": "DES-FIRE",
    "last_name": "Ortega",
    "first_name": "Maria",
    "dod_id": "1000004711",
    "is_alike": False,
    "cycle": "FY 2027",
    "kind": "dd2906",
}
SAFE = re.compile(r"[a-z0-9-]+/[a-z0-9-]+\.pdf")


def test_a_name_says_whose_form_it_is():
    assert name_of(**PERSON) == "des-fire/ortega-maria-4711-fy-2027-dd2906.pdf"


def test_all_digits_stand_where_four_are_not_enough():
    name = name_of(**PERSON | {"is_alike": True})
    assert name == "des-fire/ortega-maria-1000004711-fy-2027-dd2906.pdf"


@pytest.mark.parametrize(
    ("last_name", "first_name", "begins"),
    [
        ("Núñez-O'Brien", "Zoë", "nunez-o-brien-zoe-4711-"),
        ("Łukasiewicz", "Ørsted", "lukasiewicz-orsted-4711-"),
        ("王", "小明", "4711-"),
        ("../../etc/passwd", "..\\..", "etc-passwd-4711-"),
        ("=cmd|'/c calc'!A0", "-rf", "cmd-c-calc-a0-rf-4711-"),
        ("con", "nul\x00", "con-nul-4711-"),
        ("A" * 300, "B", f"{'a' * 40}-b-4711-"),
    ],
)
def test_names_are_plain_whatever_people_are_called(last_name, first_name, begins):
    name = name_of(**PERSON | {"last_name": last_name, "first_name": first_name})
    assert name.startswith(f"des-fire/{begins}")
    assert SAFE.fullmatch(name)


@pytest.mark.parametrize(
    ("code", "folder"),
    [
        ("DES-FIRE", "des-fire"),
        ("A/B c", "a-b-c"),
        ("..", "unit-"),
        ("CON", "con-"),
        ("É", "unit-"),
    ],
)
def test_folders_are_plain_and_no_device(code, folder):
    assert folder_of(code) == folder


@given(last_name=st.text(max_size=100), first_name=st.text(max_size=100), code=st.text(max_size=40))
def test_no_name_leaves_its_folder(last_name, first_name, code):
    given_names = {"last_name": last_name, "first_name": first_name, "code": code}
    assert SAFE.fullmatch(name_of(**PERSON | given_names))
