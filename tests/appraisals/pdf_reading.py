"""Reading a form back: by its tags as assistive technology does, and where its words stand."""

import io
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

BFCHAR = re.compile(rb"<([0-9a-f]+)> <([0-9a-f]*)>")
WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">')
PAGE = re.compile(r"<page .*?</page>", re.DOTALL)


def squeezed(text: str) -> str:
    """Without white space, and otherwise letter by letter as it is."""
    return re.sub(r"\s+", "", text)


def spoken(pdf: bytes) -> str:
    """The text in the order of the structure tree: ActualText where there is one, else the glyphs."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        marked = {page.objgen: _marked_content(page) for page in file.pages}
        return "".join(_said(file.Root.StructTreeRoot.K[0], marked))


def _said(node: Any, marked: dict[Any, dict[int, str]]) -> Iterator[str]:
    if "/ActualText" in node:
        yield str(node.ActualText)
        return
    kids = node.K if isinstance(node.K, pikepdf.Array) else [node.K]
    for kid in kids:
        if isinstance(kid, int):
            yield marked[node.Pg.objgen][kid]
        elif kid.get("/Type") == "/StructElem":
            yield from _said(kid, marked)


def _marked_content(page: Any) -> dict[int, str]:
    fonts = {name: _letters_of(font) for name, font in page.Resources.Font.items()}
    found: dict[int, str] = {}
    letters: dict[int, str] = {}
    number: int | None = None
    has_text = False
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC":
                number = int(operands[1].MCID)
                has_text = "/ActualText" in operands[1]
                found[number] = str(operands[1].ActualText) if has_text else ""
            case "BMC":
                number = None
            case "Tf":
                letters = fonts[str(operands[0])]
            case "Tj" | "TJ" if number is not None and not has_text:
                found[number] += _drawn(operands[0], letters)
    return found


def _drawn(shown: Any, letters: dict[int, str]) -> str:
    pieces = shown if isinstance(shown, pikepdf.Array) else [shown]
    codes = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
    return "".join(
        letters[int.from_bytes(codes[at : at + 2], "big")] for at in range(0, len(codes), 2)
    )


def _letters_of(font: Any) -> dict[int, str]:
    return {
        int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
        for glyph, text in BFCHAR.findall(font.ToUnicode.read_bytes())
    }


def drawn_glyphs_are_known(pdf: bytes) -> bool:
    """No letter is drawn as a box: no font has the encoding that stands in for missing glyphs."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        fonts = [font for page in file.pages for font in page.Resources.Font.values()]
        return all(font.Encoding == "/Identity-H" for font in fonts)


def copied(pdf: bytes, folder: Path) -> str:
    """As copied from a viewer."""
    return _pdftotext(pdf, folder, "-raw")


def words_by_page(pdf: bytes, folder: Path) -> list[list[tuple[float, float, float, float]]]:
    """Left, top, right and bottom of every word, in points."""
    pages = PAGE.findall(_pdftotext(pdf, folder, "-bbox"))
    return [
        [tuple(map(float, word)) for word in WORD.findall(page)]  # type: ignore[misc]
        for page in pages
    ]


def _pdftotext(pdf: bytes, folder: Path, how: str) -> str:
    file = folder / "form.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(["pdftotext", how, file, "-"], capture_output=True, check=True, text=True)
    return done.stdout
