from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from hypothesis import given
from hypothesis import strategies as st

from orgchart.templatetags import ui

TODAY = date(2027, 4, 6)


@pytest.mark.parametrize(
    ("due", "words", "kind"),
    [
        (date(2027, 4, 15), "9 days left", "turn"),
        (date(2027, 4, 7), "1 day left", "turn"),
        (date(2027, 4, 6), "due today", "turn"),
        (date(2027, 4, 5), "1 day late", "late"),
        (date(2027, 4, 3), "3 days late", "late"),
        (date(2024, 4, 6), "1,095 days late", "late"),
        (None, "", "turn"),
    ],
)
def test_days_left_and_kind(due, words, kind):
    assert ui.days_left(due, TODAY) == words
    assert ui.due_kind(due, TODAY) == kind


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2027, 4, 1), "since 1 April"),
        (date(2026, 10, 14), "since 14 October"),
        (date(2026, 4, 1), "since 1 April 2026"),
        (TODAY, "since today"),
        (datetime(2027, 4, 6, 15, 0, tzinfo=UTC), "since today"),
        # In New York it is still the day before.
        (datetime(2027, 4, 2, 2, 0, tzinfo=UTC), "since 1 April"),
        (None, ""),
    ],
)
def test_since(value, words):
    assert ui.since(value, TODAY) == words


def test_dates_and_times():
    at = datetime(2027, 4, 6, 14, 42, tzinfo=UTC)
    assert ui.day(date(2027, 4, 15)) == "15 April 2027"
    assert ui.day_month(date(2027, 4, 5)) == "5 April"
    assert ui.clock_time(at) == "10:42"
    assert ui.moment(at) == "6 April 2027, 10:42"
    assert [show(None) for show in (ui.day, ui.day_month, ui.clock_time, ui.moment)] == [""] * 4


@pytest.mark.parametrize(
    ("count", "nouns", "words"),
    [
        (0, "day", "0 days"),
        (1, "day", "1 day"),
        (1035, "person,people", "1,035 people"),
        (1, "person,people", "1 person"),
    ],
)
def test_plural(count, nouns, words):
    assert ui.plural(count, nouns) == words


def test_thousands():
    assert ui.thousands(124563) == "124,563"
    assert ui.thousands(None) == ""


def test_avatar_class_is_one_of_eight_and_stable():
    people = [SimpleNamespace(pk=pk) for pk in range(1, 50)]
    found = [ui.avatar_class(person) for person in people]
    assert set(found) == {f"dot--{number}" for number in range(1, 9)}
    assert found == [ui.avatar_class(person) for person in people]
    assert ui.avatar_class(SimpleNamespace(pk=None)) == "dot--1"


def test_page_numbers_show_gaps_as_zero():
    pages = Paginator(range(10_000), 50)
    assert ui.page_numbers(pages.page(7)) == [1, 0, 6, 7, 8, 0, 200]
    assert ui.page_numbers(Paginator(range(3), 50).page(1)) == [1]


def test_walk_words_say_each_stage():
    stages = [
        {"label": "Plan", "state": "done"},
        {"label": "Progress review", "state": "other"},
        {"label": "Rating", "state": "now"},
        {"label": "Award", "state": ""},
    ]
    assert ui.walk_words(stages) == (
        "Plan done, Progress review under way, Rating your turn, Award not started"
    )


def test_segments_lie_end_to_end_and_skip_what_is_empty():
    parts = [
        {"label": "Approved", "count": 3, "css": "b1"},
        {"label": "In review", "count": 0, "css": "b2"},
        {"label": "Late", "count": 1, "css": "b3"},
    ]
    assert [(part["css"], part["x"], part["width"]) for part in ui.segments(parts)] == [
        ("b1", "0.00", "75.00"),
        ("b3", "75.00", "25.00"),
    ]
    assert ui.bar_words(parts) == "Approved 3, Late 1"


def test_bar_of_nobody():
    parts = [{"label": "Approved", "count": 0, "css": "b1"}]
    assert ui.segments(parts) == []
    assert ui.bar_words(parts) == "Nobody yet"


def test_diff_words():
    found = ui.diff_words("met the standard", "met every standard twice")
    assert [(part["kind"], part["text"]) for part in found] == [
        ("same", "met "),
        ("removed", "the"),
        ("added", "every"),
        ("same", " standard"),
        ("added", " twice"),
    ]


TEXTS = st.lists(st.sampled_from(["a", "b", " ", "\n", "word", "é"]), max_size=30).map("".join)


@given(TEXTS, TEXTS)
def test_diff_loses_no_character_of_either_text(old, new):
    found = ui.diff_words(old, new)
    assert "".join(part["text"] for part in found if part["kind"] != "added") == old
    assert "".join(part["text"] for part in found if part["kind"] != "removed") == new
