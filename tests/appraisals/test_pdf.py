"""The printed form: nothing leaks, nothing is lost, and it is a page one can sign."""

import datetime as dt
import io
import itertools
import re
import unicodedata
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousFileOperation
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from appraisals.models import (
    WALK,
    Appraisal,
    Document,
    Element,
    Kind,
    Section,
    SectionKind,
    State,
)
from appraisals.pdf import form_content, form_html, form_name, render_form
from appraisals.pdf.render import StaticFilesOnly
from appraisals.problems import plan_of
from orgchart import clock
from orgchart.models import Person
from tests.appraisals.pdf_reading import spoken, words_by_page
from tests.appraisals.pdf_reading import squeezed as letters
from tests.cast import (
    PRACTICE_DAY,
    SECRET,
    Cast,
    make_cast,
    make_document,
    make_record,
    take,
)

ACCENTS = "Zoë Łukasiewicz-Ñandú São Tomé Đặng 👩‍🚒 绩效 أنجز"
HEBREW = "העובד עמד בכל הדרישות"
ARABIC = "أنجز الموظف العمل في موعده"
LONG_WORD = "Donaudampfschifffahrtsgesellschaft" * 9


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def loaded(pk: int) -> Appraisal:
    return Appraisal.objects.with_people().get(pk=pk)


def printed(appraisal: Appraisal, *, reader: Person) -> PdfReader:
    with clock.frozen(PRACTICE_DAY):
        return PdfReader(io.BytesIO(render_form(loaded(appraisal.pk), reader=reader)))


def html(appraisal: Appraisal, *, reader: Person) -> str:
    with clock.frozen(PRACTICE_DAY):
        return form_html(loaded(appraisal.pk), reader=reader)


MARGINS = re.compile(
    r"CUI|DD Form 2906, March 2016|Page \d+ of \d+|Not final|Maria Employee · FY 2027",
    re.IGNORECASE,
)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def body(pdf: PdfReader) -> str:
    """All text without the margins, without white space, in one piece across page ends."""
    return squeezed("".join(MARGINS.sub("", page.extract_text()) for page in pdf.pages))


# ------------------------------------------------------------------------------ what may be read

PARTIES = ("employee", "rating_official", "higher_level_reviewer", "hr")
INPUTS = {
    SectionKind.EMPLOYEE_INPUT,
    SectionKind.DEVELOPMENT_NEEDS,
    SectionKind.RESOURCES_REQUESTED,
}
EARLY = {State.DRAFT, State.IN_REVIEW, State.APPROVED}
WAYS = [
    (kind, state)
    for kind, state in itertools.product(
        [Kind.PERFORMANCE_PLAN, Kind.PROGRESS_REVIEW, Kind.ANNUAL_APPRAISAL], WALK
    )
    if not (kind == Kind.PROGRESS_REVIEW and state == State.IN_REVIEW)
]


def may_be_printed(section: Section, document: Document, party: str) -> bool:
    """By hand, not from the table of sections."""
    if document.kind == Kind.PERFORMANCE_PLAN:
        return True
    if section.kind in INPUTS:
        return party == "employee" or document.state != State.DRAFT
    if party == "employee":
        return document.state not in EARLY
    return party == "rating_official" or document.state != State.DRAFT


def mark_texts(appraisal: Appraisal) -> None:
    for section in Section.objects.filter(document__appraisal=appraisal):
        Section.objects.filter(pk=section.pk).update(text=f"marker-{section.pk}-end")


@pytest.mark.parametrize(("kind", "state"), WAYS)
def test_form_holds_what_its_reader_may_see_and_nothing_else(
    cast: Cast, kind: Kind, state: State
) -> None:
    appraisal = make_document(cast, kind, state).appraisal
    mark_texts(appraisal)
    sections = list(
        Section.objects.filter(document__appraisal=appraisal).select_related("document")
    )
    for party in PARTIES:
        page = html(appraisal, reader=cast.people[party])
        seen = {section.pk for section in sections if f"marker-{section.pk}-end" in page}
        expected = {
            section.pk for section in sections if may_be_printed(section, section.document, party)
        }
        assert seen == expected, party


@pytest.mark.parametrize("state", sorted(EARLY))
def test_employee_finds_no_rating_before_it_was_discussed(cast: Cast, state: State) -> None:
    appraisal = make_document(cast, Kind.ANNUAL_APPRAISAL, state).appraisal
    text = body(printed(appraisal, reader=cast.employee))
    assert "Outstanding" not in text
    assert "Ratingandnarrativexyzzy" not in text
    assert "onceithasbeendiscussed" in text


def test_employee_reads_the_rating_once_discussed(cast: Cast) -> None:
    appraisal = make_document(cast, Kind.ANNUAL_APPRAISAL, State.COMMUNICATED).appraisal
    text = body(printed(appraisal, reader=cast.employee))
    assert "5·Outstanding" in text
    assert "Summaryrating:Outstanding.Two5srated:10÷2=5.00" in text
    assert "Ratingofrecord:5,Outstanding." in text


def test_shared_input_is_printed_while_the_review_is_a_draft(cast: Cast) -> None:
    review = make_document(cast, Kind.PROGRESS_REVIEW, State.DRAFT)
    assert f"input {SECRET}" not in html(review.appraisal, reader=cast.rating_official)
    take(review, "share_input", cast=cast, on=dt.date(2026, 10, 15))
    assert f"input {SECRET}" in html(review.appraisal, reader=cast.rating_official)


def test_reason_for_a_return_is_not_on_the_form(cast: Cast) -> None:
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    mark_texts(annual.appraisal)
    Element.objects.update(title="Alarms", description="", standards="90 of 100")
    take(annual, "return_for_change", cast=cast, on=PRACTICE_DAY)
    page = html(annual.appraisal, reader=cast.rating_official)
    returned = page.count(f"Because {SECRET}")
    assert returned == 2, "the comments on the plan and on the progress review, and no more"


def test_final_form_is_the_same_for_every_reader(cast: Cast) -> None:
    appraisal = make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED).appraisal
    pages = {html(appraisal, reader=cast.people[party]) for party in PARTIES}
    assert len(pages) == 1
    assert "Not final" not in pages.pop()


# ------------------------------------------------------------------------------------- the page


def test_every_page_is_marked_and_numbered(cast: Cast) -> None:
    appraisal = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT).appraisal
    pdf = printed(appraisal, reader=cast.rating_official)
    for number, page in enumerate(pdf.pages, start=1):
        text = page.extract_text()
        named_in_the_designation = 2 if number == 1 else 0
        assert text.count("CUI") == 2 + named_in_the_designation
        assert f"Page {number} of {len(pdf.pages)}" in text
        assert "not final" in text.lower()
    first = squeezed(pdf.pages[0].extract_text())
    for words in ("CUI category: PRVCY", "Controlled by: Department of the Army", "Dissemination"):
        assert squeezed(words) in first
    for words in ("PRIVACY ACT STATEMENT", "PART A", "1a.", "1b.", "1c.", "2.", "7.", "PART B"):
        assert squeezed(words) in first


def test_form_is_a_tagged_document_with_title_language_and_bookmarks(cast: Cast) -> None:
    appraisal = make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED).appraisal
    pdf = printed(appraisal, reader=cast.hr)
    root = pdf.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid:part" in root["/Metadata"].get_object().get_data().decode()
    assert pdf.metadata is not None
    assert pdf.metadata.title == "DD Form 2906, Maria Employee, FY 2027"
    outline = [item.title for item in flat(pdf.outline)]
    for title in ("Part A Administrative data", "Employee input", "Summary rating"):
        assert title in outline
    kinds = structure_kinds(root["/StructTreeRoot"])
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/L", "/P"} <= kinds


def flat(items: list) -> list:
    return [each for item in items for each in (flat(item) if isinstance(item, list) else [item])]


def structure_kinds(node: object) -> set[str]:
    found: set[str] = set()
    waiting = [node]
    while waiting:
        item = waiting.pop()
        item = item.get_object() if hasattr(item, "get_object") else item
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            if "/S" in item:
                found.add(item["/S"])
            if "/K" in item:
                waiting.append(item["/K"])
    return found


def test_acknowledgment_on_behalf_says_who_and_why(cast: Cast) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.COMMUNICATED)
    take(plan, "record_acknowledgment", cast=cast, on=dt.date(2026, 6, 15))
    text = body(printed(plan.appraisal, reader=cast.employee))
    assert squeezed("Dana Official recorded the acknowledgment on the employee’s behalf") in text
    assert squeezed(f"Reason: Because {SECRET}") in text
    assert "15June2026" in text


def test_form_leaves_a_line_to_sign_where_a_step_is_to_come(cast: Cast) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.APPROVED)
    with clock.frozen(PRACTICE_DAY):
        form = form_content(loaded(plan.appraisal_id), reader=cast.employee)
    assert [each.title for each in form.discussions] == [
        "Performance plan",
        "Progress review",
        "Annual appraisal",
    ]
    official, reviewer, employee = form.discussions[0].signatures
    assert (official.on, reviewer.on, employee.on) == (None, dt.date(2026, 6, 12), None)
    assert not form.discussions[1].signatures[0].on


def test_form_of_a_record_without_any_text(cast: Cast) -> None:
    appraisal = make_record(cast)
    Element.objects.update(removed_at=clock.now())
    Section.objects.update(text="")
    text = body(printed(appraisal, reader=cast.employee))
    assert "Theplanhasnoelementyet." in text
    assert "Noemployeeinput,progressrevieworratingisonrecord." in text


def test_proposed_element_says_so(cast: Cast) -> None:
    appraisal = make_record(cast)
    Element.objects.filter(number=2).update(proposed_by_employee=True, accepted=False)
    assert "Proposed by the employee, not yet accepted" in html(appraisal, reader=cast.employee)


# ------------------------------------------------------------------------------ the longest record


def written(tag: str, length: int) -> str:
    sentence = f"{tag} {ACCENTS} {LONG_WORD} and what came of it, measured against the standard.\n"
    return (sentence * (length // len(sentence) + 1))[:length].strip()


def longest_record(cast: Cast) -> Appraisal:
    """Ten elements and every text at its limit."""
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED)
    appraisal, plan = annual.appraisal, plan_of(annual.appraisal)
    assert plan is not None
    for number in range(3, 11):
        element = Element.objects.create(plan=plan, number=number, title=str(number))
        for section in Section.objects.filter(element__number=1, document__appraisal=appraisal):
            section.pk, section.element, section.level = None, element, section.level and 3
            section.save()
    for element in plan.elements.all():
        tag = f"E{element.number}"
        element.title = written(f"{tag}T", 200)
        element.description = written(f"{tag}D", 1000)
        element.standards = written(f"{tag}S", 2000)
        element.save()
    for section in Section.objects.filter(document__appraisal=appraisal):
        section.text = written(f"S{section.pk}x", 2000)
        section.save()
    return appraisal


def test_longest_record_loses_no_text_and_wastes_no_page(cast: Cast, tmp_path: Path) -> None:
    appraisal = longest_record(cast)
    with clock.frozen(PRACTICE_DAY):
        pdf = render_form(loaded(appraisal.pk), reader=cast.rating_official)
    text = letters(spoken(pdf))
    stored = [
        *Section.objects.filter(document__appraisal=appraisal).values_list("text", flat=True),
        *(
            each
            for row in Element.objects.values_list("title", "description", "standards")
            for each in row
        ),
    ]
    assert len(stored) == 75
    assert [each[:60] for each in stored if letters(each) not in text] == []
    pages = words_by_page(pdf, tmp_path)
    assert len(pages) <= 40
    assert min(len(words) for words in pages) > 80
    for words in pages:
        assert all(left >= 46 and right <= 612 - 46 for left, _, right, _ in words)


def test_right_to_left_texts_are_printed_from_the_right(cast: Cast) -> None:
    appraisal = make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED).appraisal
    Section.objects.filter(kind=SectionKind.RATING).update(text=f"{HEBREW}\n{ARABIC}")
    page = html(appraisal, reader=cast.employee)
    assert f'dir="rtl">{HEBREW}' in page
    assert f'dir="rtl">{ARABIC}' in page
    pages = printed(appraisal, reader=cast.employee).pages
    text = unicodedata.normalize("NFKC", "".join(page.extract_text() for page in pages))
    for word in HEBREW.split():
        assert word in text or word[::-1] in text
    assert "\N{REPLACEMENT CHARACTER}" not in text


def test_markup_in_a_text_is_text_and_reaches_nothing(cast: Cast) -> None:
    appraisal = make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED).appraisal
    trick = '<img src="file:///etc/passwd"><script>alert(1)</script>'
    Section.objects.filter(kind=SectionKind.RATING).update(text=trick)
    assert squeezed(trick) in body(printed(appraisal, reader=cast.employee))


@pytest.mark.parametrize(
    "url", ["https://example.com/a.css", "file:///etc/passwd", "static:../manage.py", "data:,x"]
)
def test_renderer_reads_our_static_files_only(url: str) -> None:
    with pytest.raises((ValueError, SuspiciousFileOperation)):
        StaticFilesOnly().fetch(url)


def test_form_takes_the_same_queries_however_long_the_record(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    appraisal = longest_record(cast)
    with clock.frozen(PRACTICE_DAY):
        record = loaded(appraisal.pk)
        with django_assert_max_num_queries(14):
            form_html(record, reader=cast.hr)


@pytest.mark.parametrize(
    ("last_name", "name"),
    [
        ("Łukasiewicz-Ñandú", "dd2906-fy-2027-ukasiewicz-nandu-maria.pdf"),
        ('O’Brien"; rm -rf /', "dd2906-fy-2027-obrien-rm-rf-maria.pdf"),
    ],
)
def test_file_name_is_plain(cast: Cast, last_name: str, name: str) -> None:
    appraisal = make_record(cast)
    Person.objects.filter(pk=cast.employee.pk).update(last_name=last_name)
    assert form_name(loaded(appraisal.pk)) == name
