"""A roster moves somebody and knows nothing of records: the move is settled afterwards (R9)."""

import datetime as dt
import re
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from appraisals import rollups
from appraisals.models import Appraisal, Departure, Document, Kind
from appraisals.permissions import may_decide_departure
from appraisals.services.stranded import ELSEWHERE, LEFT_BEHIND, stranded, take_along
from orgchart import clock
from orgchart.models import Organization, Person
from orgchart.selectors import assignment_of, moved_from
from orgchart.services import assign
from tests.appraisals.leaving import DAY_AFTER, LAST_DAY, make_planned, make_team
from tests.appraisals.views.opening import opened, posted, queries, text_of
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
NOW = dt.date(2026, 12, 7)
LEFT_BEHIND_PAGE = "/hr/stranded/?what=left-behind"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def roster_moves(cast: Cast, person: Person, place: Organization, supervisor: Person) -> None:
    """From 1 December 2026 on, with another position."""
    held = assignment_of(person, on=LAST_DAY)
    assert held is not None
    position = replace(held.position, position_title="Works Planner", position_start_date=DAY_AFTER)
    assign(
        person,
        supervisor=supervisor,
        organization=place,
        position=position,
        starts_on=DAY_AFTER,
        by=cast.hr,
    )


@pytest.fixture
def moved(cast: Cast) -> Appraisal:
    """Carl Colleague works in the Works Division under Otto Otherofficial now."""
    record = make_planned(cast, cast.colleague)
    roster_moves(cast, cast.colleague, cast.places["WORKS"], cast.official_elsewhere)
    return record


@pytest.fixture
def behind(cast: Cast) -> Appraisal:
    """Carl Colleague works in the Works Division, and still under Dana Official."""
    record = make_planned(cast, cast.colleague)
    roster_moves(cast, cast.colleague, cast.places["WORKS"], cast.rating_official)
    return record


def found(finding) -> list[Appraisal]:
    with clock.frozen(NOW):
        return list(stranded(finding, ["/"]))


def settle_address(cast: Cast) -> str:
    page = opened(cast.hr, "/hr/stranded/?what=elsewhere", on=NOW).content.decode()
    address = re.search(r'href="([^"]+\?moved=yes)"', page)
    assert address is not None
    return address[1]


def test_the_assistant_is_filled_in_as_the_roster_moved_them(cast: Cast, moved: Appraisal) -> None:
    assert found(ELSEWHERE) == [moved]
    form = opened(cast.hr, settle_address(cast), on=NOW).context["form"]
    given = {name: form[name].value() for name in ("kind", "last_day", "gaining_supervisor")}
    assert given == {
        "kind": "moves",
        "last_day": LAST_DAY,
        "gaining_supervisor": cast.official_elsewhere.email,
    }
    assert form["changes_chart"].value() is False


def test_a_settled_move_opens_what_is_owed_and_takes_the_record_along_r9(
    cast: Cast, moved: Appraisal
) -> None:
    data = {
        "kind": "moves",
        "last_day": LAST_DAY.isoformat(),
        "gaining_supervisor": cast.official_elsewhere.email,
        "reason": "The roster moved him.",
    }
    address = settle_address(cast)
    preview = text_of(posted(cast.hr, address, data | {"decision": "Show what it means"}, on=NOW))
    assert "1 narrative statement owed" in preview
    posted(cast.hr, address, data | {"decision": "confirm"}, on=NOW)
    departure = Departure.objects.get()
    assert departure.organization == cast.places["FIRE"]
    moved.refresh_from_db()
    assert moved.rating_official == cast.official_elsewhere
    assert moved.organization == cast.places["WORKS"]
    assert moved.position_title == "Works Planner"
    statement = Document.objects.get(kind=Kind.NARRATIVE_STATEMENT)
    assert statement.covers_until == LAST_DAY
    assert found(ELSEWHERE) == found(LEFT_BEHIND) == []
    assert rollups.check() == []


def test_whoever_did_not_move_finds_the_assistant_empty(cast: Cast) -> None:
    make_planned(cast, cast.colleague)
    assert moved_from(cast.colleague, on=NOW) is None
    address = f"/people/{cast.colleague.dod_id}/leaves/?moved=yes"
    form = opened(cast.hr, address, on=NOW).context["form"]
    assert form["kind"].value() is None


def test_another_position_alone_is_no_move(cast: Cast) -> None:
    held = assignment_of(cast.colleague, on=LAST_DAY)
    assert held is not None
    roster_moves(cast, cast.colleague, held.organization, cast.rating_official)
    assert moved_from(cast.colleague, on=NOW) is None


def test_hr_of_the_unit_where_the_record_lies_settles_the_move_too(
    cast: Cast, moved: Appraisal
) -> None:
    roster_moves(cast, cast.employee, cast.places["YARD"], cast.leader_elsewhere)
    with clock.frozen(NOW):
        assert not may_decide_departure(cast.hr, cast.employee)
        make_planned(cast, cast.employee)
        assert may_decide_departure(cast.hr, cast.employee)
        assert not may_decide_departure(cast.hr_elsewhere, moved.employee)
    form = opened(cast.hr, f"/people/{cast.employee.dod_id}/leaves/?moved=yes", on=NOW).context
    assert form["form"]["gaining_supervisor"].value() == cast.leader_elsewhere.email


def test_a_record_left_behind_is_taken_along_with_its_officials(
    cast: Cast, behind: Appraisal
) -> None:
    assert found(ELSEWHERE) == []
    assert found(LEFT_BEHIND) == [behind]
    page = text_of(opened(cast.hr, LEFT_BEHIND_PAGE, on=NOW))
    assert "Works Division The officials stay." in page
    data = {"records": [str(behind.pk)], "reason": "He moved in December."}
    said = text_of(posted(cast.hr, LEFT_BEHIND_PAGE, data, on=NOW))
    assert "1 record lies where its employee works." in said
    assert "Every open record in your scope lies where its employee works." in said
    event = behind.events.get(name="change_organization")
    assert event.reason == "He moved in December."
    assert event.details["organization"] == [behind.organization.name, "Works Division"]
    behind.refresh_from_db()
    assert behind.organization == cast.places["WORKS"]
    assert behind.rating_official == cast.rating_official
    assert found(LEFT_BEHIND) == []
    assert rollups.check() == []


def test_what_went_along_meanwhile_is_left_alone(cast: Cast, behind: Appraisal) -> None:
    with clock.frozen(NOW):
        assert len(take_along([behind.pk], by=cast.hr, reason="He moved.")) == 1
        assert take_along([behind.pk], by=cast.hr, reason="He moved.") == []
    assert behind.events.filter(name="change_organization").count() == 1


def test_only_hr_of_the_unit_takes_along(cast: Cast, behind: Appraisal) -> None:
    with clock.frozen(NOW), pytest.raises(PermissionDenied):
        take_along([behind.pk], by=cast.hr_elsewhere, reason="No.")
    behind.refresh_from_db()
    assert behind.organization == cast.places["FIRE"]


@pytest.mark.parametrize(
    ("what", "under"), [("left-behind", "rating_official"), ("elsewhere", "official_elsewhere")]
)
def test_the_number_of_queries_does_not_grow(cast: Cast, what: str, under: str) -> None:
    def come(count: int, first: int) -> None:
        for record in make_team(cast, count, first=first):
            roster_moves(cast, record.employee, cast.places["WORKS"], cast.people[under])

    come(2, 1)
    few = queries(cast.hr, f"/hr/stranded/?what={what}", on=NOW)
    come(5, 3)
    assert queries(cast.hr, f"/hr/stranded/?what={what}", on=NOW) == few <= 15
