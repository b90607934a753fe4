"""A rating given because somebody leaves is due by the last day together (R9.5): one record, lists and counts agree."""

import datetime as dt

import pytest

from appraisals import rollups
from appraisals.compliance import in_time_below
from appraisals.counts import calendar_of, unit_counts
from appraisals.models import Appraisal, Document, Kind, MilestoneKind, State
from appraisals.selectors import with_documents
from appraisals.standing import Asked, Stage, Standing, Standings
from appraisals.turns import current_turn
from orgchart import clock
from tests.appraisals.leaving import decided, make_planned
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db

LAST_DAY = dt.date(2026, 12, 31)
DECIDED = dt.date(2026, 12, 14)
DAY_AFTER = dt.date(2027, 1, 1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def record(cast: Cast) -> Appraisal:
    """Of Carl Colleague; Dana Official leaves with 90 days to go (D11)."""
    record = make_planned(cast, cast.colleague)
    decided(cast, on=DECIDED, last_day=LAST_DAY)
    return record


def standings(cast: Cast) -> Standings:
    return calendar_of(cast.places["FIRE"]).standings(cast.places["FIRE"], cast.cycle)


def listed(cast: Cast, asked: Asked, record: Appraisal) -> list[Standing]:
    rows, _ = standings(cast).listed(asked, page=1, size=100)
    return [row for row in rows if row.appraisal_id == record.pk]


def late_appraisals(cast: Cast) -> int:
    return unit_counts(standings(cast)).whole.late_in(Stage.APPRAISALS)


@pytest.mark.parametrize("state", [State.DRAFT, State.IN_REVIEW, State.APPROVED])
def test_it_is_late_from_the_day_after_wherever_one_looks(
    cast: Cast, record: Appraisal, state: State
) -> None:
    dates = {"approved_on": LAST_DAY} if state == State.APPROVED else {}
    Document.objects.filter(appraisal=record, kind=Kind.ANNUAL_APPRAISAL).update(
        state=state, **dates
    )
    for day, is_late in ((LAST_DAY, False), (DAY_AFTER, True), (dt.date(2027, 5, 3), True)):
        with clock.frozen(day):
            turn = current_turn(with_documents(Appraisal.objects.all()).get(pk=record.pk))
            [row] = listed(cast, Asked(), record)
            assert (row.due_on, row.is_late) == (turn.due_on, turn.is_late) == (LAST_DAY, is_late)
            assert bool(listed(cast, Asked(late=True), record)) == is_late
            assert late_appraisals(cast) == is_late
    assert rollups.check() == []


def test_one_that_comes_after_the_milestone_is_due_by_the_milestone(
    cast: Cast, record: Appraisal
) -> None:
    milestone = dt.date(2026, 12, 20)
    cast.cycle.milestones.filter(kind=MilestoneKind.APPRAISAL_DUE).update(due_on=milestone)
    with clock.frozen(LAST_DAY):
        turn = current_turn(with_documents(Appraisal.objects.all()).get(pk=record.pk))
        [row] = listed(cast, Asked(), record)
    assert row.due_on == turn.due_on == milestone


def test_told_on_the_last_day_it_was_in_time_and_later_it_was_not_r16_3(
    cast: Cast, record: Appraisal
) -> None:
    annual = Document.objects.filter(appraisal=record, kind=Kind.ANNUAL_APPRAISAL)
    for day, in_time in ((LAST_DAY, 1), (DAY_AFTER, 0)):
        annual.update(
            state=State.COMMUNICATED,
            approved_on=LAST_DAY,
            communicated_on=day,
            communicated_method="F",
        )
        with clock.frozen(dt.date(2027, 6, 2)):
            assert in_time_below(standings(cast))[None][Stage.APPRAISALS] == in_time


def test_once_it_is_over_its_last_day_is_nothing_to_count(cast: Cast, record: Appraisal) -> None:
    Document.objects.filter(appraisal=record, kind=Kind.ANNUAL_APPRAISAL).update(
        state=State.ACKNOWLEDGED,
        approved_on=LAST_DAY,
        communicated_on=LAST_DAY,
        communicated_method="F",
        acknowledged_on=LAST_DAY,
    )
    with clock.frozen(DAY_AFTER):
        [row] = listed(cast, Asked(), record)
    assert (row.waits_for, row.is_late) == (None, False)
    assert rollups.check() == []
