"""The one SQL answer for everybody against the answer for one record, `turns.current_turn`."""

import datetime as dt

import pytest

from appraisals.counts import calendar_of, percent, unit_counts
from appraisals.models import WALK, Appraisal, AppraisalCycle, Kind, PolicyEdition, State
from appraisals.selectors import with_documents
from appraisals.standing import LADDER, Asked, Stage, Standing
from appraisals.turns import current_turn
from orgchart import clock
from tests.cast import Cast, make_cast, make_document

DAYS = [
    dt.date(2026, 6, 14),
    dt.date(2026, 12, 1),
    dt.date(2027, 3, 5),
    dt.date(2027, 4, 20),
    dt.date(2027, 6, 15),
]
CASES = [
    (kind, state)
    for kind in (Kind.PERFORMANCE_PLAN, Kind.PROGRESS_REVIEW, Kind.ANNUAL_APPRAISAL)
    for state in WALK
    if (kind, state) != (Kind.PROGRESS_REVIEW, State.IN_REVIEW)
]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def standing_of(cast: Cast, appraisal: Appraisal) -> Standing:
    calendar = calendar_of(cast.places["CMD"])
    standings = calendar.standings(cast.places["CMD"], cast.cycle)
    rows, _ = standings.listed(Asked(), page=1, size=100)
    return next(row for row in rows if row.appraisal_id == appraisal.pk)


@pytest.mark.parametrize(("kind", "state"), CASES)
def test_standing_agrees_with_the_turn_of_the_record(cast: Cast, kind: Kind, state: State) -> None:
    appraisal = make_document(cast, kind, state).appraisal
    for day in DAYS:
        with clock.frozen(day):
            turn = current_turn(with_documents(Appraisal.objects.all()).get(pk=appraisal.pk))
            row, is_late = standing_of(cast, appraisal), turn.is_late
        assert row.is_late == is_late, day
        assert (row.waits_for is None) == (turn.party is None), day
        if turn.person:
            assert (row.holder, row.due_on) == (turn.person.full_name, turn.due_on), day


def test_standing_of_a_plan_approved_too_late_is_not_rateable_r7_8(cast: Cast) -> None:
    appraisal = make_document(cast, Kind.PROGRESS_REVIEW, State.ACKNOWLEDGED).appraisal
    appraisal.documents.filter(kind=Kind.PERFORMANCE_PLAN).update(approved_on=dt.date(2027, 1, 2))
    with clock.frozen(dt.date(2027, 4, 20)):
        row = standing_of(cast, appraisal)
        unit = cast.places["CMD"]
        counts = unit_counts(calendar_of(unit).standings(unit, cast.cycle)).whole
    assert row.not_rateable
    assert not row.is_late
    assert counts.required(Stage.APPRAISALS) == counts.people - 1
    assert counts.parts(Stage.APPRAISALS)[-1]["count"] == 1


def test_people_of_another_calendar_are_counted_there_r1_12(cast: Cast) -> None:
    place, works = cast.places["CMD"], cast.places["WORKS"]
    with clock.frozen(dt.date(2027, 4, 20)):
        before = unit_counts(calendar_of(place).standings(place, cast.cycle)).whole.people
        own = cast.cycle
        own.pk = None
        own.organization = works
        own.save()
        calendar = calendar_of(place)
        cycle = calendar.cycles[0]
        after = unit_counts(calendar.standings(place, cycle)).whole.people
    assert (before, after) == (9, 7)
    assert calendar.elsewhere(cycle) == [own]
    assert calendar_of(works).cycles == [own]


def test_a_unit_follows_the_cycles_above_until_its_own_begins_r1_12(cast: Cast) -> None:
    works, above = cast.places["WORKS"], calendar_of(cast.places["WORKS"]).cycles
    own = AppraisalCycle.objects.create(
        name="Academic",
        organization=works,
        starts_on=max(each.ends_on for each in above) + dt.timedelta(days=1),
        ends_on=dt.date(2029, 3, 31),
        effective_on=dt.date(2029, 6, 1),
        opened_by=cast.cycle.opened_by,
        opened_at=clock.now(),
    )
    assert calendar_of(works).cycles == [own, *above]
    assert calendar_of(cast.places["CMD"]).cycles == above


def test_edition_in_force_is_the_nearest_and_newest(cast: Cast) -> None:
    for code, year in (("CMD", 2025), ("CMD", 2026), ("CMD", 2030), ("NAVY", 2026)):
        PolicyEdition.objects.create(
            name=f"{code} {year}",
            organization=cast.places[code],
            effective_on=dt.date(year, 1, 1),
            written_at=clock.now(),
        )
    calendar = calendar_of(cast.places["FIRE"])
    on = dt.date(2027, 4, 6)
    assert calendar.edition(cast.places["FIRE"], on=on).name == "CMD 2026"
    assert calendar.edition(cast.places["ARMY"], on=on) == cast.policy


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(0, 0, None), (0, 9, 0), (1, 900, 1), (899, 900, 99), (9, 9, 100), (1, 2, 50)],
)
def test_percent_is_0_and_100_only_when_it_is_true(
    part: int, whole: int, expected: int | None
) -> None:
    assert percent(part, whole) == expected


def test_ladder_is_the_order_of_the_life_cycle() -> None:
    assert LADDER == ["draft", "in_review", "approved", "communicated", "acknowledged"]
