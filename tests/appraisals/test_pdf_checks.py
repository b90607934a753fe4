"""Every form a person can print is a sound, accessible PDF whose pages are full and whole."""

import datetime as dt
import io
import itertools
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pdfua import Severity, validate

from appraisals.models import (
    CONFIDENTIAL,
    WALK,
    Appraisal,
    Document,
    Kind,
    Section,
    SectionKind,
    State,
)
from appraisals.pdf import blank_form, render_form
from appraisals.problems import plan_elements, plan_of
from appraisals.services.actions import start_current_rating
from appraisals.services.assistance import start_early_talk
from appraisals.services.records import start_progress_review
from orgchart import clock
from tests.appraisals.pdf_reading import drawn_glyphs_are_known, spoken, words_by_page
from tests.assistance_rows import (
    GIVEN,
    ended_opportunity,
    given_opportunity,
    planned_record,
    proposed_action,
    write_all,
)
from tests.cast import PRACTICE_DAY, Cast, make_cast, make_document, make_record, take
from tests.factories import make_kinds

NARROWEST, WIDEST = 46, 612 - 46
"""Left and right margin in points."""


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def loaded(appraisal: Appraisal) -> Appraisal:
    return Appraisal.objects.with_people().get(pk=appraisal.pk)


def whole(state: State) -> Callable[[Cast], bytes]:
    def form(cast: Cast) -> bytes:
        appraisal = make_document(cast, Kind.ANNUAL_APPRAISAL, state).appraisal
        return render_form(loaded(appraisal), reader=cast.rating_official)

    return form


def one(kind: Kind) -> Callable[[Cast], bytes]:
    def form(cast: Cast) -> bytes:
        made = Kind.PLAN_CHANGE if kind == Kind.PLAN_CHANGE else Kind.ANNUAL_APPRAISAL
        appraisal = make_document(cast, made, State.ACKNOWLEDGED).appraisal
        if kind == Kind.NARRATIVE_STATEMENT:
            make_statement(appraisal)
        document = appraisal.documents.select_related("policy").get(kind=kind)
        return render_form(loaded(appraisal), reader=cast.employee, document=document)

    return form


def make_statement(appraisal: Appraisal) -> Document:
    plan = plan_of(appraisal)
    assert plan is not None
    moments = {"opened_at": clock.now(), "state_since": clock.now()}
    statement = Document.objects.create(
        appraisal=appraisal, kind=Kind.NARRATIVE_STATEMENT, policy=plan.policy, **moments
    )
    for kind in (SectionKind.EMPLOYEE_INPUT, SectionKind.ASSESSMENT):
        for element in plan_elements(plan):
            text = f"What was done, {kind.label}"
            Section.objects.create(document=statement, kind=kind, element=element, text=text)
    return statement


SHORTFALL = (
    "Of 24 inspections due since 1 December nine were held late, and four reports left out the exits "
    "that were blocked. The standard is every inspection by its day, with a report in five workdays."
)


def early_talk(cast: Cast, record: Appraisal) -> Document:
    planned = plan_of(record)
    assert planned is not None
    with clock.frozen(GIVEN):
        talk = start_early_talk(record, plan_elements(planned)[:1], by=cast.rating_official)
    write_all(talk, cast, on=GIVEN, text=SHORTFALL)
    return take(talk, "finish", "communicate", "acknowledge", cast=cast, on=GIVEN)


def opportunity_notice(cast: Cast, record: Appraisal) -> Document:
    return take(given_opportunity(cast, record).notice, "acknowledge", cast=cast, on=GIVEN)


def opportunity_result(cast: Cast, record: Appraisal) -> Document:
    result = ended_opportunity(cast, record, level=1).result
    assert result is not None
    return result


def action_proposed(cast: Cast, record: Appraisal) -> Document:
    on = GIVEN + dt.timedelta(days=31)
    ended_opportunity(cast, record, level=1)
    document = proposed_action(cast, record, on=on).document
    return take(document, "submit", "approve", "communicate", cast=cast, on=on)


def more_current_rating(cast: Cast, record: Appraisal) -> Document:
    on = dt.date(2026, 12, 1)
    with clock.frozen(on):
        rating = start_current_rating(record, why="Within-grade increase", by=cast.rating_official)
    write_all(rating, cast, on=on, level=1)
    return take(rating, "submit", "approve", "communicate", "acknowledge", cast=cast, on=on)


IN_CONFIDENCE: dict[Kind, Callable[[Cast, Appraisal], Document]] = {
    Kind.EARLY_TALK: early_talk,
    Kind.OPPORTUNITY_NOTICE: opportunity_notice,
    Kind.OPPORTUNITY_RESULT: opportunity_result,
    Kind.PROPOSED_ACTION: action_proposed,
    Kind.MORE_CURRENT_RATING: more_current_rating,
}


def told(make: Callable[[Cast, Appraisal], Document]) -> Callable[[Cast], bytes]:
    def form(cast: Cast) -> bytes:
        make_kinds()
        document = make(cast, planned_record(cast))
        return render_form(loaded(document.appraisal), reader=cast.employee, document=document)

    return form


def plan_alone(cast: Cast) -> bytes:
    return render_form(loaded(make_record(cast)), reader=cast.employee)


def with_second_review(cast: Cast) -> bytes:
    appraisal = make_document(cast, Kind.PROGRESS_REVIEW, State.ACKNOWLEDGED).appraisal
    start_progress_review(appraisal, by=cast.rating_official)
    return render_form(loaded(appraisal), reader=cast.rating_official)


def blank(cast: Cast) -> bytes:
    return blank_form().pdf


def blank_for_ten(cast: Cast) -> bytes:
    return blank_form(elements=10).pdf


def blank_for_one(cast: Cast) -> bytes:
    return blank_form(loaded(make_record(cast)), reader=cast.rating_official).pdf


FORMS: dict[str, Callable[[Cast], bytes]] = {
    "plan alone": plan_alone,
    "second review begun": with_second_review,
    **{f"whole, {state}": whole(state) for state in WALK},
    **{f"one {kind}": one(kind) for kind in Kind if kind not in CONFIDENTIAL},
    **{f"one {kind}": told(make) for kind, make in IN_CONFIDENCE.items()},
    "blank": blank,
    "blank, ten elements": blank_for_ten,
    "blank for one employee": blank_for_one,
}


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest, cast: Cast) -> bytes:
    with clock.frozen(PRACTICE_DAY):
        return FORMS[request.param](cast)


def test_every_kind_of_document_is_among_the_forms() -> None:
    assert {f"one {kind}" for kind in Kind} < FORMS.keys()
    assert IN_CONFIDENCE.keys() == set(CONFIDENTIAL)


def test_form_is_sound_and_accessible(form: bytes, tmp_path: Path) -> None:
    file = tmp_path / "form.pdf"
    file.write_bytes(form)
    with pikepdf.open(file) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert headings_in_order(pdf) == []
        assert unlabelled(pdf) == []
    subprocess.run(["qpdf", "--check", file], check=True, capture_output=True)
    found = [each for each in validate(str(file)).findings if each.severity != Severity.INFO]
    assert found == []
    assert drawn_glyphs_are_known(form)
    is_whole_and_full(form, tmp_path)


def test_a_short_early_talk_is_one_page(cast: Cast, tmp_path: Path) -> None:
    """Its heads take most of it: closer lines spare a second page with nothing but the end on it."""
    pages = words_by_page(told(early_talk)(cast), tmp_path)
    assert len(pages) == 1


def is_whole_and_full(form: bytes, folder: Path) -> None:
    """Nothing is clipped, and no page is nearly empty; rooms to write in have few words."""
    pages = words_by_page(form, folder)
    fewest = 25 if "Write on further sheets" in spoken(form) else 50
    for words in pages:
        assert min(left for left, _, _, _ in words) >= NARROWEST
        assert max(right for _, _, right, _ in words) <= WIDEST
        assert min(top for _, top, _, _ in words) >= 10
        assert max(bottom for _, _, _, bottom in words) <= 792 - 10
        assert len(words) >= fewest


def elements_of(pdf: pikepdf.Pdf) -> Iterator[Any]:
    waiting = [pdf.Root.StructTreeRoot.K[0]]
    while waiting:
        node = waiting.pop()
        yield node
        kids = node.get("/K", [])
        kids = kids if isinstance(kids, pikepdf.Array) else [kids]
        waiting += [kid for kid in reversed(kids) if isinstance(kid, pikepdf.Dictionary)]


def headings_in_order(pdf: pikepdf.Pdf) -> list[str]:
    """Levels that skip one on their way down; the first is H1, and there is one."""
    levels = [int(str(node.S)[2]) for node in elements_of(pdf) if re.match(r"/H\d", str(node.S))]
    assert (levels[0], levels.count(1)) == (1, 1)
    return [
        f"H{before} then H{after}"
        for before, after in itertools.pairwise(levels)
        if after > before + 1
    ]


def unlabelled(pdf: pikepdf.Pdf) -> list[str]:
    """Header cells without scope, cells of the body without headers, pictures without a text."""
    wrong = []
    for node in elements_of(pdf):
        kind = str(node.S)
        if kind == "/TH" and str(node.A.get("/Scope", "")) not in {"/Row", "/Column"}:
            wrong.append("TH without scope")
        if kind == "/TD" and not len(node.A.get("/Headers", [])):
            wrong.append("TD without headers")
        if kind == "/Figure" and "/Alt" not in node:
            wrong.append("Figure without Alt")
    return wrong


def test_bookmarks_follow_the_headings(cast: Cast) -> None:
    with (
        pikepdf.open(io.BytesIO(whole(State.ACKNOWLEDGED)(cast))) as pdf,
        pdf.open_outline() as outline,
    ):
        (title,) = outline.root
        assert [each.title for each in title.children][-4:] == [
            "Ratings and narratives",
            "Summary rating",
            "Employee’s comments",
            "End of form",
        ]
        ratings = next(each for each in title.children if each.title == "Ratings and narratives")
        assert [each.title[:10] for each in ratings.children] == ["Element 1.", "Element 2."]


def drawings(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return len(file.pages[0].Resources.XObject)


def test_only_what_is_not_final_has_the_watermark(cast: Cast) -> None:
    assert drawings(whole(State.ACKNOWLEDGED)(cast)) == 0


def test_working_copy_has_the_watermark_and_no_hash_to_verify(cast: Cast) -> None:
    with clock.frozen(PRACTICE_DAY):
        pdf = plan_alone(cast)
    assert drawings(pdf) > 0
    text = spoken(pdf)
    assert "A copy that is not final cannot be verified" in text
    assert "Working copy for Maria Employee, 6 April 2027" in text


def test_one_document_holds_its_own_parts_and_no_other(cast: Cast) -> None:
    with clock.frozen(PRACTICE_DAY):
        plan = spoken(one(Kind.PERFORMANCE_PLAN)(cast))
    assert "Performance elements and standards".upper() in plan.upper()
    for absent in ("Employee input", "Progress reviews", "Ratings and narratives", "Not final"):
        assert absent.upper() not in plan.upper()


def test_blank_form_has_room_for_as_many_elements_as_were_asked_for(cast: Cast) -> None:
    text = spoken(blank_form(elements=3).pdf)
    assert re.findall(r"Element \d+", text, re.IGNORECASE) == [
        "ELEMENT 1",
        "ELEMENT 2",
        "ELEMENT 3",
    ]
    for words in ("Core values", "Standards at the Fully Successful level", "☐ 5 Outstanding"):
        assert words in text


def test_blank_form_of_an_employee_has_name_and_plan_and_no_rating(cast: Cast) -> None:
    appraisal = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT).appraisal
    text = spoken(blank_form(loaded(appraisal), reader=cast.rating_official).pdf)
    for words in ("Employee, Maria", "2000000011", "90 of 100 alarms", "Dana Official: signature"):
        assert words in text
    assert "Rating and narrative xyzzy" not in text
    assert f"/appraisals/{appraisal.pk}/" in text
