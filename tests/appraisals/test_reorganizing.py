"""What a reorganization does to units, people and open records, today and on a day ahead."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from appraisals.models import Appraisal, AppraisalCycle, Kind, State
from appraisals.services.reorganizing import decide, rehearse
from orgchart import clock, services
from orgchart.errors import Refused
from orgchart.models import Assignment, Organization, OrgEvent, Person, Reorganization
from tests.appraisals.reorganizing import AHEAD, TODAY, hr_of_all, snapshot, unit, wanted
from tests.cast import PRACTICE_DAY, Cast, make_cast, make_document, make_record
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


def test_a_unit_moves_with_all_below_and_its_records_stay_as_they_are(cast, hr):
    record = make_record(cast)
    below = OrganizationFactory(code="FIRE-1", parent=cast.places["FIRE"])
    row = decide(wanted(cast, "move", target=unit("YARD")), by=hr)
    assert row.state == "applied"
    below.refresh_from_db()
    assert unit("YARD").contains(below)
    record.refresh_from_db()
    assert record.organization == unit("FIRE")
    assert "1 open appraisal stays as it is" in row.outcome
    event = OrgEvent.objects.get(what="organization_moved")
    assert event.detail == {
        "was": cast.places["CMD"].pk,
        "parent": cast.places["YARD"].pk,
        "reorganization": row.pk,
    }


def test_leaders_of_the_new_place_see_a_moved_unit_and_those_of_the_old_one_do_not(cast, hr):
    make_record(cast)
    decide(wanted(cast, "move", target=unit("YARD")), by=hr)
    inside = Appraisal.objects.filter(organization__path__startswith=unit("YARD").path)
    assert inside.count() == 1
    assert not Appraisal.objects.filter(organization__path__startswith=unit("CMD").path).exists()


def test_a_renamed_unit_keeps_its_code_and_the_event_its_old_name(cast, hr):
    decide(wanted(cast, "rename", name="Fire and Rescue"), by=hr)
    assert unit("FIRE").name == "Fire and Rescue"
    assert OrgEvent.objects.get(what="organization_renamed").detail["was"] == (
        cast.places["FIRE"].name
    )


def test_a_merger_takes_people_units_and_open_records_along(cast, hr):
    record = make_record(cast)
    below = OrganizationFactory(code="FIRE-1", parent=cast.places["FIRE"])
    people = set(
        Assignment.objects.on(TODAY).filter(organization=unit("FIRE")).values_list("employee")
    )
    row = decide(wanted(cast, "merge", target=unit("WORKS")), by=hr)
    here = Assignment.objects.on(TODAY).filter(organization=unit("WORKS")).values_list("employee")
    assert people < set(here)
    below.refresh_from_db()
    assert below.parent == unit("WORKS")
    closed = unit("FIRE")
    assert (closed.closed_on, closed.head) == (TODAY, None)
    assert closed not in Organization.objects.open_on(TODAY)
    assert closed in Organization.objects.open_on(TODAY - dt.timedelta(days=1))
    record.refresh_from_db()
    assert record.organization == unit("WORKS")
    assert record.rating_official == cast.rating_official
    event = record.events.get(name="change_organization")
    assert event.by == hr
    assert event.details == {
        "organization": [closed.name, unit("WORKS").name],
        "reorganization": row.pk,
    }


def test_who_worked_where_before_the_merger_is_still_known(cast, hr):
    decide(wanted(cast, "merge", target=unit("WORKS")), by=hr)
    days = dict(
        Assignment.objects.filter(employee=cast.employee, starts_on__gte=dt.date(2026, 6, 1))
        .order_by("starts_on")
        .values_list("organization__code", "ends_on")
    )
    assert days == {"FIRE": TODAY - dt.timedelta(days=1), "WORKS": None}


def test_a_merger_carries_what_is_written_ahead_for_the_same_unit(cast, hr):
    """Somebody who leaves for another unit next week is carried until then; who arrives, whole."""
    leaves, arrives = TODAY + dt.timedelta(days=7), TODAY + dt.timedelta(days=9)
    held = Assignment.objects.get(employee=cast.colleague)
    services.assign(
        cast.colleague,
        supervisor=cast.rating_official,
        organization=unit("CMD"),
        position=held.position,
        starts_on=leaves,
        by=None,
    )
    services.assign(
        cast.people["official_elsewhere"],
        supervisor=cast.higher_level_reviewer,
        organization=unit("FIRE"),
        position=held.position,
        starts_on=arrives,
        by=None,
    )
    decide(wanted(cast, "merge", target=unit("WORKS")), by=hr)
    ways = Assignment.objects.filter(employee=cast.colleague).order_by("starts_on")
    assert list(ways.values_list("organization__code", "starts_on", "ends_on"))[1:] == [
        ("WORKS", TODAY, leaves - dt.timedelta(days=1)),
        ("CMD", leaves, None),
    ]
    arrived = Assignment.objects.get(employee=cast.people["official_elsewhere"], ends_on=None)
    assert (arrived.organization.code, arrived.starts_on) == ("WORKS", arrives)


def test_a_finished_record_stays_with_the_closed_unit(cast, hr):
    with clock.frozen(PRACTICE_DAY):
        record = make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED).appraisal
        decide(wanted(cast, "merge", target=unit("WORKS"), effective_on=PRACTICE_DAY), by=hr)
    record.refresh_from_db()
    assert record.organization == unit("FIRE")


def test_the_head_of_a_merged_unit_may_head_the_other(cast, hr):
    head = cast.higher_level_reviewer
    decide(wanted(cast, "merge", target=unit("WORKS"), person=head), by=hr)
    assert unit("WORKS").head == head
    assert OrgEvent.objects.get(what="head_appointed").person == head


def test_an_empty_unit_is_closed(cast, hr):
    OrganizationFactory(code="OLD", parent=cast.places["CMD"], head=cast.employee)
    decide(wanted(cast, "close", "OLD"), by=hr)
    assert (unit("OLD").closed_on, unit("OLD").head) == (TODAY, None)
    assert OrgEvent.objects.get(what="organization_closed").detail["head"] == cast.employee.pk
    decide(wanted(cast, "reopen", "OLD"), by=hr)
    assert unit("OLD").closed_on is None


def test_nobody_is_assigned_to_a_closed_unit(cast, hr):
    OrganizationFactory(code="OLD", parent=cast.places["CMD"])
    decide(wanted(cast, "close", "OLD"), by=hr)
    held = Assignment.objects.get(employee=cast.colleague)
    with pytest.raises(Refused, match="is closed"):
        services.assign(
            cast.colleague,
            supervisor=held.supervisor,
            organization=unit("OLD"),
            position=held.position,
            starts_on=TODAY,
            by=None,
        )


def test_a_team_gets_another_supervisor_and_its_records_keep_their_rating_official(cast, hr):
    record = make_record(cast)
    row = decide(
        wanted(
            cast,
            "supervisor",
            former_supervisor=cast.rating_official,
            person=cast.people["former_rating_official"],
            whole_team=True,
        ),
        by=hr,
    )
    for person in (cast.employee, cast.colleague):
        now = Assignment.objects.on(TODAY).get(employee=person)
        assert now.supervisor == cast.people["former_rating_official"]
    record.refresh_from_db()
    assert record.rating_official == cast.rating_official
    assert "1 open appraisal keeps" in row.outcome


def test_records_follow_to_the_new_supervisor_when_hr_says_so(cast, hr):
    record = make_record(cast)
    new = cast.people["official_elsewhere"]
    decide(
        wanted(
            cast,
            "supervisor",
            former_supervisor=cast.rating_official,
            person=new,
            people=[cast.employee],
            officials_follow=True,
        ),
        by=hr,
    )
    record.refresh_from_db()
    assert record.rating_official == new
    assert record.higher_level_reviewer == cast.people["reviewer_elsewhere"]
    assert record.events.get(name="name_officials").reason == "The garrison is reorganized."
    assert Assignment.objects.on(TODAY).get(employee=cast.colleague).supervisor == (
        cast.rating_official
    )


def test_hr_never_names_officials_of_their_own_record(cast):
    """HR of the command, whose supervisor changes, is left out, and told so."""
    own = make_record(replace_employee(cast, cast.hr, cast.people["reviewer_elsewhere"]))
    row = decide(
        wanted(
            cast,
            "supervisor",
            "CMD",
            former_supervisor=cast.people["reviewer_elsewhere"],
            person=cast.people["leader"],
            people=[cast.hr],
            officials_follow=True,
        ),
        by=cast.hr,
    )
    own.refresh_from_db()
    assert own.rating_official == cast.people["reviewer_elsewhere"]
    assert "Your own record keeps its officials" in row.outcome


def replace_employee(cast: Cast, employee: Person, official: Person) -> Cast:
    return replace(cast, people=cast.people | {"employee": employee, "rating_official": official})


REFUSALS = {
    "into itself": ("move", "CMD", {"target": "FIRE"}, "cannot lie inside itself"),
    "where it is": ("move", "FIRE", {"target": "CMD"}, "lies right under"),
    "the top": ("move", "DOD", {"target": "ARMY"}, "is the top of the organization"),
    "closing the top": ("close", "DOD", {}, "is the top of the organization"),
    "same name": ("rename", "FIRE", {"name": "FIRE name"}, "is called"),
    "into what lies inside": ("merge", "CMD", {"target": "FIRE"}, "lies inside"),
    "closed with people": ("close", "FIRE", {}, "still holds 5 people on 1 February 2027"),
    "closed with units": ("close", "CMD", {}, "2 units"),
    "open already": ("reopen", "FIRE", {}, "is open already"),
    "no head": ("head", "WORKS-1", {}, "has no head"),
    "yesterday": ("rename", "FIRE", {"name": "X", "effective_on": dt.date(2027, 1, 31)}, "ahead"),
}


@pytest.mark.parametrize(("kind", "code", "fields", "sentence"), REFUSALS.values(), ids=REFUSALS)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_changes(
    cast, hr, kind, code, fields, sentence
):
    OrganizationFactory(code="WORKS-1", parent=cast.places["WORKS"])
    Organization.objects.filter(code="FIRE").update(name="FIRE name")
    before = snapshot()
    fields = {key: unit(value) if key == "target" else value for key, value in fields.items()}
    for act in (decide, rehearse):
        with pytest.raises(Refused, match=sentence):
            act(wanted(cast, kind, code, **fields), by=hr)
    assert snapshot() == before
    assert not Reorganization.objects.exists()


def test_nobody_is_put_under_somebody_below_them(cast, hr):
    with pytest.raises(Refused, match="in their own chain of command"):
        decide(
            wanted(
                cast,
                "supervisor",
                former_supervisor=cast.people["leader"],
                person=cast.rating_official,
                people=[cast.higher_level_reviewer],
            ),
            by=hr,
        )


def test_a_new_supervisor_or_head_must_work_here_on_that_day(cast, hr):
    gone = cast.people["official_elsewhere"]
    services.separate(gone, on=TODAY, by=None)
    for fields in (
        {"kind": "head"},
        {"kind": "supervisor", "former_supervisor": cast.rating_official, "whole_team": True},
    ):
        with pytest.raises(Refused, match="does not work here on 1 March 2027"):
            decide(wanted(cast, person=gone, effective_on=AHEAD, **fields), by=hr)


def test_nothing_goes_into_a_closed_unit_and_it_is_only_reopened(cast, hr):
    OrganizationFactory(code="OLD", parent=cast.places["CMD"])
    decide(wanted(cast, "close", "OLD"), by=hr)
    for kind in ("merge", "move"):
        with pytest.raises(Refused, match="is closed since 1 February 2027"):
            decide(wanted(cast, kind, target=unit("OLD")), by=hr)
    with pytest.raises(Refused, match="was closed on 1 February 2027"):
        decide(wanted(cast, "rename", "OLD", name="New"), by=hr)


def test_a_unit_with_open_records_is_not_closed(cast, hr):
    record = make_record(cast)
    OrganizationFactory(code="OLD", parent=cast.places["CMD"])
    Appraisal.objects.filter(pk=record.pk).update(organization=unit("OLD"))
    with pytest.raises(Refused, match="still has 1 open appraisal"):
        decide(wanted(cast, "close", "OLD"), by=hr)


def test_open_records_do_not_leave_their_cycle(cast, hr):
    """R1.12: the army's own cycle does not hold in the navy."""
    make_record(cast)
    AppraisalCycle.objects.update(organization=cast.places["ARMY"])
    for kind in ("move", "merge"):
        with pytest.raises(
            Refused, match=r"1 open appraisal would be left behind.* from 1 June 2027 on"
        ):
            decide(wanted(cast, kind, target=unit("YARD")), by=hr)


def test_whoever_decides_administers_where_the_unit_lies_and_where_it_goes(cast):
    """HR of the command moves units inside it, not the command itself, and nothing out of it."""
    for kind, code, target in (
        ("move", "FIRE", "YARD"),
        ("merge", "FIRE", "YARD"),
        ("move", "CMD", "FIRE"),
        ("close", "CMD", None),
    ):
        fields = {"target": unit(target)} if target else {}
        with pytest.raises(PermissionDenied):
            decide(wanted(cast, kind, code, **fields), by=cast.hr)
    decide(wanted(cast, "move", "FIRE", target=unit("WORKS")), by=cast.hr)
    decide(wanted(cast, "rename", "CMD", name="Garrison Command"), by=cast.hr)


def test_people_who_answer_to_nobody_get_a_supervisor(cast, hr):
    navy = cast.people["navy_chief"]
    Assignment.objects.filter(employee=navy).update(supervisor=None)
    decide(
        wanted(cast, "supervisor", "NAVY", person=cast.people["secretary"], whole_team=True),
        by=hr,
    )
    assert Assignment.objects.on(TODAY).get(employee=navy).supervisor == cast.people["secretary"]


@pytest.mark.parametrize("follow", [True, False])
def test_reviews_of_a_moved_supervisor_go_along_when_hr_says_so(cast, hr, follow):
    """The rating official moves under somebody else, who then reviews what they rate."""
    record = make_record(cast)
    new = cast.people["reviewer_elsewhere"]
    row = decide(
        wanted(
            cast,
            "supervisor",
            former_supervisor=cast.higher_level_reviewer,
            person=new,
            people=[cast.rating_official],
            officials_follow=follow,
        ),
        by=hr,
    )
    record.refresh_from_db()
    assert record.rating_official == cast.rating_official
    assert record.higher_level_reviewer == (new if follow else cast.higher_level_reviewer)
    assert "of the people they rate" in row.outcome
