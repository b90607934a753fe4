"""What follows from a rating (R10.7, R12), on its page: the other decisions of the rule book, O1 to O8."""

import datetime as dt

import pytest
from django.urls import reverse

from appraisals.models import (
    AmendmentReason,
    Appraisal,
    AppraisalCycle,
    Decision,
    Kind,
    RatingOfRecord,
    SectionKind,
    Situation,
    SituationKind,
    State,
)
from appraisals.services.actions import start_current_rating
from appraisals.services.amending import record_decision
from appraisals.services.writing import save_section
from orgchart import clock
from tests.appraisals.views.opening import opened, queries, text_of
from tests.assistance_rows import GIVEN, given_opportunity, planned_record, write_all
from tests.cast import PRACTICE_DAY, Cast, make_cast, make_document, take
from tests.factories import make_kinds

pytestmark = pytest.mark.django_db

ISSUED = dt.date(2027, 5, 10)


@pytest.fixture
def cast() -> Cast:
    make_kinds()
    return make_cast()


def rated(cast: Cast, level: int) -> Appraisal:
    """Its annual appraisal, every element at this level, discussed on 10 May 2027."""
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    with clock.frozen(ISSUED):
        for section in annual.sections.filter(kind=SectionKind.RATING):
            save_section(
                section,
                by=cast.rating_official,
                expected_version=section.version,
                text="As it was.",
                level=level,
            )
    take(annual, "submit", "approve", "communicate", cast=cast, on=ISSUED)
    return annual.appraisal


def earlier(cast: Cast, record: Appraisal, level: int) -> None:
    """A rating of the year before, by the same officials."""
    cycle = AppraisalCycle.objects.create(
        name="FY 2026",
        organization=cast.places["DOD"],
        starts_on=dt.date(2025, 4, 1),
        ends_on=dt.date(2026, 3, 31),
        effective_on=dt.date(2026, 6, 1),
        opened_at=clock.now(),
    )
    values = {each.attname: getattr(record, each.attname) for each in Appraisal._meta.fields}
    values.pop("id")
    before = Appraisal.objects.create(**(values | {"cycle_id": cycle.pk}))
    with clock.frozen(dt.date(2026, 5, 10)):
        RatingOfRecord.objects.create(
            appraisal=before,
            level=level,
            rated_sum=level,
            rated_count=1,
            effective_on=cycle.effective_on,
            issued_at=clock.now(),
            issued_by=cast.rating_official,
        )


def said(cast: Cast, record: Appraisal, who: str = "rating_official", query: str = "") -> str:
    url = reverse("consequences", args=[record.pk]) + query
    return text_of(opened(cast.people[who], url, on=dt.date(2027, 6, 15)))


def test_what_follows_from_a_5_o2(cast: Cast) -> None:
    page = said(cast, rated(cast, 5))
    assert "A rating of record of Outstanding allows it; it is never automatic." in page
    assert "The latest rating of record is Fully Successful or better." in page
    assert "Not more than one in 52 weeks" in page


def test_no_quality_step_from_a_3_o1(cast: Cast) -> None:
    page = said(cast, rated(cast, 3))
    assert "A quality step increase needs a rating of record of Outstanding." in page
    assert "The rating of record allows a rating-based award." in page


def test_no_within_grade_increase_from_a_1_o3(cast: Cast) -> None:
    page = said(cast, rated(cast, 1))
    assert "The latest rating of record is below Fully Successful." in page
    assert "within 15 days" in page
    assert "A rating-based award needs a rating of record of Fully Successful or better." in page


def test_poor_work_asks_for_a_more_current_rating_o4(cast: Cast) -> None:
    record = rated(cast, 3)
    given_opportunity(cast, record, on=dt.date(2027, 6, 1))
    page = said(cast, record)
    assert "Prepare a more current rating of record first." in page
    assert "An opportunity period began on 1 June 2027." in page
    assert "Prepare a more current rating" in page
    with clock.frozen(dt.date(2027, 6, 2)):
        document = start_current_rating(record, why="x", by=cast.rating_official)
    write_all(document, cast, on=dt.date(2027, 6, 2), level=1)
    take(document, "submit", "approve", "communicate", cast=cast, on=dt.date(2027, 6, 2))
    page = said(cast, record)
    assert "The latest rating of record is 1 Unacceptable, More current rating, FY 2027" in page
    assert "The latest rating of record is below Fully Successful." in page


def test_a_rating_from_before_the_last_period_decides_nothing_r10_7(cast: Cast) -> None:
    record = planned_record(cast)
    earlier(cast, record, 3)
    page = said(cast, record)
    assert "from before the last completed period" in page


def test_a_reduction_in_force_uses_the_two_latest_o5(cast: Cast) -> None:
    record = rated(cast, 3)
    earlier(cast, record, 5)
    page = said(cast, record)
    assert "On 15 June 2027 a rating of 4 would be used." in page
    before = said(cast, record, query="?on=2027-05-31")
    assert "On 31 May 2027 a rating of 5 would be used." in before


def test_a_latest_1_stands_alone_in_a_reduction_in_force_o6(cast: Cast) -> None:
    record = rated(cast, 1)
    earlier(cast, record, 5)
    page = said(cast, record)
    assert "a rating of 1 would be used" in page
    assert "A latest rating of 1 stands alone." in page


def test_without_a_rating_nothing_follows_o8(cast: Cast) -> None:
    page = said(cast, planned_record(cast))
    assert "Without a rating of record there is no rating-based award." in page
    assert "There is no rating of record to decide on." in page
    assert "A modal rating may be used (R7.13)." in page


def test_union_time_all_cycle_is_read_from_the_situation_that_hr_entered_o8(cast: Cast) -> None:
    record = planned_record(cast)
    Situation.objects.create(
        employee=record.employee,
        kind=SituationKind.UNION_TIME,
        starts_on=cast.cycle.starts_on,
        entered_by=cast.hr,
        entered_at=clock.now(),
    )
    page = said(cast, record)
    assert "100% official time gives no rating of record for this cycle" in page
    assert "the determination of acceptable competence is waived" in page
    assert "There is no rating of record to decide on." not in page


def test_a_changed_rating_counts_as_it_was_changed_r11_5(cast: Cast) -> None:
    record = rated(cast, 3)
    with clock.frozen(dt.date(2027, 6, 2)):
        decision = Decision(
            levels=[5, 5],
            reason=AmendmentReason.GRIEVANCE,
            authority="Grievance 12",
            decided_on=dt.date(2027, 6, 2),
        )
        record_decision(RatingOfRecord.objects.get(appraisal=record), decision, by=cast.hr)
    page = said(cast, record)
    assert "5 Outstanding, FY 2027, as it was changed" in page


def test_limits_of_awards_are_for_human_resources_alone_r12_6(cast: Cast) -> None:
    record = rated(cast, 5)
    page = said(cast, record, "hr")
    assert "80 hours a year" in page
    assert "15 to 25% of basic pay, at most $25,000, for the best 15% of people" in page
    for other in ("employee", "rating_official", "higher_level_reviewer"):
        page = said(cast, record, other)
        assert "$" not in page
        assert "80 hours" not in page
        assert "No amount is named or promised when a rating is discussed (R12.6)." in page


def test_the_employee_sees_nothing_of_a_rating_before_it_is_discussed(cast: Cast) -> None:
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.APPROVED)
    url = reverse("consequences", args=[annual.appraisal_id])
    page = text_of(opened(cast.employee, url))
    assert "There is no rating of record" in page


def test_a_day_that_is_none_is_said(cast: Cast) -> None:
    record = planned_record(cast)
    answer = opened(
        cast.hr, reverse("consequences", args=[record.pk]) + "?on=soon", on=PRACTICE_DAY
    )
    assert answer.status_code == 422
    assert "Give a date." in text_of(answer)


def test_the_page_costs_the_same_for_any_number_of_ratings(cast: Cast) -> None:
    record = rated(cast, 3)
    url = reverse("consequences", args=[record.pk])
    first = queries(cast.rating_official, url, on=ISSUED)
    earlier(cast, record, 5)
    assert queries(cast.rating_official, url, on=ISSUED) == first <= 15
    assert GIVEN < ISSUED
