import datetime as dt

import pytest

from appraisals.charts import ProgressChart, progress_chart
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
    assert chart.expected.share == 52
    assert chart.due_x == ProgressChart.RIGHT
    assert chart.line.startswith("34.0,104.4 ")


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
