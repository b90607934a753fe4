"""A plan in force is changed: proposed, approved, discussed, acknowledged; nothing written before is lost."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from appraisals import rules
from appraisals.models import (
    Appraisal,
    AppraisalEvent,
    Document,
    Element,
    Kind,
    Section,
    SectionKind,
    State,
    TextVersion,
)
from appraisals.pdf.content import form_content
from appraisals.problems import document_problems, plan_of
from appraisals.selectors import as_written_for
from appraisals.services.plan_change import (
    reword_in_change,
    save_element_change,
    start_plan_change,
    take_out_of_change,
)
from appraisals.services.records import start_annual_appraisal, start_progress_review, start_record
from appraisals.services.writing import StaleVersion, save_section
from appraisals.workflow import Given, ProblemsFound, TransitionNotAllowed, advance
from orgchart import clock
from orgchart.errors import Refused
from tests.cast import (
    PRACTICE_DAY,
    Cast,
    fill_sections,
    make_cast,
    make_document,
    make_plan_change,
    take,
)

pytestmark = pytest.mark.django_db
OCTOBER = dt.date(2026, 10, 14)
JANUARY = dt.date(2027, 1, 12)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def change(cast: Cast) -> Document:
    return make_document(cast, Kind.PLAN_CHANGE, State.DRAFT)


def in_force(document: Document) -> list[tuple[int, str]]:
    plan = Document.objects.get(appraisal=document.appraisal, kind=Kind.PERFORMANCE_PLAN)
    return [
        (each.number, each.title.split(" xyzzy")[0])
        for each in plan.elements.filter(removed_at=None)
    ]


def with_contents(document: Document) -> Document:
    return Document.objects.with_contents().get(pk=document.pk)


def test_the_plan_stays_as_it_is_until_the_change_was_discussed(cast, change):
    before = [(1, "Element 1"), (2, "Element 2")]
    for step in ("submit", "approve"):
        take(change, step, cast=cast, on=OCTOBER)
        assert in_force(change) == before

    take(change, "communicate", cast=cast, on=OCTOBER)

    assert in_force(change) == [(1, "Element 1"), (2, "Wildland fire")]
    plan = plan_of(change.appraisal)
    assert plan.state == State.ACKNOWLEDGED


def test_a_changed_plan_is_approved_and_acknowledged_again_o11(cast, change):
    """O11: only the change walks; the plan it changes stays acknowledged."""
    take(change, "submit", "approve", "communicate", cast=cast, on=OCTOBER)
    change.refresh_from_db()
    assert (change.state, change.approved_on) == (State.COMMUNICATED, OCTOBER)
    done = take(change, "acknowledge", cast=cast, on=OCTOBER)
    assert done.state == State.ACKNOWLEDGED


def test_every_version_of_an_element_is_kept(cast, change):
    take(change, "submit", "approve", "communicate", cast=cast, on=OCTOBER)
    first = Element.objects.get(plan__appraisal=change.appraisal, title__startswith="Element 1")
    kept = TextVersion.objects.filter(element=first).order_by("version")
    assert [version.content["standards"][:2] for version in kept] == ["90", "95"]
    event = AppraisalEvent.objects.get(name="plan_changed")
    assert (event.document.kind, event.details["by_change"]) == (
        "performance_plan",
        "Plan change 1",
    )


def test_a_new_element_and_a_new_standard_count_their_own_days(cast, change):
    take(change, "submit", cast=cast, on=OCTOBER)
    approved = OCTOBER + dt.timedelta(days=3)
    take(change, "approve", cast=cast, on=approved)
    take(change, "communicate", cast=cast, on=approved + dt.timedelta(days=4))
    elements = Element.objects.filter(plan__appraisal=change.appraisal, removed_at=None)
    assert [each.standard_since for each in elements] == [approved, approved]


def test_other_words_in_a_title_start_no_days(cast):
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    with clock.frozen(OCTOBER):
        change = start_plan_change(plan.appraisal, by=cast.rating_official)
        reworded = reword_in_change(change, plan.elements.get(number=1), by=cast.rating_official)
        values = {name: getattr(reworded, name) for name in Element.CONTENT}
        save_element_change(
            reworded,
            by=cast.rating_official,
            expected_version=1,
            values=values | {"title": "Fire and rescue"},
        )
        reason = change.sections.get(kind=SectionKind.CHANGE_REASON)
        save_section(reason, by=cast.rating_official, expected_version=0, text="A better name.")
    take(change, "submit", "approve", "communicate", cast=cast, on=OCTOBER)
    first = plan.elements.get(number=1)
    assert (first.title, first.standard_since) == ("Fire and rescue", None)


def test_what_was_written_names_the_version_it_was_written_for(cast):
    review = make_document(cast, Kind.PROGRESS_REVIEW, State.ACKNOWLEDGED)
    change = make_plan_change(cast, review.appraisal, on=JANUARY)
    take(change, "submit", "approve", "communicate", cast=cast, on=JANUARY)

    sections = list(
        Section.objects.filter(document=review, element__number=1, element__removed_at=None)
    )
    assert {section.element_version for section in sections} == {1}
    stood = as_written_for(sections)
    assert stood[sections[0].element_id].content["standards"].startswith("90 of 100")


def test_the_text_for_an_element_that_left_is_still_there(cast):
    review = make_document(cast, Kind.PROGRESS_REVIEW, State.ACKNOWLEDGED)
    written = review.sections.filter(element__number=2).count()
    change = make_plan_change(cast, review.appraisal, on=JANUARY)
    take(change, "submit", "approve", "communicate", cast=cast, on=JANUARY)
    left = Section.objects.filter(document=review, element__removed_at__isnull=False)
    assert left.count() == written
    assert all(section.text for section in left)


def test_a_review_being_written_gets_room_for_the_new_element(cast):
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    with clock.frozen(OCTOBER):
        review = start_progress_review(plan.appraisal, by=cast.rating_official)
    change = make_plan_change(cast, plan.appraisal, on=OCTOBER)
    take(change, "submit", "approve", "communicate", cast=cast, on=OCTOBER)
    elements = {
        section.element.title.split(" xyzzy")[0]
        for section in review.sections.filter(element__isnull=False).select_related("element")
    }
    assert elements == {"Element 1", "Wildland fire"}


def test_somebody_writing_for_an_element_that_leaves_is_told(cast):
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    with clock.frozen(OCTOBER):
        review = start_progress_review(plan.appraisal, by=cast.rating_official)
        open_page = review.sections.filter(element__number=2).first()
    change = make_plan_change(cast, plan.appraisal, on=OCTOBER)
    take(change, "submit", "approve", "communicate", cast=cast, on=OCTOBER)
    with pytest.raises(Refused, match="taken out of the plan meanwhile"):
        save_section(open_page, by=cast.rating_official, expected_version=0, text="Good work.")


def test_a_change_is_held_to_the_rules_of_a_plan(cast):
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    with clock.frozen(OCTOBER):
        change = start_plan_change(plan.appraisal, by=cast.rating_official)
        reworded = reword_in_change(change, plan.elements.get(number=2), by=cast.rating_official)
        save_element_change(
            reworded,
            by=cast.rating_official,
            expected_version=1,
            values={"title": "Element 2", "standards": ""},
        )
        with pytest.raises(ProblemsFound) as refused:
            advance(change, "submit", by=cast.rating_official)
    found = {(each.rule, each.element, each.field) for each in refused.value.problems}
    assert found == {("R3.9", None, "change_reason"), ("R3.3", 2, "standards")}


def test_one_change_of_the_rating_official_at_a_time(cast, change):
    with clock.frozen(OCTOBER):
        assert start_plan_change(change.appraisal, by=cast.rating_official) == change
    take(change, "withdraw", cast=cast, on=OCTOBER)
    with clock.frozen(OCTOBER):
        second = start_plan_change(change.appraisal, by=cast.rating_official)
    assert (second.number, second.state) == (2, State.DRAFT)


@pytest.mark.parametrize(
    "actor", ["employee", "higher_level_reviewer", "hr", "colleague", "leader"]
)
def test_only_the_rating_official_changes_a_plan(cast, actor):
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    with clock.frozen(OCTOBER), pytest.raises(PermissionDenied):
        start_plan_change(plan.appraisal, by=cast.people[actor])


def test_a_plan_that_is_being_written_needs_no_change(cast):
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.DRAFT)
    with clock.frozen(OCTOBER), pytest.raises(Refused, match="not approved yet"):
        start_plan_change(plan.appraisal, by=cast.rating_official)


def test_after_the_appraisal_went_up_nothing_comes_into_force(cast, change):
    take(change, "submit", "approve", cast=cast, on=OCTOBER)
    with clock.frozen(OCTOBER):
        review = start_progress_review(change.appraisal, by=cast.rating_official)
    fill_sections(review, cast=cast, on=OCTOBER)
    take(review, "finish", "communicate", "acknowledge", cast=cast, on=OCTOBER)
    with clock.frozen(PRACTICE_DAY):
        annual = start_annual_appraisal(change.appraisal, by=cast.rating_official)
    fill_sections(annual, cast=cast, on=PRACTICE_DAY)
    take(annual, "submit", cast=cast, on=PRACTICE_DAY)
    with pytest.raises(TransitionNotAllowed) as refused:
        take(change, "communicate", cast=cast, on=PRACTICE_DAY)
    assert refused.value.message == rules.TOO_LATE
    take(change, "withdraw", cast=cast, on=PRACTICE_DAY)
    with clock.frozen(PRACTICE_DAY), pytest.raises(Refused, match="has gone up"):
        start_plan_change(change.appraisal, by=cast.rating_official)


def test_a_change_against_an_older_text_is_not_sent_on(cast, change):
    first = Element.objects.get(plan__appraisal=change.appraisal, title__startswith="Element 1")
    Element.objects.filter(pk=first.pk).update(version=2, standards="HR wrote this meanwhile.")
    with clock.frozen(OCTOBER), pytest.raises(ProblemsFound, match="was changed in the plan after"):
        advance(change, "submit", by=cast.rating_official)

    reworded = change.element_changes.get(action="reword")
    with clock.frozen(OCTOBER):
        save_element_change(
            reworded,
            by=cast.rating_official,
            expected_version=reworded.version,
            values={"standards": "Both together."},
        )
    reworded.refresh_from_db()
    assert (reworded.made_from, reworded.was["standards"]) == (2, "HR wrote this meanwhile.")
    assert document_problems(with_contents(change)) == []


def test_an_approved_change_against_an_older_text_is_not_put_into_force(cast, change):
    take(change, "submit", "approve", cast=cast, on=OCTOBER)
    Element.objects.filter(plan__appraisal=change.appraisal, number=1).update(version=2)
    with pytest.raises(TransitionNotAllowed, match="write it anew"):
        take(change, "communicate", cast=cast, on=OCTOBER)
    assert in_force(change) == [(1, "Element 1"), (2, "Element 2")]


def test_two_saves_of_one_change_lose_no_word(cast, change):
    reworded = change.element_changes.get(action="reword")
    with clock.frozen(OCTOBER), pytest.raises(StaleVersion):
        save_element_change(
            reworded, by=cast.rating_official, expected_version=1, values={"title": "Mine"}
        )


def test_what_is_taken_out_stays_in_the_history(cast, change):
    reworded = change.element_changes.get(action="reword")
    with clock.frozen(OCTOBER):
        take_out_of_change(reworded, by=cast.rating_official)
        take_out_of_change(reworded, by=cast.rating_official)
    assert change.events.filter(name="take_out_of_change").count() == 1
    assert TextVersion.objects.filter(change=reworded).count() == 2


def test_a_withdrawn_change_leaves_the_plan_and_keeps_its_reason(cast, change):
    take(change, "submit", "approve", "withdraw", cast=cast, on=OCTOBER)
    change.refresh_from_db()
    assert (change.state, change.approved_on) == (State.CLOSED, None)
    assert in_force(change) == [(1, "Element 1"), (2, "Element 2")]
    assert change.events.get(name="withdraw").reason.startswith("Because")


# ------------------------------------------------------------------------------------ R3.10


def test_a_plan_closed_as_erroneous_makes_room_for_another(cast):
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    with clock.frozen(OCTOBER):
        advance(plan, "close_as_erroneous", by=cast.hr, given=Given(reason="Of another position."))
        appraisal = start_record(cast.employee, cycle=cast.cycle, by=cast.rating_official)
        again = start_record(cast.employee, cycle=cast.cycle, by=cast.rating_official)
    assert appraisal == again == plan.appraisal
    second = plan_of(appraisal)
    assert (second.number, second.state, second.approved_on) == (2, State.DRAFT, None)


def test_a_plan_that_something_rests_on_is_changed_not_closed(cast):
    review = make_document(cast, Kind.PROGRESS_REVIEW, State.DRAFT)
    plan = plan_of(review.appraisal)
    with (
        clock.frozen(OCTOBER),
        pytest.raises(TransitionNotAllowed, match="change the plan instead"),
    ):
        advance(plan, "close_as_erroneous", by=cast.hr, given=Given(reason="Wrong."))


def test_a_pending_plan_is_deleted_with_its_reason_and_kept_in_the_history(cast):
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.IN_REVIEW)
    texts = TextVersion.objects.filter(document=plan).count()
    take(plan, "discard", cast=cast, on=OCTOBER)
    assert plan_of(Appraisal.objects.get(pk=plan.appraisal_id)) is None
    assert TextVersion.objects.filter(document=plan).count() == texts
    assert plan.events.get(name="discard").reason


# ------------------------------------------------------------------------------------ the form


def printed(cast: Cast, document: Document, *, whole: bool) -> dict[str, list[str]]:
    """What the form says of the plan: titles of its elements, and of each change."""
    appraisal = Appraisal.objects.with_people().get(pk=document.appraisal_id)
    form = form_content(
        appraisal, reader=cast.rating_official, document=None if whole else document
    )
    return {
        "elements": [each.title.text.split(" xyzzy")[0] for each in form.elements],
        **{
            group.title: [entry.title.text.split(" xyzzy")[0] for entry in group.entries]
            for group in form.changes
        },
        "reviews": [
            entry.title.text.split(" xyzzy")[0] for group in form.reviews for entry in group.entries
        ],
    }


def test_the_form_holds_the_plan_in_force_and_its_changes(cast):
    review = make_document(cast, Kind.PROGRESS_REVIEW, State.ACKNOWLEDGED)
    change = make_plan_change(cast, review.appraisal, on=JANUARY)
    take(change, "submit", "approve", "communicate", "acknowledge", cast=cast, on=JANUARY)
    said = printed(cast, change, whole=True)
    assert said["elements"] == ["Element 1", "Wildland fire"]
    assert said["Plan change 1"] == [
        "Why the plan changes",
        "Until then: Element 1",
        "Changed: Element 1",
        "Removed: Element 2",
        "Added: Wildland fire",
    ]
    assert "Element 2" in said["reviews"][-2]
    alone = printed(cast, change, whole=False)
    assert alone["elements"] == []
    assert alone["Plan change 1"] == said["Plan change 1"]


def test_a_closed_plan_is_not_printed_with_the_record(cast):
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    with clock.frozen(OCTOBER):
        advance(plan, "close_as_erroneous", by=cast.hr, given=Given(reason="Of another position."))
        start_record(cast.employee, cycle=cast.cycle, by=cast.rating_official)
    assert printed(cast, plan, whole=True)["elements"] == []
