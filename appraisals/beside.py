"""What stands beside a text while it is written: the standard, the input, the year, last year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from appraisals.models import (
    Appraisal,
    Document,
    Element,
    Kind,
    LibraryElement,
    Section,
    SectionKind,
    State,
)
from appraisals.models.scope import Party
from appraisals.permissions import may_read_section, parties
from appraisals.sections import spec_of
from orgchart.models import Person


@dataclass(frozen=True)
class YearNote:
    """A text of an earlier document of this year on the same element."""

    day: date | None
    title: str
    text: str


@dataclass
class Beside:
    """`employee_input` None: this reader may not see it yet; "" : nothing was written."""

    employee_input: Section | None = None
    input_held_back: bool = False
    year: list[YearNote] = field(default_factory=list)
    last_year: list[YearNote] = field(default_factory=list)


def beside(section: Section, document: Document, user: Person) -> Beside:
    """One query for this year and the last, whatever the length of the record."""
    found = Beside()
    appraisal = document.appraisal
    if user.pk != appraisal.employee_id:
        _find_input(found, section, document, user)
    if section.element_id is None:
        return found
    written = list(_earlier(section, document))
    this_year = [each for each in written if each.document.appraisal_id == appraisal.pk]
    found.year = _notes(this_year, appraisal, user)
    found.last_year = _last_year([each for each in written if each not in this_year], user)
    return found


def _find_input(found: Beside, section: Section, document: Document, user: Person) -> None:
    given = next(
        (
            each
            for each in document.sections.all()
            if each.kind == SectionKind.EMPLOYEE_INPUT and each.element_id == section.element_id
        ),
        None,
    )
    if given and may_read_section(user, given, document):
        found.employee_input = given
    elif given:
        found.input_held_back = True


def _earlier(section: Section, document: Document) -> QuerySet[Section]:
    """Of this year's reviews what is about this element; of a statement what is about the whole, too (R9.6).
    Beside a rating also those of finished years, of the element of the same title."""
    appraisal = document.appraisal
    statement = Q(document__kind=Kind.NARRATIVE_STATEMENT)
    whole = statement & Q(element=None, kind=SectionKind.OVERALL_ASSESSMENT)
    about_it = (statement | Q(document__kind=Kind.PROGRESS_REVIEW)) & Q(element=section.element_id)
    wanted = Q(document__appraisal=appraisal) & (about_it | whole)
    if section.kind == SectionKind.RATING:
        wanted |= Q(
            document__appraisal__cycle__ends_on__lt=appraisal.cycle.starts_on,
            document__kind=Kind.ANNUAL_APPRAISAL,
            document__state=State.ACKNOWLEDGED,
            kind=SectionKind.RATING,
            element__title=section.element.title if section.element else "",
        )
    return (
        Section.objects.filter(wanted, document__appraisal__employee=appraisal.employee_id)
        .exclude(document=document.pk)
        .exclude(document__state=State.CLOSED)
        .exclude(text="")
        .select_related("document__appraisal__cycle", "document__appraisal__organization")
        .order_by("document__opened_at", "document", "kind")
    )


def _last_year(sections: Sequence[Section], user: Person) -> list[YearNote]:
    """The newest of them."""
    newest = max(sections, key=lambda each: each.document.appraisal.cycle.ends_on, default=None)
    if newest is None or not _reads(user, newest):
        return []
    document = newest.document
    title = f"{document.appraisal.cycle.name}, rated {newest.level}"
    return [YearNote(document.approved_on, title, newest.text)]


def _reads(user: Person, section: Section) -> bool:
    """Not for HR, which has no part in writing."""
    mine = parties(user, section.document.appraisal) - {Party.HR}
    return bool(mine) and may_read_section(user, section, section.document)


def _notes(sections: Iterable[Section], appraisal: Appraisal, user: Person) -> list[YearNote]:
    notes = []
    for each in sections:
        each.document.appraisal = appraisal
        if may_read_section(user, each, each.document):
            label = spec_of(each.document.kind, each.kind).kind.label
            notes.append(
                YearNote(
                    each.document.communicated_on,
                    f"{each.document.title}, {label.lower()}",
                    each.text,
                )
            )
    return notes


@dataclass(frozen=True)
class Neighbours:
    """The documents of the same kind before and after this one in the rating official's team."""

    before: Document | None
    after: Document | None


def team_neighbours(
    appraisal: Appraisal, user: Person, *, kind: str, whose_team: Person | None = None
) -> Neighbours:
    """By name, among the drafts and documents of a rating official in this cycle: of `user`, or of
    `whose_team` for their delegate, but never the delegate's own."""
    official = whose_team or user
    if official.pk != appraisal.rating_official_id:
        return Neighbours(None, None)
    documents = list(
        Document.objects.filter(
            appraisal__rating_official=official,
            appraisal__cycle=appraisal.cycle_id,
            kind=kind,
        )
        .exclude(appraisal__employee=user)
        .exclude(Q(state=State.ACKNOWLEDGED) & ~Q(appraisal=appraisal.pk))
        .select_related("appraisal__employee")
        .order_by("appraisal__employee__last_name", "appraisal__employee__first_name", "number")
    )
    own = [number for number, each in enumerate(documents) if each.appraisal_id == appraisal.pk]
    if not own:
        return Neighbours(None, None)
    first, last = own[0], own[-1]
    return Neighbours(
        documents[first - 1] if first > 0 else None,
        documents[last + 1] if last + 1 < len(documents) else None,
    )


@dataclass(frozen=True)
class CopySource:
    label: str
    hint: str
    items: Sequence[Element | LibraryElement]


def copy_sources(document: Document, user: Person, *, search: str = "") -> list[CopySource]:
    """Where elements may be copied from: earlier plans, the team's plans, the library."""
    appraisal = document.appraisal
    plans = (
        Document.objects.visible_to(user)
        .filter(kind=Kind.PERFORMANCE_PLAN)
        .exclude(pk=document.pk)
        .filter(
            Q(appraisal__employee=appraisal.employee_id)
            | Q(appraisal__rating_official=user, approved_on__isnull=False)
        )
        .select_related("appraisal__cycle", "appraisal__employee")
        .prefetch_related("elements")
        .order_by("-appraisal__cycle__starts_on", "appraisal__employee__last_name")
    )
    own: list[CopySource] = []
    others: list[CopySource] = []
    for plan in plans[:40]:
        items = [each for each in plan.elements.all() if _copyable(each, search)]
        if not items:
            continue
        name, cycle = plan.appraisal.employee.full_name, plan.appraisal.cycle.name
        mine = plan.appraisal.employee_id == appraisal.employee_id
        (own if mine else others).append(CopySource(f"{name}, {cycle}", "", items))
    return own + _library(appraisal, search) + others


def _copyable(element: Element, search: str) -> bool:
    return (
        element.removed_at is None
        and element.accepted
        and element.mandatory_id is None
        and search.lower() in f"{element.title} {element.standards}".lower()
    )


def _library(appraisal: Appraisal, search: str) -> list[CopySource]:
    """Of this person's occupation and of none in particular; a search looks at every occupation."""
    rows = LibraryElement.objects.all()
    if search:
        rows = rows.filter(Q(title__icontains=search) | Q(standards__icontains=search))
    else:
        rows = rows.filter(occupational_series__in=["", appraisal.occupational_series])
    if not appraisal.is_supervisor:
        rows = rows.filter(is_supervisory=False)
    items = list(rows[:30])
    hint = "Elements with standards that others found good. Adapt them to the position."
    return [CopySource("From the library", hint, items)] if items else []
