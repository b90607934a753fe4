"""Where the boxes of an organization chart stand: geometry for an SVG that a template draws. No database.

Below each box those without anybody below them stand in rows, as many to a row as fit; whoever has
people below gets a block of their own, moved in. So it grows downwards only, however many there are.
"""

import textwrap
from dataclasses import dataclass, field
from itertools import groupby

WIDTH = 1160
BOX, HIGH, GAP, DROP, INDENT = 212, 76, 14, 20, 28
LETTERS = 29
MOST_LINES = 2


@dataclass(frozen=True, slots=True)
class Card:
    """What a box says: a title and one line under it. `look` is root, unit, head or person."""

    title: str
    detail: str
    url: str
    look: str
    note: str = ""
    below: tuple["Card", ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    card: Card
    x: int
    y: int
    title: list[str]
    details: list[str]

    width = BOX
    height = HIGH

    @property
    def text_x(self) -> int:
        return self.x + 12

    @property
    def rows(self) -> list[tuple[int, str, str]]:
        """Each line's height, text and kind."""
        kinds = [("title", line) for line in self.title] + [
            ("detail", line) for line in self.details
        ]
        first = self.y + (HIGH - 16 * len(kinds)) // 2 + 12
        return [(first + 16 * number, text, kind) for number, (kind, text) in enumerate(kinds)]


@dataclass(slots=True)
class Chart:
    boxes: list[Box] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    height: int = 0

    width = WIDTH


def fitted(text: str, letters: int = LETTERS, most: int = MOST_LINES) -> list[str]:
    """In lines of a box's width; what does not fit ends in three dots."""
    return textwrap.wrap(text, letters, max_lines=most, placeholder=" …") if text else []


def draw(root: Card) -> Chart:
    chart = Chart()
    chart.height = _block(chart, root, 1, 1) + 2
    return chart


def _block(chart: Chart, card: Card, x: int, y: int) -> int:
    """Draws a card and all below it; how far down that reaches."""
    _box(chart, card, x, y)
    foot = y + HIGH
    trunk, end = x + INDENT // 2, foot
    for (is_leaf, _), group in groupby(card.below, key=_shape):
        cards = list(group)
        if is_leaf:
            foot, end = _rows(chart, cards, x + INDENT, foot)
        else:
            for below in cards:
                top = foot + DROP
                end = top + HIGH // 2
                chart.lines.append(f"M{trunk} {end}H{x + INDENT}")
                foot = _block(chart, below, x + INDENT, top)
    if card.below:
        chart.lines.append(f"M{trunk} {y + HIGH}V{end}")
    return foot


def _shape(card: Card) -> tuple[bool, bool]:
    """Units and people do not share a row."""
    return not card.below, card.look == "unit"


def _rows(chart: Chart, cards: list[Card], x: int, foot: int) -> tuple[int, int]:
    """Leaves side by side; the foot of the last row, and the height of the line above it."""
    columns = max(1, (WIDTH - x + GAP) // (BOX + GAP))
    bar = foot
    for start in range(0, len(cards), columns):
        row = cards[start : start + columns]
        bar, top = foot + DROP // 2, foot + DROP
        middles = [x + number * (BOX + GAP) + BOX // 2 for number in range(len(row))]
        chart.lines.append(f"M{x - INDENT // 2} {bar}H{middles[-1]}")
        chart.lines += [f"M{middle} {bar}V{top}" for middle in middles]
        for card, middle in zip(row, middles, strict=True):
            _box(chart, card, middle - BOX // 2, top)
        foot = top + HIGH
    return foot, bar


def _box(chart: Chart, card: Card, x: int, y: int) -> None:
    title = fitted(card.title)
    details = fitted(card.detail, LETTERS + 3, 3 - len(title)) if card.detail else []
    notes = fitted(card.note, LETTERS + 3, 1)
    chart.boxes.append(Box(card, x, y, title, details + notes))
