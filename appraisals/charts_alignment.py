"""Lines of sight and alignment as drawings: plain geometry for SVG that templates draw. No database."""

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class SightNode:
    """An element or goal; `above` is the chain of an element, the nearest goal first."""

    key: str
    title: str
    owner: str
    above: tuple["SightNode", ...] = ()
    note: str = ""


@dataclass
class Box:
    x: float
    y: float
    width: float
    height: float
    lines: list[str]
    owner: list[str]
    look: str
    note: str = ""

    @property
    def note_y(self) -> float:
        return self.y + self.height - 11

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    def owner_rows(self) -> list[tuple[float, str]]:
        return [(self.y + 18 + 14 * number, line) for number, line in enumerate(self.owner)]

    def text_rows(self) -> list[tuple[float, str]]:
        first = self.y + 24 + 14 * len(self.owner)
        return [(first + 17 * number, line) for number, line in enumerate(self.lines)]


@dataclass(frozen=True)
class SightDrawing:
    """Mission on top, elements at the foot, a curve for every step between."""

    width: float
    height: float
    boxes: list[Box]
    curves: list[str]

    @property
    def view_width(self) -> float:
        return self.width + 4

    @property
    def view_height(self) -> float:
        return self.height + 4


COLUMN, GAP, RISE, LETTERS = 196.0, 22.0, 52.0, 26


def sight_drawing(
    elements: list[SightNode], *, mission: str, mission_of: str
) -> SightDrawing | None:
    """Rows by distance from the top: goals that more than one element serves stand once, in their middle."""
    if not elements:
        return None
    width = max(len(elements), 3) * (COLUMN + GAP) - GAP
    left = (width - len(elements) * (COLUMN + GAP) + GAP) / 2
    ordered = sorted(elements, key=lambda each: [above.key for above in reversed(each.above)])
    depth = max(len(each.above) for each in ordered)
    rows = _sight_rows(ordered, depth)
    y, boxes, places = 0.0, list[Box](), dict[str, Box]()
    if mission:
        top = _box(0.0, 0.0, width, mission, mission_of, "mission", letters=int(width / 7.4))
        boxes.append(top)
        y = top.height + RISE
    for row in rows:
        found = _row_boxes(row, left=left, y=y)
        places |= found
        boxes += found.values()
        y += max(box.height for box in found.values()) + RISE
    curves = _curves(ordered, places, top=boxes[0] if mission else None)
    return SightDrawing(width, y - RISE, boxes, curves)


def _sight_rows(
    ordered: list[SightNode], depth: int
) -> list[dict[str, tuple[SightNode, list[int]]]]:
    """From the top: for each node the columns of the elements that serve it."""
    rows: list[dict[str, tuple[SightNode, list[int]]]] = [{} for _ in range(depth + 1)]
    for column, element in enumerate(ordered):
        rows[depth][element.key] = (element, [column])
        for level, goal in enumerate(reversed(element.above)):
            rows[level].setdefault(goal.key, (goal, []))[1].append(column)
    return rows


def _row_boxes(
    row: dict[str, tuple[SightNode, list[int]]], *, left: float, y: float
) -> dict[str, Box]:
    found: dict[str, Box] = {}
    for key, (node, columns) in row.items():
        first, last = min(columns), max(columns)
        x = left + (COLUMN + GAP) * (first + last) / 2
        look = "goal" if node.owner else "element" if node.above else "alone"
        found[key] = _box(x, y, COLUMN, node.title, node.owner, look, letters=LETTERS)
        found[key].note = node.note
        found[key].height += 17 if node.note else 0
    tallest = max(box.height for box in found.values())
    for box in found.values():
        box.height = tallest
    return found


def _box(
    x: float, y: float, width: float, title: str, owner: str, look: str, *, letters: int
) -> Box:
    lines = textwrap.wrap(title, letters, max_lines=4, placeholder=" …") or [""]
    owners = textwrap.wrap(owner, letters + 6, max_lines=2, placeholder=" …")
    height = 17 * len(lines) + 14 * len(owners) + 20
    return Box(x, y, width, height, lines, owners, look)


def _curves(ordered: list[SightNode], places: Mapping[str, Box], *, top: Box | None) -> list[str]:
    steps: dict[tuple[str, str], str] = {}
    for element in ordered:
        chain = [places[element.key], *(places[goal.key] for goal in element.above)]
        if len(chain) > 1 and top:
            chain.append(top)
        for lower, upper in pairwise(chain):
            end = upper.middle if upper is not top else lower.middle
            foot, bend = upper.y + upper.height, RISE / 2
            key = (f"{lower.middle:.0f} {lower.y:.0f}", f"{end:.0f} {foot:.0f}")
            steps[key] = (
                f"M{lower.middle:.1f} {lower.y:.1f} C{lower.middle:.1f} {lower.y - bend:.1f} "
                f"{end:.1f} {foot + bend:.1f} {end:.1f} {foot:.1f}"
            )
    return list(steps.values())


@dataclass(frozen=True)
class AlignNode:
    """A goal or a unit; `notes` stand small below its title; a gap is drawn dashed; `share` as a bar."""

    key: str
    title: str
    owner: str = ""
    notes: tuple[str, ...] = ()
    share: int | None = None
    is_gap: bool = False


@dataclass
class AlignBox:
    x: float
    y: float
    width: float
    height: float
    look: str
    owner: str
    lines: list[str]
    notes: tuple[str, ...]
    share: int | None

    @property
    def left(self) -> float:
        return self.x + 14

    @property
    def owner_y(self) -> float:
        return self.y + 19

    def text_rows(self) -> list[tuple[float, str]]:
        first = self.y + 22 + (15 if self.owner else 0)
        return [(first + 17 * number, line) for number, line in enumerate(self.lines)]

    def note_rows(self) -> list[tuple[float, str]]:
        first = self.y + 22 + (15 if self.owner else 0) + 17 * len(self.lines)
        return [(first + 15 * number, note) for number, note in enumerate(self.notes)]

    @property
    def bar_y(self) -> float:
        return self.y + self.height - 13

    @property
    def bar_width(self) -> float:
        return self.width - 28

    @property
    def bar_filled(self) -> float:
        return round(self.bar_width * (self.share or 0) / 100, 1)


@dataclass(frozen=True)
class AlignmentDrawing:
    """What is served on the left, the unit's goals in the middle, the units that serve them on the right."""

    width: float
    height: float
    heads: list[tuple[float, str]]
    boxes: list[AlignBox]
    curves: list[tuple[str, float]]


SIDE, MIDDLE, BETWEEN, APART, HEAD = 250.0, 320.0, 120.0, 16.0, 34.0
THICKEST = 15.0


def alignment_drawing(
    above: Sequence[AlignNode],
    goals: Sequence[AlignNode],
    units: Sequence[AlignNode],
    *,
    serves: Mapping[str, str],
    served_by: Mapping[tuple[str, str], int],
) -> AlignmentDrawing | None:
    """`serves`: goal to the goal above; `served_by`: goal and unit to how many elements come that way."""
    if not goals:
        return None
    x, heads, columns = 0.0, list[tuple[float, str]](), list[dict[str, AlignBox]]()
    for nodes, width, look, head in (
        (above, SIDE, "above", "Above"),
        (goals, MIDDLE, "goal", "Goals of this unit"),
        (units, SIDE, "unit", "Units just below"),
    ):
        columns.append(_column(nodes, x=x, width=width, look=look) if nodes else {})
        if nodes:
            heads.append((x, head))
            x += width + BETWEEN
    height = max(_foot(column) for column in columns)
    for column in columns:
        _centre(column, height)
    high, middle, low = columns
    most = max(served_by.values(), default=0)
    ups = [
        _Link(high[upper], middle[goal], 2.0)
        for goal, upper in serves.items()
        if goal in middle and upper in high
    ]
    downs = [
        _Link(middle[goal], low[unit], _thickness(elements, most))
        for (goal, unit), elements in served_by.items()
        if goal in middle and unit in low
    ]
    boxes = [box for column in columns for box in column.values()]
    curves = [*_curved(ups), *_curved(_fitted(downs))]
    return AlignmentDrawing(x - BETWEEN, height, heads, boxes, curves)


def _column(
    nodes: Sequence[AlignNode], *, x: float, width: float, look: str
) -> dict[str, AlignBox]:
    found: dict[str, AlignBox] = {}
    y = HEAD
    for node in nodes:
        lines = textwrap.wrap(node.title, int(width / 7.6), max_lines=3, placeholder=" …") or [""]
        owner = textwrap.shorten(node.owner, int(width / 6.4), placeholder=" …")
        height = 17 * len(lines) + 15 * len(node.notes) + (15 if owner else 0) + 16
        height += 14 if node.share is not None else 0
        shown = f"{look} {look}-gap" if node.is_gap else look
        found[node.key] = AlignBox(x, y, width, height, shown, owner, lines, node.notes, node.share)
        y += height + APART
    return found


def _foot(column: Mapping[str, AlignBox]) -> float:
    return max((box.y + box.height for box in column.values()), default=0.0)


def _centre(column: Mapping[str, AlignBox], height: float) -> None:
    """A shorter column stands in the middle of the drawing."""
    lower = (height - _foot(column)) / 2 if column else 0.0
    for box in column.values():
        box.y += lower


def _thickness(elements: int, most: int) -> float:
    return round(1.5 + (THICKEST - 1.5) * elements / most, 1) if elements else 1.5


@dataclass(frozen=True)
class _Link:
    """From the right edge of the box that is served to the left edge of the one that serves it."""

    upper: AlignBox
    lower: AlignBox
    thickness: float


def _fitted(links: Sequence[_Link]) -> list[_Link]:
    """All thinner alike, so that the links of each box find room at its edge."""
    wanted: dict[tuple[float, float], float] = {}
    heights: dict[tuple[float, float], float] = {}
    for link in links:
        for box in (link.upper, link.lower):
            place = (box.x, box.y)
            wanted[place] = wanted.get(place, 0.0) + link.thickness + 2
            heights[place] = box.height - 6
    most = max((wanted[place] / heights[place] for place in wanted), default=1.0)
    return [
        _Link(link.upper, link.lower, round(max(1.0, link.thickness / max(most, 1.0)), 1))
        for link in links
    ]


def _curved(links: Sequence[_Link]) -> list[tuple[str, float]]:
    """Ends that meet at one box stand below each other, in the order of the boxes they come from."""
    starts = _ends(links, key=lambda each: (each.upper, each.lower))
    ends = _ends(links, key=lambda each: (each.lower, each.upper))
    return [
        (_across(each, start, end), each.thickness)
        for each, start, end in zip(links, starts, ends, strict=True)
    ]


def _ends(
    links: Sequence[_Link], *, key: Callable[[_Link], tuple[AlignBox, AlignBox]]
) -> list[float]:
    """For each link the height at which it meets the first box that `key` names."""
    met: dict[tuple[float, float], list[int]] = {}
    for number, link in enumerate(links):
        box, _ = key(link)
        met.setdefault((box.x, box.y), []).append(number)
    heights = [0.0] * len(links)
    for numbers in met.values():
        box, _ = key(links[numbers[0]])
        numbers.sort(key=lambda number: key(links[number])[1].y)
        wanted = sum(links[number].thickness + 2 for number in numbers)
        room = min(1.0, (box.height - 6) / wanted)
        y = box.y + box.height / 2 - wanted * room / 2
        for number in numbers:
            step = (links[number].thickness + 2) * room
            heights[number] = y + step / 2
            y += step
    return heights


def _across(link: _Link, start: float, end: float) -> str:
    x, last = link.upper.x + link.upper.width, link.lower.x
    middle = (x + last) / 2
    return f"M{x:.1f} {start:.1f} C{middle:.1f} {start:.1f} {middle:.1f} {end:.1f} {last:.1f} {end:.1f}"
