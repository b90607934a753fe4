"""Geometry: nothing lies on anything else, nothing beyond the edge, every text inside its box."""

import re

import pytest

from orgchart.chart import BOX, HIGH, LETTERS, WIDTH, Card, draw, fitted


def card(title="Somebody", *below, detail="Position", note="GS-0560-11") -> Card:
    return Card(title=title, detail=detail, url="/", look="person", note=note, below=below)


def team(size: int, depth: int = 0) -> Card:
    deeper = (team(3, depth - 1),) if depth else ()
    return card("Lead", *(card(f"Person {number}") for number in range(size)), *deeper)


SHAPES = {
    "alone": card(),
    "forty units and sixty people": card(
        "Unit", *(card(f"Unit {n}") for n in range(40)), team(20), team(20, depth=2), team(14)
    ),
    "deep": team(2, depth=12),
    "one below the other": card("A", card("B", card("C", card("D")))),
    "long words": card("Supercalifragilistic" * 4, card("x " * 200, detail="word " * 80)),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_boxes_lie_apart_and_inside(shape):
    chart = draw(SHAPES[shape])
    for box in chart.boxes:
        assert 0 <= box.x <= box.x + BOX <= WIDTH
        assert 0 <= box.y <= box.y + HIGH < chart.height
    taken = sorted((box.y, box.x) for box in chart.boxes)
    for at, (y, x) in enumerate(taken):
        for other_y, other_x in taken[at + 1 :]:
            assert abs(x - other_x) >= BOX or abs(y - other_y) >= HIGH


@pytest.mark.parametrize("shape", SHAPES)
def test_texts_stay_in_their_boxes(shape):
    for box in draw(SHAPES[shape]).boxes:
        assert 1 <= len(box.rows) <= 4
        for y, text, _ in box.rows:
            assert box.y + 8 <= y <= box.y + HIGH - 6
            assert len(text) <= LETTERS + 3


def test_every_box_below_another_is_reached_by_a_line():
    chart = draw(SHAPES["forty units and sixty people"])
    lines = " ".join(chart.lines)
    for box in chart.boxes[1:]:
        into_the_top = f"M{box.x + BOX // 2} {box.y - 10}V{box.y}"
        into_the_side = re.search(rf"M\d+ {box.y + HIGH // 2}H{box.x}\b", lines)
        assert into_the_top in chart.lines or into_the_side


def test_rows_wrap():
    chart = draw(card("Unit", *(card() for _ in range(40))))
    assert len({box.y for box in chart.boxes}) == 1 + 8


def test_a_long_text_ends_in_dots():
    assert fitted("short") == ["short"]
    assert fitted("") == []
    assert fitted("one two three four five six seven eight nine ten eleven twelve")[-1].endswith(
        "…"
    )
    assert len(fitted("word " * 50)) == 2
