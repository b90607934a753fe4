"""Contrast of every pair of colours that carries words, read from the style sheets themselves."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = Path(settings.BASE_DIR, "static/css/dpmap.css").read_text()
FORMS = Path(settings.BASE_DIR, "static/css/forms.css").read_text()
ROOT = CSS.partition(":root {")[2].partition("}")[0]
TOKENS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", ROOT))
HUES = re.findall(r"\.dot--\d \{ background: (#[0-9a-f]{6}); \}", CSS)

WORDS = [
    ("ink", "ground"),
    ("ink-soft", "paper"),
    ("ink-soft", "ground"),
    ("blue", "paper"),
    ("blue", "ground"),
    ("blue", "blue-tint"),
    ("paper", "blue"),
    ("paper", "blue-deep"),
    ("turn", "turn-tint"),
    ("turn", "paper"),
    ("good", "good-tint"),
    ("late", "late-tint"),
    ("late", "paper"),
    ("grey", "grey-tint"),
    ("paper", "cui"),
    ("practice-ink", "practice"),
]
MARKS = [("line-strong", "paper"), ("focus", "paper"), ("focus", "ground"), ("blue", "paper")]


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("text", "ground"), WORDS)
def test_words_can_be_read(text, ground):
    assert contrast(TOKENS[text], TOKENS[ground]) >= 4.5


@pytest.mark.parametrize(("mark", "ground"), MARKS)
def test_marks_can_be_seen(mark, ground):
    assert contrast(TOKENS[mark], TOKENS[ground]) >= 3


def test_initials_can_be_read_on_every_hue():
    assert len(HUES) == 8
    assert [hue for hue in HUES if contrast("#fff", hue) < 4.5] == []


def test_nothing_is_loaded_from_elsewhere():
    assert re.findall(r"url\((?!\"\.\./)|@import|https?://", CSS + FORMS) == []
