from appraisals.charts_alignment import AlignmentDrawing, AlignNode, alignment_drawing

ABOVE = [AlignNode("a1", "Project power", "Department of the Army")]
GOALS = [
    AlignNode("g1", "Protect the installation", notes=("9 people",), share=90),
    AlignNode("g2", "Spend every dollar once", notes=("nobody serves it yet",), is_gap=True),
]
UNITS = [AlignNode(f"u{number}", f"Unit {number}", notes=("1 goal",)) for number in range(1, 9)]


def drawn(flows: dict[tuple[str, str], int]) -> AlignmentDrawing:
    drawing = alignment_drawing(ABOVE, GOALS, UNITS, serves={"g1": "a1"}, served_by=flows)
    assert drawing is not None
    return drawing


def test_every_link_is_a_curve_and_what_is_not_drawn_has_none() -> None:
    drawing = drawn({("g1", "u1"): 10, ("g1", "u2"): 5, ("g1", "u99"): 5, ("g9", "u1"): 5})
    assert len(drawing.curves) == 3
    thick, thin = (width for _, width in drawing.curves[1:])
    assert thick > thin
    assert [words for _, words in drawing.heads] == [
        "Above",
        "Goals of this unit",
        "Units just below",
    ]


def test_gaps_look_like_gaps() -> None:
    looks = {box.lines[0]: box.look for box in drawn({}).boxes}
    assert looks["Spend every dollar once"] == "goal goal-gap"
    assert looks["Protect the installation"] == "goal"


def test_links_find_room_at_the_edge_of_their_box() -> None:
    drawing = drawn({("g1", unit.key): 10 for unit in UNITS})
    box = next(each for each in drawing.boxes if each.lines == ["Protect the installation"])
    starts = [float(path.split()[1]) for path, _ in drawing.curves[1:]]
    assert starts == sorted(starts)
    assert box.y <= min(starts)
    assert max(starts) <= box.y + box.height
    assert sum(width for _, width in drawing.curves[1:]) <= box.height


def test_columns_stand_in_the_drawing() -> None:
    drawing = drawn({})
    assert all(box.x >= 0 and box.x + box.width <= drawing.width for box in drawing.boxes)
    assert all(box.y >= 0 and box.y + box.height <= drawing.height for box in drawing.boxes)
    filled = next(box.bar_filled for box in drawing.boxes if box.share == 90)
    assert filled == round((320 - 28) * 0.9, 1)


def test_without_goals_there_is_no_drawing() -> None:
    assert alignment_drawing(ABOVE, [], UNITS, serves={}, served_by={}) is None
