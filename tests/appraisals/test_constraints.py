"""What must never be, tried against the database itself, past every service and form."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    AppraisalEvent,
    Document,
    Element,
    Goal,
    GoalPublication,
    GoalVersion,
    Kind,
    MandatoryElement,
    Milestone,
    MilestoneKind,
    MissionStatement,
    PublicationRead,
    RatingOfRecord,
    RecordView,
    Section,
    SectionKind,
    State,
    TextVersion,
)
from orgchart.models import Organization
from tests.appraisals.rows import (
    APRIL,
    JUNE,
    MARCH,
    NOON,
    history_of,
    issue_rating,
    keep_version,
    make_appraisal,
    make_cycle,
    make_document,
    make_edition,
    record_step,
)
from tests.factories import OrganizationFactory, PersonFactory

pytestmark = pytest.mark.django_db


def refused(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


@pytest.fixture
def place() -> Organization:
    return OrganizationFactory()


@pytest.fixture
def cycle(place: Organization) -> AppraisalCycle:
    return make_cycle(place)


@pytest.fixture
def appraisal(cycle: AppraisalCycle) -> Appraisal:
    return make_appraisal(cycle)


@pytest.fixture
def plan(appraisal: Appraisal) -> Document:
    return make_document(appraisal)


@pytest.fixture
def element(plan: Document) -> Element:
    return Element.objects.create(plan=plan, number=1, title="Fire response")


@pytest.fixture
def section(plan: Document) -> Section:
    return Section.objects.create(document=plan, kind=SectionKind.CORE_VALUES)


# ------------------------------------------------------------------------------------ the record


def test_one_appraisal_a_cycle(appraisal):
    with refused("one_appraisal_per_employee_and_cycle"):
        make_appraisal(appraisal.cycle, employee=appraisal.employee)


def test_nobody_rates_themselves(cycle):
    person = PersonFactory()
    with refused("nobody_rates_themselves"):
        make_appraisal(cycle, employee=person, rating_official=person)


@pytest.mark.parametrize("part", ["employee", "rating_official"])
def test_nobody_reviews_their_own_rating(cycle, part):
    person = PersonFactory()
    with refused("reviewer_is_a_third_person"):
        make_appraisal(cycle, **{part: person, "higher_level_reviewer": person})


def test_rating_is_5_3_or_1(appraisal):
    with refused("level_is_5_3_or_1"):
        issue_rating(appraisal, level=4)


def test_rating_rests_on_a_rated_element(appraisal):
    with refused("something_was_rated"):
        issue_rating(appraisal, rated_sum=0, rated_count=0)


def test_record_ends_in_one_rating(appraisal):
    issue_rating(appraisal)
    with refused("appraisal_id"):
        issue_rating(appraisal)


# --------------------------------------------------------------------------------- its documents


def test_documents_of_a_kind_are_numbered(appraisal):
    make_document(appraisal, kind=Kind.PROGRESS_REVIEW)
    with refused("documents_are_numbered"):
        make_document(appraisal, kind=Kind.PROGRESS_REVIEW)


def test_one_annual_appraisal(appraisal):
    with refused("one_annual_appraisal"):
        make_document(appraisal, kind=Kind.ANNUAL_APPRAISAL, number=2)


def test_kind_of_document_is_known(appraisal):
    with refused("kind_is_known"):
        make_document(appraisal, kind="memo")


def test_state_is_known(appraisal):
    # An unknown state has no date either, and PostgreSQL names the first broken constraint by name.
    with refused("approved_states_have_their_date|state_is_known"):
        make_document(appraisal, state="lost")


@pytest.mark.parametrize(
    ("state", "approved_on"),
    [(State.DRAFT, APRIL), (State.IN_REVIEW, APRIL), (State.APPROVED, None)],
)
def test_approval_and_its_date_go_together(appraisal, state, approved_on):
    with refused("approved_states_have_their_date"):
        make_document(appraisal, state=state, approved_on=approved_on)


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        (State.APPROVED, {"communicated_on": APRIL, "communicated_method": "F"}),
        (State.COMMUNICATED, {"communicated_method": "F"}),
        (State.COMMUNICATED, {"communicated_on": APRIL}),
        (State.ACKNOWLEDGED, {"acknowledged_on": APRIL}),
    ],
)
def test_discussion_has_its_date_and_method(appraisal, state, fields):
    with refused("communicated_states_have_date_and_method"):
        make_document(appraisal, state=state, approved_on=APRIL, **fields)


@pytest.mark.parametrize(
    ("state", "acknowledged_on"), [(State.COMMUNICATED, APRIL), (State.ACKNOWLEDGED, None)]
)
def test_acknowledgment_and_its_date_go_together(appraisal, state, acknowledged_on):
    with refused("acknowledged_state_has_its_date"):
        make_document(
            appraisal,
            state=state,
            approved_on=APRIL,
            communicated_on=APRIL,
            communicated_method="F",
            acknowledged_on=acknowledged_on,
        )


# --------------------------------------------------------------------------------- what is written


def test_elements_of_a_plan_are_numbered(element):
    with refused("elements_are_numbered"):
        Element.objects.create(plan=element.plan, number=1)


def test_removed_element_gives_its_number_back(element):
    Element.objects.filter(pk=element.pk).update(removed_at=NOON)
    assert Element.objects.create(plan=element.plan, number=1).pk != element.pk


def test_only_a_proposal_waits_for_acceptance(plan):
    with refused("only_a_proposal_waits_for_acceptance"):
        Element.objects.create(plan=plan, number=1, accepted=False)


def test_one_section_of_a_kind_for_the_whole(section):
    with refused("one_section_of_a_kind"):
        Section.objects.create(document=section.document, kind=section.kind)


def test_one_section_of_a_kind_for_an_element(element):
    of_element = {"document": element.plan, "element": element, "kind": SectionKind.RATING}
    Section.objects.create(**of_element)
    with refused("one_section_of_a_kind"):
        Section.objects.create(**of_element)


def test_kind_of_section_is_known(plan):
    with refused("section_kind_is_known"):
        Section.objects.create(document=plan, kind="poem")


@pytest.mark.parametrize(
    ("kind", "level"),
    [(SectionKind.RATING, 4), (SectionKind.RATING, 2), (SectionKind.ASSESSMENT, 5)],
)
def test_only_a_rating_has_a_level(plan, kind, level):
    with refused("only_a_rating_has_a_level"):
        Section.objects.create(document=plan, kind=kind, level=level)


def test_versions_of_an_element_count_up(element):
    keep_version(element.plan, element=element)
    with refused("element_versions_count_up"):
        keep_version(element.plan, element=element)


def test_versions_of_a_section_count_up(section):
    keep_version(section.document, section=section)
    with refused("section_versions_count_up"):
        keep_version(section.document, section=section)


def test_version_is_of_something(plan):
    with refused("a_version_is_of_one_text"):
        keep_version(plan)


def test_version_is_not_of_two_texts(element, section):
    with refused("a_version_is_of_one_text"):
        keep_version(element.plan, element=element, section=section)


# --------------------------------------------------------------------------------- year and rules


def test_one_cycle_starts_in_one_place_on_a_day(cycle):
    with refused("one_cycle_per_organization_and_start"):
        make_cycle(cycle.organization)


def test_cycle_ends_after_it_starts(place):
    with refused("cycle_ends_after_it_starts"):
        make_cycle(place, ends_on=APRIL)


def test_rating_takes_effect_after_the_cycle(place):
    with refused("cycle_effective_after_it_ends"):
        make_cycle(place, effective_on=MARCH)


def test_one_milestone_of_a_kind(cycle):
    Milestone.objects.create(cycle=cycle, kind=MilestoneKind.PLAN_DUE, due_on=APRIL)
    with refused("one_milestone_of_a_kind"):
        Milestone.objects.create(cycle=cycle, kind=MilestoneKind.PLAN_DUE, due_on=JUNE)


def test_kind_of_milestone_is_known(cycle):
    with refused("milestone_kind_is_known"):
        Milestone.objects.create(cycle=cycle, kind="picnic", due_on=APRIL)


def test_one_edition_in_one_place_on_a_day(place):
    make_edition(place)
    with refused("one_edition_per_organization_and_day"):
        make_edition(place)


def test_mandatory_element_ends_after_it_starts(place):
    with refused("mandatory_element_ends_after_it_starts"):
        MandatoryElement.objects.create(
            code="late",
            rule="R3.8",
            organization=place,
            applies_to=MandatoryElement.AppliesTo.EVERYONE,
            starts_on=JUNE,
            ends_on=APRIL,
            title="Too late",
        )


def test_one_mission_of_a_unit_and_cycle(cycle):
    mission = {"cycle": cycle, "organization": cycle.organization, "text": "Deter war."}
    MissionStatement.objects.create(**mission)
    with refused("one_mission_per_cycle_and_organization"):
        MissionStatement.objects.create(**mission)


def test_goal_does_not_serve_itself(cycle):
    goal = Goal.objects.create(cycle=cycle, organization=cycle.organization, title="Be ready")
    with refused("goal_does_not_serve_itself"):
        Goal.objects.filter(pk=goal.pk).update(serves=goal)


@pytest.mark.parametrize("way", ["adopted", "adapted"])
def test_a_goal_from_above_serves_one(cycle, way):
    with refused("goal_from_above_serves_one"):
        Goal.objects.create(cycle=cycle, organization=cycle.organization, title="Be", way=way)


def test_the_way_of_a_goal_is_known(cycle):
    above = Goal.objects.create(cycle=cycle, organization=cycle.organization, title="Be ready")
    values = {"cycle": cycle, "organization": cycle.organization, "title": "Be"}
    with refused("goal_way_is_known"):
        Goal.objects.create(**values, serves=above, way="bought")


@pytest.mark.parametrize(
    "fields",
    [
        {"published_at": NOON, "retired_on": JUNE},
        {"published_at": NOON, "retired_reason": "Merged"},
        {"retired_on": JUNE, "retired_reason": "Merged"},
    ],
)
def test_a_goal_is_retired_once_published_and_for_a_reason(cycle, fields):
    with refused("goal_retires_published_and_for_a_reason"):
        Goal.objects.create(cycle=cycle, organization=cycle.organization, title="Be", **fields)


def test_what_was_done_to_a_goal_is_known(cycle):
    values = {"cycle": cycle, "organization": cycle.organization, "by": PersonFactory()}
    with refused("goal_version_is_known"):
        GoalVersion.objects.create(**values, what="lost", at=NOON)


def test_a_publication_is_read_once(cycle):
    values = {"cycle": cycle, "organization": cycle.organization, "by": PersonFactory()}
    publication = GoalPublication.objects.create(**values, at=NOON)
    reader = PersonFactory()
    PublicationRead.objects.create(publication=publication, person=reader, at=NOON)
    with refused("publication_read_once"):
        PublicationRead.objects.create(publication=publication, person=reader, at=NOON)


# ---------------------------------------------------------------------------------------- history


def test_a_request_counts_once(plan):
    key = uuid.uuid4()
    record_step(plan, request_key=key)
    with refused("a_request_counts_once"):
        record_step(plan, request_key=key)


def test_looking_is_recorded_once_a_day_and_page(appraisal):
    view = {
        "appraisal": appraisal,
        "viewer": appraisal.rating_official,
        "page": "record",
        "viewed_on": APRIL,
        "viewed_at": NOON,
    }
    RecordView.objects.create(**view)
    with refused("one_view_a_day_and_page"):
        RecordView.objects.create(**view)


@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("model", [AppraisalEvent, TextVersion, RecordView, RatingOfRecord])
def test_history_is_only_ever_added(section, model, change):
    history_of(section)
    statement = change.format(model._meta.db_table)
    with refused("append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert model.objects.count() == 1


@pytest.mark.parametrize("part", ["employee", "rating_official", "organization", "cycle"])
def test_nothing_under_a_record_is_deleted(appraisal, part):
    with pytest.raises(ProtectedError):
        getattr(appraisal, part).delete()
