"""Counting and cleaning what people type."""

import re
import unicodedata

_LINE_END = re.compile("\r\n?")
# Control characters except tab and line feed; lone surrogates; U+FFFE and U+FFFF.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def text_length(text: str) -> int:
    """R6.5: Unicode code points, a line end (CRLF, CR or LF) counting as one."""
    return len(text) - text.count("\r\n")


def normalize_text(text: str) -> str:
    """The form in which a text is kept: doing it twice changes nothing.

    Line ends become LF, characters are composed (NFC), control characters and lone surrogates (PostgreSQL
    refuses NUL and surrogates) become spaces, white space at the very end is dropped. Indentation, blank
    lines and everything else that was typed stays.
    """
    lines = _LINE_END.sub("\n", text)
    printable = UNPRINTABLE.sub(" ", lines)
    return unicodedata.normalize("NFC", printable).rstrip()


def is_blank(text: str) -> bool:
    """Nothing to read: only spaces, line ends, control characters and characters of no width."""
    return all(unicodedata.category(character)[0] in "ZC" for character in text)
