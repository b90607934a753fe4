"""A plan change and a narrative statement that were written and signed on paper (R4.7, R9.3, R9.6)."""

import datetime as dt

import pytest
from django.urls import reverse

from appraisals.models import Appraisal, Document, Element, Kind, SectionKind, State
from appraisals.problems import plan_of
from appraisals.services.on_paper import begin_paper
from appraisals.services.writing import save_section
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person
from tests.appraisals.leaving import TODAY, decided, make_planned
from tests.appraisals.views.opening import opened, posted, text_of
from tests.appraisals.views.paper import signatures, timeline
from tests.cast import PRACTICE_DAY, Cast, make_cast, make_document

WHY = {"why": "No access to a computer"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def record(cast: Cast) -> Appraisal:
    return make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED).appraisal


def begun(user: Person, record: Appraisal, kind: Kind, **given: str) -> Document:
    """Sent as the page sends it; what then is being entered."""
    posted(user, reverse("paper_begin", args=[record.pk]), {"kind": kind.value} | WHY | dict(given))
    return record.documents.get(kind=kind, state=State.DRAFT)


def write(document: Document, kind: SectionKind, text: str, *, by: Person) -> None:
    with clock.frozen(PRACTICE_DAY):
        section = document.sections.get(kind=kind, element=None)
        save_section(section, by=by, expected_version=section.version, text=text)


def of_september(**changes: str) -> dict[str, object]:
    """Signed in September; a statement has no higher level review."""
    days = {
        "submit-happened_on": "9/1/2026",
        "record_approval-happened_on": "9/2/2026",
        "communicate-discussed_on": "9/3/2026",
        "record_signature-happened_on": "9/4/2026",
    }
    return signatures(**days | changes)


def test_hr_enters_a_plan_change_that_was_signed_on_paper(cast: Cast, record: Appraisal) -> None:
    change = begun(cast.hr, record, Kind.PLAN_CHANGE)
    entry = reverse("paper_entry", args=[change.pk])
    element = Element.objects.get(plan__appraisal=record, number=2)
    page = text_of(opened(cast.hr, entry))
    assert "Nothing changes yet" in page
    assert "Add an element" in page
    answer = posted(cast.hr, reverse("change_remove", args=[change.pk, element.pk]), {})
    assert answer.redirect_chain[-1][0] == entry
    write(change, SectionKind.CHANGE_REASON, "The second crew is gone.", by=cast.hr)
    answer = posted(cast.hr, reverse("paper_signed", args=[change.pk]), of_september())
    assert answer.status_code == 200
    change.refresh_from_db()
    assert (change.state, change.approved_on) == (State.ACKNOWLEDGED, dt.date(2026, 9, 2))
    element.refresh_from_db()
    assert element.removed_at is not None
    assert "Signed on 4 September 2026 by Maria Employee" in timeline(cast, change)


def test_a_change_on_paper_is_nobody_elses_to_write(cast: Cast, record: Appraisal) -> None:
    change = begun(cast.hr, record, Kind.PLAN_CHANGE)
    url = reverse("change_add", args=[change.pk])
    assert opened(cast.hr, url).status_code == 200
    assert opened(cast.rating_official, url).status_code == 200
    assert opened(cast.higher_level_reviewer, url).status_code == 403
    posted(cast.hr, reverse("paper_leave", args=[change.pk]), {})
    assert opened(cast.hr, url).status_code == 403


def test_a_statement_that_is_owed_is_copied_from_paper(cast: Cast) -> None:
    record = make_planned(cast, cast.colleague)
    decided(cast)
    owed = record.documents.get(kind=Kind.NARRATIVE_STATEMENT)
    page = text_of(opened(cast.hr, reverse("paper_begin", args=[record.pk])))
    assert "Narrative statement" in page
    assert "First day it is about" not in page
    with clock.frozen(TODAY):
        assert begin_paper(record, Kind.NARRATIVE_STATEMENT, why="Why", by=cast.hr) == owed
    write(owed, SectionKind.OVERALL_ASSESSMENT, "A good half year.", by=cast.hr)
    given = {
        "finish-signed_by": "Dana Official",
        "finish-happened_on": "11/12/2026",
        "communicate-discussed_on": "11/13/2026",
        "record_signature-happened_on": "11/13/2026",
    }
    answer = posted(cast.hr, reverse("paper_signed", args=[owed.pk]), signatures(**given))
    assert answer.status_code == 200
    owed.refresh_from_db()
    assert (owed.state, owed.communicated_on) == (State.ACKNOWLEDGED, dt.date(2026, 11, 13))


def test_a_statement_from_another_office_says_which_days_it_is_about_r9_6(
    cast: Cast, record: Appraisal
) -> None:
    days = {"covers_from": "4/1/2026", "covers_until": "5/31/2026"}
    statement = begun(cast.rating_official, record, Kind.NARRATIVE_STATEMENT, **days)
    assert (statement.covers_from, statement.covers_until) == (
        dt.date(2026, 4, 1),
        dt.date(2026, 5, 31),
    )
    write(
        statement, SectionKind.OVERALL_ASSESSMENT, "Led the second crew.", by=cast.rating_official
    )
    # Signed before the plan of here was approved, by the rating official of there.
    given = {
        "finish-signed_by": "Otto Elsewhere",
        "finish-happened_on": "5/29/2026",
        "communicate-discussed_on": "5/30/2026",
        "record_signature-happened_on": "5/30/2026",
    }
    url = reverse("paper_signed", args=[statement.pk])
    answer = posted(cast.rating_official, url, signatures(**given))
    assert answer.status_code == 200
    statement.refresh_from_db()
    assert statement.state == State.ACKNOWLEDGED
    assert "Otto Elsewhere" in timeline(cast, statement)


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({}, "The first day the statement covers is missing. Enter it."),
        (
            {"covers_from": "3/1/2026", "covers_until": "5/31/2026"},
            "The cycle begins on 1 April 2026. A statement about the days before it belongs to the record",
        ),
        (
            {"covers_from": "5/1/2026", "covers_until": "4/30/2026"},
            "The statement ends on 30 April 2026, before it starts on 1 May 2026.",
        ),
        (
            {"covers_from": "5/1/2026", "covers_until": "5/1/2028"},
            "This day has not come yet. Enter the statement afterwards.",
        ),
    ],
)
def test_days_that_cannot_be_are_refused_and_nothing_is_opened(
    cast: Cast, record: Appraisal, days: dict[str, str], sentence: str
) -> None:
    url = reverse("paper_begin", args=[record.pk])
    answer = posted(cast.hr, url, {"kind": Kind.NARRATIVE_STATEMENT.value} | WHY | days)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not record.documents.filter(kind=Kind.NARRATIVE_STATEMENT).exists()
    with pytest.raises(Refused, match="is missing"), clock.frozen(PRACTICE_DAY):
        begin_paper(record, Kind.NARRATIVE_STATEMENT, why="Why", by=cast.hr)


def test_a_change_is_not_offered_before_the_plan_is_approved_or_once_it_is_rated(
    cast: Cast, record: Appraisal
) -> None:
    url = reverse("paper_begin", args=[record.pk])
    assert "Plan change" in text_of(opened(cast.hr, url))
    plan = plan_of(record)
    assert plan is not None
    Document.objects.filter(pk=plan.pk).update(
        state=State.DRAFT,
        approved_on=None,
        communicated_on=None,
        communicated_method="",
        acknowledged_on=None,
    )
    assert "Plan change" not in text_of(opened(cast.hr, url))
