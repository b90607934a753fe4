import datetime as dt

import pytest

from appraisals.charts import Forecast, Past, ProgressChart, bar_chart, progress_chart
from appraisals.charts_alignment import SightNode, sight_drawing

FIRST = dt.date(2027, 3, 1)
DUE = dt.date(2027, 4, 15)


def test_progress_is_cumulative_week_by_week_and_looks_ahead() -> None:
    done = {FIRST: 10, dt.date(2027, 3, 20): 10, dt.date(2027, 4, 1): 20}
    chart = progress_chart(done, required=100, first=FIRST, today=dt.date(2027, 4, 6), due_on=DUE)
    assert chart is not None
    assert [(point.day.isoformat(), point.share) for point in chart.points] == [
        ("2027-03-01", 10),
        ("2027-03-08", 10),
        ("2027-03-15", 10),
        ("2027-03-22", 20),
        ("2027-03-29", 20),
        ("2027-04-05", 40),
        ("2027-04-06", 40),
    ]
    assert chart.expected is not None
    assert chart.expected.share == 60
    assert chart.due_x == ProgressChart.RIGHT
    assert chart.line.startswith("34.0,104.4 ")


def test_the_pace_of_this_week_and_the_last_tells_when_all_are_done() -> None:
    today = dt.date(2027, 4, 6)
    chart = progress_chart(
        {FIRST: 30, dt.date(2027, 4, 1): 27, today: 9},
        required=100,
        first=FIRST,
        today=today,
        due_on=DUE,
    )
    assert chart is not None
    assert chart.forecast is not None
    assert chart.forecast.lately == 36
    assert chart.forecast.done_on == today + dt.timedelta(days=9)
    assert chart.forecast.days_late == 0
    assert chart.expected is not None
    assert chart.expected.share == 100


@pytest.mark.parametrize(
    ("done", "forecast"),
    [
        ({FIRST: 100}, None),
        ({FIRST: 50}, Forecast(0, None, DUE)),
        ({FIRST: 50, dt.date(2027, 4, 5): 1}, Forecast(1, dt.date(2028, 6, 20), DUE)),
        ({dt.date(2027, 4, 5): 1}, Forecast(1, None, DUE)),
    ],
)
def test_a_pace_that_leads_nowhere_is_told_as_such(
    done: dict[dt.date, int], forecast: Forecast | None
) -> None:
    chart = progress_chart(done, required=100, first=FIRST, today=dt.date(2027, 4, 6), due_on=DUE)
    assert chart is not None
    assert chart.forecast == forecast


def test_weeks_of_the_cycle_decide_what_the_last_two_are() -> None:
    """The cycle began on a Wednesday: this week is of the 31st, the last of the 24th."""
    done = {dt.date(2027, 3, 30): 7, dt.date(2027, 4, 6): 7, dt.date(2027, 3, 23): 40}
    chart = progress_chart(
        done,
        required=100,
        first=FIRST,
        today=dt.date(2027, 4, 6),
        due_on=DUE,
        weeks_from=dt.date(2026, 4, 1),
    )
    assert chart is not None
    assert chart.forecast is not None
    assert chart.forecast.lately == 14
    assert chart.forecast.done_on == dt.date(2027, 4, 6) + dt.timedelta(days=46)


def test_the_cycle_before_is_drawn_and_told_beside_this_one() -> None:
    past = Past({FIRST: 20, dt.date(2027, 4, 10): 20}, required=40)
    chart = progress_chart(
        {FIRST: 10}, required=100, first=FIRST, today=dt.date(2027, 3, 9), due_on=DUE, past=past
    )
    assert chart is not None
    assert [(row.day.day, row.share, row.before) for row in chart.rows] == [
        (1, 10, 50),
        (8, 10, 50),
        (9, 10, 50),
        (15, 51, 100),
    ]
    assert chart.rows[-1].is_ahead
    assert chart.past_now == 50
    assert chart.past_points[-1].share == 100
    assert chart.past_points[-1].day == DUE


def test_bars_are_as_long_as_their_numbers() -> None:
    chart = bar_chart([("less than a week", 4), ("1 week", 8), ("2 weeks", 0)])
    assert chart is not None
    assert [bar.width for bar in chart.bars] == [145.0, 290.0, 0.0]
    assert chart.words == "less than a week 4, 1 week 8, 2 weeks 0"
    assert bar_chart([]) is None
    assert bar_chart([("1 week", 0)]) is None


@pytest.mark.parametrize(
    ("required", "today"), [(0, dt.date(2027, 4, 6)), (10, dt.date(2027, 2, 1))]
)
def test_progress_is_not_drawn_before_it_begins(required: int, today: dt.date) -> None:
    assert progress_chart({}, required=required, first=FIRST, today=today, due_on=DUE) is None


def test_progress_stops_when_the_last_one_is_done() -> None:
    chart = progress_chart(
        {FIRST: 5}, required=5, first=FIRST, today=dt.date(2030, 1, 1), due_on=DUE
    )
    assert chart is not None
    assert chart.last.day == DUE
    assert chart.last.share == 100
    assert chart.expected is None


def test_sight_draws_a_shared_goal_once_in_the_middle() -> None:
    top = SightNode("goal-1", "Deter war", "Department of Defense")
    near = SightNode("goal-2", "Protect the installation", "Fort Calloway")
    drawing = sight_drawing(
        [
            SightNode("element-1", "Fire " * 40, "", above=(near, top)),
            SightNode("element-2", "Inspections", "", above=(near, top)),
            SightNode("element-3", "Filing", ""),
        ],
        mission="Deter war.",
        mission_of="Department of Defense",
    )
    assert drawing is not None
    looks = [box.look for box in drawing.boxes]
    assert sorted(looks) == ["alone", "element", "element", "goal", "goal", "mission"]
    shared = next(box for box in drawing.boxes if box.lines == ["Protect the installation"])
    served = [box.middle for box in drawing.boxes if box.look == "element"]
    assert shared.middle == sum(served) / 2
    assert len(drawing.curves) == 4
    assert max(len(box.lines) for box in drawing.boxes) == 4


def test_sight_without_elements_is_no_drawing() -> None:
    assert sight_drawing([], mission="Deter war.", mission_of="DoD") is None
