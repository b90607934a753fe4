"""Random people do random things, allowed and forbidden, over years. No record is the worse for it."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from appraisals.transitions import TRANSITIONS
from tests.cast import Cast, make_cast
from tests.years.account import assert_all_is_well
from tests.years.assisting import Assistance
from tests.years.changes import PlanChanges
from tests.years.doings import Time
from tests.years.keeping import Keeping
from tests.years.leaving import Departures
from tests.years.moves import Moves
from tests.years.outcomes import Delegates, Outcomes
from tests.years.paper import Paper
from tests.years.pushing import Mandatory
from tests.years.talking import Talk
from tests.years.travelling import Travelling
from tests.years.world import Undone, World, staff

pytestmark = pytest.mark.django_db
LOOK_EVERY = 15
FEW = 0.1
SUBJECTS = (
    Time,
    Paper,
    PlanChanges,
    Mandatory,
    Outcomes,
    Delegates,
    Moves,
    Departures,
    Assistance,
    Talk,
    Keeping,
    Travelling,
)


REACHED = (
    "change a rating",
    "close a year",
    "give time",
    "delegate",
    "departure: leaves",
    "departure: transfers",
    "departure: moves",
    "departure: detail",
    "departure: hands_over",
    "put right",
    "early talk",
    "meeting",
    "more days",
    "result",
    "a current rating",
    "write a note",
    "hold a check-in",
    "agree on an action",
    "recognize",
    "enter paper",
    "place a hold",
    "destroyed: record",
    "propose an action after an opportunity that failed",
    "send a record file",
    "the same there",
    "receive a record file",
)
"""What thousands of doings come to beside the steps of the table; of what is rare one or the other may be missing."""

THE_WALK = (
    "submit",
    "finish",
    "recall",
    "approve",
    "return_for_change",
    "communicate",
    "acknowledge",
    "record_signature",
    "record_acknowledgment",
    "share_input",
)


def lived_through(
    enough: Callable[[Counter[str]], bool], *, years: int, steps: int
) -> Counter[str]:
    """`years` lives of `steps` doings each; others as long as that was not `enough`, three times at most.

    How often each was done. So it does not hang on luck whether a rare thing was done at all.
    """
    cast, done = make_cast(), Counter()
    staff(cast)
    for number in range(3):
        live(cast, done, number, years=years, steps=steps)
        if enough(done):
            break
    return done


def live(cast: Cast, done: Counter[str], number: int, *, years: int, steps: int) -> None:
    """From the same first day; another `number` is another chance for the same seed."""

    class Years(RuleBasedStateMachine, *SUBJECTS):
        def __init__(self) -> None:
            super().__init__()
            self.undone = Undone()
            self.undone.__enter__()
            self.world = World(cast)
            self.steps = 0

        # One rule: Hypothesis would leave out some of many for a whole life, and most lives would stand still.
        @rule(seed=st.integers(0, 2**32 - 1))
        def somebody_does_something(self, seed: int) -> None:
            lot = Random(f"{number} {self.steps} {seed}")  # noqa: S311 - it decides what people do, no secret
            names = [name for name in dir(Years) if hasattr(getattr(Years, name), "often")]
            often = [getattr(Years, name).often for name in names]
            before = self.world.has_come_to
            while self.world.has_come_to == before:
                [name] = lot.choices(names, weights=often)
                getattr(self, name)(lot)

        @invariant()
        def all_is_well(self) -> None:
            self.steps += 1
            if self.steps % LOOK_EVERY == 0:
                assert_all_is_well(self.world)

        def teardown(self) -> None:
            try:
                assert_all_is_well(self.world)

                done.update(self.world.done)
            finally:
                self.undone.__exit__()

    run_state_machine_as_test(
        Years,
        settings=settings(
            max_examples=years,
            stateful_step_count=steps,
            deadline=None,
            # Each run by itself: what an earlier one found decides nothing in this one.
            database=None,
            # A shorter example would take minutes of database work to find.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    """What is printed and scanned in these years."""
    settings.MEDIA_ROOT = tmp_path


def never(done: Counter[str], names: Iterable[str]) -> list[str]:
    return [name for name in names if not done[name]]


def test_years_as_they_really_happen() -> None:
    names = ("save a text", "step submit", "step approve", "step communicate")
    done = lived_through(lambda done: not never(done, names), years=8, steps=50)
    assert not never(done, names)


@pytest.mark.long
def test_thousands_of_steps() -> None:
    walk = [f"step {name}" for name in THE_WALK]
    names = [*(f"step {name}" for name in TRANSITIONS), *REACHED]

    def enough(done: Counter[str]) -> bool:
        return not never(done, walk) and len(never(done, names)) <= FEW * len(names)

    done = lived_through(enough, years=30, steps=100)
    assert enough(done), never(done, names)
