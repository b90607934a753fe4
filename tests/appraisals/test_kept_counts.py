"""Kept counts are what a full count says, whatever happens in whatever order (docs/adr/0006-kept-counts.md)."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisals import rollups, rules
from appraisals.models import (
    WALK,
    Appraisal,
    AppraisalCycle,
    AppraisalEvent,
    CountDifference,
    Document,
    KeptCount,
    Kind,
    RatingOfRecord,
    RecordStanding,
    ReturnReason,
    State,
)
from appraisals.rollups.reading import kept_counts
from appraisals.services.records import start_record
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Assignment, Organization
from orgchart.services import assign, change_supervisor, move_organization, separate
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db

FIRST_DAY = dt.date(2026, 4, 10)
ABOUT = ("at", "done", "waiting", "returned", "rating")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


class World:
    """Things that happen. Each takes what Hypothesis draws; what is refused changes nothing."""

    def __init__(self, cast: Cast, draw: Callable[[st.SearchStrategy], object]) -> None:
        self.cast, self.draw, self.today = cast, draw, FIRST_DAY

    def one_of(self, rows):
        found = list(rows)
        return self.draw(st.sampled_from(found)) if found else None

    def days_pass(self) -> None:
        self.today += dt.timedelta(days=self.draw(st.integers(1, 120)))

    def a_record_is_started(self) -> None:
        held = self.one_of(
            Assignment.objects.on(self.today).exclude(supervisor=None).order_by("pk")
        )
        if held:
            cycle = self.one_of(AppraisalCycle.objects.order_by("pk"))
            start_record(held.employee, cycle=cycle, by=held.supervisor)

    def a_document_comes(self) -> None:
        record = self.one_of(Appraisal.objects.order_by("pk"))
        kind = self.draw(st.sampled_from([Kind.PROGRESS_REVIEW, Kind.ANNUAL_APPRAISAL]))
        held = record.documents.filter(kind=kind).count() if record else 0
        if record is None or (held and kind == Kind.ANNUAL_APPRAISAL):
            return
        Document.objects.create(
            appraisal=record,
            kind=kind,
            number=held + 1,
            policy=self.cast.policy,
            state_since=clock.now(),
            opened_at=clock.now(),
        )

    def a_document_stands_elsewhere(self) -> None:
        document = self.one_of(Document.objects.order_by("pk"))
        if document is None:
            return
        state = self.draw(st.sampled_from(list(WALK)))
        rung = list(WALK).index(state)
        document.state, document.state_since = state, clock.now()
        document.approved_on = self.today if rung >= 2 else None
        document.communicated_on = self.today if rung >= 3 else None
        document.communicated_method = "F" if rung >= 3 else ""
        document.acknowledged_on = self.today if rung >= 4 else None
        document.save()

    def all_documents_of_a_kind_go_up(self) -> None:
        kind = self.draw(st.sampled_from(list(Kind)))
        Document.objects.filter(kind=kind, state=State.DRAFT).update(state=State.IN_REVIEW)

    def a_document_is_returned(self) -> None:
        document = self.one_of(Document.objects.order_by("pk"))
        if document:
            AppraisalEvent.objects.create(
                appraisal=document.appraisal,
                document=document,
                name="return_for_change",
                by=self.cast.higher_level_reviewer,
                at=clock.now(),
                details={"about": self.draw(st.sampled_from(ReturnReason.values))},
            )

    def a_rating_is_issued(self) -> None:
        record = self.one_of(Appraisal.objects.filter(rating_of_record=None).order_by("pk"))
        if record:
            RatingOfRecord.objects.create(
                appraisal=record,
                level=self.draw(st.sampled_from([1, 3, 5])),
                rated_sum=5,
                rated_count=1,
                effective_on=self.today,
                issued_at=clock.now(),
                issued_by=self.cast.rating_official,
            )

    def a_record_moves(self) -> None:
        record = self.one_of(Appraisal.objects.order_by("pk"))
        if record:
            record.organization = self.one_of(self.cast.places.values())
            record.save(update_fields=["organization"])

    def somebody_works_elsewhere(self) -> None:
        held = self.one_of(Assignment.objects.filter(ends_on=None).order_by("pk"))
        ahead = self.draw(st.integers(0, 200))
        if held:
            assign(
                held.employee,
                supervisor=held.supervisor,
                organization=self.one_of(self.cast.places.values()),
                position=held.position,
                starts_on=self.today + dt.timedelta(days=ahead),
                by=None,
            )

    def somebody_answers_to_another(self) -> None:
        held = self.one_of(Assignment.objects.filter(ends_on=None).order_by("pk"))
        if held:
            boss = self.one_of(self.cast.people.values())
            change_supervisor(held.employee, supervisor=boss, starts_on=self.today, by=None)

    def somebody_leaves(self) -> None:
        held = self.one_of(Assignment.objects.filter(ends_on=None).order_by("pk"))
        if held:
            last = self.today + dt.timedelta(days=self.draw(st.integers(0, 60)))
            separate(held.employee, on=last, by=None)

    def a_unit_moves(self) -> None:
        places = list(Organization.objects.exclude(parent=None).order_by("pk"))
        move_organization(self.one_of(places), parent=self.one_of(places), by=None)

    def a_unit_opens_a_cycle(self) -> None:
        place = self.one_of(self.cast.places.values())
        starts_on = self.today + dt.timedelta(days=self.draw(st.integers(-200, 200)))
        AppraisalCycle.objects.get_or_create(
            organization=place,
            starts_on=starts_on,
            defaults={
                "name": f"{place.code} {starts_on}",
                "ends_on": starts_on + dt.timedelta(days=self.draw(st.integers(30, 400))),
                "effective_on": starts_on + dt.timedelta(days=500),
                "opened_at": clock.now(),
            },
        )

    def the_sweep_comes(self) -> None:
        rollups.fold()


HAPPENINGS = [name for name, each in vars(World).items() if name.startswith(("a", "s", "d", "t"))]


def expected(place: Organization, cycle: AppraisalCycle) -> Counter[tuple[int | None, str]]:
    """Counted one by one, each for the unit just below that it belongs to."""
    found: Counter[tuple[int | None, str]] = Counter()
    standings = RecordStanding.objects.filter(
        cycle=cycle, organization__path__startswith=place.path
    )
    for standing in standings.select_related("organization"):
        rest = standing.organization.path[len(place.path) :].split("/")[0]
        for measure in [standing.shape, *standing.also]:
            found[int(rest) if rest else None, measure] += 1
    return found


def assert_all_is_counted() -> None:
    assert rollups.check() == []
    for cycle in AppraisalCycle.objects.all():
        for place in Organization.objects.all():
            rows = kept_counts(place, [cycle], *ABOUT)
            assert {(row.unit, row.measure): row.people for row in rows} == expected(place, cycle)
            whole: Counter[str] = Counter()
            for (_, measure), people in expected(place, cycle).items():
                whole[measure] += people
            rows = kept_counts(place, [cycle], *ABOUT, by_unit=False)
            assert {row.measure: row.people for row in rows} == whole


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_kept_counts_follow_whatever_happens(cast: Cast, data: st.DataObject) -> None:
    with transaction.atomic():
        world = World(cast, data.draw)
        for _ in range(4):
            for name in data.draw(st.lists(st.sampled_from(HAPPENINGS), min_size=1, max_size=12)):
                with clock.frozen(world.today):
                    try:
                        with transaction.atomic():
                            getattr(world, name)()
                    except (Refused, PermissionDenied):
                        pass
            assert_all_is_counted()
        transaction.set_rollback(True)


def test_a_fold_moves_every_difference_and_changes_no_answer(cast: Cast) -> None:
    start_record(cast.employee, cycle=cast.cycle, by=cast.rating_official)
    before = sorted(kept_counts(cast.places["DOD"], [cast.cycle], *ABOUT))
    assert CountDifference.objects.exists()
    assert rollups.fold() > 0
    assert not CountDifference.objects.exists()
    assert KeptCount.objects.exists()
    assert sorted(kept_counts(cast.places["DOD"], [cast.cycle], *ABOUT)) == before


def test_check_counts_names_what_is_wrong_and_repairs_it(cast: Cast) -> None:
    rollups.fold()
    army, out = cast.places["ARMY"], StringIO()
    KeptCount.objects.filter(organization=army).update(people=99)
    RecordStanding.objects.filter(employee=cast.employee).update(shape="at:5:5:5:0:1:yes:1:::")
    with pytest.raises(SystemExit):
        call_command("check_counts", repair=True, stdout=out)
    said = out.getvalue()
    assert f"{cast.employee.dod_id} in {cast.cycle.name}: kept at:5:5:5" in said
    assert "below ARMY in FY 2027: kept 99, counted " in said
    again = StringIO()
    call_command("check_counts", stdout=again)
    assert again.getvalue() == "Every kept count is what a full count says.\n"


@given(
    ends_on=st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)),
    days=st.integers(0, 400),
    both_ends=st.booleans(),
)
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_database_knows_the_last_rateable_day_as_the_rules_do_r1_5_r1_6(
    db: None, ends_on: dt.date, days: int, both_ends: bool
) -> None:
    policy = rules.Policy(minimum_period_days=days, count_both_ends=both_ends)
    statement = (
        "SELECT appraisals_last_rateable_approval(%s, jsonb_build_object("
        "'minimum_period_days', %s::int, 'count_both_ends', %s::boolean)),"
        " appraisals_last_rateable_approval(%s, '{}')"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [ends_on, days, both_ends, ends_on])
        given_policy, usual = cursor.fetchone()
    assert given_policy == rules.last_rateable_approval(ends_on, policy)
    assert usual == rules.last_rateable_approval(ends_on, rules.Policy())
