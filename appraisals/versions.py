"""A text as it stood after each save: counted up, stamped and kept."""

from typing import Any

from appraisals.models import Document, Element, ElementChange, Section, TextVersion
from appraisals.permissions import acts_for
from orgchart import clock
from orgchart.models import Person

Text = Element | ElementChange | Section


def content_of(item: Text) -> dict[str, Any]:
    return {name: getattr(item, name) for name in item.CONTENT}


def write_version(item: Text, document: Document, *, by: Person) -> None:
    """Count up, stamp and keep the text as it now stands. The caller holds the document's lock."""
    item.version += 1
    item.written_by, item.written_at = by, clock.now()
    item.written_for = acts_for(by, document)
    if isinstance(item, Section) and item.element:
        item.element_version = item.element.version
    item.save()
    TextVersion.objects.create(
        document=document,
        element=item if isinstance(item, Element) else None,
        section=item if isinstance(item, Section) else None,
        change=item if isinstance(item, ElementChange) else None,
        version=item.version,
        content=content_of(item),
        written_by=by,
        written_at=item.written_at,
        written_for=item.written_for,
    )
