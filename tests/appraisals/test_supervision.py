"""The figures about a supervisor, worked out by hand for one record or two."""

import datetime as dt
from collections import Counter

import pytest

from appraisals.models import Appraisal, Document, Kind, Section, SectionKind, State
from appraisals.selectors import with_documents, with_levels
from appraisals.supervision import Figures, Share, figures_of
from appraisals.supervision_facts import facts_of
from appraisals.workflow import Given, advance
from orgchart import clock
from orgchart.models import Assignment
from tests.appraisals.views.sending import sent_plans, written_plan
from tests.cast import PRACTICE_DAY, Cast, make_cast, make_document, take
from tests.editions import policy_says

JUNE_12, OCTOBER_14 = dt.date(2026, 6, 12), dt.date(2026, 10, 14)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def counted(*, on: dt.date = PRACTICE_DAY, without: list[Assignment] | None = None) -> Figures:
    with clock.frozen(on):
        records = list(with_levels(with_documents(Appraisal.objects.all())))
        return figures_of(records, facts_of(records), without=without or [])


def parts(share: Share) -> tuple[int, int]:
    return share.done, share.of


def test_a_plan_is_on_time_when_it_is_approved_by_its_day(cast: Cast) -> None:
    """The plan is due on 30 April 2026, day 30 of the cycle (R1.3); it was approved on 12 June."""
    document = make_document(cast, Kind.PERFORMANCE_PLAN, State.APPROVED)
    figures = counted(on=JUNE_12)
    assert parts(figures.plans.share) == (0, 1)
    assert figures.plans.late_days == 43
    assert figures.plans.share.missing == {document.appraisal_id}
    Document.objects.update(approved_on=dt.date(2026, 4, 30))
    figures = counted(on=JUNE_12)
    assert parts(figures.plans.share) == (1, 1)
    assert figures.plans.late_days is None


def test_a_plan_that_is_not_due_yet_is_neither_late_nor_on_time(cast: Cast) -> None:
    make_document(cast, Kind.PERFORMANCE_PLAN, State.IN_REVIEW)
    Appraisal.objects.update(starts_on=dt.date(2026, 6, 1))
    assert counted(on=dt.date(2026, 6, 30)).plans.share.of == 0
    assert parts(counted(on=dt.date(2026, 7, 1)).plans.share) == (0, 1)


def test_somebody_without_a_plan_counts_as_late_after_the_day(cast: Cast) -> None:
    make_document(cast, Kind.PERFORMANCE_PLAN, State.APPROVED)
    colleague = Assignment.objects.filter(employee=cast.colleague)
    figures = counted(on=JUNE_12, without=list(colleague))
    assert parts(figures.plans.share) == (0, 2)
    colleague.update(position_start_date=dt.date(2026, 6, 1))
    figures = counted(on=JUNE_12, without=list(colleague))
    assert parts(figures.plans.share) == (0, 1)


def test_days_late_are_the_median(cast: Cast) -> None:
    """43 days, and 44 for the one that was approved a day later: 43.5, shown as 44."""
    first, second = sent_plans(cast, cast.employee, cast.colleague)
    for plan, day in ((first, 12), (second, 13)):
        with clock.frozen(dt.date(2026, 6, day)):
            advance(plan, "approve", by=cast.higher_level_reviewer)
    assert counted(on=dt.date(2026, 6, 20)).plans.late_days == 44


def test_a_progress_review_is_held_when_it_was_discussed(cast: Cast) -> None:
    make_document(cast, Kind.PROGRESS_REVIEW, State.APPROVED)
    Document.objects.filter(kind=Kind.PERFORMANCE_PLAN).update(approved_on=dt.date(2026, 4, 20))
    assert parts(counted(on=OCTOBER_14).held) == (0, 1)
    assert counted(on=OCTOBER_14).reviews.share.of == 0
    late = counted(on=dt.date(2026, 11, 3)).reviews
    assert (parts(late.share), late.late_days) == ((0, 1), 3)
    take(Document.objects.get(kind=Kind.PROGRESS_REVIEW), "communicate", cast=cast, on=OCTOBER_14)
    assert parts(counted(on=OCTOBER_14).held) == (1, 1)
    assert parts(counted(on=dt.date(2026, 11, 3)).reviews.share) == (1, 1)


@pytest.mark.parametrize(("minimum", "expected"), [(0, (0, 0)), (1, (1, 1)), (2, (1, 2))])
def test_how_many_progress_reviews_are_owed_is_policy(
    cast: Cast, minimum: int, expected: tuple[int, int]
) -> None:
    """R1.7"""
    make_document(cast, Kind.PROGRESS_REVIEW, State.ACKNOWLEDGED)
    policy_says(cast.policy, progress_reviews_minimum=minimum)
    assert parts(counted().held) == expected


def test_nobody_is_late_for_a_review_that_came_due_before_there_was_a_plan(cast: Cast) -> None:
    make_document(cast, Kind.PROGRESS_REVIEW, State.DRAFT)
    Document.objects.filter(kind=Kind.PERFORMANCE_PLAN).update(approved_on=dt.date(2026, 12, 1))
    figures = counted()
    assert figures.reviews.share.of == 0
    assert parts(figures.held) == (0, 1)


@pytest.mark.parametrize(
    ("sent_on", "expected"), [(dt.date(2027, 4, 15), (1, 1)), (dt.date(2027, 4, 16), (0, 1))]
)
def test_a_rating_is_on_time_when_it_was_sent_up(
    cast: Cast, sent_on: dt.date, expected: tuple[int, int]
) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    assert counted(on=dt.date(2027, 4, 15)).ratings.share.of == 0
    take(document, "submit", cast=cast, on=sent_on)
    assert parts(counted(on=sent_on).ratings.share) == expected


def test_days_from_begun_to_approved_and_with_the_reviewer(cast: Cast) -> None:
    """The plan: begun 10 June, sent and approved 12 June. The rating: begun and sent 6 April, returned
    8 April, sent again 10 April, approved 13 April."""
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    take(document, "return_for_change", cast=cast, on=dt.date(2027, 4, 8))
    take(document, "submit", cast=cast, on=dt.date(2027, 4, 10))
    take(document, "approve", cast=cast, on=dt.date(2027, 4, 13))
    figures = counted(on=dt.date(2027, 4, 13))
    assert (figures.plan_days, figures.rating_days) == (2, 7)
    assert figures.days_with_you == 2, "the median of 0, 2 and 3"


def test_what_came_back_and_for_what(cast: Cast) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    for about in ("narrative", "rating"):
        with clock.frozen(PRACTICE_DAY):
            given = Given(reason="Why", about=about)
            advance(document, "return_for_change", by=cast.higher_level_reviewer, given=given)
        take(document, "submit", cast=cast, on=PRACTICE_DAY)
    figures = counted()
    assert parts(figures.first_time) == (1, 2), (
        "a plan and a rating were sent; the rating came back"
    )
    assert figures.returns == Counter(narrative=1, rating=1)
    assert figures.first_time.missing == {document.appraisal_id}


def test_what_was_taken_back_did_not_come_back(cast: Cast) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.IN_REVIEW)
    take(plan, "recall", "submit", cast=cast, on=JUNE_12)
    figures = counted(on=JUNE_12)
    assert parts(figures.first_time) == (1, 1)
    assert figures.returns == Counter()


def test_what_another_official_sent_up_is_not_laid_at_this_ones_door(cast: Cast) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    take(document, "return_for_change", cast=cast, on=PRACTICE_DAY)
    Appraisal.objects.update(rating_official=cast.former_rating_official)
    figures = counted()
    assert parts(figures.first_time) == (0, 0)
    assert figures.returns == Counter()


def test_narratives_that_the_policy_asks_for_and_others(cast: Cast) -> None:
    """R7.7: both elements are rated 5, each with its narrative."""
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    assert parts(counted().required) == (2, 2)
    assert parts(counted().further) == (0, 0)
    first, second = document.sections.filter(kind=SectionKind.RATING)
    Section.objects.filter(pk=first.pk).update(text=" \n ")
    Section.objects.filter(pk=second.pk).update(level=3)
    figures = counted()
    assert (parts(figures.required), parts(figures.further)) == ((0, 1), (1, 1))
    assert figures.required.missing == {document.appraisal_id}
    Section.objects.filter(pk=second.pk).update(level=0)
    assert parts(counted().further) == (0, 0), "an element that is not rated needs no narrative"


def test_input_is_answered_by_a_text_on_the_same_element(cast: Cast) -> None:
    """Two elements in a progress review and in a rating: four times input, four answers."""
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    assert parts(counted().answered) == (4, 4)
    ratings = document.sections.filter(kind=SectionKind.RATING)
    Section.objects.filter(pk=ratings[0].pk).update(text="")
    assert parts(counted().answered) == (3, 4)
    document.sections.filter(kind=SectionKind.EMPLOYEE_INPUT).update(text="")
    assert parts(counted().answered) == (2, 2)


def test_what_a_draft_holds_is_not_counted(cast: Cast) -> None:
    """The reviewer may not read it, so no number tells of it."""
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    figures = counted()
    assert parts(figures.required) == parts(figures.further) == (0, 0)
    assert parts(figures.answered) == (2, 2), "those of the progress review"


def test_ratings_are_counted_once_the_cycle_is_finished(cast: Cast) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED)
    assert counted(on=dt.date(2027, 5, 31)).levels is None
    assert counted(on=dt.date(2027, 6, 1)).levels == Counter({5: 1})


def test_nothing_is_counted_of_nothing(cast: Cast) -> None:
    assert counted() == Figures()
    written_plan(cast, cast.employee)
    figures = counted(on=dt.date(2026, 4, 20))
    assert (figures.plan_days, figures.days_with_you, figures.held.percent) == (None, None, None)


@pytest.mark.parametrize(
    ("done", "of", "percent"), [(0, 3, 0), (3, 3, 100), (1, 300, 1), (299, 300, 99), (1, 3, 33)]
)
def test_nearly_all_is_not_all(done: int, of: int, percent: int) -> None:
    assert Share(done, of).percent == percent
