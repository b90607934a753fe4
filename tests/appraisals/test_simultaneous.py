"""Fifty people sign at once, each in a unit of their own: nobody waits for another, and the counts are exact.

Each step is taken in a transaction that stays open until all fifty have taken theirs. A lock that one
of them held and another wanted would keep the fifty from ever meeting.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import OperationalError, connection, transaction

from appraisals.models import Document
from appraisals.problems import plan_of
from appraisals.rollups.standing import check, fold
from appraisals.services.records import start_record
from appraisals.services.writing import add_element
from appraisals.workflow import advance
from orgchart import clock
from orgchart.models import Person
from tests.cast import CYCLE_STARTS, Cast, assign, make_cast
from tests.factories import OrganizationFactory, PersonFactory, kind

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 50
PATIENCE = 60


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock.frozen(CYCLE_STARTS):
        yield


def plan_in_a_unit_of_its_own(cast: Cast, number: int) -> Document:
    """Complete, and a draft; all units lie side by side under one command."""
    official, employee = (
        PersonFactory(dod_id=f"{3_000_000_000 + 2 * number + which}") for which in range(2)
    )
    unit = OrganizationFactory(parent=cast.places["CMD"], kind=kind("branch"), head=official)
    assign(official, cast.higher_level_reviewer, unit, is_supervisor=True)
    assign(employee, official, unit)
    plan = plan_of(start_record(employee, cycle=cast.cycle, by=official))
    assert plan is not None
    values = {
        "title": "Answers alarms",
        "description": "Every alarm of the installation",
        "standards": "90 of 100 within 7 minutes",
        "goal_id": cast.goals[-1].pk,
        "is_supervisory": False,
    }
    add_element(plan, by=official, values=values)
    return plan


def holding(act: Callable[[], object], *, meet: Barrier) -> Callable[[], None]:
    """The act, and then nothing until everybody has done theirs; whoever would wait for a lock gives up."""

    def hold() -> None:
        has_met = False
        try:
            with clock.frozen(CYCLE_STARTS), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
                act()
                meet.wait(timeout=PATIENCE)
                has_met = True
        finally:
            if not has_met:
                meet.abort()
            connection.close()

    return hold


def step(document: Document, name: str, *, by: Person, meet: Barrier) -> Callable[[], None]:
    return holding(lambda: advance(document, name, by=by), meet=meet)


def together(acts: list[Callable[[], None]]) -> None:
    with ThreadPoolExecutor(len(acts)) as threads:
        for each in [threads.submit(act) for act in acts]:
            each.result()


def test_fifty_steps_in_fifty_units_do_not_wait_for_each_other(cast: Cast) -> None:
    plans = [plan_in_a_unit_of_its_own(cast, number) for number in range(PEOPLE)]
    reviewer = cast.higher_level_reviewer
    for name, state in (("submit", "in_review"), ("approve", "approved")):
        meet = Barrier(PEOPLE)
        together(
            [
                step(
                    plan,
                    name,
                    by=plan.appraisal.rating_official if name == "submit" else reviewer,
                    meet=meet,
                )
                for plan in plans
            ]
        )
        assert Document.objects.filter(state=state).count() == PEOPLE
        assert check() == []


def test_counts_are_folded_while_steps_are_under_way(cast: Cast) -> None:
    """The sweep waits for nobody, and nobody for the sweep."""
    plans = [plan_in_a_unit_of_its_own(cast, number) for number in range(4)]
    meet = Barrier(len(plans) + 1)
    folded = list[int]()
    steps = [step(plan, "submit", by=plan.appraisal.rating_official, meet=meet) for plan in plans]
    together([*steps, holding(lambda: folded.append(fold()), meet=meet)])
    assert folded > [0]
    assert check() == []
    fold()
    assert check() == []


def test_two_steps_of_one_document_do_wait(cast: Cast) -> None:
    """The proof that the barrier would tell: of one document the second step waits for the first."""
    plan = plan_in_a_unit_of_its_own(cast, 0)
    meet = Barrier(2)
    official = plan.appraisal.rating_official
    acts = [step(plan, "submit", by=official, meet=meet) for _ in range(2)]
    with pytest.raises((OperationalError, BrokenBarrierError)):
        together(acts)
    assert Document.objects.get(pk=plan.pk).state == "draft"
