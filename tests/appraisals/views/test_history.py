"""The steps of a record, its texts as they stood, and any two versions side by side."""

import datetime as dt

import pytest

from appraisals.models import AppraisalEvent, Document, Kind, Section, State
from appraisals.problems import plan_of
from appraisals.services.officials import name_officials
from appraisals.services.records import start_record
from appraisals.services.writing import save_element, save_section
from appraisals.views.history import WORDS
from appraisals.workflow import TRANSITIONS, Given, advance
from orgchart import clock
from tests.appraisals.views.opening import opened, queries, text_of
from tests.cast import PRACTICE_DAY, SECRET, Cast, make_cast, make_document, make_record, take

PARTIES = ["employee", "rating_official", "higher_level_reviewer", "hr"]
SPRING = dt.date(2026, 6, 12)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_timeline_tells_every_step_in_words(cast: Cast) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.COMMUNICATED)
    with clock.frozen(PRACTICE_DAY):
        advance(
            document,
            "record_acknowledgment",
            by=cast.rating_official,
            given=Given(reason="Away at sea"),
        )
        name_officials(
            document.appraisal,
            rating_official=cast.former_rating_official,
            higher_level_reviewer=cast.higher_level_reviewer,
            by=cast.hr,
            reason="Reorganization",
        )
    page = text_of(opened(cast.hr, f"/appraisals/{document.appraisal_id}/timeline/"))
    for words in (
        "Performance plan begun",
        "Element added to the plan",
        "Performance plan sent to the higher level reviewer",
        "Performance plan approved",
        "Performance plan discussed with the employee",
        "Discussed on 12 June 2026, face to face",
        "Progress review finished; no higher level review is asked for",
        "Annual appraisal begun",
        "Recorded that the employee did not acknowledge: Annual appraisal",
        "Dana Official, on behalf of Maria Employee",
        "Away at sea",
        "Officials named",
        "Rating official: Dana Official, now Fern Former",
        "Reorganization",
    ):
        assert words in page


def test_every_event_has_words() -> None:
    assert set(TRANSITIONS) <= set(WORDS)


def test_employee_reads_why_a_rating_came_back_only_after_the_discussion(cast: Cast) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    document = take(document, "return_for_change", cast=cast, on=PRACTICE_DAY)
    url = f"/appraisals/{document.appraisal_id}/timeline/"
    assert f"Because {SECRET}" in text_of(opened(cast.rating_official, url))
    page = text_of(opened(cast.employee, url))
    assert "Annual appraisal returned for change" in page
    event = document.events.get(name="return_for_change")
    assert "Because" not in text_of(opened(cast.employee, f"{url}{event.pk}/"))
    assert _reasons(cast, document) == 0
    take(document, "submit", "approve", "communicate", cast=cast, on=PRACTICE_DAY)
    assert _reasons(cast, document) > 0


def _reasons(cast: Cast, document: Document) -> int:
    """How often the employee reads a reason of this document's events in the timeline."""
    response = opened(cast.employee, f"/appraisals/{document.appraisal_id}/timeline/")
    rows = response.context["rows"]
    return sum(
        bool(row["reason"])
        for row in rows
        if row["event"].document_id == document.pk and row["event"].by_id != cast.employee.pk
    )


def test_timeline_goes_over_pages(cast: Cast) -> None:
    document = make_document(cast, Kind.PERFORMANCE_PLAN, State.DRAFT)
    AppraisalEvent.objects.bulk_create(
        AppraisalEvent(
            appraisal=document.appraisal,
            document=document,
            name="recall",
            by=cast.rating_official,
            at=clock.now(),
        )
        for _ in range(25)
    )
    page = text_of(
        opened(cast.rating_official, f"/appraisals/{document.appraisal_id}/timeline/?page=2")
    )
    assert "26 to 28 of 28 events" in page


def test_text_as_it_stood_is_the_text_of_that_moment(cast: Cast) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.IN_REVIEW)
    element = plan.elements.all()[0]
    sent = plan.events.get(name="submit")
    take(plan, "return_for_change", cast=cast, on=SPRING)
    with clock.frozen(SPRING):
        save_element(
            element,
            by=cast.rating_official,
            expected_version=element.version,
            values={"standards": "95 of 100 alarms"},
        )
    url = f"/appraisals/{plan.appraisal_id}/timeline/{sent.pk}/"
    page = text_of(opened(cast.rating_official, url))
    assert "90 of 100 alarms" in page
    assert "95 of 100" not in page


def test_event_of_another_record_is_not_found(cast: Cast) -> None:
    document = make_document(cast, Kind.PERFORMANCE_PLAN, State.DRAFT)
    with clock.frozen(SPRING):
        other = start_record(cast.colleague, cycle=cast.cycle, by=cast.rating_official)
    event = other.events.all()[0]
    url = f"/appraisals/{document.appraisal_id}/timeline/{event.pk}/"
    assert opened(cast.rating_official, url).status_code == 404
    assert opened(cast.rating_official, f"{url}9/").status_code == 404


@pytest.mark.parametrize(
    ("state", "readers"),
    [
        (State.DRAFT, {"rating_official"}),
        (State.IN_REVIEW, {"rating_official", "higher_level_reviewer", "hr"}),
        (State.APPROVED, {"rating_official", "higher_level_reviewer", "hr"}),
        (State.COMMUNICATED, set(PARTIES)),
        (State.ACKNOWLEDGED, set(PARTIES)),
    ],
)
def test_versions_of_a_rating_are_read_by_those_who_may_read_it_now(
    cast: Cast, state: State, readers: set[str]
) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, state)
    section = document.sections.filter(kind="rating")[0]
    mark = document.events.order_by("pk").last()
    stood = f"/appraisals/{document.appraisal_id}/timeline/{mark.pk}/"
    by_versions = {
        who
        for who in PARTIES
        if opened(cast.people[who], f"/versions/section/{section.pk}/").status_code == 200
    }
    assert by_versions == readers
    if state != State.DRAFT:
        as_stood = {
            who
            for who in PARTIES
            if "Rating and narrative" in text_of(opened(cast.people[who], stood))
        }
        assert as_stood == readers


def test_input_that_was_not_sent_is_the_employees_alone(cast: Cast) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    section = document.sections.filter(kind="employee_input")[0]
    url = f"/versions/section/{section.pk}/"
    found = {who: opened(cast.people[who], url).status_code for who in PARTIES}
    assert found == {
        "employee": 200,
        "rating_official": 404,
        "higher_level_reviewer": 404,
        "hr": 404,
    }


def rewritten(cast: Cast) -> Section:
    """A rating with three versions."""
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    section = document.sections.filter(kind="rating")[0]
    for text, level in (("Met the standard", 3), ("Met the high standard", 5)):
        with clock.frozen(PRACTICE_DAY):
            section = save_section(
                section,
                by=cast.rating_official,
                expected_version=section.version,
                text=text,
                level=level,
            )
    return section


def test_two_newest_versions_are_compared_word_by_word(cast: Cast) -> None:
    section = rewritten(cast)
    response = opened(cast.rating_official, f"/versions/section/{section.pk}/")
    page = text_of(response)
    assert "From version 2 to version 3" in page
    assert "Met the [added] high [end]standard" in page
    assert "<ins>" in response.content.decode()
    assert "[removed] Fully Successful [end]" in page
    assert "[added] Outstanding [end]" in page


def test_any_two_versions_are_compared(cast: Cast) -> None:
    section = rewritten(cast)
    url = f"/versions/section/{section.pk}/?old=1&new=2"
    assert "From version 1 to version 2" in text_of(opened(cast.rating_official, url))


@pytest.mark.parametrize("query", ["old=1&new=99", "old=&new=", "new=1", "old=x&new=y"])
def test_versions_that_are_not_there_are_said_so(cast: Cast, query: str) -> None:
    section = rewritten(cast)
    response = opened(cast.rating_official, f"/versions/section/{section.pk}/?{query}")
    assert response.status_code == 200
    assert "From version" not in text_of(response)
    assert "There is a problem" in text_of(response) or "2 problems" in text_of(response)


@pytest.mark.parametrize("url", ["/versions/section/99999999/", "/versions/plan/1/"])
def test_versions_of_nothing_are_not_found(cast: Cast, url: str) -> None:
    assert opened(cast.rating_official, url).status_code == 404


def test_versions_of_an_element_name_its_goal(cast: Cast) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.DRAFT)
    element = plan.elements.all()[0]
    with clock.frozen(SPRING):
        save_element(
            element,
            by=cast.rating_official,
            expected_version=element.version,
            values={"goal_id": cast.goals[0].pk},
        )
    page = text_of(opened(cast.employee, f"/versions/element/{element.pk}/"))
    assert "Goal it serves" in page
    assert "deter" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_timeline_and_viewers_cost_the_same_at_any_length(cast: Cast, rows: int) -> None:
    people = [cast.hr, cast.higher_level_reviewer, cast.rating_official][:rows]
    appraisal = make_record(cast)
    for person in people:
        opened(person, f"/appraisals/{appraisal.pk}/timeline/")
    AppraisalEvent.objects.bulk_create(
        AppraisalEvent(
            appraisal=appraisal,
            document=plan_of(appraisal),
            name="add_element",
            by=person,
            at=clock.now(),
        )
        for person in people
    )
    assert queries(cast.employee, f"/appraisals/{appraisal.pk}/timeline/") == 6
    assert queries(cast.employee, f"/appraisals/{appraisal.pk}/viewers/") == 8
