"""The text that leaves the form is the text that was stored: every script, emoji, very long words."""

import unicodedata
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisals.pdf.render import as_pdf, lay_out
from appraisals.pdf.text import paragraphs
from tests.appraisals.pdf_reading import (
    copied,
    drawn_glyphs_are_known,
    spoken,
    squeezed,
    words_by_page,
)

LONG_WORD = "Donaudampfschifffahrtsgesellschaft" * 9
WRITTEN = {
    "accents": "Zoë Łukasiewicz-Ñandú São Tomé Đặng — “quoted” … café",
    "accents in parts": unicodedata.normalize("NFD", "Zoë Ñandú Đặng café Ångström"),
    "one glyph for several": "a\u00a0b\u202fc non\u2011break hy\u2010phen soft\u00adhyphen Ω\u2126 µμ",
    "Greek and Cyrillic": "Ελλάδα Россия Україна",
    "Hebrew": "העובד עמד בכל הדרישות, 95% (2027) ABC",
    "Hebrew with points": "בְּרֵאשִׁית בָּרָא אֱלֹהִים",
    "Arabic": "أنجز الموظف العمل في موعده، 95% من الحالات (2027) لا إله",
    "Arabic with marks": "الْعَرَبِيَّةُ لغة",
    "Persian": "می‌خواهم کتاب",
    "both ways": "English then עברית then محمد (again) 12-34",
    "Chinese, Japanese, Korean": "绩效评估 性能計画の評価 성과 평가 你好、世界。",
    "Thai, Hindi, Tamil": "ภาษาไทย हिन्दी भाषा தமிழ்",
    "emoji": "👍 👍🏽 👩‍🚒 👨‍👩‍👧‍👦 🇺🇸 🇫🇷 ❤️ ✔ ☑ 1️⃣ 🏳️‍🌈",
    "symbols": "→ ≤ ≥ × ÷ ∑ √ • ▪ ◦ № € £ ™ ® ½ ﬁ ß",
    "a very long word": LONG_WORD,
    "a very long word in Arabic": "محمد" * 80,
    "soft hyphens at the ends of lines": "more\u00adover " * 60,
    "spaces": "  two  leading   and\tinner",
}
RIGHT_TO_LEFT = {"Hebrew", "Hebrew with points", "Arabic", "Arabic with marks", "Persian"}
ODD_TO_COPY = {
    *RIGHT_TO_LEFT,
    "soft hyphens at the ends of lines",
    "both ways",
    "one glyph for several",
    "a very long word in Arabic",
}
"""A viewer turns letters that run from right to left around itself, and drops soft hyphens."""


def printed(*texts: str) -> bytes:
    body = "".join(render_to_string("pdf/_text.html", {"text": paragraphs(t)}) for t in texts)
    head = "<head><title>Texts</title></head>"
    heading = '<h1 data-who="" data-mark="">Texts</h1>'
    return as_pdf(lay_out(f'<html lang="en">{head}<body>{heading}{body}</body></html>'))


@pytest.fixture(scope="module")
def everything() -> bytes:
    return printed(*WRITTEN.values())


@pytest.mark.parametrize("name", WRITTEN)
def test_text_is_read_as_it_was_written(everything: bytes, name: str) -> None:
    assert squeezed(WRITTEN[name]) in squeezed(spoken(everything))


@pytest.mark.parametrize("name", sorted(WRITTEN.keys() - ODD_TO_COPY))
def test_text_is_copied_as_it_was_written(everything: bytes, name: str, tmp_path: Path) -> None:
    assert squeezed(WRITTEN[name]) in squeezed(copied(everything, tmp_path))


def test_words_from_right_to_left_are_copied_as_they_were_written(
    everything: bytes, tmp_path: Path
) -> None:
    text = unicodedata.normalize("NFKC", copied(everything, tmp_path))
    for word in ("העובד", "הדרישות", "أنجز", "الموظف", "موعده"):
        assert word in text


def test_every_letter_has_a_picture(everything: bytes) -> None:
    assert drawn_glyphs_are_known(everything)


def test_no_word_reaches_beyond_the_margins(everything: bytes, tmp_path: Path) -> None:
    for page in words_by_page(everything, tmp_path):
        assert min(left for left, _, _, _ in page) >= 46
        assert max(right for _, _, right, _ in page) <= 612 - 46


def test_plain_text_is_plain_whatever_stands_before_it() -> None:
    """A no-break space or a ligature on page one must not become every space of the form."""
    pdf = printed("a\u00a0b x\u030c", "Plain words - with spaces, x and all.")
    assert "Plainwords-withspaces,xandall." in squeezed(spoken(pdf))
    assert "Plain words - with spaces, x and all." in spoken(pdf)


ALPHABETS = st.sampled_from(
    [
        st.characters(max_codepoint=0x24F, exclude_categories=["Cc"]),
        st.characters(min_codepoint=0x300, max_codepoint=0x52F, categories=["L", "M"]),
        st.characters(min_codepoint=0x591, max_codepoint=0x6FF, categories=["L", "M", "N", "P"]),
        st.characters(min_codepoint=0x900, max_codepoint=0xE7F, categories=["L", "M", "N"]),
        st.characters(min_codepoint=0x2010, max_codepoint=0x27BF, categories=["S", "P"]),
        st.characters(min_codepoint=0x3041, max_codepoint=0x9FFF, categories=["L"]),
        st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3),
        st.sampled_from("👍👩🚒🏽❤😀🇺🇸🇫🇷\u200d\ufe0f"),
        st.sampled_from("ab 12.,()-"),
    ]
)
MIXED = st.lists(ALPHABETS.flatmap(lambda letters: st.text(letters, max_size=20)), max_size=6)


@settings(max_examples=40)
@given(pieces=MIXED)
def test_whatever_is_written_is_read(pieces: list[str]) -> None:
    text = " ".join(pieces)
    assert squeezed(text) in squeezed(spoken(printed(text)))
