"""Text that leaves the PDF as it was stored, whatever script it is in.

A PDF keeps glyphs, and beside each font one text for each glyph. That loses what several characters
share one glyph for (a no-break space and a space, two kinds of hyphen, accents put together from
parts), and the order of letters that run from right to left. So each line beyond plain ASCII carries
its text itself (ActualText), and a font's glyph is kept for the plainest text it stood for.

This reaches under WeasyPrint's drawing (`Page.paint`), which is why its version is pinned below the
next one; tests/appraisals/test_pdf_text.py reads every alphabet back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pydyf  # type: ignore[import-untyped]
from weasyprint.formatting_structure.boxes import TextBox

from appraisals.pdf.text import has_right_to_left


class Letters(dict[int, str]):
    """What each glyph stands for. One is settled by a plain letter of its own; until then WeasyPrint
    asks at every glyph, and the plainest text is kept aside. (Asked hundreds of thousands of times:
    so it is the dictionary itself that answers.)"""

    def __init__(self) -> None:
        super().__init__()
        self.unsettled: dict[int, str] = {}

    def __setitem__(self, glyph: int, text: str) -> None:
        if len(text) == 1 and text.isascii():
            super().__setitem__(glyph, text)
            return
        known = self.unsettled.get(glyph)
        if not known or (text and (len(text), text) < (len(known), known)):
            self.unsettled[glyph] = text

    def settle(self) -> None:
        for glyph, text in self.unsettled.items():
            self.setdefault(glyph, text)


def make_exact(document: Any) -> Any:
    """The same laid out document; what it is painted on keeps the text of each line."""
    for page in document.pages:
        page.lines = {}
        page.paint = partial(_paint, page, is_last=page is document.pages[-1])
    return document


def finish(document: Any, pdf: Any) -> None:
    """Lines with letters that run from right to left keep their text in the structure: readers of the
    page itself turn such letters around, and would turn a text around that is right already."""
    for page, reference in zip(document.pages, pdf.page_references, strict=True):
        page.reference = reference
    lines = {page.reference: page.lines for page in document.pages}
    for item in pdf.objects:
        if not isinstance(item, pydyf.Dictionary) or item.get("Type") != "/StructElem":
            continue
        if item["S"] == "/Span" and len(item["K"]) == 1 and item["K"][0] in lines[item["Pg"]]:
            item["ActualText"] = pydyf.String(lines[item["Pg"]][item["K"][0]])
        elif item["S"] == "/TH":
            _say_scope(item, pdf)


def _say_scope(header: Any, pdf: Any) -> None:
    """Whose header a cell is, for readers that do not follow the ids WeasyPrint writes."""
    row = _object(pdf, header["P"])
    head = _object(pdf, row["P"])
    header["A"]["Scope"] = "/Column" if head["S"] == "/THead" else "/Row"


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _paint(page: Any, stream: Any, scale: float = 1, *, is_last: bool) -> None:
    stream.marked = partial(_marked, stream, page.lines)
    stream.add_font = partial(_add_font, stream)
    type(page).paint(page, stream, scale)
    if is_last:
        for font in stream._fonts.values():
            font.to_unicode.settle()


def _add_font(stream: Any, pango_font: Any) -> tuple[Any, float]:
    font, size = type(stream).add_font(stream, pango_font)
    if not isinstance(font.to_unicode, Letters):
        font.to_unicode = Letters()
    return font, size


@contextmanager
def _marked(stream: Any, lines: dict[int, str], box: Any, tag: str) -> Iterator[None]:
    """As `Stream.marked`, with the text of the line where its glyphs do not tell it."""
    if stream._tags is None or not isinstance(box, TextBox) or box.text.isascii():
        with type(stream).marked(stream, box, tag):
            yield
        return
    number = len(stream._tags)
    stream._tags[box] = {"tag": tag, "mcid": number}
    properties = pydyf.Dictionary({"MCID": number})
    if has_right_to_left(box.text):
        lines[number] = box.text
    else:
        properties["ActualText"] = pydyf.String(box.text)
    stream.begin_marked_content(tag, properties)
    try:
        yield
    finally:
        stream.end_marked_content()
