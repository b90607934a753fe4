"""Texts, people and places: complete, within limits, connected."""

import pytest

from appraisals import rules
from appraisals.demonstration.fill import Summary
from appraisals.demonstration.occupations import OCCUPATIONS
from appraisals.demonstration.people import PEOPLE
from appraisals.demonstration.texts import Occupation, voice_of
from appraisals.models import (
    Element,
    Goal,
    Kind,
    Section,
    SectionKind,
    State,
)
from appraisals.selectors import lines_of_sight
from orgchart.models import Assignment, Organization, Person, RoleGrant

pytestmark = pytest.mark.django_db

POLICY = rules.Policy()


@pytest.mark.parametrize("occupation", OCCUPATIONS.values(), ids=lambda each: each.key)
def test_texts_of_an_occupation_are_complete_and_within_limits(occupation: Occupation) -> None:
    voice = voice_of(occupation, seed="x", first="Siobhán", last="McAllister", unit="U" * 60)
    assert 3 <= len(occupation.elements) <= 5
    for text in occupation.elements:
        assert len(text.title) <= POLICY.title_limit
        assert len(voice.say(text.description)) <= POLICY.description_limit
        assert len(voice.say(text.standards)) <= POLICY.standards_limit
        for said in (text.employee_input, text.progress, text.outstanding, text.fully_successful):
            assert 20 < len(voice.say(said)) <= POLICY.narrative_limit
    for said in (*occupation.discussion, *occupation.development, *occupation.resources):
        assert "{" not in voice.say(said)


def test_supervisors_of_every_field_have_the_mandatory_elements_and_the_balance() -> None:
    fields = [each for each in OCCUPATIONS.values() if each.key.startswith("supervisor_")]
    assert len(fields) >= 9
    for occupation in fields:
        assert {"accountability", "whistleblower"} <= {
            text.mandatory for text in occupation.elements
        }
        supervisory = sum(text.is_supervisory for text in occupation.elements)
        assert 2 * supervisory >= len(occupation.elements)


def test_nobody_shares_an_address_and_no_two_firefighters_read_alike(filled: Summary) -> None:
    assert len({person.email for person in PEOPLE}) == len(PEOPLE)
    texts = Section.objects.filter(
        kind=SectionKind.EMPLOYEE_INPUT,
        document__kind=Kind.ANNUAL_APPRAISAL,
        document__appraisal__position_title="Firefighter",
        element__number=1,
    ).exclude(text="")
    assert len(set(texts.values_list("text", flat=True))) == len(texts) >= 3


def test_place_has_five_levels_of_supervision_below_the_department(filled: Summary) -> None:
    person = Person.objects.get(email="maria.ortega@example.mil")
    above = []
    while True:
        supervisor = Assignment.objects.get(employee=person, ends_on=None).supervisor
        if supervisor is None:
            break
        above.append(supervisor.full_name)
        person = supervisor
    assert above == [
        "Dana Whitfield",
        "Henry Okafor",
        "Ana Reyes",
        "Constance Bellamy",
        "Thaddeus Monroe",
        "Eleanor Hargrove",
    ]
    assert 140 <= filled.people <= 160
    assert Assignment.objects.filter(supervisor__email="dana.whitfield@example.mil").count() == 9


def test_everybody_signs_in_with_the_practice_password(filled: Summary) -> None:
    assert Person.objects.values("password").distinct().count() == 1
    assert Person.objects.all()[0].check_password("Calloway-Practice-2027")


def test_roles_are_granted_here_and_elsewhere(filled: Summary) -> None:
    held = {
        (grant.person.last_name, grant.role, grant.organization.code)
        for grant in RoleGrant.objects.select_related("person", "organization")
    }
    assert {
        ("Castellano", "hr_administrator", "CALLOWAY"),
        ("Ashworth", "hr_administrator", "PORTWELL"),
        ("Ashby", "auditor", "DOD"),
    } <= held
    assert Organization.objects.get(code="NAVFAC").head is not None
    assert Organization.objects.filter(head=None).count() == 1


def test_every_element_has_a_line_of_sight_to_the_department(filled: Summary) -> None:
    elements = Element.objects.standing()
    # What HR has just put into a draft serves no goal until its rating official says which.
    waiting = elements.filter(goal=None).values_list("mandatory__code", "plan__state")
    assert set(waiting) == {("internal-controls", State.DRAFT)}
    goals = elements.exclude(goal=None).values_list("goal_id", flat=True).distinct()
    lines = lines_of_sight(goals)
    assert set(lines) == set(goals)
    assert {line[-1].organization_id for line in lines.values()} == {
        Organization.objects.get(code="DOD").pk
    }
    below = Goal.objects.exclude(organization__code="DOD")
    assert not below.filter(serves=None).exists()
