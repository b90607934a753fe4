"""People who move, are detailed, or come back (R9.6, R9.7): their records go with whoever rates them."""

import datetime as dt

import pytest

from appraisals.models import Document, Kind
from orgchart.models import Assignment
from orgchart.selectors import direct_reports
from tests.appraisals.leaving import DAY_AFTER, decided, make_planned, make_team, run_on
from tests.cast import Cast, make_cast
from tests.editions import policy_says

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def statements() -> list[Document]:
    return list(Document.objects.filter(kind=Kind.NARRATIVE_STATEMENT))


def test_a_temporary_supervisor_gives_everything_back_r9_7(cast):
    [record] = make_team(cast, 1)
    back = dt.date(2027, 2, 1)
    departure = decided(cast, kind="detail", back_on=back, arrangement="temporary")
    run_on(DAY_AFTER)
    record.refresh_from_db()
    assert record.rating_official == cast.former_rating_official
    [ahead] = departure.followed_by.all()
    assert (ahead.person, ahead.effective_on) == (cast.former_rating_official, back)
    run_on(back)
    record.refresh_from_db()
    assert record.rating_official == cast.rating_official
    assert record.higher_level_reviewer == cast.higher_level_reviewer
    assert record.employee in direct_reports(cast.rating_official, on=back)


def test_an_employee_moves_and_is_gained_with_the_statement_r9_1_r9_6(cast):
    record = make_planned(cast, cast.colleague)
    gaining = cast.official_elsewhere
    departure = decided(
        cast, person=cast.colleague, kind="moves", successor=None, gaining_supervisor=gaining
    )
    [statement] = statements()
    assert statement.appraisal == record
    run_on(DAY_AFTER)
    record.refresh_from_db()
    assert (record.rating_official, record.organization) == (gaining, cast.places["WORKS"])
    assert record.higher_level_reviewer == cast.reviewer_elsewhere
    held = Assignment.objects.on(DAY_AFTER).get(employee=cast.colleague)
    assert (held.supervisor, held.position_start_date) == (gaining, DAY_AFTER)
    assert departure.records.get().document == statement


def test_an_employee_who_leaves_the_service_keeps_the_record_where_it_is(cast):
    record = make_planned(cast, cast.colleague)
    decided(cast, person=cast.colleague, successor=None)
    run_on(DAY_AFTER)
    record.refresh_from_db()
    assert record.rating_official == cast.rating_official
    assert len(statements()) == 1


def test_policy_may_ask_for_nothing_when_the_employee_leaves_the_service(cast):
    policy_says(cast.policy, narrative_statement_on_separation=False)
    make_planned(cast, cast.colleague)
    decided(cast, person=cast.colleague, successor=None)
    assert statements() == []


def test_on_a_detail_the_rating_official_stays_and_nothing_is_owed_r9_7(cast):
    record = make_planned(cast, cast.colleague)
    decided(
        cast,
        person=cast.colleague,
        kind="detail",
        successor=None,
        back_on=dt.date(2027, 3, 1),
    )
    run_on(DAY_AFTER)
    record.refresh_from_db()
    assert (statements(), record.rating_official) == ([], cast.rating_official)


def test_a_supervisor_of_the_detail_rates_meanwhile_when_that_is_wanted_r9_7(cast):
    record = make_planned(cast, cast.colleague)
    back = dt.date(2027, 3, 1)
    decided(
        cast,
        person=cast.colleague,
        kind="detail",
        successor=None,
        gaining_supervisor=cast.official_elsewhere,
        back_on=back,
    )
    run_on(DAY_AFTER)
    record.refresh_from_db()
    assert record.rating_official == cast.official_elsewhere
    run_on(back)
    record.refresh_from_db()
    assert record.rating_official == cast.rating_official
