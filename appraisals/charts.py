"""Where things stand on a drawing: plain geometry for SVG that templates draw. No database, no words."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

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
