"""Nobody is told twice and nothing is missed: hours, nights, weeks without a worker, clocks that jump."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisals.models import Notice, PostPreference, ReminderRun, State
from appraisals.problems import plan_of
from appraisals.reminders.run import cycles_to_run, is_time, run
from appraisals.services.records import start_record
from appraisals.tasks import remind
from orgchart import clock
from orgchart.models import Assignment, Organization, Person
from tests.appraisals.reminders.rows import MORNING, everything_told, run_on, told_to
from tests.cast import make_cast

pytestmark = pytest.mark.django_db

D = dt.date
DAY = dt.timedelta(days=1)
DUE = D(2026, 4, 30)


@pytest.fixture
def cast():
    return make_cast()


def test_the_hours_of_a_day_tell_once(cast):
    first = run_on(D(2026, 4, 23))
    told = everything_told()
    assert first == len(told) > 0
    assert [run_on(D(2026, 4, 23)) for _ in range(3)] == [0, 0, 0]
    assert everything_told() == told
    assert ReminderRun.objects.get(day=D(2026, 4, 23)).told == first


def test_the_schedule_runs_by_day_and_not_in_the_night(cast, settings):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    day = D(2026, 4, 23)
    with clock.frozen(day, at=dt.time(0, 30)):
        assert not is_time()
        remind()
        assert Notice.objects.count() == 0
    with clock.frozen(day, at=dt.time(6)):
        assert is_time()


def test_a_week_without_a_worker_is_made_up_for_by_the_newest_mark(cast):
    run_on(D(2026, 4, 15))
    # Nothing ran on 16 and 23 April, the days of two marks.
    run_on(D(2026, 4, 25))
    assert list(told_to(cast.rating_official)) == ["plan_due 2026-04-30 before-7"]


def test_a_missed_due_day_is_told_as_late_and_not_as_soon(cast):
    run_on(D(2026, 4, 15))
    run_on(D(2026, 5, 2))
    assert list(told_to(cast.rating_official)) == ["plan_due 2026-04-30 late-1"]


def test_two_months_without_a_worker_lose_no_escalation(cast):
    run_on(D(2026, 4, 29))
    run_on(D(2026, 6, 28))
    marks = {key.split()[2] for _, key in everything_told()}
    assert {"late-15", "late-7-second_level", "late-14-unit_head"} <= marks


def test_a_clock_that_jumps_over_midnight_and_back(cast):
    """An hour forth: the next day's marks come early, once. Back, and the night again: nothing new."""
    run_on(D(2026, 4, 22))
    run_on(D(2026, 4, 23))
    early = everything_told()
    assert run_on(D(2026, 4, 22)) == 0
    assert run_on(D(2026, 4, 23)) == 0
    assert everything_told() == early


@pytest.mark.parametrize("changes_on", [D(2026, 3, 8), D(2026, 11, 1)])
def test_days_on_which_clocks_change(cast, changes_on):
    """In New York the night of 8 March 2026 has no 2:30, that of 1 November has two half past ones."""
    cast.cycle.milestones.filter(kind="plan_due").update(due_on=changes_on + DAY)
    cast.cycle.starts_on = D(2025, 4, 1)
    cast.cycle.save()
    told = 0
    for hour in (1, 2, 3, 6, 7, 23):
        with clock.frozen(changes_on, at=dt.time(hour, 30)):
            if is_time():
                told += sum(run(cycle) for cycle in cycles_to_run())
    keys = [key for _, key in everything_told() if key.endswith("before-1")]
    assert len(keys) == told == len(everything_told())


def test_the_practice_date_moved_back_tells_nothing_again(cast):
    for day in range(10, 31):
        run_on(D(2026, 4, day))
    told = everything_told()
    for day in range(10, 31):
        run_on(D(2026, 4, day))
    assert everything_told() == told


def test_a_run_that_fails_tells_nothing_and_the_next_everything(cast):
    day = D(2026, 4, 23)

    def broken_off():
        with transaction.atomic():
            run_on(day)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken_off()
    assert everything_told() == []
    assert not ReminderRun.objects.exists()
    assert run_on(day) > 0


def test_mail_follows_what_each_person_chose(cast):
    PostPreference.objects.create(person=cast.rating_official, rhythm="at_once")
    PostPreference.objects.create(person=cast.former_rating_official, rhythm="weekly")
    PostPreference.objects.create(person=cast.leader, rhythm="calendar")
    run_on(D(2026, 4, 23))

    def posted(person):
        return Notice.objects.get(recipient=person).post_at

    with clock.frozen(D(2026, 4, 23), at=MORNING):
        now = clock.now()
    assert posted(cast.rating_official) == now
    assert posted(cast.former_rating_official) > now + 3 * DAY
    assert posted(cast.leader) is None
    assert now < posted(cast.higher_level_reviewer) < now + DAY


# A naive model: people and days in loops, against the statement


MARKS = {
    -14: ("before-14", "holder"),
    -7: ("before-7", "holder"),
    -1: ("before-1", "holder"),
    0: ("on", "holder"),
    1: ("late-1", "holder"),
    8: ("late-8", "holder"),
    15: ("late-15", "holder"),
    7: ("late-7-second_level", "second"),
    14: ("late-14-unit_head", "head"),
}


class Naive:
    """Everybody's plan is due on 30 April; it waits at the supervisor until it is acknowledged."""

    def __init__(self):
        self.rows = {
            row.employee_id: row
            for row in Assignment.objects.filter(covered=True).select_related("organization")
            if row.starts_on <= CYCLE_FIRST <= (row.ends_on or CYCLE_FIRST)
        }
        self.boss = dict(
            Assignment.objects.filter(starts_on__lte=CYCLE_FIRST).values_list(
                "employee", "supervisor"
            )
        )
        self.boss |= {pk: row.supervisor_id for pk, row in self.rows.items()}
        self.units = {unit.pk: unit for unit in Organization.objects.all()}
        self.done, self.ran, self.told = set(), set(), set()

    def head_above(self, row, second):
        unit = self.units[row.organization_id]
        while unit and unit.head_id in (row.employee_id, row.supervisor_id, second):
            unit = self.units.get(unit.parent_id)
        return unit.head_id if unit else None

    def recipients(self, who):
        for pk, row in self.rows.items():
            if pk in self.done:
                continue
            second = self.boss.get(row.supervisor_id)
            if who == "holder":
                yield row.supervisor_id
            elif who == "second":
                yield second or self.head_above(row, second)
            else:
                yield self.head_above(row, second)

    def run(self, day):
        last = max((each for each in self.ran if each < day), default=day - 31 * DAY)
        after = day - DAY if day in self.ran else last
        self.ran.add(day)
        newest = {}
        for offset, (mark, who) in sorted(MARKS.items()):
            on = DUE + offset * DAY
            if after < on <= day and not (offset < 0 and day > DUE):
                newest[who] = mark
        for who, mark in newest.items():
            self.told |= {(pk, mark) for pk in self.recipients(who) if pk}


CYCLE_FIRST = D(2026, 4, 1)
STEPS = st.lists(
    st.one_of(
        st.integers(min_value=-3, max_value=9).map(lambda days: ("run", days)),
        st.sampled_from(["colleague", "hr", "rating_official"]).map(lambda who: ("done", who)),
    ),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(first=st.integers(min_value=10, max_value=30), steps=STEPS)
def test_whatever_days_it_runs_on_the_same_are_told_as_in_a_naive_model(cast, first, steps):
    with transaction.atomic():
        naive, day = Naive(), D(2026, 4, first)
        for what, value in [("run", 0), *steps]:
            if what == "run":
                day = max(day + value * DAY, CYCLE_FIRST)
                run_on(day)
                naive.run(day)
            else:
                acknowledge_plan(cast.people[value], cast)
                naive.done.add(cast.people[value].pk)
        assert plans_told() == naive.told
        transaction.set_rollback(True)


def acknowledge_plan(person, cast):
    if person.appraisals.exists():
        return
    with clock.frozen(CYCLE_FIRST + DAY):
        supervisor = Person.objects.get(supervised__employee=person)
        record = start_record(person, cycle=cast.cycle, by=supervisor)
    day = CYCLE_FIRST + DAY
    plan_of(record).__class__.objects.filter(appraisal=record).update(
        state=State.ACKNOWLEDGED,
        approved_on=day,
        communicated_on=day,
        communicated_method="F",
        acknowledged_on=day,
    )


def plans_told():
    rows = Notice.objects.filter(key__startswith="plan_due:").values_list("recipient", "key")
    return {(pk, key.rsplit(":", 1)[1]) for pk, key in rows}
