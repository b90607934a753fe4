"""Random people do random things, allowed and forbidden, over years. No record is the worse for it."""

import os
from collections import Counter, defaultdict
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
from tests.years.reached import REACHED
from tests.years.talking import Talk
from tests.years.travelling import Travelling
from tests.years.world import Undone, World, staff

pytestmark = pytest.mark.django_db
LOOK_EVERY = 15
FEW = 12
"""Of some 125 steps so many may be missing: what is rarest hangs on luck."""
NEW = "DPMAP_NEW_YEARS" in os.environ
"""Years that nobody lived yet: `make explore`. Else the same ones each time, so that only a change makes them fail."""
MISSING = 6
"""How much oftener something is done as long as a step of it was never managed."""
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


class Tried:
    """How often each step was `done`, and which steps each doing `comes_to`."""

    def __init__(self, before: "Tried | None" = None) -> None:
        self.done: Counter[str] = Counter(before.done if before else ())
        self.comes_to: dict[str, set[str]] = defaultdict(set)
        for doing, steps in before.comes_to.items() if before else ():
            self.comes_to[doing] = set(steps)

    def note(self, doing: str, done: Counter[str]) -> None:
        self.done += done
        self.comes_to[doing] |= steps_in(done)

    def missing(self, before: "Tried") -> set[str]:
        """Doings of those before that tried something which nobody has managed yet."""
        return {
            doing
            for doing, steps in before.comes_to.items()
            if any(not self.done[name] for name in steps)
        }

    @property
    def names(self) -> set[str]:
        return {step for names in self.comes_to.values() for step in names}


def steps_in(done: Counter[str]) -> set[str]:
    return {name.removesuffix(", refused").removesuffix(", forbidden") for name in done}


def lived_through(enough: Callable[[Tried], bool], *, years: int, steps: int) -> Tried:
    """`years` lives of `steps` doings each; a third of it again as long as that was not `enough`, six times at most.

    So it does not hang on luck whether a rare thing was done at all.
    """
    cast, tried = make_cast(), Tried()
    staff(cast)
    for number in range(7):
        live(cast, tried, number, years=years if number == 0 else years // 3, steps=steps)
        if enough(tried):
            break
    return tried


class Doing:
    """One doing of a life, noted."""

    world: World
    tried: Tried

    def do(self, name: str, lot: Random, *, in_earnest: bool) -> None:
        self.world.in_earnest = in_earnest
        counted = Counter(self.world.done)
        getattr(self, name)(lot)
        self.tried.note(name, self.world.done - counted)


def live(cast: Cast, tried: Tried, number: int, *, years: int, steps: int) -> None:
    """From the same first day; another `number` is another chance for the same seed.

    What the lives before this number came to decides what is done oftener; what those beside it came to does
    not: each runs by itself.
    """
    before = Tried(tried)

    class Years(RuleBasedStateMachine, Doing, *SUBJECTS):
        def __init__(self) -> None:
            super().__init__()
            self.undone = Undone()
            self.undone.__enter__()
            self.world = World(cast)
            self.tried = Tried(before)
            self.steps = 0

        # One rule: Hypothesis would leave out some of many for a whole life, and most lives would stand still.
        @rule(seed=st.integers(0, 2**32 - 1))
        def somebody_does_something(self, seed: int) -> None:
            lot = Random(f"{number} {self.steps} {seed}")  # noqa: S311 - it decides what people do, no secret
            names = [name for name in dir(Years) if hasattr(getattr(Years, name), "often")]
            missing = self.tried.missing(before)
            often = [getattr(Years, name).often + MISSING * (name in missing) for name in names]
            stood = self.world.has_come_to
            while self.world.has_come_to == stood:
                [name] = lot.choices(names, weights=often)
                self.do(name, lot, in_earnest=name in missing and lot.choice([True, False]))

        @invariant()
        def all_is_well(self) -> None:
            self.steps += 1
            if self.steps % LOOK_EVERY == 0:
                assert_all_is_well(self.world)

        def teardown(self) -> None:
            try:
                assert_all_is_well(self.world)

                tried.done.update(self.world.done)
                for doing, names in self.tried.comes_to.items():
                    tried.comes_to[doing] |= names
            finally:
                self.undone.__exit__()

    run_state_machine_as_test(
        Years,
        settings=settings(
            max_examples=years,
            stateful_step_count=steps,
            deadline=None,
            derandomize=not NEW,
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


def never(tried: Tried, names: Iterable[str]) -> list[str]:
    return [name for name in names if not tried.done[name]]


def test_years_as_they_really_happen() -> None:
    names = ("save a text", "step submit", "step approve", "step communicate")
    tried = lived_through(lambda tried: not never(tried, names), years=8, steps=50)
    assert not never(tried, names)


@pytest.mark.long
def test_thousands_of_steps() -> None:
    names = [*(f"step {name}" for name in TRANSITIONS), *REACHED]
    tried = lived_through(lambda tried: len(never(tried, names)) <= FEW, years=30, steps=100)
    assert len(never(tried, names)) <= FEW, never(tried, names)
    assert sorted(tried.names - set(names)) == [], "steps that the list does not name"
