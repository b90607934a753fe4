"""A supervisor's team: everybody on it, the reader's turn first, several plans started at once."""

import datetime as dt

import pytest
from django.test import Client

from appraisals.models import Appraisal, AppraisalCycle, Kind, State
from appraisals.services.records import start_record
from orgchart import clock
from orgchart.models import Assignment
from tests.appraisals.views.opening import opened, posted, queries, text_of
from tests.cast import PRACTICE_DAY, SECRET, Cast, make_cast, make_document, make_record, take
from tests.editions import unguarded

SPRING = dt.date(2026, 6, 12)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_team_lists_everybody_with_and_without_a_record(cast: Cast) -> None:
    make_record(cast)
    page = text_of(opened(cast.rating_official, "/team/", on=SPRING))
    assert "2 people" in page
    assert "2 waiting for you" in page
    for words in ("Maria Employee", "Plan being written", "Carl Colleague", "No FY 2027 plan yet"):
        assert words in page


def test_team_says_the_next_step_of_each(cast: Cast) -> None:
    make_record(cast)
    response = opened(cast.rating_official, "/team/", on=SPRING)
    page = text_of(response)
    assert "Write plan Maria Employee" in page
    assert "Start plan for Carl Colleague" in page


def test_your_turn_comes_first_and_late_before_that(cast: Cast) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    with clock.frozen(SPRING):
        other = start_record(cast.colleague, cycle=cast.cycle, by=cast.rating_official)
    other.documents.update(state=State.IN_REVIEW)
    page = text_of(opened(cast.rating_official, "/team/"))
    assert page.index("Maria Employee") < page.index("Carl Colleague")
    other.documents.update(state=State.DRAFT)
    page = text_of(opened(cast.rating_official, "/team/"))
    assert page.index("Carl Colleague") < page.index("Maria Employee")
    assert "days late" in page


def test_team_of_one_cycle(cast: Cast) -> None:
    make_record(cast)
    page = text_of(opened(cast.rating_official, f"/team/?cycle={cast.cycle.pk}", on=SPRING))
    assert "2 people in FY 2027" in page
    assert "Carl Colleague" in page


@pytest.mark.parametrize("asked", ["0", "x", "99999999"])
def test_team_of_an_unknown_cycle_is_not_found(cast: Cast, asked: str) -> None:
    assert opened(cast.rating_official, f"/team/?cycle={asked}").status_code == 404


def test_cycle_of_others_is_not_found(cast: Cast) -> None:
    foreign = AppraisalCycle.objects.create(
        name="Other",
        organization=cast.places["YARD"],
        starts_on=dt.date(2020, 4, 1),
        ends_on=dt.date(2021, 3, 31),
        effective_on=dt.date(2021, 6, 1),
        opened_at=clock.now(),
    )
    assert opened(cast.rating_official, f"/team/?cycle={foreign.pk}").status_code == 404


def test_somebody_without_a_team_sees_an_empty_page_and_no_names(cast: Cast) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    response = opened(cast.colleague, "/team/")
    assert "Nobody answers to you today" in text_of(response)
    assert "Maria" not in response.content.decode()
    assert SECRET not in response.content.decode()


def test_former_rating_official_sees_nothing_of_a_record_handed_on(cast: Cast) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    assert "Maria" not in text_of(opened(cast.former_rating_official, "/team/"))


def test_record_of_a_report_rated_by_somebody_else_stays_closed(cast: Cast) -> None:
    document = make_document(cast, Kind.PERFORMANCE_PLAN, State.DRAFT)
    Appraisal.objects.update(rating_official=cast.former_rating_official)
    response = opened(cast.rating_official, "/team/", on=SPRING)
    assert "The record is with Fern Former" in text_of(response)
    assert f"/documents/{document.pk}/" not in response.content.decode()
    assert f"/appraisals/{document.appraisal_id}/" not in response.content.decode()
    held = text_of(opened(cast.former_rating_official, "/team/", on=SPRING))
    assert "Maria Employee" in held


def test_returned_reason_stands_in_the_row(cast: Cast) -> None:
    document = make_document(cast, Kind.PERFORMANCE_PLAN, State.IN_REVIEW)
    take(document, "return_for_change", cast=cast, on=SPRING)
    page = text_of(opened(cast.rating_official, "/team/", on=SPRING))
    assert f"Returned by the reviewer FY 2027 · “Because {SECRET}”" in page


def test_several_plans_are_started_at_once_and_each_outcome_is_said(cast: Cast) -> None:
    chosen = [str(cast.employee.pk), str(cast.colleague.pk)]
    response = posted(cast.rating_official, "/team/start-plans/", {"people": chosen}, on=SPRING)
    assert response.redirect_chain == [("/team/", 302)]
    assert "Drafts of plans started for Carl Colleague and Maria Employee." in text_of(response)
    assert Appraisal.objects.count() == 2


def test_a_refused_start_does_not_stop_the_others(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    Assignment.objects.filter(employee=cast.employee).update(organization=cast.places["FIRE"])
    cast.policy.organization = cast.places["YARD"]
    with unguarded():
        cast.policy.save()
    chosen = [str(cast.employee.pk), str(cast.colleague.pk)]
    response = posted(cast.rating_official, "/team/start-plans/", {"people": chosen}, on=SPRING)
    page = text_of(response)
    assert "Carl Colleague: not started. No policy edition is in force" in page
    assert "Maria Employee: not started. No policy edition is in force" in page
    assert Appraisal.objects.count() == 0


def test_starting_twice_makes_one_record_and_says_the_same(cast: Cast) -> None:
    chosen = {"people": [cast.employee.pk]}
    pages = [
        text_of(posted(cast.rating_official, "/team/start-plans/", chosen, on=SPRING))
        for _ in range(2)
    ]
    assert all("Drafts of plans started for Maria Employee." in page for page in pages)
    assert Appraisal.objects.count() == 1


def test_starting_nobody_says_so(cast: Cast) -> None:
    response = posted(cast.rating_official, "/team/start-plans/", on=SPRING)
    assert response.status_code == 422
    assert "Choose at least one person." in text_of(response)


def test_nobody_starts_a_plan_for_somebody_elses_people(cast: Cast) -> None:
    response = posted(
        cast.official_elsewhere, "/team/start-plans/", {"people": [cast.employee.pk]}, on=SPRING
    )
    assert response.status_code == 422
    assert Appraisal.objects.count() == 0


def test_methods(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.rating_official)
    assert client.post("/team/").status_code == 405
    assert client.get("/team/start-plans/").status_code == 405


def test_team_asks_a_stranger_to_sign_in(client: Client) -> None:
    assert client.get("/team/").status_code == 302
    assert client.post("/team/start-plans/").status_code == 302


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("of_cycle", [False, True])
def test_team_costs_the_same_at_any_length(cast: Cast, rows: int, of_cycle: bool) -> None:
    people = [cast.employee, cast.colleague, cast.auditor][:rows]
    Assignment.objects.filter(employee__in=people).update(supervisor=cast.rating_official)
    with clock.frozen(SPRING):
        for person in people:
            start_record(person, cycle=cast.cycle, by=cast.rating_official)
    url = f"/team/?cycle={cast.cycle.pk}" if of_cycle else "/team/"
    assert queries(cast.rating_official, url, on=SPRING) == 12
    assert PRACTICE_DAY > SPRING


def test_start_form_stands_with_the_cycle_it_is_about(cast: Cast) -> None:
    earlier = AppraisalCycle.objects.create(
        name="FY 2026",
        organization=cast.places["DOD"],
        starts_on=dt.date(2025, 4, 1),
        ends_on=dt.date(2026, 3, 31),
        effective_on=dt.date(2026, 6, 1),
        opened_at=clock.now(),
    )
    with clock.frozen(dt.date(2025, 5, 5)):
        record = start_record(cast.colleague, cycle=earlier, by=cast.rating_official)
    assert record.cycle == earlier
    shown = opened(cast.rating_official, f"/team/?cycle={earlier.pk}", on=SPRING)
    assert "Start plans" not in text_of(shown)
    shown = opened(cast.rating_official, f"/team/?cycle={cast.cycle.pk}", on=SPRING)
    assert "Start FY 2027 plans" in text_of(shown)
