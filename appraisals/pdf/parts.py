"""The parts of the form that hold what was written, each from the texts its reader may see."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from appraisals import rules
from appraisals.models import (
    PLANNING,
    Appraisal,
    Document,
    Element,
    Goal,
    Kind,
    RatingOfRecord,
    Section,
    SectionKind,
    State,
)
from appraisals.pdf.discussions import Discussion
from appraisals.pdf.drafting import DRAFTS, drafted
from appraisals.pdf.text import Paragraph, paragraphs
from appraisals.permissions import may_read_section
from appraisals.rules.words import date_words
from appraisals.selectors import as_written_for
from orgchart.models import Person

Sections = dict[int, list[Section]]
INPUT_KINDS = (
    SectionKind.EMPLOYEE_INPUT,
    SectionKind.DEVELOPMENT_NEEDS,
    SectionKind.RESOURCES_REQUESTED,
)
ASSESSMENT_KINDS = (SectionKind.ASSESSMENT, SectionKind.OVERALL_ASSESSMENT)


@dataclass(frozen=True)
class Entry:
    """A text under its heading; `level` is an element's rating in words, `marks` who drafted it."""

    title: Paragraph
    text: list[Paragraph]
    level: str = ""
    marks: str = ""


@dataclass(frozen=True)
class Group:
    """The entries of one document. `note` stands in for them when there are none to read."""

    title: str
    entries: list[Entry] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True)
class Served:
    title: Paragraph
    statement: Paragraph
    organization: str


@dataclass(frozen=True)
class GoalsOf:
    organization: str
    goals: list[Served]


@dataclass(frozen=True)
class PlanElement:
    number: int
    title: Paragraph
    marks: str
    description: list[Paragraph]
    standards: list[Paragraph]
    line_of_sight: list[Served]


@dataclass(frozen=True)
class Record:
    """The rating of record, once it is issued."""

    level: int
    name: str
    issued_at: dt.datetime
    effective_on: dt.date


@dataclass(frozen=True)
class Summary:
    """The arithmetic behind the summary rating."""

    rows: list[tuple[int, Paragraph, str]]
    sentences: tuple[str, ...]
    record: Record | None


def readable_sections(appraisal: Appraisal, documents: list[Document], reader: Person) -> Sections:
    """Each document's texts that this reader may see, elements in order and the whole last."""
    known = {document.pk: document for document in documents}
    readable: Sections = {pk: [] for pk in known}
    written = Section.objects.filter(document__in=known).select_related("element")
    sections = list(written.prefetch_related(DRAFTS))
    _as_they_stood(sections)
    for section in sorted(sections, key=_reading_order):
        # The record is read already, with its people: no query for each document.
        document = known[section.document_id]
        document.appraisal = appraisal
        if may_read_section(reader, section, document):
            readable[document.pk].append(section)
    return readable


def _as_they_stood(sections: Sequence[Section]) -> None:
    """A text is printed under the title its element had when it was written."""
    stood = as_written_for(sections)
    for section in sections:
        if section.element and section.element.pk in stood:
            section.element.title = stood[section.element.pk].content["title"]


def _reading_order(section: Section) -> tuple[int, int, int]:
    kinds = list(SectionKind)
    number = section.element.number if section.element else 10_000
    return number, kinds.index(SectionKind(section.kind)), section.pk


def of_kind(documents: list[Document], kind: Kind) -> list[Document]:
    return [document for document in documents if document.kind == kind]


def core_values_of(sections: Sections) -> list[Paragraph]:
    return [
        paragraph
        for rows in sections.values()
        for section in rows
        if section.kind == SectionKind.CORE_VALUES
        for paragraph in paragraphs(section.text)
    ]


def goals_served(lines: Iterable[list[Goal]]) -> list[GoalsOf]:
    """Every goal on any element's line of sight, once, by organization from the top down."""
    found: dict[int, tuple[int, Goal]] = {}
    for line in lines:
        for level, goal in enumerate(reversed(line)):
            found.setdefault(goal.pk, (level, goal))
    by_level = sorted(found.values(), key=lambda each: (each[0], each[1].organization_id))
    return [
        GoalsOf(name, [_served(goal) for _, goal in goals])
        for name, goals in groupby(by_level, key=lambda each: _organization_of(each[1]))
    ]


def _served(goal: Goal) -> Served:
    return Served(Paragraph(goal.title), Paragraph(goal.statement), _organization_of(goal))


def _organization_of(goal: Goal) -> str:
    """`lines_of_sight` reads the name along with the goal."""
    return str(goal.organization_name)  # type: ignore[attr-defined]


def plan_elements(elements: list[Element], lines: dict[int, list[Goal]]) -> list[PlanElement]:
    return [_plan_element(element, lines) for element in elements]


def _plan_element(element: Element, lines: dict[int, list[Goal]]) -> PlanElement:
    marks = [
        ("Supervisory", element.is_supervisory),
        ("Mandatory", element.mandatory_id is not None),
        ("Proposed by the employee, not yet accepted", not element.accepted),
        (by := drafted(element), bool(by)),
    ]
    return PlanElement(
        number=element.number,
        title=Paragraph(element.title or "Untitled element"),
        marks=" · ".join(words for words, applies in marks if applies),
        description=paragraphs(element.description),
        standards=paragraphs(element.standards),
        line_of_sight=[_served(goal) for goal in lines.get(element.goal_id or 0, [])],
    )


def _entries(sections: list[Section], kinds: tuple[SectionKind, ...]) -> list[Entry]:
    return [
        Entry(title_of(section), paragraphs(section.text), marks=drafted(section))
        for section in sections
        if section.kind in kinds and section.text.strip()
    ]


def title_of(section: Section) -> Paragraph:
    if section.element is None:
        return Paragraph(str(SectionKind(section.kind).label))
    element = section.element
    if element.removed_at is not None:
        return Paragraph(f"{element.title} (has left the plan since)")
    return Paragraph(f"Element {element.number}. {element.title}")


def _groups(
    documents: list[Document], sections: Sections, kinds: tuple[SectionKind, ...], nothing: str
) -> list[Group]:
    """One group for each document that could hold such texts."""
    groups = []
    for document in documents:
        if document.kind in PLANNING:
            continue
        rows = sections[document.pk]
        entries = _entries(rows, kinds)
        asked = any(row.kind in kinds for row in rows)
        note = "" if entries else nothing if asked else "None is shared yet."
        groups.append(Group(document.title, entries, note))
    return groups


def input_groups(documents: list[Document], sections: Sections) -> list[Group]:
    return _groups(documents, sections, INPUT_KINDS, "No input was given.")


def review_groups(documents: list[Document], sections: Sections) -> list[Group]:
    groups = _groups(documents, sections, ASSESSMENT_KINDS, "No assessment was written.")
    return [
        Group(group.title, group.entries, "" if group.entries else unread(document))
        for group, document in zip(groups, documents, strict=True)
    ]


def unread(document: Document) -> str:
    if document.state == State.ACKNOWLEDGED:
        return "No text was written."
    return "Not finished yet; it can be read here once it has been discussed."


def _rating_sections(documents: list[Document], sections: Sections) -> list[Section]:
    return [
        section
        for document in documents
        for section in sections[document.pk]
        if section.kind == SectionKind.RATING and section.element
    ]


def _level_words(level: int | None) -> str:
    if level is None:
        return "To be rated"
    return "Not rated" if level == rules.NOT_RATED else f"{level} · {rules.LEVEL_NAMES[level]}"


def _rated(appraisal: Appraisal, level: int | None) -> str:
    issued: RatingOfRecord | None = getattr(appraisal, "rating_of_record", None)
    if level is None and issued and issued.content_destroyed_on:
        return "Replaced and destroyed"
    return _level_words(level)


def ratings_of(
    appraisal: Appraisal, documents: list[Document], sections: Sections, reader: Person
) -> Group:
    entries = [
        Entry(
            title_of(section),
            paragraphs(section.text),
            _rated(appraisal, section.level),
            drafted(section),
        )
        for section in _rating_sections(documents, sections)
    ]
    note = "A rating is shown here once the rating official has sent it up."
    if reader.pk == appraisal.employee_id:
        note = "A rating is shown here once it has been discussed with the employee."
    if not of_kind(documents, Kind.ANNUAL_APPRAISAL):
        note = "The annual appraisal has not begun."
    return Group("Ratings and narratives", entries, "" if entries else note)


def summary_of(
    appraisal: Appraisal, documents: list[Document], sections: Sections
) -> Summary | None:
    """R7.4, R7.5 in words; None while this reader may see no rating."""
    rated = _rating_sections(documents, sections)
    annual = of_kind(documents, Kind.ANNUAL_APPRAISAL)
    if not rated or not annual:
        return None
    facts = [
        rules.RatingFacts(each.element.number, each.element.title, each.level, each.text)
        for each in rated
        if each.element
    ]
    explanation = rules.explain_rating(facts, annual[0].policy.rules())
    issued: RatingOfRecord | None = getattr(appraisal, "rating_of_record", None)
    if issued and issued.content_destroyed_on:
        return Summary(rows=[], sentences=(_destroyed(issued),), record=None)
    return Summary(
        rows=[(each.number, Paragraph(each.title), _level_words(each.level)) for each in facts],
        sentences=explanation.sentences,
        record=_record(issued) if issued else None,
    )


def _destroyed(issued: RatingOfRecord) -> str:
    """R13.2: the fact is left."""
    when = date_words(issued.content_destroyed_on) if issued.content_destroyed_on else ""
    return f"What the rating said when it was issued was destroyed on {when}, since another one replaced it."


def _record(issued: RatingOfRecord) -> Record:
    name = rules.LEVEL_NAMES[issued.level]
    return Record(issued.level, name, issued.issued_at, issued.effective_on)


def comments_of(
    documents: list[Document], sections: Sections, discussions: list[Discussion]
) -> list[Entry]:
    """On the draft of the plan and of each change, and with each acknowledgment."""
    on_draft = [
        Entry(Paragraph(f"On the draft of the {document.title.lower()}"), paragraphs(section.text))
        for document in documents
        for section in sections[document.pk]
        if section.kind == SectionKind.EMPLOYEE_COMMENT and section.text.strip()
    ]
    on_acknowledging = [
        Entry(Paragraph(f"On acknowledging: {each.title.lower()}"), paragraphs(each.comment))
        for each in discussions
        if each.comment
    ]
    return on_draft + on_acknowledging
