"""Written text as paragraphs, each with the direction its letters run in."""

import unicodedata
from dataclasses import dataclass

RIGHT_TO_LEFT = {"R", "AL"}


@dataclass(frozen=True)
class Paragraph:
    text: str

    @property
    def direction(self) -> str:
        """Of its first letter that has one, as browsers do for `dir="auto"`."""
        for character in self.text:
            kind = unicodedata.bidirectional(character)
            if kind in RIGHT_TO_LEFT:
                return "rtl"
            if kind == "L":
                return "ltr"
        return "ltr"


def has_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in RIGHT_TO_LEFT for character in text)


def paragraphs(text: str) -> list[Paragraph]:
    return [Paragraph(line) for line in text.splitlines() if line.strip()]
