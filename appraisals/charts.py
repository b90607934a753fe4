"""Where things stand on a drawing: plain geometry for SVG that templates draw. No database, no words."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WEEK = dt.timedelta(days=7)
FAR = 730
"""Nobody plans by a pace that leads further ahead than this many days."""


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
class Forecast:
    """Where the pace of this week and the last leads. `done_on` None: not within two years."""

    lately: int
    done_on: dt.date | None
    due_on: dt.date | None

    @property
    def days_late(self) -> int:
        return (self.done_on - self.due_on).days if self.done_on and self.due_on else 0


@dataclass(frozen=True)
class Past:
    """The cycle before: how many were done on which day, moved to the days of this one."""

    done: Mapping[dt.date, int]
    required: int

    def share_by(self, day: dt.date) -> int:
        return _whole(_by(self.done, day), self.required)


@dataclass(frozen=True)
class ProgressRow:
    """A line of the table beside the drawing. `before` None: there was no cycle before."""

    day: dt.date
    done: int
    share: int
    before: int | None
    is_ahead: bool = False


@dataclass(frozen=True)
class ProgressChart:
    """A line of cumulative shares; x and y in the units of a 340 by 140 drawing."""

    points: list[Point]
    expected: Point | None
    forecast: Forecast | None
    past: Past | None
    past_points: list[Point]
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
    def past_line(self) -> str:
        return _path(self.past_points)

    @property
    def dashes(self) -> str:
        return _path([self.points[-1], self.expected]) if self.expected else ""

    @property
    def last(self) -> Point:
        return self.points[-1]

    @property
    def past_now(self) -> int | None:
        return self.past.share_by(self.last.day) if self.past else None

    @property
    def rows(self) -> list[ProgressRow]:
        """Week by week to today, and the day it is due where a pace leads there."""
        ahead = [self.expected] if self.expected else []
        return [
            ProgressRow(
                point.day,
                point.done,
                point.share,
                self.past.share_by(point.day) if self.past else None,
                is_ahead=point is self.expected,
            )
            for point in (*self.points, *ahead)
        ]


def _path(points: list[Point]) -> str:
    return " ".join(f"{point.x:.1f},{point.y:.1f}" for point in points)


def _weeks(first: dt.date, last: dt.date) -> list[dt.date]:
    days = [first]
    while days[-1] + WEEK < last:
        days.append(days[-1] + WEEK)
    return days if first >= last else [*days, last]


@dataclass(frozen=True)
class _Paper:
    first: dt.date
    end: dt.date

    def at(self, day: dt.date, done: int, required: int) -> Point:
        width = max((self.end - self.first).days, 1)
        across = ProgressChart.RIGHT - ProgressChart.LEFT
        x = ProgressChart.LEFT + across * (day - self.first).days / width
        share = min(done / required, 1.0) if required else 0.0
        y = ProgressChart.BOTTOM - (ProgressChart.BOTTOM - ProgressChart.TOP) * share
        return Point(day, done, _whole(done, required), round(x, 1), round(y, 1))


def _by(done: Mapping[dt.date, int], day: dt.date) -> int:
    return sum(number for on, number in done.items() if on <= day)


def progress_chart(
    done: Mapping[dt.date, int],
    *,
    required: int,
    first: dt.date,
    today: dt.date,
    due_on: dt.date | None,
    weeks_from: dt.date | None = None,
    past: Past | None = None,
) -> ProgressChart | None:
    """Cumulative, week by week, from `first` to today; then where the pace leads.

    `done` counts a week on its last day; `weeks_from` is the first day of one, where that is not `first`.
    """
    if required == 0 or today < first:
        return None
    end = max(due_on or today, first + WEEK)
    last = min(today, max([end, *(day + WEEK for day in done)]))
    paper = _Paper(first, max(end, last))
    points = [paper.at(day, _by(done, day), required) for day in _weeks(first, last)]
    since = _last_week(weeks_from or first, first=first, today=today)
    forecast = _forecast(done, required=required, since=since, today=today, due_on=due_on)
    expected = None
    if forecast and forecast.lately and due_on and today < due_on:
        ahead = forecast.lately * (due_on - today).days // _days(since, today)
        expected = paper.at(due_on, min(points[-1].done + ahead, required), required)
    return ProgressChart(
        points=points,
        expected=expected,
        forecast=forecast,
        past=past,
        past_points=_past_points(past, paper) if past else [],
        due_on=due_on,
        due_x=paper.at(due_on, 0, 1).x if due_on else None,
    )


def _past_points(past: Past, paper: _Paper) -> list[Point]:
    days = _weeks(paper.first, paper.end)
    return [paper.at(day, _by(past.done, day), past.required) for day in days]


def _last_week(weeks_from: dt.date, *, first: dt.date, today: dt.date) -> dt.date:
    """The first day of the week before this one."""
    return max(first, weeks_from + WEEK * ((today - weeks_from).days // 7 - 1))


def _days(since: dt.date, today: dt.date) -> int:
    return (today - since).days + 1


def _forecast(
    done: Mapping[dt.date, int],
    *,
    required: int,
    since: dt.date,
    today: dt.date,
    due_on: dt.date | None,
) -> Forecast | None:
    missing = required - _by(done, today)
    if missing <= 0:
        return None
    lately = sum(number for on, number in done.items() if since <= on <= today)
    if not lately:
        return Forecast(0, None, due_on)
    days = math.ceil(missing * _days(since, today) / lately)
    return Forecast(lately, today + dt.timedelta(days=days) if days <= FAR else None, due_on)


def _whole(part: int, whole: int) -> int:
    if part <= 0 or part >= whole:
        return 0 if part <= 0 else 100
    return min(99, max(1, round(100 * part / whole)))


@dataclass(frozen=True)
class Bar:
    """One bar of a drawing 340 wide; its words stand above it and its number right of it."""

    label: str
    number: int
    top: float
    width: float

    LONGEST = 290.0
    STEP = 36.0

    @property
    def label_y(self) -> float:
        return self.top + 11

    @property
    def y(self) -> float:
        return self.top + 17

    @property
    def number_x(self) -> float:
        return self.width + 6

    @property
    def number_y(self) -> float:
        return self.y + 10


@dataclass(frozen=True)
class BarChart:
    bars: list[Bar]

    @property
    def height(self) -> float:
        return Bar.STEP * len(self.bars)

    @property
    def words(self) -> str:
        return ", ".join(f"{bar.label} {bar.number:,}" for bar in self.bars)


def bar_chart(numbers: Sequence[tuple[str, int]]) -> BarChart | None:
    """Lying bars in the order given; nothing to draw where there is nothing."""
    most = max((number for _, number in numbers), default=0)
    if not most:
        return None
    return BarChart(
        [
            Bar(label, number, Bar.STEP * place, round(Bar.LONGEST * number / most, 1))
            for place, (label, number) in enumerate(numbers)
        ]
    )
