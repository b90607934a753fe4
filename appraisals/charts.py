"""Where things stand on a drawing: plain geometry for SVG that templates draw. No database, no words."""

import datetime as dt
import textwrap
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class Point:
    day: dt.date
    done: int
    share: int
    x: float
    y: float

    @property
    def label_y(self) -> float:
        """Above the point, or below it at the top of the drawing."""
        return self.y - 9 if self.y > ProgressChart.TOP + 14 else self.y + 20


@dataclass(frozen=True)
class ProgressChart:
    """A line of cumulative shares; x and y in the units of a 340 by 140 drawing."""

    points: list[Point]
    expected: Point | None
    due_on: dt.date | None
    due_x: float | None

    LEFT = 34.0
    RIGHT = 326.0
    TOP = 18.0
    BOTTOM = 114.0

    @property
    def line(self) -> str:
        return _path(self.points)

    @property
    def dashes(self) -> str:
        return _path([self.points[-1], self.expected]) if self.expected else ""

    @property
    def last(self) -> Point:
        return self.points[-1]


def _path(points: list[Point]) -> str:
    return " ".join(f"{point.x:.1f},{point.y:.1f}" for point in points)


def _weeks(first: dt.date, last: dt.date) -> list[dt.date]:
    days = [first]
    while days[-1] + WEEK < last:
        days.append(days[-1] + WEEK)
    return days if first >= last else [*days, last]


def progress_chart(
    done: Mapping[dt.date, int],
    *,
    required: int,
    first: dt.date,
    today: dt.date,
    due_on: dt.date | None,
) -> ProgressChart | None:
    """Cumulative, week by week, from `first` to today; then where the last two weeks' pace leads."""
    if required == 0 or today < first:
        return None
    end = max(due_on or today, first + WEEK)
    last = min(today, max([end, *(day + WEEK for day in done)]))
    end = max(end, last)
    counted = Counter(done)

    def at(day: dt.date, known: int | None = None) -> Point:
        number = sum(n for on, n in counted.items() if on <= day) if known is None else known
        width = max((end - first).days, 1)
        x = (
            ProgressChart.LEFT
            + (ProgressChart.RIGHT - ProgressChart.LEFT) * (day - first).days / width
        )
        share = min(number / required, 1.0)
        y = ProgressChart.BOTTOM - (ProgressChart.BOTTOM - ProgressChart.TOP) * share
        return Point(day, number, _whole(number, required), round(x, 1), round(y, 1))

    points = [at(day) for day in _weeks(first, last)]
    expected = None
    if due_on and today < due_on and points[-1].done < required:
        lately = points[-1].done - sum(n for on, n in counted.items() if on <= today - 2 * WEEK)
        ahead = points[-1].done + lately * (due_on - today).days // 14
        expected = at(due_on, min(ahead, required)) if lately else None
    return ProgressChart(points, expected, due_on, at(due_on, 0).x if due_on else None)


def _whole(part: int, whole: int) -> int:
    if part in (0, whole):
        return 100 * part // whole
    return min(99, max(1, round(100 * part / whole)))


@dataclass(frozen=True)
class SightNode:
    """An element or goal; `above` is the chain of an element, the nearest goal first."""

    key: str
    title: str
    owner: str
    above: tuple["SightNode", ...] = ()


@dataclass
class Box:
    x: float
    y: float
    width: float
    height: float
    lines: list[str]
    owner: list[str]
    look: str

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
