"""What each person reads of a document in each state: by hand, for every kind of text."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from appraisals.models import Kind, SectionKind, State
from appraisals.problems import plan_of
from orgchart import clock
from tests.appraisals.views.opening import queries
from tests.cast import (
    PATH,
    PRACTICE_DAY,
    SECRET,
    Cast,
    fill_sections,
    make_cast,
    make_document,
    make_record,
    take,
)

PARTIES = ["employee", "rating_official", "higher_level_reviewer", "hr"]
OTHERS = [
    "colleague",
    "former_rating_official",
    "reviewer_elsewhere",
    "leader",
    "leader_elsewhere",
    "hr_elsewhere",
    "auditor",
    "secretary",
]
INPUT = SectionKind.EMPLOYEE_INPUT
RATING = SectionKind.RATING
ASSESSMENT = SectionKind.ASSESSMENT
WISHES = {SectionKind.DEVELOPMENT_NEEDS, SectionKind.RESOURCES_REQUESTED}

# (kind, state, party) -> the kinds of text on the page. The employee has not sent the input in these drafts.
READS: dict[tuple[Kind, State], dict[str, set[SectionKind]]] = {
    (Kind.ANNUAL_APPRAISAL, State.DRAFT): {
        "employee": {INPUT},
        "rating_official": {RATING},
        "higher_level_reviewer": set(),
        "hr": set(),
    },
    (Kind.ANNUAL_APPRAISAL, State.IN_REVIEW): {
        "employee": {INPUT},
        "rating_official": {INPUT, RATING},
        "higher_level_reviewer": {INPUT, RATING},
        "hr": {INPUT, RATING},
    },
    (Kind.ANNUAL_APPRAISAL, State.APPROVED): {
        "employee": {INPUT},
        "rating_official": {INPUT, RATING},
        "higher_level_reviewer": {INPUT, RATING},
        "hr": {INPUT, RATING},
    },
    (Kind.ANNUAL_APPRAISAL, State.COMMUNICATED): {key: {INPUT, RATING} for key in PARTIES},
    (Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED): {key: {INPUT, RATING} for key in PARTIES},
    (Kind.PROGRESS_REVIEW, State.DRAFT): {
        "employee": {INPUT, *WISHES},
        "rating_official": {ASSESSMENT, SectionKind.OVERALL_ASSESSMENT},
        "higher_level_reviewer": set(),
        "hr": set(),
    },
    (Kind.PROGRESS_REVIEW, State.APPROVED): {
        "employee": {INPUT, *WISHES},
        **{
            key: {INPUT, *WISHES, ASSESSMENT, SectionKind.OVERALL_ASSESSMENT}
            for key in ["rating_official", "higher_level_reviewer", "hr"]
        },
    },
    (Kind.PROGRESS_REVIEW, State.ACKNOWLEDGED): {
        key: {INPUT, *WISHES, ASSESSMENT, SectionKind.OVERALL_ASSESSMENT} for key in PARTIES
    },
    (Kind.PERFORMANCE_PLAN, State.DRAFT): {
        key: {SectionKind.CORE_VALUES, SectionKind.EMPLOYEE_COMMENT} for key in PARTIES
    },
    (Kind.PERFORMANCE_PLAN, State.IN_REVIEW): {
        key: {SectionKind.CORE_VALUES, SectionKind.EMPLOYEE_COMMENT} for key in PARTIES
    },
}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def document_in(cast: Cast, kind: Kind, state: State):
    if kind != Kind.PERFORMANCE_PLAN:
        return make_document(cast, kind, state)
    plan = plan_of(make_record(cast))
    fill_sections(plan, cast=cast, on=dt.date(2026, 6, 11))
    return take(plan, *PATH[state], cast=cast, on=dt.date(2026, 6, 12))


def shown(client: Client, url: str) -> set[SectionKind]:
    page = client.get(url).content.decode()
    return {kind for kind in SectionKind if f"{kind.label} {SECRET}" in page}


@pytest.mark.parametrize(("kind", "state"), READS)
def test_a_party_reads_exactly_the_listed_texts(
    cast: Cast, client: Client, kind: Kind, state: State
) -> None:
    document = document_in(cast, kind, state)
    found = {}
    for party in PARTIES:
        client.force_login(cast.people[party])
        with clock.frozen(PRACTICE_DAY):
            found[party] = shown(client, document.get_absolute_url())
    assert found == READS[kind, state]


@pytest.mark.parametrize("actor", OTHERS)
def test_nobody_else_learns_that_it_exists(cast: Cast, client: Client, actor: str) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED)
    client.force_login(cast.people[actor])
    response = client.get(document.get_absolute_url())
    assert response.status_code == 404
    assert SECRET not in response.content.decode()
    assert "Maria" not in response.content.decode()


def test_input_is_read_once_it_is_sent(cast: Cast, client: Client) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    take(document, "share_input", cast=cast, on=PRACTICE_DAY)
    client.force_login(cast.rating_official)
    assert shown(client, document.get_absolute_url()) == {INPUT, RATING}


def test_hr_reads_nothing_of_their_own_rating_before_the_discussion(
    cast: Cast, client: Client
) -> None:
    """An HR administrator is an employee on their own record, and nothing else."""
    cast.people["hr"], cast.people["employee"] = cast.people["employee"], cast.people["hr"]
    # The roles stay with the person: the grant now belongs to the one who is rated.
    assert cast.employee.role_grants.exists()
    cast.employee.assignments.update(supervisor=cast.rating_official)
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.APPROVED)
    client.force_login(cast.employee)
    assert shown(client, document.get_absolute_url()) == {INPUT}


@pytest.mark.parametrize("more", [0, 2])
def test_a_document_takes_the_same_queries_with_more_elements(cast: Cast, more: int) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    plan = plan_of(document.appraisal)
    rating = document.sections.filter(kind=RATING)[0]
    for number in range(3, 3 + more):
        element = plan.elements.create(number=number, title="More", goal=cast.goals[0])
        document.sections.create(kind=RATING, element=element)
    assert queries(cast.rating_official, document.get_absolute_url()) == 13
    assert queries(cast.rating_official, reverse("section_edit", args=[rating.pk])) == 13
