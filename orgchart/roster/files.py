"""A file to lines and records, a piece at a time, with lines counted as an editor does."""

import csv
import os
import unicodedata
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

from orgchart.roster.problems import Note

PIECE = 1 << 16
LONGEST_LINE = 1 << 24
BOM = "\ufeff"
ASCII = bytes(range(0x20, 0x7F)) + b"\r\n"
# Conjoining letters of Hangul: put together with the one before, though they are no marks.
JAMO = range(0x1100, 0x1200)
FOREIGN = {
    b"PK\x03\x04": "This is a ZIP archive or an Excel workbook, not a CSV file.",
    b"\xd0\xcf\x11\xe0": "This is an old Excel workbook, not a CSV file.",
    b"%PDF": "This is a PDF document, not a CSV file.",
    b"\xff\xfe": "This is UTF-16 text, not UTF-8. Save the file as CSV UTF-8.",
    b"\xfe\xff": "This is UTF-16 text, not UTF-8. Save the file as CSV UTF-8.",
}


def opened(given: BinaryIO | Path) -> AbstractContextManager[BinaryIO]:
    return given.open("rb") if isinstance(given, Path) else nullcontext(given)


def size_of(file: BinaryIO | Path) -> int:
    if isinstance(file, Path):
        return file.stat().st_size
    here = file.tell()
    end = file.seek(0, os.SEEK_END)
    file.seek(here)
    return end - here


class Lines:
    """Lines without their ends, one after the other or in blocks. `read` counts bytes, `number` lines."""

    def __init__(self, file: BinaryIO, note: Note) -> None:
        self.read, self.number = 0, 0
        self._file, self._note = file, note
        self._newlines = 0
        self._plain_letters: set[str] = set()
        self._texts = map(self._lines_of, self._pieces())
        self._waiting: list[str] = []
        self._taken, self._before = 0, 0

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return self

    def __next__(self) -> tuple[int, str]:
        if not (line := self.block(1)):
            raise StopIteration
        return self.number, line[0]

    def block(self, most: int) -> list[str]:
        """The next lines; none at the end."""
        while self._taken == len(self._waiting):
            following = next(self._texts, None)
            if following is None:
                return []
            self._waiting, self._taken = following, 0
        lines = self._waiting[self._taken : self._taken + most]
        self._before = self._taken
        self._taken += len(lines)
        self.number += len(lines)
        return lines

    def again(self) -> None:
        """The block that came last comes once more."""
        self.number -= self._taken - self._before
        self._taken = self._before

    def _lines_of(self, piece: bytes) -> list[str]:
        text, is_plain = self._text(piece)
        # Of the signs that end a line here, plain text has no other than these.
        if is_plain:
            return text.splitlines()
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return lines if lines[-1] else lines[:-1]

    def _pieces(self) -> Iterator[bytes]:
        """Each ends where a line does."""
        rest = b""
        while piece := self._file.read(PIECE):
            if not self.read and (said := _foreign(piece)):
                self._note(1, "", "", said)
                return
            self.read += len(piece)
            piece = rest + piece
            # A last \r may be the first half of \r\n.
            cut = max(piece.rfind(b"\n"), piece.rfind(b"\r", 0, len(piece) - 1)) + 1
            rest = piece[cut:]
            if len(rest) > LONGEST_LINE:
                message = "This line is endless: a CSV file has a line for each row."
                self._note(self._newlines + piece.count(b"\n") + 1, "", "", message)
                rest = b""
            if cut:
                yield piece[:cut]
        if rest:
            yield rest

    def _text(self, piece: bytes) -> tuple[str, bool]:
        try:
            text = piece.decode()
        except UnicodeDecodeError:
            self._note_bad_bytes(piece)
            text = piece.decode(errors="replace")
        if not self._newlines:
            text = text.removeprefix(BOM)
        self._newlines += piece.count(b"\n")
        is_plain = self._is_plain(piece)
        return text if is_plain else unicodedata.normalize("NFC", text), is_plain

    def _is_plain(self, piece: bytes) -> bool:
        """Whether all letters can be shown and are put together already."""
        letters = set(piece.translate(None, ASCII).decode(errors="replace")) - self._plain_letters
        self._plain_letters.update(filter(_is_plain_letter, letters))
        return letters <= self._plain_letters

    def _note_bad_bytes(self, piece: bytes) -> None:
        for number, line in enumerate(piece.split(b"\n"), start=self._newlines + 1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                wrong = line[error.start : error.end].hex(" ")
                message = f"This line is not UTF-8 text: byte {wrong} after {error.start} others."
                self._note(number, "", "", message)


def _foreign(beginning: bytes) -> str:
    return next((said for mark, said in FOREIGN.items() if beginning.startswith(mark)), "")


def _is_plain_letter(letter: str) -> bool:
    return (
        letter.isprintable()
        and not unicodedata.category(letter).startswith("M")
        and ord(letter) not in JAMO
        and unicodedata.is_normalized("NFC", letter)
    )


def record_of(line: str, lines: Iterator[tuple[int, str]]) -> list[str]:
    """The values that begin on this line; takes more lines while a quotation mark is open. None for a blank line."""
    if '"' not in line:
        return [value.strip() for value in line.split(",")] if line else []
    return [value.strip() for value in next(csv.reader(_on_from(line, lines), strict=True))]


def _on_from(line: str, lines: Iterator[tuple[int, str]]) -> Iterator[str]:
    yield f"{line}\n"
    for _, more in lines:
        yield f"{more}\n"
