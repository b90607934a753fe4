"""A reorganization decided for a day ahead: until then, on the day, days late, and taken back."""

import datetime as dt
import uuid
from contextlib import suppress

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisals.models import Appraisal
from appraisals.services.reorganizing import apply_due, decide, rehearse, undo
from orgchart import clock, services
from orgchart.errors import Refused
from orgchart.models import Assignment, OrgEvent, Person, Reorganization
from tests.appraisals.reorganizing import AHEAD, TODAY, hr_of_all, snapshot, unit, wanted
from tests.cast import Cast, make_cast, make_record
from tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def today():
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def hr(cast: Cast) -> Person:
    return hr_of_all(cast)


def test_ahead_nothing_changes_until_the_day(cast, hr):
    make_record(cast)
    before = snapshot()
    row = decide(wanted(cast, "merge", target=unit("WORKS"), effective_on=AHEAD), by=hr)
    assert (row.state, snapshot()) == ("planned", before)
    with clock.frozen(AHEAD - dt.timedelta(days=1)):
        assert apply_due() == 0
    with clock.frozen(AHEAD):
        assert apply_due() == 1
        assert apply_due() == 0
    row.refresh_from_db()
    assert (row.state, row.settled_by) == ("applied", None)
    assert unit("FIRE").closed_on == AHEAD
    assert Assignment.objects.on(AHEAD).get(employee=cast.employee).organization == unit("WORKS")
    assert Appraisal.objects.get().organization == unit("WORKS")


def test_a_missed_day_is_made_up_for_with_the_day_that_was_decided(cast, hr):
    decide(wanted(cast, "merge", target=unit("WORKS"), effective_on=AHEAD), by=hr)
    with clock.frozen(AHEAD + dt.timedelta(days=12)):
        apply_due()
    assert unit("FIRE").closed_on == AHEAD
    assert Assignment.objects.on(AHEAD).get(employee=cast.employee).organization == unit("WORKS")


def test_what_has_become_impossible_fails_with_its_sentence_and_the_rest_goes_on(cast, hr):
    decide(wanted(cast, "move", target=unit("WORKS"), effective_on=AHEAD), by=hr)
    decide(wanted(cast, "rename", "CMD", name="Renamed", effective_on=AHEAD), by=hr)
    decide(wanted(cast, "move", target=unit("WORKS")), by=hr)
    with clock.frozen(AHEAD):
        assert apply_due() == 2
    first, second, _ = Reorganization.objects.order_by("pk")
    assert first.state == "failed"
    assert "lies right under" in first.outcome
    assert OrgEvent.objects.get(what="reorganization_failed").detail["outcome"] == first.outcome
    assert second.state == "applied"


def test_undone_while_it_lies_ahead(cast, hr):
    before = snapshot()
    row = decide(wanted(cast, "merge", target=unit("WORKS"), effective_on=AHEAD), by=hr)
    undo(row, by=hr)
    with clock.frozen(AHEAD):
        assert apply_due() == 0
    assert snapshot() == before
    with pytest.raises(Refused, match="no longer ahead: taken back"):
        undo(row, by=hr)
    steps = OrgEvent.objects.filter(what__startswith="reorganization_").order_by("pk")
    assert list(steps.values_list("what", flat=True)) == [
        "reorganization_planned",
        "reorganization_undone",
    ]


def test_undone_only_by_who_could_have_decided_it(cast, hr):
    row = decide(wanted(cast, "move", target=unit("YARD"), effective_on=AHEAD), by=hr)
    with pytest.raises(PermissionDenied):
        undo(row, by=cast.hr)


def test_one_planned_after_another_is_judged_by_how_it_will_be_then(cast, hr):
    """The unit can be closed on that day, because its people will have gone the day before."""
    decide(wanted(cast, "merge", target=unit("WORKS"), effective_on=AHEAD), by=hr)
    day = AHEAD + dt.timedelta(days=1)
    with pytest.raises(Refused, match="was closed on 1 March 2027"):
        decide(wanted(cast, "rename", name="Fire", effective_on=day), by=hr)
    decide(wanted(cast, "reopen", effective_on=day), by=hr)
    with clock.frozen(day):
        assert apply_due() == 2
    assert unit("FIRE").closed_on is None


def test_the_role_is_asked_for_on_the_day_of_the_decision_and_the_place_on_the_day_itself(cast, hr):
    """Whose role has ended since has still decided; a unit that left their scope has left it."""
    decide(wanted(cast, "rename", name="Fire", effective_on=AHEAD), by=cast.hr)
    decide(wanted(cast, "rename", "WORKS", name="Works", effective_on=AHEAD), by=cast.hr)
    decide(wanted(cast, "move", "WORKS", target=unit("YARD")), by=hr)
    services.revoke_role(cast.hr.role_grants.get(), on=TODAY, by=None)
    with clock.frozen(AHEAD):
        apply_due()
    assert unit("FIRE").name == "Fire"
    row = Reorganization.objects.get(name="Works")
    assert row.state == "failed"
    assert "does not administer" in row.outcome


def test_whoever_has_left_the_team_by_then_is_left_out_and_named(cast, hr):
    decide(
        wanted(
            cast,
            "supervisor",
            former_supervisor=cast.rating_official,
            person=cast.people["official_elsewhere"],
            people=[cast.employee, cast.colleague],
            effective_on=AHEAD,
        ),
        by=hr,
    )
    services.separate(cast.colleague, on=TODAY, by=None)
    with clock.frozen(AHEAD):
        apply_due()
    row = Reorganization.objects.get()
    assert row.state == "applied"
    assert f"{cast.colleague.full_name} no longer answers" in row.outcome


def test_sent_twice_it_counts_once(cast, hr):
    key = uuid.uuid4()
    for _ in range(2):
        decide(wanted(cast, "rename", name="Fire", request_key=key), by=hr)
    assert Reorganization.objects.count() == 1


def test_the_preview_is_what_happens(cast, hr):
    make_record(cast)
    OrganizationFactory(code="FIRE-1", parent=cast.places["FIRE"])
    before = snapshot()
    asked = wanted(cast, "merge", target=unit("WORKS"), effective_on=AHEAD)
    seen = rehearse(asked, by=hr)
    assert snapshot() == before
    assert not Reorganization.objects.exists()
    assert (seen.effect.people, seen.effect.units, len(seen.record_ids)) == (5, 1, 1)
    decide(asked, by=hr)
    with clock.frozen(AHEAD):
        apply_due()
    assert Reorganization.objects.get().outcome == "\n".join(seen.sentences)


def test_the_preview_says_when_another_policy_will_hold(cast, hr):
    cast.policy.pk = None
    cast.policy.organization, cast.policy.name = cast.places["YARD"], "Navy supplement"
    cast.policy.save()
    seen = rehearse(wanted(cast, "move", target=unit("YARD")), by=hr)
    assert any("Navy supplement" in each for each in seen.sentences)


KINDS_AHEAD = {
    "move": {"target": "WORKS"},
    "merge": {"target": "WORKS"},
    "rename": {"name": "Another name"},
    "head": {"person": "rating_official"},
    "supervisor": {"former_supervisor": "rating_official", "person": "leader", "whole_team": True},
}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plans=st.lists(st.sampled_from(sorted(KINDS_AHEAD)), max_size=5), data=st.data())
def test_planned_and_undone_in_any_order_nothing_has_happened(plans, data):
    with transaction.atomic():
        cast = make_cast()
        make_record(cast)
        before = snapshot()
        rows = []
        for number, kind in enumerate(plans, start=1):
            fields = {
                key: unit(value) if key == "target" else cast.people.get(value, value)
                for key, value in KINDS_AHEAD[kind].items()
            }
            day = AHEAD + dt.timedelta(days=number)
            with suppress(Refused):
                rows.append(decide(wanted(cast, kind, effective_on=day, **fields), by=cast.hr))
        for row in data.draw(st.permutations(rows)):
            undo(row, by=cast.hr)
        with clock.frozen(AHEAD + dt.timedelta(days=30)):
            assert apply_due() == 0
        assert snapshot() == before
        transaction.set_rollback(True)
