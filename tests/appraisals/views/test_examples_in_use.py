"""The worked examples of the rule book (§18) where people meet them: on the pages they work with."""

import datetime as dt

import pytest
from django.urls import reverse

from appraisals.models import Appraisal, Document, Kind, MandatoryElement, SectionKind, State
from appraisals.problems import plan_of
from appraisals.services.records import start_annual_appraisal, start_record
from appraisals.services.writing import add_element, remove_element, save_section
from orgchart import clock
from orgchart.models import Assignment
from tests.appraisals.leaving import answers, make_team
from tests.appraisals.test_rules_rating import WORKED_EXAMPLES
from tests.appraisals.views.opening import opened, posted, text_of
from tests.assistance_rows import PLANNED, ended_opportunity, planned_record, proposed_action
from tests.cast import PATH, PRACTICE_DAY, Cast, make_cast, make_document, make_record, take
from tests.editions import policy_says
from tests.factories import make_kinds
from tests.record_rows import make_rated

pytestmark = pytest.mark.django_db
NAMES = {5: "Outstanding", 3: "Fully Successful", 1: "Unacceptable"}
RATED = {name: example for name, example in WORKED_EXAMPLES.items() if example[0]}


@pytest.fixture
def cast() -> Cast:
    make_kinds()
    return make_cast()


def rated(cast: Cast, levels: list[int], text: str = "As it was.") -> Document:
    """An annual appraisal being written, its elements rated like this."""
    record = make_record(cast)
    plan, by = plan_of(record), cast.rating_official
    assert plan is not None
    with clock.frozen(PLANNED):
        for number in range(3, len(levels) + 1):
            values = {
                "title": f"Element {number}",
                "standards": "9 in 10.",
                "is_supervisory": False,
            }
            add_element(plan, by=by, values=values | {"goal_id": cast.goals[-1].pk})
        for element in plan.elements.order_by("-number")[: max(0, 2 - len(levels))]:
            remove_element(element, by=by)
    take(plan, *PATH[State.ACKNOWLEDGED], cast=cast, on=PLANNED)
    with clock.frozen(PRACTICE_DAY):
        annual = start_annual_appraisal(record, by=by)
        sections = annual.sections.filter(kind=SectionKind.RATING).order_by("element__number")
        for section, level in zip(sections, levels, strict=True):
            version = section.version
            save_section(section, by=by, expected_version=version, text=text, level=level)
    return annual


@pytest.mark.parametrize(("levels", "expected"), RATED.values(), ids=list(RATED))
def test_the_summary_rating_stands_on_the_appraisal_t1_to_t18(
    cast: Cast, levels: list[int], expected: int | None
) -> None:
    page = text_of(opened(cast.rating_official, rated(cast, levels).get_absolute_url()))
    if expected is None:
        assert "No rating of record." in page
        return
    assert f"Summary rating: {NAMES[expected]}." in page
    counted = [level for level in levels if level]
    assert f"{sum(counted)} ÷ {len(counted)} = {sum(counted) / len(counted):.2f}" in page


def test_a_4_or_a_2_is_not_taken_t19(cast: Cast) -> None:
    section = rated(cast, [5, 3]).sections.filter(kind=SectionKind.RATING)[0]
    url = reverse("section_edit", args=[section.pk])
    for level in ("4", "2"):
        sent = {"version": section.version, "text": "Kept text.", "level": level}
        answer = posted(cast.rating_official, url, sent)
        assert answer.status_code == 422
        assert "Kept text." in answer.content.decode()


def test_a_5_without_its_narrative_is_not_sent_t20(cast: Cast) -> None:
    annual = rated(cast, [5, 3], text="")
    answer = posted(cast.rating_official, reverse("document_step", args=[annual.pk, "submit"]))
    assert answer.status_code == 422
    assert "is rated 5 (Outstanding) without a narrative" in text_of(answer)


def test_the_cycle_and_the_day_of_effect_stand_on_the_rating_d1_d2(cast: Cast) -> None:
    record = make_rated(cast)
    page = text_of(opened(cast.employee, record.get_absolute_url()))
    assert "effective 1 June 2027" in page
    assert "1 April 2026 to 31 March 2027" in page


@pytest.mark.parametrize(
    ("position_on", "by"),
    [(dt.date(2024, 1, 15), "30 April 2026"), (dt.date(2026, 9, 14), "13 October 2026")],
    ids=["D4", "D5"],
)
def test_the_plan_is_due_on_the_day_d4_d5(cast: Cast, position_on: dt.date, by: str) -> None:
    Assignment.objects.filter(employee=cast.employee).update(position_start_date=position_on)
    begun = max(cast.cycle.starts_on, position_on)
    with clock.frozen(begun):
        record = start_record(cast.employee, cycle=cast.cycle, by=cast.employee)
    page = text_of(opened(record.rating_official, record.get_absolute_url(), on=begun))
    assert f"due {by}" in page


@pytest.mark.parametrize(
    ("approved_on", "days", "said"),
    [
        (dt.date(2027, 1, 1), 90, "A rating can be given"),
        (dt.date(2027, 1, 2), 89, "no rating can be given for this cycle"),
    ],
    ids=["D6", "D7"],
)
def test_the_minimum_period_is_told_d6_d7(
    cast: Cast, approved_on: dt.date, days: int, said: str
) -> None:
    record = make_record(cast)
    take(record.documents.get(), *PATH[State.ACKNOWLEDGED], cast=cast, on=approved_on)
    page = text_of(opened(cast.employee, f"{record.get_absolute_url()}rateability/"))
    assert f"{days} of 90" in page
    assert said in page


def test_the_leap_day_counts_d8(cast: Cast) -> None:
    """The year of the record becomes the one that ends in 2028."""
    record = make_record(cast)
    type(cast.cycle).objects.filter(pk=cast.cycle.pk).update(
        starts_on=dt.date(2027, 4, 1),
        ends_on=dt.date(2028, 3, 31),
        effective_on=dt.date(2028, 6, 1),
    )
    Appraisal.objects.filter(pk=record.pk).update(starts_on=dt.date(2027, 4, 1))
    plan = record.documents.get()
    take(plan, *PATH[State.ACKNOWLEDGED], cast=cast, on=dt.date(2028, 1, 2))
    url = f"{record.get_absolute_url()}rateability/"
    page = text_of(opened(cast.employee, url, on=dt.date(2028, 4, 6)))
    assert "90 of 90" in page
    assert "A rating can be given" in page


@pytest.mark.parametrize(
    ("last_day", "counted", "owed"),
    [
        (dt.date(2026, 11, 30), "225 days under an approved plan and 121 days", "narrative"),
        (dt.date(2026, 12, 30), "255 days under an approved plan and 91 days", "narrative"),
        (dt.date(2026, 12, 31), "256 days under an approved plan and only 90 days", "appraisal"),
        (dt.date(2026, 6, 15), "57 days under an approved plan", "nothing"),
        (dt.date(2026, 7, 18), "90 days under an approved plan and 256 days", "narrative"),
    ],
    ids=["D9", "D10", "D11", "D12", "D13"],
)
def test_what_a_departure_asks_for_is_shown_before_d9_to_d13(
    cast: Cast, last_day: dt.date, counted: str, owed: str
) -> None:
    make_team(cast, 1)
    data = answers(cast, last_day=last_day.isoformat())
    url = reverse("departure_new", args=[cast.rating_official.dod_id])
    page = text_of(posted(cast.hr, url, data, on=last_day - dt.timedelta(days=14)))
    assert counted in page
    found = {
        "narrative": "1 narrative statement owed" in page,
        "appraisal": "1 annual appraisal owed now" in page,
    }
    assert [what for what, is_there in found.items() if is_there] == (
        [] if owed == "nothing" else [owed]
    )


def test_a_rating_is_kept_until_1_june_2031_d14(cast: Cast) -> None:
    make_rated(cast)
    url = reverse("records_kept")
    assert "1 June 2031" in text_of(opened(cast.hr, url, on=dt.date(2031, 6, 2)))
    assert "1 June 2031" not in text_of(opened(cast.hr, url, on=dt.date(2031, 5, 31)))


def test_a_proposed_action_says_its_days_d15(cast: Cast) -> None:
    """Told on 2 November: an answer by the 9th, nothing takes effect before 2 December."""
    record = planned_record(cast)
    ended_opportunity(cast, record, level=1)
    told_on = dt.date(2026, 11, 2)
    action = proposed_action(cast, record, on=told_on)
    take(action.document, "submit", "approve", "communicate", cast=cast, on=told_on)
    url = f"{record.get_absolute_url()}assistance/"
    page = text_of(opened(cast.employee, url, on=told_on))
    assert "9 November 2026" in page
    assert "2 December 2026" in page


def test_after_a_year_of_acceptable_work_a_new_opportunity_is_owed_d16(cast: Cast) -> None:
    record = planned_record(cast)
    period = ended_opportunity(cast, record, level=3)
    assert period.began_on == dt.date(2026, 9, 1)
    url = f"{record.get_absolute_url()}assistance/"
    page = text_of(opened(cast.rating_official, url, on=dt.date(2027, 10, 10)))
    assert "A new one is owed (R10.4)." in page


def test_an_unacceptable_rating_goes_to_the_reviewer_o7(cast: Cast) -> None:
    """Even where others need no review."""
    policy_says(annual_appraisal_needs_review=False)
    page = text_of(opened(cast.rating_official, rated(cast, [3, 1]).get_absolute_url()))
    assert "Send to the higher level reviewer" in page
    assert "Finish writing" not in page


@pytest.mark.parametrize(
    "title",
    ["Whistleblower protection", "Holding employees accountable"],
    ids=["O9", "O10"],
)
def test_a_supervisors_plan_without_a_mandatory_element_is_not_sent_o9_o10(
    cast: Cast, title: str
) -> None:
    supervisor, by = cast.rating_official, cast.higher_level_reviewer
    with clock.frozen(dt.date(2026, 4, 10)):
        plan = plan_of(start_record(supervisor, cycle=cast.cycle, by=by))
    assert plan is not None
    plan.elements.update(removed_at=plan.opened_at)
    MandatoryElement.objects.create(
        code="accountability",
        rule="R3.8",
        organization=cast.places["DOD"],
        applies_to="supervisors",
        starts_on=dt.date(2025, 7, 17),
        title="Holding employees accountable",
        standards="Acts on poor work in time.",
    )
    url = reverse("document_step", args=[plan.pk, "submit"])
    page = text_of(posted(by, url, on=dt.date(2026, 4, 20)))
    assert title in page
    plan.refresh_from_db()
    assert plan.state == State.DRAFT


def test_a_changed_plan_waits_for_approval_and_acknowledgment_o11(cast: Cast) -> None:
    change = make_document(cast, Kind.PLAN_CHANGE, State.DRAFT)
    url, held = change.get_absolute_url(), dt.date(2026, 10, 14)
    page = text_of(opened(cast.rating_official, url, on=held))
    assert "Send to the higher level reviewer" in page
    take(change, "submit", "approve", "communicate", cast=cast, on=held)
    assert "Acknowledge" in text_of(opened(cast.employee, url, on=held))
