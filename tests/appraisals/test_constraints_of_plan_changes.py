"""What must never be of plans that change and of plans that are closed, tried against the database itself."""

import uuid

import pytest
from django.db import DatabaseError, transaction

from appraisals.models import (
    Appraisal,
    Document,
    Element,
    ElementAction,
    ElementChange,
    Kind,
    MandatoryElement,
    MandatoryPush,
    MandatoryWording,
    State,
    TextVersion,
)
from tests.appraisals.rows import (
    APRIL,
    NOON,
    keep_version,
    make_appraisal,
    make_cycle,
    make_document,
)
from tests.appraisals.test_constraints import refused
from tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def appraisal() -> Appraisal:
    return make_appraisal(make_cycle(OrganizationFactory()))


@pytest.fixture
def element(appraisal: Appraisal) -> Element:
    return Element.objects.create(plan=make_document(appraisal), number=1, title="Fire response")


@pytest.fixture
def change(appraisal: Appraisal) -> Document:
    return make_document(appraisal, kind=Kind.PLAN_CHANGE)


def test_one_plan_at_a_time(appraisal: Appraisal) -> None:
    make_document(appraisal, state=State.CLOSED)
    make_document(appraisal, number=2)
    with refused("one_plan_at_a_time"), transaction.atomic():
        make_document(appraisal, number=3)


@pytest.mark.parametrize("kind", [Kind.PROGRESS_REVIEW, Kind.ANNUAL_APPRAISAL])
def test_what_the_year_rests_on_is_never_closed(appraisal: Appraisal, kind: Kind) -> None:
    with refused("what_the_year_rests_on_is_never_closed"):
        make_document(appraisal, kind=kind, state=State.CLOSED)


def test_what_was_closed_was_never_approved(appraisal: Appraisal) -> None:
    with refused("approved_states_have_their_date"):
        make_document(appraisal, state=State.CLOSED, approved_on=APRIL)


def test_only_a_plan_change_is_mandatory(appraisal: Appraisal) -> None:
    row = MandatoryElement.objects.create(
        code="new",
        rule="R3.8",
        organization=appraisal.organization,
        applies_to="everyone",
        starts_on=APRIL,
        title="New",
        standards="Does it.",
    )
    with refused("only_a_plan_change_is_mandatory"):
        make_document(appraisal, mandatory=row)


def test_action_is_known(change: Document) -> None:
    with refused("element_action_is_known|a_change_of_an_element_names_its_version"):
        ElementChange.objects.create(document=change, action="swap")


@pytest.mark.parametrize(
    ("action", "made_from"),
    [(ElementAction.ADD, 1), (ElementAction.REWORD, None), (ElementAction.REMOVE, None)],
)
def test_a_change_of_an_element_names_its_version(
    change: Document, element: Element, action: str, made_from: int | None
) -> None:
    with refused("a_change_of_an_element_names_its_version"):
        ElementChange.objects.create(
            document=change, action=action, element=element, made_from=made_from
        )


def test_one_change_of_an_element(change: Document, element: Element) -> None:
    given = {"document": change, "element": element, "made_from": 1}
    ElementChange.objects.create(action=ElementAction.REWORD, removed_at=NOON, **given)
    ElementChange.objects.create(action=ElementAction.REWORD, **given)
    with refused("one_change_of_an_element"), transaction.atomic():
        ElementChange.objects.create(action=ElementAction.REMOVE, **given)


def test_versions_of_a_change_count_up(change: Document) -> None:
    added = ElementChange.objects.create(document=change, action=ElementAction.ADD)
    keep_version(change, change=added)
    with refused("change_versions_count_up"), transaction.atomic():
        keep_version(change, change=added)


def test_a_version_is_of_an_element_or_of_its_change(change: Document, element: Element) -> None:
    added = ElementChange.objects.create(document=change, action=ElementAction.ADD)
    with refused("a_version_is_of_one_text"), transaction.atomic():
        keep_version(change, change=added, element=element)
    assert not TextVersion.objects.exists()


def push_of(appraisal: Appraisal, **given: object) -> MandatoryPush:
    row = MandatoryElement.objects.first() or MandatoryElement.objects.create(
        code="new",
        rule="R3.8",
        organization=appraisal.organization,
        applies_to="everyone",
        starts_on=APRIL,
        title="New",
        standards="Does it.",
    )
    return MandatoryPush.objects.create(
        element=row,
        by=appraisal.rating_official,
        reason="Asked for.",
        request_key=uuid.uuid4(),
        started_at=NOON,
        **given,
    )


def test_a_push_ends_when_it_is_done(appraisal: Appraisal) -> None:
    with refused("a_push_ends_when_it_is_done"):
        push_of(appraisal, state="done")


def test_one_push_of_an_element_at_a_time(appraisal: Appraisal) -> None:
    push_of(appraisal, state="done", finished_at=NOON)
    push_of(appraisal)
    with refused("one_push_of_an_element"), transaction.atomic():
        push_of(appraisal)


def test_a_wording_is_never_changed(appraisal: Appraisal) -> None:
    element = push_of(appraisal).element
    wording = MandatoryWording.objects.create(
        element=element, title="New", standards="Does it.", at=NOON
    )
    with pytest.raises(DatabaseError, match="only"), transaction.atomic():
        MandatoryWording.objects.filter(pk=wording.pk).update(title="Another")
