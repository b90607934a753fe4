"""Whoever wrote for another is named on the form (R8.4), and what the employee says differs stands on it (R4.6)."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from appraisals.models import Appraisal, Document, Element, Kind, Section, SectionKind, State
from appraisals.pdf import form_content, form_for, keep_form, open_form
from appraisals.services.delegating import delegate
from appraisals.services.writing import save_element, save_section
from appraisals.workflow import Given, advance
from orgchart import clock
from orgchart.models import Person
from tests.appraisals.pdf_reading import spoken
from tests.cast import PRACTICE_DAY, Cast, make_cast, make_document

HER = "Drafted by"
NOON = dt.time(12)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def loaded(document: Document) -> Appraisal:
    return Appraisal.objects.with_people().get(pk=document.appraisal_id)


def helper_of(cast: Cast) -> Person:
    with clock.frozen(PRACTICE_DAY):
        delegate(
            cast.rating_official,
            to=cast.official_elsewhere,
            starts_on=PRACTICE_DAY,
            ends_on=PRACTICE_DAY + dt.timedelta(days=30),
            reason="On leave until May.",
            by=cast.rating_official,
        )
    return Person.objects.get(pk=cast.official_elsewhere.pk)


def write(section: Section, text: str, *, by: Person) -> None:
    section.refresh_from_db()
    with clock.frozen(PRACTICE_DAY):
        save_section(section, by=by, expected_version=section.version, text=text, level=3)


def rated_by_helper(cast: Cast) -> Document:
    """The first narrative is the delegate's, and the rating official's words after that."""
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    first = annual.sections.filter(kind=SectionKind.RATING).order_by("element__number")[0]
    write(first, "As the delegate had it.", by=helper_of(cast))
    write(first, "As the rating official has it.", by=cast.rating_official)
    return annual


# -------------------------------------------------------------------------------- R8.4


def test_a_delegate_is_named_on_each_text_they_touched_and_no_other_r8_4(cast: Cast) -> None:
    annual = rated_by_helper(cast)
    with clock.frozen(PRACTICE_DAY):
        form = form_content(loaded(annual), reader=cast.rating_official)
    assert form.ratings is not None
    named = f"Drafted by {cast.official_elsewhere.full_name} for {cast.rating_official.full_name}"
    assert [entry.marks for entry in form.ratings.entries] == [named, ""]
    assert {entry.marks for group in form.reviews for entry in group.entries} == {""}


def test_an_employee_learns_of_a_delegate_with_the_text_and_not_before(cast: Cast) -> None:
    annual = rated_by_helper(cast)
    with clock.frozen(PRACTICE_DAY):
        before = spoken(form_for(loaded(annual), reader=cast.employee).pdf)
        advance(annual, "submit", by=cast.rating_official)
        advance(annual, "approve", by=cast.higher_level_reviewer)
        given = Given(discussed_on=PRACTICE_DAY, method="F")
        advance(annual, "communicate", by=cast.rating_official, given=given)
        after = spoken(form_for(loaded(annual), reader=cast.employee).pdf)
    assert HER not in before
    assert f"Drafted by {cast.official_elsewhere.full_name} for" in after


def test_a_delegate_is_named_with_the_element_they_wrote(cast: Cast) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.DRAFT)
    element = Element.objects.filter(plan=plan).order_by("number")[0]
    values = {name: getattr(element, name) for name in Element.CONTENT}
    with clock.frozen(PRACTICE_DAY):
        save_element(
            element,
            by=helper_of(cast),
            expected_version=element.version,
            values=values | {"description": "Worded anew."},
        )
        form = form_content(loaded(plan), reader=cast.rating_official)
    assert [HER in each.marks for each in form.elements] == [True, False]


# -------------------------------------------------------------------------------- R4.6


def differing(cast: Cast, kind: Kind = Kind.PERFORMANCE_PLAN) -> Document:
    """Final; its acknowledgment was entered by the rating official."""
    document = make_document(cast, kind, State.COMMUNICATED)
    given = Given(reason="Away.", happened_on=PRACTICE_DAY, method="F")
    with clock.frozen(PRACTICE_DAY, at=NOON):
        return advance(document, "record_acknowledgment", by=cast.rating_official, given=given)


def say(document: Document, what: str, *, cast: Cast, at: int) -> None:
    """`at`: the hour, by the clock of that moment."""
    with clock.frozen(PRACTICE_DAY, at=dt.time(at)):
        advance(document, "note_difference", by=cast.employee, given=Given(reason=what))


@pytest.mark.parametrize("hour", [15, 11], ids=["later", "after the clock was set back"])
def test_a_difference_makes_a_second_form_and_the_first_stays_as_it_was_r4_6(
    cast: Cast, hour: int
) -> None:
    plan = differing(cast)
    first = keep_form(loaded(plan), plan)
    printed = form_for(loaded(plan), reader=cast.employee, document=plan).pdf
    say(plan, "I was never asked.", cast=cast, at=hour)
    second = keep_form(loaded(plan), plan)
    assert second.pk != first.pk
    assert second.final_since > first.final_since
    text = spoken(form_for(loaded(plan), reader=cast.employee, document=plan).pdf)
    assert "On 6 April 2027 the employee said what differs" in text
    assert "I was never asked." in text
    assert "I was never asked." not in spoken(printed)
    first.refresh_from_db()
    assert first.made_at is not None


def test_each_difference_is_printed_and_the_whole_record_holds_it_too(cast: Cast) -> None:
    annual = differing(cast, Kind.ANNUAL_APPRAISAL)
    whole = keep_form(loaded(annual))
    say(annual, "It was the 5th.", cast=cast, at=15)
    say(annual, "By mail.", cast=cast, at=16)
    assert keep_form(loaded(annual)).pk != whole.pk
    text = spoken(form_for(loaded(annual), reader=cast.employee).pdf)
    assert text.index("It was the 5th.") < text.index("By mail.")


def test_what_differs_before_the_document_is_final_stands_on_its_first_form(cast: Cast) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.COMMUNICATED)
    Document.objects.filter(pk=plan.pk).update(on_paper=True)
    say(plan, "It was by telephone.", cast=cast, at=9)
    assert not plan.stored_forms.exists()
    with clock.frozen(PRACTICE_DAY, at=dt.time(10)):
        advance(plan, "acknowledge", by=cast.employee)
    kept = keep_form(loaded(plan), Document.objects.get(pk=plan.pk))
    assert "It was by telephone." in spoken(open_form(kept))
