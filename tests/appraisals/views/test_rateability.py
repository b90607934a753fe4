"""More time, a year without a rating, special situations, another calendar (R1.5 to R1.12, R7.8 to R7.13)."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from appraisals import rollups
from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    Extension,
    Kind,
    Milestone,
    Notice,
    RatingOfRecord,
    RecordStanding,
    State,
)
from appraisals.problems import document_problems, plan_of
from appraisals.services.cycles import astray, change_cycle
from appraisals.services.program import suggested_milestones
from appraisals.services.rateability import close_year, enter_situation, grant_extension
from appraisals.services.records import start_annual_appraisal, start_progress_review, start_record
from appraisals.turns import current_turn, milestone
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person
from tests.appraisals.rows import NOON, issue_rating
from tests.cast import (
    PATH,
    PRACTICE_DAY,
    Cast,
    fill_sections,
    make_cast,
    make_document,
    make_record,
    take,
)
from tests.editions import policy_says

pytestmark = pytest.mark.django_db

LATE_PLAN = dt.date(2027, 1, 14)
ENOUGH_ON = dt.date(2027, 4, 13)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def late(cast: Cast) -> Appraisal:
    """77 days under a plan by the end of the cycle."""
    appraisal = make_record(cast)
    take(appraisal.documents.get(), *PATH[State.ACKNOWLEDGED], cast=cast, on=LATE_PLAN)
    return Appraisal.objects.get(pk=appraisal.pk)


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


MORE = {"until": "2027-04-13", "reason": "few_days", "explanation": "Thirteen days are missing."}


def page_of(person: Person, address: str, day: dt.date = PRACTICE_DAY) -> str:
    with clock.frozen(day):
        response = as_(person).get(address)
        return b"".join(response).decode()  # type: ignore[arg-type]


def post(person: Person, address: str, day: dt.date = PRACTICE_DAY, **given: object) -> int:
    with clock.frozen(day):
        return as_(person).post(address, given).status_code


def test_the_employee_reads_why_and_what_can_be_done_r7_8(cast: Cast, late: Appraisal) -> None:
    page = page_of(cast.employee, f"/appraisals/{late.pk}/rateability/")
    assert "As it stands, no rating can be given for this cycle" in page
    assert "77 days that count, and 90 are needed" in page
    assert "On 13 April 2027 the days would suffice" in page
    assert "How that is worked out" in page_of(cast.employee, f"/appraisals/{late.pk}/")


def test_the_official_asks_hr_grants_and_the_year_goes_on_r1_11(
    cast: Cast, late: Appraisal
) -> None:
    address = f"/appraisals/{late.pk}/more-time/"
    assert post(cast.rating_official, address, **MORE) == 302
    extension = Extension.objects.get()
    assert (extension.state, Appraisal.objects.get(pk=late.pk).extended_until) == ("asked", None)
    assert Notice.objects.get(kind="extension_asked").recipient == cast.hr
    granted = {"outcome": "granted", "authority": "Hanna Human, HR of the command"}
    assert post(cast.rating_official, f"/more-time/{extension.pk}/", **granted) == 403
    assert post(cast.hr, f"/more-time/{extension.pk}/", outcome="granted") == 422
    assert post(cast.hr, f"/more-time/{extension.pk}/", **granted) == 302
    assert post(cast.hr, f"/more-time/{extension.pk}/", **granted) == 422
    record = Appraisal.objects.get(pk=late.pk)
    assert record.extended_until == ENOUGH_ON
    assert Notice.objects.filter(kind="extension_decided", recipient=cast.employee).exists()
    assert ":yes@2027-04-13:" in RecordStanding.objects.get(appraisal=record).shape
    assert rollups.check() == []


def test_a_rating_in_an_extended_period_has_its_own_days(cast: Cast, late: Appraisal) -> None:
    extend(cast, late, ENOUGH_ON)
    record = Appraisal.objects.get(pk=late.pk)
    with clock.frozen(dt.date(2027, 4, 14)):
        assert milestone(record, "appraisal_due") == dt.date(2027, 4, 28)
        review = start_progress_review(record, by=cast.rating_official)
    day = dt.date(2027, 4, 14)
    fill_sections(review, cast=cast, on=day)
    take(review, "finish", "communicate", "acknowledge", cast=cast, on=day)
    with clock.frozen(day):
        annual = start_annual_appraisal(record, by=cast.rating_official)
    fill_sections(annual, cast=cast, on=day)
    take(annual, *PATH[State.ACKNOWLEDGED], cast=cast, on=dt.date(2027, 6, 20))
    assert RatingOfRecord.objects.get().effective_on == dt.date(2027, 6, 20)


def extend(cast: Cast, appraisal: Appraisal, until: dt.date) -> Extension:
    with clock.frozen(PRACTICE_DAY):
        return grant_extension(
            appraisal,
            until=until,
            reason="few_days",
            explanation="More time.",
            authority="HR of the command",
            by=cast.hr,
        )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"until": "2027-03-31"}, "Choose a later day"),
        ({"until": "2028-03-01"}, "180 days at most"),
        ({"explanation": ""}, "Say what more time is needed for"),
        ({"reason": ""}, "Choose why more time is needed"),
    ],
)
def test_more_time_that_cannot_be_says_why_and_keeps_what_was_typed(
    cast: Cast, late: Appraisal, given: dict[str, str], words: str
) -> None:
    with clock.frozen(PRACTICE_DAY):
        address = f"/appraisals/{late.pk}/more-time/"
        response = as_(cast.rating_official).post(address, MORE | given)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert given.get("explanation", MORE["explanation"]) in page
    assert not Extension.objects.exists()


def test_policy_may_let_the_reviewer_extend(cast: Cast, late: Appraisal) -> None:
    address = f"/appraisals/{late.pk}/more-time/"
    assert post(cast.higher_level_reviewer, address, **MORE, authority="I") == 403
    policy_says(reviewer_may_extend=True)
    assert post(cast.higher_level_reviewer, address, **MORE, authority="Henry Reviewer") == 302
    assert Extension.objects.get().decided_by == cast.higher_level_reviewer


def test_an_extension_is_taken_back_with_its_reason(cast: Cast, late: Appraisal) -> None:
    extend(cast, late, ENOUGH_ON)
    assert post(cast.hr, f"/appraisals/{late.pk}/more-time/end/", why="Not needed.") == 302
    assert Appraisal.objects.get(pk=late.pk).extended_until is None
    assert Extension.objects.get().state == "ended"
    assert post(cast.hr, f"/appraisals/{late.pk}/more-time/end/", why="Again.") == 422


def test_hr_closes_a_year_and_opens_it_again_r7_8(cast: Cast, late: Appraisal) -> None:
    address = f"/appraisals/{late.pk}/not-rated/"
    assert post(cast.rating_official, address, reason="few_days") == 403
    assert post(cast.hr, address, reason="few_days") == 302
    record = Appraisal.objects.get(pk=late.pk)
    assert record.not_rated == "few_days"
    with clock.frozen(PRACTICE_DAY):
        turn = current_turn(record)
        assert (turn.party, turn.what) == (
            None,
            "Closed without a rating: too few days under an approved plan",
        )
        with pytest.raises(Refused, match="near the end of the cycle"):
            start_annual_appraisal(record, by=cast.rating_official)
    assert "unrated:few_days" in RecordStanding.objects.get(appraisal=record).also
    counted = page_of(cast.hr, "/hr/not-rated/?organization=CMD&show=reasons&format=csv")
    assert "Closed without a rating,Too few days under an approved plan,1" in counted
    assert "Too few days under an approved plan" in page_of(
        cast.employee, f"/appraisals/{late.pk}/"
    )
    assert post(cast.hr, f"{address}undo/", why="The plan was approved earlier on paper.") == 302
    assert Appraisal.objects.get(pk=late.pk).not_rated == ""
    assert record.closings.get().undone_by == cast.hr
    assert rollups.check() == []


def test_a_rating_that_is_owed_is_not_replaced_by_too_few_days_r7_9(cast: Cast) -> None:
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    address = f"/appraisals/{annual.appraisal_id}/not-rated/"
    with clock.frozen(PRACTICE_DAY):
        page = as_(cast.hr).post(address, {"reason": "few_days"}).content.decode()
        assert "A rating is owed" in page
        page = as_(cast.hr).post(address, {"reason": "absence"}).content.decode()
        assert "Say in a sentence or two" in page
    assert post(cast.hr, address, reason="absence", explanation="Ill since June.") == 302
    (problem,) = document_problems(type(annual).objects.with_contents().get(pk=annual.pk))
    assert "closed without a rating: long absence" in problem.message


def test_a_rating_on_its_way_is_not_closed_behind_its_back(cast: Cast) -> None:
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    with clock.frozen(PRACTICE_DAY), pytest.raises(Refused, match="has been sent up"):
        close_year(annual.appraisal, reason="other", explanation="Why not.", by=cast.hr)


def test_union_time_all_year_gives_no_rating_and_says_so_o8(cast: Cast) -> None:
    record = make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED).appraisal
    given = {"kind": "union_time", "starts_on": "2026-04-01"}
    assert post(cast.hr, f"/appraisals/{record.pk}/situations/", **given) == 302
    page = page_of(cast.employee, f"/appraisals/{record.pk}/rateability/")
    assert "Union representative on 100% official time" in page
    assert "0 of 90" in page
    with clock.frozen(PRACTICE_DAY):
        assert current_turn(Appraisal.objects.get(pk=record.pk)).what != "Rate"
    situation = cast.employee.situations.get()
    address = f"/appraisals/{record.pk}/situations/{situation.pk}/"
    assert post(cast.hr, address, what="end", ends_on="2026-03-01") == 422
    assert post(cast.hr, address, what="remove") == 302
    assert "A rating can be given" in page_of(
        cast.employee, f"/appraisals/{record.pk}/rateability/"
    )
    assert record.events.filter(name="remove_situation", by=cast.hr).exists()


def test_hr_enters_nothing_about_themselves(cast: Cast) -> None:
    with clock.frozen(dt.date(2026, 6, 10)):
        own = start_record(cast.hr, cycle=cast.cycle, by=cast.reviewer_elsewhere)
    with pytest.raises(PermissionDenied):
        enter_situation(own, kind="training", starts_on=NOON.date(), ends_on=None, by=cast.hr)


# Other calendars


@pytest.fixture
def school(cast: Cast) -> AppraisalCycle:
    """The Works Division follows the calendar of a school: 1 May to 30 April."""
    cycle = AppraisalCycle.objects.create(
        name="School year 2027",
        organization=cast.places["WORKS"],
        starts_on=dt.date(2026, 5, 1),
        ends_on=dt.date(2027, 4, 30),
        effective_on=dt.date(2027, 7, 1),
        opened_at=NOON,
    )
    days = suggested_milestones(cycle.starts_on, cycle.ends_on, cycle.effective_on)
    Milestone.objects.bulk_create(
        Milestone(cycle=cycle, kind=kind, due_on=day) for kind, day in days.items()
    )
    return cycle


def test_a_record_moves_to_the_calendar_of_its_unit_r1_12(
    cast: Cast, late: Appraisal, school: AppraisalCycle
) -> None:
    assert not astray(Appraisal.objects.all()).exists()
    Appraisal.objects.filter(pk=late.pk).update(organization=cast.places["WORKS"])
    assert astray(Appraisal.objects.all()).get() == late
    assert "Maria" in page_of(cast.hr, "/hr/not-rated/?organization=CMD&show=calendar")
    given = {"cycle": school.pk, "reason": "She teaches there now."}
    assert post(cast.hr, f"/appraisals/{late.pk}/cycle/", **given) == 302
    record = Appraisal.objects.get(pk=late.pk)
    assert (record.cycle, record.period_ends_on) == (school, dt.date(2027, 4, 30))
    assert plan_of(record) == plan_of(late)
    assert not astray(Appraisal.objects.all()).exists()
    assert "A rating can be given" in page_of(cast.employee, f"/appraisals/{late.pk}/rateability/")
    assert "Moved to another cycle" in page_of(cast.employee, f"/appraisals/{late.pk}/timeline/")
    assert rollups.check() == []


def test_nobody_gets_two_records_of_the_same_days_r1_12(
    cast: Cast, late: Appraisal, school: AppraisalCycle
) -> None:
    with clock.frozen(PRACTICE_DAY):
        with pytest.raises(Refused, match="has an open record in FY 2027"):
            start_record(cast.employee, cycle=school, by=cast.rating_official)
        issue_rating(late)
        record = start_record(cast.employee, cycle=school, by=cast.rating_official)
    assert record.starts_on == dt.date(2027, 4, 1)


def test_a_record_moves_nowhere_it_does_not_belong(
    cast: Cast, late: Appraisal, school: AppraisalCycle
) -> None:
    with clock.frozen(PRACTICE_DAY):
        with pytest.raises(Refused, match="does not reach Fire Division"):
            change_cycle(late, school, reason="So.", by=cast.hr)
        issue_rating(late)
        with pytest.raises(Refused, match="This year is over"):
            change_cycle(late, school, reason="So.", by=cast.hr)


def test_a_missing_rating_is_not_given_after_a_later_one_r7_12(
    cast: Cast, late: Appraisal, school: AppraisalCycle
) -> None:
    later = Appraisal.objects.get(pk=late.pk)
    later.pk, later.cycle = None, school
    later.save()
    issue_rating(later)
    with clock.frozen(PRACTICE_DAY), pytest.raises(Refused, match=r"\(R7.12\)"):
        start_annual_appraisal(late, by=cast.rating_official)


# The lists


@pytest.mark.parametrize("people", [1, 3])
def test_hr_lists_who_cannot_be_rated_at_a_constant_cost(
    cast: Cast,
    late: Appraisal,
    people: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for other in [cast.colleague, cast.auditor][: people - 1]:
        make_record_of(other, late)
    client = as_(cast.hr)
    with clock.frozen(PRACTICE_DAY):
        with django_assert_max_num_queries(15):
            page = client.get("/hr/not-rated/?organization=CMD").content.decode()
        csv = b"".join(client.get("/hr/not-rated/?organization=CMD&format=csv"))  # type: ignore[arg-type]
    assert f"{people} record" in page
    assert "enough on 13 April 2027" in page
    assert csv.count(b"77 of 90") == people


def test_hr_closes_several_years_each_for_its_own_reason(cast: Cast, late: Appraisal) -> None:
    rated = make_record_of(cast.colleague, late)
    chosen = {"record": [late.pk, rated.pk, 10**12], "organization": "CMD"}
    take_back = plan_of(rated)
    assert take_back is not None
    take_back.approved_on = dt.date(2026, 5, 1)
    take_back.save()
    with clock.frozen(PRACTICE_DAY):
        page = as_(cast.hr).post("/hr/not-rated/close/", chosen, follow=True).content.decode()
    assert "Closed without a rating: 1." in page
    assert "Carl Colleague: there are enough days" in page
    assert Appraisal.objects.get(pk=late.pk).closings.get().reason == "few_days"
    assert Appraisal.objects.get(pk=rated.pk).not_rated == ""


def make_record_of(person: Person, like: Appraisal) -> Appraisal:
    record = Appraisal.objects.get(pk=like.pk)
    record.pk, record.employee = None, person
    record.save()
    plan = like.documents.get()
    plan.pk, plan.appraisal = None, record
    plan.save()
    return record
