import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgchart.addresses import CodeConverter
from orgchart.roster.loops import in_loops
from orgchart.rules import fold, prefix_query, search_text
from orgchart.selectors import outermost


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Núñez-O'Brien", "nunez o brien"),
        ("ŁUKASZ", "lukasz"),
        ("Straße", "strasse"),
        ("Nguyễn", "nguyen"),
        ("Søren Æsir", "soren aesir"),
        ("snake_case", "snake case"),
        ("", ""),
        (" . ", ""),
        ("Łódź", "lodz"),
        ("İstanbul", "istanbul"),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_fold_is_stable(text):
    assert fold(fold(text)) == fold(text)


def test_search_text_keeps_names_apart_and_together():
    text = search_text(names=("D'Andre", "", "De la Cruz"), dod_id="0012345678", email="a.b@x.mil")
    assert text == "d andre de la cruz 0012345678 a b x mil dandre delacruz"


@pytest.mark.parametrize(
    ("asked", "query"),
    [("Mar ORT", "mar:* & ort:*"), ("", ""), ("!&|", ""), ("o'b", "o:* & b:*")],
)
def test_prefix_query(asked, query):
    assert prefix_query(asked) == query


def test_in_loops_names_each_member_once():
    above = {"a": "b", "b": "c", "c": "a", "d": "a", "e": "e", "f": "", "g": "z"}
    assert in_loops(above) == {
        "a": ["a", "b", "c"],
        "b": ["b", "c", "a"],
        "c": ["c", "a", "b"],
        "e": ["e"],
    }


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["", *"abcdef"])))
def test_in_loops_agrees_with_walking(above):
    def returns(start: str) -> bool:
        here = above[start]
        for _ in above:
            if here == start:
                return True
            here = above.get(here, "")
        return False

    assert set(in_loops(above)) == {start for start in above if returns(start)}


def test_outermost_paths():
    assert outermost(["/1/", "/1/2/", "/11/", "/3/4/", "/3/4/5/"]) == ["/1/", "/11/", "/3/4/"]
    assert outermost([]) == []


@given(st.text(min_size=1, max_size=40))
def test_code_in_an_address_comes_back(code):
    converter = CodeConverter()
    address = converter.to_url(code)
    assert converter.to_python(address) == code
    assert "/" not in address
    assert address.strip(".") != ""
