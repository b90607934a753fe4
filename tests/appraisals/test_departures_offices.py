"""What goes with somebody who leaves beside records: units they head, delegations, the calendar (R8.4, R1.12)."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from appraisals import rollups
from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    Delegation,
    Departure,
    DepartureState,
    Kind,
)
from appraisals.services.delegating import delegate
from appraisals.services.departures import rehearse
from orgchart import clock
from orgchart.models import Organization, OrgEvent, Person, RoleGrant
from tests.appraisals.leaving import (
    DAY_AFTER,
    TODAY,
    decided,
    leaving,
    make_planned,
    make_team,
    run_on,
)
from tests.appraisals.views.opening import text_of
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def head_of(code: str) -> Person | None:
    return Organization.objects.get(code=code).head


def the_head_goes(cast: Cast, **fields: object) -> Departure:
    """Henry Reviewer, who heads the Fire Division; Dana Official takes over."""
    given = {"person": cast.higher_level_reviewer, "successor": cast.rating_official}
    return decided(cast, **given | fields)


def drafts(cast: Cast, principal: str, to: str) -> Delegation:
    with clock.frozen(TODAY):
        return delegate(
            cast.people[principal],
            to=cast.people[to],
            starts_on=TODAY,
            ends_on=TODAY + dt.timedelta(days=60),
            reason="Much to write.",
            by=cast.hr,
        )


# Units


def test_whoever_takes_over_heads_the_unit_from_the_day_after_on(cast: Cast) -> None:
    departure = the_head_goes(cast)
    assert head_of("FIRE") == cast.higher_level_reviewer
    run_on(DAY_AFTER)
    departure.refresh_from_db()
    assert departure.state == DepartureState.DONE
    assert head_of("FIRE") == cast.rating_official
    said = "Dana Official heads Fire Division from 1 December 2026 on."
    assert said in departure.outcome
    event = OrgEvent.objects.get(what="head_appointed")
    assert (event.person, event.detail["departure"]) == (cast.rating_official, departure.pk)


def test_the_preview_says_so_and_changes_nothing(cast: Cast) -> None:
    with clock.frozen(TODAY):
        wanted = leaving(cast, person=cast.higher_level_reviewer, successor=cast.rating_official)
        found = rehearse(wanted, by=cast.hr)
    assert "Dana Official heads Fire Division from 1 December 2026 on." in found.notes
    assert head_of("FIRE") == cast.higher_level_reviewer


def test_a_unit_comes_back_with_whoever_was_away(cast: Cast) -> None:
    make_team(cast, 1)
    back = dt.date(2027, 2, 1)
    the_head_goes(cast, kind="detail", arrangement="temporary", back_on=back)
    run_on(DAY_AFTER)
    assert head_of("FIRE") == cast.rating_official
    run_on(back)
    assert head_of("FIRE") == cast.higher_level_reviewer


def test_a_unit_stays_with_whoever_only_changes_supervisors_or_hands_over(cast: Cast) -> None:
    the_head_goes(
        cast,
        kind="moves",
        gaining_supervisor=cast.former_rating_official,
        gaining_organization=cast.places["FIRE"],
    )
    run_on(DAY_AFTER)
    assert head_of("FIRE") == cast.higher_level_reviewer


def test_a_unit_headed_for_a_time_goes_to_the_successor_that_is_named_at_last(cast: Cast) -> None:
    make_team(cast, 1)
    the_head_goes(cast, arrangement="vacant", successor=None)
    run_on(DAY_AFTER)
    assert head_of("FIRE") == cast.leader
    handed_over = decided(
        cast,
        on=DAY_AFTER,
        person=cast.leader,
        kind="hands_over",
        successor=cast.former_rating_official,
        last_day=DAY_AFTER,
    )
    run_on(DAY_AFTER + dt.timedelta(days=1))
    handed_over.refresh_from_db()
    assert head_of("FIRE") == cast.former_rating_official
    assert head_of("CMD") == cast.leader


def test_without_a_say_in_the_chart_somebody_is_asked_to_appoint_another_head(cast: Cast) -> None:
    departure = the_head_goes(cast, changes_chart=False)
    run_on(DAY_AFTER)
    departure.refresh_from_db()
    assert "Henry Reviewer heads Fire Division: appoint another head there." in departure.outcome
    assert head_of("FIRE") == cast.higher_level_reviewer


def test_a_unit_of_another_command_is_left_to_its_own_hr(cast: Cast) -> None:
    Organization.objects.filter(code="YARD").update(head=cast.higher_level_reviewer)
    the_head_goes(cast)
    run_on(DAY_AFTER)
    assert head_of("FIRE") == cast.rating_official
    assert head_of("YARD") == cast.higher_level_reviewer


def test_nobody_heads_a_unit_whose_head_is_gone_and_rated_nobody(cast: Cast) -> None:
    Organization.objects.filter(code="FIRE").update(head=cast.colleague)
    departure = decided(cast, person=cast.colleague, successor=None)
    run_on(DAY_AFTER)
    departure.refresh_from_db()
    assert head_of("FIRE") is None
    assert "Nobody heads Fire Division from 1 December 2026 on" in departure.outcome


# Delegations


def test_delegations_given_and_held_end_and_both_sides_hear_it(cast: Cast) -> None:
    given = drafts(cast, "rating_official", "colleague")
    held = drafts(cast, "former_rating_official", "rating_official")
    other = drafts(cast, "former_rating_official", "colleague")
    departure = decided(cast)
    assert not Delegation.objects.filter(ended_at__isnull=False).exists()
    run_on(DAY_AFTER)
    departure.refresh_from_db()
    assert "Carl Colleague no longer drafts for Dana Official" in departure.outcome
    assert "Dana Official no longer drafts for Fern Former" in departure.outcome
    for each in (given, held, other):
        each.refresh_from_db()
    assert given.ended_by == held.ended_by == cast.hr
    assert given.end_reason == "Dana Official: leaves the service."
    assert other.ended_at is None
    assert cast.colleague.notices.filter(kind="delegation").count() == 3


def test_a_delegation_that_is_over_by_then_is_not_spoken_of(cast: Cast) -> None:
    made = drafts(cast, "rating_official", "colleague")
    departure = decided(cast, last_day=TODAY + dt.timedelta(days=90))
    run_on(TODAY + dt.timedelta(days=91))
    departure.refresh_from_db()
    made.refresh_from_db()
    assert "drafts for" not in departure.outcome
    assert made.ended_at is None


def test_the_pack_says_what_changed_beside_the_records(cast: Cast) -> None:
    make_team(cast, 1)
    drafts(cast, "rating_official", "colleague")
    departure = decided(cast)
    run_on(DAY_AFTER)
    client = Client()
    client.force_login(cast.former_rating_official)
    with clock.frozen(DAY_AFTER):
        page = text_of(client.get(reverse("departure_pack", args=[departure.pk])))
    assert "Carl Colleague no longer drafts for Dana Official from 1 December 2026 on." in page


# Roles


def audits(cast: Cast, code: str) -> RoleGrant:
    """Carl Colleague, beside his own work."""
    return RoleGrant.objects.create(
        person=cast.colleague,
        role=RoleGrant.Role.AUDITOR,
        organization=cast.places[code],
        starts_on=dt.date(2025, 1, 1),
    )


def test_a_role_ends_with_whoever_leaves(cast: Cast) -> None:
    role = audits(cast, "CMD")
    departure = decided(cast, person=cast.colleague, successor=None)
    role.refresh_from_db()
    assert role.ends_on is None
    run_on(DAY_AFTER)
    role.refresh_from_db()
    departure.refresh_from_db()
    assert role.ends_on == departure.last_day
    said = "Carl Colleague is no longer Auditor of Installation Command from 1 December 2026 on."
    assert said in departure.outcome
    assert OrgEvent.objects.filter(what="role_revoked", person=cast.colleague).count() == 1


@pytest.mark.parametrize(("code", "is_kept"), [("CMD", True), ("FIRE", False)])
def test_whoever_moves_keeps_the_roles_of_what_the_new_place_lies_in(
    cast: Cast, code: str, is_kept: bool
) -> None:
    role = audits(cast, code)
    decided(
        cast,
        person=cast.colleague,
        kind="moves",
        successor=None,
        gaining_supervisor=cast.official_elsewhere,
        gaining_organization=cast.places["WORKS"],
    )
    run_on(DAY_AFTER)
    role.refresh_from_db()
    assert (role.ends_on is None) == is_kept


# The calendar


@pytest.fixture
def school(cast: Cast) -> AppraisalCycle:
    return AppraisalCycle.objects.create(
        name="SY 2027",
        organization=cast.places["WORKS"],
        starts_on=dt.date(2026, 5, 1),
        ends_on=dt.date(2027, 4, 30),
        effective_on=dt.date(2027, 7, 1),
        opened_by=cast.hr,
        opened_at=clock.now(),
    )


def moves(cast: Cast, **fields: object) -> Departure:
    """Carl Colleague, to the Works Division."""
    given = {
        "person": cast.colleague,
        "kind": "moves",
        "successor": None,
        "gaining_supervisor": cast.official_elsewhere,
    }
    return decided(cast, **given | fields)


def test_a_record_follows_the_calendar_of_the_place_its_employee_moves_to_r1_12(
    cast: Cast, school: AppraisalCycle
) -> None:
    record = make_planned(cast, cast.colleague)
    departure = moves(cast)
    assert departure.records.get().owed == Kind.NARRATIVE_STATEMENT
    run_on(DAY_AFTER)
    record = Appraisal.objects.get(pk=record.pk)
    departure.refresh_from_db()
    assert (record.cycle, record.organization) == (school, cast.places["WORKS"])
    assert record.rating_official == cast.official_elsewhere
    assert record.period_ends_on == dt.date(2027, 4, 30)
    assert (
        "FY 2027 does not hold in the new place: the record follows SY 2027 there, and its period "
        "ends on 30 April 2027." in departure.outcome
    )
    names = set(record.events.values_list("name", flat=True))
    assert {"change_cycle", "change_organization", "name_officials"} <= names
    assert rollups.check() == []


def test_a_supervisor_decides_that_move_as_well(cast: Cast, school: AppraisalCycle) -> None:
    record = make_planned(cast, cast.colleague)
    moves(cast, by=cast.rating_official, changes_chart=False)
    run_on(DAY_AFTER)
    assert Appraisal.objects.get(pk=record.pk).cycle == school


def add_record_there(record: Appraisal, cycle: AppraisalCycle) -> None:
    """So that this one cannot follow: the employee has one in that cycle already."""
    twin = Appraisal.objects.get(pk=record.pk)
    twin.pk, twin.cycle = None, cycle
    twin.save()


def test_a_record_that_cannot_follow_stays_and_the_reason_is_said(
    cast: Cast, school: AppraisalCycle
) -> None:
    record = make_planned(cast, cast.colleague)
    add_record_there(record, school)
    departure = moves(cast)
    run_on(DAY_AFTER)
    departure.refresh_from_db()
    record = Appraisal.objects.get(pk=record.pk)
    assert (record.cycle, record.rating_official) == (cast.cycle, cast.rating_official)
    assert "Carl Colleague has a record in SY 2027 already." in departure.outcome


def test_on_a_detail_the_calendar_of_home_goes_on(cast: Cast, school: AppraisalCycle) -> None:
    record = make_planned(cast, cast.colleague)
    departure = moves(cast, kind="detail", back_on=dt.date(2027, 2, 1))
    run_on(DAY_AFTER)
    departure.refresh_from_db()
    record = Appraisal.objects.get(pk=record.pk)
    assert (record.cycle, record.rating_official) == (cast.cycle, cast.rating_official)
    assert "this record stays with Dana Official" in departure.outcome


def test_a_record_that_stays_behind_on_a_detail_owes_nothing_and_nothing_comes_back(
    cast: Cast, school: AppraisalCycle
) -> None:
    """The rating official stays, so no part of the year ends (R9.1)."""
    record = make_planned(cast, cast.colleague)
    departure = moves(cast, kind="detail", back_on=dt.date(2027, 2, 1))
    row = departure.records.get()
    assert (row.owed, row.why) == ("", "The rating official stays: nothing is owed.")
    run_on(DAY_AFTER)
    assert [each.kind for each in record.documents.all()] == [Kind.PERFORMANCE_PLAN]
    assert not departure.followed_by.exists()


def test_on_a_detail_in_the_same_calendar_the_record_goes_along_and_comes_back(
    cast: Cast,
) -> None:
    make_planned(cast, cast.colleague)
    departure = moves(cast, kind="detail", back_on=dt.date(2027, 2, 1))
    assert departure.records.get().owed == Kind.NARRATIVE_STATEMENT
    run_on(DAY_AFTER)
    assert departure.followed_by.get().person == cast.official_elsewhere


def test_what_is_left_of_the_cycle_is_counted_in_the_one_that_is_followed_r9_1_r1_12(
    cast: Cast, school: AppraisalCycle
) -> None:
    """75 days to 31 March, 105 to 30 April: the new rating official rates, and gets a statement."""
    make_planned(cast, cast.colleague)
    last_day = dt.date(2027, 1, 15)
    departure = moves(cast, last_day=last_day, on=dt.date(2027, 1, 4))
    row = departure.records.get()
    assert (row.owed, row.days_left) == (Kind.NARRATIVE_STATEMENT, 105)


def test_a_record_that_cannot_follow_is_rated_where_it_lies_r9_5(
    cast: Cast, school: AppraisalCycle
) -> None:
    record = make_planned(cast, cast.colleague)
    add_record_there(record, school)
    departure = moves(cast, last_day=dt.date(2027, 1, 15), on=dt.date(2027, 1, 4))
    row = departure.records.get(appraisal=record)
    assert (row.owed, row.days_left) == (Kind.ANNUAL_APPRAISAL, 75)
