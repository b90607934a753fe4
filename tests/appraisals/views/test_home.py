"""The first page of every role: what it asks for, in words, and never more than it may show."""

import datetime as dt
import re

import pytest
from django.test import Client

from appraisals.models import Appraisal, Document, Kind, State
from appraisals.problems import plan_of
from appraisals.services.records import start_annual_appraisal, start_record
from appraisals.views import strip
from orgchart import clock
from orgchart.models import Assignment
from tests.appraisals.views.opening import opened, queries, text_of
from tests.cast import (
    PRACTICE_DAY,
    SECRET,
    Cast,
    assign,
    make_cast,
    make_document,
    make_record,
    take,
)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def home_text(cast: Cast, who: str, *, on: dt.date = PRACTICE_DAY) -> str:
    return text_of(opened(cast.people[who], "/", on=on))


@pytest.mark.parametrize("who", ["secretary", "leader", "employee", "hr", "auditor", "colleague"])
def test_home_opens_for_every_role(cast: Cast, who: str) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    assert opened(cast.people[who], "/").status_code == 200


def test_home_asks_a_stranger_to_sign_in(client: Client) -> None:
    assert client.get("/").status_code == 302


def test_home_is_only_read(cast: Cast, client: Client) -> None:
    client.force_login(cast.employee)
    assert client.post("/").status_code == 405


def test_rating_official_is_asked_to_rate_with_the_day_it_is_due(cast: Cast) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    page = home_text(cast, "rating_official")
    assert "Rate Maria Employee" in page
    assert "9 days left" in page
    assert (
        "Appraisals for the cycle that ended 31 March are due to your reviewer by 15 April. "
        "1 of 1 is waiting for you."
    ) in page


def test_what_is_late_says_so(cast: Cast) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    page = home_text(cast, "rating_official", on=dt.date(2027, 4, 18))
    assert "3 days late" in page
    assert "were due to your reviewer by 15 April" in page


def test_what_came_back_shows_the_reason_to_the_rating_official_alone(cast: Cast) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    take(document, "return_for_change", cast=cast, on=PRACTICE_DAY)
    assert f"Returned by Henry Reviewer: “Because {SECRET}”" in home_text(cast, "rating_official")
    for who in ("colleague", "hr", "leader", "auditor", "former_rating_official"):
        assert SECRET not in home_text(cast, who)


def test_employee_never_reads_why_a_rating_came_back(cast: Cast) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    take(document, "return_for_change", cast=cast, on=PRACTICE_DAY)
    assert "Because" not in home_text(cast, "employee")


def test_employee_is_asked_to_acknowledge_and_told_how_it_was_discussed(cast: Cast) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.COMMUNICATED)
    page = home_text(cast, "employee")
    assert "Acknowledge your rating" in page
    assert "Discussed with Dana Official on 6 April, face to face" in page
    assert "Read and acknowledge" in page


def test_employee_is_reminded_of_input_that_was_not_sent(cast: Cast) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    page = home_text(cast, "employee")
    assert "Send your input for the annual appraisal" in page
    assert "late" not in page.split("Needs you now")[1].split("cycle")[0]


def test_reviewer_is_asked_to_review_and_goes_on_to_the_next(cast: Cast) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    response = opened(cast.higher_level_reviewer, "/")
    assert "Review the rating of Maria Employee" in text_of(response)
    assert f'href="/documents/{document.pk}/?queue=1"' in response.content.decode()


def test_reviewer_sees_how_each_supervisor_stands(cast: Cast) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    page = home_text(cast, "higher_level_reviewer")
    assert "Your supervisors, FY 2027" in page
    assert "Dana Official" in page


def test_rating_official_starts_a_missing_plan_with_one_button(cast: Cast) -> None:
    make_record(cast)
    response = opened(cast.rating_official, "/", on=dt.date(2026, 6, 12))
    assert "Start the FY 2027 plan of Carl Colleague" in text_of(response)
    assert f'action="/people/{cast.colleague.dod_id}/record/"' in response.content.decode()


def test_several_missing_plans_are_one_line(cast: Cast) -> None:
    page = home_text(cast, "rating_official", on=dt.date(2026, 6, 12))
    assert "Start 2 FY 2027 plans" in page
    assert "Carl Colleague and Maria Employee have none yet" in page


def test_annual_appraisal_that_is_due_is_started_from_here(cast: Cast) -> None:
    document = make_document(cast, Kind.PROGRESS_REVIEW, State.ACKNOWLEDGED)
    response = opened(cast.rating_official, "/")
    assert "Start the annual appraisal of Maria Employee" in text_of(response)
    action = f'action="/appraisals/{document.appraisal_id}/annual-appraisal/"'
    assert action in response.content.decode()


def test_nothing_to_do_says_what_comes_next(cast: Cast) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    page = home_text(cast, "employee")
    assert "Nothing waits for you" in page
    assert "Your FY 2027 record is with Henry Reviewer, due 30 April 2027." in page


def test_somebody_without_a_plan_hears_who_starts_it(cast: Cast) -> None:
    page = home_text(cast, "colleague", on=dt.date(2026, 4, 10))
    assert (
        "Dana Official or you can start the plan; both of you write it. It is due 30 April 2026"
        in page
    )


def test_own_year_is_shown_as_steps_with_the_line_of_sight(cast: Cast) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    page = home_text(cast, "employee")
    for words in (
        "Your FY 2027 cycle",
        "Plan acknowledged",
        "Your input",
        "Rating by Dana Official",
    ):
        assert words in page
    assert "Protect the installation" in page
    assert "Provide the forces needed to deter war" in page


def test_record_with_an_earlier_rating_official_is_named_and_not_shown(cast: Cast) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    Appraisal.objects.update(rating_official=cast.former_rating_official)
    page = home_text(cast, "rating_official", on=dt.date(2027, 3, 30))
    assert "The record is with Fern Former" in page
    assert "2 elements" not in page


@pytest.mark.parametrize(("who", "place"), [("hr", "/hr/"), ("auditor", "/audit/")])
def test_granted_roles_find_their_pages(cast: Cast, who: str, place: str) -> None:
    assert f'<a href="{place}">' in opened(cast.people[who], "/").content.decode().split("<main")[1]
    assert place not in opened(cast.employee, "/").content.decode()


def add_rated(cast: Cast, number: int) -> None:
    """One more employee of the rating official, with a plan, a review and a rating in review."""
    person = type(cast.employee).objects.create_user(
        email=f"more{number}@example.mil",
        dod_id=f"{2_100_000_000 + number}",
        first_name="More",
        last_name=f"People{number}",
    )
    assign(person, cast.rating_official, cast.places["FIRE"])
    with clock.frozen(dt.date(2026, 6, 10)):
        record = start_record(person, cycle=cast.cycle, by=cast.rating_official)
    plan = plan_of(record)
    assert plan is not None
    plan.state, plan.approved_on = State.APPROVED, dt.date(2026, 6, 12)
    plan.save()
    with clock.frozen(PRACTICE_DAY):
        annual = start_annual_appraisal(record, by=cast.rating_official)
    annual.state = State.IN_REVIEW
    annual.save()


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("rating_official", 9),
        ("higher_level_reviewer", 12),
        ("employee", 10),
        ("leader", 12),
        ("secretary", 12),
    ],
)
def test_home_costs_the_same_at_any_length(cast: Cast, who: str, expected: int, rows: int) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    for number in range(rows):
        add_rated(cast, number)
    assert queries(cast.people[who], "/") == expected


def test_long_lists_are_cut_and_can_be_shown_whole(cast: Cast) -> None:
    for number in range(11):
        add_rated(cast, number)
    Document.objects.filter(kind=Kind.ANNUAL_APPRAISAL).update(state=State.DRAFT)
    page = text_of(opened(cast.rating_official, "/")).split("My team")[0]
    whole = text_of(opened(cast.rating_official, "/?all=1")).split("My team")[0]
    waiting = int(page.split("Show all ")[1])
    shown = [len(re.findall("days (?:left|late)", text)) for text in (page, whole)]
    assert shown == [10, waiting]
    assert "Show all" not in whole


def test_report_outside_the_program_is_not_asked_for(cast: Cast) -> None:
    Assignment.objects.filter(employee=cast.colleague).update(
        covered=False, exclusion_reason="Senior Executive Service"
    )
    page = home_text(cast, "rating_official", on=dt.date(2026, 6, 12))
    assert "Not under this program: Senior Executive Service" in page
    assert "Start the FY 2027 plan of Maria Employee" in page


def test_two_cycles_are_two_cards(cast: Cast) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    next_cycle = type(cast.cycle).objects.create(
        name="FY 2028",
        organization=cast.places["DOD"],
        starts_on=dt.date(2027, 4, 1),
        ends_on=dt.date(2028, 3, 31),
        effective_on=dt.date(2028, 6, 1),
        opened_at=clock.now(),
    )
    page = home_text(cast, "employee")
    assert page.index("Your FY 2027 cycle") < page.index("Your FY 2028 cycle")
    with clock.frozen(PRACTICE_DAY):
        record = start_record(cast.employee, cycle=next_cycle, by=cast.rating_official)
    page = opened(cast.employee, "/").content.decode()
    assert f"/appraisals/{record.pk}/" in page


def test_head_of_a_unit_sees_its_numbers_with_their_lists(cast: Cast) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.APPROVED)
    response = opened(cast.higher_level_reviewer, "/")
    page = text_of(response)
    assert "Fire Division, FY 2027" in page
    assert "ratings approved" in page
    assert "/organizations/FIRE/records/?cycle=" in response.content.decode()


@pytest.mark.parametrize("who", ["rating_official", "employee", "colleague", "hr", "auditor"])
def test_nobody_else_sees_numbers_of_a_unit(cast: Cast, who: str) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.APPROVED)
    assert "ratings approved" not in home_text(cast, who)


@pytest.mark.parametrize("who", ["colleague", "leader", "auditor", "hr_elsewhere", "secretary"])
def test_no_text_of_a_record_is_on_the_page_of_somebody_else(cast: Cast, who: str) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    take(document, "return_for_change", cast=cast, on=PRACTICE_DAY)
    assert SECRET not in opened(cast.people[who], "/").content.decode()


def test_a_year_without_enough_days_says_so_and_asks_nobody(cast: Cast) -> None:
    document = make_document(cast, Kind.PROGRESS_REVIEW, State.ACKNOWLEDGED)
    Document.objects.filter(appraisal=document.appraisal, kind=Kind.PERFORMANCE_PLAN).update(
        approved_on=dt.date(2027, 1, 20)
    )
    page = home_text(cast, "employee")
    assert "Not rateable: 71 of 90 days under an approved plan, so there is no rating" in page
    assert "Rating by Dana Official" not in page
    row = text_of(opened(cast.rating_official, f"/team/?cycle={cast.cycle.pk}"))
    assert "Not rateable: 71 of 90 days" in row
    assert "Nobody’s turn" in row
    assert "Finished" not in row


def test_a_senior_leader_sees_each_unit_below_first(cast: Cast) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    page = home_text(cast, "leader")
    assert "Where each unit stands" in page
    assert page.index("Fire Division") < page.index("Needs you now")
    assert "Where each unit stands" not in home_text(cast, "higher_level_reviewer")


def test_a_leader_of_many_units_sees_the_latest_first_and_the_way_to_all(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strip, "MOST_UNITS", 1)
    with clock.frozen(PRACTICE_DAY):
        shown = opened(cast.leader, "/").content.decode()
    assert ("Fire Division" in shown) != ("Works Division" in shown)
    assert "2 more</a>: these are where most people are late" in shown
