"""R16.3: whoever adds and subtracts everything that is shown learns nothing about a small group."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisals.rules.small_cells import Group, is_shown, shown_parts

MINIMUM = 10


@dataclass
class Node:
    """A unit: `own` are the ratings of the people directly in it, under the key None."""

    own: Group
    below: list["Node"] = field(default_factory=list)

    @property
    def whole(self) -> Group:
        return sum((each.whole for each in self.below), self.own)

    def parts(self) -> dict[int | None, Group]:
        return {None: self.own, **{n: each.whole for n, each in enumerate(self.below)}}


groups = st.builds(
    Group,
    st.one_of(st.integers(0, 14), st.integers(0, 60)),
    st.one_of(st.integers(0, 14), st.integers(0, 60)),
)
trees = st.recursive(
    st.builds(Node, groups),
    lambda below: st.builds(
        Node, st.one_of(st.just(Group()), groups), st.lists(below, min_size=1, max_size=4)
    ),
    max_leaves=9,
)

Levels = list[tuple[dict[int | None, Group], int | None]]


def cells(top: Node) -> Iterator[tuple[Group, frozenset[int], bool]]:
    """Every unit and every unit's own people: what it is, which people, whether any page shows it."""
    numbers: dict[int, int] = {}

    def people(node: Node) -> frozenset[int]:
        mine = numbers.setdefault(id(node), len(numbers))
        return frozenset({mine}).union(*(people(each) for each in node.below))

    def walk(node: Node, levels: Levels) -> Iterator[tuple[Group, frozenset[int], bool]]:
        yield node.whole, people(node), is_shown(node.whole, levels, MINIMUM)
        here = (node.parts(), None)
        alone = frozenset({numbers[id(node)]})
        yield node.own, alone, is_shown(node.own, [here, *levels], MINIMUM)
        for number, each in enumerate(node.below):
            yield from walk(each, [(node.parts(), number), *levels])

    people(top)
    return walk(top, [])


def can_be_solved(wanted: frozenset[int], known: list[frozenset[int]]) -> bool:
    """Is `wanted` a sum of multiples of `known`?"""
    atoms = sorted(wanted.union(*known))
    rows = [[Fraction(atom in each) for atom in atoms] for each in known]
    left = [Fraction(atom in wanted) for atom in atoms]
    for column in range(len(atoms)):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows = [_without(row, pivot, column) for row in rows]
        left = _without(left, pivot, column)
    return not any(left)


def _without(row: list[Fraction], pivot: list[Fraction], column: int) -> list[Fraction]:
    factor = row[column] / pivot[column]
    return [value - factor * other for value, other in zip(row, pivot, strict=True)]


@settings(max_examples=400, deadline=None)
@given(trees)
def test_no_small_group_can_be_worked_out_r16_3(top: Node) -> None:
    found = list(cells(top))
    known = [people for _, people, shown in found if shown]
    assert all(group.is_safe(MINIMUM) for group, _, shown in found if shown)
    for group, people, _ in found:
        if group.size and not group.is_safe(MINIMUM):
            assert not can_be_solved(people, known)


@given(st.dictionaries(st.text(max_size=3), groups, max_size=8))
def test_what_is_left_over_of_a_whole_is_safe_or_empty_r16_3(parts: dict[str, Group]) -> None:
    found = shown_parts(parts, MINIMUM)
    left = sum((group for key, group in parts.items() if key not in found.shown), Group())
    assert not found.shown or left.size == 0 or left.is_safe(MINIMUM)
    assert found.leaves_something == bool(left.size)


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ({"a": Group(10, 10), "b": Group(20, 20)}, {"a", "b"}),
        ({"a": Group(10, 10), "b": Group(20, 20), "c": Group(1, 0)}, {"b"}),
        ({"a": Group(9, 40), "b": Group(20, 20)}, set()),
        ({"a": Group(9, 40), "b": Group(20, 20), "c": Group(30, 30)}, {"c"}),
        ({"a": Group(5, 5), "b": Group(5, 5), "c": Group(30, 30)}, {"c"}),
        ({"a": Group(0, 0), "b": Group(20, 20)}, {"b"}),
        ({}, set()),
    ],
)
def test_the_smallest_is_hidden_with_a_small_one_r16_3(
    parts: dict[str, Group], shown: set[str]
) -> None:
    assert shown_parts(parts, MINIMUM).shown == shown


def test_parts_that_add_up_to_a_hidden_unit_are_hidden_with_it_r16_3():
    small, first, second = Group(2, 3), Group(15, 15), Group(20, 20)
    department = ({"command": first + second, "office": small}, "command")
    command = {"first": first, "second": second}
    assert not is_shown(first + second, [department], MINIMUM)
    assert not is_shown(first, [(command, "first"), department], MINIMUM)
    with_staff = {**command, None: Group(3, 3)}
    assert not is_shown(first, [(with_staff, "first"), department], MINIMUM)
    assert is_shown(second, [(with_staff, "second"), department], MINIMUM)


def test_a_policy_without_a_minimum_still_tells_nobody_apart_r16_3():
    assert not Group(0, 40).is_safe(0)
    assert Group(1, 1).is_safe(0)


def test_shares_come_in_steps_of_five_r16_3():
    assert [Group(13, 21).share, Group(10, 10).share, Group(1, 99).share] == [40, 50, 0]
