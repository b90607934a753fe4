"""What serves which goal: the kept counts equal a full count after every change, folded or not."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier

import pytest
from django.db import connection, transaction

from appraisals import goal_counts
from appraisals.models import (
    Appraisal,
    Document,
    Element,
    Goal,
    GoalCount,
    GoalDifference,
    UnitElements,
    UnitElementsDifference,
)
from appraisals.rollups import goals as rollup
from orgchart.models import Organization
from tests.appraisals.rows import NOON, make_appraisal, make_cycle, make_document
from tests.factories import OrganizationFactory


def place(code: str, parent: Organization | None) -> Organization:
    made = OrganizationFactory(code=code, parent=parent)
    made.refresh_from_db()
    return made


@dataclass
class World:
    """A tree of seven units, a cycle, goals on three levels, a plan in each of the lower units."""

    places: dict[str, Organization]
    goals: list[Goal] = field(default_factory=list)
    plans: list[Document] = field(default_factory=list)

    @property
    def cycle(self):
        return self.goals[0].cycle

    def goal(self, code: str, serves: Goal | None = None) -> Goal:
        made = Goal.objects.create(
            cycle=self.cycle if self.goals else make_cycle(self.places["TOP"]),
            organization=self.places[code],
            title=f"Goal {len(self.goals)} of {code}",
            serves=serves,
            published_at=NOON,
        )
        self.goals.append(made)
        return made

    def plan(self, code: str) -> Document:
        appraisal = make_appraisal(self.cycle)
        Appraisal.objects.filter(pk=appraisal.pk).update(organization=self.places[code])
        self.plans.append(make_document(appraisal))
        return self.plans[-1]


def make_world() -> World:
    top = place("TOP", None)
    left, right = place("LEFT", top), place("RIGHT", top)
    places = {
        "TOP": top,
        "LEFT": left,
        "RIGHT": right,
        **{code: place(code, left) for code in ("L1", "L2")},
        **{code: place(code, right) for code in ("R1", "R2")},
    }
    world = World(places)
    high = world.goal("TOP")
    other = world.goal("TOP")
    for code, above in (("LEFT", high), ("RIGHT", other)):
        middle = world.goal(code, above)
        world.goal(f"{code[0]}1", middle)
    for code in ("L1", "L2", "R1", "R2"):
        world.plan(code)
    return world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def add(plan: Document, goal: Goal | None, **fields: object) -> Element:
    number = plan.elements.count() + 1
    return Element.objects.create(plan=plan, number=number, goal=goal, **fields)


def served(goal: Goal) -> tuple[int, int, int]:
    found = goal_counts.served([goal.pk]).get(goal.pk, goal_counts.NOBODY)
    return found.straight, found.elements, found.people


def elements(world: World, code: str) -> tuple[int, int]:
    unit = world.places[code]
    found = goal_counts.elements_in([unit.pk], world.cycle).get(unit.pk, goal_counts.Elements())
    return found.elements, found.without_goal


def test_a_person_counts_once_for_each_goal_their_elements_reach(world: World) -> None:
    high, _, left, low = world.goals[:4]
    plan = world.plans[0]
    add(plan, low)
    add(plan, left)
    add(plan, None)
    add(world.plans[1], left)
    assert served(low) == (1, 1, 1)
    assert served(left) == (2, 3, 2)
    assert served(high) == (0, 3, 2)
    assert elements(world, "L1") == (3, 1)
    assert elements(world, "LEFT") == (4, 1)
    assert elements(world, "TOP") == (4, 1)
    assert rollup.check() == []


def test_proposals_count_once_accepted_and_removed_elements_never(world: World) -> None:
    low = world.goals[3]
    proposed = add(world.plans[0], low, proposed_by_employee=True, accepted=False)
    assert served(low) == (0, 0, 0)
    proposed.accepted = True
    proposed.save()
    assert served(low) == (1, 1, 1)
    proposed.removed_at = NOON
    proposed.save()
    assert served(low) == (0, 0, 0)
    assert elements(world, "TOP") == (0, 0)
    assert rollup.check() == []


def test_a_plan_that_was_closed_counts_for_nothing_and_the_next_one_does_r3_10(
    world: World,
) -> None:
    low, plan = world.goals[-1], world.plans[0]
    add(plan, low)
    before = [served(goal) for goal in world.goals], elements(world, "TOP")
    wrong = Document.objects.get(pk=plan.pk)
    wrong.state = "closed"
    wrong.save()
    assert rollup.check() == []
    again = make_document(plan.appraisal, number=2)
    add(again, low)
    assert ([served(goal) for goal in world.goals], elements(world, "TOP")) == before
    Appraisal.objects.filter(pk=plan.appraisal_id).update(organization=world.places["TOP"])
    assert rollup.check() == []
    rollup.rebuild()
    assert rollup.check() == []


def test_a_text_that_changes_counts_nothing(world: World) -> None:
    element = add(world.plans[0], world.goals[3])
    rollup.fold()
    element.title = "Other words"
    element.save()
    assert not GoalDifference.objects.exists()
    assert not UnitElementsDifference.objects.exists()


def test_folding_changes_no_answer_and_is_done_once(world: World) -> None:
    goals, plan = world.goals, world.plans[0]
    add(plan, goals[3])
    add(plan, None)
    before = [served(goal) for goal in goals], elements(world, "LEFT")
    assert rollup.fold() > 0
    assert ([served(goal) for goal in goals], elements(world, "LEFT")) == before
    assert rollup.fold() == 0
    assert not GoalDifference.objects.exists()
    assert GoalCount.objects.get(pk=goals[3].pk).people == 1
    assert UnitElements.objects.filter(organization_id=world.places["TOP"].pk).exists()
    assert rollup.check() == []


def test_linking_a_goal_anew_takes_its_people_along(world: World) -> None:
    high, other, left, low = world.goals[:4]
    add(world.plans[0], low)
    add(world.plans[0], left)
    rollup.fold()
    low.serves = other
    low.save()
    assert served(high) == (0, 1, 1)
    assert served(other) == (0, 1, 1)
    Goal.objects.filter(pk__in=[low.pk, left.pk]).update(serves=None)
    assert served(high) == served(other) == (0, 0, 0)
    assert rollup.check() == []


def test_a_record_and_a_unit_take_their_elements_along(world: World) -> None:
    add(world.plans[0], world.goals[3])
    add(world.plans[0], None)
    rollup.fold()
    add(world.plans[0], None)
    Appraisal.objects.filter(pk=world.plans[0].appraisal_id).update(organization=world.places["R1"])
    assert elements(world, "LEFT") == (0, 0)
    assert elements(world, "RIGHT") == (3, 2)
    rollup.fold()
    add(world.plans[2], None)
    moved = world.places["RIGHT"]
    moved.parent = world.places["LEFT"]
    moved.save()
    assert elements(world, "LEFT") == elements(world, "TOP") == (4, 3)
    rollup.fold()
    assert elements(world, "LEFT") == elements(world, "TOP") == (4, 3)
    assert rollup.check() == []


def test_many_rows_of_one_statement_are_counted(world: World) -> None:
    Element.objects.bulk_create(
        Element(plan=plan, number=number, goal=goal)
        for plan in world.plans
        for number, goal in enumerate([*world.goals, None, None], start=1)
    )
    assert rollup.check() == []
    assert served(world.goals[0])[2] == len(world.plans)
    Element.objects.filter(plan=world.plans[0]).update(goal=world.goals[0])
    Element.objects.filter(plan=world.plans[1]).delete()
    assert rollup.check() == []
    assert served(world.goals[0])[2] == len(world.plans) - 1


def test_check_names_what_is_wrong_and_rebuild_puts_it_right(world: World) -> None:
    add(world.plans[0], world.goals[3])
    rollup.fold()
    GoalCount.objects.filter(pk=world.goals[3].pk).update(people=7)
    UnitElements.objects.filter(organization_id=world.places["LEFT"].pk).update(elements=9)
    assert [str(each) for each in rollup.check()] == [
        "people of “Goal 3 of L1” (L1): kept 7, counted 1",
        "elements of LEFT and below in FY 2027: kept 9, counted 1",
    ]
    rollup.rebuild()
    assert rollup.check() == []
    assert served(world.goals[0]) == (0, 1, 1)


# ------------------------------------------------------------------------------- a random year


def steps(world: World, chance: random.Random) -> list[Callable[[], object]]:
    plan, place_ = chance.choice(world.plans), chance.choice(list(world.places.values()))
    goal = chance.choice([*world.goals, None])
    picked = list(Element.objects.order_by("pk"))
    element = chance.choice(picked) if picked else None

    def link() -> None:
        lower, upper = chance.sample(world.goals, 2)
        if lower.pk > upper.pk:
            Goal.objects.filter(pk=lower.pk).update(serves=chance.choice([upper, None]))

    def move_place() -> None:
        moved = chance.choice([world.places[code] for code in ("L1", "L2", "R1", "RIGHT")])
        target = Organization.objects.get(code=chance.choice(["TOP", "LEFT"]))
        Organization.objects.filter(pk=moved.pk).update(parent=target)

    def several() -> None:
        rows = [
            Element(plan=each, number=1000 + Element.objects.count() + number, goal=goal)
            for number, each in enumerate(world.plans)
        ]
        Element.objects.bulk_create(rows)

    return [
        lambda: Element.objects.create(
            plan=plan, number=chance.randint(1, 10**4), goal=goal, removed_at=NOON
        ),
        lambda: Element.objects.create(plan=plan, number=20_000 + len(picked), goal=goal),
        several,
        lambda: element and Element.objects.filter(pk=element.pk).update(goal=goal),
        lambda: element and Element.objects.filter(pk=element.pk).update(removed_at=NOON),
        lambda: element and Element.objects.filter(pk=element.pk).delete(),
        link,
        move_place,
        lambda: Appraisal.objects.filter(pk=plan.appraisal_id).update(organization=place_),
        lambda: world.plan(chance.choice(["L1", "L2", "R1"])),
        lambda: world.goal(chance.choice(["L2", "R2"]), chance.choice(world.goals)),
        rollup.fold,
    ]


@pytest.mark.parametrize("seed", range(12))
def test_a_random_year_keeps_equal_to_a_full_count(world: World, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  the same year each time
    for number in range(40):
        chance.choice(steps(world, chance))()
        if number % 5 == 4:
            assert rollup.check() == [], f"after step {number} of {seed}"


# ------------------------------------------------------------------------------ at the same moment


def at_once(*jobs: Callable[[], None]) -> None:
    start = Barrier(len(jobs))

    def run(job: Callable[[], None]) -> None:
        start.wait()
        try:
            job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        for done in [pool.submit(run, job) for job in jobs]:
            done.result(60)


class Busy:
    """What several people do again and again, each in a transaction of its own."""

    def __init__(self) -> None:
        self.world = make_world()
        _, self.other, self.left, self.low = self.world.goals[:4]

    def write(self, plan: Document, goal: Goal) -> None:
        for number in range(1, 25):
            Element.objects.create(plan=plan, number=number, goal=goal)
            Element.objects.filter(plan=plan, number=number).update(
                goal=None if number % 3 else self.left
            )

    def link(self) -> None:
        for number in range(25):
            above = self.other if number % 2 else self.left
            Goal.objects.filter(pk=self.low.pk).update(serves=above)

    def move_record(self) -> None:
        record = self.world.plans[0].appraisal_id
        for number in range(25):
            code = "R1" if number % 2 else "L1"
            Appraisal.objects.filter(pk=record).update(organization=self.world.places[code])

    def move_place(self) -> None:
        for number in range(15):
            code = "RIGHT" if number % 2 else "LEFT"
            Organization.objects.filter(code="L1").update(parent=self.world.places[code])

    def sweep(self) -> None:
        for _ in range(25):
            rollup.fold()


@pytest.mark.django_db(transaction=True)
def test_writers_linkers_movers_and_the_sweep_at_once() -> None:
    busy = Busy()
    first, second, third, _ = busy.world.plans
    at_once(
        lambda: busy.write(first, busy.low),
        lambda: busy.write(second, busy.low),
        lambda: busy.write(third, busy.left),
        busy.link,
        busy.move_record,
        busy.move_place,
        busy.sweep,
    )
    assert rollup.check() == []
    rollup.fold()
    assert rollup.check() == []


@pytest.mark.django_db(transaction=True)
def test_two_writers_who_serve_the_same_goal_do_not_wait_for_each_other() -> None:
    world = make_world()
    high = world.goals[0]
    with transaction.atomic():
        add(world.plans[0], high)

        def write() -> None:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
                Element.objects.create(plan=world.plans[1], number=1, goal=high)

        at_once(write)
    assert served(high) == (2, 2, 2)
