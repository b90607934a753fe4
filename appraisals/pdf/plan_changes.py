"""How a plan changed in the middle of the year, as the form prints it (R3.9)."""

from appraisals.models import Document, ElementAction, ElementChange, Kind, SectionKind
from appraisals.pdf.drafting import DRAFTS, drafted
from appraisals.pdf.parts import Entry, Group, Sections, of_kind
from appraisals.pdf.text import Paragraph, paragraphs


def change_groups(documents: list[Document], sections: Sections) -> list[Group]:
    """One group a change: why, then each element, with what it said until then."""
    changing = of_kind(documents, Kind.PLAN_CHANGE)
    if not changing:
        return []
    made: dict[int, list[ElementChange]] = {document.pk: [] for document in changing}
    rows = ElementChange.objects.filter(document__in=changing, removed_at__isnull=True)
    for change in rows.select_related("element").prefetch_related(DRAFTS):
        made[change.document_id].append(change)
    return [
        Group(
            document.title,
            [
                *_why(document, sections),
                *(each for change in made[document.pk] for each in _of(change)),
            ],
            "" if made[document.pk] else "Nothing changes yet.",
        )
        for document in changing
    ]


def _why(document: Document, sections: Sections) -> list[Entry]:
    return [
        Entry(Paragraph(str(section)), paragraphs(section.text), marks=drafted(section))
        for section in sections[document.pk]
        if section.kind == SectionKind.CHANGE_REASON and section.text.strip()
    ]


def _of(change: ElementChange) -> list[Entry]:
    says = ElementAction(change.action).label
    texts = [*paragraphs(change.description), *paragraphs(change.standards)]
    title = Paragraph(f"{says}: {change.title or 'Untitled element'}")
    entry = Entry(title, texts, marks=drafted(change))
    if change.action != ElementAction.REWORD:
        return [entry]
    was = change.was
    before = [*paragraphs(was.get("description", "")), *paragraphs(was.get("standards", ""))]
    return [Entry(Paragraph(f"Until then: {was.get('title', '')}"), before), entry]
