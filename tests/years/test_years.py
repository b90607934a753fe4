"""Random people do random things, allowed and forbidden, over years. No record is the worse for it."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from tests.cast import make_cast
from tests.years.account import assert_all_is_well
from tests.years.changes import PlanChanges
from tests.years.doings import Steps, Time, Writing
from tests.years.moves import Moves
from tests.years.outcomes import Delegates, Outcomes
from tests.years.world import Undone, World

pytestmark = pytest.mark.django_db
LOOK_EVERY = 15


def lived_through(*, years: int, steps: int) -> Counter[str]:
    """`years` lives of `steps` doings each, from the same first day; how often each was done."""
    cast, done = make_cast(), Counter()

    class Years(Time, Writing, Steps, PlanChanges, Outcomes, Delegates, Moves):
        def __init__(self) -> None:
            super().__init__()
            self.undone = Undone()
            self.undone.__enter__()
            self.world = World(cast)
            self.steps = 0

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
            # A shorter example would take minutes of database work to find.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    return done


def test_years_as_they_really_happen() -> None:
    done = lived_through(years=12, steps=50)
    assert done["save a text"] > 0


@pytest.mark.long
def test_thousands_of_steps() -> None:
    done = lived_through(years=60, steps=120)
    for name in ("step approve", "step acknowledge", "step communicate", "step record_signature"):
        assert done[name] > 0, f"never: {name}"
