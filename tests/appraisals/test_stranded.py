"""No record stays in the hands of somebody who is gone: found, proposed, put right."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from appraisals.models import Appraisal, Document, Kind, OfficialChange, State
from appraisals.services.stranded import (
    ELSEWHERE,
    EMPLOYEE_GONE,
    NOBODY_REVIEWS,
    OFFICIAL_GONE,
    REVIEWER_GONE,
    proposals_for,
    put_right,
    stranded,
)
from orgchart import clock
from orgchart.models import Assignment, Person
from tests.appraisals.leaving import LAST_DAY, make_team
from tests.appraisals.views.opening import posted, queries, text_of
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
NOW = dt.date(2026, 12, 7)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def gone(person: Person, on: dt.date = LAST_DAY) -> None:
    """By a roster that knew nothing of records."""
    Assignment.objects.filter(employee=person, ends_on=None).update(ends_on=on)


def found(finding) -> list[Appraisal]:
    with clock.frozen(NOW):
        return list(stranded(finding, ["/"]))


def answer_to(cast: Cast, records: list[Appraisal], supervisor: Person) -> None:
    keys = [record.employee_id for record in records]
    Assignment.objects.filter(employee__in=keys).update(supervisor=supervisor)


def test_a_record_whose_official_is_gone_goes_to_the_supervisor_of_today(cast: Cast) -> None:
    records = make_team(cast, 2)
    assert found(OFFICIAL_GONE) == []
    gone(cast.rating_official)
    answer_to(cast, records, cast.former_rating_official)
    assert found(OFFICIAL_GONE) == records
    with clock.frozen(NOW):
        done = put_right([each.pk for each in records], by=cast.hr, reason="She has left.")
    assert len(done) == 2
    for record in Appraisal.objects.all():
        assert record.rating_official == cast.former_rating_official
        assert record.higher_level_reviewer == cast.higher_level_reviewer
        assert record.events.get(name="name_officials").reason == "She has left."
    assert OfficialChange.objects.count() == 2
    assert found(OFFICIAL_GONE) == []


def test_while_nobody_is_above_the_employee_the_next_one_up_is_proposed(cast: Cast) -> None:
    [record] = make_team(cast, 1)
    gone(cast.rating_official)
    with clock.frozen(NOW):
        [proposal] = proposals_for(stranded(OFFICIAL_GONE, ["/"]))
    assert proposal.record == record
    assert proposal.official == cast.higher_level_reviewer
    assert proposal.reviewer == cast.leader


def test_somebody_who_cannot_sign_in_is_gone(cast: Cast) -> None:
    make_team(cast, 1)
    Person.objects.filter(pk=cast.rating_official.pk).update(is_active=False)
    assert len(found(OFFICIAL_GONE)) == 1


def test_a_reviewer_who_is_gone_and_a_review_that_waits_at_nobody(cast: Cast) -> None:
    [record] = make_team(cast, 1)
    gone(cast.higher_level_reviewer)
    assert found(REVIEWER_GONE) == [record]
    Appraisal.objects.update(higher_level_reviewer=None)
    sent_up()
    assert found(NOBODY_REVIEWS) == [record]


def sent_up() -> None:
    """What was approved before waits in review again."""
    Document.objects.filter(kind=Kind.PERFORMANCE_PLAN).update(
        state=State.IN_REVIEW,
        approved_on=None,
        communicated_on=None,
        communicated_method="",
        acknowledged_on=None,
    )


def at_the_top(cast: Cast) -> Appraisal:
    """Henry Reviewer answers to nobody from now on, and rates somebody himself; Lena Leader reviewed it and has gone."""
    [record] = make_team(cast, 1)
    answer_to(cast, [record], cast.higher_level_reviewer)
    Assignment.objects.filter(employee=cast.higher_level_reviewer).update(supervisor=None)
    Appraisal.objects.update(
        rating_official=cast.higher_level_reviewer, higher_level_reviewer=cast.leader
    )
    gone(cast.leader)
    return record


def test_at_the_top_no_review_is_left_out_and_hr_names_somebody_r8_5(cast: Cast) -> None:
    record = at_the_top(cast)
    assert found(REVIEWER_GONE) == [record]
    with clock.frozen(NOW):
        [proposal] = proposals_for([record])
        assert "Nobody is above Henry Reviewer who could review it." in proposal.problem
        assert put_right([record.pk], by=cast.hr, reason="She has left.") == []
    record.refresh_from_db()
    assert record.higher_level_reviewer == cast.leader
    page = text_of(posted(cast.hr, "/hr/stranded/?what=reviewer-gone", on=NOW))
    assert "name a higher level reviewer from elsewhere." in page
    assert "Give the ticked ones" not in page


def test_what_waits_in_review_never_goes_to_nobody(cast: Cast) -> None:
    record = at_the_top(cast)
    sent_up()
    Appraisal.objects.update(higher_level_reviewer=None)
    with clock.frozen(NOW):
        assert put_right([record.pk], by=cast.hr, reason="She has left.") == []
    assert found(NOBODY_REVIEWS) == [record]
    assert "proposed: nobody. Nobody is above Henry Reviewer" in told()


def test_a_record_that_has_no_reviewer_and_waits_for_none_gets_its_official(cast: Cast) -> None:
    record = at_the_top(cast)
    Appraisal.objects.update(rating_official=cast.leader, higher_level_reviewer=None)
    with clock.frozen(NOW):
        [done] = put_right([record.pk], by=cast.hr, reason="She has left.")
    assert (done.official, done.reviewer) == (cast.higher_level_reviewer, None)


def test_whoever_is_gone_or_answers_to_the_rating_official_is_not_proposed(cast: Cast) -> None:
    record = at_the_top(cast)
    Appraisal.objects.update(higher_level_reviewer=cast.rating_official)
    with clock.frozen(NOW):
        [proposal] = proposals_for(Appraisal.objects.with_people().filter(pk=record.pk))
    assert proposal.reviewer is None
    Appraisal.objects.update(higher_level_reviewer=cast.official_elsewhere)
    with clock.frozen(NOW):
        [proposal] = proposals_for(Appraisal.objects.with_people().filter(pk=record.pk))
    assert proposal.reviewer == cast.official_elsewhere


def test_past_somebody_who_is_gone_the_next_one_up_reviews(cast: Cast) -> None:
    [record] = make_team(cast, 1)
    gone(cast.higher_level_reviewer)
    with clock.frozen(NOW):
        [done] = put_right([record.pk], by=cast.hr, reason="He has left.")
    assert (done.official, done.reviewer) == (cast.rating_official, cast.leader)
    assert found(REVIEWER_GONE) == []


def test_an_employee_who_is_gone_is_listed_and_left_to_a_person(cast: Cast) -> None:
    [record] = make_team(cast, 1)
    gone(record.employee)
    assert found(EMPLOYEE_GONE) == [record]
    assert found(OFFICIAL_GONE) == []


def test_rated_by_somebody_they_no_longer_answer_to(cast: Cast) -> None:
    [record] = make_team(cast, 1)
    assert found(ELSEWHERE) == []
    answer_to(cast, [record], cast.former_rating_official)
    assert found(ELSEWHERE) == [record]


def test_only_hr_of_the_unit_puts_right(cast: Cast) -> None:
    [record] = make_team(cast, 1)
    gone(cast.rating_official)
    with clock.frozen(NOW), pytest.raises(PermissionDenied):
        put_right([record.pk], by=cast.hr_elsewhere, reason="No.")
    record.refresh_from_db()
    assert record.rating_official == cast.rating_official


def test_the_page_proposes_and_gives_the_ticked_ones(cast: Cast) -> None:
    first, second = make_team(cast, 2)
    gone(cast.rating_official)
    answer_to(cast, [first, second], cast.former_rating_official)
    data = {"records": [str(first.pk)], "reason": "She has left."}
    page = text_of(posted(cast.hr, "/hr/stranded/?what=official-gone", data, on=NOW))
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.rating_official == cast.former_rating_official
    assert second.rating_official == cast.rating_official
    assert "Rating official gone (1)" in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"reason": "Left."}, "Tick at least one record."),
        ({"records": ["999999"], "reason": "Left."}, "A ticked record is no longer stranded"),
        ({"reason": "", "records": []}, "Say in a few words why."),
    ],
)
def test_what_is_wrong_is_said(cast: Cast, data: dict, sentence: str) -> None:
    make_team(cast, 1)
    gone(cast.rating_official)
    response = posted(cast.hr, "/hr/stranded/", data, on=NOW)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not OfficialChange.objects.exists()


def test_the_number_of_queries_does_not_grow(cast: Cast) -> None:
    make_team(cast, 2)
    gone(cast.rating_official)
    few = queries(cast.hr, "/hr/stranded/", on=NOW)
    make_team(cast, 6, first=3)
    assert queries(cast.hr, "/hr/stranded/", on=NOW) == few <= 15


# --- at the console


def told(**options: object) -> str:
    out = StringIO()
    with clock.frozen(NOW):
        call_command("stranded_records", stdout=out, **options)
    return out.getvalue()


def test_the_command_lists_and_puts_right(cast: Cast) -> None:
    make_team(cast, 2)
    gone(cast.rating_official)
    assert json.loads(told(json=True))["official-gone"] == 2
    said = told(organization="FIRE")
    assert "Rating official gone: 2" in said
    assert "proposed: Henry Reviewer" in said
    said = told(put_right=True, by=cast.hr.email, reason="She has left.", organization="CMD")
    assert "Put right: 2" in said
    assert json.loads(told(json=True))["official-gone"] == 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"organization": "NOWHERE"}, "No organization has the code NOWHERE"),
        ({"put_right": True, "reason": "x"}, "--by must be"),
        ({"put_right": True, "by": "hanna.human@example.mil"}, "--reason must say why"),
        (
            {"put_right": True, "by": "hugo.faraway@example.mil", "reason": "x"},
            "does not administer all of these records",
        ),
    ],
)
def test_the_command_says_what_is_missing(cast: Cast, options: dict, sentence: str) -> None:
    make_team(cast, 1)
    gone(cast.rating_official)
    with pytest.raises(CommandError, match=sentence):
        told(**options)
