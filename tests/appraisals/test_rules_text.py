"""R6.5: what counts as a character, and what is kept of what was typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisals.rules import is_blank, normalize_text, text_length

texts = st.text(st.one_of(st.characters(), st.sampled_from("\r\n\t \x00")), max_size=40)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("a\nb", 3),
        ("a\r\nb", 3),
        ("a\rb", 3),
        ("\r\n\r\n", 2),
        ("\n\r", 2),
        ("naïve", 5),
        ("👩‍🚒", 3),
    ],
)
def test_text_length(text, length):
    assert text_length(text) == length


@given(texts)
def test_text_length_agrees_with_the_naive_model(text):
    unix = text.replace("\r\n", "\n").replace("\r", "\n")

    assert text_length(text) == len(list(unix))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("  indented\n\n  twice \n \n", "  indented\n\n  twice"),
        ("e\u0301", "\u00e9"),
        ("a\x00b\x1fc", "a b c"),
        ("a\tb", "a\tb"),
        ("half \ud800 a pair", "half   a pair"),
        ("   ", ""),
    ],
)
def test_normalize_text(typed, kept):
    assert normalize_text(typed) == kept


@given(texts)
def test_normalize_text_twice_changes_nothing(text):
    once = normalize_text(text)

    assert normalize_text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\r" not in once
    assert "\x00" not in once
    assert once.encode().decode() == once


@pytest.mark.parametrize("text", ["", " ", "\r\n\t", "\x00", "\u00a0", "\u200b\ufeff"])
def test_is_blank(text):
    assert is_blank(text)


def test_is_not_blank():
    assert not is_blank(" . ")
