"""Somebody leaves (R9): what the dates decide is opened, said to everybody, and handed over on its day."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from appraisals.models import (
    Appraisal,
    Departure,
    DepartureState,
    Document,
    Kind,
    Notice,
    OfficialChange,
    SectionKind,
    State,
)
from appraisals.services.departures import rehearse, take_back
from appraisals.services.writing import save_section
from appraisals.workflow import Given, ProblemsFound, advance
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Assignment, OrgEvent
from orgchart.selectors import direct_reports
from tests.appraisals.leaving import (
    DAY_AFTER,
    LAST_DAY,
    TODAY,
    decided,
    leaving,
    make_planned,
    make_team,
    run_on,
)
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def statements() -> list[Document]:
    return list(Document.objects.filter(kind=Kind.NARRATIVE_STATEMENT))


# --- the dates decide


@pytest.mark.parametrize(
    ("last_day", "opened"),
    [
        pytest.param(dt.date(2026, 11, 30), Kind.NARRATIVE_STATEMENT, id="D9"),
        pytest.param(dt.date(2026, 12, 30), Kind.NARRATIVE_STATEMENT, id="D10"),
        pytest.param(dt.date(2026, 12, 31), Kind.ANNUAL_APPRAISAL, id="D11"),
        pytest.param(dt.date(2026, 6, 15), None, id="D12"),
        pytest.param(dt.date(2026, 7, 18), Kind.NARRATIVE_STATEMENT, id="D13"),
    ],
)
def test_what_is_owed_is_opened_r9_1_r9_4_r9_5(cast, last_day, opened):
    record = make_planned(cast, cast.colleague)
    departure = decided(cast, last_day=last_day, on=last_day - dt.timedelta(days=7))
    row = departure.records.get(appraisal=record)
    assert row.owed == (opened or "")
    begun = record.documents.exclude(kind=Kind.PERFORMANCE_PLAN)
    assert [each.kind for each in begun] == ([opened] if opened else [])


def test_nine_statements_for_a_team_of_nine(cast):
    make_team(cast)
    departure = decided(cast)
    found = statements()
    assert len(found) == 9
    assert {each.covers_until for each in found} == {LAST_DAY}
    assert {each.covers_from for each in found} == {cast.cycle.starts_on}
    assert departure.state == DepartureState.PLANNED
    row = departure.records.order_by("pk")[0]
    assert (row.days_on_plan, row.days_left) == (225, 121)
    assert row.why.startswith("225 days under an approved plan and 121 days")


def test_what_is_owed_is_opened_in_time_and_not_before_r9_3(cast):
    make_team(cast, 2)
    departure = decided(cast, on=dt.date(2026, 9, 1))
    assert departure.opened_at is None
    run_on(dt.date(2026, 10, 30))
    assert statements() == []
    run_on(dt.date(2026, 10, 31))
    run_on(dt.date(2026, 11, 1))
    assert len(statements()) == 2


def test_a_statement_is_due_by_the_last_day_and_has_no_rating(cast):
    make_team(cast, 1)
    decided(cast)
    [statement] = statements()
    assert {each.kind for each in statement.sections.all()} == {
        SectionKind.EMPLOYEE_INPUT,
        SectionKind.ASSESSMENT,
        SectionKind.OVERALL_ASSESSMENT,
    }
    with clock.frozen(TODAY), pytest.raises(ProblemsFound, match="The statement is empty"):
        advance(statement, "finish", by=cast.rating_official)


def test_a_statement_walks_like_every_document_r9_3(cast):
    [record] = make_team(cast, 1)
    decided(cast)
    [statement] = statements()
    section = statement.sections.get(kind=SectionKind.OVERALL_ASSESSMENT)
    with clock.frozen(TODAY):
        save_section(
            section,
            by=cast.rating_official,
            expected_version=section.version,
            text="Led the move.",
            level=None,
        )
        advance(statement, "finish", by=cast.rating_official)
        given = Given(discussed_on=TODAY, method="F")
        advance(statement, "communicate", by=cast.rating_official, given=given)
        advance(statement, "acknowledge", by=record.employee)
    statement.refresh_from_db()
    assert statement.state == State.ACKNOWLEDGED
    assert not hasattr(Appraisal.objects.get(pk=record.pk), "rating_of_record")


def test_an_early_appraisal_counts_its_days_to_the_last_day_together_r9_5(cast):
    record = make_planned(cast, cast.colleague, approved_on=dt.date(2026, 10, 1))
    last_day = dt.date(2027, 1, 15)
    decided(cast, last_day=last_day, on=dt.date(2027, 1, 4))
    annual = record.documents.get(kind=Kind.ANNUAL_APPRAISAL)
    assert (annual.covers_from, annual.covers_until) == (record.starts_on, last_day)


# --- the day after


def test_on_the_day_after_everything_changes_hands(cast):
    records = make_team(cast)
    departure = decided(cast)
    assert run_on(LAST_DAY) == 0
    assert run_on(DAY_AFTER) == 1
    departure.refresh_from_db()
    assert departure.state == DepartureState.DONE
    fern, henry = cast.former_rating_official, cast.higher_level_reviewer
    for record in Appraisal.objects.filter(pk__in=[each.pk for each in records]):
        assert (record.rating_official, record.higher_level_reviewer) == (fern, henry)
        event = record.events.get(name="name_officials")
        assert (event.reason, event.by) == ("She retires.", cast.hr)
    assert OfficialChange.objects.filter(effective_on=DAY_AFTER).count() == 9
    assert not direct_reports(cast.rating_official, on=DAY_AFTER).exists()
    assert direct_reports(fern, on=DAY_AFTER).count() == 11
    assert not Assignment.objects.on(DAY_AFTER).filter(employee=cast.rating_official).exists()
    cast.rating_official.refresh_from_db()
    assert not cast.rating_official.is_active


def test_a_second_beat_hands_over_nothing_twice(cast):
    make_team(cast, 2)
    decided(cast)
    assert run_on(DAY_AFTER) == 1
    assert run_on(DAY_AFTER) == 0
    assert OfficialChange.objects.count() == 2


def test_a_day_that_was_missed_is_made_up_for(cast):
    make_team(cast, 2)
    decided(cast)
    run_on(dt.date(2026, 12, 9))
    assert OfficialChange.objects.filter(effective_on=DAY_AFTER).count() == 2
    held = Assignment.objects.get(employee=cast.rating_official)
    assert held.ends_on == LAST_DAY


def test_an_unfinished_statement_goes_along_and_is_the_successors_to_write(cast):
    make_team(cast, 1)
    decided(cast)
    run_on(DAY_AFTER)
    [statement] = statements()
    assert statement.state == State.DRAFT
    section = statement.sections.get(kind=SectionKind.OVERALL_ASSESSMENT)
    with clock.frozen(DAY_AFTER):
        save_section(
            section,
            by=cast.former_rating_official,
            expected_version=section.version,
            text="As told by the team.",
            level=None,
        )
        with pytest.raises(PermissionDenied):
            save_section(
                section, by=cast.rating_official, expected_version=1, text="Late.", level=None
            )


def test_a_record_begun_meanwhile_is_handed_over_too(cast):
    make_team(cast, 1)
    decided(cast)
    late = make_planned(cast, cast.colleague, approved_on=dt.date(2026, 11, 20))
    run_on(DAY_AFTER)
    late.refresh_from_db()
    assert late.rating_official == cast.former_rating_official


def test_a_last_day_behind_us_is_carried_out_at_once(cast):
    [record] = make_team(cast, 1)
    departure = decided(cast, on=dt.date(2026, 12, 4))
    record.refresh_from_db()
    assert departure.state == DepartureState.DONE
    assert record.rating_official == cast.former_rating_official


# --- who takes over


def test_while_nobody_is_named_the_next_one_up_acts(cast):
    [record] = make_team(cast, 1)
    decided(cast, arrangement="vacant", successor=None)
    run_on(DAY_AFTER)
    record.refresh_from_db()
    assert record.rating_official == cast.higher_level_reviewer
    assert record.higher_level_reviewer == cast.leader


def test_a_member_of_the_team_takes_over_and_is_rated_by_the_next_one_up(cast):
    first, second = make_team(cast, 2)
    heir = cast.people["member1"]
    decided(cast, successor=heir)
    run_on(DAY_AFTER)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.rating_official, first.higher_level_reviewer) == (
        cast.higher_level_reviewer,
        cast.leader,
    )
    assert (second.rating_official, second.higher_level_reviewer) == (
        heir,
        cast.higher_level_reviewer,
    )


def test_whoever_reviews_hands_the_reviews_over(cast):
    [record] = make_team(cast, 1)
    decided(
        cast, person=cast.higher_level_reviewer, successor=cast.reviewer_elsewhere, kind="leaves"
    )
    run_on(DAY_AFTER)
    record.refresh_from_db()
    assert record.rating_official == cast.rating_official
    assert record.higher_level_reviewer == cast.reviewer_elsewhere


def test_only_those_chosen_are_handed_over(cast):
    first, second = make_team(cast, 2)
    decided(cast, kind="hands_over", whole_team=False, people=(first.employee,))
    run_on(DAY_AFTER)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.rating_official == cast.former_rating_official
    assert second.rating_official == cast.rating_official


# --- who may, and what is refused


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("hr", True),
        ("higher_level_reviewer", True),
        ("rating_official", False),
        ("colleague", False),
        ("leader_elsewhere", False),
        ("hr_elsewhere", False),
    ],
)
def test_hr_and_whoever_is_above_decide(cast, who, may):
    make_team(cast, 1)
    fields = {"changes_chart": False, "by": cast.people[who]}
    if may:
        assert decided(cast, **fields).pk
    else:
        with pytest.raises(PermissionDenied):
            decided(cast, **fields)
        assert not Departure.objects.exists()


def test_a_supervisor_names_only_whoever_works_under_them(cast):
    make_team(cast, 1)
    with pytest.raises(Refused, match="does not work under you"):
        decided(
            cast,
            by=cast.higher_level_reviewer,
            changes_chart=False,
            successor=cast.official_elsewhere,
        )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"successor": None}, "Say who takes them over"),
        ({"last_day": dt.date(2020, 1, 1)}, "cannot leave before it"),
        ({"person": "secretary", "arrangement": "vacant", "successor": None}, None),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(cast, fields, sentence):
    make_team(cast, 1)
    if "person" in fields:
        fields = fields | {"person": cast.people[fields["person"]]}
        with pytest.raises(PermissionDenied):
            decided(cast, **fields)
        return
    with pytest.raises(Refused, match=sentence):
        decided(cast, **fields)
    assert not Departure.objects.exists()
    assert statements() == []


def test_one_departure_lies_ahead_at_a_time(cast):
    make_team(cast, 1)
    decided(cast)
    with pytest.raises(Refused, match="planned already"):
        decided(cast)


def test_sent_twice_it_counts_once(cast):
    make_team(cast, 1)
    key = "6b0b1d7c-8a55-4c7f-9d86-0d6d4b6b7c11"
    first = decided(cast, request_key=key)
    assert decided(cast, request_key=key) == first


def test_looking_ahead_changes_nothing(cast):
    make_team(cast, 3)
    with clock.frozen(TODAY):
        found = rehearse(leaving(cast), by=cast.hr)
    assert [line.owes.owed for line in found.lines] == [Kind.NARRATIVE_STATEMENT] * 3
    assert (statements(), Departure.objects.count(), Notice.objects.count()) == ([], 0, 0)
    assert direct_reports(cast.rating_official, on=DAY_AFTER).count() == 5


def test_a_departure_that_became_impossible_says_why_and_changes_nothing(cast):
    [record] = make_team(cast, 1)
    departure = decided(cast)
    Assignment.objects.filter(employee=cast.former_rating_official).update(
        ends_on=dt.date(2026, 11, 20)
    )
    run_on(DAY_AFTER)
    departure.refresh_from_db()
    record.refresh_from_db()
    assert departure.state == DepartureState.FAILED
    assert "Fern Former does not work here on 1 December 2026" in departure.outcome
    assert record.rating_official == cast.rating_official
    assert Notice.objects.filter(recipient=cast.hr, kind="departure").count() == 1


def test_taken_back_nobodys_hands_change(cast):
    [record] = make_team(cast, 1)
    departure = decided(cast)
    with clock.frozen(TODAY):
        take_back(departure, by=cast.hr)
    run_on(DAY_AFTER)
    record.refresh_from_db()
    assert record.rating_official == cast.rating_official
    names = set(OrgEvent.objects.values_list("what", flat=True))
    assert {"departure_planned", "departure_undone"} <= names
    with clock.frozen(TODAY), pytest.raises(Refused, match="no longer ahead"):
        take_back(departure, by=cast.hr)


# --- everybody concerned is told


def test_everybody_concerned_is_told(cast):
    make_team(cast, 9)
    decided(cast)

    def told(person):
        notices = Notice.objects.filter(recipient=person, kind__startswith="departure")
        return list(notices.order_by("pk").values_list("title", flat=True))

    assert told(cast.rating_official) == [
        "Your last day here is 30 November 2026",
        "Write 9 narrative statements by 30 November 2026",
    ]
    assert told(cast.former_rating_official) == ["9 records come to you on 1 December 2026"]
    assert told(cast.people["member4"]) == ["Fern Former rates you from 1 December 2026"]
    assert told(cast.hr) == []
    run_on(DAY_AFTER)
    assert told(cast.former_rating_official)[-1] == "The hand-over pack of Dana Official is ready"
